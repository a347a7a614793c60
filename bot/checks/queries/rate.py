"""rate, irate and increase are taken of counters, delta and its like of gauges, and over two scrapes at least.

rate() takes every fall for a restart of the exporter: of a gauge that falls from 10 to 9 it makes a growth of 9.
delta(), deriv() and predict_linear() know nothing of restarts, so a counter that starts again looks like a fall. All
of them need two samples: over a range no longer than the scrape interval they return nothing, and over less than two
they have gaps. The interval is the entry's scrape.interval, or Prometheus' default of a minute.

Bad:

    expr: rate(redis_connected_clients[5m]) > 10

Good:

    expr: deriv(redis_connected_clients[5m]) > 10
"""

from collections.abc import Iterator

from bot.catalog.evidence import Evidence, Metric, Origin
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, both, lower
from bot.checks.reading.too_short import too_short
from bot.checks.reading.values import CLOCK, RATES, sources
from bot.model import Severity
from bot.promql.expression import place_of
from bot.promql.tree import Aggregation, Call, Node, Selector, Subquery, bare

_FOR_GAUGES = {"rate": "deriv", "irate": "idelta", "increase": "delta"}
_FOR_COUNTERS = {"deriv": "rate", "idelta": "irate", "delta": "increase"}
_OF_GAUGES = frozenset((*_FOR_COUNTERS, "predict_linear", "holt_winters", "double_exponential_smoothing"))
_COUNTS = frozenset(("count", "group", "count_values"))
_YEAR_2001 = 1e9
"""In seconds since 1970."""
_NEVER_COUNTERS = ("_info", "_ratio", "_percent", "_celsius")


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """Remarks on what such a function is taken of, and over which range."""
    for call, _ in query.expression.calls:
        function = call.function.text
        if not call.args or (function not in RATES and function not in _OF_GAUGES):
            continue
        operand = bare(call.args[0])
        if isinstance(operand, Selector | Subquery) and operand.range:
            yield from too_short(query, call, operand, operand.range, evidence)
            wrong = _no_counter if function in RATES else _no_gauge
            found = (operand,) if isinstance(operand, Selector) else sources(operand)
            yield from [remark for source in found for remark in wrong(query, call, source, evidence)][:1]


def _no_counter(query: Query, call: Call, source: Node, evidence: Evidence) -> Iterator[Remark]:
    function = call.function.text
    better = _FOR_GAUGES[function]
    if isinstance(source, Call) and source.function.text in RATES:
        what = source.function
        message = f"{function} is taken of what {what.text} returns, which is no counter"
        yield Remark(what.start, what.end, message, f"{better} follows what rises and falls")
    elif isinstance(source, Aggregation) and source.op.text in _COUNTS:
        what = source.op
        message = f"{function} is taken of a {what.text}, which is no counter"
        yield Remark(what.start, what.end, message, f"{better} follows what rises and falls")
    elif isinstance(source, Selector):
        metrics = evidence.metrics_of(query.expression, source)
        if metrics and all(_is_gauge(metric, evidence) for metric in metrics):
            certain = Severity.ERROR if all(_can_fall(metric) for metric in metrics) else Severity.WARNING
            wrong = f"is a gauge: {function} takes each fall for a restart"
            yield _of_metric(query, call, source, wrong, better, _doubted(certain, metrics, evidence))


def _no_gauge(query: Query, call: Call, source: Node, evidence: Evidence) -> Iterator[Remark]:
    metrics = evidence.metrics_of(query.expression, source) if isinstance(source, Selector) else ()
    if isinstance(source, Selector) and metrics and all(_is_counter(metric) for metric in metrics):
        wrong = f"is a counter: {call.function.text} takes a restart for a fall"
        better = _FOR_COUNTERS.get(call.function.text, "")
        yield _of_metric(query, call, source, wrong, better, _doubted(Severity.WARNING, metrics, evidence))


def _of_metric(query: Query, call: Call, source: Selector, wrong: str, better: str, severity: Severity) -> Remark:
    _, start, end = place_of(source)
    name, function = query.expression.written(start, end), call.function.text
    if not better:
        advice = f"take it of a rate: {function}(rate({name}[5m])[1h:], …)"
    elif source.range is None:
        advice = f"write {better} in place of {function}"
    else:
        advice = f"write {better}({name}{query.expression.written(source.range.start, source.range.end)})"
    return Remark(start, end, f'"{name}" {wrong}', advice, severity)


def _doubted(severity: Severity, metrics: tuple[Metric, ...], evidence: Evidence) -> Severity:
    return lower(severity) if evidence.doubt and metrics[0].origin == Origin.SNAPSHOT else severity


def _is_gauge(metric: Metric, evidence: Evidence) -> bool:
    """Whether a metric is known as a gauge. One that is named as a counter is left alone: either may be wrong."""
    if metric.origin == Origin.RECORDED:
        found = [source for formula in evidence.formulas.get(metric.name, ()) for source in sources(formula)]
        return bool(found) and all(_returns_a_gauge(source, evidence) for source in found)
    if metric.type == "gauge":
        return not metric.name.endswith("_total") and not _is_clock(metric)
    return metric.origin == Origin.PROMETHEUS


def _is_clock(metric: Metric) -> bool:
    """Whether a gauge is the time of day, which only grows: its rate tells how well a clock runs."""
    return (
        metric.name.endswith("_time_seconds")
        and not CLOCK.search(metric.name)
        and all(sample.value > _YEAR_2001 for sample in metric.samples)
    )


def _returns_a_gauge(source: Node, evidence: Evidence) -> bool:
    if isinstance(source, Selector):
        return source.name is not None and evidence.metric(source.name.text).type == "gauge"
    return isinstance(source, Call) and source.function.text in RATES


def _can_fall(metric: Metric) -> bool:
    """Whether a gauge is one beyond doubt: many an exporter calls its counters gauges."""
    return (
        metric.origin == Origin.PROMETHEUS
        or metric.name.endswith(_NEVER_COUNTERS)
        or any(sample.value < 0 for sample in metric.samples)
    )


def _is_counter(metric: Metric) -> bool:
    return metric.type == "counter" and not CLOCK.search(metric.name)


CHECKS = both("rate", Severity.WARNING, __doc__, look, needs_snapshot=False)
