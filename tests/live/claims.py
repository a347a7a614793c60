"""What the evidence claims of an expression: that it returns data, that it returns none, or that values decide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.catalog.evidence import TARGET_LABELS, Evidence, Metric, Origin, selects
from bot.metrics.snapshot import Sample
from bot.promql.expression import Expression
from bot.promql.tree import (
    COMPARISONS,
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
    children,
    is_scalar,
)

_OFFSET = re.compile(r"\s+offset\s+-?\w+$")


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why an expression returns no series."""

    reason: str
    certain: bool
    """Whether any series would contradict it."""


@dataclass(frozen=True)
class Claims:
    """Those of an entry whose snapshot is of a target that Prometheus scrapes too; variables have values."""

    evidence: Evidence
    target: Mapping[str, str]
    """The labels that the scrape adds."""

    def nothing(self, expression: Expression, node: Node) -> Nothing | None:
        """Why a part returns no series; None where it returns some, as far as no comparison takes them away."""
        match node:
            case Selector():
                return self._selected(expression, node)
            case Paren() | Subquery() | Unary() | Aggregation():
                return self.nothing(expression, node.expr)
            case Call():
                return self._called(expression, node)
            case Binary() if not is_scalar(node):
                return self._combined(expression, node)
            case _:
                return None

    def _selected(self, expression: Expression, selector: Selector) -> Nothing | None:
        metrics = self.evidence.metrics_of(expression, selector)
        found = [self._of_metric(metric, selector) for metric in metrics]
        return None if None in found else next(iter(found), Nothing("no metric is like that", certain=True))

    def _of_metric(self, metric: Metric, selector: Selector) -> Nothing | None:
        match metric.origin:
            case Origin.PROMETHEUS:
                return None
            case Origin.CONDITIONAL | Origin.RECORDED:
                return Nothing(f"{metric.name} is {metric.origin}", certain=False)
            case Origin.NOWHERE:
                return Nothing(f"{metric.name} is not exposed", certain=True)
        asked = [matcher for matcher in selector.matchers if matcher.label.text != "__name__"]
        if any(selects(asked, self._scraped(sample)) for sample in metric.samples):
            return None
        return Nothing(f"no {metric.name} has such labels", certain=True)

    def _scraped(self, sample: Sample) -> Sample:
        """A series with the labels that it has in Prometheus."""
        labels = dict(sample.labels)
        if not self.evidence.honors_labels:
            labels = {f"exported_{name}" if name in TARGET_LABELS else name: labels[name] for name in labels}
        return sample._replace(labels={**self.target, **labels})

    def _called(self, expression: Expression, node: Call) -> Nothing | None:
        vectors = [arg for arg in node.args if not isinstance(arg, String | Number) and not is_scalar(arg)]
        name = node.function.text
        if not vectors or name in ("scalar", "vector"):
            return None
        nothing = self.nothing(expression, vectors[0])
        if name.startswith("absent"):
            return None if nothing else Nothing("it is not absent", certain=False)
        return nothing

    def _combined(self, expression: Expression, node: Binary) -> Nothing | None:
        left, right = self.nothing(expression, node.left), self.nothing(expression, node.right)
        match node.op.text:
            case "or":
                return left and right
            case "unless":
                return left
            case _:
                return left or right


def unconditional(text: str, node: Node) -> str:
    """The text of a part without what takes series away: comparisons, `and` and `unless`, and the wish for a past.

    Of the past there are some seconds, so that an offset finds nothing, and the steps of a subquery miss them.
    """
    match node:
        case Selector() if node.moved:
            return _OFFSET.sub("", text[node.start : node.end])
        case Subquery() if node.range.length is not None and node.range.resolution is not None:
            return f"{unconditional(text, node.expr)}[{node.range.length}ms:1s]"
        case Binary() if not node.returns_bool and not is_scalar(node):
            return _unfiltered(text, node)
        case _:
            return _rewritten(text, node)


def _unfiltered(text: str, node: Binary) -> str:
    left, right = unconditional(text, node.left), unconditional(text, node.right)
    if node.op.text in ("and", "unless") or (node.op.text in COMPARISONS and is_scalar(node.right)):
        return f"({left})"
    if node.op.text in COMPARISONS:
        matching = text[node.op.end : node.right.start]
        return f"({right})" if is_scalar(node.left) else f"(({left}) - {matching} ({right}))"
    return _rewritten(text, node)


def _rewritten(text: str, node: Node) -> str:
    parts: list[str] = []
    position = node.start
    for child in sorted(children(node), key=lambda child: child.start):
        parts += (text[position : child.start], unconditional(text, child))
        position = child.end
    return "".join([*parts, text[position : node.end]])
