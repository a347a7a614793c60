"""Reduces GitHub's published descriptions to what the double offers.

python -m tests.github.refresh SCHEMA_GRAPHQL OPENAPI_JSON

SCHEMA_GRAPHQL is schema.graphql of the npm package @octokit/graphql-schema, OPENAPI_JSON is
generated/api.github.com.json of @octokit/openapi. What is kept is kept as published; descriptions, examples and
whatever nothing refers to go. Note the versions in contracts/README.md.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from graphql import language as ast
from graphql import parse, print_ast

from tests.github.wanted import FIELDS, OPERATIONS

CONTRACTS = Path(__file__).parent / "contracts"
PROSE = frozenset({"description", "example", "examples", "summary", "externalDocs", "title", "tags", "headers"})
"""Keys of an OpenAPI description that say nothing about what may be sent."""

Shape = ast.ObjectTypeDefinitionNode | ast.InterfaceTypeDefinitionNode
Kept = Shape | ast.EnumTypeDefinitionNode | ast.ScalarTypeDefinitionNode | ast.InputObjectTypeDefinitionNode


def reduced_schema(published: str, fields: Mapping[str, str]) -> str:
    """The types and fields listed, and the enums, scalars and inputs that they use.

    Raises LookupError where a name is not there, or a kept field returns a type of which nothing is listed.
    """
    types = {node.name.value: node for node in parse(published, no_location=True).definitions if isinstance(node, Kept)}
    shapes: dict[str, Shape] = {}
    for name, listed in fields.items():
        node = types[name]
        if not isinstance(node, Shape):
            raise LookupError(f"{name} has no fields")
        shapes[name] = _reduced(node, {*listed.split(), *_of_interfaces(node, fields)}, fields)
    used = _closure(shapes, types)
    kept: list[ast.DefinitionNode] = [
        _bare(shapes[name] if name in shapes else types[name]) for name in sorted({*shapes, *used})
    ]
    return print_ast(ast.DocumentNode(definitions=tuple(kept))) + "\n"


def _of_interfaces(node: Shape, fields: Mapping[str, str]) -> Iterator[str]:
    for interface in node.interfaces or ():
        yield from fields.get(interface.name.value, "").split()


def _reduced(node: Shape, wanted: set[str], kept: Mapping[str, str]) -> Shape:
    """The type with these fields only, and with those of its interfaces that are kept."""
    fields = tuple(field for field in node.fields or () if field.name.value in wanted)
    if absent := wanted - {field.name.value for field in fields}:
        raise LookupError(f"{node.name.value} has no {sorted(absent)}")
    interfaces = tuple(interface for interface in node.interfaces or () if interface.name.value in kept)
    return type(node)(name=node.name, interfaces=interfaces, fields=fields, directives=node.directives)


def _closure(shapes: Mapping[str, Shape], types: Mapping[str, Kept]) -> set[str]:
    """Names of the types that arguments and fields use, and those that these use."""
    todo = [name for shape in shapes.values() for name in _used(shape)]
    used: set[str] = set()
    while todo:
        name = todo.pop()
        if name in used or name in shapes or name not in types:
            continue
        node = types[name]
        if isinstance(node, Shape):
            raise LookupError(f"{name} is returned, and nothing of it is listed")
        used.add(name)
        if isinstance(node, ast.InputObjectTypeDefinitionNode):
            todo.extend(_named(field.type) for field in node.fields or ())
    return used


def _used(shape: Shape) -> Iterator[str]:
    for field in shape.fields or ():
        yield _named(field.type)
        for argument in field.arguments or ():
            yield _named(argument.type)


def _named(node: ast.TypeNode) -> str:
    while isinstance(node, ast.NonNullTypeNode | ast.ListTypeNode):
        node = node.type
    return node.name.value if isinstance(node, ast.NamedTypeNode) else ""


class _Undescribed(ast.Visitor):
    """Takes descriptions away, and GitHub's note of the rights that a field asks for."""

    def enter(self, node: ast.Node, *_others: object) -> ast.Node | None:
        directives = getattr(node, "directives", None)
        kept = tuple(one for one in directives or () if one.name.value == "deprecated")
        if getattr(node, "description", None) is None and (directives is None or len(kept) == len(directives)):
            return None
        values = {key: getattr(node, key) for key in node.keys}
        values["description"] = None
        values["directives"] = kept
        return type(node)(**values)


def _bare(node: Kept) -> Kept:
    found = ast.visit(node, _Undescribed())
    assert isinstance(found, Kept)
    return found


def reduced_openapi(published: Mapping[str, object], operations: Iterable[str]) -> dict[str, object]:
    """The operations listed, and the components that they refer to."""
    paths: dict[str, dict[str, object]] = {}
    for operation in operations:
        method, path = operation.split(" ")
        paths.setdefault(path, {})[method.lower()] = _without_prose(_at(published, "paths", path, method.lower()))
    components: dict[str, dict[str, object]] = {}
    todo = sorted(set(references(paths)))
    while todo:
        kind, name = todo.pop().split("/")[-2:]
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _without_prose(_at(published, "components", kind, name))
            todo.extend(references(components[kind][name]))
    return {
        "openapi": published["openapi"],
        "info": {"title": "Reduced by tests/github/refresh.py", "version": _at(published, "info", "version")},
        "paths": dict(sorted(paths.items())),
        "components": {kind: dict(sorted(components[kind].items())) for kind in sorted(components)},
    }


def _at(value: object, *route: str) -> object:
    for key in route:
        if not isinstance(value, dict) or key not in value:
            raise LookupError(f"nothing at {' '.join(route)}")
        value = value[key]
    return value


def _without_prose(value: object, named: bool = False) -> object:
    """The same without prose; `named` says that the keys are names of properties, so that none is prose."""
    if isinstance(value, list):
        return [_without_prose(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without_prose(item, not named and key == "properties")
        for key, item in value.items()
        if named or not (key in PROSE or key.startswith("x-"))
    }


def references(value: object) -> Iterator[str]:
    """Every $ref below, such as #/components/schemas/issue."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref" and isinstance(item, str):
                yield item
            else:
                yield from references(item)


def main(schema: str, openapi: str) -> None:
    """Writes both files below contracts/."""
    CONTRACTS.mkdir(exist_ok=True)
    text = reduced_schema(Path(schema).read_text(encoding="utf-8"), FIELDS)
    (CONTRACTS / "schema.graphql").write_text(text, encoding="utf-8")
    reduced = reduced_openapi(json.loads(Path(openapi).read_text(encoding="utf-8")), OPERATIONS)
    (CONTRACTS / "openapi.json").write_text(json.dumps(reduced, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
