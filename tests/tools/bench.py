"""`make bench`: how long validation takes, as ratios to promtool alone on the same files."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.outside.find_promtool import cache_folder, find
from bot.outside.promtool import PromtoolBinary
from tests.tools.generated import write_catalog

ENTRIES = 1000


def main() -> None:
    """Prints the table."""
    cores = os.cpu_count() or 1
    found = find(cache_folder())
    if found is None:
        raise SystemExit("no promtool: run make validate first")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_catalog(root, ENTRIES)
        rules = sorted(root.glob("lists/*/alerts.yaml"))
        tests = sorted(root.glob("lists/*/alerts_test.yaml"))
        print(f"{ENTRIES} generated entries, {cores} cores, promtool {PromtoolBinary(found.path).version}")
        base = timed("promtool check rules, all files", lambda: call([found.path, "check", "rules", *rules]))
        cold = timed("validate, without unit tests", lambda: validate(root, "--skip", "alerts/test"))
        print(f"{'ratio':44}{cold / base:8.2f}   at most 3")
        one_by_one = timed("promtool test rules, one after another", lambda: each(found.path, tests))
        whole = timed("validate, with unit tests", lambda: validate(root))
        bound = 1.15 * one_by_one / cores + cold
        print(f"{'ratio to 1.15 x (that / cores) + the above':44}{whole / bound:8.2f}   at most 1")


def timed(what: str, work: Callable[[], None]) -> float:
    """Seconds that the work took, printed."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{what:44}{seconds:8.2f} s", flush=True)
    return seconds


def call(command: list[str | Path]) -> None:
    """Runs a command that must succeed."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def each(promtool: Path, tests: list[Path]) -> None:
    """The unit tests, a process a file."""
    for test in tests:
        call([promtool, "test", "rules", test])


def validate(root: Path, *options: str) -> None:
    """The command that people run; the generated catalog is clean."""
    call([sys.executable, "-m", "bot", "validate", "--strict", "--root", root, *options])


if __name__ == "__main__":
    main()
