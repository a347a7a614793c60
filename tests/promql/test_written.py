"""A part of a query's tree, as it was written with its variables."""

import pytest

from bot.promql.expression import Expression
from bot.promql.grafana import read_query
from bot.promql.tree import Binary, Call


@pytest.mark.parametrize(
    ("expr", "left", "right"),
    [
        ("up > $limit", "up", "$limit"),
        ("$limit < up", "$limit", "up"),
        ("up > ${limit:raw} ", "up", "${limit:raw}"),
        ("rate(x[$__rate_interval]) > $a", "rate(x[$__rate_interval])", "$a"),
        ('$m{a="$b"} > [[c]]', '$m{a="$b"}', "[[c]]"),
        ("up > 5", "up", "5"),
    ],
)
def test_operands(expr: str, left: str, right: str) -> None:
    expression = read_query(expr)
    assert isinstance(expression, Expression)
    tree = expression.tree
    assert isinstance(tree, Binary)
    assert expression.written(tree.left.start, tree.left.end) == left
    assert expression.written(tree.right.start, tree.right.end) == right
    assert expression.origin(tree.op.start, tree.op.start)[0] == expression.origin(tree.op.start, tree.op.start)[1]


def test_an_argument() -> None:
    expression = read_query("vector($scale)")
    assert isinstance(expression, Expression)
    assert isinstance(expression.tree, Call)
    argument = expression.tree.args[0]
    assert expression.written(argument.start, argument.end) == "$scale"
