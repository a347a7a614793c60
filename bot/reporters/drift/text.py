"""For people at a terminal: what breaks first, each with its line, then what is different."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.drift.model import Broken, Drift, Side
from bot.metrics.diff import Diff, Exposed
from bot.reporters.drift.phrases import (
    breaks,
    changes,
    counts_changed,
    joined,
    relabelled,
    sizes,
    subject,
    unrenamed,
)
from bot.reporters.text import BOLD, Paint, ansi, finding_lines, plain
from bot.reporters.wording import listed, visible

MOST = 30
"""Lines of a section; the other formats have room for more."""
MOST_NAMES = 4
"""Metrics named of those that lost and gained the same labels."""


def render(drift: Drift, color: bool = False) -> str:
    """What breaks by place, what is different, and a last line that sums up."""
    paint = ansi if color else plain
    blocks = [
        *("\n".join(_broken(broken, paint)) for broken in drift.broken),
        *("\n".join(_section(title, lines, paint)) for title, lines in _sections(drift.diff) if lines),
        "\n".join(_summary(drift)),
    ]
    return "\n\n".join(blocks) + "\n"


def _broken(broken: Broken, paint: Paint) -> Iterator[str]:
    finding, name = broken.finding, subject(broken)
    return finding_lines(replace(finding, message=f"{name}: {finding.message}") if name else finding, paint)


def _section(title: str, lines: Sequence[str], paint: Paint) -> Iterator[str]:
    yield paint(BOLD, f"{title} ({len(lines)}):" if title else "")
    yield from (f"  {line}" for line in lines[:MOST])
    if len(lines) > MOST:
        yield f"  … and {len(lines) - MOST} more"


def _sections(diff: Diff) -> Iterator[tuple[str, list[str]]]:
    removed, added = unrenamed(diff)
    yield (
        "renamed, probably",
        [f"{visible(one.then)} → {visible(one.now)} ({_likeness(one.likeness, one.same)})" for one in diff.renamed],
    )
    yield "removed", [_exposed(metric) for metric in removed]
    yield "added", [_exposed(metric) for metric in added]
    yield "of another type", [f"{visible(one.name)}: {one.then} → {one.now}" for one in diff.retyped]
    yield "with other labels", [_relabelled(*group) for group in relabelled(diff)]
    yield (
        "label values gone",
        [
            f"{visible(gone.name)}: {visible(gone.label)} {_quoted(gone.values)} ({gone.kept} left)"
            for gone in diff.values_gone
        ],
    )
    yield "more or fewer series", [f"{visible(one.name)}: {one.then} → {one.now}" for one in counts_changed(diff)]


def _exposed(metric: Exposed) -> str:
    labels = f"{{{', '.join(map(visible, metric.labels))}}}" if metric.labels else ""
    return f"{visible(metric.name)}{labels} ({metric.type})"


def _likeness(likeness: float, same: Sequence[str]) -> str:
    return f"likeness {likeness:.2f}" + (f"; the same {joined(same)}" if same else "")


def _relabelled(lost: Sequence[str], gained: Sequence[str], names: Sequence[str]) -> str:
    did = [
        f"{verb} {', '.join(map(visible, labels))}" for verb, labels in (("lost", lost), ("gained", gained)) if labels
    ]
    return f"{' and '.join(did)}: {listed([visible(name) for name in names], MOST_NAMES)}"


def _quoted(values: Sequence[str]) -> str:
    return ", ".join(f'"{visible(value)}"' for value in values)


def _summary(drift: Drift) -> Iterator[str]:
    yield f"{_side(drift.then)} → {_side(drift.now)}: {sizes(drift.diff)}"
    yield changes(drift.diff)
    yield f"{visible(drift.entry)}: {breaks(drift)}"


def _side(side: Side) -> str:
    return f"{visible(side.file)} ({visible(side.version)})" if side.version else visible(side.file)
