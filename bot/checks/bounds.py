"""What is too large, or points too far, to be handed to promtool: it has no limits of its own.

Deep nesting ends in a stack overflow that no caller can catch; `1x9999999999` fills the memory with samples.
"""

import re
from collections.abc import Iterator

from bot.catalog.document import Document, Route
from bot.catalog.entry import ALERTS, TESTS
from bot.checks.base import Problem
from bot.promql.durations import DAY, MINUTE, milliseconds
from bot.promql.limits import MAX_LENGTH, excess

MAX_EVAL_TIME = 30 * DAY
MAX_EVALUATIONS = 50_000
MAX_SAMPLES = 100_000
"""Of all input series of a file."""

_REPEATS = re.compile(r"x\s*([0-9]+)")
_SPLIT = "split it: a recording rule can carry a part"


def excess_of_rules(document: Document) -> Iterator[Problem]:
    """What of a rule file promtool must not see."""
    for route, text in document.strings():
        if route[-1:] == ("expr",):
            if too_large := excess(text):
                yield Problem(ALERTS, route, f"the expression is {too_large}", _SPLIT)
        elif len(text) > MAX_LENGTH:
            yield Problem(ALERTS, route, f"a text of {len(text)} characters; {MAX_LENGTH} is the most", "shorten it")


def excess_of_tests(document: Document) -> Iterator[Problem]:
    """What of a file of unit tests promtool must not see."""
    yield from _rule_files(document)
    interval = milliseconds(document.get("evaluation_interval")) or MINUTE
    samples = 0
    for test in members(document, ("tests",)):
        for part in ("alert_rule_test", "promql_expr_test"):
            for route in members(document, (*test, part)):
                yield from _eval_time(document, (*route, "eval_time"), interval)
                too_large = excess(document.text_at(*route, "expr") or "")
                if too_large:
                    yield Problem(TESTS, (*route, "expr"), f"the expression is {too_large}", _SPLIT)
        for route in members(document, (*test, "input_series")):
            before, samples = samples, samples + _samples(document, route)
            if samples > MAX_SAMPLES >= before:
                yield Problem(
                    TESTS,
                    (*route, "values"),
                    f"more than {MAX_SAMPLES} samples in this file",
                    "test with shorter series, or at a longer interval",
                )


def _rule_files(document: Document) -> Iterator[Problem]:
    files = document.get("rule_files")
    if not files:
        yield Problem(TESTS, ("rule_files",), f"rule_files does not name {ALERTS}", f"write rule_files: [{ALERTS}]")
    for index, file in enumerate(files if isinstance(files, list) else ()):
        if file != ALERTS:
            yield Problem(
                TESTS,
                ("rule_files", index),
                f'rule_files names "{file}"',
                f"write {ALERTS}: the tests of an entry are of its own alerts",
            )


def _eval_time(document: Document, route: Route, interval: int) -> Iterator[Problem]:
    text = document.get(*route)
    time = milliseconds(text) or 0
    if time > MAX_EVAL_TIME:
        yield Problem(TESTS, route, f"eval_time {text} is more than 30d", "test at an earlier time")
    elif time > MAX_EVALUATIONS * interval:
        yield Problem(
            TESTS,
            route,
            f"eval_time {text} takes {time // interval} evaluations; {MAX_EVALUATIONS} is the most",
            "test at an earlier time, or set a longer evaluation_interval",
        )


def _samples(document: Document, series: Route) -> int:
    """How many samples a series stands for, or somewhat more."""
    values = _values(document, (*series, "values"))
    name = document.text_at(*series, "series") or ""
    # Behind a line break a second series hides.
    text = f"{name} {values}" if "\n" in name else values
    repeats = (int(match[1]) if len(match[1]) < 20 else MAX_SAMPLES for match in _REPEATS.finditer(text))
    return sum(repeats) + len(text.split())


def _values(document: Document, route: Route) -> str:
    """What promtool takes the values for: 0x10 is sixteen to YAML, and a zero ten times over to promtool."""
    value = document.get(*route)
    if type(value) is int and f"{value:x}".isdigit():
        span = document.span(route)
        return document.lines.line(span.line)[span.column - 1 : span.end_column - 1]
    return str(value)


def members(document: Document, route: Route) -> Iterator[Route]:
    """The routes of what a list holds."""
    value = document.get(*route)
    for index in range(len(value) if isinstance(value, list) else 0):
        yield (*route, index)
