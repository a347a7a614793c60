"""Outcomes against the catalog's repository: read, settle, keep within the limits, carry out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.catalog.entry import EXPORTER
from bot.catalog.load import LISTS
from bot.sync.doors import Hub
from bot.sync.marker import ENTRY
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
from bot.sync.turns import turn

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
    gone = tuple(_gone(overview, task))
    states = hub.branches(_paths(overview, [*task.outcomes, *gone]), overview.base_head)
    if isinstance(states, Unknown):
        return states
    # The base still has it: the catalog that is read here is an older one, or another.
    outcomes = [*task.outcomes, *(one for one in gone if not _blobs(states, one))]
    settled = [_settled(outcome, _seen(hub, overview, states, outcome), task.again) for outcome in outcomes]
    open_now = sum(open_pull(state) is not None for state in states.values())
    rationed = tuple(_rationed(settled, open_now, task.day, states))
    pushed = {action.scratch for one in rationed for action in one.actions if isinstance(action, PushBranch)}
    left = [name for name in sorted(overview.branches) if name.startswith(SCRATCH) and name not in pushed]
    others = tuple(DeleteBranch(name, overview.branches[name]) for name in left)
    return Plan(overview, rationed, others, states)


def carried_out(hub: Hub, plan: Plan, task: Task) -> Iterator[Settled]:
    """Every entry after its actions were carried out; one that fails never stops the others."""
    for settled in plan.settled:
        yield _carried_out(hub, settled, task.again) if settled.actions else settled


def cleaned(hub: Hub, others: Iterable[Action]) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    """Carries out what belongs to no entry; what was done, and what failed, in one line each.

    Where nobody can say whether it took effect, it is carried out once more: whoever deletes a branch or writes the
    dashboard looks first how it is.
    """
    finished, trouble = [], []
    for action in others:
        done = hub.perform(action)
        if isinstance(done, Done) or (not done.deferred and isinstance(hub.perform(action), Done)):
            finished.append(action)
        else:
            trouble.append(done.reason)
    return tuple(finished), tuple(trouble)


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


def _gone(overview: Overview, task: Task) -> Iterator[Outcome]:
    """Entries that were removed from the catalog want nothing any more; what cannot be one has no branch of ours."""
    names = {branch.split("/", 2)[2] for branch in overview.branches if branch.startswith(_OURS)}
    for entry in sorted(names.difference(task.entries)):
        if ENTRY.fullmatch(entry):
            yield Outcome(entry, "", None, ())


def _paths(overview: Overview, outcomes: Iterable[Outcome]) -> dict[str, tuple[str, ...]]:
    """By branch, the paths to look up in the base: every branch of ours, and every one that is wanted."""
    paths: dict[str, tuple[str, ...]] = {name: () for name in overview.branches if name.startswith(_OURS)}
    for outcome in outcomes:
        if outcome.proposal:
            paths[outcome.proposal.branch] = tuple(file.path for file in outcome.proposal.files)
        else:
            known = f"{LISTS}/{outcome.entry}/{EXPORTER}"
            paths |= {branch: (known,) for branch in branches_of(outcome.entry) if branch in paths}
    return paths


def _blobs(states: Mapping[str, BranchState], outcome: Outcome) -> bool:
    """Whether the base holds any file of an entry that is looked up."""
    return any(states[branch].blobs for branch in branches_of(outcome.entry) if branch in states)


def _settled(outcome: Outcome, seen: Seen | Unknown, again: Collection[tuple[str, str]]) -> Settled:
    if isinstance(seen, Unknown):
        return _failed(outcome, seen)
    return settle(outcome, seen, frozenset(release for entry, release in again if entry == outcome.entry))


def _seen(hub: Hub, overview: Overview, states: Mapping[str, BranchState], outcome: Outcome) -> Seen | Unknown:
    """What there is of an entry."""
    ahead: dict[str, Ahead] = {}
    told = set()
    for branch in branches_of(outcome.entry):
        state = states.get(branch)
        if state is None or state.head is None:
            continue
        answer = hub.ahead(overview.base_head, state.head)
        if isinstance(answer, Unknown):
            return answer
        ahead[branch] = answer
        pull = open_pull(state)
        if pull and not is_ours(answer):
            said = hub.hands_off_said(pull.number)
            if isinstance(said, Unknown):
                return said
            told |= {pull.number} if said else set()
    return Seen(overview.base, overview.base_head, states, ahead, frozenset(told))


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
    return not begun, turn(settled.outcome.entry, day)


def _carried_out(hub: Hub, settled: Settled, again: Collection[tuple[str, str]]) -> Settled:
    now, trouble = _performed(hub, settled)
    for _ in range(_TRIES - 1):
        if trouble is None or trouble.deferred:
            break
        seen = _seen_again(hub, settled.outcome)
        if isinstance(seen, Unknown):
            # What failed first says more.
            break
        now, trouble = _performed(hub, _taken_up(now, _settled(settled.outcome, seen, again)))
    if trouble:
        now = replace(_failed(settled.outcome, trouble), number=now.number)
    return replace(now, actions=settled.actions)


def _performed(hub: Hub, settled: Settled) -> tuple[Settled, Unknown | None]:
    """An entry after its actions, up to the first that failed."""
    for action in settled.actions:
        done = hub.perform(action)
        if isinstance(done, Unknown):
            return settled, done
        settled = _numbered(settled, action, done)
    return settled, None


def _taken_up(before: Settled, now: Settled) -> Settled:
    """What is left to do of something that was begun; what it was begun for is said of it."""
    begun = now.standing in (Standing.CURRENT, Standing.NONE, Standing.UPDATED)
    return replace(
        now,
        standing=before.standing if begun else now.standing,
        number=before.number if now.number is None else now.number,
    )


def _seen_again(hub: Hub, outcome: Outcome) -> Seen | Unknown:
    overview = hub.overview()
    if isinstance(overview, Unknown):
        return overview
    names = branches_of(outcome.entry)
    here = replace(overview, branches={name: head for name, head in overview.branches.items() if name in names})
    states = hub.branches(_paths(here, [outcome]), here.base_head)
    return states if isinstance(states, Unknown) else _seen(hub, here, states, outcome)


def _numbered(settled: Settled, action: Action, done: Done) -> Settled:
    return replace(settled, number=done.number) if isinstance(action, OpenPull) and done.number else settled
