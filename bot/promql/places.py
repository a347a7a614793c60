"""What a variable stands for, told by the place where it stands.

Grafana puts text in place of a variable before Prometheus sees the query, so a variable may stand for anything:
a number, a label, a part of a name, a whole matcher, an operator. The tokens around it say which.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.promql.functions import (
    AGGREGATIONS,
    GROUPINGS,
    KEYWORDS,
    MATCHINGS,
    SET_OPERATORS,
    Type,
    argument_type,
)
from bot.promql.tokens import Kind, Token

_MATCH_OPERATORS = ("=", "!=", "=~", "!~", "==")


class Place(StrEnum):
    """What is expected where a variable stands."""

    TEXT = "text"
    """Inside quotes: any text will do."""
    COMMENT = "comment"
    DURATION = "duration"
    NUMBER = "number"
    STRING = "string"
    """A string whose quotes come with the variable."""
    LABEL = "label"
    LABELS = "labels"
    """A list of labels whose brackets come with the variable."""
    MATCHER = "matcher"
    """One or more whole matchers."""
    METRIC = "metric"
    """A metric's name, or a part of it."""
    RANGE = "range"
    """A metric and its range."""
    FUNCTION = "function"
    """The name of a function or an aggregation, or a part of it."""
    OPERATOR = "operator"
    OPERAND = "operand"
    """A number or a metric: the place does not tell."""
    CLAUSE = "clause"
    """Something that may be left out, such as an offset or a comparison."""


@dataclass(slots=True)
class _Frame:
    """An open bracket. Of a call, `name` is the function's and `argument` counts its commas."""

    bracket: str
    name: str = ""
    argument: int = 0
    labels: str = ""
    """The keyword in front of a list of labels."""
    wanted: Type | None = None
    """What brackets without a function in front must hold, as far as a call around them says."""
    any_call: bool = False
    """Whether the function in front is itself a variable."""

    def expected(self) -> Type | None:
        return argument_type(self.name, self.argument) if self.name else self.wanted


def places_of(tokens: list[Token], partner: dict[int, int]) -> dict[int, Place]:
    """The place of each word that holds a variable, by its index among the tokens.

    The tokens are without comments; `partner` leads from a bracket's index to its partner's.
    """
    reader = _Reader(tokens, partner)
    for index in range(len(tokens)):
        reader.take(index)
    return reader.places


class _Reader:
    """Walks over the tokens once, and knows which brackets are open and whether an operand has just ended."""

    def __init__(self, tokens: list[Token], partner: dict[int, int]) -> None:
        self.places: dict[int, Place] = {}
        self._tokens = tokens
        self._partner = partner
        self._frames = [_Frame("")]
        self._ended = False

    def take(self, index: int) -> None:
        token = self._tokens[index]
        if token.kind == Kind.WORD:
            if token.varies:
                self.places[index] = self._place(index)
            place = self.places.get(index)
            if place != Place.CLAUSE:
                self._ended = place != Place.OPERATOR and (token.varies or token.text.lower() not in KEYWORDS)
        elif token.kind == Kind.TEXT:
            self._ended = True
        elif token.text in ("(", "[", "{"):
            self._frames.append(self._open(index))
            self._ended = False
        elif token.text in (")", "]", "}"):
            # A list of labels between two operands ends none of them.
            self._ended = self._frames[-1].labels not in MATCHINGS
            if len(self._frames) > 1:
                self._frames.pop()
        else:
            self._frames[-1].argument += token.text == ","
            self._ended = False

    def _open(self, index: int) -> _Frame:
        bracket = self._tokens[index].text
        before = self._text(index - 1)
        if bracket != "(":
            return _Frame(bracket)
        if before.lower() in GROUPINGS | MATCHINGS:
            return _Frame(bracket, labels=before.lower())
        owner = self._callee(index)
        if owner is None:
            return _Frame(bracket, wanted=self._frames[-1].expected())
        token = self._tokens[owner]
        return _Frame(bracket, "" if token.varies else token.text, any_call=token.varies)

    def _callee(self, index: int) -> int | None:
        """Where the function stands whose arguments open at an index; None where the brackets only group."""
        owner = index - 1
        opening = self._partner.get(owner, 0)
        if self._text(owner) == ")" and self._text(opening - 1).lower() in GROUPINGS:
            owner = opening - 2
        elif self.places.get(owner) == Place.LABELS:
            owner -= 2
        elif self.places.get(owner) == Place.CLAUSE and self._text(owner - 1).lower() in AGGREGATIONS:
            owner -= 1
        if owner < 0 or self._tokens[owner].kind != Kind.WORD or self._text(owner).lower() in KEYWORDS:
            return None
        return None if self.places.get(owner, Place.FUNCTION) != Place.FUNCTION else owner

    def _place(self, index: int) -> Place:
        before, after = self._text(index - 1), self._text(index + 1)
        frame = self._frames[-1]
        if frame.bracket == "[":
            return Place.DURATION
        anchor = self._text(index - 2) if before in ("-", "+") else before
        if anchor.lower() == "offset":
            return Place.DURATION
        if anchor == "@":
            return Place.NUMBER
        if frame.bracket == "{":
            return _in_braces(before, after)
        if frame.labels:
            return Place.LABEL
        if before.lower() in GROUPINGS | {"on", "ignoring"}:
            return Place.LABELS
        plain = self._tokens[index].plain
        if plain:
            return _of_part(plain, after)
        return self._in_expression(index, before, after)

    def _in_expression(self, index: int, before: str, after: str) -> Place:
        if after == "(":
            if before.lower() in AGGREGATIONS:
                return Place.CLAUSE
            return Place.OPERATOR if self._ended else Place.FUNCTION
        if after.lower() in GROUPINGS and not self._ended:
            return Place.FUNCTION
        if self._ended:
            return Place.OPERATOR if self._operand_follows(index, after) else Place.CLAUSE
        if after in ("{", "["):
            return Place.METRIC
        if after.lower() not in KEYWORDS and self._operand_follows(index, after):
            return Place.CLAUSE
        return self._operand(before, after)

    def _operand_follows(self, index: int, after: str) -> bool:
        """Whether what comes next needs an operator in front of it."""
        if after.lower() in KEYWORDS:
            return after.lower() in MATCHINGS | {"bool"}
        following = self._tokens[index + 1 : index + 2]
        return bool(following) and (following[0].kind != Kind.MARK or after in ("(", "{"))

    def _operand(self, before: str, after: str) -> Place:
        expected = self._frames[-1].expected()
        if expected == Type.SCALAR:
            return Place.NUMBER
        if expected == Type.STRING:
            return Place.STRING
        if self._frames[-1].any_call and before in ("(", ",") and after == ",":
            return Place.NUMBER
        if expected == Type.MATRIX and before in ("(", ",") and after in (")", ","):
            return Place.RANGE
        # Alone, or a side of a set operator, which numbers cannot be.
        whole = before.lower() in {"", "(", ","} | SET_OPERATORS and after.lower() in {"", ")", ","} | SET_OPERATORS
        return Place.METRIC if whole else Place.OPERAND

    def _text(self, index: int) -> str:
        return self._tokens[index].text if 0 <= index < len(self._tokens) else ""


def _in_braces(before: str, after: str) -> Place:
    if before in _MATCH_OPERATORS:
        return Place.STRING
    return Place.LABEL if after in _MATCH_OPERATORS else Place.MATCHER


def _of_part(plain: str, after: str) -> Place:
    """The place of a variable with other characters beside it."""
    if plain.replace(".", "").isdigit():
        return Place.NUMBER
    return Place.FUNCTION if after == "(" else Place.METRIC
