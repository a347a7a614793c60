"""From what a check has to say to a finding at its line and columns."""

from bot.catalog.entry import Entry
from bot.catalog.files import Lines
from bot.checks.base import Check, Problem
from bot.model import START, Finding, Span

LONGEST = 600
"""Characters of a message, and of its help."""


def place(entry: Entry, check: Check, problem: Problem) -> Finding:
    """A check's problem at its line and columns."""
    document = entry.document(problem.file)
    if isinstance(problem.where, Span):
        span = problem.where
    elif document is None or (not problem.where and not problem.key):
        span = START
    else:
        span = document.span(problem.where, key=problem.key, within=problem.within)
    return Finding(
        file=f"{entry.path}/{problem.file}".rstrip("/"),
        span=span,
        severity=problem.severity or check.severity,
        check=check.id,
        message=_short(problem.message),
        help=_short(problem.help),
        entry=entry.name,
        source=_source(entry, problem.file, span),
    )


def _short(text: str) -> str:
    """What a stranger wrote is quoted in messages, and may be of any length."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _source(entry: Entry, file: str, span: Span) -> str:
    parsed = entry.parsed.get(file)
    if parsed is None or span == START:
        return ""
    return (parsed.document.lines if parsed.document else Lines(parsed.text)).line(span.line)
