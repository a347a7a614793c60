"""The unit tests of a rule file (promtool test rules), as far as they are well-formed.

Format: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalog.document import Document, Route, Value


@dataclass(frozen=True, slots=True)
class AlertCase:
    """What one alert is expected to do at one time."""

    route: Route
    alert: str
    eval_time: str
    expected: tuple[dict[str, str], ...]
    """The labels of each alert that is expected to fire."""

    @property
    def fires(self) -> bool:
        """Whether any alert is expected."""
        return bool(self.expected)


@dataclass(frozen=True, slots=True)
class UnitTest:
    """One test group: series, and what is expected of the alerts."""

    route: Route
    name: str
    """Empty where it has none."""
    cases: tuple[AlertCase, ...]


def unit_tests_of(document: Document) -> tuple[UnitTest, ...]:
    """The test groups, in the order of the file."""
    tests = document.get("tests")
    return tuple(
        UnitTest(route, document.text_at(*route, "name") or "", tuple(_cases(document, route)))
        for route in (("tests", index) for index in range(len(tests) if isinstance(tests, list) else 0))
    )


def _cases(document: Document, test: Route) -> Iterator[AlertCase]:
    cases = document.get(*test, "alert_rule_test")
    for index in range(len(cases) if isinstance(cases, list) else 0):
        route: Route = (*test, "alert_rule_test", index)
        alert = document.text_at(*route, "alertname")
        if alert:
            eval_time = document.get(*route, "eval_time")
            yield AlertCase(
                route, alert, "" if eval_time is None else str(eval_time), _expected(document.get(*route, "exp_alerts"))
            )


def _expected(alerts: Value) -> tuple[dict[str, str], ...]:
    return tuple(_labels(alert) for alert in (alerts if isinstance(alerts, list) else ()))


def _labels(alert: Value) -> dict[str, str]:
    labels = alert.get("exp_labels") if isinstance(alert, dict) else None
    if not isinstance(labels, dict):
        return {}
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in labels.items()
        if not isinstance(value, dict | list)
    }
