"""Each alert has a unit test in which it fires and one in which it stays quiet.

An alert that was never seen to fire may be unable to: a misspelt label, a wrong threshold and a join without a match
all look like good health. One that was never seen quiet may fire always.

Bad:

    alert_rule_test:
      - {alertname: RedisDown, eval_time: 5m, exp_alerts: [{exp_labels: {severity: critical}}]}

Good:

    alert_rule_test:
      - {alertname: RedisDown, eval_time: 0m, exp_alerts: []}
      - {alertname: RedisDown, eval_time: 5m, exp_alerts: [{exp_labels: {severity: critical}}]}
"""

from collections.abc import Iterator

from bot.catalog.document import Document
from bot.catalog.entry import ALERTS, TESTS, Entry
from bot.catalog.rules import Rule
from bot.catalog.unit_tests import AlertCase
from bot.checks.base import Check, Problem
from bot.checks.wording import nearest
from bot.model import START, Severity

_FEW = 100
_BOTH = "a case where it fires and one where it stays quiet"


def check(entry: Entry) -> Iterator[Problem]:
    """Alerts without both cases, and cases without an alert."""
    alerts = [rule for rule in entry.rules if rule.alert is not None]
    if TESTS not in entry.parsed:
        if alerts:
            count = f"{len(alerts)} alerts are" if len(alerts) > 1 else "1 alert is"
            help_ = f"write {entry.path}/{TESTS}: for each alert {_BOTH}"
            yield Problem(ALERTS, START, f"there is no {TESTS}: {count} not tested", help_)
        return
    document, rules = entry.document(TESTS), entry.document(ALERTS)
    if document is None or rules is None:
        return
    names = frozenset(_alert_names(rules))
    cases: dict[str, list[AlertCase]] = {}
    for test in entry.unit_tests:
        for case in test.cases:
            cases.setdefault(case.alert, []).append(case)
            if case.alert not in names:
                yield _unknown(case, names)
    by_name: dict[str, list[Rule]] = {}
    for rule in alerts:
        by_name.setdefault(rule.name, []).append(rule)
    for name, namesakes in by_name.items():
        yield from _lacking(namesakes, cases.get(name, []))


def _unknown(case: AlertCase, names: frozenset[str]) -> Problem:
    close = nearest(case.alert, sorted(names)) if len(names) <= _FEW else ""
    message = f'{ALERTS} has no alert "{case.alert}"'
    return Problem(TESTS, (*case.route, "alertname"), message, close or "delete the case, or write the alert")


def _lacking(namesakes: list[Rule], cases: list[AlertCase]) -> Iterator[Problem]:
    """What the alerts of one name lack; nobody tells a hundred of them apart."""
    firing = sum(case.fires for case in cases)
    for rule in namesakes:
        where, name = (*rule.route, "alert"), rule.alert
        if 1 < len(namesakes) <= _FEW:
            name = f"{rule.alert} ({rule.labels['severity']})" if "severity" in rule.labels else rule.alert
            firing = sum(_is_meant(rule, case) for case in cases)
        if not cases:
            yield Problem(ALERTS, where, f"{name} has no unit test", f"add to {TESTS} {_BOTH}")
        elif not firing:
            yield Problem(ALERTS, where, f"no unit test makes {name} fire", _sketch(rule, fires=True))
        elif firing == len(cases):
            yield Problem(ALERTS, where, f"no unit test shows {name} quiet", _sketch(rule, fires=False))


def _is_meant(rule: Rule, case: AlertCase) -> bool:
    """Whether a case expects this very alert to fire, and not only one that bears the same name."""
    fixed = {name: text for name, text in rule.labels.items() if "{{" not in text}
    return any(fixed.items() <= labels.items() for labels in case.expected)


def _sketch(rule: Rule, *, fires: bool) -> str:
    labels = [f"{name}: {text}" for name, text in rule.labels.items() if "{{" not in text]
    expected = f"{{exp_labels: {{{', '.join([*labels, '…'])}}}}}" if fires else ""
    return f"add a case: {{alertname: {rule.alert}, eval_time: …, exp_alerts: [{expected}]}}"


def _alert_names(document: Document) -> Iterator[str]:
    """Also those of rules that lack something else."""
    for route, text in document.strings():
        if len(route) == 5 and route[0] == "groups" and route[-1] == "alert":
            yield text


CHECK = Check("alerts/tested", Severity.ERROR, __doc__, run=check)
