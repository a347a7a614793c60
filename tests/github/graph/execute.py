"""One GraphQL request: parsed, validated, priced and executed."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, execute, get_operation_ast, parse, validate
from graphql import language as ast

from tests.github.contract import Violation
from tests.github.graph.call import Call, Kept
from tests.github.graph.cost import MOST_NODES, Cost, cost
from tests.github.graph.quick import Quick
from tests.github.graph.schema import make_schema
from tests.github.limits import Bucket
from tests.github.refusal import Refusal
from tests.github.world import World


@dataclass(frozen=True, slots=True)
class Query:
    """A request whose document is valid."""

    document: ast.DocumentNode
    operation: ast.OperationDefinitionNode
    variables: Mapping[str, object]
    cost: Cost

    @property
    def write(self) -> bool:
        """Whether it is a mutation."""
        return self.operation.operation == ast.OperationType.MUTATION

    @property
    def name(self) -> str:
        """A mutation's fields, a query's own name, or its fields where it has none."""
        if self.operation.name and not self.write:
            return self.operation.name.value
        selected = self.operation.selection_set.selections
        fields = [node.name.value for node in selected if isinstance(node, ast.FieldNode)]
        return ",".join(dict.fromkeys(fields)) or "query"


class Graph:
    """GitHub's GraphQL interface on a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: Kept = {}

    def read(self, body: Mapping[str, object]) -> Query:
        """Understands a request. Raises Violation where it is not one that GitHub's schema allows."""
        text, variables, name = body.get("query"), body.get("variables") or {}, body.get("operationName")
        if not isinstance(text, str) or not isinstance(variables, dict) or not isinstance(name, str | None):
            raise Violation("a GraphQL request needs a query, and variables as an object")
        document, errors = _document(text)
        if errors:
            raise Violation("; ".join(f"{error.message} at {_places(error)}" for error in errors))
        operation = get_operation_ast(document, name)
        if operation is None:
            raise Violation("the document does not have the one operation")
        return Query(document, operation, variables, cost(document, operation, variables))

    def run(self, query: Query, bucket: Bucket, stale: bool = False) -> dict[str, object]:
        """The answer's body. Raises Violation where the double's own state does not fit the schema."""
        if query.cost.nodes > MOST_NODES:
            message = f"This query requests up to {query.cost.nodes} possible nodes which exceeds the maximum limit of"
            return {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": f"{message} {MOST_NODES:,}."}]}
        call = Call(self._world, bucket, query.cost.points, query.cost.nodes, self._kept, stale)
        result = execute(
            schema(),
            query.document,
            context_value=call,
            variable_values=dict(query.variables),
            operation_name=query.operation.name.value if query.operation.name else None,
            is_awaitable=_never,
            executor_class=Quick,
        )
        assert isinstance(result, ExecutionResult)
        answer: dict[str, object] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_said(error) for error in result.errors]
        return answer


@lru_cache(1)
def schema() -> GraphQLSchema:
    """Made once for all doubles of a process: it holds no state."""
    return make_schema()


@lru_cache(500)
def _document(text: str) -> tuple[ast.DocumentNode, tuple[GraphQLError, ...]]:
    try:
        document = parse(text)
    except GraphQLError as error:
        return ast.DocumentNode(definitions=()), (error,)
    return document, tuple(validate(schema(), document))


def _never(_value: object) -> TypeGuard[Awaitable[object]]:
    return False


def _places(error: GraphQLError) -> str:
    return ", ".join(f"{one.line}:{one.column}" for one in error.locations or ()) or "?"


def _said(error: GraphQLError) -> dict[str, object]:
    """As GitHub words it. Raises Violation for an error that nobody meant."""
    if not isinstance(error.original_error, Refusal):
        raise Violation(f"{error.message} at {_places(error)}, {error.path}") from error
    return {
        "type": error.original_error.kind,
        "path": error.path,
        "locations": [{"line": one.line, "column": one.column} for one in error.locations or ()],
        "message": error.original_error.message,
    }
