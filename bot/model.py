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


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found: entries by name, findings by place."""

    root: str
    entries: tuple[str, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skip, ...] = ()
