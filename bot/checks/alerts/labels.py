"""An alert says how urgent it is: `severity` is critical, warning or info.

Routing trees match on `severity`. An alert without it, or with a value of its own, lands in the default route,
where nobody is woken.

Bad:

    labels:
      severity: page

Good:

    labels:
      severity: critical
"""

from collections.abc import Iterator

from bot.catalog.entry import ALERTS, Entry
from bot.checks.base import Check, Problem
from bot.checks.wording import nearest
from bot.model import Severity

SEVERITIES = ("critical", "warning", "info")


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each alert without a known severity."""
    for rule in entry.rules:
        if rule.alert is None:
            continue
        severity = rule.labels.get("severity")
        if severity is None:
            yield Problem(
                ALERTS,
                (*rule.route, "alert"),
                f"{rule.alert} has no severity label",
                f"add labels.severity: {', '.join(SEVERITIES[:-1])} or {SEVERITIES[-1]}",
            )
        elif severity not in SEVERITIES:
            yield Problem(
                ALERTS,
                (*rule.route, "labels", "severity"),
                f'"{severity}" is not a severity of this catalog',
                nearest(severity, SEVERITIES),
            )


CHECK = Check("alerts/labels", Severity.ERROR, __doc__, run=check)
