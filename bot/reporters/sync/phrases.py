"""What the formats for people share: how an entry stands, what is done for it, and how many there are of each kind."""

from collections import Counter
from collections.abc import Iterator

from bot.reporters.wording import number, visible
from bot.sync.model import Kind, Proposal, Step, Topic
from bot.sync.plan import Settled, Standing, Synced
from bot.sync.state import (
    Action,
    ClosePull,
    DeleteBranch,
    EditPull,
    OpenPull,
    PushBranch,
    Relabel,
    SayHandsOff,
    WriteDashboard,
)

NOBODY_SAID = "which pull requests are open is not known: no repository was named"

_Count = tuple[str, str]
"""What is said of one entry, and of several."""
_CURRENT: _Count = ("current", "current")
_DONE = {Standing.NEW: "opened", Standing.UPDATED: "updated", Standing.CLOSING: "closed"}
_STANDS = {
    Standing.CURRENT: "open",
    Standing.HANDS_OFF: "left alone",
    Standing.REFUSED: "refused",
    Standing.DEFERRED: "deferred",
    Standing.FAILED: "failed",
}
_PREVAILING = (Topic.SECURITY, Topic.FAILED)
"""What counts more than how a pull request stands."""
_TOPICS: dict[Topic, _Count] = {
    Topic.SECURITY: ("with a security finding", "with a security finding"),
    Topic.FAILED: ("failed", "failed"),
    Topic.BLOCKED: ("blocked", "blocked"),
    Topic.DRIFT: ("with tags of another form", "with tags of another form"),
    Topic.APPROVAL: ("wants a tick", "want a tick"),
    Topic.WAITING: ("waits", "wait"),
    Topic.DEFERRED: ("deferred", "deferred"),
    Topic.ARCHIVED: ("archived upstream", "archived upstream"),
}


def summary(synced: Synced) -> str:
    """Such as: 15 entries: 1 would be opened, 2 wait, 12 current."""
    order = [
        _TOPICS[Topic.SECURITY],
        *(_standing(one, dry=synced.dry) for one in (*_DONE, *_STANDS)),
        *_TOPICS.values(),
    ]
    counts = Counter(_count(settled, dry=synced.dry) for settled in synced.settled)
    said = [
        f"{counts[kind]} {kind[0] if counts[kind] == 1 else kind[1]}"
        for kind in dict.fromkeys((*order, _CURRENT))
        if counts[kind]
    ]
    return f"{number(len(synced.settled), 'entry', 'entries')}: {', '.join(said) or 'nothing to do'}"


def is_quiet(settled: Settled) -> bool:
    """Whether there is nothing to say of an entry."""
    return settled.standing is Standing.NONE and not (settled.outcome.notes or settled.actions)


def release(settled: Settled) -> str:
    """Such as: 1.88.0 → 1.92.1."""
    proposal = settled.outcome.proposal
    if proposal is None or proposal.kind is Kind.FACTS:
        return visible(settled.outcome.version)
    return f"{visible(proposal.version)} → {visible(proposal.to)}"


def step(proposal: Proposal | None) -> str:
    """patch, minor or major; for what is no new release, what it is instead."""
    if proposal is None:
        return ""
    steps = [str(one) for one in Step if one in proposal.labels]
    return steps[0] if steps else str(proposal.kind)


def stands(settled: Settled, *, dry: bool) -> str:
    """What is done for an entry, or why nothing is."""
    said = _said(settled, dry=dry)
    reason = visible(settled.reason)
    return f"{said}: {reason}" if said and reason else said or reason


def _said(settled: Settled, *, dry: bool) -> str:
    proposal, pull = settled.outcome.proposal, "a pull request" if settled.number is None else f"#{settled.number}"
    match settled.standing:
        case Standing.NONE:
            return ", ".join(does(action, dry=dry) for action in settled.actions)
        case Standing.NEW if dry:
            return "would open a draft" if proposal and proposal.draft else "would open a pull request"
        case Standing.NEW:
            return f"opened {pull}{', a draft' if proposal and proposal.draft else ''}"
        case Standing.UPDATED:
            return f"would update {pull}" if dry else f"updated {pull}"
        case Standing.CLOSING:
            return f"would close {pull}" if dry else f"closed {pull}"
        case Standing.CURRENT:
            return f"{pull} is open"
    return _STANDS[settled.standing]


def does(action: Action, *, dry: bool) -> str:
    """What an action does, or would do."""
    future, past, what = _does(action)
    return f"would {future} {what}" if dry else f"{past} {what}"


def _does(action: Action) -> tuple[str, str, str]:
    match action:
        case PushBranch(branch=branch):
            return "push", "pushed", visible(branch)
        case OpenPull(branch=branch):
            return "open", "opened", f"a pull request from {visible(branch)}"
        case EditPull(number=pull):
            return "edit", "edited", f"#{pull}"
        case Relabel(number=pull):
            return "relabel", "relabelled", f"#{pull}"
        case ClosePull(number=pull):
            return "close", "closed", f"#{pull}"
        case SayHandsOff(number=pull):
            return "comment on", "commented on", f"#{pull}"
        case DeleteBranch(branch=branch):
            return "delete", "deleted", visible(branch)
        case WriteDashboard():
            return "write", "wrote", "the dashboard"


def others(synced: Synced) -> Iterator[str]:
    """What is done once for all entries."""
    yield from (does(action, dry=synced.dry) for action in synced.others)


def _count(settled: Settled, *, dry: bool) -> _Count:
    topics = {note.topic for note in settled.outcome.notes}
    prevailing = [_TOPICS[topic] for topic in _PREVAILING if topic in topics]
    if prevailing:
        return prevailing[0]
    if settled.standing is not Standing.NONE:
        return _standing(settled.standing, dry=dry)
    return next((_TOPICS[topic] for topic in Topic if topic in topics), _CURRENT)


def _standing(standing: Standing, *, dry: bool) -> _Count:
    said = _DONE.get(standing)
    said = (f"would be {said}" if dry else said) if said else _STANDS[standing]
    return said, said
