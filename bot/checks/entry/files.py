"""An entry's folder holds the files of an entry, under their names, and nothing else.

A file with another name is one that no check reads: `alerts.yml` looks like rules and proves nothing.

Bad:

    lists/redis/exporter.yaml  alert.yml  dashboards.json

Good:

    lists/redis/exporter.yaml  alerts.yaml  alerts_test.yaml  dashboard.json  metrics.prom
"""

from collections.abc import Iterator

from bot.catalog.entry import ALERTS, DASHBOARD, EXPORTER, METRICS, TESTS, Entry, Item
from bot.catalog.load import is_dashboard
from bot.checks.base import Across, Check, Gathered, Problem
from bot.checks.wording import nearest
from bot.model import Severity

README = "README.md"
NAMES = (EXPORTER, ALERTS, TESTS, DASHBOARD, METRICS, README)
_FOLDERS = ("dashboards", "example")


def check(entry: Entry) -> Iterator[Problem]:
    """What is missing, then what does not belong."""
    present = {item.name for item in entry.items}
    if EXPORTER not in present and "" not in present:
        yield Problem("", (), f"{EXPORTER} is missing", "every entry has one; see CONTRIBUTING.md")
    yield from _missing(entry, present)
    for item in entry.items:
        yield from _unexpected(item)


def _missing(entry: Entry, present: set[str]) -> Iterator[Problem]:
    snapshot = entry.exporter.get("snapshot") if entry.exporter else None
    if snapshot is not None and METRICS not in present:
        yield Problem(
            EXPORTER, ("snapshot",), f"{METRICS} is missing", f"take it: python -m bot probe {entry.name}", key=True
        )
    if snapshot is None and entry.exporter and isinstance(entry.exporter.data, dict) and METRICS in present:
        yield Problem(
            METRICS, (), f"{EXPORTER} says nothing of this snapshot", "add a snapshot block: where it comes from"
        )
    if METRICS not in present and (ALERTS in present or entry.dashboard_files):
        yield Problem(
            "",
            (),
            f"{METRICS} is missing: nothing shows that the metrics of the rules and panels exist",
            f"take it: python -m bot probe {entry.name}",
            severity=Severity.WARNING,
        )
    if TESTS in present and ALERTS not in present:
        yield Problem(TESTS, (), f"there is no {ALERTS} to test", f"add {ALERTS}, or delete this file")


def _unexpected(item: Item) -> Iterator[Problem]:
    folder, _, name = item.name.rpartition("/")
    top = item.name.partition("/")[0]
    if item.kind == "unreadable":
        yield Problem(item.name, (), "the folder cannot be read", "let everybody read and enter it")
        return
    if item.name in NAMES or (item.name in _FOLDERS and item.kind == "folder"):
        return
    if top == "example" and folder:
        if item.kind not in ("file", "folder"):
            yield Problem(item.name, (), "neither a file nor a folder", "put a regular file in its place")
    elif folder == "dashboards" and name.endswith(".json"):
        if not is_dashboard(item):
            yield Problem(item.name, (), "invisible or control character in the name of a file", "rename it")
    elif item.name in _FOLDERS:
        yield Problem(item.name, (), f"{item.name} is not a folder", "put a real folder in its place")
    elif name in NAMES and folder:
        yield Problem(item.name, (), f"{name} is in the wrong folder", "move it to the entry's folder")
    elif item.kind == "folder":
        yield Problem(item.name, (), "unexpected folder", nearest(name, _FOLDERS))
    elif not folder or top not in _FOLDERS or folder == "dashboards":
        yield Problem(item.name, (), "unexpected file", _advice(item.name))


def _advice(name: str) -> str:
    if name.startswith("dashboards/"):
        return "this folder holds dashboards: *.json"
    return nearest(name, NAMES)


def gather(entry: Entry) -> None:
    """Nothing: the catalog's own folder is looked at once."""


def judge(gathered: Gathered) -> Iterator[tuple[str, Problem]]:
    """What lies in lists/ beside the entries."""
    for item in gathered.beside:
        if item.name != README:
            yield "", Problem(item.name, (), "unexpected file", "lists/ holds one folder for each entry")


CHECK = Check("entry/files", Severity.ERROR, __doc__, run=check, across=Across(gather, judge))
