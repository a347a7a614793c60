"""Which series of the snapshot a part of an expression returns, and which of them an operator cannot tell apart."""

from collections import Counter
from collections.abc import Mapping

from bot.catalog.evidence import TARGET_LABELS, Evidence, Origin, selects, varies
from bot.catalog.queries import Query
from bot.promql.functions import FUNCTIONS
from bot.promql.labels import NAME
from bot.promql.tree import (
    SET_OPERATORS,
    Aggregation,
    Binary,
    Call,
    Node,
    Paren,
    Selector,
    Subquery,
    Unary,
    filters,
    is_scalar,
    vectors_of,
)

Series = frozenset[tuple[str, str]]
"""The labels of one, without its metric's name."""

_CHANGES_SERIES = frozenset(
    (
        *("label_replace", "label_join", "absent", "absent_over_time", "info", "vector", "scalar"),
        *("histogram_quantile", "histogram_quantiles", "histogram_fraction"),
    )
)
_GROUPS = frozenset(("sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "quantile"))


def series_of(query: Query, evidence: Evidence, node: Node) -> list[Series] | None:
    """The series of one scrape that a part returns; None where values decide, or nobody knows."""
    match node:
        case Selector():
            return _selected(query, evidence, node)
        case Paren() | Subquery() | Unary():
            return series_of(query, evidence, node.expr)
        case Call():
            vectors = vectors_of(node)
            plain = node.function.text in FUNCTIONS and node.function.text not in _CHANGES_SERIES
            return series_of(query, evidence, vectors[0]) if plain and len(vectors) == 1 else None
        case Aggregation() if node.op.text in _GROUPS:
            below = series_of(query, evidence, node.expr)
            varied = any(query.expression.is_variable(label.text) for label in node.labels)
            return None if below is None or varied else _grouped(node, below)
        case Binary() if not _picks(node) and is_scalar(node.right):
            return series_of(query, evidence, node.left)
        case Binary() if not _picks(node) and is_scalar(node.left):
            return series_of(query, evidence, node.right)
        case _:
            return None


def _picks(node: Binary) -> bool:
    """Whether values decide which series are returned."""
    return filters(node) or node.op.text in SET_OPERATORS


def _selected(query: Query, evidence: Evidence, selector: Selector) -> list[Series] | None:
    metrics = evidence.metrics_of(query.expression, selector)
    # A variable may pick a single one of the series, and who chooses the value makes sure of it.
    telling = [matcher for matcher in selector.matchers if matcher.label.text not in TARGET_LABELS]
    chosen = evidence.honors_labels and len(telling) < len(selector.matchers)
    if len(metrics) != 1 or chosen or any(varies(matcher) for matcher in telling):
        return None
    if metrics[0].origin == Origin.PROMETHEUS and metrics[0].name not in ("ALERTS", "ALERTS_FOR_STATE"):
        return [frozenset()]
    telling = [matcher for matcher in telling if matcher.label.text != NAME]
    samples = [sample.labels for sample in metrics[0].samples if selects(telling, sample)]
    # Such labels get another name in the scrape.
    renamed = not evidence.honors_labels and any(not TARGET_LABELS.isdisjoint(labels) for labels in samples)
    return None if renamed or not samples else [frozenset(labels.items()) for labels in samples]


def _grouped(node: Aggregation, below: list[Series]) -> list[Series]:
    listed = frozenset(label.text for label in node.labels)
    kept = node.grouping == "by"
    if not node.grouping:
        return [frozenset()] if below else []
    return list({frozenset(item for item in series if (item[0] in listed) == kept) for series in below})


def signatures(node: Binary, series: list[Series]) -> Mapping[Series, int]:
    """By what an operator tells series apart: how many of them it takes for the same."""
    listed = frozenset(label.text for label in node.labels)
    on = node.matching == "on"
    return Counter(frozenset(item for item in one if item[1] and (item[0] in listed) == on) for one in series)
