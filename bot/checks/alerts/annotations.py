"""An alert tells whoever it wakes what is wrong: a short `summary` and a `description`.

The summary is the headline of the page, read on a telephone at night; the description says what it means and where to
look first. Notification templates count on both, and show an empty line without them.

Bad:

    annotations:
      message: Redis is down

Good:

    annotations:
      summary: Redis on {{ $labels.instance }} is down
      description: No answer to a ping for one minute. Look at the service's log on {{ $labels.instance }}.
"""

from collections.abc import Iterator

from bot.catalog.document import Document, Value
from bot.catalog.entry import ALERTS, Entry
from bot.catalog.rules import Rule
from bot.checks.base import Check, Problem
from bot.model import Severity

MAX_SUMMARY = 120
_SAY = {
    "summary": "say in one line what is wrong, and where",
    "description": "say what it means, and what to look at first",
}


def check(entry: Entry) -> Iterator[Problem]:
    """What each alert lacks, then what is weak."""
    document = entry.document(ALERTS)
    for rule in entry.rules:
        if document is not None and rule.alert is not None:
            yield from _missing(document, rule)
            yield from _summary(rule)
            yield from _description(rule)
            yield from _runbook(rule)


def _missing(document: Document, rule: Rule) -> Iterator[Problem]:
    annotations = document.get(*rule.route, "annotations")
    for name, help_ in _SAY.items():
        if not isinstance(annotations, dict) or name not in annotations:
            yield Problem(
                ALERTS, (*rule.route, "alert"), f"{rule.alert} has no {name}", f"add annotations.{name}: {help_}"
            )
        elif _is_blank(annotations[name]):
            yield Problem(
                ALERTS, (*rule.route, "annotations", name), f"the {name} of {rule.alert} is empty", help_, key=True
            )


def _is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _summary(rule: Rule) -> Iterator[Problem]:
    summary = rule.annotations.get("summary", "").strip()
    plain = _without_actions(summary)
    if "\n" in plain:
        yield _weak(rule, "summary", "has several lines", "keep one line; the rest belongs in the description")
    elif len(plain) > MAX_SUMMARY:
        yield _weak(
            rule,
            "summary",
            f"has {len(plain)} characters without its templates; {MAX_SUMMARY} fit a notification",
            "shorten it; the rest belongs in the description",
        )
    elif summary and summary == rule.alert:
        yield _weak(rule, "summary", "says no more than its name", _SAY["summary"])


def _without_actions(text: str) -> str:
    """A template's own text: nobody can tell how long the rest gets."""
    first, *others = text.split("{{")
    return first + "".join(other.partition("}}")[2] for other in others)


def _description(rule: Rule) -> Iterator[Problem]:
    description = rule.annotations.get("description", "").strip()
    if description and description == rule.annotations.get("summary", "").strip():
        yield _weak(rule, "description", "repeats the summary", _SAY["description"])


def _runbook(rule: Rule) -> Iterator[Problem]:
    url = rule.annotations.get("runbook_url")
    if url is not None and not url.startswith("https://"):
        yield Problem(
            ALERTS,
            (*rule.route, "annotations", "runbook_url"),
            f'"{url}" is not an https address',
            "give the full address of a page, https://…",
        )


def _weak(rule: Rule, name: str, what: str, help_: str) -> Problem:
    route = (*rule.route, "annotations", name)
    return Problem(ALERTS, route, f"the {name} of {rule.alert} {what}", help_, severity=Severity.WARNING)


CHECK = Check("alerts/annotations", Severity.ERROR, __doc__, run=check)
