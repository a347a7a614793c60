"""Outcomes against the catalog's repository: read, settle, keep within the limits, carry out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from bot.sync.doors import Hub
from bot.sync.model import Outcome, Unknown
from bot.sync.plan import Settled, Standing, Synced
from bot.sync.reconcile import Seen, branches_of, is_ours, open_pull, settle
from bot.sync.state import (
    Action,
    Ahead,
    BranchState,
    DeleteBranch,
    Done,
    OpenPull,
    Overview,
    PushBranch,
    WriteDashboard,
)

MOST_OPEN = 10
"""Pull requests of the bot that may be open at a time."""
MOST_NEW = 5
"""Pull requests that one run may open."""
SCRATCH = "bot/scratch/"
_OURS = ("bot/bump/", "bot/move/")
_TRIES = 2
"""How often an entry is read and carried out: once more where nobody can say whether something took effect."""

Dashboard = Callable[[Synced], tuple[str, str] | None]
"""Title and body of the dashboard after a run; None where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a run is to settle."""

    outcomes: Sequence[Outcome]
    """By entry."""
    entries: Collection[str]
    """Every entry of the catalog, whether or not this run is about it."""
    again: Collection[tuple[str, str]]
    """Entry and release of pull requests that were closed, and are asked for again."""
    day: date
    """Seeds the order in which entries get their turn."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, and what it was concluded from."""

    overview: Overview
    settled: tuple[Settled, ...]
    others: tuple[Action, ...]
    states: Mapping[str, BranchState]


def planned(hub: Hub, overview: Overview, task: Task) -> Plan | Unknown:
    """Reads what is open and settles every outcome. Unknown where that cannot be read: then nothing may be written."""
    # An entry that was removed from the catalog wants nothing any more.
    gone = [
        Outcome(entry, "", None, ())
        for entry in sorted({branch.split("/", 2)[2] for branch in overview.branches if branch.startswith(_OURS)})
        if entry not in task.entries
    ]
    outcomes = [*task.outcomes, *gone]
    states = hub.branches(_paths(overview, outcomes), overview.base_head)
    if isinstance(states, Unknown):
        return states
    again = frozenset(task.again)
    settled = [_settled(hub, overview, states, outcome, again) for outcome in outcomes]
    open_now = sum(open_pull(state) is not None for state in states.values())
    rationed = tuple(_rationed(settled, open_now, task.day, states))
    pushed = {action.scratch for one in rationed for action in one.actions if isinstance(action, PushBranch)}
    left = [name for name in sorted(overview.branches) if name.startswith(SCRATCH) and name not in pushed]
    others = tuple(DeleteBranch(name, overview.branches[name]) for name in left)
    return Plan(overview, rationed, others, states)


def carried_out(hub: Hub, plan: Plan, task: Task) -> Iterator[Settled]:
    """Every entry after its actions were carried out; one that fails never stops the others."""
    again = frozenset(task.again)
    for settled in plan.settled:
        yield _carried_out(hub, settled, again) if settled.actions else settled


def cleaned(hub: Hub, others: Iterable[Action]) -> Iterator[str]:
    """Carries out what belongs to no entry; yields what failed, in one line each."""
    for action in others:
        done = hub.perform(action)
        if isinstance(done, Unknown):
            yield done.reason


def dashboard_action(overview: Overview, synced: Synced, render: Dashboard) -> WriteDashboard | None:
    """What is to be written on the dashboard; None where it says so already, or there is nothing to say."""
    now, rendered = overview.dashboard, render(synced)
    if rendered is None:
        return None
    title, body = rendered
    if now and now.title == title and _alike(now.body, body):
        return None
    return WriteDashboard(now.number if now else None, title, body)


def _alike(stored: str, written: str) -> bool:
    """A form in the browser sends other line breaks, and none at the end."""
    return stored.replace("\r\n", "\n").rstrip() == written.rstrip()


def _paths(overview: Overview, outcomes: Iterable[Outcome]) -> dict[str, tuple[str, ...]]:
    """By branch, the paths to look up in the base: every branch of ours, and every one that is wanted."""
    paths: dict[str, tuple[str, ...]] = {name: () for name in overview.branches if name.startswith(_OURS)}
    for outcome in outcomes:
        if outcome.proposal:
            paths[outcome.proposal.branch] = tuple(file.path for file in outcome.proposal.files)
    return paths


