"""Whether an expression returns something only under a condition, or always."""

from typing import NamedTuple

from bot.catalog.evidence import DEPLOYMENT_LABELS, TARGET_LABELS, Evidence, Metric, Origin, selects
from bot.catalog.known_values import values_of
from bot.catalog.queries import Query
from bot.promql.tree import (
    COMPARISONS,
    SET_OPERATORS,
    Aggregation,
    Binary,
    Call,
    Node,
    Paren,
    Selector,
    Subquery,
    Unary,
    bare,
    is_scalar,
    vectors_of,
)

_KEEP_VALUES = frozenset(
    (
        *("label_replace", "label_join", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "vector"),
        *("last_over_time", "first_over_time", "present_over_time", "count_over_time", "timestamp"),
    )
)
_BESIDE = TARGET_LABELS | DEPLOYMENT_LABELS
_ALERTS = ("ALERTS", "ALERTS_FOR_STATE")


class Unconditional(NamedTuple):
    """A part that returns something whatever the values are, and because of which the whole does."""

    node: Node
    doubtful: bool = False
    """Whether the mere presence of its series may be the condition."""
    constant: bool = False
    sometimes: bool = False
    """Whether its series need not exist: then to be there may be all that is asked."""


def _computed(found: Unconditional | None, *, by: bool) -> Unconditional | None:
    """Who computes something of the values asks for more than their presence."""
    return found._replace(sometimes=False) if found and by else found


class Conditions:
    """What is known of one query."""

    def __init__(self, query: Query, evidence: Evidence) -> None:
        self._query = query
        self._evidence = evidence
        self._values = values_of(query, evidence)

    def lacking(self, tree: Node) -> Unconditional | None:
        """Why an expression returns something whatever the values are; None where it has a condition."""
        found = self._returns(tree)
        return None if found is None or found.sometimes else found

    def _returns(self, node: Node) -> Unconditional | None:
        if is_scalar(node):
            return Unconditional(node, constant=True)
        match node:
            case Selector():
                return self._selector(node)
            case Paren() | Subquery() | Unary() | Aggregation():
                return self._same(node, self._returns(node.expr))
            case Call():
                return self._call(node)
            case Binary():
                return self._binary(node)
            case _:
                return None

    def _same(self, node: Node, below: Unconditional | None) -> Unconditional | None:
        """The part around it is to blame as well, unless only one of several sides is."""
        if below is None or (isinstance(bare(node), Binary) and bare(below.node) is not bare(node)):
            return below
        return below._replace(node=node)

    def _call(self, node: Call) -> Unconditional | None:
        name = node.function.text
        if name in ("absent", "absent_over_time"):
            return None
        vectors = vectors_of(node)
        if not vectors:
            return Unconditional(node, constant=True)
        return _computed(self._same(node, self._returns(vectors[0])), by=name not in _KEEP_VALUES)

    def _binary(self, node: Binary) -> Unconditional | None:
        if node.op.text == "unless" or self._decides(node):
            return None
        left = self._returns(node.left)
        if node.op.text == "or":
            return next((side for side in (left, self._returns(node.right)) if side and not side.sometimes), left)
        right = None if left is None else self._returns(node.right)
        if left is None or right is None:
            return None
        doubtful = left.doubtful or right.doubtful or node.op.text == "and"
        sometimes = node.op.text in SET_OPERATORS and (left.sometimes or right.sometimes)
        return Unconditional(node, doubtful, left.constant and right.constant, sometimes)

    def _decides(self, node: Binary) -> bool:
        """Whether it is a comparison that is not always true."""
        if node.op.text not in COMPARISONS or node.returns_bool:
            return False
        compared = self._values.comparison(node)
        return compared is None or not self._values.of(compared[0]).must(*compared[1:])

    def _selector(self, node: Selector) -> Unconditional | None:
        metrics = self._evidence.metrics_of(self._query.expression, node)
        every = [self._metric(metric, node) for metric in metrics]
        return next((found for found in every if found is not None), None)

    def _metric(self, metric: Metric, node: Selector) -> Unconditional | None:
        match metric.origin:
            case Origin.SNAPSHOT:
                names = {name for sample in metric.samples for name in sample.labels} - TARGET_LABELS
                telling = [m for m in node.matchers if m.label.text in names]
                there = any(selects(telling, sample) for sample in metric.samples)
                return Unconditional(node, sometimes=not there)
            case Origin.PROMETHEUS:
                return Unconditional(node, sometimes=metric.name in _ALERTS)
            case Origin.RECORDED:
                formulas = self._evidence.formulas.get(metric.name, ())
                always = [self._returns(formula) for formula in formulas]
                if not always or None in always:
                    return None
                return Unconditional(node, sometimes=any(found is not None and found.sometimes for found in always))
            case Origin.CONDITIONAL:
                return Unconditional(node, sometimes=True)
            case _:
                # A state that is asked for by a label is a condition of its own.
                narrowed = any(m.label.text not in _BESIDE for m in node.matchers)
                return Unconditional(node, doubtful=True, sometimes=narrowed)
