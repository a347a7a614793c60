"""What several formats share: phrases, order, and the defence against hostile text."""

import re
from collections.abc import Sequence

from bot.catalog.files import NOT_ON_A_LINE
from bot.model import LEVELS, SEVERITIES, Finding, Level, Report, Severity

DOCUMENTATION = "docs/checks.md"
MOST_NAMES = 50
"""Entries that one line names; the report for programs has them all."""

_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


def visible(text: str) -> str:
    r"""A stranger's text on one line: what would not show, or would steer a terminal, is written as \u{202e}."""
    return NOT_ON_A_LINE.sub(lambda match: f"\\u{{{ord(match.group()):x}}}", text)


def place(finding: Finding) -> str:
    """path:line:column."""
    return f"{visible(finding.file)}:{finding.span.line}:{finding.span.column}"


def page_of(check: str) -> str:
    """The documentation of a check: a file of the repository, and the anchor GitHub makes of its heading."""
    return f"{DOCUMENTATION}#{_NOT_IN_ANCHORS.sub('', check.lower()).replace(' ', '-')}"


def counts(report: Report) -> dict[Severity, int]:
    """How many findings there are of each severity, worst first."""
    found = [finding.severity for finding in report.findings]
    return {severity: found.count(severity) for severity in SEVERITIES}


def summary(report: Report) -> str:
    """Such as: 8 entries: 2 errors, 1 warning, 1 check skipped."""
    said = [number(count, severity) for severity, count in counts(report).items() if count] or ["no findings"]
    if report.skipped:
        said.append(f"{number(len(report.skipped), 'check')} skipped")
    return f"{number(len(report.entries), 'entry', 'entries')}: {', '.join(said)}"


def proven(report: Report) -> list[str]:
    """A line for each level and what it lacks to the next one, with the entries that have this in common."""
    alike: dict[tuple[Level, str], list[str]] = {}
    for proof in report.proofs:
        alike.setdefault((proof.level, proof.reason), []).append(visible(proof.entry))
    highest_first = sorted(alike, key=lambda key: LEVELS.index(key[0]), reverse=True)
    return [f"{listed(alike[level, reason], MOST_NAMES)}: {lacking(level, reason)}" for level, reason in highest_first]


def listed(texts: Sequence[str], most: int) -> str:
    """As many as one line has room for, and how many there are beside them."""
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")


def lacking(level: Level, reason: str) -> str:
    """Such as: tested, not observed: the snapshot is of version 1.2."""
    if level is Level.OBSERVED:
        return level
    return f"{level}, not {LEVELS[LEVELS.index(level) + 1]}: {visible(reason)}"


def number(count: int, one: str, many: str = "") -> str:
    """A count and its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"
