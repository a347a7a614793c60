"""A catalog on the double of GitHub, and runs of the sync on it: in this process, or in one that is killed."""

import contextlib
import hashlib
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from bot import workers
from bot.outside.github.hub import GithubHub
from bot.outside.github.session import Pace, Session
from bot.outside.github.upstream import GithubUpstream
from bot.outside.registry import Registry
from bot.outside.wire import Patience
from bot.reporters.sync.dashboard import dashboard
from bot.reporters.sync.pull import proposal_of
from bot.sync.model import File
from bot.sync.plan import Synced
from bot.sync.propose import Proposer
from bot.sync.run import Doors, Run, synced
from tests.github import Asset, GitHub, Release, Upstream
from tests.github.clock import START
from tests.github.threads import Thread
from tests.github.upstream import object_id
from tests.registry import RegistryDouble

CATALOG = "exporterhub/exporterhub"
LONG_AGO = START - timedelta(days=90)
RECENTLY = START - timedelta(days=30)
NOW = START + timedelta(days=1)
HURRIED = Pace(between_writes=0, back_off=0, longest_back_off=0, secondary=0, timeout=60, tries=2, sleep=lambda _: None)
IMPATIENT = Patience(answer=60.0, pauses=0.0, sleep=lambda _: None)
"""Nothing is waited for."""


def digest(*words: str) -> str:
    """A made-up checksum, always the same for the same words."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def release(entry: str, version: str, published: datetime = RECENTLY, *, complete: bool = True) -> Release:
    """A release of an entry's exporter, with its download."""
    asset = Asset(f"{entry}_exporter-{version}.linux-amd64.tar.gz", f"sha256:{digest(entry, version)}")
    assets = (asset,) if complete else ()
    return Release(f"v{version}", published, assets, notes=f"Notes of {version}.", commit=object_id(entry, version))


def exporter_yaml(entry: str, repository: str, repository_id: int, version: str, image: str = "") -> str:
    """An entry that lists every fact of a release that the double has; `image` is the digest of its image, if any."""
    text = f"""\
name: {entry}
title: {entry} exporter
summary: What {entry} exposes.
kind: exporter
category: database
upstream:
  repository: {repository}
  repository_id: {repository_id}
  tag: v{{version}}
  scheme: semver
version: "{version}"  # the newest
released: "{LONG_AGO.date()}"
commit: {object_id(entry, version)}
install:
  binary:
    url: https://github.com/{repository}/releases/download/v{{version}}/{entry}_exporter-{{version}}.{{os}}-{{arch}}.tar.gz
    sha256:
      linux-amd64: {digest(entry, version)}
"""
    if image:
        text += f"  image:\n    name: {image_of(entry)}\n    tag: v{{version}}\n    digest: {image}\n"
    return text


def image_of(entry: str) -> str:
    """The name of an entry's image."""
    return f"ghcr.io/up/{entry}"


