"""The syntax tree of a PromQL expression, with the place of everything that a finding may point at.

Places are offsets into the expression, the end exclusive. Nodes are tuples because a catalog has many thousands.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias


class Name(NamedTuple):
    """A word or a quoted text, without its quotes: a label in a list, a function, an operator."""

    text: str
    start: int
    end: int


class Matcher(NamedTuple):
    """One matcher of a selector."""

    label: Name
    op: str
    """One of = != =~ !~"""
    value: Name


class Number(NamedTuple):
    """A number, or a duration written as one, in seconds."""

    value: float
    start: int
    end: int


class String(NamedTuple):
    """A quoted text."""

    value: str
    start: int
    end: int


class Range(NamedTuple):
    """What stands in square brackets, in milliseconds; None where it is computed."""

    length: int | None
    start: int
    end: int
    resolution: int | None = None


class Selector(NamedTuple):
    """An instant or a range vector selector."""

    name: Name | None
    """The metric, in front of the braces or quoted inside; None where only matchers say it."""
    matchers: tuple[Matcher, ...]
    start: int
    end: int
    range: Range | None = None
    moved: bool = False
    """Whether it has an offset or an @."""


class Subquery(NamedTuple):
    """expr[1h:1m]"""

    expr: "Node"
    range: Range
    start: int
    end: int


class Call(NamedTuple):
    """A function and its arguments."""

    function: Name
    args: tuple["Node", ...]
    start: int
    end: int


class Aggregation(NamedTuple):
    """An aggregation, with its labels in front of or behind its arguments."""

    op: Name
    """In lower case."""
    grouping: str
    """by, without, or empty."""
    labels: tuple[Name, ...]
    param: "Node | None"
    expr: "Node"
    start: int
    end: int


class Binary(NamedTuple):
    """Two operands and what stands between them."""

    op: Name
    """In lower case."""
    left: "Node"
    right: "Node"
    returns_bool: bool
    matching: str
    """on, ignoring, or empty."""
    labels: tuple[Name, ...]
    group: str
    """left or right, the side of the many; or empty."""
    include: tuple[Name, ...]
    filled: bool
    """Whether missing sides are filled in."""
    start: int
    end: int


class Unary(NamedTuple):
    """A sign in front of an operand."""

    op: str
    expr: "Node"
    start: int
    end: int


class Paren(NamedTuple):
    """An expression in round brackets."""

    expr: "Node"
    start: int
    end: int


Node: TypeAlias = Number | String | Selector | Subquery | Call | Aggregation | Binary | Unary | Paren

COMPARISONS = frozenset(("==", "!=", ">", "<", ">=", "<="))
SET_OPERATORS = frozenset(("and", "or", "unless"))
_SCALAR_FUNCTIONS = frozenset(("scalar", "time", "pi", "start", "end", "step", "range", "max_of", "min_of"))


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, in the order of the text."""
    match node:
        case Call():
            return node.args
        case Aggregation():
            return (node.expr,) if node.param is None else (node.param, node.expr)
        case Binary():
            return node.left, node.right
        case Subquery() | Unary() | Paren():
            return (node.expr,)
        case _:
            return ()


class Found(NamedTuple):
    """A node, and what it stands in."""

    node: Node
    parents: tuple[Node, ...]
    """From the outermost to its own parent."""


def walk(tree: Node) -> Iterator[Found]:
    """Every node with its parents, each in front of its operands, in the order of the text."""
    pending = [Found(tree, ())]
    while pending:
        found = pending.pop()
        yield found
        below = children(found.node)
        if below:
            parents = (*found.parents, found.node)
            pending.extend([Found(child, parents) for child in reversed(below)])


def bare(node: Node) -> Node:
    """The node without the brackets around it."""
    while isinstance(node, Paren):
        node = node.expr
    return node


def vectors_of(call: Call) -> list[Node]:
    """The arguments of a call that are neither numbers nor texts."""
    return [arg for arg in call.args if not isinstance(bare(arg), String) and not is_scalar(arg)]


def filters(node: Node) -> bool:
    """Whether it is a comparison that lets series through, or not: one without bool."""
    return isinstance(node, Binary) and node.op.text in COMPARISONS and not node.returns_bool


def is_scalar(node: Node) -> bool:
    """Whether an expression is a number at every time, and no vector."""
    match node:
        case Number():
            return True
        case Call():
            return node.function.text in _SCALAR_FUNCTIONS
        case Binary():
            return is_scalar(node.left) and is_scalar(node.right)
        case Unary() | Paren():
            return is_scalar(node.expr)
        case _:
            return False
