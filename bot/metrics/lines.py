"""One line of an exposition, read exactly: what it says, and the column of what is wrong with it.

The format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format, with the quoted names of
https://prometheus.io/docs/instrumenting/content_negotiation/#utf-8-names. The verdict is that of the parsers which
read it: a line is at fault where promtool or a Prometheus server refuses it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

TYPES = ("counter", "gauge", "histogram", "summary", "untyped")

LINE_BREAK = re.compile(r"\r\n|\r|\n")
"""As documents count lines; to Prometheus a carriage return is an ordinary character."""

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r"[a-zA-Z_][a-zA-Z0-9_]*"
NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?i:inf(?:inity)?)|(?i:nan)"

_NAME = re.compile(NAME)
_LABEL = re.compile(LABEL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_BAD_ESCAPE = re.compile(r'(?:\\["\\n]|[^\\])*+(\\.?)')
_ESCAPE = re.compile(r'\\(["\\n])')
_CHARACTER = re.compile(r'\\["\\n]|.', re.DOTALL)
_NUMBER = re.compile(NUMBER)
_BLANKS = re.compile(r"[ \t]*")
_TOKEN = re.compile(r"[^ \t]*")
_WORD = re.compile(r"[^ \t{}=,\"]+|.?")
_META = re.compile(r"[ \t]*#[ \t]*(HELP|TYPE)[ \t]")
_MAX_TIMESTAMP = 2**63 - 1


def split_lines(text: str) -> list[str]:
    """The lines of a text without their line breaks."""
    return LINE_BREAK.split(text) if "\r" in text else text.split("\n")


class LineFault(Exception):
    """Why a line is refused, and which of its characters are to blame: offsets from 0, the end exclusive."""

    def __init__(self, start: int, end: int, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.message = message
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a sample; `start` and `end` are the offsets of its value, within the quotes."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A line that carries a sample; `end` is the offset behind the series."""

    name: str
    labels: tuple[Label, ...]
    value: float
    end: int


@dataclass(frozen=True, slots=True)
class MetaLine:
    """A HELP or TYPE line; `start` is the offset of its name, `text` what follows, from the offset `text_start`."""

    keyword: str
    name: str
    start: int
    text: str
    text_start: int


def shown(text: str) -> str:
    """A piece of a line as messages quote it."""
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return f"'{short}'" if '"' in short else f'"{short}"'


def unescape(text: str) -> str:
    r"""The characters that a quoted string or a help text stands for: \\, \" and \n are escapes."""
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], text) if "\\" in text else text


def unescape_with_origins(line: str, start: int, end: int) -> tuple[str, Sequence[int]]:
    """What line[start:end] stands for, and the offset in the line of each character of it, and of its end."""
    raw = line[start:end]
    if "\\" not in raw:
        return raw, range(start, end + 1)
    origins = [start + match.start() for match in _CHARACTER.finditer(raw)]
    return unescape(raw), (*origins, end)


