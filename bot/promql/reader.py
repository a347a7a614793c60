"""PromQL to its syntax tree with places. It does not judge: what syntax.py or promtool refuses may still be read here.

Grammar: promql/parser/generated_parser.y of Prometheus 3.14. promql-parser, the embedded judge, tells no places, so the
tree is our own, and the tests hold the two against each other.
"""

import re
from typing import NamedTuple

from bot.promql.durations import milliseconds
from bot.promql.functions import AGGREGATIONS, GROUPINGS
from bot.promql.limits import MAX_DEPTH
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
    r"\s+|\#[^\r\n]*"
    r"|(?P<word>[A-Za-z_:][A-Za-z0-9_:]*)"
    r"|(?P<number>0[xX][0-9a-fA-F_]+|[0-9.](?:[0-9A-DF-Za-df-z_.]|[eE][-+]?)*)"
    r"""|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)"""
    r"|(?P<range>\[[^\]]*\])"
    r"|(?P<mark>=~|!~|==|!=|>=|<=|</|>/|.)",
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
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))")
_SIMPLE_ESCAPES = dict(zip("abfnrtv\\\"'", "\a\b\f\n\r\t\v\\\"'", strict=True))


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _Unreadable(Exception):
    """Steers out of the reader."""


def read(expr: str) -> Node | None:
    """The tree of an expression without variables; None where it is not PromQL as far as this reader knows it.

    The expression must be within the bounds of limits.py, or it is not read.
    """
    try:
        reader = _Reader(expr)
        node = reader.expression(0)
        reader.finish()
    except (_Unreadable, ValueError, OverflowError):
        return None
    return node


def unquoted(text: str) -> str:
    """What a quoted text says, as Go reads it."""
    inner = text[1:-1]
    return inner if text[0] == "`" or "\\" not in inner else _ESCAPE.sub(_escaped, inner)


def _escaped(match: re.Match[str]) -> str:
    if match[1]:
        return _SIMPLE_ESCAPES[match[1]]
    digits = match[2] or match[3] or match[4]
    return chr(int(digits, 16)) if digits else chr(int(match[5], 8))


