"""GitHub's published description of its REST interface, and whatever leaves it."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jsonschema_rs

TEXT = Path(__file__).parent / "contracts" / "openapi.json"
ANYWHERE = (301, 307, 401, 403, 404, 422, 429)
"""Statuses that any operation may have, with the body of an error, described or not."""


class Violation(Exception):
    """A request or an answer that is not as GitHub describes it."""


class Contract:
    """The description, with its schemas compiled when they are first needed."""

    def __init__(self, description: Mapping[str, object]) -> None:
        self._description = _dict(compatible(description))
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def operations(self) -> list[str]:
        """METHOD and path of each."""
        paths = self._at("paths")
        return [f"{method.upper()} {path}" for path, methods in paths.items() for method in _dict(methods)]

    def operation_id(self, operation: str) -> str:
        """Its published name, such as pulls/create."""
        return str(self._operation(operation)["operationId"])

    def check_request(self, operation: str, query: Mapping[str, str], body: object) -> None:
        """Raises Violation for parameters or a body that are not described; GitHub would ignore them in silence."""
        known = self._parameters(operation)
        for name, value in query.items():
            if name not in known:
                raise Violation(f"{operation} has no parameter {name}")
            self._judge(f"{operation}?{name}", known[name], _typed(value, known[name]))
        schema = self._body_of(self._operation(operation).get("requestBody"))
        if schema is None:
            if body is not None:
                raise Violation(f"{operation} takes no body")
            return
        self._judge(f"{operation} body", schema, {} if body is None else body)
        properties = schema.get("properties")
        if isinstance(properties, dict) and isinstance(body, dict) and (unknown := sorted({*body} - {*properties})):
            raise Violation(f"{operation} body: nobody reads {', '.join(unknown)}")

    def check_answer(self, operation: str, status: int, body: object) -> None:
        """Raises Violation for a status or a body that is not described."""
        responses = _dict(self._operation(operation)["responses"])
        if str(status) in responses:
            schema = self._body_of(responses[str(status)])
        elif status in ANYWHERE:
            schema = {"$ref": "#/components/schemas/basic-error"}
        else:
            raise Violation(f"{operation} never answers {status}")
        if (schema is None) != (body is None):
            raise Violation(f"{operation} {status} {'needs a' if schema else 'has no'} body")
        if schema is not None:
            self._judge(f"{operation} {status}", schema, body)

    def _at(self, *route: str) -> dict[str, object]:
        value = self._description
        for key in route:
            value = _dict(value[key])
        return value

    def _operation(self, operation: str) -> dict[str, object]:
        method, path = operation.split(" ")
        return self._at("paths", path, method.lower())

    def _resolved(self, value: object) -> dict[str, object]:
        node = _dict(value)
        reference = node.get("$ref")
        return self._at(*str(reference).removeprefix("#/").split("/")) if reference else node

    def _parameters(self, operation: str) -> dict[str, dict[str, object]]:
        listed = self._operation(operation).get("parameters", [])
        assert isinstance(listed, list)
        parameters = [self._resolved(one) for one in listed]
        return {str(one["name"]): _dict(one["schema"]) for one in parameters if one["in"] == "query"}

    def _body_of(self, described: object) -> dict[str, object] | None:
        if described is None:
            return None
        content = self._resolved(described).get("content")
        return None if content is None else _dict(_dict(_dict(content)["application/json"])["schema"])

    def _judge(self, what: str, schema: Mapping[str, object], value: object) -> None:
        if what not in self._compiled:
            whole = {**schema, "components": {"schemas": self._at("components", "schemas")}}
            self._compiled[what] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        found = self._compiled[what].iter_errors(value)
        errors = sorted(f"{'/'.join(map(str, one.instance_path)) or '.'}: {one.message}" for one in found)
        if errors:
            raise Violation(f"{what}: {'; '.join(errors[:5])}")


@lru_cache(1)
def published() -> Contract:
    """GitHub's, read once for all doubles of a process."""
    return Contract(json.loads(TEXT.read_text(encoding="utf-8")))


def compatible(value: object) -> object:
    """Schemas of OpenAPI 3.0 as JSON Schema has them: null is a type, and nothing else stands beside a $ref."""
    if isinstance(value, list):
        return [compatible(item) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {"$ref": value["$ref"]}
    made = {key: compatible(item) for key, item in value.items()}
    if value.get("nullable") is not True:
        return made
    del made["nullable"]
    return {"anyOf": [{"type": "null"}, made]}


def _typed(text: str, schema: Mapping[str, object]) -> object:
    """A parameter's value as its schema has it."""
    if schema.get("type") == "integer" and text.lstrip("-").isdigit():
        return int(text)
    if schema.get("type") == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _dict(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value
