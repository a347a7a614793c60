"""Labels that the templates of an alert read and that its expression cannot return: a part of the check of labels.

A template sees the labels of the expression's result, without those of the rule and without alertname:
AlertingRule.Eval in rules/alerting.go of Prometheus.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.catalog.document import Route
from bot.catalog.entry import ALERTS, Entry
from bot.catalog.rules import Rule
from bot.checks.base import Problem
from bot.checks.reading.remarks import lower
from bot.checks.reading.returned import Returned
from bot.model import Severity
from bot.promql.limits import MAX_LENGTH
from bot.promql.templates import parse

_QUICK = re.compile(r"abels\.(\w+)|\b(index)\b")
_ARGUMENT = re.compile(r'[ \t\r\n]+(?:"([^"\\]*)"|`([^`]*)`)')
_CONDITION = re.compile(r"\{\{-?\s*(?:else\s+)?(?:if|with)\s[^{}]*$")


class Read(NamedTuple):
    """A label that a template reads at text[start:end]."""

    label: str
    start: int
    end: int
    guarded: bool
    """Whether a condition of the template asks for it: then nothing breaks without it."""


def template_labels(entry: Entry) -> Iterator[Problem]:
    """A problem for each place of a template that stays blank."""
    evidence = entry.evidence
    for query in entry.rule_queries:
        rule = query.rule
        templates = _templates(rule) if rule and rule.alert is not None else []
        asked = {name for _, text in templates for found in _QUICK.findall(text) for name in found if name}
        possible = query.labels(query.expression.tree).possible if asked else None
        if rule is None or possible is None or asked <= possible:
            continue
        returned = Returned(query, evidence)
        for route, text in templates:
            for read in labels_read(text):
                missing = returned.lacks(read.label)
                if missing:
                    yield Problem(
                        ALERTS,
                        route,
                        f'the expression returns no label "{read.label}"',
                        _of_the_rule(rule, read.label) or missing.help,
                        within=(read.start, read.end),
                        severity=lower(Severity.ERROR, missing.doubt + read.guarded),
                    )


def _templates(rule: Rule) -> list[tuple[Route, str]]:
    parts = (("labels", rule.labels), ("annotations", rule.annotations))
    return [((*rule.route, part, name), text) for part, texts in parts for name, text in texts.items() if "{{" in text]


def labels_read(text: str) -> list[Read]:
    """Every label of the alert that a template names; none where it does not parse, or is too long to be one."""
    if len(text) > MAX_LENGTH:
        return []
    template = parse(text)
    if template.error:
        return []
    found: list[tuple[str, int, int]] = []
    previous = ""
    for operand in template.operands:
        if len(operand.path) == 2 and operand.path[0] == "Labels":
            found.append((operand.path[1], operand.start, operand.end))
        elif operand.path == ("Labels",) and previous == "index":
            argument = _ARGUMENT.match(text, operand.end)
            if argument:
                group = 1 if argument[1] is not None else 2
                found.append((argument[group], *argument.span(group)))
        previous = operand.name
    guarded = {label for label, start, _ in found if _CONDITION.search(text, 0, start)}
    return [Read(label, start, end, label in guarded) for label, start, end in found]


def _of_the_rule(rule: Rule, label: str) -> str:
    """Help for a label that the alert gets only when its templates are filled in."""
    if label == "alertname":
        return f"a template sees only what the expression returns: write {rule.alert}"
    if label in rule.labels:
        return f'a template sees only what the expression returns: write "{rule.labels[label]}"'
    return ""
