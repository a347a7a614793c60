"""What a validation says: plain values that every part understands."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """error: it cannot work; warning: it may not do what was meant; info: advice."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITIES = tuple(Severity)
"""Worst first."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text: lines and columns from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)
"""The place of what concerns a whole file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one place."""

    file: str
    """POSIX path below the root; a folder where no file is to blame."""
    span: Span
    severity: Severity
    check: str
    message: str
    help: str = ""
    entry: str = ""
    source: str = ""
    """The line of text that `span` starts on, without its line break; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was not checked, and why; never mistaken for a pass."""

    check: str
    reason: str
    help: str = ""


class Level(StrEnum):
    """How far an entry is proven; each level takes in those before it."""

    NONE = "unproven"
    LISTED = "listed"
    """Its metadata is valid."""
    LOADS = "loads"
    """Its rules and dashboards load."""
    REFERENCED = "referenced"
    """Every metric and label that they use is in the snapshot, or declared conditional."""
    TESTED = "tested"
    """Every alert has a firing and a quiet unit test."""
    OBSERVED = "observed"
    """The snapshot was taken by running the very version that the entry lists."""


LEVELS = tuple(Level)
"""Lowest first."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How far one entry is proven."""

    entry: str
    level: Level
    reason: str = ""
    """Why it is not one level higher; empty at the highest."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found: entries by name, findings by place."""

    root: str
    entries: tuple[str, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...] = ()
    proofs: tuple[Proof, ...] = ()
    """One for each entry, by name."""
