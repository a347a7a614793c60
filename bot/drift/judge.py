"""An entry and another scrape make a Drift: the evidence checks are run with each of the two scrapes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from bot.catalog.document import Parsed, Route, plain_document
from bot.catalog.entry import ALERTS, EXPORTER, METRICS, Entry
from bot.catalog.waivers import waived, waivers_of
from bot.checks import CHECKS
from bot.checks.base import Check, Gathered, Problem
from bot.checks.place import place
from bot.drift.consequences import of_records, of_values
from bot.drift.model import Broken, Drift, Kind, Side
from bot.metrics.diff import Diff, diff
from bot.metrics.snapshot import parse_snapshot
from bot.model import SEVERITIES, Severity, Span


def drift_of(root: Path, entry: Entry, text: str, now: Side, today: date) -> Drift | None:
    """What it would break if the entry's metrics.prom held another text; None where the entry has no snapshot.

    Nothing is written. Both scrapes are judged as if they were of the listed version, so that no doubt lowers what is
    said of either. What was as bad before is not broken, nor is what a waiver covers; a metric that is declared
    conditional may be missing.
    """
    if entry.snapshot is None:
        return None
    version = entry.exporter.text_at("snapshot", "version") if entry.exporter else ""
    then = Side(f"{entry.path}/{METRICS}", version or "")
    changed = diff(entry.snapshot, parse_snapshot(text))
    return Drift(entry.name, then, now, changed, tuple(_broken(root, entry, text, changed, now, today)))


def _broken(root: Path, entry: Entry, text: str, changed: Diff, now: Side, today: date) -> list[Broken]:
    old, new = _observed(entry, entry.parsed[METRICS]), _observed(entry, Parsed(plain_document(text), (), text))
    before: dict[_Place, int] = {}
    for check, problem in _problems(root, old):
        place_, rank = _place(check, problem), _rank(check, problem)
        before[place_] = min(rank, before.get(place_, rank))
    owners, waivers = _owners(entry), waivers_of(entry)
    found: dict[tuple[_Place, str], Broken] = {}

    def take(said: Iterable[tuple[Check, Problem]]) -> None:
        for check, problem in said:
            place_, rank = _place(check, problem), _rank(check, problem)
            if rank <= _HARMFUL and rank < before.get(place_, _HARMFUL + 1):
                finding = place(new, check, replace(problem, help=_help(old, new, problem, changed, now)))
                if not waived(finding, waivers, today):
                    found[place_, problem.message] = Broken(*_owner(owners, problem), finding)

    take(_problems(root, new))
    told = {place_ for place_, _ in found}
    take(said for said in of_values(new, changed) if _place(*said) not in told)
    take(of_records(new, _broken_records(found.values())))
    return sorted(found.values(), key=_order)


def _broken_records(broken: Iterable[Broken]) -> dict[str, Severity]:
    """By name, the recording rules that break, and how badly."""
    records = [(one.name, one.finding.severity) for one in broken if one.kind is Kind.RECORD]
    return {name: min((of for other, of in records if other == name), key=SEVERITIES.index) for name, _ in records}


_Place = tuple[str, str, Route | Span, bool, tuple[int, int] | None]
_HARMFUL = SEVERITIES.index(Severity.WARNING)
"""Advice breaks nothing."""
_NEAR = 0.8
"""How near a name must be, as difflib measures it: what the likely renames left over is mostly something else."""


def _place(check: Check, problem: Problem) -> _Place:
    return check.id, problem.file, problem.where, problem.key, problem.within


def _rank(check: Check, problem: Problem) -> int:
    return SEVERITIES.index(problem.severity or check.severity)


def _order(broken: Broken) -> tuple[str, Span, int, str, str]:
    finding = broken.finding
    return finding.file, finding.span, SEVERITIES.index(finding.severity), finding.check, finding.message


def _observed(entry: Entry, metrics: Parsed) -> Entry:
    """The entry with another scrape, which it says to be of the very version that it lists."""
    parsed = {**entry.parsed, METRICS: metrics}
    document = entry.exporter
    if document is not None and isinstance(document.data, dict):
        said = document.data.get("snapshot")
        snapshot = {**(said if isinstance(said, dict) else {}), "source": "observed"}
        snapshot["version"] = document.data.get("version")
        parsed[EXPORTER] = replace(
            parsed[EXPORTER], document=replace(document, data={**document.data, "snapshot": snapshot})
        )
    return replace(entry, parsed=parsed)


def is_evidence(check: Check) -> bool:
    """Whether a check looks at nothing but one entry's rules and dashboards, by itself and at once."""
    across = check.across
    alone = across is None or not (across.needs_promtool or across.everywhere or across.last)
    return check.id.startswith(("alerts/", "dashboards/")) and alone


def _problems(root: Path, entry: Entry) -> Iterator[tuple[Check, Problem]]:
    for check in filter(is_evidence, CHECKS):
        if check.run:
            yield from ((check, problem) for problem in check.run(entry))
        material = check.across.gather(entry) if check.across else None
        if check.across and material is not None:
            gathered = Gathered(root, {entry.name: material}, (), frozenset((entry.name,)), None)
            yield from ((check, problem) for _, problem in check.across.judge(gathered))


_Owners = dict[tuple[str, Route], tuple[Kind, str]]


def _owners(entry: Entry) -> _Owners:
    """By file and route, what people know the parts of an entry as."""
    owners: _Owners = {}
    for rule in entry.rules:
        owners[ALERTS, rule.route] = (Kind.ALERT if rule.alert else Kind.RECORD, rule.name)
    for file, dashboard in entry.dashboards:
        for panel in dashboard.panels:
            number = "" if panel.id is None else f"no. {panel.id}"
            owners[file, panel.route] = (Kind.PANEL, panel.title or number)
        for variable in dashboard.variables:
            owners[file, variable.route] = (Kind.VARIABLE, variable.name)
        for annotation in dashboard.annotations:
            owners[file, annotation.route] = (Kind.ANNOTATION, annotation.name)
    return owners


def _owner(owners: _Owners, problem: Problem) -> tuple[Kind, str]:
    """The innermost part that a problem stands in."""
    route = () if isinstance(problem.where, Span) else problem.where
    for length in range(len(route), 0, -1):
        owner = owners.get((problem.file, route[:length]))
        if owner:
            return owner
    return Kind.FILE, problem.file


def _help(old: Entry, new: Entry, problem: Problem, changed: Diff, now: Side) -> str:
    """How to mend it: by the metric that the missing one probably is, or that is near it; else as the check says."""
    name = _written(new, problem)
    known = new.evidence.by_name
    if name in old.evidence.by_name and name not in known:
        successor = changed.successor(name)
        if successor in known:
            return f"it probably is {successor} ({new.evidence.metric(successor).type}) now"
        near = get_close_matches(name, known, n=1, cutoff=_NEAR)
        if near:
            return f"nearest in {now.file}: {near[0]} ({new.evidence.metric(near[0]).type})"
        return "do without it, or declare it under snapshot.conditional if it exists only sometimes"
    # What the checks take for the entry's own scrape is the other one.
    return problem.help.replace(f"{new.path}/{METRICS}", now.file)


def _written(entry: Entry, problem: Problem) -> str:
    """What stands at the very place of a problem; empty where it is no part of a text."""
    document = entry.document(problem.file)
    if document is None or problem.within is None or isinstance(problem.where, Span):
        return ""
    return (document.text_at(*problem.where) or "")[slice(*problem.within)]
