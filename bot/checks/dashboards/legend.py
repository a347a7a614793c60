"""A legend tells the lines of a panel apart, by labels that its query returns.

Where the query does not return the label, {{label}} is blank, so that all lines have the same name, or their whole
expression for one. Where one query draws many lines, a legend without a label gives all of them the same name, and
no legend gives each a name that fills the panel.

Bad:

    "expr": "sum by (mode) (rate(node_cpu_seconds_total[$__rate_interval]))",
    "legendFormat": "{{cpu}}"

Good:

    "expr": "sum by (mode) (rate(node_cpu_seconds_total[$__rate_interval]))",
    "legendFormat": "{{mode}}"
"""

import re
from collections.abc import Iterator

from bot.catalog.dashboard_model import Target
from bot.catalog.entry import Entry
from bot.catalog.queries import Query
from bot.checks.base import Check, Problem
from bot.checks.reading.lines import drawn_by, is_table, renames
from bot.checks.reading.remarks import lower, panel_queries
from bot.checks.reading.returned import Returned
from bot.model import Severity
from bot.promql.tokens import holds_variable

_LABEL = re.compile(r"\{\{([^{}]*)\}\}")
"""What Grafana's Prometheus data source replaces in a legend; a label that is not there becomes empty."""
_TABLES = frozenset(("table", "table-old"))
_LINES = frozenset(("timeseries", "graph", "barchart", "piechart", "grafana-piechart-panel", "state-timeline", "trend"))


def check(entry: Entry) -> Iterator[Problem]:
    """A problem for each label that a legend cannot show, and for each query whose lines it does not tell apart."""
    for query in panel_queries(entry):
        panel, target = query.panel, query.target
        if panel is None or target is None or panel.type in _TABLES:
            continue
        if "{{" in target.legend:
            yield from _blank(entry, query, target)
        elif panel.type in _LINES and not target.hidden and "$" not in target.legend and target.legend != "__auto":
            yield from _alike(entry, query, target)


def _blank(entry: Entry, query: Query, target: Target) -> Iterator[Problem]:
    returned = Returned(query, entry.evidence)
    for match in _LABEL.finditer(target.legend):
        label = match[1].strip()
        missing = returned.lacks(label) if label and not holds_variable(label) else None
        if missing and not is_table(entry, query, target):
            start = match.start(1) + match[1].index(label)
            yield Problem(
                query.file,
                target.legend_route,
                f'the query returns no label "{label}": the legend stays blank there',
                missing.help,
                within=(start, start + len(label)),
                severity=lower(Severity.WARNING, missing.doubt),
            )


def _alike(entry: Entry, query: Query, target: Target) -> Iterator[Problem]:
    labels = sorted(drawn_by(query, entry.evidence))
    if not labels or is_table(entry, query, target) or renames(entry, query):
        return
    every, shown = " and ".join(labels), " ".join(f"{{{{{label}}}}}" for label in labels)
    if target.legend:
        route, help_ = target.legend_route, f"add {shown}"
        message = f'one line for each {every}, and all are called "{target.legend}"'
    else:
        route, help_ = query.route, f'write "legendFormat": "{shown}"'
        message = f"one line for each {every}, and no legend: each is called by all of its labels"
    yield Problem(query.file, route, message, help_, severity=Severity.INFO)


CHECK = Check("dashboards/legend", Severity.WARNING, __doc__, run=check)
