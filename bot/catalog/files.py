"""Bytes from a stranger's tree to text: regular files only, of a bounded size, without hidden characters."""

import os
import re
import stat
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from bot.model import START, Span

LINE_BREAK = re.compile(r"\r\n|\r|\n")

# Control characters but tab and line breaks, soft hyphen, zero-width and bidirectional controls, line and
# paragraph separators, private use, noncharacters, tag characters.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)

NOT_ON_A_LINE = re.compile(f"{HIDDEN.pattern}|[\t\n\r]")
"""What cannot be shown on one line as it is."""
_PLAIN = bytes([*b"\t\n\r", *range(0x20, 0x7F)])


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a text itself, before anything is known of its meaning."""

    span: Span
    message: str
    help: str = ""


class Lines:
    """Offsets of a text in lines and columns; every offset costs a binary search, the index is built once."""

    def __init__(self, text: str) -> None:
        self.text = text
        if "\r" in text:
            self._starts = [0, *(match.end() for match in LINE_BREAK.finditer(text))]
        else:
            lengths = map(len, text.split("\n")[:-1])
            self._starts = list(accumulate(lengths, lambda start, length: start + length + 1, initial=0))

    def span(self, start: int, end: int) -> Span:
        """The span of text[start:end]."""
        return Span(*self.position(start), *self.position(end))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a place, kept inside the text."""
        if line > len(self._starts):
            return len(self.text)
        return min(self._starts[max(line, 1) - 1] + max(column, 1) - 1, len(self.text))

    def line(self, number: int) -> str:
        """One line without its line break; empty where there is none."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading a file."""

    text: str
    """Empty where nothing could be read; bytes that are no UTF-8 are replaced."""
    sense: bool
    """Whether there is anything to go on with."""
    flaws: tuple[Flaw, ...]


def read_text(path: Path, limit: int) -> Read:
    """The text of a file of at most `limit` bytes, and its flaws. Never raises."""
    try:
        raw = _read_bytes(path, limit)
    except _Unreadable as reason:
        return Read("", False, (Flaw(START, *reason.args),))
    flaws = []
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        flaws.append(Flaw(START, "the file starts with a byte order mark", "save it as UTF-8 without a BOM"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        line, column = Lines(before).position(len(before))
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        flaws.append(Flaw(Span(line, column, line, column + 1), message, "save the file as UTF-8"))
        return Read(raw.decode("utf-8", "replace"), False, tuple(flaws))
    if not text.strip():
        return Read(text, False, (*flaws, Flaw(START, "the file is empty", "fill it in, or delete it")))
    hidden = () if _is_plain(raw) else hidden_characters(text)
    return Read(text, True, (*flaws, *hidden))


def _is_plain(raw: bytes) -> bool:
    """Whether there is nothing but printable ASCII, tabs and line breaks: true of most files, and fast to tell."""
    return not raw.translate(None, _PLAIN)


def hidden_characters(text: str) -> list[Flaw]:
    """A flaw for each invisible or control character; the first ten are enough to act on."""
    lines: Lines | None = None
    flaws = []
    for match in HIDDEN.finditer(text):
        lines = lines or Lines(text)
        flaws.append(Flaw(lines.span(match.start(), match.end()), *describe_hidden(match.group())))
        if len(flaws) == 10:
            break
    return flaws


def describe_hidden(character: str) -> tuple[str, str]:
    """Message and help for a character that nobody sees."""
    return f"invisible or control character U+{ord(character):04X}", "delete it, or write it out"


class _Unreadable(Exception):
    """args: message, help."""


def _read_bytes(path: Path, limit: int) -> bytes:
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise _Unreadable(f"cannot be read: {error.strerror}", "") from error
    if not stat.S_ISREG(mode):
        raise _Unreadable(f"is {_kind(mode)}, not a regular file", "put a regular file in its place")
    try:
        # The file may have been replaced since: a link is refused, a FIFO does not block.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _Unreadable(f"cannot be read: {error.strerror}", "") from error
    with open(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise _Unreadable("was replaced while it was read", "")
        # Not more than there is: a buffer of the limit's size costs more than most files take to read.
        raw = stream.read(min(status.st_size, limit) + 1)
    if len(raw) > limit:
        raise _Unreadable(
            f"is larger than {limit // 1024} KiB, the most that is read of such a file",
            "split it, or leave out what is not needed",
        )
    return raw


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "a directory"),
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISSOCK, "a socket"),
    )
    return next((name for test, name in kinds if test(mode)), "a device")
