"""For the body of a pull request, or a comment: what breaks in a table, what is different in lists to unfold.

A stranger's text stands only in code spans, where GitHub makes no links, images, mentions or references of it.
"""

from collections.abc import Iterator, Sequence

from bot.drift.model import Broken, Drift, Kind, Side
from bot.metrics.diff import Diff, Exposed
from bot.reporters.drift.phrases import breaks, changes, counts_changed, joined, relabelled, sizes, unrenamed
from bot.reporters.markdown import cell, code, fitted, help_
from bot.reporters.wording import listed, place

LONGEST = 60_000
"""Characters; a comment or the body of a pull request may hold 65,536."""
MOST_NAMES = 20
"""Metrics named of those that lost and gained the same labels; label values likewise."""

_BREAKS = 20
"""How many sixtieths of the whole a part may take. The others likewise."""
_RENAMED = 7
_LIST = 4


def render(drift: Drift, longest: int = LONGEST) -> str:
    """What breaks by place, then what is different, in at most so many characters unless names are thousands long."""
    head = f"## {code(drift.entry)}: {breaks(drift)}\n\n{_side(drift.then)} → {_side(drift.now)}: {sizes(drift.diff)}; "
    parts = [f"{head}{changes(drift.diff)}.\n"]
    if drift.broken:
        rows = [_row(str(one.kind), *_broken(one)) for one in drift.broken]
        table = "| breaks | name | place | why |\n| --- | --- | --- | --- |\n"
        parts.append(table + fitted(rows, longest * _BREAKS // 60, "\n"))
    if drift.diff.renamed:
        rows = [
            _row(code(one.then), code(one.now), f"{one.likeness:.2f}", joined(one.same) if one.same else "")
            for one in drift.diff.renamed
        ]
        table = "| probably renamed | to | likeness | the same |\n| --- | --- | --- | --- |\n"
        parts.append(table + fitted(rows, longest * _RENAMED // 60, "\n"))
    for title, lines in _lists(drift.diff):
        if lines:
            items = fitted([f"- {line}\n" for line in lines], longest * _LIST // 60, "- ")
            parts.append(f"<details>\n<summary>{title} ({len(lines)})</summary>\n\n{items}\n</details>\n")
    return "\n".join(parts)


def _broken(broken: Broken) -> tuple[str, str, str]:
    finding = broken.finding
    name = "" if broken.kind is Kind.FILE else code(broken.name)
    why = f"{finding.severity} {code(finding.check)}: {code(finding.message)}{help_(finding.help)}"
    return name, code(place(finding)), why


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(cell, cells))} |\n"


def _lists(diff: Diff) -> Iterator[tuple[str, list[str]]]:
    removed, added = unrenamed(diff)
    yield "Removed", [_exposed(metric) for metric in removed]
    yield "Added", [_exposed(metric) for metric in added]
    yield "Of another type", [f"{code(one.name)}: {one.then} → {one.now}" for one in diff.retyped]
    yield "With other labels", [_relabelled(*group) for group in relabelled(diff)]
    yield (
        "Label values gone",
        [
            f"{code(gone.name)}: {code(gone.label)} {_codes(gone.values)} ({gone.kept} left)"
            for gone in diff.values_gone
        ],
    )
    yield "More or fewer series", [f"{code(one.name)}: {one.then} → {one.now}" for one in counts_changed(diff)]


def _exposed(metric: Exposed) -> str:
    labels = f" with {_codes(metric.labels)}" if metric.labels else ""
    return f"{code(metric.name)}{labels} ({metric.type})"


def _relabelled(lost: Sequence[str], gained: Sequence[str], names: Sequence[str]) -> str:
    did = [f"{verb} {_codes(labels)}" for verb, labels in (("lost", lost), ("gained", gained)) if labels]
    return f"{' and '.join(did)}: {_codes(names)}"


def _codes(texts: Sequence[str]) -> str:
    return listed([code(text) for text in texts], MOST_NAMES)


def _side(side: Side) -> str:
    return f"{code(side.version)} ({code(side.file)})" if side.version else code(side.file)
