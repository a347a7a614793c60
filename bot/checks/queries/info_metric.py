"""An info metric is not compared with what it never, or always, is.

The value of an info metric is always 1; what it says stands in its labels. `== 0` or `!= 1` never holds, so the alert
never fires; `> 0` always does. The series of an exporter that is down are not 0, they are gone: `absent` or `up`
tells that. Multiplying by an info metric to add its labels is right.

Bad:

    expr: redis_instance_info{role="master"} == 0

Good:

    expr: absent(redis_instance_info{role="master"})
"""

from collections.abc import Iterator

from bot.catalog.evidence import Evidence, Metric
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, both
from bot.checks.reading.values import constant, turned
from bot.model import Severity
from bot.promql.tree import COMPARISONS, Aggregation, Call, Node, Paren, Selector

_KEEPS_ONE = frozenset(
    (
        *("label_replace", "label_join", "sort", "sort_desc", "abs", "ceil", "floor", "round"),
        *("last_over_time", "max_over_time", "min_over_time", "avg_over_time", "present_over_time"),
    )
)
_ONE = frozenset(("max", "min", "avg", "group", "topk", "bottomk"))
_ONE_OR_MORE = frozenset(("sum", "count"))


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each comparison of an info metric whose outcome is known beforehand."""
    for comparison, _ in query.expression.binaries:
        if comparison.op.text not in COMPARISONS:
            continue
        side, value = comparison.left, constant(comparison.right)
        if value is None:
            side, value = comparison.right, constant(comparison.left)
        op = turned(comparison, side)
        selector, exact = _one(side, exact=True)
        holds = None if value is None or selector is None else _holds(op, value, exact=exact)
        if selector is None or holds is None or (holds and (op == "==" or not exact)):
            continue
        metrics = evidence.metrics_of(query.expression, selector)
        if metrics and all(_is_info(metric) for metric in metrics):
            name = query.expression.written(selector.start, selector.name.end if selector.name else selector.end)
            yield Remark(
                comparison.op.start,
                comparison.op.end,
                f'"{name}" is an info metric, always 1: "{op} {value:g}" {"always" if holds else "never"} holds',
                "ask for its labels in matchers alone" if holds else f"absent({name}) tells that it is gone",
                Severity.INFO if holds else None,
            )


def _one(node: Node, *, exact: bool) -> tuple[Selector | None, bool]:
    """The selector whose value of 1 a part returns, and whether it is 1 exactly or at least."""
    match node:
        case Selector():
            return node, exact
        case Paren():
            return _one(node.expr, exact=exact)
        case Call() if node.function.text in _KEEPS_ONE and node.args:
            return _one(node.args[0], exact=exact)
        case Aggregation() if node.op.text in _ONE:
            return _one(node.expr, exact=exact)
        case Aggregation() if node.op.text in _ONE_OR_MORE:
            return _one(node.expr, exact=False)
        case _:
            return None, exact


def _holds(op: str, value: float, *, exact: bool) -> bool | None:
    """Whether 1, or anything from 1 upwards, compares so with a value; None where it depends."""
    outcomes = {
        "==": value == 1,
        "!=": value != 1,
        ">": value < 1,
        ">=": value <= 1,
        "<": value > 1,
        "<=": value >= 1,
    }
    # Of the larger numbers all agree only where the value is below every one of them.
    return outcomes[op] if exact or value < 1 or (value == 1 and op in ("<", ">=")) else None


def _is_info(metric: Metric) -> bool:
    return metric.name.endswith("_info") and bool(metric.samples) and all(s.value == 1 for s in metric.samples)


CHECKS = both("info-metric", Severity.WARNING, __doc__, look)
