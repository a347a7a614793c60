"""How values travel up and down an expression."""

import pytest

from bot.checks.reading.values import constant, is_result, sources
from bot.promql.expression import Expression
from bot.promql.reader import read


def expression(text: str) -> Expression:
    tree = read(text)
    assert tree is not None
    return Expression(text, tree)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "-(x)",
        "sum by (a) (x)",
        "topk(5, x)",
        "abs(x)",
        'label_replace(x, "a", "$1", "b", "(.*)")',
        "max_over_time(x[5m])",
        "max_over_time(x[5m:1m])",
        "x * 2",
        "2 * x",
        "x / 1000",
        "x + 1",
        "x > 5",
        "5 < x",
        "x > y",
        "x and y",
        "x unless y",
        "x or y",
        "y or x",
        "x + y",
        "x * on (a) group_left (b) y",
        "y * on (a) group_right (b) x",
    ],
)
def test_handed_on(text: str) -> None:
    read_ = expression(text)
    selector, parents = next(found for found in read_.selectors if found[0].name and found[0].name.text == "x")
    assert is_result(selector, parents)
    assert selector in list(sources(read_.tree))


@pytest.mark.parametrize(
    "text",
    [
        "rate(x[5m])",
        "avg_over_time(x[5m])",
        "count(x)",
        "absent(x)",
        "timestamp(x)",
        "topk(scalar(x), y)",
        "x - y",
        "x - 5",
        "x / y",
        "5 / x",
        "x * 0",
        "x * y",
        "x ^ 2",
        "x > bool 5",
        "y > x",
        "y and x",
        "y unless x",
        "y * on (a) group_left (b) x",
    ],
)
def test_not_handed_on(text: str) -> None:
    read_ = expression(text)
    selector, parents = next(found for found in read_.selectors if found[0].name and found[0].name.text == "x")
    assert not is_result(selector, parents)
    assert selector not in list(sources(read_.tree))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-(5)", -5),
        ("+5", 5),
        ("24 * 60 - 1", 1439),
        ("1 / 4 + 0.5", 0.75),
        ("1 / 0", None),
        ("2 ^ 3", None),
        ("time()", None),
        ("time() - 5", None),
        ("x", None),
        ("x * 5", None),
    ],
)
def test_constant(text: str, value: float | None) -> None:
    tree = read(text)
    assert tree is not None
    assert constant(tree) == value
