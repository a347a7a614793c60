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

from bot.catalog.entry import Entry
from bot.catalog.queries import Unread
from bot.checks.base import Check, Problem
from bot.checks.wording import nearest
from bot.model import Severity
from bot.promql.functions import AGGREGATIONS, FUNCTIONS
from bot.promql.grafana import NotAnalysable


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each query of a panel, an annotation or a variable that does not parse."""
    for query in entry.dashboard_queries:
        if isinstance(query, Unread):
            yield _problem(query)


def _problem(query: Unread) -> Problem:
    refused, severity = query.refused, None
    message, advice = f"the query does not parse: {refused.reason}", _advice(query.text, refused)
    if not query.known:
        message = f"the query is not PromQL ({refused.reason}), and its data source has no known type"
        advice, severity = "say the type in its datasource, such as prometheus or loki", Severity.INFO
    elif not refused.wrong:
        message, severity = f"the query could not be analysed: {refused.reason}", Severity.INFO
        advice = "see in Grafana whether it works"
    within = refused.within or (0, len(query.text))
    place = within[0] + query.offset, within[1] + query.offset
    whole = refused.within is None and not query.offset
    return Problem(query.file, query.route, message, advice, within=None if whole else place, severity=severity)


def _advice(expr: str, refused: NotAnalysable) -> str:
    if refused.reason.startswith("expected type matrix"):
        return "give the selector a range, such as [$__rate_interval]"
    if refused.within is None or "function" not in refused.reason:
        return ""
    return nearest(expr[slice(*refused.within)], (*AGGREGATIONS, *FUNCTIONS)) or "MetricsQL has functions of its own"


CHECK = Check("dashboards/promql", Severity.ERROR, __doc__, run=check)
