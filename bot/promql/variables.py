"""Grafana's variables to PromQL that parses: each is replaced by what its place asks for.

Nobody knows a variable's value when a dashboard is checked, and the values that were saved with it are no sample.
So `topk($k, $metric[$__rate_interval])` becomes `topk(1, grafana_metric[5m])`. Quoted text stays as it is: there a
`$` may as well be the end of a line in a regular expression, or a group of label_replace.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.promql.functions import AGGREGATIONS, FUNCTIONS, GROUPINGS, Type, accepts
from bot.promql.places import Place, places_of
from bot.promql.tokens import VARIABLE, Kind, Piece, Token, brackets_of, tokens_of

_USUAL = re.compile(
    r"(?P<text>\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|`[^`]*+`)"
    r"|(?P<range>\[\$__(?:rate_interval|interval|range)\])"
    r"|(?P<other>[$#\"'`]|\[\[)",
    re.DOTALL,
)
_NAMES = (Place.METRIC, Place.LABEL)
_CERTAIN = (Place.TEXT, Place.COMMENT, Place.DURATION, Place.NUMBER, Place.LABEL)
_UNIT = re.compile(r"ms|[smhdwy]")
_LIKELY = ("sum", "topk", "rate", "sum_over_time", "quantile_over_time", "predict_linear", "clamp_max", "count_values")


@dataclass(frozen=True, slots=True)
class Use:
    """A variable at expr[start:end] of the expression as it was written."""

    name: str
    format: str
    """Such as pipe or csv; empty where none is asked for. The field likewise."""
    field: str
    start: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True)
class Replaced:
    """An expression without variables outside quotes, and what became of them."""

    original: str
    text: str
    uses: tuple[Use, ...]
    """Every variable, in the order of the text, those inside quotes and comments too."""
    wildcards: dict[str, str]
    """From each name in `text` that holds a variable to a glob of what it may be: `*` stands for the variable."""
    starts: tuple[tuple[int, int], ...] = field(default=((0, 0),))
    """Offsets into `text` and into `original`, where a stretch begins that was copied or replaced as a whole."""

    @property
    def certain(self) -> bool:
        """Whether no value that makes sense can change how the text around the variables is read."""
        return all(use.place in _CERTAIN for use in self.uses)

    def origin(self, offset: int) -> int:
        """The offset in the original of what stands at an offset of the text."""
        index = bisect_right(self.starts, (offset, len(self.original) + 1)) - 1
        here, there = self.starts[index]
        limit = self.starts[index + 1][1] if index + 1 < len(self.starts) else len(self.original)
        return min(there + offset - here, limit)

    def origin_end(self, end: int) -> int:
        """The end in the original of what ends at an offset of the text: of a variable, its own end."""
        index = bisect_right(self.starts, (max(end - 1, 0), len(self.original) + 1)) - 1
        here, there = self.starts[index]
        # Copied and replaced stretches take turns, a copied one first.
        return self.starts[index + 1][1] if index % 2 else there + end - here


def readings(expr: str) -> Iterator[Replaced]:
    """What an expression may say, the likeliest first: a variable beside an operator is a number or a metric."""
    first = replace(expr)
    yield first
    if any(use.place == Place.OPERAND for use in first.uses):
        yield replace(expr, operand=Place.METRIC)


def replace(expr: str, operand: Place = Place.NUMBER) -> Replaced:
    """The expression with every variable replaced; `operand` says what one is whose place does not tell."""
    if "$" not in expr and "[[" not in expr:
        return Replaced(expr, expr, (), {})
    return _usual(expr) or _by_places(expr, operand)


def _usual(expr: str) -> Replaced | None:
    """The same for most queries, in a third of the time: nothing but [$__rate_interval] outside quotes."""
    writer = _Writer(expr, [])
    for match in _USUAL.finditer(expr):
        if match.lastgroup == "other":
            return None
        is_range = match.lastgroup == "range"
        writer.uses_between(*match.span(), Place.DURATION if is_range else Place.TEXT)
        if is_range:
            writer.edit(match.start() + 1, match.end() - 1, "5m")
    return writer.result()


def _by_places(expr: str, operand: Place) -> Replaced:
    every = tokens_of(expr)
    tokens = [token for token in every if token.kind != Kind.COMMENT]
    partner = brackets_of(tokens).partner
    writer = _Writer(expr, every)
    shapes = _Shapes(tokens, partner)
    for index, place in places_of(tokens, partner).items():
        writer.uses_in(tokens[index], place)
        writer.put(index, tokens, operand if place == Place.OPERAND else place, shapes)
    return writer.result()


class _Writer:
    """Collects what stands where, and puts it together at the end."""

    def __init__(self, expr: str, tokens: list[Token]) -> None:
        self._expr = expr
        self._uses: list[Use] = []
        self._wildcards: dict[str, str] = {}
        self._edits: list[tuple[int, int, str]] = []
        self._prefix = "grafana_"
        while self._prefix in expr:
            self._prefix += "_"
        for token in tokens:
            if token.kind in (Kind.TEXT, Kind.COMMENT):
                self.uses_in(token, Place.TEXT if token.kind == Kind.TEXT else Place.COMMENT)

    def uses_in(self, token: Token, place: Place) -> None:
        self.uses_between(token.start, token.end, place)

    def uses_between(self, start: int, end: int, place: Place) -> None:
        for match in VARIABLE.finditer(self._expr, start, end):
            self._uses.append(
                Use(
                    _name(match),
                    match["format"] or match["square_format"] or "",
                    match["field"] or "",
                    *match.span(),
                    place,
                )
            )

    def put(self, index: int, tokens: list[Token], place: Place, shapes: "_Shapes") -> None:
        token = tokens[index]
        if place == Place.FUNCTION:
            self._edit(token, shapes.function(index))
        elif place == Place.DURATION:
            self._edit(token, _duration(token))
        elif place == Place.NUMBER:
            self._edit(token, "".join("1" if piece.variable else _plain(token, piece) for piece in token.pieces))
        elif place in _NAMES:
            self._edit(token, self._identifier(token))
        elif place == Place.RANGE:
            self._edit(token, f"{self._identifier(token)}[5m]")
        elif place == Place.LABELS:
            self._edit(token, f"({self._identifier(token)})")
        elif place == Place.STRING:
            self._edit(token, f'"{self._identifier(token)}"')
        elif place == Place.MATCHER:
            self._edit(token, self._matcher(index, tokens))
        elif place == Place.OPERATOR:
            self._edit(token, "==" if shapes.text(index + 1).lower() == "bool" else "+")
        elif place == Place.CLAUSE:
            self._edit(token, "by" if shapes.is_grouping(index) else "")

    def result(self) -> Replaced:
        parts: list[str] = []
        starts = [(0, 0)]
        length = position = 0
        for start, end, text in sorted(self._edits):
            parts += (self._expr[position:start], text)
            length += start - position
            starts.append((length, start))
            length += len(text)
            starts.append((length, end))
            position = end
        parts.append(self._expr[position:])
        uses = tuple(sorted(self._uses, key=lambda use: use.start))
        return Replaced(self._expr, "".join(parts), uses, self._wildcards, tuple(starts))

    def edit(self, start: int, end: int, text: str) -> None:
        self._edits.append((start, end, text))

    def _edit(self, token: Token, text: str) -> None:
        self.edit(token.start, token.end, text)

    def _identifier(self, token: Token) -> str:
        name, glob = "", ""
        for piece in token.pieces:
            plain = _plain(token, piece)
            match = VARIABLE.fullmatch(plain) if piece.variable else None
            name += self._prefix + _name(match) if match else plain
            glob += "*" if match else plain
        self._wildcards[name] = glob
        return name

    def _matcher(self, index: int, tokens: list[Token]) -> str:
        before, after = tokens[index - 1].text, tokens[index + 1].text if index + 1 < len(tokens) else "}"
        comma_before = "" if before in ("{", ",", "or") else ", "
        comma_after = "" if after in ("}", ",", "or") else ", "
        # A matcher that the empty string does not satisfy: a selector needs one.
        return f'{comma_before}{self._identifier(tokens[index])}!=""{comma_after}'


class _Shapes:
    """Finds a function that fits the arguments which stand behind a variable."""

    def __init__(self, tokens: list[Token], partner: dict[int, int]) -> None:
        self._tokens = tokens
        self._partner = partner

    def text(self, index: int) -> str:
        return self._tokens[index].text if index < len(self._tokens) else ""

    def is_grouping(self, index: int) -> bool:
        """Whether a list of labels, then arguments come next: sum $by (job) (x)."""
        return self.text(index + 1) == "(" and self.text(self._after(index + 1)) == "("

    def function(self, index: int) -> str:
        opening, aggregation = index + 1, False
        if self.text(opening).lower() in GROUPINGS:
            aggregation = True
            opening = self._after(opening + 1)
        if self.text(opening) != "(":
            return "sum"
        closing = self._after(opening) - 1
        aggregation = aggregation or self.text(closing + 1).lower() in GROUPINGS
        given = self._arguments(opening, closing)
        pattern = re.compile(
            "".join(
                r"\w+" if piece.variable else re.escape(_plain(self._tokens[index], piece))
                for piece in self._tokens[index].pieces
            )
        )
        known = AGGREGATIONS if aggregation else AGGREGATIONS | FUNCTIONS
        for name in (*_LIKELY, *known):
            if name in known and pattern.fullmatch(name) and accepts(known[name], given):
                return name
        return "sum"

    def _after(self, index: int) -> int:
        """The index behind a token, or behind the brackets that it opens."""
        return max(self._partner.get(index, index), index) + 1

    def _arguments(self, opening: int, closing: int) -> list[Type]:
        starts = [opening]
        index = opening + 1
        while index < closing:
            if self.text(index) == ",":
                starts.append(index)
            index = self._after(index)
        ends = [*starts[1:], closing]
        return [self._type(start + 1, end) for start, end in zip(starts, ends, strict=True) if end > start + 1]

    def _type(self, start: int, end: int) -> Type:
        """What an argument looks like: a range ends in square brackets, a number is one word."""
        first = self._tokens[start]
        if first.kind == Kind.TEXT:
            return Type.STRING
        index = start
        while index < end:
            if self.text(index) == "[":
                return Type.MATRIX
            index = self._after(index)
        number = end == start + 1 and (first.varies or first.text[0].isdigit())
        return Type.SCALAR if number and self.text(end) == "," else Type.VECTOR


def _name(match: re.Match[str]) -> str:
    return match["plain"] or match["square"] or match["braced"]


def _plain(token: Token, piece: Piece) -> str:
    return token.text[piece.start - token.start : piece.end - token.start]


def _duration(token: Token) -> str:
    """Whole durations for variables; numbers or units where the other half is written out: ${n}m, 5$unit."""
    text = ""
    for index, piece in enumerate(token.pieces):
        plain = _plain(token, piece)
        if not piece.variable:
            text += plain
            continue
        following = token.pieces[index + 1] if index + 1 < len(token.pieces) else None
        if text[-1:].isdigit():
            text += "m"
        elif following and (following.variable or _UNIT.match(_plain(token, following))):
            text += "1"
        else:
            text += "1ms" if text else "5m"
    return text
