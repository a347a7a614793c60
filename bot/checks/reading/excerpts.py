"""How checks quote a part of an expression, and tell whether two parts are the same."""

from bot.catalog.known_values import text_of
from bot.catalog.queries import Query
from bot.promql.tree import Node, bare

_LONGEST = 60


def short(query: Query, node: Node, longest: int = _LONGEST) -> str:
    """A part as it was written, without brackets around it, on one line and cut where it is long."""
    node = bare(node)
    text = " ".join(query.expression.written(node.start, node.end).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def number(value: float) -> str:
    """A constant as people write it."""
    return f"{value:.10g}"


def same(query: Query, one: Node, other: Node) -> bool:
    """Whether two parts are written alike, brackets around them and white space aside."""
    one, other = bare(one), bare(other)
    return type(one) is type(other) and text_of(query, one) == text_of(query, other)
