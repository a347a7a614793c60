"""No two alerts of a file have the same name and labels.

Prometheus loads them both. Where both fire they are one alert to Alertmanager, which shows the annotations of whichever
came last and resolves it when one of the two does. Alerts of one name are fine if a label, such as `severity`, tells
them apart.

Bad:

    - alert: RedisMemoryHigh
      expr: redis_memory_used_bytes / redis_memory_max_bytes > 0.8
      labels: {severity: warning}
    - alert: RedisMemoryHigh
      expr: redis_memory_used_bytes / redis_memory_max_bytes > 0.95
      labels: {severity: warning}

Good:

    - alert: RedisMemoryHigh
      expr: redis_memory_used_bytes / redis_memory_max_bytes > 0.8
      labels: {severity: warning}
    - alert: RedisMemoryHigh
      expr: redis_memory_used_bytes / redis_memory_max_bytes > 0.95
      labels: {severity: critical}
"""

from collections.abc import Iterator

from bot.catalog.document import Document
from bot.catalog.entry import ALERTS, Entry
from bot.catalog.rules import Rule
from bot.checks.base import Check, Problem
from bot.model import Severity
from bot.promql.syntax import Fault, parse

_Identity = tuple[str, frozenset[tuple[str, str]]]


def check(entry: Entry) -> Iterator[Problem]:
    """One problem at each alert that another one in front of it equals."""
    document = entry.document(ALERTS)
    if document is None:
        return
    first: dict[_Identity, Rule] = {}
    for rule in entry.rules:
        if rule.alert is None:
            continue
        other = first.setdefault(_identity(document, rule), rule)
        if other is rule:
            continue
        line = document.span((*other.route, "alert")).line
        if rule.expr == other.expr or _normal(rule.expr) == _normal(other.expr):
            message, help_ = f"{rule.alert} repeats the alert at line {line}", "delete one of them"
        else:
            message = f"{rule.alert} has the name and labels of the alert at line {line}"
            help_ = "rename one of them, or add a label that tells them apart"
        yield Problem(ALERTS, (*rule.route, "alert"), message, help_)


def _identity(document: Document, rule: Rule) -> _Identity:
    labels: dict[str, str] = {}
    for holder in (rule.route[:2], rule.route):
        own = document.get(*holder, "labels")
        labels |= {name: str(value) for name, value in own.items()} if isinstance(own, dict) else {}
    return rule.alert or "", frozenset(labels.items())


def _normal(expr: str) -> str:
    """The expression without what makes no difference."""
    tree = parse(expr)
    return " ".join(expr.split()) if isinstance(tree, Fault) else str(tree)


CHECK = Check("alerts/duplicate", Severity.ERROR, __doc__, run=check)
