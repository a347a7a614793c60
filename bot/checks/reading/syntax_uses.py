"""Functions and syntax of an expression that not every Prometheus knows."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.promql.expression import Expression
from bot.promql.tree import Binary, Name, Number, Range, Selector, Subquery
from bot.promql.versions import (
    AT,
    CALLS,
    COMPUTED_RANGE,
    EXTENT,
    FILL,
    LITERAL,
    NEGATIVE_OFFSET,
    OPERATORS,
    QUOTED_NAME,
    Since,
)

_BEHIND = (
    (re.compile("@"), "@", AT),
    (re.compile(r"\boffset\s*-", re.IGNORECASE), "a negative offset", NEGATIVE_OFFSET),
    (re.compile(r"\banchored\b", re.IGNORECASE), "anchored", EXTENT),
    (re.compile(r"\bsmoothed\b", re.IGNORECASE), "smoothed", EXTENT),
)
_QUOTES = frozenset("\"'`")
_UNITS = "smhdwy"
_DURATION = r"(?:[0-9]+(?:ms|[smhdwy]))+"
_UNIT = re.compile(rf"[-+\s]*{_DURATION}")
_PLAIN = re.compile(rf"\s*{_DURATION}\s*(?::\s*(?:{_DURATION}\s*)?)?")
_ARITHMETIC = re.compile(r"[*/%^(]|(?<![eE])[-+]|[a-z]{3}")


class SyntaxUse(NamedTuple):
    """Something at a place of the tree's text."""

    start: int
    end: int
    what: str
    """A function in its own name, or syntax in words."""
    since: Since


def syntax_uses(expression: Expression) -> Iterator[SyntaxUse]:
    """Everything that came with some release."""
    text = expression.replaced.text if expression.replaced else expression.text
    for call, _ in expression.calls:
        if call.function.text in CALLS:
            yield _known(call.function)
    for aggregation, _ in expression.aggregations:
        if aggregation.op.text in CALLS:
            yield _known(aggregation.op)
        yield from _quoted(aggregation.labels, text)
    for selector, _ in expression.selectors:
        yield from _selector(selector, expression, text)
    for binary, _ in expression.binaries:
        yield from _operator(binary, text)
    for node, _ in expression.nodes:
        if isinstance(node, Number):
            yield from _number(node, expression, text)
        elif isinstance(node, Subquery):
            yield from _range(node.range, expression, text)
            yield from _behind(node, node.range.end, text)


def _known(name: Name) -> SyntaxUse:
    return SyntaxUse(name.start, name.end, name.text, CALLS[name.text])


def _selector(node: Selector, expression: Expression, text: str) -> Iterator[SyntaxUse]:
    end = node.start
    if node.name is not None:
        end = node.name.end
        if node.name.start > node.start:
            yield SyntaxUse(node.name.start, node.name.end, "a quoted metric name", QUOTED_NAME)
    if node.matchers:
        end = max(end, node.matchers[-1].value.end + 1)
        yield from _quoted([matcher.label for matcher in node.matchers], text)
    if node.range is not None:
        end = node.range.end
        yield from _range(node.range, expression, text)
    # The shortest thing behind it is "@ 1"; a comma and a closing brace may stand in between.
    if node.end - end > 2:
        yield from _behind(node, end, text)


def _quoted(labels: Iterable[Name], text: str) -> Iterator[SyntaxUse]:
    for label in labels:
        if text[label.start - 1] in _QUOTES:
            yield SyntaxUse(label.start, label.end, "a quoted label", QUOTED_NAME)


def _behind(node: Selector | Subquery, end: int, text: str) -> Iterator[SyntaxUse]:
    """What stands behind a selector or a subquery."""
    for pattern, what, since in _BEHIND:
        match = pattern.search(text, end, node.end)
        if match:
            yield SyntaxUse(match.start(), match.end(), what, since)


def _range(given: Range, expression: Expression, text: str) -> Iterator[SyntaxUse]:
    written = text[given.start + 1 : given.end - 1]
    if not _PLAIN.fullmatch(written) and not expression.varies(given.start, given.end):
        if _ARITHMETIC.search(written):
            yield SyntaxUse(given.start, given.end, "arithmetic in a range", COMPUTED_RANGE)
        else:
            yield SyntaxUse(given.start, given.end, "a range in seconds without a unit", LITERAL)


def _number(node: Number, expression: Expression, text: str) -> Iterator[SyntaxUse]:
    written = text[node.start : node.end]
    if "_" in written and not expression.varies(node.start, node.end):
        yield SyntaxUse(node.start, node.end, "an underscore in a number", LITERAL)
    elif written[-1] in _UNITS and _UNIT.fullmatch(written) and not expression.varies(node.start, node.end):
        yield SyntaxUse(node.start, node.end, "a duration in place of a number", LITERAL)


def _operator(node: Binary, text: str) -> Iterator[SyntaxUse]:
    if node.op.text in OPERATORS:
        yield SyntaxUse(node.op.start, node.op.end, node.op.text, OPERATORS[node.op.text])
    if node.filled:
        yield SyntaxUse(node.op.start, node.op.end, "fill", FILL)
    if node.labels or node.include:
        yield from _quoted((*node.labels, *node.include), text)
