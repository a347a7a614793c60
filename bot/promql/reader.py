"""PromQL to its syntax tree with places. It does not judge: what syntax.py or promtool refuses may still be read here.

Grammar: promql/parser/generated_parser.y of Prometheus 3.14. promql-parser, the embedded judge, tells no places, so the
tree is our own, and the tests hold the two against each other.
"""

import re

from bot.promql.functions import AGGREGATIONS, GROUPINGS
from bot.promql.limits import MAX_DEPTH, excess
from bot.promql.literals import length, number, unquoted
from bot.promql.tree import (
    Aggregation,
    Binary,
    Call,
    Matcher,
    Name,
    Node,
    Number,
    Paren,
    Range,
    Selector,
    String,
    Subquery,
    Unary,
)

_TOKEN = re.compile(
    r"[ \t\r\n]*+(?:"
    r"(?P<word>[A-Za-z_:][A-Za-z0-9_:]*+)"
    r"|(?P<mark>[(){},*]|[=!]~|[=!<>]=|[<>]/|[-+=/%^<>@])"
    r"""|(?P<text>"(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'|`[^`]*+`)"""
    r"|(?P<range>\[[^\]]*+\])"
    r"|(?P<number>0[xX][0-9a-fA-F_]+|[0-9.](?:[0-9A-DF-Za-df-z_.]|[eE][-+]?)*)"
    r"|(?P<end>\Z)|(?P<comment>\#[^\r\n]*)|(?P<other>.))",
    re.DOTALL,
)
_PRECEDENCE = (
    dict.fromkeys(("or",), 1)
    | dict.fromkeys(("and", "unless"), 2)
    | dict.fromkeys(("==", "!=", ">", "<", ">=", "<=", "</", ">/"), 3)
    | dict.fromkeys(("+", "-"), 4)
    | dict.fromkeys(("*", "/", "%", "atan2"), 5)
    | {"^": 6}
)
_POWER = 6
_FILLS = frozenset(("fill", "fill_left", "fill_right"))
_EXTENTS = frozenset(("anchored", "smoothed"))


class _Unreadable(Exception):
    """Steers out of the reader."""


def read(expr: str) -> Node | None:
    """The tree of an expression without variables; None where it is not PromQL as far as this reader knows it.

    One that is out of the bounds of limits.py is not read either.
    """
    if excess(expr):
        return None
    try:
        return _Reader(expr).whole()
    except (_Unreadable, ValueError, OverflowError, RecursionError):
        return None


