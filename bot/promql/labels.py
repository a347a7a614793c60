"""The labels that a PromQL expression returns: which every series of the result carries, and which it may carry.

Rules: promql/engine.go (aggregations, resultMetric), promql/functions.go and web documentation of Prometheus 3.14.
`__name__` is a label like any other here, so that what drops the metric's name shows.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.promql.tree import (
    COMPARISONS,
    SET_OPERATORS,
    Aggregation,
    Binary,
    Call,
    Matcher,
    Name,
    Node,
    Paren,
    Selector,
    String,
    Subquery,
    Unary,
    bare,
    is_scalar,
)

NAME = "__name__"
_KEEPS_INPUT = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))
_KEEPS_NAME = frozenset(("last_over_time", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc"))
_MAY_KEEP_NAME = frozenset(("first_over_time", "info"))
_TRUE_OF_ALL = frozenset((".*", "(.*)", "^.*$", "^(.*)$", "(?s:.*)"))
_TRUE_OF_SOME_TEXT = frozenset((".+", "(.+)", "^.+$", "^(.+)$"))
_REFERENCE = re.compile(r"\$(?:\w+|\{\w+\})")


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known of the labels of a result's series."""

    always: frozenset[str]
    """On every series, with a value."""
    possible: frozenset[str] | None
    """What can be on a series at all; None where anything can."""

    @property
    def exact(self) -> bool:
        """Whether every series carries the same, known labels."""
        return self.always == self.possible

    @property
    def impossible(self) -> frozenset[str]:
        """Labels that every series had to carry and none can: then there are no series at all."""
        return frozenset() if self.possible is None else self.always - self.possible

    def may_have(self, label: str) -> bool:
        """Whether a series can carry a label."""
        return self.possible is None or label in self.possible

    def without(self, labels: Iterable[str]) -> "Labels":
        """The same after these labels were removed."""
        gone = frozenset(labels)
        return Labels(self.always - gone, None if self.possible is None else self.possible - gone)

    def only(self, labels: Iterable[str]) -> "Labels":
        """The same after all others were removed."""
        kept = frozenset(labels)
        return Labels(self.always & kept, kept if self.possible is None else self.possible & kept)

    def with_label(self, label: str, *, always: bool) -> "Labels":
        """The same after a label was set, or, where not always, perhaps set and perhaps removed."""
        possible = None if self.possible is None else self.possible | {label}
        return Labels(self.always | {label} if always else self.always - {label}, possible)


NOTHING = Labels(frozenset(), frozenset())
"""Of a scalar, or of a sum over everything."""
UNKNOWN = Labels(frozenset(), None)


def union(every: Iterable[Labels]) -> Labels:
    """Of series that are each of one of several kinds."""
    kinds = list(every)
    if not kinds:
        return UNKNOWN
    possible: frozenset[str] | None = frozenset()
    for kind in kinds:
        possible = None if possible is None or kind.possible is None else possible | kind.possible
    return Labels(frozenset.intersection(*(kind.always for kind in kinds)), possible)


def selected(selector: Selector) -> Labels:
    """What a selector alone says of its series: nobody knows their other labels."""
    asked = {matcher.label.text for matcher in selector.matchers if matches_empty(matcher) is False}
    return Labels(frozenset(asked | {NAME}), None)


@lru_cache(maxsize=4096)
def _regex(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text, re.DOTALL)
    except (re.error, OverflowError, RecursionError):
        return None


def matches(matcher: Matcher, value: str) -> bool | None:
    """Whether a matcher accepts a label's value; None where its regular expression is beyond Python's."""
    if matcher.op in ("=", "!="):
        return (matcher.value.text == value) == (matcher.op == "=")
    pattern = _regex(matcher.value.text)
    if pattern is None:
        return None
    return (pattern.fullmatch(value) is not None) == (matcher.op == "=~")


def matches_empty(matcher: Matcher) -> bool | None:
    """Whether a matcher accepts series without its label."""
    return matches(matcher, "")


