"""What a panel draws: how the lines of a query differ, and what else than a legend names them."""

from collections.abc import Iterator

from bot.catalog.dashboard_model import Target
from bot.catalog.document import Value
from bot.catalog.entry import Entry
from bot.catalog.evidence import TARGET_LABELS, Evidence, selects, varies
from bot.catalog.queries import Query
from bot.promql.labels import NAME
from bot.promql.tree import SET_OPERATORS, filters

_FEW = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))
_RENAMING = frozenset(("displayName", "alias", "transformations"))


def drawn_by(query: Query, evidence: Evidence) -> set[str]:
    """The labels by which the series of a result differ, as far as the snapshot shows more than one value of them."""
    expression = query.expression
    if any(node.op.text in SET_OPERATORS or filters(node) for node, _ in expression.binaries):
        return set()
    if any(node.op.text in _FEW for node, _ in expression.aggregations):
        return set()
    possible = query.labels(expression.tree).possible or frozenset()
    matchers = [matcher for selector, _ in expression.selectors for matcher in selector.matchers]
    # A variable may hold a single value.
    fixed = {matcher.label.text for matcher in matchers if matcher.op == "=" or varies(matcher)}
    free = possible - TARGET_LABELS - fixed - {NAME}
    return {label for label in free if any(len(values) > 1 for values in _values(query, evidence, label))}


def _values(query: Query, evidence: Evidence, label: str) -> Iterator[set[str]]:
    for selector, _ in query.expression.selectors:
        telling = [m for m in selector.matchers if m.label.text not in (*TARGET_LABELS, NAME) and not varies(m)]
        for metric in evidence.metrics_of(query.expression, selector):
            yield {text for sample in metric.samples if (text := sample.labels.get(label)) and selects(telling, sample)}


def is_table(entry: Entry, query: Query, target: Target) -> bool:
    """Whether the query's result is a table, where labels are columns and legends nothing."""
    document = entry.document(query.file)
    spec = ("spec", "query", "spec") if document and document.get(*target.route, "spec") else ()
    return document is not None and document.get(*target.route, *spec, "format") == "table"


def renames(entry: Entry, query: Query) -> bool:
    """Whether the panel gives its lines names of another kind."""
    document = entry.document(query.file)
    pending: list[Value] = [document.get(*query.panel.route)] if document and query.panel else []
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if value.get("id") == "displayName" or any(value.get(key) for key in _RENAMING):
                return True
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return False