class _Reader:
    """A descent over the tokens; each method takes what it is named after."""

    def __init__(self, expr: str) -> None:
        self._tokens = [
            _Token(match.lastgroup, match.group(), *match.span()) for match in _TOKEN.finditer(expr) if match.lastgroup
        ]
        self._tokens.append(_Token("end", "", len(expr), len(expr)))
        self._at = 0
        self._depth = 0

    def finish(self) -> None:
        if self._tokens[self._at].kind != "end":
            raise _Unreadable

    def expression(self, lowest: int) -> Node:
        """Operands and operators that bind at least as tightly as `lowest`."""
        self._depth += 1
        if self._depth > 3 * MAX_DEPTH:
            raise _Unreadable
        left = self._signed()
        while True:
            token = self._tokens[self._at]
            op = token.text.lower()
            precedence = _PRECEDENCE.get(op, 0) if token.kind in ("mark", "word") else 0
            if precedence == 0 or precedence < lowest:
                self._depth -= 1
                return left
            self._at += 1
            left = self._binary(Name(op, token.start, token.end), left, precedence)

    def _binary(self, op: Name, left: Node, precedence: int) -> Node:
        returns_bool, filled = self._keyword("bool"), False
        matching, group = "", ""
        labels: tuple[Name, ...] = ()
        include: tuple[Name, ...] = ()
        if self._word() in ("on", "ignoring") and self._tokens[self._at + 1].text == "(":
            matching = self._word()
            self._at += 1
            labels = self._labels()
            if self._word() in ("group_left", "group_right"):
                group = self._word().removeprefix("group_")
                self._at += 1
                if self._tokens[self._at].text == "(":
                    include = self._labels()
        while self._word() in _FILLS and self._tokens[self._at + 1].text == "(":
            filled = True
            self._at += 2
            self.expression(0)
            self._take(")")
        # Only powers are taken from the right.
        right = self.expression(precedence if precedence == _POWER else precedence + 1)
        return Binary(op, left, right, returns_bool, matching, labels, group, include, filled, left.start, right.end)

    def _signed(self) -> Node:
        token = self._tokens[self._at]
        if token.text in ("-", "+") and token.kind == "mark":
            self._at += 1
            operand = self.expression(_POWER)
            return Unary(token.text, operand, token.start, operand.end)
        return self._moved(self._operand())

    def _operand(self) -> Node:
        token = self._tokens[self._at]
        match token.kind:
            case "number":
                self._at += 1
                return Number(_number(token.text), token.start, token.end)
            case "text":
                self._at += 1
                return String(unquoted(token.text), token.start, token.end)
            case "word":
                return self._named(token)
        if token.text == "(":
            self._at += 1
            inner = self.expression(0)
            return Paren(inner, token.start, self._take(")").end)
        if token.text == "{":
            return self._selector(None, token.start)
        raise _Unreadable

    def _named(self, token: _Token) -> Node:
        """A word, and what its follower makes of it: a call, an aggregation, a number or a metric."""
        self._at += 1
        following, lower = self._tokens[self._at], token.text.lower()
        if lower in AGGREGATIONS and (following.text == "(" or following.text.lower() in GROUPINGS):
            return self._aggregation(Name(lower, token.start, token.end))
        name = Name(token.text, token.start, token.end)
        if following.text == "(":
            args, end = self._arguments()
            return Call(name, args, token.start, end)
        if lower in ("inf", "nan") and following.text != "{":
            return Number(float(lower), token.start, token.end)
        return self._selector(name, token.start)

    def _arguments(self) -> tuple[tuple[Node, ...], int]:
        self._take("(")
        args: list[Node] = []
        while self._tokens[self._at].text != ")":
            args.append(self.expression(0))
            if self._tokens[self._at].text != ")":
                self._take(",")
        return tuple(args), self._take(")").end

    def _aggregation(self, op: Name) -> Node:
        grouping, labels = self._grouping()
        args, end = self._arguments()
        if not grouping:
            grouping, labels = self._grouping()
            end = self._tokens[self._at - 1].end
        if not 1 <= len(args) <= 2:
            raise _Unreadable
        return Aggregation(op, grouping, labels, args[0] if len(args) > 1 else None, args[-1], op.start, end)

    def _grouping(self) -> tuple[str, tuple[Name, ...]]:
        grouping = self._word()
        if grouping not in GROUPINGS or self._tokens[self._at + 1].text != "(":
            return "", ()
        self._at += 1
        return grouping, self._labels()

    def _labels(self) -> tuple[Name, ...]:
        self._take("(")
        labels: list[Name] = []
        while self._tokens[self._at].text != ")":
            labels.append(self._label())
            if self._tokens[self._at].text != ")":
                self._take(",")
        self._at += 1
        return tuple(labels)

    def _label(self) -> Name:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "word":
            return Name(token.text, token.start, token.end)
        if token.kind == "text":
            return Name(unquoted(token.text), token.start + 1, token.end - 1)
        raise _Unreadable

    def _selector(self, name: Name | None, start: int) -> Selector:
        matchers: list[Matcher] = []
        alternatives = False
        if self._tokens[self._at].text == "{":
            self._at += 1
            while self._tokens[self._at].text != "}":
                label = self._label()
                op = self._tokens[self._at].text
                if op in ("=", "!=", "=~", "!~"):
                    self._at += 1
                    if self._tokens[self._at].kind != "text":
                        raise _Unreadable
                    matchers.append(Matcher(label, op, self._label()))
                else:
                    name = label
                # MetricsQL: the embedded judge takes it, Prometheus does not.
                if self._keyword("or"):
                    alternatives = True
                elif self._tokens[self._at].text != "}":
                    self._take(",")
            self._at += 1
        return Selector(name, () if alternatives else tuple(matchers), start, self._tokens[self._at - 1].end)

    def _moved(self, node: Node) -> Node:
        """The operand with the ranges, offsets and times that stand behind it."""
        while True:
            token = self._tokens[self._at]
            if token.kind == "range":
                self._at += 1
                node = _ranged(node, token)
            elif token.text.lower() == "offset" or token.text == "@":
                self._at += 1
                self._shift()
                node = _shifted(node, self._tokens[self._at - 1].end)
            else:
                return node

    def _shift(self) -> None:
        """A duration, a time, start() or end(), or their arithmetic in brackets."""
        while self._tokens[self._at].text in ("-", "+"):
            self._at += 1
        if self._tokens[self._at].text == "(":
            self._arguments()
            return
        token = self._tokens[self._at]
        if token.kind not in ("number", "word"):
            raise _Unreadable
        self._at += 1
        if token.kind == "word" and self._tokens[self._at].text == "(":
            self._arguments()

    def _word(self) -> str:
        return self._tokens[self._at].text.lower()

    def _keyword(self, word: str) -> bool:
        found = self._word() == word
        self._at += found
        return found

    def _take(self, text: str) -> _Token:
        token = self._tokens[self._at]
        if token.text != text:
            raise _Unreadable
        self._at += 1
        return token


def _ranged(node: Node, token: _Token) -> Node:
    length, colon, resolution = token.text[1:-1].partition(":")
    range_ = Range(_length(length), token.start, token.end, _length(resolution))
    if colon:
        return Subquery(node, range_, node.start, token.end)
    if isinstance(node, Selector) and node.range is None:
        return node._replace(range=range_, end=token.end)
    raise _Unreadable


def _shifted(node: Node, end: int) -> Node:
    if isinstance(node, Selector):
        return node._replace(moved=True, end=end)
    if isinstance(node, Subquery):
        return node._replace(end=end)
    raise _Unreadable


def _length(text: str) -> int | None:
    """A range in milliseconds: a duration, or seconds as a number."""
    text = text.strip()
    duration = milliseconds(text)
    if duration is None and re.fullmatch(r"[0-9.]+", text):
        return int(float(text) * 1000)
    return duration


def _number(text: str) -> float:
    duration = milliseconds(text) if text[-1] in "smhdwy" else None
    if duration is not None:
        return duration / 1000
    plain = text.replace("_", "")
    return float(int(plain, 16)) if plain[:2].lower() == "0x" else float(plain)
