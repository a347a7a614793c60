"""Alerts with one thing wrong, and the unit tests that should notice.

All mutants of one alert go into one rule file, under names of their own, with the tests of that alert alone: promtool
then judges them all over the same series at once.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.catalog.document import Document, Value
from bot.catalog.queries import Query
from bot.catalog.rules import Rule
from bot.promql.bounds import mirrored
from bot.promql.expression import Expression
from bot.promql.tree import COMPARISONS, Binary, Node, Number, bare, is_scalar

_TURNED = {op: mirrored(op) for op in COMPARISONS} | {"==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One thing wrong with an alert."""

    expr: str
    keeps_for: bool
    what: str
    """Such as: when "> 0.9" is turned into "< 0.9"."""
    advice: str
    within: tuple[int, int] | None
    """What of the expression was changed; None where it was the rule's `for`."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """The mutants of one alert, as files that promtool can run."""

    rule: Rule
    mutants: tuple[Mutant, ...]
    rules: str
    """Text of a rule file: the alert as it is, and each mutant under the name that name_of gives."""
    tests: str
    """Text of a test file that reads alerts.yaml beside it."""


def name_of(rule: Rule, index: int) -> str:
    """The name of an alert's mutant in the rule file."""
    return f"{rule.name}_mutant_{index}"


def mutations_of(queries: Iterable[Query], alerts: Document, tests: Document) -> Iterator[Mutation]:
    """Each alert with cases where it fires and where it stays quiet, and its mutants."""
    for query in queries:
        rule = query.rule
        groups = _groups(tests, rule.name) if rule and rule.alert else []
        mutants = tuple(mutants_of(rule, query.expression)) if rule and _both_ways(groups) else ()
        if rule and mutants:
            yield Mutation(rule, mutants, _rule_file(rule, mutants, alerts), _test_file(rule, mutants, tests, groups))


def mutants_of(rule: Rule, expression: Expression) -> Iterator[Mutant]:
    """Every comparison turned, every threshold moved by an order of magnitude, `for` removed."""
    for node, _ in expression.binaries:
        if node.op.text in COMPARISONS:
            yield from _compared(rule.expr, node)
    if rule.for_ not in (None, "", 0, "0", "0s", "0m"):
        yield Mutant(
            rule.expr,
            False,
            f"without for: {rule.for_}",
            f"add a case that expects no alert, shortly before the condition has lasted {rule.for_}",
            None,
        )


def _compared(expr: str, node: Binary) -> Iterator[Mutant]:
    op = node.op
    yield Mutant(
        expr[: op.start] + _TURNED[op.text] + expr[op.end :],
        True,
        f'when "{op.text}" becomes "{_TURNED[op.text]}"',
        "add a case on the other side of the threshold",
        (op.start, op.end),
    )
    for side in (node.left, node.right):
        if is_scalar(side) and not (is_scalar(node.left) and is_scalar(node.right)):
            yield from _moved(expr, side)


def _moved(expr: str, threshold: Node) -> Iterator[Mutant]:
    written, inner = expr[threshold.start : threshold.end], bare(threshold)
    if isinstance(inner, Number) and inner.value == 0:
        return
    for factor, said in ((10, "ten times"), (0.1, "a tenth of")):
        yield Mutant(
            f"{expr[: threshold.start]}({written} * {factor}){expr[threshold.end :]}",
            True,
            f"when the threshold is {said} {written}",
            f"add a case whose value lies between the threshold and {said} it",
            (threshold.start, threshold.end),
        )


def _groups(tests: Document, alert: str) -> list[dict[str, Value]]:
    """The test groups with cases of one alert, without those of others."""
    groups = []
    all_groups = tests.get("tests")
    for group in all_groups if isinstance(all_groups, list) else ():
        cases = group.get("alert_rule_test") if isinstance(group, dict) else None
        mine: list[Value] = [
            case
            for case in (cases if isinstance(cases, list) else ())
            if isinstance(case, dict) and case.get("alertname") == alert
        ]
        if mine and isinstance(group, dict):
            groups.append({**group, "promql_expr_test": [], "alert_rule_test": mine})
    return groups


def _both_ways(groups: list[dict[str, Value]]) -> bool:
    """Whether some case expects the alert and some does not; where not, alerts/tested says so."""
    fires = {bool(case.get("exp_alerts")) for case in _cases(groups)}
    return fires == {True, False}


def _cases(groups: list[dict[str, Value]]) -> Iterator[dict[str, Value]]:
    for group in groups:
        cases = group["alert_rule_test"]
        yield from (case for case in (cases if isinstance(cases, list) else ()) if isinstance(case, dict))


def _test_file(rule: Rule, mutants: tuple[Mutant, ...], tests: Document, groups: list[dict[str, Value]]) -> str:
    names = [rule.name, *(name_of(rule, index) for index in range(len(mutants)))]
    written: list[Value] = []
    for group in groups:
        multiplied: list[Value] = [{**case, "alertname": name} for name in names for case in _cases([group])]
        written.append({**group, "alert_rule_test": multiplied})
    whole = tests.data if isinstance(tests.data, dict) else {}
    return json.dumps({**whole, "rule_files": ["alerts.yaml"], "group_eval_order": [], "tests": written})


def _rule_file(rule: Rule, mutants: tuple[Mutant, ...], alerts: Document) -> str:
    """The groups with what they record, since the alert may read it, and with the mutants in the alert's place."""
    groups: list[Value] = []
    all_groups = alerts.get("groups")
    for group_index, group in enumerate(all_groups if isinstance(all_groups, list) else ()):
        rules = group.get("rules") if isinstance(group, dict) else None
        kept: list[Value] = []
        for index, given in enumerate(rules if isinstance(rules, list) else ()):
            if isinstance(given, dict) and ("groups", group_index, "rules", index) == rule.route:
                kept += [given, *(_mutated(given, rule, number, mutant) for number, mutant in enumerate(mutants))]
            elif isinstance(given, dict) and "record" in given:
                kept.append(given)
        if kept and isinstance(group, dict):
            groups.append({**group, "rules": kept})
    return json.dumps({"groups": groups})


def _mutated(given: dict[str, Value], rule: Rule, number: int, mutant: Mutant) -> dict[str, Value]:
    changed = {key: value for key, value in given.items() if mutant.keeps_for or key != "for"}
    return {**changed, "alert": name_of(rule, number), "expr": mutant.expr}
