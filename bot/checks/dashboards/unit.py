"""A panel's unit is that of what its queries return.

A wrong unit is believed: bytes per second shown as bytes, or a ratio of 0.5 shown as 0.5 %. Without a unit, bytes and
seconds are long numbers that nobody can read. What a query returns is told by the names of its metrics and by what
the expression makes of them: the rate of bytes is bytes per second, bytes divided by bytes are a ratio, the quantile
of a histogram of seconds is in seconds. Where that does not tell, and of units that people make up, this check says
nothing.

Bad:

    "expr": "rate(node_network_receive_bytes_total[$__rate_interval])",
    "unit": "bytes"

Good:

    "expr": "rate(node_network_receive_bytes_total[$__rate_interval])",
    "unit": "Bps"
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.catalog.dashboard_model import Panel
from bot.catalog.document import Route
from bot.catalog.entry import Entry
from bot.catalog.metric_quantity import MetricQuantities
from bot.catalog.queries import Query
from bot.checks.base import Check, Problem
from bot.checks.dashboards.grafana_units import PLAIN
from bot.checks.dashboards.series_units import unit_for
from bot.checks.dashboards.unit_words import Mismatch, mismatch, unscaled
from bot.checks.reading.remarks import panel_queries
from bot.model import Severity
from bot.promql.quantity import Kind

_VALUES = frozenset(
    (
        *("timeseries", "graph", "stat", "singlestat", "gauge", "bargauge", "barchart", "piechart", "trend"),
        *("grafana-piechart-panel", "state-timeline", "status-history", "candlestick"),
    )
)
"""Panels that show the values of their queries, all in one unit. The columns of a table have units of their own."""
_OF_WHOLES = re.compile(
    r"percent|%|usage|utili[sz]|\bused\b|in use|hit ratio|hit rate|success|error|fail", re.IGNORECASE
)
"""Titles of panels that show how much of something: there, a ratio is no number like others."""


class _Wrong(NamedTuple):
    query: Query
    mismatch: Mismatch


class _Shown:
    """The queries of one panel that are shown in one unit."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.wrong: list[_Wrong] = []
        self.others = 0


def check(entry: Entry) -> Iterator[Problem]:
    """A problem for each unit that suits none of its queries, and for each query that its unit does not suit."""
    quantities = MetricQuantities(entry.evidence)
    shown: dict[tuple[str, Route, Route], _Shown] = {}
    for query in panel_queries(entry):
        panel, target = query.panel, query.target
        if panel is None or target is None or target.hidden or panel.display.altered:
            continue
        found = unit_for(panel, target)
        if found is None or not _is_shown(panel, found[0]):
            continue
        group = shown.setdefault((query.file, panel.route, found[1]), _Shown(found[0]))
        quantity = quantities.of(query.expression)
        if quantity and quantity.kind == Kind.RATIO and _OF_WHOLES.search(panel.title):
            quantity = quantity._replace(limited=True)
        wrong = mismatch(quantity, found[0]) if quantity else None
        if quantity and not wrong and not quantity.known:
            wrong = unscaled(query.expression, quantity, found[0])
        if wrong:
            group.wrong.append(_Wrong(query, wrong))
        else:
            group.others += 1
    for (_, _, route), group in shown.items():
        yield from _problems(group, route)


def _is_shown(panel: Panel, unit: str) -> bool:
    """Whether the panel shows nothing but values of its queries in that unit."""
    if unit in PLAIN:
        return panel.type in _VALUES and not panel.display.mapped
    return panel.type in _VALUES or (panel.type == "table" and len(panel.targets) == 1)


def _problems(group: _Shown, route: Route) -> Iterator[Problem]:
    if not group.wrong:
        return
    first = group.wrong[0]
    if not group.others and len({wrong.mismatch.returned for wrong in group.wrong}) == 1:
        many = len(group.wrong) > 1
        message = f"the {'queries return' if many else 'query returns'} {first.mismatch.returned}"
        severity = min((wrong.mismatch.severity for wrong in group.wrong), key=list(Severity).index)
        place = route if group.unit else first.query.route
        message = f"{message}, but {first.mismatch.shown}"
        yield Problem(first.query.file, place, message, first.mismatch.remedy, severity=severity)
        return
    for query, wrong in group.wrong:
        advice = wrong.remedy if not group.others else f"add an override with the unit {wrong.better} for this query"
        # Where quantities share a panel, a plain number may be what they have in common.
        severity = Severity.INFO if group.others and group.unit in PLAIN else wrong.severity
        yield Problem(
            query.file, query.route, f"the query returns {wrong.returned}, but {wrong.shown}", advice, severity=severity
        )


CHECK = Check("dashboards/unit", Severity.WARNING, __doc__, run=check)
