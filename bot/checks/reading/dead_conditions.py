"""Conditions that nothing ever satisfies: they contradict each other, or what their operand can be."""

from collections.abc import Iterator
from math import inf

from bot.catalog.evidence import Evidence, varies
from bot.catalog.known_values import text_of, values_of
from bot.catalog.queries import Query
from bot.checks.reading.excerpts import number, same, short
from bot.checks.reading.remarks import Remark, lower
from bot.model import Severity
from bot.promql.bounds import ZERO_OR_ONE, Bounds
from bot.promql.labels import matches
from bot.promql.tree import COMPARISONS, Aggregation, Binary, Call, Matcher, Node, Selector, bare, is_scalar
from bot.promql.values import Values

_COUNTED = ("count", "absent", "absent_over_time")
"""Whose comparisons the check `absent` explains."""


def dead_conditions(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each."""
    for selector, _ in query.expression.selectors:
        if len(selector.matchers) > 1:
            yield from _selects_nothing(selector)
    values: Values | None = None
    for node, _ in query.expression.binaries:
        if node.op.text in COMPARISONS:
            values = values or values_of(query, evidence)
            yield from _never_true(query, evidence, values, node)
        elif node.op.text == "and" and not node.matching:
            values = values or values_of(query, evidence)
            yield from _contradicting(query, values, node)


def _selects_nothing(selector: Selector) -> Iterator[Remark]:
    """Matchers of one label that no value satisfies together."""
    fixed: dict[str, Matcher] = {}
    for matcher in selector.matchers:
        wanted = fixed.get(matcher.label.text)
        if varies(matcher):
            continue
        if wanted is not None and matches(matcher, wanted.value.text) is False:
            message = f"no series has {_text(wanted)} and {_text(matcher)}: this selects nothing"
            two = wanted.value.text and matcher.op == "=" and matcher.value.text
            help_ = f'for either, write {wanted.label.text}=~"{wanted.value.text}|{matcher.value.text}"' if two else ""
            yield Remark(matcher.label.start, matcher.value.end + 1, message, help_)
        elif wanted is None and matcher.op == "=":
            fixed[matcher.label.text] = matcher


def _text(matcher: Matcher) -> str:
    return f'{matcher.label.text}{matcher.op}"{matcher.value.text}"'


def _never_true(query: Query, evidence: Evidence, values: Values, node: Binary) -> Iterator[Remark]:
    """`up > 1`, `vector(0) > 1`, `x > 5 < 3`, `x > x`, `1 > bool 2`."""
    compared = values.comparison(node)
    if compared is None:
        if node.op.text in ("<", ">") and not node.returns_bool and same(query, node.left, node.right):
            message = f'"{short(query, node.left)}" is never {node.op.text} itself'
            help_ = "compare it with something else, such as its own past: offset 1h"
            yield Remark(node.start, node.end, message, help_)
        return
    operand, op, limit = compared
    if is_scalar(operand):
        if values.constant(operand) is not None:
            message = f'"{short(query, node)}" compares two constants'
            yield Remark(node.start, node.end, message, "leave it out", Severity.WARNING)
        return
    known = values.of(operand)
    if known.empty or known.can(op, limit) or _is_counted(operand):
        return
    certain = not values_of(query, evidence, certain=True).of(operand).can(op, limit)
    message = f'"{short(query, operand)}" is never {op} {number(limit)}: it is {_range(operand, known)}'
    if certain:
        severity = Severity.WARNING if node.returns_bool else Severity.ERROR
    else:
        severity = lower(Severity.WARNING, bool(evidence.doubt))
    yield Remark(node.start, node.end, message, _instead(operand, known), severity)


def _is_counted(node: Node) -> bool:
    node = bare(node)
    name = node.op if isinstance(node, Aggregation) else node.function if isinstance(node, Call) else None
    return name is not None and name.text in _COUNTED


def _range(operand: Node, known: Bounds) -> str:
    if known.point is not None:
        return f"always {number(known.point)}"
    if known == ZERO_OR_ONE and isinstance(bare(operand), Selector | Binary):
        return "0 or 1"
    if known.high == inf:
        return f"always above {number(known.low)}" if known.low_open else f"never below {number(known.low)}"
    if known.low == -inf:
        return f"always below {number(known.high)}" if known.high_open else f"never above {number(known.high)}"
    return f"between {number(known.low)} and {number(known.high)}"


def _instead(operand: Node, known: Bounds) -> str:
    if known == ZERO_OR_ONE and isinstance(bare(operand), Selector | Binary):
        return "compare it with == 0 or == 1"
    return "" if known.point is not None else "mend the threshold, or turn the comparison round"


def _contradicting(query: Query, values: Values, node: Binary) -> Iterator[Remark]:
    """`x > 5 and x < 3`, of the same series."""
    wanted = {key: first for part in _parts(node.left) for key, first in _condition(query, values, part)}
    for part in _parts(node.right) if wanted else ():
        for key, second in _condition(query, values, part):
            first = wanted.get(key)
            compared = values.comparison(second)
            if first is None or compared is None:
                continue
            known = values.of(first)
            if not known.empty and not known.can(*compared[1:]):
                message = f'"{short(query, second)}" is never true where "{short(query, first)}" is'
                yield Remark(second.start, second.end, message, "write or in place of and, or mend one of the two")


def _parts(node: Node) -> Iterator[Node]:
    node = bare(node)
    if isinstance(node, Binary) and node.op.text == "and" and not node.matching:
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _condition(query: Query, values: Values, node: Node) -> Iterator[tuple[str, Binary]]:
    """A comparison with a constant, and the text of what is compared."""
    if isinstance(node, Binary) and not node.returns_bool:
        compared = values.comparison(node)
        if compared is not None and not is_scalar(compared[0]):
            yield text_of(query, bare(compared[0])), node
