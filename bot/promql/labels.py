"""The labels that a PromQL expression returns: which every series of the result carries, and which it may carry.

Rules: promql/engine.go (aggregations, resultMetric), promql/functions.go and web documentation of Prometheus 3.14.
`__name__` is a label like any other here, so that what drops the metric's name shows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from bot.promql.functions import FUNCTIONS
from bot.promql.label_set import NAME, NOTHING, UNKNOWN, Labels, union
from bot.promql.regexes import fullmatch
from bot.promql.tokens import holds_variable
from bot.promql.tree import (
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
    vectors_of,
)

__all__ = [
    "NAME",
    "NOTHING",
    "UNKNOWN",
    "Algebra",
    "Labels",
    "matched",
    "matches",
    "matches_empty",
    "selected",
    "union",
]

_KEEPS_INPUT = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))
_KEEPS_NAME = frozenset(
    ("first_over_time", "last_over_time", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc")
)
_OF_BUCKETS = frozenset(("histogram_quantile", "histogram_fraction"))
_SETS_LABEL = frozenset(("label_replace", "label_join", "histogram_quantiles"))
_ARITHMETIC = frozenset(("+", "-", "*", "/", "%", "^"))
# For a text that is none: it may be anything, as a variable may.
_UNREADABLE = "$any"
_REFERENCE = re.compile(r"\$(?:\w+|\{\w+\})")


def selected(selector: Selector) -> Labels:
    """What a selector alone says of its series: nobody knows their other labels."""
    asked = {matcher.label.text for matcher in selector.matchers if matches_empty(matcher) is False}
    return Labels(frozenset(asked | {NAME}), None)


def matches(matcher: Matcher, value: str) -> bool | None:
    """Whether a matcher accepts a label's value; None where its regular expression is beyond the engine at hand."""
    if matcher.op in ("=", "!="):
        return (matcher.value.text == value) == (matcher.op == "=")
    found = fullmatch(matcher.value.text, value)
    return None if found is None else found == (matcher.op == "=~")


def matches_empty(matcher: Matcher) -> bool | None:
    """Whether a matcher accepts series without its label."""
    return matches(matcher, "")


