"""A counter is not compared, drawn or mixed with rates as it stands.

A counter says how much there has been since the exporter started. Against a fixed threshold it fires in the end and
then stays, until a restart silences it; on a graph it only climbs, whatever happens now. rate() and increase() say
what happens now. A counter that merely has to be there, as in `and` or `count`, is left alone, and so are the
difference of two counters and a time of start. Whether something ever happened may be asked of the counter itself,
and a panel of single numbers may show a total: there this is advice.

Bad:

    expr: redis_rejected_connections_total > 5

Good:

    expr: increase(redis_rejected_connections_total[10m]) > 5
"""

from collections.abc import Iterator

from bot.catalog.evidence import Evidence
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, both
from bot.checks.reading.values import CLOCK, RATES, climb, constant, hands_on, is_result, other_side, sources, turned
from bot.model import SEVERITIES, Severity
from bot.promql.expression import metric_of, place_of
from bot.promql.tree import COMPARISONS, SET_OPERATORS, Binary, Call, Node, Selector

_GRAPHS = frozenset(("timeseries", "graph", "trend"))


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each comparison, mixture or graph that takes a counter as it stands; the first counter speaks."""
    if query.variable is not None:
        return
    said: set[int] = set()
    for selector, parents in query.expression.selectors:
        # Most are below rate(): what follows takes longer.
        if parents and isinstance(parents[-1], Call) and not hands_on(parents[-1], selector):
            continue
        certain = _certainty(query, evidence, selector)
        for where, remark in _uses(query, selector, parents) if certain else ():
            if id(where) not in said:
                said.add(id(where))
                yield remark._replace(severity=max(remark.severity or certain, certain, key=SEVERITIES.index))


def _certainty(query: Query, evidence: Evidence, selector: Selector) -> Severity | None:
    """How much can be said if the series are counters; None where they are none or nobody knows."""
    metrics = evidence.metrics_of(query.expression, selector)
    types = {metric.type for metric in metrics}
    if types not in ({"counter"}, {"untyped"}) or any(CLOCK.search(metric.name) for metric in metrics):
        return None
    if types == {"counter"}:
        return Severity.WARNING
    return Severity.INFO if all(metric.name.endswith("_total") for metric in metrics) else None


def _uses(query: Query, selector: Selector, parents: tuple[Node, ...]) -> Iterator[tuple[Node, Remark]]:
    """Where the selector's value ends up, and what there is to say if it is a counter."""
    for index, parent, child in climb(selector, parents):
        if not isinstance(parent, Binary) or parent.op.text in SET_OPERATORS:
            continue
        threshold = constant(other_side(parent, child)) if parent.op.text in COMPARISONS else None
        if threshold is None:
            if any(_is_rate(source) for source in sources(other_side(parent, child))):
                yield parent, _mixed(query, selector)
        elif query.panel is None:
            remark = _compared(query, selector, turned(parent, child), threshold)
            weighed = _weighed(remark, parent, parents[:index]) if remark else None
            if weighed is not None:
                yield parent, weighed
    panel, target = query.panel, query.target
    if panel and target and not target.hidden and not panel.display.altered and is_result(selector, parents):
        graph = panel.type in _GRAPHS and not target.instant
        yield query.expression.tree, _drawn(query, selector, graph=graph)


def _is_rate(node: Node) -> bool:
    return isinstance(node, Call) and node.function.text in RATES


def _weighed(remark: Remark, comparison: Binary, above: tuple[Node, ...]) -> Remark | None:
    """The remark, less severe on a side condition; None on a guard, as of a division."""
    for _, parent, child in climb(comparison, above):
        if isinstance(parent, Binary) and parent.op.text not in SET_OPERATORS:
            return None
        if isinstance(parent, Binary) and parent.op.text != "or" and child is parent.right:
            return remark._replace(severity=Severity.INFO) if remark.severity is None else None
    return remark


def _compared(query: Query, selector: Selector, op: str, threshold: float) -> Remark | None:
    name = _written(query, selector)
    happened = (op in (">", "!=") and threshold == 0) or (op == ">=" and 0 < threshold <= 1)
    if happened:
        return _remark(
            selector,
            f'"{name}" stays above 0 after the first time, so this holds until the next restart',
            f"increase({name}[1h]) > 0 asks about the last hour alone",
            Severity.INFO,
        )
    if threshold < 0 or (threshold == 0 and op != ">") or (threshold <= 1 and op in ("<", "<=")):
        return None
    return _remark(
        selector,
        f'"{name}" is a counter, compared as it stands: it only grows until the next restart',
        f"compare its growth: increase({name}[10m]) or rate({name}[5m])",
    )


def _mixed(query: Query, selector: Selector) -> Remark:
    name = _written(query, selector)
    return _remark(
        selector,
        f'"{name}" is a counter, and stands as it is beside a rate',
        f"write rate({name}[5m]), with the range of the other side",
    )


def _drawn(query: Query, selector: Selector, *, graph: bool) -> Remark:
    name = _written(query, selector)
    if graph:
        message = f'"{name}" is a counter, drawn as it stands: the graph only climbs, whatever happens now'
        return _remark(selector, message, f"draw rate({name}[$__rate_interval])")
    message = f'"{name}" is a counter: this shows the total since the last restart'
    return _remark(selector, message, f"increase({name}[$__range]) counts over the time on display", Severity.INFO)


def _remark(selector: Selector, message: str, advice: str, severity: Severity | None = None) -> Remark:
    place = place_of(selector)
    return Remark(place.start, place.end, message, advice, severity)


def _written(query: Query, selector: Selector) -> str:
    name = selector.name
    return query.expression.written(name.start, name.end) if name else metric_of(selector)


CHECKS = both("counter", Severity.WARNING, __doc__, look)