def _settled(
    hub: Hub,
    overview: Overview,
    states: Mapping[str, BranchState],
    outcome: Outcome,
    again: frozenset[tuple[str, str]],
) -> Settled:
    ahead: dict[str, Ahead] = {}
    told = set()
    for branch in branches_of(outcome.entry):
        state = states.get(branch)
        if state is None or state.head is None:
            continue
        answer = hub.ahead(overview.base_head, state.head)
        if isinstance(answer, Unknown):
            return _failed(outcome, answer)
        ahead[branch] = answer
        pull = open_pull(state)
        if pull and not is_ours(answer):
            said = hub.hands_off_said(pull.number)
            if isinstance(said, Unknown):
                return _failed(outcome, said)
            told |= {pull.number} if said else set()
    seen = Seen(overview.base, overview.base_head, states, ahead, frozenset(told))
    return settle(outcome, seen, frozenset(release for entry, release in again if entry == outcome.entry))


def _failed(outcome: Outcome, unknown: Unknown) -> Settled:
    standing = Standing.DEFERRED if unknown.deferred else Standing.FAILED
    return Settled(outcome, standing, reason=unknown.reason)


def _rationed(
    settled: Sequence[Settled], open_now: int, day: date, states: Mapping[str, BranchState]
) -> Iterator[Settled]:
    """All of them, those for which there is no room put off; who gets a turn changes from day to day."""
    new = [one for one in settled if one.standing is Standing.NEW]
    room = max(0, min(MOST_NEW, MOST_OPEN - open_now))
    first = {one.outcome.entry for one in sorted(new, key=lambda one: _turn(one, day, states))[:room]}
    reason = f"at most {MOST_NEW} new pull requests a run, and {MOST_OPEN} open ones"
    for one in settled:
        if one.standing is Standing.NEW and one.outcome.entry not in first:
            yield replace(one, standing=Standing.DEFERRED, actions=(), reason=reason)
        else:
            yield one


def _turn(settled: Settled, day: date, states: Mapping[str, BranchState]) -> tuple[bool, str]:
    """What an earlier run began comes first."""
    proposal = settled.outcome.proposal
    begun = proposal is not None and proposal.branch in states and states[proposal.branch].head is not None
    return not begun, sha256(f"{day.isoformat()} {settled.outcome.entry}".encode()).hexdigest()


def _carried_out(hub: Hub, settled: Settled, again: frozenset[tuple[str, str]]) -> Settled:
    trouble = None
    for attempt in range(_TRIES):
        if attempt:
            fresh = _read_again(hub, settled.outcome, again)
            if isinstance(fresh, Unknown):
                return replace(_failed(settled.outcome, fresh), number=settled.number)
            done_meanwhile = fresh.standing in (Standing.CURRENT, Standing.NONE) and not fresh.actions
            settled = replace(fresh, standing=settled.standing) if done_meanwhile else fresh
        trouble = None
        for action in settled.actions:
            done = hub.perform(action)
            if isinstance(done, Unknown):
                trouble = done
                break
            settled = _numbered(settled, action, done)
        if trouble is None:
            return settled
        if trouble.deferred:
            break
    failed = _failed(settled.outcome, trouble) if trouble else settled
    return replace(failed, number=settled.number, actions=settled.actions)


def _read_again(hub: Hub, outcome: Outcome, again: frozenset[tuple[str, str]]) -> Settled | Unknown:
    overview = hub.overview()
    if isinstance(overview, Unknown):
        return overview
    names = branches_of(outcome.entry)
    here = replace(overview, branches={name: head for name, head in overview.branches.items() if name in names})
    states = hub.branches(_paths(here, [outcome]), here.base_head)
    return states if isinstance(states, Unknown) else _settled(hub, here, states, outcome, again)


def _numbered(settled: Settled, action: Action, done: Done) -> Settled:
    return replace(settled, number=done.number) if isinstance(action, OpenPull) and done.number else settled