class Algebra:
    """The labels that each part of one expression returns. `of_selector` says what a selector's series carry."""

    def __init__(self, of_selector: Callable[[Selector], Labels] = selected) -> None:
        self._of_selector = of_selector
        # By identity: to hash a node takes as long as the work that is saved.
        self._known: dict[int, tuple[Node, Labels]] = {}

    def returned(self, node: Node) -> Labels:
        """What a part of the expression returns."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = node, self._returned(node)
        return known[1]

    def _returned(self, node: Node) -> Labels:
        match node:
            case Selector():
                return self._of_selector(node)
            case Paren() | Subquery():
                return self.returned(node.expr)
            case Unary():
                return self.returned(node.expr).without((NAME,))
            case Aggregation():
                return self._aggregation(node)
            case Call():
                return self._call(node)
            case Binary():
                return self._binary(node)
            case _:
                return NOTHING

    def _aggregation(self, node: Aggregation) -> Labels:
        given = self.returned(node.expr)
        if node.op.text in _KEEPS_INPUT:
            return given
        kept = [label.text for label in node.labels]
        if node.op.text == "count_values" and isinstance(node.param, String):
            given = given.with_label(node.param.value, always=True)
            if node.grouping != "without":
                kept.append(node.param.value)
        return given.without((*kept, NAME)) if node.grouping == "without" else given.only(kept)

    def _call(self, node: Call) -> Labels:
        name = node.function.text
        if name in ("absent", "absent_over_time"):
            return _absent(node)
        vectors = [arg for arg in node.args if not isinstance(bare(arg), String) and not is_scalar(arg)]
        if name == "vector" or not vectors or is_scalar(node):
            return NOTHING
        given = self.returned(vectors[0])
        if name == "label_replace":
            return _label_replace(node, given)
        if name == "label_join":
            return _label_join(node, given)
        if name == "info":
            return Labels(given.always, None)
        if name in _KEEPS_NAME:
            return given
        if name in _MAY_KEEP_NAME:
            return Labels(given.always - {NAME}, given.possible)
        if name == "histogram_quantile":
            return given.without((NAME, "le"))
        if name == "histogram_quantiles" and len(node.args) > 1 and isinstance(node.args[1], String):
            return given.without((NAME, "le")).with_label(node.args[1].value, always=True)
        return given.without((NAME,))

    def _binary(self, node: Binary) -> Labels:
        keeps_name = (node.op.text in COMPARISONS and not node.returns_bool) or node.op.text in SET_OPERATORS
        dropped = () if keeps_name else (NAME,)
        if is_scalar(node.left) or is_scalar(node.right):
            vector = node.right if is_scalar(node.left) else node.left
            return NOTHING if is_scalar(vector) else self.returned(vector).without(dropped)
        left, right = self.returned(node.left), self.returned(node.right)
        if node.op.text == "or":
            return union((left, right))
        if node.op.text == "unless":
            return left
        if node.filled:
            return Labels(frozenset(), None)
        if node.op.text == "and":
            return _narrowed(node, left, right)
        if node.group:
            many, one = (left, right) if node.group == "left" else (right, left)
            result = _narrowed(node, many, one).without(dropped)
            for label in node.include:
                result = _included(result, one, label.text)
            return result
        both = _narrowed(node, left, right)
        listed = [label.text for label in node.labels]
        return both.only(listed) if node.matching == "on" else both.without((*listed, *dropped))


def matched(node: Binary, labels: Labels) -> Labels:
    """Those labels of one side by which it is matched with the other."""
    listed = [label.text for label in node.labels]
    return labels.only(listed) if node.matching == "on" else labels.without((*listed, NAME))


def _narrowed(node: Binary, kept: Labels, other: Labels) -> Labels:
    """The series of one side that find a partner: the labels matched by are the same on both."""
    theirs = matched(node, other)
    always = kept.always | theirs.always
    if kept.possible is None or theirs.possible is None:
        return Labels(always, kept.possible)
    mine = matched(node, kept).possible or frozenset()
    return Labels(always, (kept.possible - mine) | (mine & theirs.possible))


def _included(result: Labels, one: Labels, label: str) -> Labels:
    if not one.may_have(label):
        return result.without((label,))
    return result.with_label(label, always=label in one.always)


def _absent(node: Call) -> Labels:
    """Of the matchers that a series would have to satisfy, those that name its value."""
    selector = bare(node.args[0]) if node.args else None
    if not isinstance(selector, Selector):
        return NOTHING
    seen: set[str] = set()
    values: dict[str, str] = {}
    for label, op, value in selector.matchers:
        values.pop(label.text, None)
        if op == "=" and label.text not in seen:
            values[label.text] = value.text
        seen.add(label.text)
    found = frozenset(label for label, value in values.items() if value and label != NAME)
    return Labels(found, found)


def _texts(args: Iterable[Node]) -> list[str]:
    return [arg.value if isinstance(arg, String) else "" for arg in map(bare, args)]


def _label_replace(node: Call, given: Labels) -> Labels:
    if len(node.args) != 5:
        return UNKNOWN
    target, replacement, source, regex = _texts(node.args[1:])
    hits_all = regex in _TRUE_OF_ALL or (regex in _TRUE_OF_SOME_TEXT and source in given.always)
    if not replacement:
        return given.without((target,)) if hits_all else Labels(given.always - {target}, given.possible)
    if _REFERENCE.sub("", replacement):
        return given.with_label(target, always=hits_all or target in given.always)
    copied = hits_all and replacement in ("$1", "${1}") and "(" in regex
    if copied and not given.may_have(source):
        return given.without((target,))
    return given.with_label(target, always=copied and source in given.always)


def _label_join(node: Call, given: Labels) -> Labels:
    if len(node.args) < 3:
        return UNKNOWN
    target, separator, *sources = _texts(node.args[1:])
    if (separator and len(sources) > 1) or any(source in given.always for source in sources):
        return given.with_label(target, always=True)
    if any(given.may_have(source) for source in sources):
        return given.with_label(target, always=False)
    return given.without((target,))


def named(labels: Iterable[Name]) -> list[str]:
    """The texts of a list of labels."""
    return [label.text for label in labels]
