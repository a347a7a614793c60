"""Rates are taken first and summed up then, never the other way round.

A counter that starts again from zero is understood by rate(), but only where it sees that counter. In a sum, the
restart of one target is a fall of the whole, which rate() takes for a restart of everything: it answers with a spike
as high as the whole sum. That is so in a subquery and in a recording rule alike.

Bad:

    expr: rate(sum(redis_commands_processed_total)[5m:]) > 1000

Good:

    expr: sum(rate(redis_commands_processed_total[5m])) > 1000
"""

from collections.abc import Iterable, Iterator

from bot.catalog.evidence import Evidence, Origin
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, both
from bot.checks.reading.values import RATES, hands_on, sources
from bot.model import Severity
from bot.promql.tree import Aggregation, Binary, Call, Name, Node, Selector, Subquery, bare, children, is_scalar

_SUMS = frozenset(("sum", "avg"))


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each rate of what was summed up before."""
    for call, _ in query.expression.calls:
        operand = bare(call.args[0]) if call.function.text in RATES and call.args else None
        if isinstance(operand, Subquery):
            yield from _in_subquery(query, call, operand, evidence)
        elif isinstance(operand, Selector) and operand.name and operand.name.text in evidence.formulas:
            yield from _recorded(call, operand.name, evidence)


def _in_subquery(query: Query, call: Call, operand: Subquery, evidence: Evidence) -> Iterator[Remark]:
    merger = _merger(operand.expr)
    if merger is None or not _may_count(sources(operand), evidence):
        return
    function, op = call.function.text, merger.op
    advice = f"take the {function} of each counter, and put them together then"
    if isinstance(merger, Aggregation) and isinstance(inner := bare(merger.expr), Selector) and inner.name:
        counter = query.expression.written(inner.name.start, inner.name.end) + ("{…}" if inner.matchers else "")
        length = query.expression.written(operand.range.start + 1, operand.range.end - 1).partition(":")[0]
        labels = ", ".join(query.expression.written(label.start, label.end) for label in merger.labels)
        grouping = f" {merger.grouping} ({labels}) " if merger.grouping else ""
        advice = f"write {op.text}{grouping}({function}({counter}[{length}]))"
    yield Remark(
        op.start,
        op.end,
        f'"{op.text}" stands inside {function}: the restart of one target looks like a restart of all',
        advice,
        _severity(merger),
    )


def _recorded(call: Call, name: Name, evidence: Evidence) -> Iterator[Remark]:
    formulas, function = evidence.formulas[name.text], call.function.text
    found = [merger for formula in formulas if (merger := _merger(formula))]
    if not found or len(found) < len(formulas) or evidence.metric(name.text).origin != Origin.RECORDED:
        return
    read = [source for formula in formulas for source in sources(formula)]
    if _may_count(read, evidence):
        certain = all(_type(source, evidence) == "counter" for source in read)
        op = "sum" if isinstance(found[0], Binary) else found[0].op.text
        yield Remark(
            name.start,
            name.end,
            f'"{name.text}" records the {op} of counters: {function} takes the restart of one target for one of all',
            f"record {op}({function}(…)) instead",
            _severity(found[0]) if certain else Severity.WARNING,
        )


def _merger(node: Node) -> Aggregation | Binary | None:
    """What makes one value of several, on the way that values take."""
    if isinstance(node, Aggregation) and hands_on(node, node.expr):
        return node
    if isinstance(node, Binary) and node.op.text == "+" and not is_scalar(node.left) and not is_scalar(node.right):
        return node
    below = (_merger(child) for child in children(node) if hands_on(node, child))
    return next((merger for merger in below if merger), None)


def _severity(merger: Aggregation | Binary) -> Severity:
    """Of the highest counter, or of the first five, nobody knows what was meant."""
    return Severity.ERROR if isinstance(merger, Binary) or merger.op.text in _SUMS else Severity.WARNING


def _may_count(found: Iterable[Node], evidence: Evidence) -> bool:
    """Whether some of it can be a counter; the check named rate speaks of gauges."""
    return any(isinstance(source, Selector) and _type(source, evidence) != "gauge" for source in found)


def _type(source: Node, evidence: Evidence) -> str:
    return evidence.metric(source.name.text).type if isinstance(source, Selector) and source.name else ""


CHECKS = both("aggregate-before-rate", Severity.ERROR, __doc__, look, needs_snapshot=False)
