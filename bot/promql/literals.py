"""What PromQL's numbers, durations and quoted texts say.

Lexical rules: promql/parser/lex.go and the function number of parse.go, both of Prometheus 3.14.
"""

import re

from bot.promql.durations import milliseconds

_ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))")
_SIMPLE_ESCAPES = dict(zip("abfnrtv\\\"'", "\a\b\f\n\r\t\v\\\"'", strict=True))
_OCTAL = re.compile(r"0[0-7_]+")
_UNITS = "smhdwy"


def unquoted(text: str) -> str:
    """What a quoted text says, as Go reads it. Raises ValueError where it names no character."""
    inner = text[1:-1]
    return inner if text[0] == "`" or "\\" not in inner else _ESCAPE.sub(_escaped, inner)


def number(text: str) -> float:
    """A number in any notation, or a duration in seconds. Raises ValueError, and OverflowError where it is endless."""
    duration = milliseconds(text) if text[-1] in _UNITS else None
    if duration is not None:
        return duration / 1000
    plain = text.replace("_", "")
    if plain[:2].lower() == "0x":
        return float(int(plain, 16))
    return float(int(plain, 8) if _OCTAL.fullmatch(text) else plain)


def length(text: str) -> int | None:
    """A range in milliseconds, written as a duration or as seconds; None where it is computed."""
    text = text.strip()
    try:
        return round(number(text) * 1000) if text else None
    except (ValueError, OverflowError):
        return None


def _escaped(match: re.Match[str]) -> str:
    if match[1]:
        return _SIMPLE_ESCAPES[match[1]]
    digits = match[2] or match[3] or match[4]
    return chr(int(digits, 16)) if digits else chr(int(match[5], 8))
