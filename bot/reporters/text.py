"""For people at a terminal: each finding with the line it is about."""

import unicodedata
from collections.abc import Callable, Iterator

from bot.model import Finding, Report, Severity, Skip
from bot.reporters.wording import place, proven, summary, visible

COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "34"}
BOLD = "1"

LINE_NUMBER = 5
"""The least width of a line number, in columns."""
LONGEST = 120
"""How much of a source line is shown, in characters."""
LEAD = 40
"""How much of that stands in front of the place."""
TAB = "    "

Paint = Callable[[str, str], str]
"""From an ANSI code and a text to the text in that colour."""


def render(report: Report, color: bool = False) -> str:
    """Findings by place, skips, how far each entry is proven, and a last line that sums up."""
    paint = ansi if color else plain
    blocks = [
        *("\n".join(finding_lines(finding, paint)) for finding in report.findings),
        *("\n".join(_skip(skip, paint)) for skip in report.skipped),
        *(["\n".join(proven(report))] if report.proofs else []),
        summary(report),
    ]
    return "\n\n".join(blocks) + "\n"


def ansi(code: str, text: str) -> str:
    """A text in colour."""
    return f"\x1b[{code}m{text}\x1b[0m"


def plain(_code: str, text: str) -> str:
    """A text as it is."""
    return text


def finding_lines(finding: Finding, paint: Paint) -> Iterator[str]:
    """A finding, the line that it is about, and its help."""
    label = paint(COLORS[finding.severity], f"{finding.severity}[{visible(finding.check)}]")
    yield f"{paint(BOLD, f'{place(finding)}:')} {label} {visible(finding.message)}"
    if finding.source:
        yield from _excerpt(finding, paint)
    yield from _help(finding.help, max(LINE_NUMBER, len(str(finding.span.line))))


def _skip(skip: Skip, paint: Paint) -> Iterator[str]:
    yield f"{paint(COLORS[Severity.WARNING], f'skipped[{visible(skip.check)}]')} {visible(skip.reason)}"
    yield from _help(skip.help, LINE_NUMBER)


def _help(text: str, indent: int) -> Iterator[str]:
    if text:
        yield f"{' ' * indent} = help: {visible(text)}"


def _excerpt(finding: Finding, paint: Paint) -> Iterator[str]:
    span, source = finding.span, finding.source
    start = min(span.column - 1, len(source))
    end = span.end_column - 1 if span.end_line == span.line else len(source)
    left, right = _window(len(source), start)
    before = ("…" if left else "") + _shown(source[left:start])
    marked = _shown(source[start : min(end, right)])
    after = _shown(source[max(start, min(end, right)) : right]) + ("…" if right < len(source) else "")
    line = f"{span.line:>{LINE_NUMBER}}"
    yield f"{line} | {before}{marked}{after}"
    carets = paint(COLORS[finding.severity], "^" * max(1, _width(marked)))
    yield f"{' ' * len(line)} | {' ' * _width(before)}{carets}"


def _window(length: int, start: int) -> tuple[int, int]:
    """The part of a line of some length that is shown, around the place where a span starts."""
    left = max(0, min(start - LEAD, length - LONGEST))
    return left, min(left + LONGEST, length)


def _shown(source: str) -> str:
    return visible(source.replace("\t", TAB))


def _width(text: str) -> int:
    """In columns of a terminal."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
