"""Set operators that leave nothing, or whose right side is never used; and what is asked to be there and absent."""

from collections.abc import Iterator

from bot.catalog.queries import Query
from bot.checks.reading.excerpts import same, short
from bot.checks.reading.remarks import Remark
from bot.model import Severity
from bot.promql.labels import NAME
from bot.promql.tree import COMPARISONS, Aggregation, Binary, Call, Node, Paren, Selector, bare, is_scalar


def dead_sets(query: Query) -> Iterator[Remark]:
    """A remark for each."""
    asks = any(call.function.text == "absent" for call, _ in query.expression.calls)
    for node, _ in query.expression.binaries:
        if node.op.text == "unless":
            yield from _takes_all_away(query, node)
        elif node.op.text == "or":
            yield from _adds_nothing(query, node)
        elif asks:
            yield from _absent_and_there(query, node)


def _takes_all_away(query: Query, node: Binary) -> Iterator[Remark]:
    """`x unless x`: every series of the left side is one of the right."""
    kept, taken = _filtered(node.left), bare(node.right)
    selected = isinstance(kept, Selector) and isinstance(taken, Selector) and _is_within(kept, taken)
    if selected or same(query, node.left, node.right):
        message = f'every series of "{short(query, node.left)}" is one of "{short(query, node.right)}"'
        yield Remark(node.start, node.end, f"{message}, so unless leaves none", "name what should take series away")


def _adds_nothing(query: Query, node: Binary) -> Iterator[Remark]:
    """`x or x`; and `vector(0) or sum(x)`, where the left side is always there."""
    if node.matching:
        return
    left, right = bare(node.left), bare(node.right)
    if same(query, left, right):
        message = f'"{short(query, right)}" stands on both sides of or'
        yield Remark(right.start, right.end, message, "leave one out", Severity.WARNING)
    elif isinstance(left, Call) and left.function.text == "vector":
        possible = query.labels(right).possible
        if possible is not None and possible <= {NAME}:
            message = f'"{short(query, right)}" is never used: "{short(query, left)}" is always there in its place'
            help_ = f"turn them round: {short(query, right)} or {short(query, left)}"
            yield Remark(right.start, right.end, message, help_)


def _absent_and_there(query: Query, node: Binary) -> Iterator[Remark]:
    gone = absent_and_there(node)
    if gone is not None:
        message = f'"{short(query, gone)}" is never absent and there at the same time'
        yield Remark(node.start, node.end, message, "for either of the two, write or")


def absent_and_there(node: Binary) -> Selector | None:
    """What an operator needs to be both absent and there."""
    if node.op.text in ("or", "unless") or node.filled:
        return None
    for one, other in ((node.left, node.right), (node.right, node.left)):
        gone = _gone(one)
        if gone is not None and any(_is_within(there, gone) for there in _needed(other)):
            return gone
    return None


def _gone(node: Node) -> Selector | None:
    """The selector that an absent() asks about."""
    call = bare(node)
    if isinstance(call, Call) and call.function.text == "absent" and len(call.args) == 1:
        selector = bare(call.args[0])
        return selector if isinstance(selector, Selector) else None
    return None


def _needed(node: Node) -> Iterator[Selector]:
    """Selectors without whose series, at this very time, a part returns nothing."""
    match node:
        case Selector():
            yield node
        case Paren() | Aggregation():
            yield from _needed(node.expr)
        case Call() if not node.function.text.startswith("absent") and node.function.text != "scalar":
            for arg in node.args[:1]:
                yield from _needed(arg)
        case Binary() if node.op.text != "or" and not node.filled:
            yield from _needed(node.left)
            if node.op.text != "unless":
                yield from _needed(node.right)


def _filtered(node: Node) -> Node:
    """What stands below comparisons with numbers."""
    node = bare(node)
    while isinstance(node, Binary) and node.op.text in COMPARISONS and not node.returns_bool:
        if is_scalar(node.right):
            node = bare(node.left)
        elif is_scalar(node.left):
            node = bare(node.right)
        else:
            break
    return node


def _is_within(one: Selector, other: Selector) -> bool:
    """Whether every series of one instant selector is one of the other's."""
    if one.range or other.range or one.moved or other.moved or one.name is None or other.name is None:
        return False
    asked = {(m.label.text, m.op, m.value.text) for m in one.matchers}
    return one.name.text == other.name.text and all((m.label.text, m.op, m.value.text) in asked for m in other.matchers)
