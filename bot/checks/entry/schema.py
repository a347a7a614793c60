"""exporter.yaml follows the schema: known keys, required keys, values of the right type.

The site, the API and the bot read these values; a misspelt key is a fact that nobody sees. A version is always a
quoted string: YAML reads 1.10 as the number 1.1.

Bad:

    versoin: 1.10
    category: databases

Good:

    version: "1.10"
    category: database
"""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from bot.catalog.document import Document, Route
from bot.catalog.entry import EXPORTER, Entry
from bot.checks.base import Check, Problem
from bot.checks.schemas import schema, validator
from bot.checks.wording import nearest
from bot.model import Severity

_Kind = jsonschema_rs.ValidationErrorKind


def check(entry: Entry) -> Iterator[Problem]:
    """Every violation at once, each at its key or value."""
    document = entry.exporter
    if document is None or not isinstance(document.data, dict) or validator("exporter").is_valid(document.data):
        return
    for error in validator("exporter").iter_errors(document.data):
        yield from _problems(document, error)


def _problems(document: Document, error: jsonschema_rs.ValidationError) -> Iterator[Problem]:
    route: Route = tuple(error.instance_path)
    parent = _subschema(error.schema_path[:-1])
    kind = error.kind
    name = _display(route)
    if isinstance(kind, _Kind.Required):
        yield Problem(EXPORTER, route, f'missing key "{kind.property}"', _about(parent, kind.property), key=True)
    elif isinstance(kind, _Kind.AdditionalProperties):
        known = parent.get("properties", {})
        for key in kind.unexpected:
            yield Problem(EXPORTER, (*route, key), f'unknown key "{key}"', nearest(key, known), key=True)
    elif isinstance(kind, _Kind.PropertyNames):
        pattern = re.compile(parent["pattern"])
        for key in _keys(document, route):
            if not pattern.search(key):
                yield Problem(
                    EXPORTER, (*route, key), f'"{key}" is not a valid key of {name}', _form(pattern.pattern), key=True
                )
    elif isinstance(kind, _Kind.Enum):
        value = document.text_at(*route) or _written(document, route)
        yield Problem(EXPORTER, route, f'"{value}" is not a {name} of this catalog', nearest(value, parent["enum"]))
    elif isinstance(kind, _Kind.Type):
        yield _wrong_type(document, route, name, kind.types)
    elif isinstance(kind, _Kind.Pattern):
        help_ = "; ".join(filter(None, (_sentence(parent), _form(parent["pattern"]))))
        yield Problem(EXPORTER, route, f'"{document.get(*route)}" is not a valid {name}', help_)
    elif isinstance(kind, _Kind.UniqueItems):
        yield Problem(EXPORTER, route, f"{name} holds a value twice", "delete one")
    else:
        yield Problem(EXPORTER, route, f"{name}: {error.message}", _sentence(parent))


def _wrong_type(document: Document, route: Route, name: str, types: list[str]) -> Problem:
    value = document.get(*route)
    written = _written(document, route)
    wanted = " or ".join(types)
    if types == ["string"] and isinstance(value, int | float):
        read_as = f"the {'boolean' if isinstance(value, bool) else 'number'} {str(value).lower()}"
        help_ = f'write "{written}": without quotes, YAML reads {written} as {read_as}'
        return Problem(EXPORTER, route, f"{name} must be a quoted string", help_)
    if value is None:
        return Problem(
            EXPORTER, route, f"{name} has no value; it must be a {wanted}", "fill it in, or delete the key", key=True
        )
    return Problem(EXPORTER, route, f"{name} must be of type {wanted}, not {_TYPES[type(value)]}")


_TYPES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
}


def _written(document: Document, route: Route) -> str:
    span = document.span(route)
    return document.lines.line(span.line)[span.column - 1 : span.end_column - 1]


def _display(route: Route) -> str:
    """The last key on the way, such as version for ("snapshot", "version")."""
    return next((str(step) for step in reversed(route) if isinstance(step, str)), "exporter.yaml")


def _about(parent: dict[str, Any], key: str) -> str:
    """What the schema says of a key that somebody has to add."""
    about = parent.get("properties", {}).get(key, {})
    if "enum" in about:
        return f"one of: {', '.join(about['enum'])}"
    return _sentence(about)


def _sentence(subschema: dict[str, Any]) -> str:
    """A schema's description, as a help line reads."""
    description: str = subschema.get("description", "")
    first = description.split(" ", 1)[0]
    return (description if len(first) > 1 and first.isupper() else description[:1].lower() + description[1:]).rstrip(
        "."
    )


def _form(pattern: str) -> str:
    return f"it must match {pattern}"


def _keys(document: Document, route: Route) -> list[str]:
    value = document.get(*route)
    return list(value) if isinstance(value, dict) else []


def _subschema(path: list[str | int]) -> dict[str, Any]:
    node = schema("exporter")
    for step in path:
        node = node[step]
    return node if isinstance(node, dict) else {}


CHECK = Check("entry/schema", Severity.ERROR, __doc__, run=check)
