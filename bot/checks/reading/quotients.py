"""What becomes of a quotient whose denominator is zero: +Inf, or NaN if the numerator is zero with it."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.catalog.queries import Query
from bot.checks.reading.values import other_side, turned
from bot.model import Severity
from bot.promql.bounds import exactly
from bot.promql.expression import metric_of
from bot.promql.labels import NAME
from bot.promql.tree import (
    COMPARISONS,
    Aggregation,
    Binary,
    Call,
    Node,
    Paren,
    Selector,
    String,
    Unary,
    bare,
    is_scalar,
)
from bot.promql.values import Values

_SPOILED = {
    "sum": "sum",
    "avg": "average",
    "stddev": "deviation",
    "stdvar": "deviation",
    "sum_over_time": "sum",
    "avg_over_time": "average",
}
"""What one NaN makes NaN."""
_ENDS = frozenset(("count", "group", "count_values", "absent", "absent_over_time", "count_over_time"))
"""What does not look at values."""
_LOWEST = frozenset(("min", "min_over_time"))
"""What leaves +Inf and NaN out if it can."""
_PARTS = ("_sum", "_count", "_bucket")


class Effect(NamedTuple):
    """Why a denominator of zero matters."""

    words: str
    severity: Severity


def effect_of(query: Query, values: Values, node: Binary, parents: tuple[Node, ...], *, is_nan: bool) -> Effect | None:
    """What a denominator of zero does to the result; None where it only leaves a gap."""
    child: Node = node
    negative = False
    for index in range(len(parents) - 1, -1, -1):
        parent = parents[index]
        name = _name(parent)
        if name in _ENDS or (name in _LOWEST and not negative and _merges(query, parent, child)):
            return None
        if name in _SPOILED and _merges(query, parent, child):
            value = "NaN" if is_nan else "+Inf or NaN"
            severity = Severity.WARNING if query.rule and query.rule.alert else Severity.INFO
            return Effect(f"the quotient is {value}, which spoils the whole {_SPOILED[name]}", severity)
        if isinstance(parent, Binary):
            if parent.op.text in COMPARISONS:
                return _compared(query, parent, child, parents[:index], is_nan=is_nan, negative=negative)
            if not _goes_on(parent, child):
                return None
        negative ^= _turns(values, parent, child)
        child = parent
    return None


def _merges(query: Query, parent: Node, child: Node) -> bool:
    """Whether several series, or one at several times, become one."""
    possible, kept = query.labels(child).possible, query.labels(parent).possible or frozenset()
    return isinstance(parent, Call) or possible is None or bool(possible - kept - {NAME, "job"})


def _name(node: Node) -> str:
    return node.op.text if isinstance(node, Aggregation) else node.function.text if isinstance(node, Call) else ""


def _goes_on(parent: Binary, child: Node) -> bool:
    """Whether the value of an operand is seen in the result: not behind `and`, nor as +Inf below a line."""
    return child is parent.left or parent.op.text in ("+", "-", "*", "or")


def _turns(values: Values, parent: Node, child: Node) -> bool:
    """Whether a parent makes -Inf of +Inf."""
    match parent:
        case Unary():
            return parent.op == "-"
        case Binary() if parent.op.text == "-":
            return child is parent.right
        case Binary() if parent.op.text in ("*", "/"):
            return values.of(other_side(parent, child)).high < 0
        case _:
            return False


def _compared(
    query: Query, parent: Binary, child: Node, parents: tuple[Node, ...], *, is_nan: bool, negative: bool
) -> Effect | None:
    if query.rule is None or query.rule.alert is None or parent.returns_bool:
        return None
    op = turned(parent, child)
    if op != "!=" and not is_nan and op not in ((">", ">=") if not negative else ("<", "<=")):
        return None
    below: Node = parent
    for above in reversed(parents):
        if isinstance(above, Binary) and above.op.text == "unless" and below is above.right:
            return None
        below = above
    if is_nan and op != "!=":
        return Effect("the result is NaN and the alert stays silent", Severity.INFO)
    if is_nan:
        return Effect("the result is NaN and the alert fires", Severity.WARNING)
    value = "-Inf" if negative else "+Inf"
    return Effect(f"whatever is divided by it makes {value} and the alert fires", Severity.WARNING)


def is_part_of(numerator: Node, denominator: Node) -> bool:
    """Whether the numerator is zero wherever the denominator is: both count the same things, the latter all of them."""
    whole = list(_addends(denominator))
    return any(_all_within(factor, whole) for factor in _factors(numerator))


def _all_within(numerator: Node, whole: list[Selector]) -> bool:
    parts = list(_addends(numerator))
    return bool(parts) and all(any(_is_within(part, one) for one in whole) for part in parts)


def _factors(node: Node) -> Iterator[Node]:
    node = bare(node)
    if isinstance(node, Binary) and node.op.text == "*":
        yield from _factors(node.left)
        yield from _factors(node.right)
    elif isinstance(node, Binary) and node.op.text in ("/", "-", "and", "unless"):
        yield from _factors(node.left)
    elif isinstance(node, Aggregation) and isinstance(bare(node.expr), Binary):
        yield from _factors(node.expr)
    else:
        yield node


def _addends(node: Node) -> Iterator[Selector]:
    """The selectors whose series are added up, through rates and sums."""
    match node:
        case Selector():
            yield node
        case Paren() | Aggregation():
            yield from _addends(node.expr)
        case Call():
            for arg in node.args:
                if not is_scalar(arg) and not isinstance(bare(arg), String):
                    yield from _addends(arg)
        case Binary() if node.op.text in ("+", "or"):
            yield from _addends(node.left)
            yield from _addends(node.right)
        case Binary() if is_scalar(node.left) or is_scalar(node.right) or node.op.text in ("and", "unless"):
            yield from _addends(node.right if is_scalar(node.left) else node.left)
        case Binary() if node.op.text in ("*", "/"):
            yield from _addends(node.left)
        case _:
            return


def _is_within(part: Selector, whole: Selector) -> bool:
    if _stem(part) != _stem(whole):
        return False
    asked = {(m.label.text, m.op, m.value.text) for m in part.matchers}
    return all((m.label.text, m.op, m.value.text) in asked for m in whole.matchers)


def _stem(selector: Selector) -> str:
    """The metric; of the parts of a histogram or a summary, what they have in common."""
    name = metric_of(selector)
    part = next((part for part in _PARTS if name.endswith(part)), "")
    return name.removesuffix(part)


def is_guarded(query: Query, values: Values, node: Binary) -> bool:
    """Whether the expression asks anywhere else that what stands in the denominator is not zero."""
    metrics = {metric_of(one) for one, _ in _selectors(query, node.right)}
    for other, parents in query.expression.binaries:
        compared = None if other.start <= node.start < other.end else values.comparison(other)
        if compared is None or other.returns_bool:
            continue
        operand, op, limit = compared
        if metrics & {metric_of(one) for one, _ in _selectors(query, operand)}:
            taken = any(isinstance(parent, Binary) and parent.op.text == "unless" for parent in parents)
            if exactly(0).can(op, limit) == taken:
                return True
    return False


def _selectors(query: Query, node: Node) -> list[tuple[Selector, tuple[Node, ...]]]:
    return [found for found in query.expression.selectors if node.start <= found[0].start < node.end]
