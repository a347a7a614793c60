"""Averages of what a summary exposes as finished quantiles."""

from collections.abc import Iterator

from bot.catalog.evidence import Evidence, Metric
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, lower
from bot.checks.reading.values import climb
from bot.model import Severity
from bot.promql.labels import NAME
from bot.promql.tree import Aggregation, Name, Selector

_MERGES = {"avg": "averages", "sum": "adds up"}


def averaged(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark where several quantiles of a summary become one."""
    for selector, parents in query.expression.selectors:
        if selector.range is None and selector.name and _is_summary(evidence.metric(selector.name.text)):
            for _, parent, _ in climb(selector, parents):
                if isinstance(parent, Aggregation) and parent.op.text in _MERGES and _merges(query, parent, selector):
                    yield _remark(query, parent.op, selector.name, evidence)
                    break


def _remark(query: Query, op: Name, summary: Name, evidence: Evidence) -> Remark:
    name = query.expression.written(summary.start, summary.end)
    return Remark(
        op.start,
        op.end,
        f'{op.text} {_MERGES[op.text]} quantiles of the summary "{name}", which gives no quantile of anything',
        f"take the max of them, or the mean: sum(rate({name}_sum[5m])) / sum(rate({name}_count[5m]))",
        lower(Severity.WARNING) if evidence.doubt else Severity.WARNING,
    )


def _is_summary(metric: Metric) -> bool:
    return metric.family is not None and metric.family.type == "summary" and metric.name == metric.family.name


def _merges(query: Query, aggregation: Aggregation, source: Selector) -> bool:
    """Whether any label is dropped that tells one series from another."""
    given, kept = query.labels(source).possible, query.labels(aggregation).possible
    if given is None or kept is None or any(query.expression.glob(label.text) for label in aggregation.labels):
        return False
    fixed = {matcher.label.text for matcher in source.matchers if matcher.op == "="}
    # An instance belongs to one job.
    return bool(given - kept - fixed - {NAME} - ({"job"} if "instance" in kept | fixed else set()))
