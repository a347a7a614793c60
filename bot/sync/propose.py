"""From what was found to pull requests as they should be: edited, validated, compared metric by metric."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from bot import workers
from bot.catalog.document import Parsed, plain_document
from bot.catalog.entry import METRICS
from bot.catalog.load import load_entry
from bot.drift.judge import drift_of
from bot.drift.model import Drift, Side
from bot.errors import Bug
from bot.metrics.snapshot import parse_snapshot
from bot.sync.bump import edit_entry, move_entry
from bot.sync.doors import Prober, Prove, Scrapes
from bot.sync.model import Edit, File, Kind, Note, Outcome, Proposal, Topic, Tracked, Unknown, Wanted
from bot.sync.survey import Found
from bot.sync.tracked import tracked_of
from bot.sync.turns import turn
from bot.sync.versions import tag_of

MOST_TRIED = 10
"""Exporters whose images are started in a run."""

Render = Callable[[Wanted, Drift | None], Proposal]


@dataclass(frozen=True, slots=True)
class Proposer:
    """How what was found becomes a proposal."""

    root: Path
    prove: Prove
    render: Render
    today: date
    jobs: int
    probe: Prober | None = None
    """None where images are not to be started."""

    def outcomes(self, found: Sequence[Found]) -> Iterator[Outcome]:
        """One for each, in the same order."""
        edited = dict(_edited(self.root, found, self.jobs))
        files = [
            (entry, file) for entry, answer in edited.items() if not isinstance(answer, str) for file in answer[:1]
        ]
        faults = self.prove(self.root, files) if files else {}
        tried = self._tried(found)
        for one in found:
            answer = edited.get(one.tracked.entry)
            if answer is None or (not isinstance(answer, str) and not answer[1]):
                yield Outcome(one.tracked.entry, one.tracked.version, None, one.notes)
            elif isinstance(answer, str):
                note = Note(Topic.BLOCKED, f"exporter.yaml cannot be edited: {answer}", "make the change by hand")
                yield Outcome(one.tracked.entry, one.tracked.version, None, (*one.notes, note))
            else:
                drift = self._drift(one) if one.tracked.entry in tried else None
                yield self._outcome(one, *answer, faults.get(one.tracked.entry, ()), drift)

    def _tried(self, found: Sequence[Found]) -> frozenset[str]:
        """The entries whose images are started today: each takes minutes."""
        alone = [one.tracked.entry for one in found if one.kind is Kind.BUMP and one.tracked.alone]
        return frozenset(sorted(alone, key=lambda entry: turn(entry, self.today))[:MOST_TRIED])

    def _outcome(
        self,
        found: Found,
        file: File,
        edits: tuple[Edit, ...],
        faults: tuple[str, ...],
        drift: Drift | str | None,
    ) -> Outcome:
        tracked, unchecked = found.tracked, found.unchecked
        if isinstance(drift, str):
            unchecked = (*unchecked, drift)
        wanted = Wanted(
            entry=tracked.entry,
            kind=found.kind or Kind.FACTS,
            version=tracked.version,
            to=_target(found),
            repository=found.repository,
            edits=edits,
            files=(file,),
            step=found.candidate.step if found.candidate else None,
            release=found.candidate.release if found.candidate else None,
            old_tag=tag_of(tracked.version, tracked.tag),
            notes=found.published.notes if found.published else "",
            faults=faults,
            unchecked=unchecked,
        )
        proposal = self.render(wanted, drift if isinstance(drift, Drift) else None)
        return Outcome(tracked.entry, tracked.version, proposal, found.notes)

    def _drift(self, found: Found) -> Drift | str | None:
        """What the new version breaks; a sentence where that could not be found out, None where it was not asked."""
        tracked, to = found.tracked, _target(found)
        if self.probe is None or not tracked.image:
            return None
        old, new = (_reference(found, version) for version in (tracked.version, to))
        scrapes = self.probe(old, new, tracked.port, tracked.metrics_path, ())
        if isinstance(scrapes, Unknown):
            return f"The metrics were not compared: {scrapes.reason}."
        work = _Comparison(tracked.entry, scrapes, Side(old, tracked.version), Side(new, to))
        ((_, answer),) = workers.run(partial(_compared, self.root, self.today), [work], 1)
        if isinstance(answer, workers.Crash):
            raise Bug(answer.trace)
        return f"The metrics were not compared: {answer.reason}." if isinstance(answer, workers.Died) else answer


def tracked_entries(root: Path, names: Sequence[str], jobs: int) -> Iterator[tuple[str, Tracked | str | None]]:
    """What each entry says about its releases, a reason where it cannot be read, None where it tracks none.

    In the order of the names; each is there as soon as those before it are read.
    """
    read: dict[str, Tracked | str | None] = {}
    waiting = deque(names)
    for name, answer in workers.run(partial(_tracked, root), names, jobs):
        if isinstance(answer, workers.Crash):
            raise Bug(answer.trace)
        read[name] = answer.reason if isinstance(answer, workers.Died) else answer
        while waiting and waiting[0] in read:
            yield waiting[0], read.pop(waiting.popleft())


@dataclass(frozen=True, slots=True)
class _Comparison:
    entry: str
    scrapes: Scrapes
    then: Side
    now: Side


def _tracked(root: Path, name: str) -> Tracked | str | None:
    return tracked_of(load_entry(root, name))


def _edited(root: Path, found: Sequence[Found], jobs: int) -> Iterator[tuple[str, tuple[File, tuple[Edit, ...]] | str]]:
    """By entry, the file as it shall be with its edits, or why there is none."""
    work = [one for one in found if one.kind is not None]
    for one, answer in workers.run(partial(_edit, root), work, jobs):
        if isinstance(answer, workers.Crash):
            raise Bug(answer.trace)
        yield one.tracked.entry, answer.reason if isinstance(answer, workers.Died) else answer


def _edit(root: Path, found: Found) -> tuple[File, tuple[Edit, ...]] | str:
    if found.kind is Kind.MOVE:
        return move_entry(root, (found.tracked, found.repository))
    if found.facts is None:
        return "nothing is known of the release"
    return edit_entry(root, (found.tracked, found.facts))


def _target(found: Found) -> str:
    if found.kind is Kind.MOVE:
        return found.repository
    return found.facts.version if found.facts else found.tracked.version


def _reference(found: Found, version: str) -> str:
    """The image of a version, by digest where one is known."""
    tracked = found.tracked
    tag = (tracked.image_tag or "{version}").replace("{version}", version)
    known = tracked.digest if version == tracked.version else (found.facts.digest if found.facts else None)
    return f"{tracked.image}:{tag}" + (f"@{known}" if known else "")


def _compared(root: Path, today: date, work: _Comparison) -> Drift | str:
    """What the new image breaks of what works with the old one, as both were started in the same way."""
    entry = load_entry(root, work.entry)
    if METRICS not in entry.parsed:
        return "The metrics were not compared: the entry has no metrics.prom."
    for side, text in ((work.then, work.scrapes.old), (work.now, work.scrapes.new)):
        faults = parse_snapshot(text).faults
        if faults:
            return f"The metrics were not compared: what {side.file} answers is no exposition: {faults[0].message}."
    old = Parsed(plain_document(work.scrapes.old), (), work.scrapes.old)
    drift = drift_of(root, replace(entry, parsed={**entry.parsed, METRICS: old}), work.scrapes.new, work.now, today)
    return replace(drift, then=work.then) if drift else "The metrics were not compared: the entry has no metrics.prom."
