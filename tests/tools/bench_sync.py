"""`make bench`: what a sync costs when nothing is new, side by side with nvchecker on the same double of GitHub."""

import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.tools.released import NEWEST, RELEASES, write_released

REPOSITORIES = 1000
LATENCY = 0.05
"""Seconds before each answer."""
TURNS = 3
CATALOG = "exporterhub/exporterhub"
"""Of the double."""
NVCHECKER = """\
[__config__]
oldver = "old.json"
newver = "new.json"
keyfile = "keys.toml"
"""
"""All else is as it comes: twenty requests at a time, by pycurl."""
ENTRY = """
[{name}]
source = "github"
github = "up/{name}"
use_latest_release = true
prefix = "v"
"""
"""Of what nvchecker can ask GitHub, the shortest answer; each other way is one request a repository, too."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run."""

    requests: int
    points: int
    writes: int
    seconds: float


class Double:
    """The double in a process of its own."""

    def __init__(self, url: str, process: "subprocess.Popen[str]") -> None:
        self.url = url
        self._process = process

    def cost(self, run: Callable[[], None]) -> Cost:
        """Of a run that nobody else asks the double during."""
        start = time.perf_counter()
        run()
        seconds = time.perf_counter() - start
        assert self._process.stdin and self._process.stdout  # noqa: PT018
        print("report", file=self._process.stdin, flush=True)
        seen = json.loads(self._process.stdout.readline())
        if seen["violations"]:
            raise SystemExit(f"not as GitHub describes it: {seen['violations'][0]}")
        return Cost(seen["requests"], seen["points"], seen["writes"], seconds)


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        names = _prepare(folder)
        milliseconds = round(1000 * LATENCY)
        print(f"{len(names)} repositories with {RELEASES} releases each, nothing new; {milliseconds} ms a request")
        with double(folder) as hub:

            def ours() -> None:
                sync(hub.url, folder)

            def theirs() -> None:
                nvchecker(hub.url, folder, names)

            # The first sync writes the dashboard, and the double keeps what it has made once.
            hub.cost(ours), hub.cost(theirs)
            turns = [(hub.cost(ours), hub.cost(theirs)) for _ in range(TURNS)]
        _print(*(_median(column) for column in zip(*turns, strict=True)))


def _prepare(folder: Path) -> list[str]:
    upstreams = write_released(folder / "catalog", REPOSITORIES)
    (folder / "world").write_bytes(pickle.dumps(upstreams))
    names = [upstream.name.partition("/")[2] for upstream in upstreams]
    (folder / "keys.toml").write_text('[keys]\ngithub = "token"\n')
    (folder / "nvchecker.toml").write_text(NVCHECKER + "".join(ENTRY.format(name=name) for name in names))
    (folder / "old.json").write_text(json.dumps(dict.fromkeys(names, NEWEST)))
    return names


@contextmanager
def double(folder: Path) -> Iterator[Double]:
    """GitHub with these repositories, and the catalog."""
    command = [sys.executable, "-m", "tests.github.serve", "--unchecked", "--latency", str(LATENCY)]
    command += ["--world", str(folder / "world"), "--folder", str(folder / "catalog")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield Double(process.stdout.readline().strip(), process)
        process.stdin and process.stdin.close()


def sync(url: str, folder: Path) -> None:
    """The command that the workflow runs, with the pacing it has there."""
    report = folder / "report.json"
    environment = {"GITHUB_API_URL": url, "GITHUB_TOKEN": "token", "GITHUB_REPOSITORY": CATALOG}
    call(["bot", "sync", "--root", f"{folder}/catalog", "--report", f"json={report}"], environment)
    entries = json.loads(report.read_bytes())["entries"]
    assert len(entries) == REPOSITORIES
    for entry in entries:
        assert entry["version"] == NEWEST and not entry["notes"] and not entry["proposal"], entry  # noqa: PT018


def nvchecker(url: str, folder: Path, names: list[str]) -> None:
    """The newest version of each, told to be what it was."""
    call(["tests.tools.nvchecker_at", url, "--failures", "-c", f"{folder}/nvchecker.toml"])
    found = json.loads((folder / "new.json").read_bytes())["data"]
    assert {name: one["version"] for name, one in found.items()} == dict.fromkeys(names, NEWEST)


def call(module: list[str], environment: dict[str, str] | None = None) -> None:
    """Runs a module with arguments; it must succeed."""
    command = [sys.executable, "-m", *module]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})


def _median(costs: tuple[Cost, ...]) -> Cost:
    """By seconds; what is asked is the same each time."""
    first = costs[0]
    assert all((one.requests, one.points) == (first.requests, first.points) for one in costs)
    return Cost(first.requests, first.points, first.writes, median(one.seconds for one in costs))


def _print(ours: Cost, theirs: Cost) -> None:
    print(f"{'':44}{'requests':>10}{'points':>8}{'writes':>8}{'seconds':>9}")
    for what, cost in (("sync", ours), ("nvchecker, latest releases, 20 at a time", theirs)):
        print(f"{what:44}{cost.requests:10}{cost.points:8}{cost.writes:8}{cost.seconds:9.2f}")
    print(f"{'requests and points of sync':44}{max(ours.requests, ours.points):10}   at most 60")
    print(f"{'ratio of requests':44}{ours.requests / theirs.requests:10.3f}   at most 0.1")
    print(f"{'ratio of seconds':44}{ours.seconds / theirs.seconds:10.3f}   at most 1")


if __name__ == "__main__":
    main()
