"""Which values an expression can return, as far as its text and a few facts about its metrics tell.

Rules: promql/functions.go and promql/engine.go of Prometheus 3.14.
"""

from collections.abc import Callable

from bot.promql.bounds import (
    ANY,
    NEVER_NEGATIVE,
    ZERO_OR_ONE,
    Bounds,
    computed,
    either,
    exactly,
    mirrored,
    negated,
)
from bot.promql.tree import (
    COMPARISONS,
    Aggregation,
    Binary,
    Call,
    Node,
    Number,
    Paren,
    Selector,
    String,
    Subquery,
    Unary,
    bare,
    is_scalar,
)

_ONE, _COUNT = exactly(1), Bounds(1, not_zero=True)
_OF_CALLS = {
    "absent": _ONE,
    "absent_over_time": _ONE,
    "present_over_time": _ONE,
    "count_over_time": _COUNT,
    "abs": NEVER_NEGATIVE,
    "changes": NEVER_NEGATIVE,
    "resets": NEVER_NEGATIVE,
    "sqrt": NEVER_NEGATIVE,
    "exp": NEVER_NEGATIVE,
    "stddev_over_time": NEVER_NEGATIVE,
    "stdvar_over_time": NEVER_NEGATIVE,
    "mad_over_time": NEVER_NEGATIVE,
    "histogram_count": NEVER_NEGATIVE,
    "sgn": Bounds(-1, 1),
    "time": Bounds(0, low_open=True),
    "minute": Bounds(0, 59),
    "hour": Bounds(0, 23),
    "day_of_week": Bounds(0, 6),
    "day_of_month": Bounds(1, 31, not_zero=True),
    "day_of_year": Bounds(1, 366, not_zero=True),
    "days_in_month": Bounds(28, 31, not_zero=True),
    "month": Bounds(1, 12, not_zero=True),
    "pi": exactly(3.141592653589793),
}
_KEEP = frozenset(
    (
        *("vector", "scalar", "label_replace", "label_join", "sort", "sort_desc", "sort_by_label"),
        *("sort_by_label_desc", "min_over_time", "max_over_time", "last_over_time", "first_over_time"),
        *("min", "max", "topk", "bottomk", "limitk", "limit_ratio"),
    )
)
_BETWEEN = frozenset(("avg", "quantile", "avg_over_time"))
"""What lies between values: zero between -1 and 1."""
_NEVER_NEGATIVE = frozenset(("rate", "irate", "increase", "ceil", "floor", "round"))
"""Of what is never negative itself."""


class Values:
    """The values of the parts of one expression.

    `of_selector` says what the series of a selector can be; `varies` which numbers stand for a variable.
    """

    def __init__(self, of_selector: Callable[[Selector], Bounds], varies: Callable[[Number], bool]) -> None:
        self._of_selector = of_selector
        self._varies = varies
        # By identity, as in labels.py.
        self._known: dict[int, tuple[Node, Bounds]] = {}

    def of(self, node: Node) -> Bounds:
        """What a part of the expression can be."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = node, self._of(node)
        return known[1]

    def constant(self, node: Node) -> float | None:
        """The number that a scalar always is; None where it is no such scalar."""
        return self.of(node).point if is_scalar(node) else None

    def comparison(self, node: Binary) -> tuple[Node, str, float] | None:
        """What is compared with a constant: the other operand, the operator as seen from it, the constant."""
        if node.op.text not in COMPARISONS:
            return None
        right = node.right
        limit = right.value if isinstance(right, Number) and not self._varies(right) else self.constant(right)
        if limit is not None:
            return node.left, node.op.text, limit
        limit = self.constant(node.left)
        return None if limit is None else (node.right, mirrored(node.op.text), limit)

    def _of(self, node: Node) -> Bounds:
        match node:
            case Number():
                return ANY if self._varies(node) else exactly(node.value)
            case Paren() | Subquery():
                return self.of(node.expr)
            case Unary():
                return negated(self.of(node.expr)) if node.op == "-" else self.of(node.expr)
            case Selector():
                return self._of_selector(node)
            case Aggregation():
                return self._aggregation(node)
            case Call():
                return self._call(node)
            case Binary():
                return self._binary(node)
            case _:
                return ANY

    def _aggregation(self, node: Aggregation) -> Bounds:
        match node.op.text:
            case "count" | "count_values":
                return _COUNT
            case "group":
                return _ONE
            case "stddev" | "stdvar":
                return NEVER_NEGATIVE
            case "sum":
                return _summed(self.of(node.expr))
            case op if op in _BETWEEN:
                return self.of(node.expr)._replace(not_zero=False)
            case op:
                return self.of(node.expr) if op in _KEEP else ANY

    def _call(self, node: Call) -> Bounds:
        name = node.function.text
        if name in _OF_CALLS:
            return _OF_CALLS[name]
        given = [self.of(arg) for arg in node.args if not isinstance(bare(arg), String)]
        if name in _KEEP and given:
            return given[0]
        if name in _BETWEEN and given:
            return given[0]._replace(not_zero=False)
        if name == "sum_over_time" and given:
            return _summed(given[0])
        if name in _NEVER_NEGATIVE and given and given[0].low >= 0:
            return NEVER_NEGATIVE
        match name, given:
            case "clamp_min", [vector, low]:
                return _clamped(vector, low, ANY)
            case "clamp_max", [vector, high]:
                return _clamped(vector, ANY, high)
            case "clamp", [vector, low, high]:
                return _clamped(vector, low, high)
            case "quantile_over_time", [_, vector]:
                return vector._replace(not_zero=False)
            case _:
                return ANY

    def _binary(self, node: Binary) -> Bounds:
        op, left = node.op.text, self.of(node.left)
        if op == "or":
            return either((left, self.of(node.right)))
        if op in ("and", "unless"):
            return left
        if op in COMPARISONS:
            if node.returns_bool:
                return ZERO_OR_ONE
            compared = self.comparison(node)
            return left if compared is None else self.of(compared[0]).filtered(*compared[1:])
        return ANY if node.filled else computed(op, left, self.of(node.right))


def _summed(each: Bounds) -> Bounds:
    """One or more of these, added up."""
    if each.low >= 0:
        return each._replace(high=each.high if each.high <= 0 else float("inf"), not_zero=each.excludes_zero)
    return ANY


def _clamped(given: Bounds, low: Bounds, high: Bounds) -> Bounds:
    bottom, top = max(given.low, low.low), min(given.high, high.high)
    if bottom > top:
        return ANY
    return Bounds(bottom, top, given.low_open and given.low >= low.low, given.high_open and given.high <= high.high)
