"""What a scrape tells of the machine it was taken on: addresses, names, people, secrets.

One source of truth for the check that refuses such values and for the scrubber that replaces them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.metrics.lines import LineFault, read_meta, read_sample, unescape_with_origins
from bot.metrics.private_rules import RULES, Kind, is_neutral_host

HOST_LABELS = frozenset(("nodename", "hostname", "host_name", "domainname", "fqdn"))

# What every private value has some of, or stands in a label that tells: most values are done with here.
_SUSPICIOUS = re.compile(r"[@=\\]|://|/(?:home|Users|root)|\.\w+\.|:\w*:|-\w{2,4}-|\w\.[A-Za-z]|[\w-]{20}", re.ASCII)
_TELLING = re.compile(r"(?:id|token|secret|password|passwd|key|credentials?|serial|number|tag|wwn)$")

_REMEMBERED = 500
"""Characters; the same few values come again and again, long ones do not."""


@dataclass(frozen=True, slots=True)
class Private:
    """A private value: text[start:end]."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line that may hold private values."""

    label: str
    """Empty for a help text or another comment."""
    text: str
    origins: Sequence[int]
    """The offset in the line of each character of the text, and of its end."""


def private_in(text: str, label: str = "") -> tuple[Private, ...]:
    """The private values of a label's value, or of a help text where no label is named; in order, without overlap."""
    return _remembered(text, label) if len(text) < _REMEMBERED else _search(text, label)


@lru_cache(maxsize=4096)
def _remembered(text: str, label: str) -> tuple[Private, ...]:
    return _search(text, label)


def _search(text: str, label: str) -> tuple[Private, ...]:
    if label in HOST_LABELS and not is_neutral_host(text):
        return (Private(Kind.HOST, 0, len(text)),)
    if not _SUSPICIOUS.search(text) and not _TELLING.search(label):
        return ()
    found: list[Private] = []
    for rule in RULES:
        seen = []
        for match in rule.pattern.finditer(text):
            verdict = rule.judge(match, label)
            if verdict is not None:
                seen.append(match.span(rule.group))
            if verdict:
                found.append(Private(rule.kind, *match.span(rule.group)))
        if seen:
            text = _masked(text, seen)
    return tuple(sorted(found, key=lambda private: private.start))


def pieces(line: str) -> Iterator[Piece]:
    """The label values of a sample, or the text of a comment; nothing where the line cannot be read."""
    try:
        if line.lstrip(" \t").startswith("#"):
            meta = read_meta(line)
            if meta is None:
                yield Piece("", line, range(len(line) + 1))
            elif meta.keyword == "HELP":
                yield Piece("", *unescape_with_origins(line, meta.text_start, len(line)))
            return
        for label in read_sample(line).labels if line.strip() else ():
            yield Piece(label.name, *unescape_with_origins(line, label.start, label.end))
    except LineFault:
        return


def _masked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    position = 0
    for start, end in spans:
        parts += text[position:start], "\0" * (end - start)
        position = end
    return "".join((*parts, text[position:]))
