"""The unit tests of a rule file (promtool test rules), as far as they are well-formed.

Format: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalog.document import Document, Route


@dataclass(frozen=True, slots=True)
class AlertCase:
    """What one alert is expected to do at one time."""

    route: Route
    alert: str
    eval_time: str
    fires: bool


@dataclass(frozen=True, slots=True)
class UnitTest:
    """One test group: series, and what is expected of the alerts."""

    route: Route
    cases: tuple[AlertCase, ...]


def unit_tests_of(document: Document) -> tuple[UnitTest, ...]:
    """The test groups, in the order of the file."""
    tests = document.get("tests")
    return tuple(
        UnitTest(("tests", index), tuple(_cases(document, ("tests", index))))
        for index in range(len(tests) if isinstance(tests, list) else 0)
    )


def _cases(document: Document, test: Route) -> Iterator[AlertCase]:
    cases = document.get(*test, "alert_rule_test")
    for index in range(len(cases) if isinstance(cases, list) else 0):
        route: Route = (*test, "alert_rule_test", index)
        alert = document.text_at(*route, "alertname")
        if alert:
            yield AlertCase(
                route, alert, str(document.get(*route, "eval_time") or ""), bool(document.get(*route, "exp_alerts"))
            )
