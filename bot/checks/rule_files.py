"""The embedded verdict on a rule file: its structure, and its expressions."""

from collections.abc import Iterator

import jsonschema_rs

from bot.catalog.document import Document, Route
from bot.catalog.entry import ALERTS, Entry
from bot.checks.base import Problem
from bot.checks.schemas import schema, validator
from bot.checks.wording import nearest
from bot.model import START, Severity, Span
from bot.promql.limits import excess
from bot.promql.syntax import Fault, parse

_Kind = jsonschema_rs.ValidationErrorKind
_LABEL = "letters, digits and _, no digit in front"


def line_span(document: Document, number: int) -> Span:
    """A line without its indentation; the top of the file for line 0."""
    line = document.lines.line(number)
    return Span(number, len(line) - len(line.lstrip()) + 1, number, len(line) + 1) if number else START


def structure(document: Document) -> Iterator[Problem]:
    """What is wrong with a rule file before anybody reads its expressions and templates."""
    if not validator("rules").is_valid(document.data):
        for error in validator("rules").iter_errors(document.data):
            yield from _problems(document, error)
    seen = set()
    groups = document.get("groups")
    for index in range(len(groups) if isinstance(groups, list) else 0):
        name = document.text_at("groups", index, "name")
        if name and name in seen:
            yield Problem(ALERTS, ("groups", index, "name"), f'there are two groups "{name}"', "rename one of them")
        seen.add(name)


def expressions(entry: Entry) -> Iterator[Problem]:
    """What the embedded parser refuses; where it may be at its own end, that is no more than a hint."""
    for rule in entry.rules:
        # alerts/load tells of the ones that are too large.
        fault = parse(rule.expr) if excess(rule.expr) is None else None
        if isinstance(fault, Fault):
            severity = None if fault.certain else Severity.INFO
            yield Problem(ALERTS, (*rule.route, "expr"), fault.message, within=fault.within, severity=severity)


def _problems(document: Document, error: jsonschema_rs.ValidationError) -> Iterator[Problem]:
    route: Route = tuple(error.instance_path)
    kind = error.kind
    name = next((step for step in reversed(route) if isinstance(step, str)), ALERTS)
    match kind:
        case _Kind.AdditionalProperties():
            known = _known(route)
            for key in kind.unexpected:
                yield Problem(ALERTS, (*route, key), f'unknown field "{key}"', nearest(key, known), key=True)
        case _Kind.Required():
            yield Problem(ALERTS, route, f'{_what(route)} without "{kind.property}"', f"add {kind.property}")
        case _Kind.OneOfNotValid() | _Kind.OneOfMultipleValid() if not isinstance(document.get(*route), dict):
            # Its type is a finding of its own.
            return
        case _Kind.OneOfNotValid():
            yield Problem(ALERTS, route, 'a rule without "alert" or "record"', "add alert and the name of the alert")
        case _Kind.OneOfMultipleValid():
            where = (*route, "record")
            yield Problem(ALERTS, where, 'a rule with both "alert" and "record"', "make two rules of it", key=True)
        case _Kind.FalseSchema():
            yield Problem(ALERTS, route, f'"{name}" in a recording rule', "delete it; only alerts have it", key=True)
        case _Kind.PropertyNames():
            key = str(kind.error.instance)
            yield Problem(ALERTS, (*route, key), f'"{key}" is no name for one of the {name}', f"use {_LABEL}", key=True)
        case _Kind.Pattern() if name == "record":
            text = document.get(*route)
            yield Problem(ALERTS, route, f'"{text}" is not the name of a metric', "use letters, digits, _ and :")
        case _Kind.Pattern() | _Kind.Maximum() | _Kind.Minimum():
            yield Problem(
                ALERTS, route, f'"{document.get(*route)}" is not a duration', "write it like 30s, 5m or 1h30m"
            )
        case _Kind.MinLength():
            yield Problem(ALERTS, route, f'"{name}" is empty', "fill it in", key=True)
        case _:
            yield Problem(ALERTS, route, f"{_what(route)} is not {_wanted(kind)}")


def _known(route: Route) -> list[str]:
    """The fields of what stands at a route."""
    definitions = schema("rules")["$defs"]
    place = {0: schema("rules"), 2: definitions["group"]}.get(len(route), definitions["rule"])
    return list(place["properties"])


def _what(route: Route) -> str:
    if not route:
        return ALERTS
    if isinstance(route[-1], int):
        return "a group" if len(route) == 2 else "a rule"
    return f'"{route[-1]}"'


def _wanted(kind: object) -> str:
    if not isinstance(kind, _Kind.Type):
        return "something else"
    if sorted(kind.types) == ["integer", "null", "string"]:
        return "a duration"
    names = {"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number"}
    return next((names[type_] for type_ in ("object", "array", "string", "integer") if type_ in kind.types), "text")
