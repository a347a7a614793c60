"""alerts.yaml and alerts_test.yaml are sound texts, and Prometheus loads alerts.yaml as it stands.

Prometheus refuses to start, or to reload, over one fault in one rule file: every rule of every file is lost, not only
the one at fault. The verdict is that of `promtool check rules`.

Bad:

    - alert: RedisDown
      expr: redis_up == 0)

Good:

    - alert: RedisDown
      expr: redis_up == 0
"""

import re
from collections.abc import Iterator, Sequence

from bot.catalog.document import Document, Route
from bot.catalog.entry import ALERTS, TESTS, Entry
from bot.checks.base import Across, Check, Gathered, Problem, RuleFault, faults_by_entry, flaws_of
from bot.checks.bounds import excess_of_rules
from bot.checks.rule_files import expressions, line_span, structure
from bot.model import Severity
from bot.promql.templates import parse

_WORD = re.compile(r"[\w.:]+|\S")
# 2.42 shows a regular expression as it anchors it.
_ANCHORED = re.compile(r"`\^\(\?:(.*)\)\$`")
_NAMES_A_KEY = re.compile(r"invalid (?:label name|annotation name|field)")


def check(entry: Entry) -> Iterator[Problem]:
    """The flaws of the texts, and what is too large for promtool."""
    yield from flaws_of(entry, (ALERTS, TESTS))
    document = entry.document(ALERTS)
    if document is not None:
        yield from excess_of_rules(document)


def gather(entry: Entry) -> bool | None:
    """Whether there is a rule file that may be handed to promtool."""
    document = entry.sound(ALERTS)
    return True if document is not None and not any(excess_of_rules(document)) else None


def judge(gathered: Gathered) -> Iterator[tuple[str, Problem]]:
    """promtool's verdict on all files at once."""
    if gathered.promtool is None:
        return
    for entry, document, faults in faults_by_entry(gathered, ALERTS, gathered.promtool.check_rules):
        for problem in dict.fromkeys(_problems(entry, document, faults)):
            yield entry.name, problem


def _problems(entry: Entry, document: Document, faults: Sequence[RuleFault]) -> Iterator[Problem]:
    # promtool names Go types, and often no line, for what is wrong with the structure: ours says it better.
    ours = _structure(entry, document, faults)
    yield from ours
    for fault in faults:
        route = _rule(document, fault)
        if route is not None:
            text = document.text_at(*route, *fault.part)
            # alerts/template says where in the text.
            if fault.part[:1] not in (("labels",), ("annotations",)) or text is None or parse(text).error is None:
                yield _of_rule(document, route, fault)
        elif fault.rule is not None or not ours:
            yield Problem(ALERTS, line_span(document, fault.line), fault.message)


def _structure(entry: Entry, document: Document, faults: Sequence[RuleFault]) -> list[Problem]:
    rule_less = [fault for fault in faults if fault.rule is None]
    if not rule_less:
        return []
    ours = list(structure(document))
    if len(rule_less) == len(faults) and not any("groupname" in fault.message.lower() for fault in faults):
        # promtool has not come to the expressions.
        return ours + list(expressions(entry))
    return [problem for problem in ours if isinstance(problem.where, tuple) and "rules" not in problem.where]


def _rule(document: Document, fault: RuleFault) -> Route | None:
    """The route of the rule that promtool speaks of."""
    groups = document.get("groups")
    found: list[Route] = [
        ("groups", index, "rules", fault.rule or 0)
        for index in range(len(groups) if isinstance(groups, list) else 0)
        if fault.rule is not None and str(document.get("groups", index, "name") or "") == fault.group
    ]
    exact = [route for route in found if document.get(*route) is not None and _holds(document, route, fault.line)]
    return next(iter(exact or found), None)


def _holds(document: Document, route: Route, line: int) -> bool:
    span = document.span(route)
    return span.line <= line <= span.end_line


def _of_rule(document: Document, rule: Route, fault: RuleFault) -> Problem:
    route = (*rule, *fault.part)
    expr = document.text_at(*route) or ""
    offset = fault.expr_offset(expr) if fault.part == ("expr",) else None
    within = None
    if offset is not None:
        # An expression that ends too early ends behind its last word, not behind its last line break.
        start = min(offset, len(expr.rstrip()))
        # Of this one error, Prometheus' lexer names the place behind the character it is about.
        if fault.message.startswith("unexpected right parenthesis") and expr[max(start - 1, 0) : start] == ")":
            start -= 1
        word = _WORD.match(expr, start)
        within = (start, word.end() if word else start + 1)
    message = _ANCHORED.sub(r"`\1`", fault.message)
    return Problem(ALERTS, route, message, within=within, key=_NAMES_A_KEY.match(message) is not None)


CHECK = Check(
    "alerts/load", Severity.ERROR, __doc__, run=check, across=Across(gather, judge, needs_promtool=True, apart=True)
)
