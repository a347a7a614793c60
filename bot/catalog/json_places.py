"""Where each value of a JSON text stands, and what the standard library's parser lets pass."""

import json
import math
import re
from dataclasses import dataclass, field

from bot.catalog.document import Place
from bot.catalog.files import HIDDEN, describe_hidden

MAX_DEPTH = 100
MAX_DIGITS = 18

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?[0-9]+(?P<fraction>(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?))"
    r"|(?P<word>-?[A-Za-z]+)"
    r"|(?P<mark>[\[\]{},:]))",
    re.DOTALL,
)
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that a strict reader refuses, at text[start:end]."""

    start: int
    end: int
    message: str
    help: str


@dataclass(slots=True)
class _JsonPlace:
    text: str
    start: int
    end: int = 0
    key: tuple[int, int] | None = None
    members: dict[str | int, "_JsonPlace"] = field(default_factory=dict)
    is_array: bool = False

    def child(self, step: str | int) -> "_JsonPlace | None":
        return self.members.get(step)

    def origins(self) -> list[int] | None:
        if self.text[self.start] != '"':
            return None
        return [match.start() for match in _CHARACTER.finditer(self.text, self.start + 1, self.end - 1)] + [
            self.end - 1
        ]


@dataclass(frozen=True, slots=True)
class Scan:
    """The place of the outermost value, if the text has one, and everything odd."""

    root: _JsonPlace | None
    oddities: tuple[Oddity, ...]


def locate(text: str) -> Place:
    """The place of the outermost value of a text that `parse_json` accepted."""
    root = scan(text).root
    if root is None:
        raise ValueError("the text holds no JSON value")
    return root


def scan(text: str) -> Scan:
    """One pass over the tokens, without recursion; stops where the text nests too deep or is no longer JSON."""
    scanner = _Scanner(text)
    position = 0
    while not scanner.done and (match := _TOKEN.match(text, position)):
        scanner.take(match)
        position = match.end()
    return Scan(scanner.root, tuple(scanner.oddities))


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.root: _JsonPlace | None = None
        self.oddities: list[Oddity] = []
        self.done = False
        self._open: list[_JsonPlace] = []
        self._key: tuple[str, tuple[int, int]] | None = None

    def take(self, match: re.Match[str]) -> None:
        kind = match.lastgroup if match.lastgroup != "fraction" else "number"
        start, end = match.span(kind or 0)
        token = self.text[start:end]
        if kind == "mark":
            self._mark(token, start, end)
        elif kind == "string":
            self._string(token, start, end)
        else:
            if kind == "number":
                self._number(token, start, end)
            elif token not in ("true", "false", "null"):
                self._odd(start, end, f"{token} is not a JSON number", "use null, or leave it out")
            self._value(start, end)

    def _mark(self, token: str, start: int, end: int) -> None:
        if token in "[{":
            place = self._value(start, end)
            place.is_array = token == "["
            self._open.append(place)
            if len(self._open) > MAX_DEPTH:
                self._odd(start, end, f"nested more than {MAX_DEPTH} levels deep", "flatten it")
                self.done = True
        elif token in "]}":
            if self._open:
                self._open.pop().end = end
            self.done = self.done or not self._open

    def _string(self, token: str, start: int, end: int) -> None:
        if "\\u" in token and (hidden := HIDDEN.search(json.loads(token, strict=False))):
            self._odd(start, end, *describe_hidden(hidden.group()))
        if self._open and not self._open[-1].is_array and self._key is None:
            key = json.loads(token, strict=False)
            if key in self._open[-1].members:
                self._odd(start, end, f'duplicate key "{key}"', "keep one of them; JSON readers disagree on which wins")
            self._key = key, (start, end)
        else:
            self._value(start, end)

    def _number(self, token: str, start: int, end: int) -> None:
        if token.lstrip("-").isdigit():
            if len(token) > MAX_DIGITS:
                self._odd(start, end, f"an integer of {len(token)} characters", "quote it, or correct it")
        elif not math.isfinite(float(token)):
            self._odd(start, end, f"{token[:20]} is too large a number", "quote it, or correct it")

    def _value(self, start: int, end: int) -> _JsonPlace:
        place = _JsonPlace(self.text, start, end)
        if not self._open:
            self.root = self.root or place
            return place
        parent = self._open[-1]
        if parent.is_array:
            parent.members[len(parent.members)] = place
        elif self._key is not None:
            key, place.key = self._key
            parent.members.setdefault(key, place)
            self._key = None
        return place

    def _odd(self, start: int, end: int, message: str, advice: str) -> None:
        self.oddities.append(Oddity(start, end, message, advice))
