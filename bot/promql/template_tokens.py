"""The words of a Go template: text, and inside {{ }} names, values and marks, each with its place.

Follows https://pkg.go.dev/text/template and what Prometheus' own reader accepts.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a token is."""

    TEXT = auto()
    LEFT = auto()
    RIGHT = auto()
    SPACE = auto()
    FUNCTION = auto()
    KEYWORD = auto()
    VARIABLE = auto()
    FIELD = auto()
    DOT = auto()
    LITERAL = auto()
    """true, false, nil, and numbers."""
    STRING = auto()
    PIPE = auto()
    ASSIGN = auto()
    """= or :="""
    OPEN = auto()
    CLOSE = auto()
    MARK = auto()
    """Any other printable character."""
    END = auto()


KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"))


@dataclass(frozen=True, slots=True)
class Token:
    """text[start:end] of a template."""

    kind: Kind
    text: str
    start: int
    end: int


class TemplateError(Exception):
    """What is wrong with a template at text[start:end].

    `word` and `known`: a name that is not one of those known, for whoever wants to suggest one.
    """

    def __init__(
        self, start: int, end: int, message: str, help_: str = "", word: str = "", known: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.start, self.end, self.message, self.help = start, end, message, help_
        self.word, self.known = word, known


_CLOSE_ACTION = 'close it with "}}"'
_RIGHT = re.compile(r"(?:[ \t\r\n]+-)?\}\}")
_LEFT_COMMENT = re.compile(r"\{\{(?:-[ \t\r\n])?/\*")
_SIMPLE = (
    (Kind.SPACE, re.compile(r"[ \t\r\n]+")),
    (Kind.ASSIGN, re.compile(r":?=")),
    (Kind.PIPE, re.compile(r"\|")),
    (Kind.STRING, re.compile(r'"(?:\\[^\n]|[^"\\\n])*"|`[^`]*`')),
    (Kind.LITERAL, re.compile(r"'(?:\\[^\n]|[^'\\\n])*'")),
)
_ESCAPE = r"\\(?:[abfnrtv\\QUOTE]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})"
_QUOTED = re.compile(rf'"(?:{_ESCAPE}|[^\\])*"'.replace("QUOTE", '"'), re.DOTALL)
_CHARACTER = re.compile(rf"'(?:{_ESCAPE}|[^\\'])'".replace("QUOTE", "'"), re.DOTALL)
_CODE_POINT = re.compile(r"\\(?:\\|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_NUMBER_START = re.compile(r"[-+0-9]|\.[0-9]")
_ONE_NUMBER = (
    r"[-+]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][-+]?[0-9_]*)?"
    r"|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]*)?)i?"
)
_NUMBER = re.compile(rf"{_ONE_NUMBER}(?:(?=[-+]){_ONE_NUMBER})?")
_COMPLEX = re.compile(r"([-+]?[^-+]+(?:[eEpP][-+][^-+]+)?)([-+].+)i")
_INTEGER = re.compile(
    r"[-+]?(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)"
)
_DIGITS, _HEX_DIGITS = r"[0-9](?:_?[0-9])*", r"[0-9a-fA-F](?:_?[0-9a-fA-F])*"
_DECIMAL = re.compile(rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?{_DIGITS})?")
_HEXADECIMAL = re.compile(rf"[-+]?0[xX]_?(?:{_HEX_DIGITS}(?:\.(?:{_HEX_DIGITS})?)?|\.{_HEX_DIGITS})[pP][-+]?{_DIGITS}")


def tokens(text: str) -> Iterator[Token]:
    """The tokens in order, closed by an END; raises TemplateError where there is none to be had."""
    position = 0
    while (left := text.find("{{", position)) >= 0:
        if left > position:
            yield Token(Kind.TEXT, text[position:left], position, left)
        if comment := _LEFT_COMMENT.match(text, left):
            position = _after_comment(text, left, comment.end())
            continue
        yield Token(Kind.LEFT, "{{", left, left + 2)
        position = left + 2
        if text[position : position + 1] == "-" and _is_space(text[position + 1 : position + 2]):
            position += 2
        for token in _action(text, left, position):
            yield token
            position = token.end
    if position < len(text):
        yield Token(Kind.TEXT, text[position:], position, len(text))
    yield Token(Kind.END, "", len(text), len(text))


def _after_comment(text: str, left: int, position: int) -> int:
    end = text.find("*/", position)
    if end < 0:
        raise TemplateError(left, position, "the comment is not closed", 'close it with "*/}}"')
    right = _RIGHT.match(text, end + 2)
    if not right or right.end() - right.start() > 4:
        raise TemplateError(end, end + 2, "the comment's end is not the action's end", 'write "*/}}", nothing between')
    return right.end()


def _action(text: str, left: int, position: int) -> Iterator[Token]:
    """The tokens behind a {{, with the }} that closes it."""
    open_parens: list[int] = []
    while True:
        right = _RIGHT.match(text, position)
        if right and open_parens:
            raise TemplateError(open_parens[-1], open_parens[-1] + 1, '"(" is not closed', 'close it with ")"')
        if right:
            yield Token(Kind.RIGHT, right.group(), position, right.end())
            return
        if position >= len(text):
            raise TemplateError(left, left + 2, '"{{" is not closed', _CLOSE_ACTION)
        token = _token(text, position)
        if token.kind is Kind.OPEN:
            open_parens.append(position)
        elif token.kind is Kind.CLOSE:
            if not open_parens:
                raise TemplateError(position, position + 1, '")" closes nothing', "delete it")
            open_parens.pop()
        yield token
        position = token.end


def _token(text: str, position: int) -> Token:
    for kind, pattern in _SIMPLE:
        if match := pattern.match(text, position):
            return _checked(Token(kind, match.group(), position, match.end()))
    character = text[position]
    if character in "\"`'":
        raise TemplateError(position, position + 1, f"{character} is not closed", f"close it with {character}")
    if character == ":":
        raise TemplateError(position, position + 1, '":" stands alone', 'write ":=" to declare a variable')
    if _NUMBER_START.match(text, position):
        return _number(text, position)
    if character in "$." or _is_word(character):
        return _name(text, position)
    if character in "()":
        return Token(Kind.OPEN if character == "(" else Kind.CLOSE, character, position, position + 1)
    if character.isascii() and character.isprintable():
        return Token(Kind.MARK, character, position, position + 1)
    shown = f'"{character}"' if character.isprintable() else f"U+{ord(character):04X}"
    raise TemplateError(position, position + 1, f"{shown} has no meaning in an action", "quote it, or delete it")


def _checked(token: Token) -> Token:
    """Strings and characters may hold escapes that do not exist."""
    if token.kind is Kind.STRING and token.text[0] == '"' and not _unquotes(_QUOTED, token.text):
        raise TemplateError(token.start, token.end, "the string holds an unknown escape", r'write a backslash as "\\"')
    if token.kind is Kind.LITERAL and not _unquotes(_CHARACTER, token.text):
        raise TemplateError(token.start, token.end, "single quotes hold one character", "use double quotes for text")
    return token


def _unquotes(pattern: re.Pattern[str], text: str) -> bool:
    if not pattern.fullmatch(text):
        return False
    codes = (int(match[1] or match[2] or "0", 16) for match in _CODE_POINT.finditer(text))
    return all(code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF for code in codes)


def _number(text: str, position: int) -> Token:
    match = _NUMBER.match(text, position)
    end = match.end() if match else position
    while _is_word(text[end : end + 1]):
        end += 1
    word = text[position:end]
    if not match or end > match.end() or not _is_number(word):
        help_ = "templates cannot calculate: do it in the expression" if word in "+-" else "quote it if it is text"
        raise TemplateError(position, max(end, position + 1), f'"{word}" is not a number', help_)
    return Token(Kind.LITERAL, word, position, end)


def _is_number(word: str) -> bool:
    if pair := _COMPLEX.fullmatch(word):
        return _is_float(pair[1]) and _is_float(pair[2])
    if word.endswith("i") and _is_float(word[:-1]):
        return True
    if _INTEGER.fullmatch(word):
        digits = word.replace("_", "")
        is_octal = re.fullmatch(r"[-+]?0[0-7]+", digits)
        value = int(digits, 8 if is_octal else 0)
        return -(1 << 63) <= value < (1 << 63 if word[0] == "+" else 1 << 64)
    return any(mark in word for mark in ".eEpP") and _is_float(word)


def _is_float(word: str) -> bool:
    if _DECIMAL.fullmatch(word):
        return math.isfinite(float(word))
    if _HEXADECIMAL.fullmatch(word):
        try:
            return math.isfinite(float.fromhex(word.replace("_", "")))
        except OverflowError:
            return False
    return False


def _name(text: str, position: int) -> Token:
    end = position + 1
    while _is_word(text[end : end + 1]):
        end += 1
    follower = text[end : end + 1]
    if follower and not (_is_space(follower) or follower in ".,|:)(" or text.startswith("}}", end)):
        raise TemplateError(
            end, end + 1, f'"{follower}" right after "{text[position:end]}"', f"put a space between, or {_CLOSE_ACTION}"
        )
    word = text[position:end]
    return Token(_kind(word), word, position, end)


def _kind(word: str) -> Kind:
    if word == ".":
        return Kind.DOT
    if word[0] in "$.":
        return Kind.VARIABLE if word[0] == "$" else Kind.FIELD
    if word in KEYWORDS:
        return Kind.KEYWORD
    return Kind.LITERAL if word in ("true", "false", "nil") else Kind.FUNCTION


def _is_space(character: str) -> bool:
    return character != "" and character in " \t\r\n"


def _is_word(character: str) -> bool:
    return character == "_" or character.isalpha() or character.isdecimal()
