"""Bounds hold whatever numbers they are computed from."""

from math import inf, isnan, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.promql.bounds import (
    ANY,
    NEVER_NEGATIVE,
    NONE,
    ZERO_OR_ONE,
    Bounds,
    computed,
    either,
    exactly,
    mirrored,
    negated,
)

_COMPARE = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_NUMBERS = st.sampled_from((-inf, -100.0, -2.5, -1.0, 0.0, 0.5, 1.0, 3.0, 100.0, inf))


def holds(bounds: Bounds, value: float) -> bool:
    above = value >= bounds.low and not (bounds.low_open and value == bounds.low)
    below = value <= bounds.high and not (bounds.high_open and value == bounds.high)
    return above and below and not (bounds.not_zero and value == 0)


@st.composite
def members(draw: st.DrawFn) -> tuple[Bounds, float]:
    """Bounds, and a number within them."""
    low, value, high = sorted(draw(st.tuples(_NUMBERS, _NUMBERS, _NUMBERS)))
    opens = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    return Bounds(low, high, opens[0] and low < value, opens[1] and value < high, opens[2] and value != 0), value


def arithmetic(op: str, left: float, right: float) -> float:
    """As Prometheus computes."""
    if op == "/" and right == 0:
        return nan if left == 0 or isnan(left) else left * inf
    return {"+": left + right, "-": left - right, "*": left * right, "/": left / (right or 1)}[op]


@given(members(), members(), st.sampled_from("+-*/"))
def test_arithmetic(left: tuple[Bounds, float], right: tuple[Bounds, float], op: str) -> None:
    result = arithmetic(op, left[1], right[1])
    assume(not isnan(result))
    assert holds(computed(op, left[0], right[0]), result)


@given(members(), st.sampled_from(sorted(_COMPARE)), _NUMBERS)
def test_comparisons(member: tuple[Bounds, float], op: str, limit: float) -> None:
    bounds, value = member
    if _COMPARE[op](value, limit):
        assert bounds.can(op, limit)
        assert holds(bounds.filtered(op, limit), value)
    else:
        assert not bounds.must(op, limit)
    assert _COMPARE[op](value, limit) == _COMPARE[mirrored(op)](limit, value)


@given(members(), members())
def test_unions(one: tuple[Bounds, float], other: tuple[Bounds, float]) -> None:
    assert holds(either((one[0], other[0])), one[1])
    assert holds(negated(one[0]), -one[1])
    assert not one[0].empty
    assert one[1] != 0 or not one[0].excludes_zero


@pytest.mark.parametrize(
    ("bounds", "op", "limit"),
    [
        (ZERO_OR_ONE, ">", 1),
        (ZERO_OR_ONE, "==", 2),
        (NEVER_NEGATIVE, "<", 0),
        (Bounds(5, low_open=True), "<=", 5),
        (Bounds(high=5, high_open=True), ">=", 5),
        (Bounds(not_zero=True), "==", 0),
        (exactly(1), "!=", 1),
        (NONE, "==", 1),
    ],
)
def test_what_cannot_be(bounds: Bounds, op: str, limit: float) -> None:
    assert not bounds.can(op, limit)


def test_what_excludes_zero() -> None:
    assert [bounds.excludes_zero for bounds in (exactly(1), Bounds(0, low_open=True), Bounds(not_zero=True))] == [
        True
    ] * 3
    assert [bounds.excludes_zero for bounds in (ANY, ZERO_OR_ONE, NEVER_NEGATIVE, exactly(nan))] == [False] * 4


def test_nothing_is_empty() -> None:
    assert [bounds.empty for bounds in (NONE, Bounds(1, 1, low_open=True), Bounds(0, 0, not_zero=True))] == [True] * 3
    assert either(()) == NONE
    assert computed("+", NONE, exactly(1)) == NONE
