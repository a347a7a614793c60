"""The dashboard issue: what is open, what waits and for what, and boxes with which people steer the bot.

A run that changes nothing writes the same bytes: no time of the run, nothing about how the run went. A stranger's text
stands only in code spans.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.reporters.markdown import fitted
from bot.reporters.sync.phrases import release, step
from bot.reporters.sync.upstream_text import span
from bot.sync.memory import LONGEST_REASON, Memory, Wish, box, memory_line, rests_until
from bot.sync.model import Kind, Note, Topic
from bot.sync.plan import Settled, Standing, Synced
from bot.sync.remarks import another_day
from bot.sync.state import Failure

TITLE = "Releases: what is open, and what waits"

_INTRODUCTION = (
    "The bot writes this issue after every run and reads the boxes before the next one. "
    "Tick one to have it done; all other text is overwritten."
)
_APPROVE, _AGAIN = "approve", "again"
_NOT_OPEN = frozenset((Standing.NONE, Standing.REFUSED, Standing.CLOSING))
_UNSETTLED = frozenset((Standing.DEFERRED, Standing.FAILED))
_UNTOLD = frozenset((Topic.SECURITY, Topic.FAILED, Topic.BLOCKED, Topic.DEFERRED))
"""An entry with such a note was not looked at in full, so nobody knows what is on offer."""

_Section = tuple[str, int, list[str]]
"""Heading, how many characters its lines may take, and its lines."""


def dashboard(synced: Synced, memory: Memory) -> tuple[str, str]:
    """Title and body after a run that was about every entry; `memory` holds the ticks it read, and all failures."""
    settled = sorted(synced.settled, key=lambda one: one.outcome.entry)
    failures = _told(settled, memory.failures)
    parts = [memory_line(failures), f"{_INTRODUCTION}\n"]
    for heading, room, lines in _sections(settled, memory, failures):
        if lines:
            # What somebody ticked must not be cut away.
            ticked_first = sorted(lines, key=lambda line: not line.startswith("- [x]"))
            parts.append(f"## {heading} ({len(lines)})\n\n{fitted(ticked_first, room, '- ')}")
    if len(parts) == 2:
        parts.append("Nothing is open, and nothing waits.\n")
    return TITLE, "\n".join(parts)


def _sections(settled: list[Settled], memory: Memory, failures: Mapping[str, Failure]) -> Iterator[_Section]:
    yield "Security: no longer what was catalogued", 7_000, _noted(settled, Topic.SECURITY)
    yield "To approve", 9_000, list(_approvals(settled, memory.approved))
    yield "Open", 6_000, list(_open(settled))
    yield "Refused", 4_000, list(_refused(settled, memory.again))
    yield "Blocked", 4_000, _noted(settled, Topic.BLOCKED)
    yield "Tags of another form", 3_000, _noted(settled, Topic.DRIFT)
    yield "Failing", 5_000, list(_failing(settled, failures))
    yield "Waiting", 4_000, _noted(settled, Topic.WAITING)
    yield "Deferred", 3_000, list(_deferred(settled, failures))
    yield "Archived upstream", 2_000, _noted(settled, Topic.ARCHIVED)


def _noted(settled: list[Settled], topic: Topic) -> list[str]:
    return [f"- {_said(one, note)}" for one in settled for note in one.outcome.notes if note.topic is topic]


def _said(one: Settled, note: Note) -> str:
    help_ = f"<br>help: {span(note.help)}" if note.help else ""
    return f"{span(one.outcome.entry)}: {span(note.message)}{help_}\n"


def _approvals(settled: list[Settled], approved: frozenset[Wish]) -> Iterator[str]:
    for one in settled:
        entry = one.outcome.entry
        offered = [note for note in one.outcome.notes if note.topic is Topic.APPROVAL]
        yield from (
            f"- {box(_APPROVE, entry, note.version, ticked=False)}{_said(one, note)}"
            for note in offered
            if (entry, note.version) not in approved
        )
        on_offer = {note.version for note in offered} | _on_offer(one)
        for version in sorted(_wished(entry, approved)):
            # Without its tick, an open pull request would be closed as one that nobody wants.
            if version in on_offer or _is_untold(one):
                yield f"- {box(_APPROVE, entry, version, ticked=True)}{span(entry)}: {span(version)} is approved\n"


def _refused(settled: list[Settled], again: frozenset[Wish]) -> Iterator[str]:
    for one in settled:
        entry, proposal = one.outcome.entry, one.outcome.proposal
        wished = _wished(entry, again)
        offered = proposal.to if proposal and not _is_open(one) else ""
        if proposal and one.standing is Standing.REFUSED:
            again_box = box(_AGAIN, entry, offered, ticked=offered in wished)
            refused = f" (#{one.number})" if one.number is not None else ""
            yield f"- {again_box}{span(entry)}: propose {span(release(one))} again{refused}\n"
            wished -= {offered}
        for version in sorted(wished):
            if version == offered or (_is_untold(one) and not _is_open(one)):
                yield f"- {box(_AGAIN, entry, version, ticked=True)}{span(entry)}: {span(version)} comes again\n"


def _open(settled: list[Settled]) -> Iterator[str]:
    for one in settled:
        number = f"#{one.number} " if one.number is not None else ""
        if not _is_open(one) and one.standing is not Standing.HANDS_OFF:
            continue
        proposal = one.outcome.proposal
        more = [step(proposal), *(("draft",) if proposal and proposal.draft else ())]
        told = f": {span(release(one))} ({', '.join(more)})" if proposal else ""
        left = ", left to its people" if one.standing is Standing.HANDS_OFF else ""
        yield f"- {number}{span(one.outcome.entry)}{told}{left}\n"


def _deferred(settled: list[Settled], failures: Mapping[str, Failure]) -> Iterator[str]:
    for one in settled:
        if one.outcome.entry not in failures:
            # Whose turn it is changes every day, and nobody has to do anything about it.
            told = [note for note in one.outcome.notes if note.topic is Topic.DEFERRED and note != another_day()]
            yield from (f"- {_said(one, note)}" for note in told)
        if one.standing is Standing.DEFERRED and not _is_open(one):
            yield f"- {span(one.outcome.entry)}: {span(release(one))}; {span(one.reason)}\n"


def _failing(settled: list[Settled], failures: Mapping[str, Failure]) -> Iterator[str]:
    for entry, failure in sorted(failures.items()):
        times = "once" if failure.count == 1 else f"{failure.count} times in a row, last"
        why = f": {span(failure.reason)}" if failure.reason else ""
        until = _time(rests_until(failure))
        yield f"- {span(entry)}: {times} at {_time(failure.last)}, asked again after {until}{why}\n"
    for one in settled:
        if one.outcome.entry not in failures and (reason := _reason(one)):
            yield f"- {span(one.outcome.entry)}: {span(reason)}\n"


def _told(settled: list[Settled], failures: Mapping[str, Failure]) -> Mapping[str, Failure]:
    """The failures with what this run says of them; an entry that rests keeps what was said before."""
    reasons = {one.outcome.entry: reason for one in settled if (reason := _reason(one))}
    return {
        entry: replace(failure, reason=reasons.get(entry, failure.reason)[:LONGEST_REASON])
        for entry, failure in failures.items()
    }


def _reason(one: Settled) -> str:
    said = next((note.message for note in one.outcome.notes if note.topic is Topic.FAILED), "")
    return said or (one.reason if one.standing is Standing.FAILED else "")


def _wished(entry: str, wishes: frozenset[Wish]) -> set[str]:
    return {version for wisher, version in wishes if wisher == entry}


def _on_offer(one: Settled) -> set[str]:
    """Releases that are proposed, or are to be proposed later."""
    proposal = one.outcome.proposal
    later = {note.version for note in one.outcome.notes if note.topic is Topic.WAITING and note.version}
    return later | ({proposal.to} if proposal and proposal.kind is Kind.BUMP else set())


def _is_untold(one: Settled) -> bool:
    """Whether this run does not know what is on offer for an entry."""
    proposal = one.outcome.proposal
    if proposal is None and one.standing in _UNSETTLED:
        return True
    moves = proposal is not None and proposal.kind is Kind.MOVE
    return moves or any(note.topic in _UNTOLD for note in one.outcome.notes)


def _is_open(one: Settled) -> bool:
    return one.number is not None and one.standing not in _NOT_OPEN


def _time(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
