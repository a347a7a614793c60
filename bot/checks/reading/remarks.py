"""What a check of PromQL is: it looks at one expression at a time, wherever that stands."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from bot.catalog.entry import Entry
from bot.catalog.evidence import Evidence
from bot.catalog.queries import Query
from bot.checks.base import Check, Problem
from bot.model import SEVERITIES, Severity


class Remark(NamedTuple):
    """What there is to say of the stretch from start to end of an expression's tree."""

    start: int
    end: int
    message: str
    help: str = ""
    severity: Severity | None = None
    """Where it differs from the check's own."""


Look = Callable[[Query, Evidence], Iterable[Remark]]
Beside = Callable[[Entry], Iterable[Problem]]


def both(
    name: str,
    severity: Severity,
    doc: str,
    look: Look,
    *,
    needs_snapshot: bool = True,
    in_rules: Beside | None = None,
    in_dashboards: Beside | None = None,
) -> tuple[Check, Check]:
    """The same check for the rules and for the dashboards of an entry.

    What needs the snapshot says nothing where there is none, and less where the snapshot is in doubt. `in_rules` and
    `in_dashboards` find what stands beside the expressions; they weigh doubt themselves.
    """

    def problems(queries: Iterable[Query], evidence: Evidence) -> Iterator[Problem]:
        if needs_snapshot and evidence.snapshot is None:
            return
        doubtful = needs_snapshot and bool(evidence.doubt)
        for query in queries:
            for remark in look(query, evidence):
                given = remark.severity or severity
                yield problem(query, remark, lower(given) if doubtful else given)

    def of_rules(entry: Entry) -> Iterator[Problem]:
        yield from problems(entry.rule_queries, entry.evidence)
        if in_rules:
            yield from in_rules(entry)

    def of_dashboards(entry: Entry) -> Iterator[Problem]:
        yield from problems(panel_queries(entry), entry.evidence)
        if in_dashboards:
            yield from in_dashboards(entry)

    return Check(f"alerts/{name}", severity, doc, run=of_rules), Check(
        f"dashboards/{name}", severity, doc, run=of_dashboards
    )


def panel_queries(entry: Entry) -> Iterator[Query]:
    """The queries of an entry's dashboards that could be read: those of panels, annotations and variables."""
    return (query for query in entry.dashboard_queries if isinstance(query, Query))


def problem(query: Query, remark: Remark, severity: Severity) -> Problem:
    """A remark at its place in the file."""
    return Problem(
        query.file,
        query.route,
        remark.message,
        remark.help,
        within=query.within(remark.start, remark.end),
        severity=severity,
    )


def lower(severity: Severity, levels: int = 1) -> Severity:
    """One level less severe, or several."""
    return SEVERITIES[min(SEVERITIES.index(severity) + levels, len(SEVERITIES) - 1)]
