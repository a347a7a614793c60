"""Between which numbers a value lies: an interval whose ends may be open, and whether zero is left out.

NaN is in no interval; it satisfies no comparison but !=.
"""

from collections.abc import Iterable
from math import inf, isfinite, isinf, isnan
from typing import NamedTuple

_NEGATED = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
_MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "==", "!=": "!="}


class Bounds(NamedTuple):
    """Every number from low to high; without an end that is open, and without zero where that is said."""

    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False
    not_zero: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is no such number."""
        if self.low == self.high:
            return self.low_open or self.high_open or (self.not_zero and self.low == 0)
        return self.low > self.high

    @property
    def excludes_zero(self) -> bool:
        """Whether zero is not among them."""
        return self.not_zero or not self._holds(0)

    @property
    def point(self) -> float | None:
        """The only number; None where there are several."""
        return self.low if self.low == self.high else None

    def can(self, op: str, limit: float) -> bool:
        """Whether any of these numbers compares so with a limit."""
        match op:
            case ">":
                return self.high > limit
            case ">=":
                return self.high > limit or self._holds(limit)
            case "<":
                return self.low < limit
            case "<=":
                return self.low < limit or self._holds(limit)
            case "==":
                return self._holds(limit) and not (self.not_zero and limit == 0)
            case _:
                return self.point != limit

    def must(self, op: str, limit: float) -> bool:
        """Whether all of them do, NaN aside."""
        return not self.can(_NEGATED[op], limit)

    def filtered(self, op: str, limit: float) -> "Bounds":
        """Those that compare so with a limit."""
        low, high, low_open, high_open, not_zero = self
        if op in (">", ">=", "==") and limit >= low:
            low_open = op == ">" or (low_open and limit == low)
            low = limit
        if op in ("<", "<=", "==") and limit <= high:
            high_open = op == "<" or (high_open and limit == high)
            high = limit
        if op == "==" and not self._holds(limit):
            return NONE
        return Bounds(low, high, low_open, high_open, not_zero or (op == "!=" and limit == 0))

    def _holds(self, value: float) -> bool:
        above = self.low < value or (self.low == value and not self.low_open)
        return above and (value < self.high or (value == self.high and not self.high_open))


ANY = Bounds()
NONE = Bounds(inf, -inf)
NEVER_NEGATIVE = Bounds(0)
ZERO_OR_ONE = Bounds(0, 1)


def exactly(value: float) -> Bounds:
    """One number; nothing is known of NaN."""
    return ANY if isnan(value) else Bounds(value, value, not_zero=value != 0)


def mirrored(op: str) -> str:
    """The comparison with its operands changed over."""
    return _MIRRORED[op]


def either(every: Iterable[Bounds]) -> Bounds:
    """The numbers of any of them, and perhaps those between."""
    kinds = [kind for kind in every if not kind.empty]
    if not kinds:
        return NONE
    if ANY in kinds:
        return ANY
    low, high = min(kind.low for kind in kinds), max(kind.high for kind in kinds)
    return Bounds(
        low,
        high,
        all(kind.low_open for kind in kinds if kind.low == low),
        all(kind.high_open for kind in kinds if kind.high == high),
        all(kind.excludes_zero for kind in kinds),
    )


def negated(one: Bounds) -> Bounds:
    """What a minus makes of them."""
    return Bounds(-one.high, -one.low, one.high_open, one.low_open, one.not_zero)


def computed(op: str, left: Bounds, right: Bounds) -> Bounds:
    """What an arithmetic operator makes of them."""
    if left is ANY and right is ANY:
        return ANY
    if left.empty or right.empty:
        return NONE
    match op:
        case "+":
            return _sum(left, right)
        case "-":
            return _sum(left, negated(right))
        case "*":
            return _product(left, right)
        case "/" if right.low > 0 or right.high < 0:
            return _quotient(left, right)
        case "/" if left.low >= 0 and right.low >= 0:
            # To be divided by nothing makes +Inf.
            return Bounds(0, not_zero=left.excludes_zero and right.high < inf)
        case _:
            return ANY


def _sum(left: Bounds, right: Bounds) -> Bounds:
    low, high = left.low + right.low, left.high + right.high
    if isnan(low) or isnan(high):
        return ANY
    # Where an end is infinite, whatever is added to it stays there.
    low_open = isfinite(low) and (left.low_open or right.low_open)
    return Bounds(low, high, low_open, isfinite(high) and (left.high_open or right.high_open))


def _product(left: Bounds, right: Bounds) -> Bounds:
    corners = [0.0 if 0 in (a, b) else a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return Bounds(min(corners), max(corners), not_zero=left.excludes_zero and right.excludes_zero)


def _quotient(left: Bounds, right: Bounds) -> Bounds:
    """Where the divisor is on one side of zero; what is divided by an infinity is zero."""
    corners = [_divided(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    finite = isfinite(right.low) and isfinite(right.high)
    return Bounds(min(corners), max(corners), not_zero=left.excludes_zero and finite)


def _divided(a: float, b: float) -> float:
    return 0.0 if isinf(a) and isinf(b) else a / b
