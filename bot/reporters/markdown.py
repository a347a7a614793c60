"""For a step summary or a comment on GitHub: counts, skips, how far each entry is proven, and a table of findings.

A stranger's text stands only in code spans, where GitHub makes no links, images, mentions or references of it.
"""

import re
from collections.abc import Sequence

from bot.model import SEVERITIES, Finding, Proof, Report, Skip
from bot.reporters.wording import lacking, place, summary, visible

LONGEST = 60_000
"""Characters; a comment may hold 65,536."""
LONGEST_SKIPS = 20_000
"""How much of that what was skipped may take."""
LONGEST_PROOFS = 15_000
"""How much of that the proofs may take."""
LONGEST_TEXT = 1000
"""Of one message, help or place."""

_BACKTICKS = re.compile("`+")


def render(report: Report) -> str:
    """Worst first, as the end is left out where it is too long."""
    parts = [f"## {summary(report)}\n"]
    if report.skipped:
        parts.append(fitted([_skip(skip) for skip in report.skipped], LONGEST_SKIPS, "- "))
    if report.proofs:
        parts.append(fitted([_proof(proof) for proof in report.proofs], LONGEST_PROOFS, "- "))
    if report.findings:
        head = "| severity | place | check | message |\n| --- | --- | --- | --- |\n"
        room = LONGEST - sum(len(part) + 1 for part in parts) - len(head)
        worst_first = sorted(report.findings, key=lambda finding: SEVERITIES.index(finding.severity))
        parts.append(head + fitted([_row(finding) for finding in worst_first], room, "\n"))
    return "\n".join(parts)


def fitted(lines: Sequence[str], room: int, before_rest: str) -> str:
    """As many lines as there is room for, and how many are left out."""
    if sum(map(len, lines)) <= room:
        return "".join(lines)
    room -= len(f"{before_rest}{len(lines)} more\n")
    kept = 0
    for line in lines:
        room -= len(line)
        if room < 0:
            break
        kept += 1
    return f"{''.join(lines[:kept])}{before_rest}{len(lines) - kept} more\n"


def _skip(skip: Skip) -> str:
    return f"- skipped {code(skip.check)}: {code(skip.reason)}{help_(skip.help)}\n"


def _proof(proof: Proof) -> str:
    return f"- {code(proof.entry)}: {code(lacking(proof.level, proof.reason))}\n"


def _row(finding: Finding) -> str:
    cells = (
        str(finding.severity),
        code(place(finding)),
        code(finding.check),
        code(finding.message) + help_(finding.help),
    )
    return f"| {' | '.join(map(cell, cells))} |\n"


def cell(text: str) -> str:
    """What stands in a cell of a table."""
    # A pipe ends a cell even in a code span, unless there is a backslash in front of it. What a backslash of the
    # text itself then does differs between parsers, so no pipe is left behind one.
    return text.replace("\\|", "\\\\u{7c}").replace("|", "\\|")


def help_(text: str) -> str:
    """Help behind a message, in a cell or an item of a list."""
    return f"<br>help: {code(text)}" if text else ""


def code(text: str) -> str:
    """A code span, delimited by more backticks than stand together in the text."""
    shown = visible(text)
    if len(shown) > LONGEST_TEXT:
        shown = shown[: LONGEST_TEXT - 1] + "…"
    if not shown:
        return ""
    fence = "`" * (max(map(len, _BACKTICKS.findall(shown)), default=0) + 1)
    # One space inside each end of a code span is not part of it.
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
