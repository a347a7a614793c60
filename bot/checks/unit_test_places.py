"""Where in alerts_test.yaml stands what promtool test rules complains of."""

import re
from collections.abc import Collection, Iterator

from bot.catalog.document import Document, Route
from bot.catalog.entry import ALERTS, TESTS, Entry
from bot.catalog.unit_tests import AlertCase
from bot.checks.base import Problem, UnitTestFault
from bot.checks.bounds import members
from bot.checks.rule_files import line_span
from bot.model import START
from bot.promql.durations import milliseconds
from bot.promql.syntax import parse_error

_LINE = re.compile(r"line (\d+): ")
_DURATION = re.compile(r"(?:not a valid duration string: |unknown unit .* in duration )\"(.*)\"")
# Which series clash stands in front; the order in which they follow is any.
_SERIES_SIDE = re.compile(r"( on the (?:left|right) hand-side) of the operation: \[.*\];")
_NUMBER = r"[-+]?(?:[0-9.]+(?:e[-+]?[0-9]+)?|0x[0-9a-f]+|inf|nan)"
_VALUE = re.compile(rf"(?:_|stale|{_NUMBER}(?:[-+]{_NUMBER})?)(?:x[0-9]+)?", re.IGNORECASE)


def placed(entry: Entry, document: Document, fault: UnitTestFault, told: Collection[Route]) -> Problem:
    """A fault at its place; at none of those told before, where several look alike."""
    return _of_case(entry, fault, told) or _of_rule(entry, fault) or _other(document, fault, told)


def _of_case(entry: Entry, fault: UnitTestFault, told: Collection[Route]) -> Problem | None:
    """At the case of alert_rule_test that failed."""
    if fault.fires is None:
        return None
    routes = [
        (*case.route, "alertname")
        for test in entry.unit_tests
        for case in test.cases
        if test.name == fault.test and _is_meant(case, fault)
    ]
    # Tests without names may have the same case; promtool reports them in their order.
    route = next((route for route in routes if route not in told), None)
    return Problem(TESTS, route, fault.message) if route else None


def _is_meant(case: AlertCase, fault: UnitTestFault) -> bool:
    time = milliseconds(case.eval_time) or 0
    return case.alert == fault.alert and time == milliseconds(fault.eval_time) and case.fires == fault.fires


def _of_rule(entry: Entry, fault: UnitTestFault) -> Problem | None:
    """At the rule that cannot be evaluated over the series of a test."""
    rule = next((rule for rule in entry.rules if fault.alert and rule.name == fault.alert), None)
    return Problem(ALERTS, (*rule.route, "expr"), _SERIES_SIDE.sub(r"\1: ", fault.message)) if rule else None


def _other(document: Document, fault: UnitTestFault, told: Collection[Route]) -> Problem:
    if line := _LINE.match(fault.message):
        return Problem(TESTS, line_span(document, int(line[1])), fault.message[line.end() :])
    if duration := _DURATION.fullmatch(fault.message):
        text = duration[1]
        route = next((route for route, value in document.strings() if value == text), None)
        return Problem(TESTS, route or START, f'"{text}" is not a duration', "write it like 30s, 5m or 1h30m")
    places: Iterator[Route] = iter(())
    if fault.eval_time:
        places = _expressions(document, fault)
    elif fault.message.startswith("input_series do not parse"):
        places = _bad_series(document)
    elif "evaluation order" in fault.message:
        places = iter([("group_eval_order",)])
    elif "alertname" in fault.message:
        places = _nameless(document)
    return Problem(TESTS, next((route for route in places if route not in told), START), fault.message)


def _items(document: Document, part: str) -> Iterator[Route]:
    for test in members(document, ("tests",)):
        yield from members(document, (*test, part))


def _expressions(document: Document, fault: UnitTestFault) -> Iterator[Route]:
    said = " ".join(fault.message.split())
    for route in _items(document, "promql_expr_test"):
        expr = " ".join((document.text_at(*route, "expr") or "").split())
        is_at = (milliseconds(document.get(*route, "eval_time")) or 0) == milliseconds(fault.eval_time)
        if expr and is_at and said.startswith(expr[:100]):
            yield (*route, "expr")


def _bad_series(document: Document) -> Iterator[Route]:
    for route in _items(document, "input_series"):
        if parse_error(document.text_at(*route, "series") or "") is not None:
            yield (*route, "series")
        elif not all(map(_VALUE.fullmatch, str(document.get(*route, "values")).split())):
            yield (*route, "values")


def _nameless(document: Document) -> Iterator[Route]:
    return (route for route in _items(document, "alert_rule_test") if not document.get(*route, "alertname"))
