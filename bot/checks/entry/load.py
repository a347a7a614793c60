"""exporter.yaml is a text that every reader reads alike.

A duplicate key, an anchor, a tag, a second document, a byte that is not UTF-8 or a character that nobody sees means
one thing to one reader and another thing to the next. Numbers, booleans and null follow YAML 1.2, so `no` and `1:20`
are text.

Bad:

    name: redis
    name: valkey

Good:

    name: redis
    aliases: [valkey]
"""

from collections.abc import Iterator

from bot.catalog.entry import EXPORTER, Entry
from bot.checks.base import Check, Problem, flaws_of
from bot.model import START, Severity


def check(entry: Entry) -> Iterator[Problem]:
    """The flaws of the text, and a document that is not a mapping."""
    yield from flaws_of(entry, [EXPORTER])
    if entry.exporter is not None and not isinstance(entry.exporter.data, dict):
        yield Problem(EXPORTER, START, "the file holds no mapping", "write key: value lines")


CHECK = Check("entry/load", Severity.ERROR, __doc__, run=check)
