"""The snapshot is of the version that the entry lists.

What an older version exposed proves nothing of the new one: metrics are renamed, and labels come and go. Until the
snapshot is taken again, whatever the other checks conclude from it counts one level less.

Bad:

    version: "1.11.1"
    snapshot: {version: "1.9.0", captured: "2024-05-01", source: observed}

Good:

    version: "1.11.1"
    snapshot: {version: "1.11.1", captured: "2026-11-22", source: observed}
"""

from collections.abc import Iterator

from bot.catalog.entry import EXPORTER, Entry
from bot.checks.base import Check, Problem
from bot.model import Severity


def check(entry: Entry) -> Iterator[Problem]:
    """One problem where the two differ."""
    document = entry.exporter
    listed = document.text_at("version") if document else None
    taken = document.text_at("snapshot", "version") if document else None
    if listed and taken and listed != taken:
        yield Problem(
            EXPORTER,
            ("snapshot", "version"),
            f"the snapshot is of version {taken}, and the entry lists {listed}",
            f"take it again from version {listed}: python -m bot probe {entry.name}",
        )


CHECK = Check("metrics/stale", Severity.WARNING, __doc__, run=check)
