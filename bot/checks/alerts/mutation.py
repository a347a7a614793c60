"""The unit tests really hold the alert: with a comparison turned round, a threshold moved or `for` removed, one fails.

Tests that pass whatever the rule says prove nothing. So each alert is broken on purpose, in every one of these ways,
and promtool runs its tests again: a mutant that no test notices could as well be the rule. Cases close to the
threshold, on both sides of it, and one shortly before the end of `for` are enough for all of them. The quick mode
(`validate --quick`) leaves this check out.

Bad:

    - {eval_time: 10m, alertname: RedisMemoryNearLimit, exp_alerts: []}       # memory 1 of 1000
    - {eval_time: 10m, alertname: RedisMemoryNearLimit, exp_alerts: [{…}]}    # memory 1000 of 1000

Good:

    - {eval_time: 10m, alertname: RedisMemoryNearLimit, exp_alerts: []}       # memory 880 of 1000
    - {eval_time: 4m, alertname: RedisMemoryNearLimit, exp_alerts: []}        # memory 950 of 1000, for: 5m
    - {eval_time: 10m, alertname: RedisMemoryNearLimit, exp_alerts: [{…}]}    # memory 950 of 1000
"""

import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from bot.catalog.entry import ALERTS, TESTS, Entry
from bot.checks.alerts.test import gather as may_be_run
from bot.checks.base import Across, Check, Gathered, Problem, UnitTestFault
from bot.checks.mutants import Mutation, mutations_of, name_of
from bot.model import Severity

BUDGET = 400
"""Mutants of one entry; those of the first alerts are tried."""


def gather(entry: Entry) -> tuple[Mutation, ...] | None:
    """The mutants of an entry whose tests may be run."""
    tests, alerts = entry.sound(TESTS), entry.sound(ALERTS)
    if tests is None or alerts is None or not may_be_run(entry):
        return None
    return tuple(mutations_of(entry.rule_queries, alerts, tests)) or None


def judge(gathered: Gathered) -> Iterator[tuple[str, Problem]]:
    """promtool's verdict on the mutants within the budget."""
    if gathered.promtool is None:
        return
    tried: dict[Path, tuple[str, Mutation]] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        for entry, mutations in gathered.by_entry.items():
            spent = 0
            for index, mutation in enumerate(mutations):
                spent += len(mutation.mutants)
                if spent > BUDGET:
                    yield entry, _too_many(mutation)
                    break
                tried[_written(Path(folder, entry, str(index)), mutation)] = entry, mutation
        faults = {
            path: list(found)
            for path, found in groupby(gathered.promtool.test_rules(list(tried), apart=True), lambda fault: fault.file)
        }
    for path, (entry, mutation) in tried.items():
        for problem in _problems(mutation, faults.get(path, [])):
            yield entry, problem


def _written(folder: Path, mutation: Mutation) -> Path:
    folder.mkdir(parents=True)
    (folder / ALERTS).write_text(mutation.rules, encoding="utf-8")
    tests = folder / TESTS
    tests.write_text(mutation.tests, encoding="utf-8")
    return tests


def _too_many(mutation: Mutation) -> Problem:
    message = f"more than {BUDGET} mutants: those of {mutation.rule.name} and of the alerts after it were not tried"
    return Problem(ALERTS, (*mutation.rule.route, "alert"), message, severity=Severity.INFO)


def _problems(mutation: Mutation, faults: list[UnitTestFault]) -> Iterator[Problem]:
    """The mutants that no test noticed; nothing where the alert's own tests fail, or promtool could not say."""
    rule, noticed = mutation.rule, {fault.alert for fault in faults}
    if rule.name in noticed or "" in noticed:
        return
    for index, mutant in enumerate(mutation.mutants):
        if name_of(rule, index) not in noticed:
            message = f"no test of {rule.name} fails {mutant.what}"
            where = (*rule.route, "expr") if mutant.within else (*rule.route, "for")
            yield Problem(ALERTS, where, message, mutant.advice, within=mutant.within)


CHECK = Check(
    "alerts/mutation",
    Severity.WARNING,
    __doc__,
    across=Across(gather, judge, needs_promtool=True, apart=True, slow=True),
)
