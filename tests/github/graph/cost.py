"""What a query costs, by GitHub's published formula.

Points: the requests needed for each connection, taking every `first` or `last` as reached, divided by 100 and rounded,
at least 1. Nodes: everything that the connections could return, at most 500,000.
Source: docs.github.com, "Rate limits and query limits for the GraphQL API".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import language as ast

MOST_NODES = 500_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one query."""

    points: int
    nodes: int


def cost(document: ast.DocumentNode, operation: ast.OperationDefinitionNode, variables: Mapping[str, object]) -> Cost:
    """Counts a query's connections."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, ast.FragmentDefinitionNode)}
    requests = nodes = 0
    for parents, size in _connections(operation.selection_set, 1, fragments, variables):
        requests += parents
        nodes += parents * size
    return Cost(max(1, (requests + 50) // 100), nodes)


def _connections(
    selected: ast.SelectionSetNode | None,
    parents: int,
    fragments: Mapping[str, ast.FragmentDefinitionNode],
    variables: Mapping[str, object],
) -> Iterator[tuple[int, int]]:
    """Of each connection, how often it is asked for, and how many it may return each time."""
    for node in selected.selections if selected else ():
        inside = parents
        if isinstance(node, ast.FragmentSpreadNode):
            below: ast.SelectionSetNode | None = fragments[node.name.value].selection_set
        else:
            assert isinstance(node, ast.FieldNode | ast.InlineFragmentNode)
            below = node.selection_set
        if isinstance(node, ast.FieldNode):
            size = _size(node, variables)
            if size is not None:
                yield parents, size
                inside = parents * size
        yield from _connections(below, inside, fragments, variables)


def _size(node: ast.FieldNode, variables: Mapping[str, object]) -> int | None:
    for argument in node.arguments or ():
        if argument.name.value in ("first", "last"):
            value: object = None
            if isinstance(argument.value, ast.VariableNode):
                value = variables.get(argument.value.name.value)
            elif isinstance(argument.value, ast.IntValueNode):
                value = int(argument.value.value)
            if isinstance(value, int):
                return value
    return None
