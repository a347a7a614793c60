"""Where an expression names a label that nothing below can bring in: no metric that is read, no function that sets it.

What an aggregation dropped on the way is no business of this: there the label exists.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from bot.catalog.evidence import TARGET_LABELS, Evidence, Metric, Origin, is_of_deployment, varies
from bot.catalog.queries import Query
from bot.checks.wording import nearest_of
from bot.promql.expression import Expression, place_of
from bot.promql.functions import FUNCTIONS
from bot.promql.labels import NAME, matches_empty
from bot.promql.regexes import fullmatch
from bot.promql.tokens import holds_variable
from bot.promql.tree import Aggregation, Binary, Call, Name, Node, Selector, String, bare

_ALWAYS = TARGET_LABELS | {NAME}
_PLAIN = re.compile(r"[^a-zA-Z0-9_]")
_SETTERS = {"label_replace": 1, "label_join": 1, "histogram_quantiles": 1}
"""Functions that set a label, and which of their arguments names it."""


class Source(NamedTuple):
    """A part of an expression that brings labels in."""

    start: int
    end: int
    labels: frozenset[str] | None
    """None where nobody knows them all."""
    name: str = ""
    """The metric, or the pattern of them, as it was written; empty for a function. The selector likewise."""
    selector: Selector | None = None
    scrapes: bool = False
    """Whether it is a metric of Prometheus itself: its labels are all of somebody's configuration."""

    def has(self, label: str) -> bool:
        """Whether a series from here can carry a label, as far as anybody knows."""
        if self.labels is None or label in self.labels:
            return True
        # A label that is also the target's own arrives as exported_…
        original = label.removeprefix("exported_")
        if original != label and original not in TARGET_LABELS and original in self.labels:
            return True
        # A scrape that does not ask for UTF-8 gets the name with underscores.
        return _PLAIN.search(label) is not None and _PLAIN.sub("_", label) in self.labels


class Kind(StrEnum):
    """What a label is named for."""

    MATCHER = "matcher"
    GROUPING = "grouping"
    JOIN = "join"
    COPY = "copy"


class Use(NamedTuple):
    """A label that is named at its place and that nothing below carries."""

    label: Name
    kind: Kind
    start: int
    """Of the node that names it."""
    end: int
    sources: tuple[Source, ...]
    """What could have brought it."""
    pointless: bool = False
    """The result is the same as without it."""
    doubtful: int = 0
    """How many levels less certain it is."""


def uses(query: Query, evidence: Evidence) -> list[Use]:
    """Every such place, one for each cause, in the order of the text."""
    expression = query.expression
    sources = sources_of(expression, evidence)
    if not any(source.labels is not None for source in sources):
        return []
    found = [
        *_matchers(sources),
        *_groupings(expression, sources),
        *_joins(expression, sources),
        *_copies(expression, sources),
    ]
    if not found:
        return found
    real = [use for use in found if not expression.is_variable(use.label.text)]
    causes = [use for use in real if not any(_explains(other, use) for other in real)]
    return [_weighed(use, sources) for use in sorted(causes, key=lambda use: use.label.start)]


def _weighed(use: Use, sources: Iterable[Source]) -> Use:
    """Less certain where another part of the expression brings the label: sums of both by one list may be meant."""
    elsewhere = use.kind == Kind.GROUPING and any(source.has(use.label.text) for source in sources)
    return use._replace(doubtful=use.doubtful + elsewhere)


def sources_of(expression: Expression, evidence: Evidence) -> list[Source]:
    """Where labels can come from, the selectors first."""
    found = [_of_selector(expression, selector, evidence) for selector, _ in expression.selectors]
    for call, _ in expression.calls:
        name = call.function.text
        if name in _SETTERS:
            found.append(_set_by(call, call.args[_SETTERS[name]] if len(call.args) > _SETTERS[name] else None))
        elif name == "info" or name not in FUNCTIONS:
            found.append(Source(call.start, call.end, None))
    for node, _ in expression.aggregations:
        if node.op.text == "count_values":
            found.append(_set_by(node, node.param))
    return found


def _of_selector(expression: Expression, selector: Selector, evidence: Evidence) -> Source:
    metrics = evidence.metrics_of(expression, selector)
    labels: frozenset[str] | None = frozenset() if metrics else None
    for metric in metrics:
        known = metric.labels.possible
        labels = None if labels is None or known is None or _pushed(metric, evidence) else labels | known
    place = place_of(selector)
    name = metrics[0].name if len(metrics) == 1 else expression.written(place.start, place.end)
    scrapes = any(metric.origin == Origin.PROMETHEUS for metric in metrics)
    return Source(selector.start, selector.end, labels, name, selector, scrapes)