def parse_number(text: str) -> float | None:
    """A number as Go's strconv reads it; None where it refuses, as it does what a float cannot hold."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return None if math.isinf(value) and text[-1].isdigit() else value


def read_meta(line: str) -> MetaLine | None:
    """What a comment says, if it is a HELP or TYPE line. Raises LineFault."""
    match = _META.match(line)
    if not match:
        return None
    start = _skip(line, match.end())
    if start == len(line):
        raise LineFault(match.start(1), match.end(1), f"{match[1]} without a metric name", "add it, or delete the line")
    name, end = _quoted_name(line, start) if line[start] == '"' else _plain_name(line, start)
    if end < len(line) and line[end] not in " \t":
        raise LineFault(start, _word_end(line, start), f"{shown(_word(line, start))} is not a metric name", _NAMES)
    text_start = _skip(line, end)
    meta = MetaLine(match[1], name, start, line[text_start:], text_start)
    if meta.keyword == "TYPE":
        _check_type(line, meta, end)
    else:
        _check_escapes(meta.text, text_start)
    return meta


def read_sample(line: str) -> SampleLine:
    """What a line that is neither blank nor a comment says. Raises LineFault."""
    start = _skip(line, 0)
    if line.startswith("{", start):
        name, labels, end = _braces(line, start, None)
    else:
        name, end = _plain_name(line, start)
        labels, brace = (), _skip(line, end)
        if line.startswith("{", brace):
            name, labels, end = _braces(line, brace, name)
    value_start = _skip(line, end)
    value_end = _end(_TOKEN, line, value_start)
    value = parse_number(line[value_start:value_end])
    if value is None and value_start == end < len(line) and line[end - 1] != "}":
        raise LineFault(start, _word_end(line, start), f"{shown(_word(line, start))} is not a metric name", _NAMES)
    if value is None:
        found = shown(line[value_start:value_end]) if value_end > value_start else "the end of the line"
        raise LineFault(value_start, value_end, f"expected a number as value, found {found}", _NUMBERS)
    _check_timestamp(line, value_end)
    return SampleLine(name, labels, value, end)


_NUMBERS = "write it as 1.5, 1e+06, NaN or +Inf"
_TIMESTAMPS = "milliseconds since 1970, a whole number; or leave it out"
_NAMES = "letters, digits, _ and :, not a digit first; any other name stands in quotes within the braces"


def _braces(line: str, brace: int, name: str | None) -> tuple[str, tuple[Label, ...], int]:
    """Name, labels and the offset behind the closing brace; the name may stand within the braces, quoted."""
    labels: dict[str, Label] = {}
    position = brace + 1
    while True:
        position = _skip(line, position)
        if line.startswith("}", position):
            break
        start = position
        word, position = _label_name(line, start, brace)
        position = _skip(line, position)
        if name is None and line[start] == '"' and line[position : position + 1] in (",", "}"):
            name = word
        else:
            label = _label(line, start, word, position)
            if word in labels:
                raise LineFault(start, label.end + 1, f"label {shown(word)} stands twice", "keep one of them")
            labels[word] = label
            position = _skip(line, label.end + 1)
        if line.startswith(",", position):
            position += 1
        elif not line.startswith("}", position):
            raise _unexpected(line, position, brace, '"," or "}"')
    if name is None:
        raise LineFault(brace, position + 1, "no metric name", "put it in front of the labels")
    return name, tuple(labels.values()), position + 1


def _label(line: str, start: int, name: str, position: int) -> Label:
    if name == "__name__":
        raise LineFault(start, position, 'the label "__name__" is reserved', "put the name in front of the labels")
    if not line.startswith("=", position):
        raise _unexpected(line, position, start, f'"=" after label {name}')
    quote = _skip(line, position + 1)
    if not line.startswith('"', quote):
        raise _unexpected(line, quote, start, f"the value of {name} in double quotes")
    raw, end = _quoted(line, quote)
    return Label(name, unescape(raw), quote + 1, end - 1)


def _label_name(line: str, start: int, brace: int) -> tuple[str, int]:
    if line.startswith('"', start):
        return _quoted_name(line, start)
    match = _LABEL.match(line, start)
    if not match:
        raise _unexpected(line, start, brace, "a label name")
    return match[0], match.end()


def _plain_name(line: str, start: int) -> tuple[str, int]:
    match = _NAME.match(line, start)
    if not match:
        raise LineFault(start, _word_end(line, start), f"{shown(_word(line, start))} is not a metric name", _NAMES)
    return match[0], match.end()


def _quoted_name(line: str, start: int) -> tuple[str, int]:
    raw, end = _quoted(line, start)
    if not raw:
        raise LineFault(start, end, "the name is empty")
    return unescape(raw), end


def _quoted(line: str, start: int) -> tuple[str, int]:
    """What stands between the quotes, escapes and all, and the offset behind them."""
    match = _QUOTED.match(line, start)
    if not match:
        raise LineFault(start, len(line), "the quote is not closed", r"a line break within quotes is written \n")
    _check_escapes(match[1], start + 1)
    return match[1], match.end()


def _check_escapes(raw: str, offset: int) -> None:
    if "\\" in raw and (match := _BAD_ESCAPE.match(raw)):
        start = offset + match.start(1)
        raise LineFault(start, start + len(match[1]), f"{match[1]} is no escape", r"write \\ for a backslash")


def _check_type(line: str, meta: MetaLine, end: int) -> None:
    if meta.text in TYPES and meta.text_start == end + 1:
        return
    if meta.text.strip(" \t") in TYPES:
        raise LineFault(end, len(line), "a blank too many around the type", "one blank in front, none behind")
    found = shown(meta.text) if meta.text else "nothing"
    raise LineFault(meta.text_start, len(line), f"{found} is not a type", f"one of: {', '.join(TYPES)}")


def _check_timestamp(line: str, value_end: int) -> None:
    if value_end == len(line):
        return
    start = _skip(line, value_end)
    end = _end(_TOKEN, line, start)
    text = line[start:end]
    if text and not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _MAX_TIMESTAMP):
        raise LineFault(start, end, f"expected a timestamp, found {shown(text)}", _TIMESTAMPS)
    if end < len(line) or not text:
        blank = end if text else value_end
        rest = line[end:].strip(" \t")
        what = f"{shown(rest)} behind the timestamp" if rest else "a blank at the end of the line"
        raise LineFault(blank, len(line), what, "delete it")


def _unexpected(line: str, position: int, opened: int, wanted: str) -> LineFault:
    if position >= len(line):
        return LineFault(opened, len(line), f"expected {wanted}, found the end of the line", "close the braces")
    return LineFault(position, _word_end(line, position), f"expected {wanted}, found {shown(_word(line, position))}")


def _skip(line: str, position: int) -> int:
    return _end(_BLANKS, line, position)


def _end(pattern: re.Pattern[str], line: str, position: int) -> int:
    match = pattern.match(line, position)
    return match.end() if match else position


def _word(line: str, start: int) -> str:
    return line[start : _word_end(line, start)]


def _word_end(line: str, start: int) -> int:
    return _end(_WORD, line, start)
