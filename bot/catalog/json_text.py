"""JSON as a catalog needs it: no duplicate keys, no NaN or Infinity, no lone surrogates, bounded depth."""

import json
import math
from typing import Any

from bot.catalog.document import Document, Parsed, Value
from bot.catalog.files import Flaw, Lines
from bot.catalog.json_places import MAX_DIGITS, locate, scan
from bot.model import Span


def parse_json(text: str) -> Parsed:
    """The document that a text holds, and its flaws; no document where its structure cannot be told.

    The fast way only notices that something is wrong; what and where is found by a slower second look.
    """
    reader = _Reader()
    try:
        data = reader.read(text)
    except json.JSONDecodeError as error:
        place = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        return Parsed(
            None, (Flaw(place, f"not JSON: {error.msg[0].lower()}{error.msg[1:]}", _advice(text, error.pos)),)
        )
    except RecursionError:
        return Parsed(None, _look(text))
    if reader.suspicious or "\\u" in text:
        flaws = _look(text)
        too_deep = any(flaw.message.startswith("nested") for flaw in flaws)
        return Parsed(None if too_deep else Document(text, data, locate), flaws)
    return Parsed(Document(text, data, locate), ())


class _Reader:
    """The standard library's parser, with an eye on what it lets pass."""

    def __init__(self) -> None:
        self.suspicious = False

    def read(self, text: str) -> Value:
        data: Value = json.loads(
            text,
            object_pairs_hook=self._object,
            parse_constant=self._constant,
            parse_int=self._int,
            parse_float=self._float,
        )
        return data

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) != len(pairs):
            self.suspicious = True
            return dict(reversed(pairs))
        return data

    def _constant(self, _: str) -> None:
        self.suspicious = True

    def _int(self, digits: str) -> int:
        if len(digits) > MAX_DIGITS:
            self.suspicious = True
            return 0
        return int(digits)

    def _float(self, digits: str) -> float:
        number = float(digits)
        if not math.isfinite(number):
            self.suspicious = True
            return 0.0
        return number


def _look(text: str) -> tuple[Flaw, ...]:
    lines = Lines(text)
    return tuple(
        Flaw(lines.span(oddity.start, oddity.end), oddity.message, oddity.help) for oddity in scan(text).oddities
    )


def _advice(text: str, position: int) -> str:
    if text[position : position + 1] in "]}" and text[:position].rstrip().endswith(","):
        return "delete the comma before it"
    if text[position : position + 1] == "'":
        return "JSON quotes with double quotes"
    if text.startswith(("//", "/*", "#"), position):
        return "JSON knows no comments"
    return ""
