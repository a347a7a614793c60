"""rate, irate and increase of a panel are taken over $__rate_interval.

A fixed range such as [5m] fits one zoom and one scrape interval. Zoomed out, the points of a graph are further apart
than 5m, and what happens between them is left out; with a scrape interval of 5m nothing is left at all. $__interval
is as long as the step: zoomed in, it holds one sample or none, and the graph is empty. $__rate_interval is never
shorter than four scrapes. A window that is wide on purpose, of an hour or more, is right as it is, and so are the
growth over a time that the panel names, $__range, and ranges that the viewer chooses.

Bad:

    "expr": "rate(node_network_receive_bytes_total[5m])"

Good:

    "expr": "rate(node_network_receive_bytes_total[$__rate_interval])"
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.catalog.dashboard_model import Panel, Target
from bot.catalog.entry import Entry
from bot.catalog.queries import Query
from bot.checks.base import Check, Problem
from bot.checks.reading.remarks import Remark, panel_queries, problem
from bot.checks.reading.values import RATES
from bot.model import Severity
from bot.promql.durations import HOUR, MINUTE
from bot.promql.tokens import VARIABLE
from bot.promql.tree import Binary, Call, Node, Range, Selector, Subquery, bare

_STEPS = frozenset(("__interval", "__interval_ms"))
_OVER_TIME = frozenset(("timeseries", "graph", "heatmap", "barchart", "trend", "state-timeline", "status-history"))
_NAMED_TIME = re.compile(r"\d ?[smh]\b|minute|second|hour|\bmin\b|/ ?m\b|pm\b|interval", re.IGNORECASE)
_USUAL = 5 * MINUTE
_LONGEST = 100
"""Characters of a call that a help shows whole."""


class _Found(NamedTuple):
    query: Query
    call: Call
    range: Range


class _Fault(NamedTuple):
    message: str
    severity: Severity


def check(entry: Entry) -> Iterator[Problem]:
    """A problem for each range of each dashboard, at its first place; annotations and variables have no step."""
    found: dict[tuple[str, _Fault], list[_Found]] = {}
    for query in panel_queries(entry):
        if query.panel is None or query.target is None:
            continue
        for call, parents in query.expression.calls:
            operand = bare(call.args[0]) if call.args and call.function.text in RATES else None
            if isinstance(operand, Selector) and operand.range:
                fault = _fault(query, query.panel, query.target, call, operand.range, parents)
                if fault:
                    found.setdefault((query.file, fault), []).append(_Found(query, call, operand.range))
    for (_, fault), places in found.items():
        query, call, range_ = places[0]
        others = len(places) - 1
        more = f", here and in {others} more place{'s' * (others > 1)}" if others else ""
        advice = f"write {_corrected(query, call, range_)}"
        remark = Remark(range_.start, range_.end, fault.message + more, advice)
        yield problem(query, remark, fault.severity)


def _fault(
    query: Query, panel: Panel, target: Target, call: Call, range_: Range, parents: tuple[Node, ...]
) -> _Fault | None:
    function, written = call.function.text, query.expression.written(range_.start, range_.end)
    variables = [match["plain"] or match["braced"] or match["square"] for match in VARIABLE.finditer(written)]
    if variables and _STEPS.issuperset(variables):
        if target.step or panel.step or target.instant or (function == "increase" and _names_time(panel, target)):
            # A step that is never short may be as long as its author wants the range to be.
            return None
        return _Fault(f"{function} over {written} has too few samples where the step is short", Severity.WARNING)
    if variables or range_.length is None or range_.length >= HOUR or _is_aside(call, parents):
        return None
    drawn = panel.type in _OVER_TIME and not target.instant
    if function == "increase" and (not drawn or _names_time(panel, target)):
        return None
    usual = drawn and function != "increase" and range_.length <= _USUAL
    effect = (
        "leaves out what happens between points that are further apart"
        if drawn
        else "is empty where scrapes are further apart"
    )
    return _Fault(f"{function} over a fixed {written} {effect}", Severity.WARNING if usual else Severity.INFO)


def _is_aside(call: Node, parents: tuple[Node, ...]) -> bool:
    """Whether it stands in a subquery, which has a step of its own, or behind `or`, for when the other is empty."""
    below = call
    for parent in reversed(parents):
        if isinstance(parent, Subquery) or (
            isinstance(parent, Binary) and parent.op.text == "or" and below is parent.right
        ):
            return True
        below = parent
    return False


def _names_time(panel: Panel, target: Target) -> bool:
    """Whether the panel says over which time it counts."""
    return any(_NAMED_TIME.search(text) for text in (panel.title, panel.display.unit, target.legend))


def _corrected(query: Query, call: Call, range_: Range) -> str:
    """The call as it should read, on one line and not too long."""
    before = query.expression.written(call.start, range_.start)
    text = " ".join(f"{before}[$__rate_interval]{query.expression.written(range_.end, call.end)}".split())
    return text if len(text) <= _LONGEST else f"{call.function.text}(…[$__rate_interval])"


CHECK = Check("dashboards/rate-interval", Severity.WARNING, __doc__, run=check)