class Algebra:
    """The labels that each part of one expression returns.

    `of_selector` says what a selector's series carry, and `varies` which labels stand for a variable of a dashboard:
    such a one may be any label, or several.
    """

    def __init__(
        self,
        of_selector: Callable[[Selector], Labels] = selected,
        varies: Callable[[str], bool] = lambda label: False,
    ) -> None:
        self._of_selector = of_selector
        self._varies_outside_quotes = varies
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
                returned = self.returned(node.expr)
                return returned.without((NAME,)) if node.op == "-" else returned
            case Aggregation():
                return self._aggregation(node)
            case Call():
                return self._call(node)
            case Binary():
                return self._binary(node)
            case _:
                return NOTHING

    def _varies(self, *texts: str) -> bool:
        return any(holds_variable(text) or self._varies_outside_quotes(text) for text in texts)

    def _grouped(self, given: Labels, labels: list[str], *, kept: bool) -> Labels:
        """What is left when these labels are kept, or when they are removed."""
        left = given.only(labels) if kept else given.without(labels)
        if not self._varies(*labels):
            return left
        return Labels(left.always, given.possible) if kept else Labels(frozenset(), left.possible)

    def _aggregation(self, node: Aggregation) -> Labels:
        given = self.returned(node.expr)
        if node.op.text in _KEEPS_INPUT:
            return given
        by = node.grouping != "without"
        labels = named(node.labels)
        if not by:
            given = given.without((NAME,))
        if node.op.text != "count_values" or node.param is None:
            return self._grouped(given, labels, kept=by)
        counted = _text(node.param)
        if self._varies(counted):
            return Labels(self._grouped(given, labels, kept=by).always, None)
        return self._grouped(given.with_label(counted, always=True), [*labels, counted] if by else labels, kept=by)

    def _call(self, node: Call) -> Labels:
        name = node.function.text
        if name not in FUNCTIONS:
            return UNKNOWN
        if name in ("absent", "absent_over_time"):
            return self._absent(node)
        vectors = vectors_of(node)
        if name in ("vector", "scalar") or not vectors:
            return NOTHING
        given = self.returned(vectors[0])
        if name in _SETS_LABEL:
            label, *texts = [_text(arg) for arg in node.args[1:]] or [_UNREADABLE]
            return UNKNOWN if self._varies(label) else self._labelled(name, given, label, texts)
        if name in _KEEPS_NAME:
            return given
        if name == "info":
            return Labels(given.always, None)
        return given.without((NAME, "le") if name in _OF_BUCKETS else (NAME,))

    def _labelled(self, name: str, given: Labels, label: str, texts: list[str]) -> Labels:
        """Of a function that sets a label."""
        if name == "histogram_quantiles":
            return given.without((NAME, "le")).with_label(label, always=True)
        # Behind the separator, or the replacement.
        if self._varies(*texts[1:]):
            return given.with_label(label, always=False)
        return _label_join(given, label, texts) if name == "label_join" else _label_replace(given, label, texts)

    def _absent(self, node: Call) -> Labels:
        """Of the matchers that a series would have to satisfy, those that name its value."""
        selector = bare(node.args[0]) if node.args else None
        if not isinstance(selector, Selector):
            return NOTHING
        asked = Counter(matcher.label.text for matcher in selector.matchers)
        found = frozenset(label.text for label, op, value in selector.matchers if op == "=" and value.text) - {NAME}
        # Of a label that is asked for twice, versions of Prometheus differ.
        always = frozenset(label for label in found if asked[label] == 1 and not self._varies(label))
        return Labels(always, None if self._varies(*found) else found)

    def _binary(self, node: Binary) -> Labels:
        if is_scalar(node.left) or is_scalar(node.right):
            vector = node.right if is_scalar(node.left) else node.left
            return NOTHING if is_scalar(vector) else _named_no_more(node, self.returned(vector))
        left, right = self.returned(node.left), self.returned(node.right)
        if node.op.text == "or":
            return union((left, right))
        if node.op.text == "unless":
            return left
        if node.filled:
            return UNKNOWN
        many, one = (right, left) if node.group == "right" else (left, right)
        listed = named(node.labels)
        result = many if self._varies(*listed) else _narrowed(node, many, one)
        if node.op.text == "and":
            return result
        result = _named_no_more(node, result)
        if not node.group:
            return self._grouped(result, listed, kept=node.matching == "on")
        for label in named(node.include):
            result = UNKNOWN if self._varies(label) else _included(result, one, label)
        return result


def matched(node: Binary, labels: Labels) -> Labels:
    """Those labels of one side by which it is matched with the other."""
    listed = named(node.labels)
    return labels.only(listed) if node.matching == "on" else labels.without((*listed, NAME))


def _named_no_more(node: Binary, labels: Labels) -> Labels:
    """What arithmetic leaves of the metric's name, which a comparison keeps."""
    if node.op.text in _ARITHMETIC or node.returns_bool:
        return labels.without((NAME,))
    # Prometheus 2 forgot to drop it.
    return Labels(labels.always - {NAME}, labels.possible) if node.op.text == "atan2" else labels


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


def _text(arg: Node) -> str:
    return arg.value if isinstance(arg := bare(arg), String) else _UNREADABLE


def _label_replace(given: Labels, label: str, texts: list[str]) -> Labels:
    if len(texts) != 3:
        return UNKNOWN
    replacement, source, regex = texts
    core = regex.removeprefix("^").removesuffix("$")
    hits_all = core in (".*", "(.*)") or (core in (".+", "(.+)") and source in given.always)
    if not given.may_have(source):
        hit = fullmatch(regex, "")
        if hit is False:
            return given
        hits_all = hits_all or hit is True
    if _REFERENCE.sub("", replacement):
        return given.with_label(label, always=hits_all or label in given.always)
    if not replacement or not given.may_have(source):
        return given.without((label,)) if hits_all else Labels(given.always - {label}, given.possible)
    whole = ("$0", "${0}", "$1", "${1}") if core.startswith("(") else ("$0", "${0}")
    return given.with_label(label, always=hits_all and replacement in whole and source in given.always)


def _label_join(given: Labels, label: str, texts: list[str]) -> Labels:
    if not texts:
        return UNKNOWN
    separator, *sources = texts
    if (separator and len(sources) > 1) or any(source in given.always for source in sources):
        return given.with_label(label, always=True)
    if any(given.may_have(source) for source in sources):
        return given.with_label(label, always=False)
    return given.without((label,))


def named(labels: Iterable[Name]) -> list[str]:
    """The texts of a list of labels."""
    return [label.text for label in labels]
