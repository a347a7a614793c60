"""For people at a terminal: an entry a line with its notes, those of which there is nothing to say only counted."""

from collections.abc import Iterator

from bot.model import Severity
from bot.reporters.sync.phrases import NOBODY_SAID, is_quiet, others, release, stands, step, summary
from bot.reporters.text import BOLD, COLORS, Paint, ansi, plain
from bot.reporters.wording import visible
from bot.sync.model import Note, Topic
from bot.sync.plan import Settled, Standing, Synced

WIDEST = 48
"""Columns that names and versions are aligned to at most."""
RED, YELLOW, GREEN = COLORS[Severity.ERROR], COLORS[Severity.WARNING], "32"

_STANDINGS = {
    Standing.NEW: GREEN,
    Standing.UPDATED: GREEN,
    Standing.CLOSING: GREEN,
    Standing.REFUSED: YELLOW,
    Standing.HANDS_OFF: YELLOW,
    Standing.DEFERRED: YELLOW,
    Standing.FAILED: RED,
}
_TOPICS = {
    Topic.SECURITY: RED,
    Topic.FAILED: RED,
    Topic.BLOCKED: YELLOW,
    Topic.DRIFT: YELLOW,
    Topic.APPROVAL: YELLOW,
}

_Row = tuple[str, str, str]


def render(synced: Synced, color: bool = False) -> str:
    """Entries by name, what is done once for all, what failed, and a last line that sums up."""
    paint = ansi if color else plain
    shown = [settled for settled in synced.settled if not is_quiet(settled)]
    rows = [_row(settled) for settled in shown]
    widths = [min(WIDEST, max(map(len, column))) for column in zip(*rows, strict=True)]
    blocks = [
        "\n".join(line for pair in zip(shown, rows, strict=True) for line in _entry(*pair, widths, synced.dry, paint)),
        "\n".join(others(synced)),
        "\n".join(f"{paint(RED, 'failed:')} {visible(trouble)}" for trouble in synced.trouble),
        "\n".join(([] if synced.repository else [NOBODY_SAID]) + [summary(synced)]),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _row(settled: Settled) -> _Row:
    return visible(settled.outcome.entry), release(settled), step(settled.outcome.proposal)


def _entry(settled: Settled, row: _Row, widths: list[int], dry: bool, paint: Paint) -> Iterator[str]:
    name, *cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    said = stands(settled, dry=dry).rstrip()
    color = _STANDINGS.get(settled.standing)
    parts = [paint(BOLD, row[0]) + name[len(row[0]) :], *cells, paint(color, said) if color and said else said]
    yield "   ".join(parts).rstrip()
    for note in settled.outcome.notes:
        yield from _note(note, paint)


def _note(note: Note, paint: Paint) -> Iterator[str]:
    label = f"{note.topic}:"
    yield f"  = {paint(_TOPICS[note.topic], label) if note.topic in _TOPICS else label} {visible(note.message)}"
    if note.help:
        yield f"  = help: {visible(note.help)}"
