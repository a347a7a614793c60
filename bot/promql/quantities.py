"""What the parts of an expression measure, from what its metrics do."""

from collections.abc import Callable
from math import isfinite

from bot.promql.parts import is_limited, is_part, mean_of
from bot.promql.quantity import (
    BYTE,
    COUNT,
    EPOCH,
    PER_SECOND,
    RATIO,
    SECOND,
    Kind,
    Quantity,
    measure,
    product,
    quotient,
)
from bot.promql.tree import (
    COMPARISONS,
    SET_OPERATORS,
    Aggregation,
    Binary,
    Call,
    Node,
    Number,
    Paren,
    Selector,
    Subquery,
    Unary,
    bare,
    is_scalar,
    walk,
)

_SECONDS = measure((SECOND, 1))
_NOW = measure((EPOCH, 1))
_KEEP = frozenset(
    (
        *("abs", "ceil", "floor", "round", "clamp", "clamp_max", "clamp_min", "label_replace", "label_join", "vector"),
        *("scalar", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "avg_over_time", "min_over_time"),
        *("max_over_time", "last_over_time", "first_over_time", "predict_linear", "holt_winters"),
        *("double_exponential_smoothing", "avg", "min", "max", "topk", "bottomk", "limitk", "limit_ratio"),
    )
)
_SUM = frozenset(("sum", "sum_over_time", "stddev", "stddev_over_time", "mad_over_time"))
"""What is a ratio no more, but still of the same unit."""
_QUANTILES = frozenset(("quantile", "quantile_over_time"))
_COUNTS = frozenset(
    (
        *("count", "group", "count_over_time", "present_over_time", "absent_over_time", "changes", "resets", "absent"),
        "count_values",
    )
)
_RATES = frozenset(("rate", "irate", "deriv"))
_GROWTHS = frozenset(("increase", "delta", "idelta"))
_KIBI = (1024, 1024**2, 1024**3)
_OF_COUNTS = (1, -1, 60, 100, 3600, 0.01)
"""Factors that leave a count what it is."""
_OBSERVED = frozenset(("histogram_quantile", "histogram_avg", "histogram_stddev"))

Value = Quantity | float | None
"""A quantity, a number that is written out, or nothing that anybody knows."""


class Quantities:
    """What the parts of one expression measure.

    `of_selector` says what the series of a selector do, or, where `observed`, what a histogram of that name counts;
    `varies` which numbers stand for a variable.
    """

    def __init__(self, of_selector: Callable[[Selector, bool], Quantity], varies: Callable[[Number], bool]) -> None:
        self._of_selector = of_selector
        self._varies = varies

    def of(self, node: Node) -> Value:
        """What a part of the expression measures."""
        match node:
            case Number():
                return None if self._varies(node) or not isfinite(node.value) else node.value
            case Paren() | Subquery():
                return self.of(node.expr)
            case Unary():
                value = self.of(node.expr)
                return -value if isinstance(value, float) and node.op == "-" else value
            case Selector():
                return self._of_selector(node, False)
            case Aggregation():
                return self._applied(node.op.text, node.expr, node)
            case Call():
                return self._call(node)
            case Binary():
                return self._binary(node)
            case _:
                return None

    def _call(self, node: Call) -> Value:
        name = node.function.text
        if name in ("time", "timestamp"):
            return _NOW
        if name in _OBSERVED or name in ("histogram_sum", "histogram_count", "histogram_fraction"):
            return self._histogram(name, node)
        operand = next((arg for arg in reversed(node.args[:2]) if name in _QUANTILES), None)
        return self._applied(name, operand or node.args[0], node) if node.args else None

    def _applied(self, name: str, operand: Node, node: Node) -> Value:
        """What a function or an aggregation makes of its operand."""
        if name in _COUNTS:
            return COUNT
        value = self.of(operand)
        if not isinstance(value, Quantity):
            return value if name in _KEEP else None
        if name in _KEEP or name in _QUANTILES:
            return value
        if name in _SUM:
            return value._replace(bounded=False) if value.dims != _NOW.dims else None
        if name in _RATES:
            return _rate(value)
        return _growth(value, operand) if name in _GROWTHS else None

    def _histogram(self, name: str, node: Call) -> Quantity | None:
        """What a histogram's observations measure, be it a classic or a native one."""
        if name == "histogram_fraction":
            return RATIO._replace(bounded=True)
        rated = any(isinstance(found.node, Call) and found.node.function.text in _RATES for found in walk(node))
        if name == "histogram_count":
            return PER_SECOND if rated else COUNT
        selectors = (found.node for found in walk(node) if isinstance(found.node, Selector))
        observed = {self._of_selector(selector, True) for selector in selectors}
        value = observed.pop() if len(observed) == 1 else None
        if value is None:
            return None
        return _rate(value) if name == "histogram_sum" and rated else value._replace(bounded=False)

    def _binary(self, node: Binary) -> Value:
        left, right, op = self.of(node.left), self.of(node.right), node.op.text
        if op in COMPARISONS:
            return None if node.returns_bool else right if isinstance(left, float) else left
        if op in SET_OPERATORS:
            return _either(left, right) if op == "or" else left
        if op in ("+", "-"):
            return _sum(left, right, op, since=op == "-" and _looks_back(node))
        if op == "*":
            many, one = (left, right) if node.group == "left" else (right, left)
            # The side of the one carries labels, and its value is 1.
            return many if node.group and one == COUNT else _times(left, right)
        if op == "/":
            return self._divided(node, left, right)
        if op == "%":
            return left if isinstance(left, Quantity) else None
        if op == "^" and isinstance(left, float) and isinstance(right, float):
            return _power(left, right)
        return None

    def _divided(self, node: Binary, left: Value, right: Value) -> Value:
        part, factor = self._without_factor(node.left)
        if is_part(part, node.right):
            # Whatever it measures.
            return RATIO._replace(scale=1 / factor, bounded=True)
        mean = mean_of(part, node.right)
        if mean is not None:
            left, right = self._of_selector(mean, True), COUNT._replace(scale=factor)
        if left is None or right is None or right == 0.0:
            return None
        if isinstance(right, float):
            return left / right if isinstance(left, float) else _scaled(left, 1 / right)
        if isinstance(left, float):
            return quotient(Quantity(scale=1 / left), right)._replace(certain=False) if left else None
        if right.window is not None and left.window is None:
            # What is left by what goes in a day is days.
            return None
        found, limited = quotient(left, right), is_limited(part, node.right)
        if found.dims and limited and sorted(power for _, power in found.dims) == [-1, 1]:
            # What is used of a limit is of its unit, whichever that is.
            return RATIO._replace(scale=found.scale, limited=True, certain=False)
        if found.dims or left.known:
            return found._replace(limited=limited and not found.dims)
        # Under two labels, a metric may measure two things.
        return None

    def _without_factor(self, node: Node) -> tuple[Node, float]:
        node = bare(node)
        if isinstance(node, Binary) and node.op.text == "*":
            for number, other in ((node.left, node.right), (node.right, node.left)):
                factor = self.of(number) if is_scalar(number) else None
                if isinstance(factor, float) and factor > 0:
                    return other, factor
        return node, 1.0


