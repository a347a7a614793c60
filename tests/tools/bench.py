"""`make bench`: how long validation takes, as ratios to promtool alone on the same files."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bot.checks import CHECKS
from bot.outside.find_promtool import find_promtool
from tests.tools.generated import write_catalog

ENTRIES = 1000
TURNS = 5
RUNS_TESTS = ("--skip", "alerts/test", "--skip", "alerts/mutation")
OF_EVIDENCE = (
    *("alerts/comparison", "dashboards/empty", "dashboards/legend", "dashboards/rate-interval", "dashboards/unit"),
    *("dashboards/variable", "metrics/conditional", "metrics/stale", "entry/waiver"),
    *(check.id for check in CHECKS if check.run is not None and "remarks" in check.run.__module__),
    *("alerts/metric", "dashboards/metric"),
)
"""The checks that read what expressions ask for, and the snapshot with them."""
WHAT = (
    "promtool check rules, all files",
    "validate, without unit tests",
    "validate, without unit tests and evidence",
)


def main() -> None:
    """Prints the table."""
    cores = os.cpu_count() or 1
    found = find_promtool(cores)
    if found is None:
        raise SystemExit("no promtool: run make validate first")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_catalog(root, ENTRIES)
        rules = sorted(root.glob("lists/*/alerts.yaml"))
        tests = sorted(root.glob("lists/*/alerts_test.yaml"))
        print(f"{ENTRIES} generated entries, {cores} cores, promtool {found.version}")
        # By turns, and the median of each: other tenants of a machine come and go.
        turns = [
            (
                seconds(lambda: call([found.path, "check", "rules", *rules])),
                seconds(lambda: validate(root, *RUNS_TESTS)),
                seconds(lambda: validate(root, *RUNS_TESTS, *(f"--skip={check}" for check in OF_EVIDENCE))),
            )
            for _ in range(TURNS)
        ]
        times = [median(column) for column in zip(*turns, strict=True)]
        base, cold, before = (told(what, taken) for what, taken in zip(WHAT, times, strict=True))
        print(f"{'ratio to promtool without evidence':44}{before / base:8.2f}   at most 3")
        print(f"{'what evidence adds':44}{cold / before - 1:8.0%}   at most 50%")
        one_by_one = told("promtool test rules, one after another", seconds(lambda: each(found.path, tests)))
        whole = told("validate --quick, with unit tests", seconds(lambda: validate(root, "--quick")))
        bound = 1.15 * one_by_one / cores + cold
        print(f"{'ratio to 1.15 x (that / cores) + the above':44}{whole / bound:8.2f}   at most 1")


def seconds(work: Callable[[], None]) -> float:
    """How long the work took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def told(what: str, taken: float) -> float:
    """Prints a time."""
    print(f"{what:44}{taken:8.2f} s", flush=True)
    return taken


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