@dataclass
class Stage:
    """A catalog with some entries, each of which lists version 1.0.0 of a repository up/NAME."""

    names: Sequence[str]
    hub: GitHub = field(default_factory=lambda: GitHub(CATALOG))
    images: RegistryDouble | None = None
    """Where entries have their images; None for entries without."""
    faults: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What validation would say, by entry."""
    now: datetime = NOW
    pace: Pace = HURRIED
    patience: Patience = IMPATIENT
    """With registries."""
    upstreams: dict[str, Upstream] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.hub.__enter__()
        texts: dict[str, str | None] = {}
        for number, name in enumerate(self.names, 201):
            repository = f"up/{name}"
            old = release(name, "1.0.0", LONG_AGO)
            self.upstreams[name] = self.hub.add(Upstream(repository, number, releases=[old]))
            image = self.images.put(image_of(name), "v1.0.0") if self.images else ""
            texts[path_of(name)] = exporter_yaml(name, repository, number, "1.0.0", image)
        self.hub.catalog.commit("main", texts)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hub.__exit__(kind, error, trace)

    def releases(self, *names: str, version: str = "1.1.0") -> None:
        """Upstream releases something."""
        for name in names or self.names:
            self.upstreams[name].add(release(name, version))
            if self.images:
                self.images.put(image_of(name), f"v{version}", version.encode())

    def edit(self, name: str, old: str, new: str) -> None:
        """A person changes an entry on the base branch."""
        text = self.hub.catalog.read("main", path_of(name)) or ""
        assert old in text
        self.hub.catalog.commit("main", {path_of(name): text.replace(old, new)})

    def branch(self, name: str) -> str:
        """The branch of an entry's bump."""
        return f"bot/bump/{name}"

    def number(self, name: str) -> int:
        """The last pull request of an entry."""
        return [number for number, it in self.threads().items() if it.pull and it.pull.branch == self.branch(name)][-1]

    def threads(self) -> Mapping[int, Thread]:
        """Issues and pull requests."""
        return self.hub.catalog.talk.threads

    def sync(self) -> Synced:
        """A run in this process."""
        with self.checkout() as root:
            return synced(self.run(root))

    def sync_killed_after(self, calls: int) -> bool:
        """A run in a process of its own, killed when so many more requests took effect; whether it came to that."""
        first = len(self.hub.seen)
        with self.checkout() as root:
            child = _CONTEXT.Process(target=_child, args=(root, self.hub.url, self._registry(), self.faults, self.now))
            child.start()

            def kill(seen: object) -> None:
                if len(self.hub.seen) - first >= calls and child.pid is not None:
                    os.kill(child.pid, signal.SIGKILL)

            self.hub.on_request = kill
            child.join()
            self.hub.on_request = lambda seen: None
            killed = child.exitcode == -signal.SIGKILL
            assert killed or child.exitcode == 0
            child.close()
        return killed

    def state(self) -> "State":
        """Everything on GitHub that a person could see, but for times and object ids."""
        catalog = self.hub.catalog
        files = catalog.git.files
        return State(
            {branch: tuple(sorted(files(head).items())) for branch, head in catalog.heads().items()},
            tuple(self._shown(thread) for thread in catalog.talk.threads.values()),
        )

    def _shown(self, thread: Thread) -> "Shown":
        pull = thread.pull
        files = self.hub.catalog.git.files(pull.head) if pull else {}
        return Shown(
            thread.number,
            thread.title,
            thread.body,
            thread.open,
            tuple(sorted(thread.labels)),
            tuple(comment.body for comment in thread.comments),
            (pull.branch, pull.draft, pull.merged is not None, tuple(sorted(files.items()))) if pull else None,
        )

    @contextlib.contextmanager
    def checkout(self) -> Iterator[Path]:
        """The base branch on disk."""
        catalog = self.hub.catalog
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for path, oid in catalog.git.files(catalog.heads()["main"]).items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(catalog.git.read(oid))
            (root / "lists").mkdir(exist_ok=True)
            yield root

    def run(self, root: Path) -> Run:
        """A run on a checkout."""
        return run_of(root, self.hub.url, self._registry(), self.faults, self.now, self.pace, self.patience)

    def _registry(self) -> Mapping[str, str]:
        """Hosts of images, and where they answer."""
        return self.images.endpoints if self.images else {}


@dataclass(frozen=True)
class Shown:
    """An issue or a pull request, as people see it."""

    number: int
    title: str
    body: str
    open: bool
    labels: tuple[str, ...]
    comments: tuple[str, ...]
    pull: tuple[str, bool, bool, tuple[tuple[str, str], ...]] | None


@dataclass(frozen=True)
class State:
    """What is on GitHub."""

    branches: Mapping[str, tuple[tuple[str, str], ...]]
    threads: tuple[Shown, ...]


def path_of(name: str) -> str:
    """The file that a bump changes."""
    return f"lists/{name}/exporter.yaml"


def run_of(
    root: Path,
    url: str,
    registry: Mapping[str, str],
    faults: Mapping[str, tuple[str, ...]],
    now: datetime,
    pace: Pace,
    patience: Patience = IMPATIENT,
) -> Run:
    """A run with the real clients, on servers on loopback."""

    def prove(root: Path, files: Iterable[tuple[str, File]]) -> Mapping[str, tuple[str, ...]]:
        return {entry: faults[entry] for entry, _ in files if entry in faults}

    session = Session("token", url, pace)
    upstream, hub = GithubUpstream(session), GithubHub(session, CATALOG)
    doors = Doors(upstream, Registry(patience, registry), hub, CATALOG)
    proposer = Proposer(root, prove, proposal_of, now.date(), 1)
    entries = sorted(path.name for path in (root / "lists").iterdir())
    return Run(doors, proposer, dashboard, now, False, entries, frozenset(entries))


def inline(
    task: Callable[[object], object], items: Sequence[object], jobs: int, seconds: float = 0
) -> Iterator[tuple[object, object]]:
    """What `workers.run` does, without processes: whether they die is not what is tried here."""
    return ((item, task(item)) for item in items)


def _child(
    root: Path, url: str, registry: Mapping[str, str], faults: Mapping[str, tuple[str, ...]], now: datetime
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "run", inline)
        synced(run_of(root, url, registry, faults, now, HURRIED))


_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["bot.runner", "tests.sync.stage"])