def _rate(value: Quantity) -> Quantity | None:
    if any(base == EPOCH for base, _ in value.dims) or value.kind == Kind.RATIO:
        return None
    found = quotient(value, _SECONDS)
    return found if found.dims else found._replace(kind=Kind.SHARE)


def _growth(value: Quantity, operand: Node) -> Quantity:
    if value.dims == _NOW.dims:
        return _SECONDS._replace(scale=value.scale, certain=value.certain)
    range_ = getattr(bare(operand), "range", None)
    length = range_.length if range_ is not None else None
    return value._replace(bounded=False, window=length / 1000 if length else None)


def _either(left: Value, right: Value) -> Value:
    """What `or` returns: an operand that is a mere number stands in for the other."""
    if not isinstance(left, Quantity) or not isinstance(right, Quantity):
        return left if isinstance(left, Quantity) and right is not None else right if left is not None else None
    return left if (left.dims, left.kind, left.scale) == (right.dims, right.kind, right.scale) else None


def _looks_back(node: Node) -> bool:
    return any(isinstance(found, Selector) and found.moved for found, _ in walk(node))


def _sum(left: Value, right: Value, op: str, *, since: bool) -> Value:
    if isinstance(left, float) and isinstance(right, float):
        return left + right if op == "+" else left - right
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        found = _total(left, right, op)
        # x - x offset 1h is a growth.
        return found._replace(window=0.0) if found and since else found
    if isinstance(left, Quantity) and isinstance(right, float):
        return left
    if isinstance(left, float) and isinstance(right, Quantity):
        # 1 - ratio and 100 - percentage are the rest of the whole, and 1 - x / y can be nothing else.
        whole = op == "-" and abs(left * right.scale - 1) < 1e-9
        relative = right.kind in (Kind.RATIO, Kind.SHARE) or (
            not right.known and right.dims[0][1] * right.dims[-1][1] < 0
        )
        return RATIO._replace(scale=right.scale, bounded=True, certain=right.certain) if whole and relative else right
    return None


def _total(left: Quantity, right: Quantity, op: str) -> Quantity | None:
    if left.dims == _NOW.dims and op == "-" and (right.dims == _NOW.dims or left == _NOW):
        return _age(left, right)
    if right == _NOW and op == "-":
        return _age(right, left)
    certain = left.certain and right.certain
    if left.dims == right.dims and left.kind == right.kind and left.scale == right.scale:
        return left._replace(bounded=False, certain=certain, window=None) if left.dims != _NOW.dims else None
    # What is added is of the same unit, or it makes no sense: the known side tells.
    known = next((one for one in (left, right) if one.known and one.dims), None)
    other = right if known is left else left
    if known is None or other.known or known.dims == _NOW.dims or len(other.dims) > 1 or other.scale != 1:
        return None
    return known._replace(bounded=False, certain=False, window=None)


def _age(moment: Quantity, other: Quantity) -> Quantity | None:
    """A duration between two moments; what is not known and is taken from now is a moment."""
    if other.dims == _NOW.dims:
        same = moment.scale == other.scale
        return _SECONDS._replace(scale=moment.scale, certain=moment.certain and other.certain) if same else None
    return _SECONDS._replace(certain=False) if other.dims == _SECONDS.dims or not other.known else None


def _times(left: Value, right: Value) -> Value:
    if isinstance(left, float) and isinstance(right, float):
        return left * right
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return product(left, right)
    if isinstance(left, float):
        left, right = right, left
    if not isinstance(left, Quantity) or not isinstance(right, float) or right == 0:
        return None
    return _scaled(left, right)


def _scaled(value: Quantity, factor: float) -> Quantity | None:
    # So many pages, blocks or ticks, times the size of one, are something else.
    if (value.kind == Kind.COUNT or value.dims == PER_SECOND.dims) and factor not in _OF_COUNTS:
        return None
    if factor in _KIBI and value.scale == 1 and not value.known:
        # What is multiplied by that becomes bytes.
        bases = [(BYTE if base.startswith("=") else base, power) for base, power in value.dims]
        return measure(*bases, certain=False)
    return value._replace(scale=value.scale / factor)


def _power(left: float, right: float) -> float | None:
    try:
        found = left**right
    except (OverflowError, ZeroDivisionError):
        return None
    return found if isinstance(found, float) and isfinite(found) else None
