"""An entry is named as its folder, in lower case letters, digits and hyphens.

The name is the entry's address: in URLs, branches, labels and on the command line.

Bad:

    lists/Redis_Exporter/exporter.yaml with  name: redis-exporter

Good:

    lists/redis/exporter.yaml with  name: redis
"""

import re
from collections.abc import Iterator

from bot.catalog.entry import EXPORTER, Entry
from bot.checks.base import Check, Problem
from bot.model import Severity

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")


def check(entry: Entry) -> Iterator[Problem]:
    """The folder's name, then whether the file agrees with it."""
    if not _NAME.match(entry.name):
        yield Problem("", (), f'folder name "{entry.name}" is not allowed', "use a-z, 0-9 and -, at most 60 characters")
    name = entry.exporter.text_at("name") if entry.exporter else None
    if name is not None and name != entry.name:
        yield Problem(
            EXPORTER,
            ("name",),
            f'name "{name}" differs from the folder {entry.path}',
            f'write name: {entry.name}, or rename the folder to "{name}"',
        )


CHECK = Check("entry/name", Severity.ERROR, __doc__, run=check)
