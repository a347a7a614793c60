"""Where the buckets come from that a function of histograms reads, and what becomes of them on the way."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.checks.reading.values import hands_on
from bot.promql.expression import Expression
from bot.promql.functions import Type, argument_type
from bot.promql.tree import Aggregation, Binary, Call, Node, Paren, Selector, String, Subquery, Unary, bare, is_scalar

_LE = "le"
_KEEPS_LABELS = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))
_SETS_LABEL = frozenset(("label_replace", "label_join"))
_AS_IT_STANDS = frozenset(("last_over_time", "first_over_time", "max_over_time", "min_over_time", "avg_over_time"))


class Buckets(NamedTuple):
    """A selector that buckets come from."""

    selector: Selector
    raw: bool
    """Whether the counts are those since the exporter started."""
    dropped_by: Aggregation | None = None
    """The innermost aggregation that drops the label `le`."""


def buckets(node: Node, expression: Expression) -> Iterator[Buckets]:
    """The selectors below the operand of histogram_quantile, as far as its buckets can be followed."""
    match node:
        case Selector():
            yield Buckets(node, raw=True)
        case Paren() | Unary() | Subquery():
            yield from buckets(node.expr, expression)
        case Aggregation():
            drops = node if _drops(node, expression) else None
            for found in buckets(node.expr, expression):
                yield found._replace(dropped_by=found.dropped_by or drops)
        case Call():
            yield from _of_call(node, expression)
        case Binary():
            yield from _of_operator(node, expression)


def _drops(node: Aggregation, expression: Expression) -> bool:
    listed = {label.text for label in node.labels}
    # A variable in the list may be le itself; VictoriaMetrics has buckets by vmrange.
    if node.op.text in _KEEPS_LABELS or "vmrange" in listed or any(expression.glob(label) for label in listed):
        return False
    return (_LE in listed) is (node.grouping == "without")


def _of_call(node: Call, expression: Expression) -> Iterator[Buckets]:
    name = node.function.text
    index = 1 if name == "quantile_over_time" else 0
    if index >= len(node.args):
        return
    if argument_type(name, index) == Type.MATRIX:
        for found in buckets(node.args[index], expression):
            yield found._replace(raw=name in _AS_IT_STANDS)
    elif hands_on(node, node.args[0]) and not (name in _SETS_LABEL and _target(node) == _LE):
        yield from buckets(node.args[0], expression)


def _target(node: Call) -> str:
    label = bare(node.args[1]) if len(node.args) > 1 else None
    return label.value if isinstance(label, String) else _LE


def _of_operator(node: Binary, expression: Expression) -> Iterator[Buckets]:
    for child in (node.left, node.right):
        differs = node.op.text == "-" and child is node.left and not is_scalar(node.right)
        if not is_scalar(child) and (differs or hands_on(node, child)):
            for found in buckets(child, expression):
                yield found._replace(raw=found.raw and not differs)
