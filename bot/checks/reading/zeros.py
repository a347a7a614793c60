"""Whether a denominator can be zero: rates can, a gauge if the snapshot has seen it so; what nobody knows is let be."""

import re

from bot.catalog.evidence import Evidence, Metric, Origin, selects, varies
from bot.catalog.queries import Query
from bot.promql.labels import NAME
from bot.promql.tree import (
    Aggregation,
    Binary,
    Call,
    Node,
    Number,
    Paren,
    Selector,
    String,
    Subquery,
    Unary,
    bare,
    is_scalar,
)
from bot.promql.values import Values

_DIFFERENCES = frozenset(("rate", "irate", "increase", "delta", "idelta", "deriv", "changes", "resets"))
_OF_THEIR_OWN = frozenset(("predict_linear", "holt_winters", "double_exponential_smoothing", "quantile_over_time"))
"""Functions whose result may be anything."""
_LIMIT = re.compile(r"(?i:limit|quota|swap|maxmemory|max_bytes)")
"""Gauges that are often zero where somebody sets no limit."""
_CLOCK = re.compile(r"cpu_(?:seconds|time|usage|ms)|_uptime|_ticks")
"""Counters that go on whatever happens."""


class Zeros:
    """What is known of the zeros of one query."""

    def __init__(self, query: Query, evidence: Evidence, values: Values, *, limits: bool = False) -> None:
        self._query = query
        self._evidence = evidence
        self._values = values
        # Whether to take limits for zero where none is set, though the snapshot has not seen it.
        self._limits = limits

    def can_be(self, node: Node) -> bool:
        """Whether there is a reason to think that a part is zero at times."""
        if self._values.of(node).excludes_zero:
            return False
        match node:
            case Number():
                return self._values.of(node).point == 0
            case Paren() | Subquery() | Unary():
                return self.can_be(node.expr)
            case Selector():
                return any(self._seen(metric, node) for metric in self._metrics(node))
            case Call():
                return self._call(node)
            case Aggregation():
                # One zero among several does not make their sum zero: of gauges, all must be.
                return node.op.text not in ("count", "group", "count_values") and self._all(node.expr, node.op.text)
            case Binary():
                return self._binary(node)
            case _:
                return False

    def _metrics(self, selector: Selector) -> tuple[Metric, ...]:
        return self._evidence.metrics_of(self._query.expression, selector)

    def _call(self, node: Call) -> bool:
        vectors = [arg for arg in node.args if not isinstance(bare(arg), String)]
        if node.function.text in _DIFFERENCES:
            return bool(vectors) and self._stands_still(vectors[0])
        if node.function.text in _OF_THEIR_OWN or node.function.text.startswith("histogram_"):
            return False
        return bool(vectors) and self.can_be(vectors[0])

    def _stands_still(self, node: Node) -> bool:
        """Whether a counter may not move for a while."""
        node = bare(node)
        if isinstance(node, Subquery):
            return self._stands_still(node.expr)
        if not isinstance(node, Selector):
            return False
        metrics = self._metrics(node)
        known = all(metric.origin in (Origin.SNAPSHOT, Origin.CONDITIONAL) for metric in metrics)
        return bool(metrics) and known and not any(_CLOCK.search(metric.name) for metric in metrics)

    def _seen(self, metric: Metric, selector: Selector) -> bool:
        """Whether the snapshot has a zero; a counter that is zero has only not begun."""
        telling = [m for m in selector.matchers if m.label.text != NAME and not varies(m)]
        if metric.type == "counter":
            return False
        return self._is_limit(metric) or any(
            sample.value == 0 and selects(telling, sample) for sample in metric.samples
        )

    def _is_limit(self, metric: Metric) -> bool:
        return self._limits and bool(metric.samples) and _LIMIT.search(metric.name) is not None

    def _all(self, node: Node, op: str) -> bool:
        """Whether everything that is added up may be zero together."""
        below = bare(node)
        if isinstance(below, Selector) and op in ("sum", "avg", "max"):
            telling = [m for m in below.matchers if m.label.text != NAME and not varies(m)]
            samples = [
                sample.value
                for metric in self._metrics(below)
                for sample in metric.samples
                if metric.type != "counter" and selects(telling, sample)
            ]
            return bool(samples) and (not any(samples) or any(map(self._is_limit, self._metrics(below))))
        return self.can_be(node)

    def _binary(self, node: Binary) -> bool:
        match node.op.text:
            case "+":
                return self.can_be(node.left) and self.can_be(node.right)
            case "*":
                return self.can_be(node.left) or self.can_be(node.right)
            case "-":
                return self._moves(node.left) and self._moves(node.right)
            case "or":
                return self.can_be(node.left) or self.can_be(node.right)
            case "/" | "and" | "unless":
                return self.can_be(node.left)
            case op if op in (">", "<", ">=", "<=", "==", "!="):
                return not node.returns_bool and self.can_be(node.right if is_scalar(node.left) else node.left)
            case _:
                return False

    def _moves(self, node: Node) -> bool:
        return not is_scalar(node) and self.can_be(node)