class _Reader:
    """A descent over the tokens; each method takes what it is named after."""

    def __init__(self, expr: str) -> None:
        # Three lists: to make an object of each token takes longer than all the rest.
        self._kinds: list[str | None] = []
        self._texts: list[str] = []
        self._spans: list[tuple[int, int]] = []
        for match in _TOKEN.finditer(expr):
            group = match.lastindex or 0
            if match.lastgroup != "comment":
                self._kinds.append(match.lastgroup)
                self._texts.append(match[group])
                self._spans.append(match.span(group))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """The expression, and nothing behind it."""
        node = self._expression(0)
        if self._kinds[self._at] != "end":
            raise _Unreadable
        return node

    def _expression(self, lowest: int) -> Node:
        """Operands and operators that bind at least as tightly as `lowest`."""
        self._depth += 1
        if self._depth > 3 * MAX_DEPTH:
            raise _Unreadable
        left = self._signed()
        while True:
            op = self._texts[self._at].lower()
            precedence = _PRECEDENCE.get(op, 0)
            if precedence == 0 or precedence < lowest:
                self._depth -= 1
                return left
            self._at += 1
            left = self._binary(Name(op, *self._spans[self._at - 1]), left, precedence)

    def _binary(self, op: Name, left: Node, precedence: int) -> Node:
        returns_bool, filled = self._keyword("bool"), False
        matching = group = ""
        labels: tuple[Name, ...] = ()
        include: tuple[Name, ...] = ()
        word = self._texts[self._at].lower()
        if word in ("on", "ignoring"):
            self._at += 1
            matching, labels = word, self._labels()
            word = self._texts[self._at].lower()
            if word in ("group_left", "group_right"):
                self._at += 1
                group = word.removeprefix("group_")
                if self._texts[self._at] == "(":
                    include = self._labels()
        while self._texts[self._at].lower() in _FILLS and self._texts[self._at + 1] == "(":
            filled = True
            self._at += 1
            self._arguments()
        # Only powers are taken from the right.
        right = self._expression(precedence if precedence == _POWER else precedence + 1)
        return Binary(op, left, right, returns_bool, matching, labels, group, include, filled, left.start, right.end)

    def _signed(self) -> Node:
        sign = self._texts[self._at]
        if sign not in ("-", "+"):
            return self._moved(self._operand())
        start = self._spans[self._at][0]
        self._at += 1
        operand = self._expression(_POWER)
        if isinstance(operand, Number):
            return Number(-operand.value if sign == "-" else operand.value, start, operand.end)
        return Unary(sign, operand, start, operand.end)

    def _operand(self) -> Node:
        text, (start, end) = self._texts[self._at], self._spans[self._at]
        self._at += 1
        match self._kinds[self._at - 1]:
            case "word":
                return self._named(Name(text, start, end))
            case "number":
                return Number(number(text), start, end)
            case "text":
                return String(unquoted(text), start, end)
        if text == "(":
            inner = self._expression(0)
            return Paren(inner, start, self._take(")"))
        if text == "{":
            return self._selector(None, start)
        raise _Unreadable

    def _named(self, name: Name) -> Node:
        """A word, and what its follower makes of it: a call, an aggregation, a number or a metric."""
        following, lower = self._texts[self._at], name.text.lower()
        if lower in AGGREGATIONS and (following == "(" or following.lower() in GROUPINGS):
            return self._aggregation(Name(lower, name.start, name.end))
        if following == "(":
            args = self._arguments()
            return Call(name, args, name.start, self._end())
        if lower in ("inf", "nan"):
            return Number(float(lower), name.start, name.end)
        if following == "{":
            self._at += 1
            return self._selector(name, name.start)
        return Selector(name, (), name.start, name.end)

    def _arguments(self) -> tuple[Node, ...]:
        self._take("(")
        args: list[Node] = []
        while self._texts[self._at] != ")":
            args.append(self._expression(0))
            if self._texts[self._at] != ")":
                self._take(",")
        self._at += 1
        return tuple(args)

    def _aggregation(self, op: Name) -> Node:
        grouping, labels = self._grouping()
        args = self._arguments()
        if not grouping:
            grouping, labels = self._grouping()
        if not 1 <= len(args) <= 2:
            raise _Unreadable
        param = args[0] if len(args) > 1 else None
        return Aggregation(op, grouping, labels, param, args[-1], op.start, self._end())

    def _grouping(self) -> tuple[str, tuple[Name, ...]]:
        grouping = self._texts[self._at].lower()
        if grouping not in GROUPINGS:
            return "", ()
        self._at += 1
        return grouping, self._labels()

    def _labels(self) -> tuple[Name, ...]:
        self._take("(")
        labels: list[Name] = []
        while self._texts[self._at] != ")":
            labels.append(self._label())
            if self._texts[self._at] != ")":
                self._take(",")
        self._at += 1
        return tuple(labels)

    def _label(self) -> Name:
        kind, text, (start, end) = self._kinds[self._at], self._texts[self._at], self._spans[self._at]
        self._at += 1
        if kind == "word":
            return Name(text, start, end)
        if kind == "text":
            return Name(unquoted(text), start + 1, end - 1)
        raise _Unreadable

    def _selector(self, name: Name | None, start: int) -> Selector:
        """What stands behind an opening brace."""
        matchers: list[Matcher] = []
        alternatives = False
        while self._texts[self._at] != "}":
            quoted, label = self._kinds[self._at] == "text", self._label()
            op = self._texts[self._at]
            if op in ("=", "!=", "=~", "!~"):
                self._at += 1
                if self._kinds[self._at] != "text":
                    raise _Unreadable
                matchers.append(Matcher(label, op, self._label()))
            elif quoted:
                name = label
            else:
                raise _Unreadable
            # MetricsQL: the embedded judge takes it, Prometheus does not.
            if self._keyword("or"):
                alternatives = True
            elif self._texts[self._at] != "}":
                self._take(",")
        self._at += 1
        return Selector(name, () if alternatives else tuple(matchers), start, self._end())

    def _moved(self, node: Node) -> Node:
        """The operand with the ranges, offsets and times that stand behind it."""
        while True:
            text = self._texts[self._at]
            if self._kinds[self._at] == "range":
                self._at += 1
                node = _ranged(node, text, *self._spans[self._at - 1])
            elif text == "@" or text.lower() == "offset":
                self._at += 1
                self._shift()
                node = _shifted(node, self._end())
            elif text.lower() in _EXTENTS and isinstance(node, Selector):
                self._at += 1
                node = node._replace(end=self._end())
            else:
                return node

    def _shift(self) -> None:
        """A duration, a time, start() or end(), or their arithmetic in brackets."""
        while self._texts[self._at] in ("-", "+"):
            self._at += 1
        kind = self._kinds[self._at]
        if self._texts[self._at] != "(":
            if kind not in ("number", "word"):
                raise _Unreadable
            self._at += 1
        if kind != "number" and self._texts[self._at] == "(":
            self._arguments()

    def _end(self) -> int:
        """Where the last token ended that was taken."""
        return self._spans[self._at - 1][1]

    def _keyword(self, word: str) -> bool:
        found = self._texts[self._at].lower() == word
        self._at += found
        return found

    def _take(self, text: str) -> int:
        """Takes this token, and says where it ends."""
        if self._texts[self._at] != text:
            raise _Unreadable
        self._at += 1
        return self._spans[self._at - 1][1]


def _ranged(node: Node, text: str, start: int, end: int) -> Node:
    whole, colon, resolution = text[1:-1].partition(":")
    range_ = Range(length(whole), start, end, length(resolution))
    if colon:
        return Subquery(node, range_, node.start, end)
    if isinstance(node, Selector) and node.range is None:
        return node._replace(range=range_, end=end)
    raise _Unreadable


def _shifted(node: Node, end: int) -> Node:
    if isinstance(node, Selector):
        return node._replace(moved=True, end=end)
    if isinstance(node, Subquery):
        return node._replace(end=end)
    raise _Unreadable
