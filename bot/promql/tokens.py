"""PromQL to tokens, with Grafana's variables still in it; any text has tokens, well-formed or not.

Lexical rules: promql/parser/lex.go of Prometheus. Variables: the one pattern that Grafana replaces by.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

VARIABLE = re.compile(
    r"\$(?P<plain>\w+)"
    r"|\[\[(?P<square>\w+?)(?::(?P<square_format>\w+))?\]\]"
    r"|\$\{(?P<braced>\w+)(?:\.(?P<field>[^:}]+))?(?::(?P<format>[^}]+))?\}",
    re.ASCII,
)
"""$name, [[name]], [[name:format]], ${name}, ${name.field}, ${name:format}."""


def holds_variable(text: str) -> bool:
    """Whether one of Grafana's variables stands in a text."""
    # Most texts have none, and this tells so in a tenth of the time.
    return ("$" in text or "[[" in text) and VARIABLE.search(text) is not None


_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<comment>\#[^\r\n]*)"
    r'|(?P<text>"(?:[^"\\]|\\.)*"|' + r"'(?:[^'\\]|\\.)*'|`[^`]*`)"
    r"|(?P<variable>" + re.sub(r"\?P<\w+>", "?:", VARIABLE.pattern) + ")"
    r"|(?P<word>[A-Za-z0-9_.]+)"
    r"|(?P<mark>[=!]~|[=!<>]=|.)",
    re.ASCII | re.DOTALL,
)

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_QUOTES = "\"'`"


class Kind(StrEnum):
    """WORD: a name, number, duration or keyword, which may hold variables; TEXT: quoted; MARK: everything else."""

    WORD = "word"
    TEXT = "text"
    MARK = "mark"
    COMMENT = "comment"


_KINDS = {"text": Kind.TEXT, "comment": Kind.COMMENT, "mark": Kind.MARK}


class Piece(NamedTuple):
    """A part of a word: plain characters, or one variable. A tuple, as is a token: queries have many of them."""

    start: int
    end: int
    variable: bool


class Token(NamedTuple):
    """A token at expr[start:end]."""

    kind: Kind
    start: int
    end: int
    text: str
    pieces: tuple[Piece, ...] = ()
    """Of a word."""

    @property
    def varies(self) -> bool:
        """Whether a variable stands in this word."""
        return any(piece.variable for piece in self.pieces)

    @property
    def plain(self) -> str:
        """A word's plain characters; a variable's are left out."""
        return "".join(self.text[p.start - self.start : p.end - self.start] for p in self.pieces if not p.variable)


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A bracket or a quote without its partner, at expr[start:end]."""

    message: str
    start: int
    end: int


def tokens_of(expr: str) -> list[Token]:
    """Every token but white space. What touches a variable without a space is one word with it."""
    tokens: list[Token] = []
    pieces: list[Piece] = []
    in_range = False
    for match in _TOKEN.finditer(expr):
        kind, start, end = match.lastgroup or "mark", *match.span()
        # A colon is a part of a recorded metric's name, but between brackets it separates range and resolution.
        if kind in ("word", "variable") or (match.group() == ":" and not in_range):
            pieces.append(Piece(start, end, kind == "variable"))
            continue
        if pieces:
            tokens.append(_word(expr, pieces))
            pieces = []
        if kind == "space":
            continue
        in_range = match.group() == "[" or (in_range and match.group() != "]")
        tokens.append(Token(_KINDS[kind], start, end, match.group()))
    if pieces:
        tokens.append(_word(expr, pieces))
    return tokens


def _word(expr: str, pieces: list[Piece]) -> Token:
    start, end = pieces[0].start, pieces[-1].end
    return Token(Kind.WORD, start, end, expr[start:end], tuple(pieces))


@dataclass(frozen=True, slots=True)
class Brackets:
    """From each bracket's index among the tokens to its partner's; and the first thing that has none."""

    partner: dict[int, int]
    imbalance: Imbalance | None


def brackets_of(tokens: list[Token]) -> Brackets:
    """Which brackets belong together; a closing one that fits nothing is passed over."""
    partner: dict[int, int] = {}
    opened: list[int] = []
    imbalance: Imbalance | None = None
    for index, token in enumerate(tokens):
        if token.kind != Kind.MARK:
            continue
        if token.text in _CLOSING:
            opened.append(index)
        elif token.text in _CLOSING.values():
            wanted = _CLOSING[tokens[opened[-1]].text] if opened else ""
            if token.text == wanted:
                partner[index] = opened.pop()
                partner[partner[index]] = index
            else:
                message = f'"{token.text}" where "{wanted}" should come' if wanted else f'"{token.text}" closes nothing'
                imbalance = imbalance or Imbalance(message, token.start, token.end)
        elif token.text in _QUOTES:
            imbalance = imbalance or Imbalance("a quote that is never closed", token.start, token.end)
    if opened:
        token = tokens[opened[-1]]
        imbalance = imbalance or Imbalance(f'"{token.text}" is never closed', token.start, token.end)
    return Brackets(partner, imbalance)
