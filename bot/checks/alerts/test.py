"""The unit tests in alerts_test.yaml pass.

They are the proof that an alert fires when it should, with the labels and the text it should have: the verdict is that
of `promtool test rules`. Tests of an alerts.yaml that does not load are not run; alerts/load tells why.

Bad:

    rule_files: [../redis/alerts.yaml]
    tests:
      - interval: 1m
        input_series:
          - {series: 'redis_up{instance="a"}', values: 0x9999999999}

Good:

    rule_files: [alerts.yaml]
    tests:
      - interval: 1m
        input_series:
          - {series: 'redis_up{instance="a"}', values: 0x10}
        alert_rule_test:
          - {alertname: RedisDown, eval_time: 0m, exp_alerts: []}
"""

from collections.abc import Iterator, Sequence

from bot.catalog.document import Document, Route
from bot.catalog.entry import ALERTS, TESTS, Entry
from bot.checks.base import Across, Check, Gathered, Problem, UnitTestFault, faults_by_entry
from bot.checks.bounds import excess_of_rules, excess_of_tests
from bot.checks.unit_test_places import placed
from bot.model import Severity

_NOT_LOADED = f"{ALERTS} does not load: "


def check(entry: Entry) -> Iterator[Problem]:
    """What of the tests must not be run."""
    document = entry.document(TESTS)
    if document is not None:
        yield from excess_of_tests(document)


def gather(entry: Entry) -> bool | None:
    """Whether there are tests that may be run."""
    tests, rules = entry.sound(TESTS), entry.sound(ALERTS)
    if tests is None or rules is None or any(excess_of_tests(tests)) or any(excess_of_rules(rules)):
        return None
    return True


def judge(gathered: Gathered) -> Iterator[tuple[str, Problem]]:
    """promtool's verdict on all tests."""
    if gathered.promtool is None:
        return
    for entry, document, faults in faults_by_entry(gathered, TESTS, gathered.promtool.test_rules):
        for problem in _problems(entry, document, faults):
            yield entry.name, problem


def _problems(entry: Entry, document: Document, faults: Sequence[UnitTestFault]) -> Iterator[Problem]:
    loaded = not any(fault.message.startswith(_NOT_LOADED) for fault in faults)
    told: set[Route] = set()
    for fault in faults:
        if loaded or fault.message.startswith("input_series"):
            problem = placed(entry, document, fault, told)
            if isinstance(problem.where, tuple):
                told.add(problem.where)
            yield problem


CHECK = Check(
    "alerts/test", Severity.ERROR, __doc__, run=check, across=Across(gather, judge, needs_promtool=True, apart=True)
)
