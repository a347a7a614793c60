"""Every metric that an expression reads exists: in the snapshot, declared conditional, or recorded by a rule here.

An alert on a metric that nobody exposes never fires, and a panel on it stays empty; neither looks any different from
a healthy system. The snapshot is what the exporter really exposed. A metric that exists only in some circumstances
is declared under snapshot.conditional, with the reason. A name that holds a variable is a pattern: something must
match it.

Bad:

    expr: redis_memory_used / redis_memory_max_bytes > 0.9

Good:

    expr: redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 0.9
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from bot.catalog.entry import METRICS, Entry
from bot.catalog.evidence import Evidence, Origin
from bot.catalog.files import read_text
from bot.catalog.load import LISTS, MAX_EXPOSITION
from bot.catalog.queries import Query
from bot.checks.base import Across, Check, Gathered, Problem
from bot.checks.reading.remarks import Remark, lower, panel_queries, problem
from bot.checks.wording import nearest_of
from bot.model import Severity
from bot.promql.expression import metric_of, place_of
from bot.promql.tree import Binary, Call, Node, Selector, bare

_TYPE_LINE = re.compile(r"^# TYPE ([^ ]+) ", re.MULTILINE)
_PARTS = ("", "_bucket", "_count", "_sum")


@dataclass(frozen=True, slots=True)
class Missing:
    """A metric that the entry does not know."""

    name: str
    """Empty where it is a pattern."""
    problem: Problem


def _gather(queries: Callable[[Entry], Iterable[Query]], entry: Entry) -> tuple[Missing, ...] | None:
    evidence = entry.evidence
    if evidence.snapshot is None:
        return None
    severity = lower(Severity.ERROR) if evidence.doubt else Severity.ERROR
    return (
        tuple(
            Missing(name, problem(query, remark, remark.severity or severity))
            for query in queries(entry)
            for name, remark in _missing(entry, query, evidence)
        )
        or None
    )


def _missing(entry: Entry, query: Query, evidence: Evidence) -> Iterator[tuple[str, Remark]]:
    for selector, parents in query.expression.selectors:
        name = metric_of(selector)
        metrics = evidence.metrics_of(query.expression, selector)
        _, start, end = place_of(selector)
        if len(metrics) == 1 and metrics[0].name == name:
            if metrics[0].origin == Origin.NOWHERE:
                exporter = _title(entry)
                severity = Severity.WARNING if _expected(selector, parents) else None
                message = f'{exporter} exposes no metric "{name}"'
                yield name, Remark(start, end, message, _nearest(entry, name, evidence), severity)
        elif not metrics and (name or _asks_for_a_name(selector)):
            written = query.expression.written(start, end)
            glob = query.expression.glob(name) or ""
            if glob.strip("*") or not name:
                message = f'no metric of {_title(entry)} matches "{written}"'
                yield "", Remark(start, end, message, severity=Severity.WARNING)


def _expected(selector: Selector, parents: tuple[Node, ...]) -> bool:
    """Whether the expression is written for the case that there is nothing: `x or vector(0)`, `y unless x`."""
    below: Node = selector
    for parent in reversed(parents):
        if isinstance(parent, Binary):
            if parent.op.text == "unless" and parent.right is below:
                return True
            if parent.op.text == "or" and parent.left is below and isinstance(bare(parent.right), Call):
                return True
        below = parent
    return False


def _asks_for_a_name(selector: Selector) -> bool:
    return any(m.label.text == "__name__" and "$" not in m.value.text for m in selector.matchers)


def _title(entry: Entry) -> str:
    """What people call the exporter: its first alias that looks like a program's name, else the entry."""
    aliases = entry.exporter.get("aliases") if entry.exporter else None
    for alias in aliases if isinstance(aliases, list) else ():
        if isinstance(alias, str) and alias.endswith("_exporter"):
            return alias
    return entry.name


def _nearest(entry: Entry, name: str, evidence: Evidence) -> str:
    found = nearest_of(name, evidence.by_name)
    if not found:
        return "if it exists only sometimes, declare it under snapshot.conditional"
    return f"nearest in {entry.path}/{METRICS}: {found} ({evidence.metric(found).type})"


def _judge(gathered: Gathered) -> Iterator[tuple[str, Problem]]:
    owners = _owners(gathered)
    for entry, every in gathered.by_entry.items():
        for missing in every:
            others = [owner for owner in owners.get(missing.name, ()) if owner != entry]
            found = missing.problem
            if others:
                found = replace(found, help=f"it is a metric of {LISTS}/{others[0]}")
            yield entry, found


def _owners(gathered: Gathered) -> dict[str, list[str]]:
    """The entries that expose each name which somebody misses; read only where there is one."""
    wanted = {missing.name for every in gathered.by_entry.values() for missing in every} - {""}
    owners: dict[str, list[str]] = {}
    for folder in sorted((gathered.root / LISTS).iterdir()) if wanted else ():
        text = read_text(folder / METRICS, MAX_EXPOSITION).text if folder.is_dir() else ""
        exposed = {name + part for name in _TYPE_LINE.findall(text) for part in _PARTS}
        for name in sorted(wanted & exposed):
            owners.setdefault(name, []).append(folder.name)
    return owners


def _check(id_: str, queries: Callable[[Entry], Iterable[Query]]) -> Check:
    return Check(id_, Severity.ERROR, __doc__, across=Across(partial(_gather, queries), _judge))


def _rule_queries(entry: Entry) -> Iterable[Query]:
    return entry.rule_queries


CHECKS = (_check("alerts/metric", _rule_queries), _check("dashboards/metric", panel_queries))
