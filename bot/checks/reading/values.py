"""How a value travels up an expression: which parts return, in kind, what their operand holds.

A sum of counters is still a value that only grows, and so is its double; the difference of two counters, or how many
series there are, is something else.
"""

import re
from collections.abc import Iterator

from bot.promql.bounds import mirrored
from bot.promql.tree import (
    COMPARISONS,
    Aggregation,
    Binary,
    Call,
    Node,
    Number,
    Paren,
    String,
    Subquery,
    Unary,
    bare,
    children,
    is_scalar,
)

RATES = frozenset(("rate", "irate", "increase"))
"""Functions that know what a counter is."""
CLOCK = re.compile(r"uptime|(?:_created|_timestamp|_timestamp_seconds|_(?:start|boot)_time(?:_seconds)?)$")
"""Names of metrics that are read as they stand, even where their TYPE is counter."""

_CALLS = frozenset(
    (
        *("abs", "ceil", "floor", "round", "clamp", "clamp_max", "clamp_min", "label_replace", "label_join"),
        *("sort", "sort_desc", "sort_by_label", "sort_by_label_desc"),
        # Nobody averages over time what only grows: a counter by its TYPE is then a gauge in truth.
        *("last_over_time", "first_over_time", "max_over_time", "min_over_time"),
    )
)
_AGGREGATIONS = frozenset(("sum", "avg", "min", "max", "topk", "bottomk", "limitk", "limit_ratio", "quantile"))


def hands_on(parent: Node, child: Node) -> bool:
    """Whether a part returns, in kind, what its operand holds, which must be a vector."""
    match parent:
        case Paren() | Unary() | Subquery():
            return True
        case Aggregation():
            return parent.op.text in _AGGREGATIONS and child is parent.expr
        case Call():
            return parent.function.text in _CALLS
        case Binary():
            return _operator_hands_on(parent, child)
        case _:
            return False


def _operator_hands_on(parent: Binary, child: Node) -> bool:
    other, op = other_side(parent, child), parent.op.text
    if parent.returns_bool:
        return False
    if is_scalar(other):
        # Nothing is left of a value that is multiplied by 0, an old way to join labels.
        kept = op in ("+", "*") or (op == "/" and child is parent.left)
        return op in COMPARISONS or (kept and not (op == "*" and constant(other) == 0))
    if op == "*":
        # A join with an info metric: the side of the many keeps its values.
        return bool(parent.group) and child is (parent.left if parent.group == "left" else parent.right)
    return op in ("+", "or") or (child is parent.left and (op in COMPARISONS or op in ("and", "unless")))


def other_side(parent: Binary, child: Node) -> Node:
    """The operand that is not this one."""
    return parent.right if child is parent.left else parent.left


def turned(comparison: Binary, child: Node) -> str:
    """A comparison's operator as it reads with this operand on the left."""
    op = comparison.op.text
    return op if child is comparison.left else mirrored(op)


def climb(node: Node, parents: tuple[Node, ...]) -> Iterator[tuple[int, Node, Node]]:
    """The parents that a value reaches: index, parent and the operand below it, from the inside out.

    The last is the first that does not hand it on.
    """
    for index in range(len(parents) - 1, -1, -1):
        parent = parents[index]
        yield index, parent, node
        if not hands_on(parent, node):
            return
        node = parent


def is_result(node: Node, parents: tuple[Node, ...]) -> bool:
    """Whether a value travels all the way up."""
    return all(hands_on(parent, child) for _, parent, child in climb(node, parents))


def sources(node: Node) -> Iterator[Node]:
    """The other way: where the values that a part returns come from, be they selectors or calls or what else."""
    below = [child for child in children(node) if hands_on(node, child) and not _is_plain(child)]
    if not below:
        yield node
    for child in below:
        yield from sources(child)


def _is_plain(node: Node) -> bool:
    return isinstance(bare(node), String) or is_scalar(node)


def constant(node: Node) -> float | None:
    """The value of a number that is written out, or of arithmetic with such."""
    node = bare(node)
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Unary):
        value = constant(node.expr)
        return -value if value is not None and node.op == "-" else value
    if not isinstance(node, Binary):
        return None
    left, right = constant(node.left), constant(node.right)
    if left is None or right is None:
        return None
    match node.op.text:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right if right else None
    return None
