"""An alert waits with `for` until its condition has lasted, or its expression looks back over a range.

Without either, one scrape that fails or one odd sample wakes somebody, and the alert is gone when they look. An alert
that compares with `time()` has its own delay.

Bad:

    alert: RedisDown
    expr: redis_up == 0

Good:

    alert: RedisDown
    expr: redis_up == 0
    for: 1m
"""

import re
from collections.abc import Iterator

from bot.catalog.entry import ALERTS, Entry
from bot.catalog.rules import Rule
from bot.checks.base import Check, Problem
from bot.model import Severity
from bot.promql.durations import DAY, milliseconds
from bot.promql.limits import bare, excess

_LOOKS_BACK = re.compile(r"\[|\btime\s*\(")


def check(entry: Entry) -> Iterator[Problem]:
    """Durations that are missing, that do nothing, or that are very long; promtool judges what is none."""
    for rule in entry.rules:
        if rule.alert is not None:
            yield from _for(rule)
            if milliseconds(rule.keep_firing_for) == 0:
                yield Problem(
                    ALERTS,
                    (*rule.route, "keep_firing_for"),
                    f"keep_firing_for: {rule.keep_firing_for} keeps nothing",
                    "give a duration, or leave it out",
                )


def _for(rule: Rule) -> Iterator[Problem]:
    if excess(rule.expr) is not None:
        return
    patient = _LOOKS_BACK.search(bare(rule.expr)) is not None
    duration = milliseconds(rule.for_)
    if rule.for_ is None and not patient:
        yield Problem(
            ALERTS,
            (*rule.route, "alert"),
            f"{rule.alert} fires at the first sample that matches",
            "add for: 1m, or as long as the condition must last before somebody has to act",
        )
    elif duration == 0:
        help_ = "leave it out" if patient else "say how long the condition must last, such as for: 1m"
        yield Problem(ALERTS, (*rule.route, "for"), f"for: {rule.for_} waits for nothing", help_)
    elif duration is not None and duration > DAY:
        yield Problem(
            ALERTS,
            (*rule.route, "for"),
            f"{rule.alert} waits {rule.for_} before it fires; a gap in the series starts that anew",
            "look back in the expression instead, such as min_over_time(…[1d]), or wait less",
        )


CHECK = Check("alerts/for", Severity.WARNING, __doc__, run=check)
