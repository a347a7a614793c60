"""Every query of a dashboard that goes to Prometheus is PromQL, once its variables have values.

A query that does not parse shows an error instead of a graph, for whoever imports the dashboard. Variables are
replaced by what their place asks for before the query is parsed. Where a variable may hold anything, or the data
source's type is not known, a query that cannot be read is no error: it could not be checked, and that is all.
Queries in other languages, such as LogQL, are left alone.

Bad:

    "expr": "sum(rate(redis_commands_processed_total{instance=\\"$instance\\"}[$__rate_interval])"

Good:

    "expr": "sum(rate(redis_commands_processed_total{instance=\\"$instance\\"}[$__rate_interval]))"
"""

from collections.abc import Iterator

from bot.catalog.dashboard_model import PROMETHEUS_TYPES, Dashboard, Datasource
from bot.catalog.document import Route
from bot.catalog.entry import Entry
from bot.checks.base import Check, Problem
from bot.checks.wording import nearest
from bot.model import Severity
from bot.promql.functions import AGGREGATIONS, FUNCTIONS
from bot.promql.grafana import NotAnalysable, read_query


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each query of a panel or an annotation that does not parse."""
    for file, dashboard in entry.dashboards:
        for expr, route, datasource in _queries(dashboard):
            plugin = dashboard.plugin(datasource)
            if not expr.strip() or (plugin and plugin not in PROMETHEUS_TYPES):
                continue
            result = read_query(expr)
            if isinstance(result, NotAnalysable):
                yield _problem(file, route, expr, result, known=bool(plugin))


def _queries(dashboard: Dashboard) -> Iterator[tuple[str, Route, Datasource | None]]:
    for target in dashboard.targets():
        yield target.expr, target.expr_route, target.datasource
    for annotation in dashboard.annotations:
        yield annotation.expr, annotation.expr_route, annotation.datasource


def _problem(file: str, route: Route, expr: str, refused: NotAnalysable, *, known: bool) -> Problem:
    message, advice, severity = f"the query does not parse: {refused.reason}", _advice(expr, refused), None
    if not known:
        message = f"the query is not PromQL ({refused.reason}), and its data source has no known type"
        advice, severity = "say the type in its datasource, such as prometheus or loki", Severity.INFO
    elif not refused.wrong:
        message, severity = f"the query could not be analysed: {refused.reason}", Severity.INFO
        advice = "see in Grafana whether it works"
    return Problem(file, route, message, advice, within=refused.within, severity=severity)


def _advice(expr: str, refused: NotAnalysable) -> str:
    if refused.reason.startswith("expected type matrix"):
        return "give the selector a range, such as [$__rate_interval]"
    if refused.within is None or "function" not in refused.reason:
        return ""
    return nearest(expr[slice(*refused.within)], (*AGGREGATIONS, *FUNCTIONS)) or "MetricsQL has functions of its own"


CHECK = Check("dashboards/promql", Severity.ERROR, __doc__, run=check)
