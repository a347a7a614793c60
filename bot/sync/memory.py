"""What the dashboard remembers from one run to the next: boxes that people ticked, and entries that keep failing.

All of it may be lost without harm: a box is ticked again, and an entry that fails is asked about sooner.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.catalog.document import Value
from bot.sync.marker import ENTRY, comment, comment_of, first_line
from bot.sync.state import Failure

LONGEST_MARK = 12_000
"""Characters of the first line."""
LONGEST_REASON = 200
"""Characters that are remembered of why something failed."""

_MARK = "catalog-bot-dashboard:v1"
_LONGEST_BODY = 200_000
"""Characters; GitHub takes 65,536."""
_MOST = 10_000
"""Failures in a row that are counted."""
_SHORTEST_REST = timedelta(hours=2)
_MOST_DOUBLED = 6
_FORGOTTEN = timedelta(days=30)
"""How long a failure is kept of an entry that nobody asks about any more: it may no longer exist."""
_WHEN = "%Y-%m-%dT%H:%M:%SZ"
_RELEASE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.!+_/-]{0,139}")
"""A version, or the new name of a repository."""
_TICKED = re.compile(rf"[-*] \[[xX]\] <!-- (approve|again):({ENTRY.pattern})@({_RELEASE.pattern}) -->(?: .*)?")

Wish = tuple[str, str]
"""An entry and a release."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known from earlier runs."""

    approved: frozenset[Wish] = frozenset()
    """Releases that are proposed because somebody ticked them."""
    again: frozenset[Wish] = frozenset()
    """Releases that are proposed again though somebody closed their pull request."""
    failures: Mapping[str, Failure] = field(default_factory=dict)
    """By entry."""


def memory_of(body: str) -> Memory:
    """What the body of the dashboard says; nothing where it is not one, and nothing that cannot be read."""
    if len(body) > _LONGEST_BODY:
        return Memory()
    line = first_line(body, LONGEST_MARK)
    if line is None or not line.startswith(f"<!-- {_MARK} "):
        return Memory()
    ticked = [match.groups() for line in body.split("\n") if (match := _TICKED.fullmatch(line.rstrip("\r")))]
    return Memory(
        frozenset((entry, release) for what, entry, release in ticked if what == "approve"),
        frozenset((entry, release) for what, entry, release in ticked if what == "again"),
        _failures(comment_of(_MARK, body, LONGEST_MARK)),
    )


def memory_line(failures: Mapping[str, Failure]) -> str:
    """The first line of the dashboard. Where there are too many failures, their reasons go first, then some of them."""
    written = comment(_MARK, _written(failures))
    if len(written) > LONGEST_MARK:
        failures = {entry: replace(failure, reason="") for entry, failure in failures.items()}
        written = comment(_MARK, _written(failures))
    while len(written) > LONGEST_MARK:
        longest_first = sorted(failures, key=lambda entry: (-failures[entry].count, entry))
        failures = {entry: failures[entry] for entry in longest_first[: len(failures) * 3 // 4]}
        written = comment(_MARK, _written(failures))
    return written


def box(what: str, entry: str, release: str, *, ticked: bool) -> str:
    """A box to tick, with a blank behind it; empty where nobody could read it again. `what` is approve or again."""
    if not (ENTRY.fullmatch(entry) and _RELEASE.fullmatch(release)):
        return ""
    return f"[{'x' if ticked else ' '}] <!-- {what}:{entry}@{release} --> "


def with_ticks(written: str, stored: str) -> str:
    """A dashboard that is to be written, with the boxes ticked that are ticked in the one that is there."""
    there = memory_of(stored)
    for what, wishes in (("approve", there.approved), ("again", there.again)):
        for entry, release in sorted(wishes):
            empty, ticked = (f"\n- {box(what, entry, release, ticked=each)}" for each in (False, True))
            written = written.replace(empty, ticked)
    return written


def rests_until(failure: Failure) -> datetime:
    """When the entry is asked about again: four hours after the first failure, doubled by each one more, up to 128."""
    return failure.last + _SHORTEST_REST * (1 << min(failure.count, _MOST_DOUBLED))


def resting(failure: Failure | None, now: datetime) -> datetime | None:
    """When an entry that failed is asked about again; None where that is now."""
    if failure is None or failure.last > now:
        # A time to come is a clock that was wrong, and would let the entry rest for as long as that.
        return None
    until = rests_until(failure)
    return until if until > now else None


def remembered(memory: Memory, failed: Collection[str], asked: Collection[str], now: datetime) -> Mapping[str, Failure]:
    """The failures after a run, by entry: one that succeeded is forgotten, one that was not asked about stays."""
    kept = {
        entry: failure
        for entry, failure in memory.failures.items()
        if entry not in asked and now - failure.last < _FORGOTTEN
    }
    last = now.astimezone(UTC).replace(microsecond=0)
    for entry in failed:
        before = memory.failures.get(entry, Failure(0, last))
        kept[entry] = Failure(min(before.count + 1, _MOST), last, before.reason)
    return dict(sorted(kept.items()))


def _written(failures: Mapping[str, Failure]) -> dict[str, Value]:
    return {
        "failures": {
            entry: [failure.count, failure.last.astimezone(UTC).strftime(_WHEN), failure.reason[:LONGEST_REASON]]
            for entry, failure in sorted(failures.items())
            if ENTRY.fullmatch(entry)
        }
    }


def _failures(data: Mapping[str, Value] | None) -> Mapping[str, Failure]:
    said = data.get("failures") if data is not None and list(data) == ["failures"] else None
    if not isinstance(said, dict):
        return {}
    read = {entry: _failure(value) for entry, value in said.items() if ENTRY.fullmatch(entry)}
    return {entry: failure for entry, failure in read.items() if failure}


def _failure(value: Value) -> Failure | None:
    if not isinstance(value, list) or len(value) != 3:
        return None
    count, last, reason = value
    if type(count) is not int or not 1 <= count <= _MOST or not isinstance(last, str) or not isinstance(reason, str):
        return None
    try:
        when = datetime.strptime(last, _WHEN).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Failure(count, when, reason[:LONGEST_REASON]) if when.strftime(_WHEN) == last else None