def _pushed(metric: Metric, evidence: Evidence) -> bool:
    """Whether its labels are whatever somebody pushed."""
    return evidence.honors_labels and any("job" in sample.labels for sample in metric.samples)


def _set_by(node: Call | Aggregation, label: Node | None) -> Source:
    text = bare(label) if label is not None else None
    known = isinstance(text, String) and not holds_variable(text.value)
    return Source(node.start, node.end, frozenset((text.value,)) if known and isinstance(text, String) else None)


def _below(sources: Iterable[Source], node: Node) -> tuple[Source, ...]:
    return tuple(source for source in sources if node.start <= source.start and source.end <= node.end)


def _lacking(sources: tuple[Source, ...], label: str, *, or_deployed: bool = True) -> bool:
    """Whether every metric among these is known, there is one, and none of them has the label.

    A label that a scrape configuration may add is nobody's lack, unless nothing works without it.
    """
    if label in _ALWAYS or any(source.has(label) for source in sources):
        return False
    return any(source.selector for source in sources) and not (or_deployed and is_of_deployment(label))


def _only_scrapes(sources: tuple[Source, ...]) -> int:
    return int(all(source.scrapes for source in sources if source.selector))


def _matchers(sources: list[Source]) -> Iterator[Use]:
    for source in sources:
        if source.selector is None or source.labels is None:
            continue
        for matcher in source.selector.matchers:
            label = matcher.label.text
            if label in source.labels or label == NAME or source.has(label):
                continue
            varying = varies(matcher)
            pointless = "!" in matcher.op if varying else matches_empty(matcher) is not False
            deployed = is_of_deployment(label)
            if not (deployed and pointless):
                # While its variable is empty, a matcher finds what lacks the label; not so where it is misspelt.
                vague = varying and not pointless and (deployed or not nearest_of(label, source.labels))
                doubtful = deployed + vague + source.scrapes
                yield Use(
                    matcher.label, Kind.MATCHER, source.start, source.end, (source,), pointless, doubtful=doubtful
                )


def _groupings(expression: Expression, sources: list[Source]) -> Iterator[Use]:
    for node, parents in expression.aggregations:
        below = _below(sources, node.expr) if node.labels else ()
        for label in node.labels:
            # Whether a quantile's buckets are there is a question of its own.
            if _lacking(below, label.text) and not (label.text == "le" and in_quantile(parents)):
                yield Use(
                    label,
                    Kind.GROUPING,
                    node.start,
                    node.end,
                    below,
                    node.grouping == "without",
                    _only_scrapes(below),
                )


def in_quantile(parents: tuple[Node, ...]) -> bool:
    """Whether a function of histograms stands around it: for their check to speak."""
    return any(isinstance(node, Call) and node.function.text.startswith("histogram_") for node in parents)


def _joins(expression: Expression, sources: list[Source]) -> Iterator[Use]:
    for node, _ in expression.binaries:
        below = _below(sources, node) if node.labels else ()
        for label in node.labels:
            if _lacking(below, label.text):
                pointless = node.matching == "ignoring"
                yield Use(label, Kind.JOIN, node.start, node.end, below, pointless, _only_scrapes(below))
        below = _below(sources, _one_side(node)) if node.include else ()
        for label in node.include:
            if _lacking(below, label.text, or_deployed=False):
                doubtful = is_of_deployment(label.text) + _only_scrapes(below)
                yield Use(label, Kind.COPY, node.start, node.end, below, doubtful=doubtful)


def _one_side(node: Binary) -> Node:
    return node.right if node.group == "left" else node.left


def _copies(expression: Expression, sources: list[Source]) -> Iterator[Use]:
    for call, _ in expression.calls:
        if call.function.text not in ("label_replace", "label_join"):
            continue
        below = _below(sources, call.args[0]) if call.args else ()
        for label in _copied(call):
            if label.text and _lacking(below, label.text):
                yield Use(label, Kind.COPY, call.start, call.end, below, doubtful=_only_scrapes(below))


def _copied(call: Call) -> list[Name]:
    """The labels that a function reads; not where it is told what to do when there is none."""
    named = [arg for arg in map(bare, call.args[3:]) if isinstance(arg, String)]
    if call.function.text == "label_replace":
        replacement, regex = bare(call.args[2]) if len(call.args) == 5 else None, named[1:]
        constant = isinstance(replacement, String) and "$" not in replacement.value
        if not regex or (constant and fullmatch(regex[0].value, "") is not False):
            return []
        named = named[:1]
    return [Name(text.value, text.start + 1, text.end - 1) for text in named]


def _explains(inner: Use, outer: Use) -> bool:
    """Whether the same label is already wrong further inside: one cause, one finding."""
    return (
        inner.label.text == outer.label.text
        and outer.start <= inner.start
        and inner.end <= outer.end
        and (inner.start, inner.end) != (outer.start, outer.end)
    )
