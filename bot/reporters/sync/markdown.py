"""For a step summary or a comment on GitHub: what failed, a table of entries, and what is done once for all.

A stranger's text stands only in code spans, where GitHub makes no links, images, mentions or references of it.
"""

from bot.reporters.markdown import cell, code, fitted, help_
from bot.reporters.sync.phrases import NOBODY_SAID, is_quiet, others, release, stands, step, summary
from bot.sync.model import Note
from bot.sync.plan import Settled, Synced

LONGEST = 60_000
"""Characters; a comment may hold 65,536."""

_TROUBLE = 8_000
"""How much of the whole a part may take. The others likewise."""
_OTHERS = 6_000
_ENTRIES = 44_000


def render(synced: Synced) -> str:
    """Counts first, then what failed, as the end is left out where it is too long."""
    parts = [f"## {summary(synced)}\n"]
    if not synced.repository:
        parts.append(f"{NOBODY_SAID[0].upper()}{NOBODY_SAID[1:]}.\n")
    if synced.trouble:
        parts.append(fitted([f"- failed: {code(trouble)}\n" for trouble in synced.trouble], _TROUBLE, "- "))
    rows = [_row(settled, dry=synced.dry) for settled in synced.settled if not is_quiet(settled)]
    if rows:
        head = "| entry | version | step | pull request | notes |\n| --- | --- | --- | --- | --- |\n"
        parts.append(head + fitted(rows, _ENTRIES, "\n"))
    if synced.others:
        parts.append(fitted([f"- {code(other)}\n" for other in others(synced)], _OTHERS, "- "))
    return "\n".join(parts)


def _row(settled: Settled, *, dry: bool) -> str:
    cells = (
        code(settled.outcome.entry),
        code(release(settled)),
        step(settled.outcome.proposal),
        code(stands(settled, dry=dry)),
        "<br>".join(map(_note, settled.outcome.notes)),
    )
    return f"| {' | '.join(map(cell, cells))} |\n"


def _note(note: Note) -> str:
    return f"{note.topic}: {code(note.message)}{help_(note.help)}"
