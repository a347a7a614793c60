"""What a comparison of two scrapes says: plain values that every reporter understands."""

from dataclasses import dataclass
from enum import StrEnum

from bot.metrics.diff import Diff
from bot.model import Finding


class Kind(StrEnum):
    """What can break."""

    ALERT = "alert"
    RECORD = "recording rule"
    PANEL = "panel"
    VARIABLE = "variable"
    ANNOTATION = "annotation"
    FILE = "file"
    """Something of a file that is none of the others, such as a link of a dashboard."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that worked with the snapshot of the entry, and does not with the other."""

    kind: Kind
    name: str
    """The alert's, the panel's title …; empty where it has none."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two scrapes, as people know it."""

    file: str
    version: str = ""
    """Of the exporter; empty where nobody says."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What is different with another scrape, and what that breaks, in the order of places."""

    entry: str
    then: Side
    now: Side
    diff: Diff
    broken: tuple[Broken, ...]
