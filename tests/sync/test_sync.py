"""The real catalog, from the command to git: what a bump branch holds can be cloned, and validates."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.catalog.load import load_entry
from bot.commands import sync
from bot.outside.github.hub import GithubHub
from bot.outside.github.session import Session
from bot.outside.github.upstream import GithubUpstream
from bot.outside.registry import Registry
from bot.sync.downloads import image_of
from bot.sync.model import Tracked
from bot.sync.run import Doors
from bot.sync.templates import tag_of
from bot.sync.tracked import tracked_of
from tests.github import Asset, GitHub, Release, Upstream
from tests.github.clock import START
from tests.registry import RegistryDouble
from tests.sync.stage import CATALOG, HURRIED, digest

CHECKOUT = Path(__file__).parents[2]
LONG_AGO = START - timedelta(days=400)
RECENTLY = START - timedelta(days=30)
PLATFORMS = (("linux", "amd64"), ("linux", "arm64"), ("darwin", "arm64"))


@dataclass
class Catalog:
    """The catalog of this repository on the double, with upstreams for all of its entries."""

    root: Path
    hub: GitHub
    registry: RegistryDouble
    tracked: dict[str, Tracked]

    def release(self, name: str, version: str) -> None:
        """Upstream releases a version with everything that the entry lists."""
        tracked = self.tracked[name]
        upstream = self.hub.world.find(tracked.repository)
        assert isinstance(upstream, Upstream)
        upstream.add(released(tracked, version, RECENTLY))
        image = image_of(tracked, version)
        if image:
            self.registry.put(*image)

    def sync(self, *names: str, reports: tuple[str, ...] = ("json=/dev/null",), dry: bool = False) -> int:
        """The command, and its exit code."""
        self.pull()
        session = Session("token", self.hub.url, HURRIED)
        registry = Registry(endpoints=self.registry.endpoints)
        doors = Doors(GithubUpstream(session), registry, GithubHub(session, CATALOG), CATALOG)
        return sync.run(sync.Request(self.root, names, dry, reports=reports), doors, START)

    def pull(self) -> None:
        """Brings the checkout in line with the base branch."""
        catalog = self.hub.catalog
        shutil.rmtree(self.root / "lists")
        for path, oid in catalog.git.files(catalog.heads()["main"]).items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(catalog.git.read(oid))

    def open(self) -> dict[str, int]:
        """By title, the open pull requests."""
        return {it.title: it.number for it in self.hub.catalog.talk.threads.values() if it.pull and it.open}

    def validated(self, branch: str, name: str, folder: Path) -> "subprocess.CompletedProcess[str]":
        """What `validate` says of an entry in a fresh clone of a branch."""
        clone = folder / name
        subprocess.run(
            ["git", "clone", "-q", "-b", branch, self.hub.catalog.clone_url, str(clone)],
            check=True,
            capture_output=True,
        )
        command = [sys.executable, "-m", "bot", "validate", name, "--quick", "--root", str(clone)]
        return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)


def released(tracked: Tracked, version: str, published: datetime) -> Release:
    """A release with the downloads that the entry's template names."""
    names = []
    if tracked.binary:
        template = tracked.binary.rpartition("/")[2].replace("{version}", version)
        names = [template.replace("{os}", system).replace("{arch}", machine) for system, machine in PLATFORMS]
    assets = tuple(Asset(name, f"sha256:{digest(name)}") for name in names)
    return Release(tag_of(version, tracked.tag), published, assets, prerelease=tracked.prereleases)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    root = tmp_path_factory.mktemp("catalog")
    shutil.copytree(CHECKOUT / "lists", root / "lists", ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
    tracked: dict[str, Tracked] = {}
    for folder in sorted((root / "lists").iterdir()):
        found = tracked_of(load_entry(root, folder.name))
        assert isinstance(found, Tracked)
        tracked[folder.name] = found
    with ExitStack() as stack:
        hub, registry = stack.enter_context(GitHub(CATALOG)), stack.enter_context(RegistryDouble())
        hub.catalog.commit_folder("main", root)
        for number, one in enumerate(tracked.values(), 1001):
            hub.add(Upstream(one.repository, number, releases=[released(one, one.version, LONG_AGO)]))
            image = image_of(one, one.version)
            if image:
                registry.put(*image)
        yield Catalog(root, hub, registry, tracked)


def test_the_whole_life_of_the_catalog(catalog: Catalog, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Facts that nobody had verified come first, five pull requests a run; people merge them.
    rounds = 0
    while catalog.sync() == 0 and catalog.open():
        rounds += 1
        assert len(catalog.open()) == 5
        for number in catalog.open().values():
            catalog.hub.catalog.merge(number)
    assert rounds == 3
    before = len(catalog.hub.writes)
    assert catalog.sync() == 0
    assert len(catalog.hub.writes) == before

    # Upstream releases; the right pull requests are opened, and a second run writes nothing.
    for name, version in (("redis", "1.99.0"), ("node", "1.12.2"), ("haproxy", "3.5.0"), ("process", "0.8.8")):
        catalog.release(name, version)
    catalog.release("mysqld", "1.0.0")
    assert catalog.sync() == 0
    assert sorted(catalog.open()) == [
        "haproxy: 3.4.7 → 3.5.0",
        "node: 1.12.1 → 1.12.2",
        "process: 0.8.7 → 0.8.8",
        "redis: 1.88.0 → 1.99.0",
    ]
    before = len(catalog.hub.writes)
    assert catalog.sync() == 0
    assert len(catalog.hub.writes) == before

    # What was bumped can be cloned, and validates.
    for name in ("redis", "haproxy"):
        done = catalog.validated(f"bot/bump/{name}", name, tmp_path)
        assert done.returncode == 0, done.stdout
        assert " error[" not in done.stdout

    # A newer release moves the same pull request.
    number = catalog.open()["redis: 1.88.0 → 1.99.0"]
    catalog.release("redis", "1.99.1")
    assert catalog.sync() == 0
    assert catalog.open()["redis: 1.88.0 → 1.99.1"] == number
    text = catalog.hub.catalog.read("bot/bump/redis", "lists/redis/exporter.yaml") or ""
    assert 'version: "1.99.1"\n' in text
    file = "redis_exporter-v1.99.1.linux-amd64.tar.gz"
    assert f"linux-amd64: {digest(file)}\n" in text

    # The dashboard wants a tick for the major release, and a dry run says the same as a run.
    capsys.readouterr()
    before = len(catalog.hub.writes)
    assert catalog.sync("mysqld", "redis", reports=("text",), dry=True) == 0
    said = capsys.readouterr().out
    assert len(catalog.hub.writes) == before
    assert "approval: 1.0.0 is a major step" in said
    issue = next(it for it in catalog.hub.catalog.talk.threads.values() if not it.pull)
    assert "- [ ] <!-- approve:mysqld@1.0.0 -->" in issue.body
    assert catalog.hub.violations == []


def test_a_survey_is_carried_out_by_another_run(catalog: Catalog, tmp_path: Path) -> None:
    catalog.release("nginx", "1.5.4")
    survey = tmp_path / "survey.json"
    before = len(catalog.hub.writes)
    assert catalog.sync("nginx", reports=(f"json={survey}",), dry=True) == 0
    assert len(catalog.hub.writes) == before
    assert [one["entry"] for one in json.loads(survey.read_text())["entries"]] == ["nginx"]
    session = Session("token", catalog.hub.url, HURRIED)
    # The job that writes asks no upstream and no registry.
    doors = Doors(GithubUpstream(session), Registry(), GithubHub(session, CATALOG), CATALOG)
    request = sync.Request(catalog.root, given=(str(survey),), reports=("json=/dev/null",))
    asked = len(catalog.hub.seen)
    assert sync.run(request, doors, START) == 0
    assert "nginx: 1.5.3 → 1.5.4" in catalog.open()
    assert not [one for one in catalog.hub.seen[asked:] if one.operation in ("Releases", "repos/get-release-by-tag")]
