"""No part of an expression is dead: what it asks for can still be there, and what it returns can come about.

An aggregation drops every label that it does not keep, and nothing further out brings one back: to group, match or
copy by it does nothing. A condition that contradicts itself, or that asks for a value which its operand never has, is
never true; neither shows, for both are valid PromQL and an alert that cannot fire looks like a healthy system.

Bad:

    expr: sum by (job, device) (sum by (instance, job) (rate(node_disk_io_time_seconds_total[5m]))) > 0.9

Good:

    expr: sum by (job, device) (rate(node_disk_io_time_seconds_total[5m])) > 0.9
"""

from collections.abc import Iterator
from functools import cached_property

from bot.catalog.evidence import DEPLOYMENT_LABELS, TARGET_LABELS, Evidence
from bot.catalog.queries import Query
from bot.checks.reading.dead_conditions import dead_conditions
from bot.checks.reading.dead_sets import dead_sets
from bot.checks.reading.droppers import Dropper, kept, written
from bot.checks.reading.label_uses import Source, in_quantile, sources_of
from bot.checks.reading.matching import contradiction, structure
from bot.checks.reading.remarks import Remark, both
from bot.model import Severity
from bot.promql.labels import NAME, Algebra, named
from bot.promql.tree import Binary, Name, Node, String, bare, children


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each label that got lost on the way, then for each branch that returns nothing."""
    lost = _Lost(query, evidence)
    for node, parents in query.expression.aggregations:
        if node.grouping == "by":
            for label in node.labels:
                if not (label.text == "le" and in_quantile(parents)):
                    yield from lost.remarks(label, "group by", node.expr)
    for binary, _ in query.expression.binaries:
        if binary.matching:
            yield from _matching(query, binary, lost)
    for call, _ in query.expression.calls:
        source = bare(call.args[3]) if call.function.text == "label_replace" and len(call.args) == 5 else None
        if isinstance(source, String) and source.value:
            yield from lost.remarks(Name(source.value, source.start + 1, source.end - 1), "read", call.args[0])
    yield from dead_conditions(query, evidence)
    yield from dead_sets(query)


def _matching(query: Query, node: Binary, lost: "_Lost") -> Iterator[Remark]:
    if node.matching == "on" and node.labels and contradiction(query, lost.evidence, node) is None:
        for label in node.labels:
            yield from lost.remarks(label, "match by", node.left, node.right)
    for label in node.include:
        yield from lost.remarks(label, "copy", node.right if node.group == "left" else node.left)


class _Lost:
    """Knows which labels were there and are no more."""

    def __init__(self, query: Query, evidence: Evidence) -> None:
        self._query = query
        self.evidence = evidence

    @cached_property
    def _algebra(self) -> Algebra:
        """As if every metric had every label: what a metric never had was not lost."""
        expression = self._query.expression
        found = {NAME, *(m.label.text for selector, _ in expression.selectors for m in selector.matchers)}
        for node, _ in expression.aggregations:
            found.update(named(node.labels))
        for operator, _ in expression.binaries:
            found.update(named((*operator.labels, *operator.include)))
        found.update(text.value for call, _ in expression.calls for text in call.args if isinstance(text, String))
        return structure(self._query, frozenset(found))

    def remarks(self, label: Name, what_for: str, *sides: Node) -> Iterator[Remark]:
        """One where a side has lost the label."""
        for side in sides:
            culprit = None if self._query.labels(side).may_have(label.text) else self._dropper(side, label.text)
            if culprit is not None:
                message = f'"{label.text}" is not there to {what_for}: "{written(culprit)}" has dropped it'
                right = isinstance(culprit, Binary) and self._query.labels(culprit.right).may_have(label.text)
                help_ = kept(culprit, label.text, right=right)
                yield Remark(label.start, label.end, message, help_, Severity.WARNING)
                return

    def _dropper(self, side: Node, label: str) -> Dropper | None:
        if self._query.expression.is_variable(label):
            return None
        if self._algebra.returned(side).may_have(label):
            return self._not_copied(side, label)
        dropper = _dropped_by(self._algebra, side, label)
        return dropper if dropper is not None and self._was_there(dropper, label) else None

    def _not_copied(self, side: Node, label: str) -> Dropper | None:
        """The operator of which only that operand has the label, for all that is known, whose labels are not kept."""
        if label in TARGET_LABELS | DEPLOYMENT_LABELS:
            return None
        for node, _ in self._query.expression.binaries:
            if side.start <= node.start < side.end and self._drops(node, label) and self._is_known(node, label):
                return node
        return None

    def _drops(self, node: Binary, label: str) -> bool:
        labels = self._query.labels
        there = labels(node.left).may_have(label) or labels(node.right).may_have(label)
        return there and not labels(node).may_have(label)

    def _is_known(self, node: Binary, label: str) -> bool:
        """Whether all labels of the metrics in it are known; a matcher says that somebody knows of more."""
        selectors = [s for s, _ in self._query.expression.selectors if node.start <= s.start < node.end]
        known = all(self._query.labels(selector).possible is not None for selector in selectors)
        return known and not any(m.label.text == label for selector in selectors for m in selector.matchers)

    def _was_there(self, node: Node, label: str) -> bool:
        below = [source for source in self._sources if node.start <= source.start < node.end]
        return any(source.has(label) or label in DEPLOYMENT_LABELS for source in below)

    @cached_property
    def _sources(self) -> list[Source]:
        return sources_of(self._query.expression, self.evidence)


def _dropped_by(algebra: Algebra, node: Node, label: str) -> Dropper | None:
    """The innermost part that takes the label in and does not return it."""
    for child in children(node):
        dropper = _dropped_by(algebra, child, label)
        if dropper is not None:
            return dropper
    if isinstance(node, Dropper) and not algebra.returned(node).may_have(label):
        return node if any(algebra.returned(child).may_have(label) for child in children(node)) else None
    return None


CHECKS = both("dead", Severity.ERROR, __doc__, look, needs_snapshot=False)
