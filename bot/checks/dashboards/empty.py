"""A panel that draws data asks for some.

Without a query, with nothing but empty ones, or with all of them hidden, it says "No data" for ever. Rows, texts,
lists and the like need no query; a library panel has its own, and so does a panel that shows another one's result.

Bad:

    {"type": "timeseries", "title": "Memory", "targets": [{"refId": "A", "expr": ""}]}

Good:

    {"type": "timeseries", "title": "Memory", "targets": [{"refId": "A", "expr": "redis_memory_used_bytes"}]}
"""

from collections.abc import Iterator

from bot.catalog.dashboard_model import PROMETHEUS_TYPES, Dashboard, Panel, Shape, Target
from bot.catalog.document import Document
from bot.catalog.entry import Entry
from bot.checks.base import Check, Problem
from bot.model import Severity

_DRAWS_DATA = frozenset(
    (
        *("timeseries", "graph", "stat", "singlestat", "gauge", "bargauge", "barchart", "piechart", "table"),
        *("table-old", "heatmap", "histogram", "state-timeline", "status-history", "candlestick", "trend", "xychart"),
        *("logs", "nodeGraph", "traces", "flamegraph", "grafana-piechart-panel", "grafana-polystat-panel"),
    )
)
"""Panels that show nothing without a query. Of other plugins nobody knows."""
_OF_ANY_QUERY = frozenset(
    (
        *("refId", "datasource", "hide", "expr", "legendFormat", "format", "interval", "intervalFactor", "step"),
        *("instant", "range", "exemplar", "editorMode", "key", "useBackend", "fullMetaSearch", "disableTextWrap"),
        *("includeNullMetadata", "metric", "requestId", "queryType"),
    )
)
"""Members of a query that do not say what it asks for, unless it is of another language."""
_HELP = "give it a query, or remove it"


def check(entry: Entry) -> Iterator[Problem]:
    """A problem for each panel that shows nothing."""
    for file, dashboard in entry.dashboards:
        document = entry.document(file)
        for panel in dashboard.panels:
            if document and panel.type in _DRAWS_DATA and not panel.library:
                problem = _problem(file, document, dashboard, panel)
                if problem:
                    yield problem


def _problem(file: str, document: Document, dashboard: Dashboard, panel: Panel) -> Problem | None:
    inner = ("spec",) if dashboard.shape == Shape.V2 else ()
    many = len(panel.targets) > 1
    if not panel.targets:
        if (panel.datasource and panel.datasource.special) or document.get(*panel.route, "snapshotData"):
            return None
        route = (*panel.route, *inner, "title") if panel.title else panel.route
        return Problem(file, route, "the panel has no query, and shows nothing", _HELP)
    first = panel.targets[0]
    if all(_is_empty(document, dashboard, target) for target in panel.targets):
        route = first.expr_route if document.get(*first.expr_route) is not None else first.route
        what = "all queries of the panel are empty" if many else "the query of the panel is empty"
        return Problem(file, route, f"{what}, and it shows nothing", _HELP)
    if all(target.hidden for target in panel.targets):
        route = (*first.route, *inner, "hidden" if inner else "hide")
        what = "all queries of the panel are hidden" if many else "the query of the panel is hidden"
        return Problem(file, route, f"{what}, and it shows nothing", "show one, or remove the panel")
    return None


def _is_empty(document: Document, dashboard: Dashboard, target: Target) -> bool:
    """Whether a query asks for nothing; one whose data source is not known must have nothing to ask with."""
    if target.expr.strip() or (target.datasource and target.datasource.special):
        return False
    plugin = dashboard.plugin(target.datasource)
    if plugin:
        return plugin in PROMETHEUS_TYPES
    value = document.get(*target.route)
    if not isinstance(value, dict) or dashboard.shape == Shape.V2:
        return False
    return not any(member for key, member in value.items() if key not in _OF_ANY_QUERY)


CHECK = Check("dashboards/empty", Severity.WARNING, __doc__, run=check)
