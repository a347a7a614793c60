"""Which values an expression can return."""

from math import inf

import pytest

from bot.promql.bounds import ANY, NEVER_NEGATIVE, NONE, ZERO_OR_ONE, Bounds, exactly
from bot.promql.reader import read
from bot.promql.tree import Binary, Selector
from bot.promql.values import Values

_OF_METRICS = {"up": ZERO_OR_ONE, "requests_total": NEVER_NEGATIVE}
_POSITIVE = Bounds(0, low_open=True)


def of_selector(selector: Selector) -> Bounds:
    return _OF_METRICS.get(selector.name.text, ANY) if selector.name else ANY


def values() -> Values:
    # 42 stands for a variable.
    return Values(of_selector, lambda number: number.value == 42)


CASES = {
    "5": exactly(5),
    "-(5 + 1)": exactly(-6),
    "42": ANY,
    "42 * 0": exactly(0),
    "60 * 60": exactly(3600),
    "10 / 4": Bounds(2.5, 2.5, not_zero=True),
    "5 % 2": ANY,
    "up": ZERO_OR_ONE,
    "load": ANY,
    "-up": Bounds(-1, 0),
    "1 - up": Bounds(0, 1),
    "up * 100": Bounds(0, 100),
    "up > 0": Bounds(0, 1, low_open=True),
    "0 < up": Bounds(0, 1, low_open=True),
    "up > bool 0": ZERO_OR_ONE,
    "load > 5": Bounds(5, inf, low_open=True),
    "load > 5 < 3": Bounds(5, 3, low_open=True, high_open=True),
    "load != 0": Bounds(not_zero=True),
    "load == 7": Bounds(7, 7),
    "up == 7": NONE,
    "load > up": ANY,
    "up and load": ZERO_OR_ONE,
    "load unless up": ANY,
    "up or vector(5)": Bounds(0, 5),
    "load or up": ANY,
    "load + fill(0) up": ANY,
    "count(load)": Bounds(1, not_zero=True),
    'count_values("v", load)': Bounds(1, not_zero=True),
    "group by (job) (load)": exactly(1),
    "stddev(load)": NEVER_NEGATIVE,
    "sum(up)": NEVER_NEGATIVE,
    "sum(up == 0)": Bounds(0, 0),
    "sum(up > 0)": Bounds(0, inf, low_open=True, not_zero=True),
    "sum(load)": ANY,
    "avg(up)": ZERO_OR_ONE,
    "avg(load != 0)": ANY,
    "max(load != 0)": Bounds(not_zero=True),
    "topk(3, up)": ZERO_OR_ONE,
    "quantile(0.5, up)": ZERO_OR_ONE,
    "absent(load)": exactly(1),
    "rate(requests_total[5m])": NEVER_NEGATIVE,
    "rate(load[5m])": ANY,
    "delta(requests_total[5m])": ANY,
    "changes(load[5m])": NEVER_NEGATIVE,
    "avg_over_time(up[5m])": ZERO_OR_ONE,
    "max_over_time((up == 1)[5m:])": Bounds(1, 1),
    "sum_over_time(up[5m])": NEVER_NEGATIVE,
    "sum_over_time(load[5m])": ANY,
    "count_over_time(load[5m])": Bounds(1, not_zero=True),
    "quantile_over_time(0.9, up[5m])": ZERO_OR_ONE,
    "predict_linear(requests_total[1h], 3600)": ANY,
    "histogram_quantile(0.9, requests_total)": ANY,
    "abs(load)": NEVER_NEGATIVE,
    "floor(requests_total)": NEVER_NEGATIVE,
    "floor(load)": ANY,
    "clamp_min(load, 1)": Bounds(1),
    "clamp_min(load > 0, 0)": _POSITIVE,
    "clamp_min(load > 0, 1)": Bounds(1),
    "clamp_max(load, 42)": ANY,
    "clamp(load, 0, 1)": ZERO_OR_ONE,
    "clamp(load, 1, 0)": ANY,
    'label_replace(up, "a", "b", "c", "d")': ZERO_OR_ONE,
    "scalar(up)": ZERO_OR_ONE,
    "time()": _POSITIVE,
    "hour()": Bounds(0, 23),
    "requests_total / up": NEVER_NEGATIVE,
    "requests_total / (up > 0)": NEVER_NEGATIVE,
    "load / up": ANY,
}


@pytest.mark.parametrize("expr", CASES)
def test_values(expr: str) -> None:
    tree = read(expr)
    assert tree is not None
    found = values().of(tree)
    expected = CASES[expr]
    # Whether zero is excluded may be said in two ways.
    assert (found[:4], found.excludes_zero) == (expected[:4], expected.excludes_zero)


@pytest.mark.parametrize(
    ("expr", "op", "limit"),
    [("load > 5", ">", 5.0), ("5 > load", "<", 5.0), ("load == -1", "==", -1.0), ("60 * 60 <= load", ">=", 3600.0)],
)
def test_comparisons_with_a_constant(expr: str, op: str, limit: float) -> None:
    tree = read(expr)
    assert isinstance(tree, Binary)
    compared = values().comparison(tree)
    assert compared is not None
    assert isinstance(compared[0], Selector)
    assert compared[1:] == (op, limit)


@pytest.mark.parametrize(
    "expr", ["load > up", "load > 42", "load > scalar(up)", "load + 5", "load and up", "42 > load"]
)
def test_other_operators(expr: str) -> None:
    tree = read(expr)
    assert isinstance(tree, Binary)
    assert values().comparison(tree) is None
