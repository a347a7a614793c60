"""What an entry's own rules record, and with which labels."""

from collections.abc import Iterable
from dataclasses import replace

from bot.catalog.evidence import Evidence
from bot.catalog.rules import Rule
from bot.promql.expression import Expression
from bot.promql.labels import NAME, UNKNOWN, Labels, union
from bot.promql.reader import read
from bot.promql.tree import Node


def recorded_by(rules: Iterable[Rule], evidence: Evidence) -> Evidence:
    """The evidence with what the rules record; a rule may read what an earlier one recorded."""
    known: dict[str, Labels] = {}
    formulas: dict[str, tuple[Node, ...]] = {}
    for rule in rules:
        if rule.record is not None:
            tree = read(rule.expr)
            labels = _labels(rule, tree, replace(evidence, recorded=dict(known)))
            known[rule.record] = union((known[rule.record], labels)) if rule.record in known else labels
            formulas[rule.record] = (*formulas.get(rule.record, ()), *((tree,) if tree else ()))
    return replace(evidence, recorded=known, formulas=formulas) if known else evidence


def _labels(rule: Rule, tree: Node | None, evidence: Evidence) -> Labels:
    if tree is None:
        return UNKNOWN
    labels = evidence.algebra(Expression(rule.expr, tree)).returned(tree)
    for label, value in rule.labels.items():
        labels = labels.with_label(label, always=True) if value else labels.without((label,))
    return labels.with_label(NAME, always=True)
