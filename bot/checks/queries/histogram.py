"""A quantile is taken of a histogram's buckets that still carry `le`, and lies between 0 and 1.

histogram_quantile() finds the buckets by their label `le`: an aggregation that drops it leaves nothing. A sum, a
count or a gauge has no buckets, and buckets without rate() tell of all the time since the exporter started. A
quantile of 95 in place of 0.95 is infinite. Native histograms carry their buckets inside, and need no `le`. The
quantiles of a summary are finished: their average is the quantile of nothing.

Bad:

    expr: histogram_quantile(0.95, sum by (job) (rate(http_request_duration_seconds_bucket[5m]))) > 1

Good:

    expr: histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m]))) > 1
"""

from collections.abc import Iterator
from enum import StrEnum

from bot.catalog.evidence import Evidence, Metric
from bot.catalog.queries import Query
from bot.checks.reading.buckets import Buckets, buckets
from bot.checks.reading.remarks import Remark, both, lower
from bot.checks.reading.summaries import averaged
from bot.checks.reading.values import constant
from bot.model import Severity
from bot.promql.expression import metric_of
from bot.promql.tree import Aggregation, Name, Node

_QUANTILE_FIRST = frozenset(("histogram_quantile", "quantile_over_time"))
_OPERANDS = {"histogram_quantile": 1, "histogram_fraction": 2, "histogram_quantiles": 0}


class _Kind(StrEnum):
    BUCKETS = "buckets"
    NATIVE = "native"
    LIKE = "like"
    """No histogram by its TYPE, but with the label `le`."""
    PART = "part"
    """The sum or the count of a histogram."""
    OTHER = "other"
    UNKNOWN = "unknown"


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """Remarks on quantiles, on what they are taken of, and on averages of a summary's."""
    for call, _ in query.expression.calls:
        name, args = call.function.text, call.args
        if name in _QUANTILE_FIRST and args:
            yield from _quantile(query, name, args[0])
        elif name == "histogram_quantiles":
            for arg in args[2:]:
                yield from _quantile(query, name, arg)
        index = _OPERANDS.get(name)
        if index is not None and index < len(args):
            for found in buckets(args[index], query.expression):
                yield from _operand(query, name, found, evidence)
    for aggregation, _ in query.expression.aggregations:
        if aggregation.op.text == "quantile" and aggregation.param is not None:
            yield from _quantile(query, "quantile", aggregation.param)
    yield from averaged(query, evidence)


def _quantile(query: Query, function: str, node: Node) -> Iterator[Remark]:
    value = constant(node)
    written = query.expression.written(node.start, node.end)
    if value is None or 0 <= value <= 1 or query.expression.varies(node.start, node.end):
        return
    message = f"{function} takes a quantile between 0 and 1, not {written}"
    percent = value <= 100 and (value >= 10 or value in range(2, 10))
    yield Remark(node.start, node.end, message, f"write {value / 100:g}" if percent else "")


def _operand(query: Query, function: str, found: Buckets, evidence: Evidence) -> Iterator[Remark]:
    metrics = evidence.metrics_of(query.expression, found.selector)
    kinds = {_kind(metric) for metric in metrics}
    name = found.selector.name or Name(metric_of(found.selector), found.selector.start, found.selector.end)
    if not kinds and name.text.endswith("_bucket"):
        kinds = {_Kind.BUCKETS}
    if kinds == {_Kind.BUCKETS, _Kind.LIKE}:
        kinds = {_Kind.LIKE}
    if len(kinds) != 1:
        return
    kind, written = kinds.pop(), query.expression.written(name.start, name.end)
    if kind in (_Kind.PART, _Kind.OTHER):
        message, advice = _without_buckets(function, written, metrics[0])
        untyped = metrics[0].type == "untyped"
        severity = Severity.WARNING if untyped else Severity.ERROR
        yield Remark(name.start, name.end, message, advice, lower(severity) if evidence.doubt else severity)
    elif kind in (_Kind.BUCKETS, _Kind.LIKE) and found.dropped_by is not None:
        op = found.dropped_by.op
        message = f'{op.text} drops the label "le", by which {function} finds the buckets of "{written}"'
        yield Remark(op.start, op.end, message, _with_le(query, found.dropped_by))
    elif kind in (_Kind.BUCKETS, _Kind.NATIVE) and found.raw:
        message = f'"{written}" is read as it stands: this is the quantile of all the time since the last restart'
        yield Remark(name.start, name.end, message, f"write rate({written}[5m])", Severity.WARNING)


def _kind(metric: Metric) -> _Kind:
    if metric.family is None:
        return _Kind.BUCKETS if metric.name.endswith("_bucket") else _Kind.UNKNOWN
    if metric.family.type == "histogram":
        if metric.name == metric.family.name:
            return _Kind.NATIVE
        return _Kind.BUCKETS if metric.name.endswith("_bucket") else _Kind.PART
    return _Kind.LIKE if metric.labels.may_have("le") else _Kind.OTHER


def _without_buckets(function: str, written: str, metric: Metric) -> tuple[str, str]:
    family = metric.family
    if family is not None and family.type == "histogram":
        return f'"{written}" has no buckets for {function}', f"write rate({family.name}_bucket[5m])"
    if family is not None and family.type == "summary" and metric.name == family.name:
        return f'"{written}" is a summary, and has no buckets', f'its quantiles are finished: {written}{{quantile="…"}}'
    return f'"{written}" is of type {metric.type}, and has no buckets', ""


def _with_le(query: Query, aggregation: Aggregation) -> str:
    labels = [query.expression.written(label.start, label.end) for label in aggregation.labels]
    if aggregation.grouping == "without":
        return f"write {aggregation.op.text} without ({', '.join(label for label in labels if label != 'le')})"
    return f"write {aggregation.op.text} by ({', '.join((*labels, 'le'))})"


CHECKS = both("histogram", Severity.ERROR, __doc__, look, needs_snapshot=False)
