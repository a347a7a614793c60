"""One sync from end to end: survey, reconcile, apply; or, dry, everything up to the first write."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.sync.apply import Task, carried_out, cleaned, dashboard_action, planned
from bot.sync.doors import Hub, Registry, Upstream
from bot.sync.dry import DryHub
from bot.sync.memory import Memory, memory_of, remembered, resting
from bot.sync.model import Note, Outcome, Topic, Tracked, Unknown
from bot.sync.plan import Settled, Standing, Synced
from bot.sync.propose import Proposer, tracked_entries
from bot.sync.state import Overview
from bot.sync.survey import Surveyor

RenderDashboard = Callable[[Synced, Memory], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Doors:
    """The world outside, as this run reaches it."""

    upstream: Upstream
    registry: Registry
    hub: Hub | None
    """None where nobody said which repository on GitHub holds the catalog."""
    repository: str
    """OWNER/NAME of it; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is about."""

    doors: Doors
    proposer: Proposer
    dashboard: RenderDashboard
    now: datetime
    """Aware."""
    dry: bool
    entries: Sequence[str]
    """Every entry of the catalog."""
    names: Collection[str]
    """Those to ask about."""
    given: Sequence[Outcome] | None = None
    """What an earlier survey found out; None to make one."""
    progress: Callable[[int, int], None] = field(default=lambda done, total: None)


def synced(run: Run) -> Synced:
    """What was done, or in a dry run would be. Never raises for what fails outside: the result names it."""
    hub = DryHub(run.doors.hub) if run.dry and run.doors.hub else run.doors.hub
    overview = hub.overview() if hub else None
    readable = overview if isinstance(overview, Overview) else None
    memory = memory_of(readable.dashboard.body if readable and readable.dashboard else "")
    outcomes = run.given if run.given is not None else tuple(_surveyed(run, memory))
    if isinstance(overview, Unknown):
        return _unsettled(run, outcomes, overview)
    if hub is None or readable is None:
        return Synced("", run.dry, tuple(Settled(outcome, _imagined(outcome)) for outcome in outcomes))
    task = Task(outcomes, frozenset(run.entries), memory.again, run.now.date())
    plan = planned(hub, readable, task)
    if isinstance(plan, Unknown):
        return _unsettled(run, outcomes, plan)
    settled = tuple(carried_out(hub, plan, task))
    others, trouble = cleaned(hub, plan.others)
    result = Synced(run.doors.repository, run.dry, settled, others, trouble)
    return _with_dashboard(run, hub, readable, _next(memory, outcomes, run.now), result)


def _with_dashboard(run: Run, hub: Hub, overview: Overview, memory: Memory, result: Synced) -> Synced:
    """The dashboard is about all entries, so a run about some of them leaves it as it is."""
    if not set(run.entries) <= {one.outcome.entry for one in result.settled}:
        return result
    action = dashboard_action(overview, result, lambda synced: run.dashboard(synced, memory))
    if action is None:
        return result
    written, trouble = cleaned(hub, [action])
    return replace(result, others=(*result.others, *written), trouble=(*result.trouble, *trouble))


def _unsettled(run: Run, outcomes: Sequence[Outcome], unknown: Unknown) -> Synced:
    """What is open cannot be read, so nothing was written: whatever is missing might be there."""
    settled = tuple(Settled(outcome, _blind(outcome), reason=_BLIND) for outcome in outcomes)
    return Synced(run.doors.repository, run.dry, settled, trouble=(unknown.reason,))


_BLIND = "what is open could not be read"


def _blind(outcome: Outcome) -> Standing:
    return Standing.FAILED if outcome.proposal else _imagined(outcome)


def _imagined(outcome: Outcome) -> Standing:
    """How an entry stands as far as upstream goes, where nobody knows what is open."""
    if outcome.proposal:
        return Standing.NEW
    return Standing.FAILED if any(note.topic is Topic.FAILED for note in outcome.notes) else Standing.NONE


def _surveyed(run: Run, memory: Memory) -> Iterator[Outcome]:
    """An outcome for each name, by name."""
    names = sorted(run.names)
    early: list[Outcome] = []
    surveyor = Surveyor(run.doors.upstream, run.doors.registry, run.now, memory.approved, run.progress)
    # Upstream is asked about the first entries while the others are still being read.
    asked = _asked(run, memory, names, early)
    found = sorted(surveyor.survey(asked, names), key=lambda one: one.tracked.entry)
    yield from sorted([*early, *run.proposer.outcomes(found)], key=lambda outcome: outcome.entry)


def _asked(run: Run, memory: Memory, names: Sequence[str], early: list[Outcome]) -> Iterator[Tracked]:
    """Whom to ask upstream about; `early` gets the outcomes of all others."""
    for name, tracked in tracked_entries(run.proposer.root, names, run.proposer.jobs):
        until = resting(memory.failures.get(name), run.now)
        if isinstance(tracked, Tracked) and until is None:
            yield tracked
        elif isinstance(tracked, Tracked) and until:
            early.append(Outcome(name, tracked.version, None, (_rests(until),)))
        elif isinstance(tracked, str):
            note = Note(Topic.BLOCKED, tracked, f"run: python -m bot validate {name}")
            early.append(Outcome(name, "", None, (note,)))
        else:
            early.append(Outcome(name, "", None, ()))


def _rests(until: datetime) -> Note:
    return Note(Topic.DEFERRED, f"failed in the last runs; asked again after {until:%Y-%m-%d %H:%M} UTC")


def _next(memory: Memory, outcomes: Sequence[Outcome], now: datetime) -> Memory:
    """What the dashboard has to remember of failures after this run."""
    failed = {outcome.entry for outcome in outcomes if any(note.topic is Topic.FAILED for note in outcome.notes)}
    not_asked = {outcome.entry for outcome in outcomes if any(note.topic is Topic.DEFERRED for note in outcome.notes)}
    asked = {outcome.entry for outcome in outcomes} - not_asked
    return replace(memory, failures=remembered(memory, failed, asked | failed, now))
