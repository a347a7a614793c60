"""What is wanted and what is open make actions. Pure: whatever an earlier run left behind is read, never remembered.

Each exporter has one branch for a bump and one for a move, so that GitHub's rule of one open pull request for a branch
is the lock. A branch is ours if what it changes is what one of our commits says that it changes; anything else is work
of others, and is not touched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.sync.blobs import blob_id, files_key
from bot.sync.marker import Marker, digest_of, facts_in, key_of, marked, marker_of, trailer
from bot.sync.model import Kind, Outcome, Proposal, Step, Topic
from bot.sync.plan import Settled, Standing
from bot.sync.state import (
    Action,
    Ahead,
    BranchState,
    ClosePull,
    DeleteBranch,
    EditPull,
    OpenPull,
    Pull,
    PushBranch,
    Relabel,
    SayHandsOff,
    Status,
)

WITHDRAWN = "withdrawn"
"""Label of a pull request that the bot closed itself; one without it was closed by a person."""
STEPS = frozenset(("patch", "minor", "major", "breaks-alerts"))
"""Labels that say what a pull request does; they go when they no longer hold, as its kind does."""
HANDS_OFF = (
    "This branch holds commits that are not the bot's, so the bot leaves it and this pull request alone from now on. "
    "To hand it back, take those commits off the branch; "
    "or close this, delete the branch, and tick the box that the dashboard has then."
)
_LEAVE = frozenset((Topic.SECURITY, Topic.FAILED, Topic.BLOCKED, Topic.DEFERRED))
"""What nobody could find out, or must look at, closes nothing."""
_LEFT = "left as it is"
_PASSING = STEPS | frozenset(map(str, Kind)) | {WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of the catalog's repository for one entry."""

    base: str
    base_head: str
    states: Mapping[str, BranchState]
    """By branch; one that is missing here does not exist and never did."""
    ahead: Mapping[str, Ahead]
    """By branch, for each one that exists."""
    told: frozenset[int] = frozenset()
    """Pull requests whose people have been told that the bot leaves them alone."""


def branch_of(kind: Kind, entry: str) -> str:
    """Where the pull requests of this kind come from."""
    return f"bot/{'move' if kind is Kind.MOVE else 'bump'}/{entry}"


def scratch_of(branch: str) -> str:
    """Where a commit is made before the branch points at it."""
    return branch.replace("bot/", "bot/scratch/", 1)


def branches_of(entry: str) -> tuple[str, str]:
    """All that an entry may have."""
    return branch_of(Kind.BUMP, entry), branch_of(Kind.MOVE, entry)


def settle(outcome: Outcome, seen: Seen, again: frozenset[str] = frozenset()) -> Settled:
    """What is to be done for an entry. `again` names releases that were refused once, and are asked for now."""
    proposal = outcome.proposal
    if proposal is None:
        parts = [_unwanted(outcome, seen, branch) for branch in branches_of(outcome.entry)]
        shown = next((part for part in parts if part.standing is not Standing.NONE), parts[0])
        return replace(shown, actions=tuple(action for part in parts for action in part.actions))
    settled = _wanted(outcome, proposal, seen, proposal.to in again)
    if proposal.kind is Kind.MOVE:
        # An open bump is as right or wrong as it was; the next one comes when the move is settled.
        return settled
    moved = _unwanted(outcome, seen, branch_of(Kind.MOVE, outcome.entry))
    return replace(settled, actions=(*moved.actions, *settled.actions))


def is_ours(ahead: Ahead | None) -> bool:
    """Whether a branch changes nothing, or exactly what a commit of ours says; a merge of the base does not matter."""
    if ahead is None or not ahead.files:
        return True
    key = files_key(ahead.files)
    return any(key_of(message) == key for message in ahead.messages)


def open_pull(state: BranchState | None) -> Pull | None:
    """The open pull request of a branch; GitHub allows one."""
    return next((pull for pull in state.pulls if pull.status is Status.OPEN), None) if state else None


def _unwanted(outcome: Outcome, seen: Seen, branch: str) -> Settled:
    """Nothing is wanted of this branch: what is left of it goes, unless it is the work of others or nobody can say."""
    state = seen.states.get(branch)
    pull = open_pull(state)
    if state is None or (state.head is None and pull is None):
        return Settled(outcome, Standing.NONE)
    number = pull.number if pull else None
    if not is_ours(seen.ahead.get(branch)):
        return _hands_off(outcome, pull, seen, branch)
    if _is_left_alone(outcome, pull):
        standing = Standing.CURRENT if pull else Standing.NONE
        return Settled(outcome, standing, number, reason=_LEFT)
    return Settled(
        outcome,
        Standing.CLOSING if pull else Standing.NONE,
        number,
        tuple(_cleared(branch, state, pull, _why_closed(outcome, pull))),
    )


def _wanted(outcome: Outcome, proposal: Proposal, seen: Seen, again: bool) -> Settled:
    state = seen.states.get(proposal.branch) or BranchState(None, ())
    pull = open_pull(state)
    number = pull.number if pull else None
    if not (is_ours(seen.ahead.get(proposal.branch)) or _was_brought_up_to_date(proposal, seen)):
        return _hands_off(outcome, pull, seen, proposal.branch)
    if all(state.blobs.get(file.path) == blob_id(file.text) for file in proposal.files):
        actions = tuple(_cleared(proposal.branch, state, pull, f"`{seen.base}` has it already."))
        return Settled(outcome, Standing.CLOSING if pull else Standing.NONE, number, actions, "the base has it already")
    if any(state.blobs.get(file.path, "") != file.before for file in proposal.files):
        reason = f"the entry has changed in {seen.base} since this was worked out"
        return Settled(outcome, Standing.DEFERRED, number, reason=reason)
    if pull and _was_replaced(proposal, pull):
        reason = (
            f"what upstream publishes as {proposal.to} is not what it was when #{pull.number} was opened: "
            "find out why; to have it proposed as it is now, close that, and tick it on the dashboard"
        )
        return Settled(outcome, Standing.FAILED, number, reason=reason)
    if pull and _waits(outcome, pull):
        # To retreat to a lower release, and come back a day later, helps nobody: that one is not proposed.
        return Settled(replace(outcome, proposal=None), Standing.CURRENT, number, reason=_LEFT)
    if pull:
        actions = tuple(_updated(proposal, pull, state, seen))
        return Settled(outcome, Standing.UPDATED if actions else Standing.CURRENT, number, actions)
    refused = None if again else _refused(proposal, state)
    if refused:
        actions = tuple(_cleared(proposal.branch, state, None, ""))
        return Settled(outcome, Standing.REFUSED, refused.number, actions, _why_refused(refused))
    return Settled(outcome, Standing.NEW, None, tuple(_opened(proposal, state, seen)))


def _hands_off(outcome: Outcome, pull: Pull | None, seen: Seen, branch: str) -> Settled:
    reason = f"{branch} holds commits of others"
    if pull is None:
        return Settled(outcome, Standing.HANDS_OFF, None, reason=reason)
    said = pull.number in seen.told
    actions = () if said else (SayHandsOff(pull.number, HANDS_OFF),)
    return Settled(outcome, Standing.HANDS_OFF, pull.number, actions, reason)


def _is_left_alone(outcome: Outcome, pull: Pull | None) -> bool:
    """Whether nobody knows that the pull request is no longer wanted."""
    return any(note.topic in _LEAVE for note in outcome.notes) or (pull is not None and _waits(outcome, pull))


def _was_replaced(proposal: Proposal, pull: Pull) -> bool:
    """Whether a checksum, or what the tag points to, is another one than the open pull request has of this release."""
    marker = marker_of(pull.body)
    if marker is None or (marker.kind, marker.to) != (Kind.BUMP, proposal.to) or proposal.kind is not Kind.BUMP:
        return False
    # What was not known then may be known now.
    return not set(filter(None, marker.facts.split("+"))) <= set(_marker(proposal).facts.split("+"))


def _waits(outcome: Outcome, pull: Pull) -> bool:
    """Whether the very release that is open is not complete for now, or its tick got lost with the dashboard."""
    marker = marker_of(pull.body)
    topics = {note.topic for note in outcome.notes if marker and note.version == marker.to}
    # A major one was ticked once, or it would not be open; whoever thinks better of it closes the pull request.
    return Topic.WAITING in topics or (Topic.APPROVAL in topics and Step.MAJOR in pull.labels)


def _why_closed(outcome: Outcome, pull: Pull | None) -> str:
    marker = marker_of(pull.body) if pull else None
    if marker and marker.kind in (Kind.BUMP, Kind.FACTS) and marker.to == outcome.version:
        return "The entry lists this release already."
    if not outcome.version:
        return "The catalog has no such entry any more, or the entry no longer says where its releases are."
    return "What this proposed is no longer on offer upstream, or no longer fits what the entry says of its releases."


def _why_refused(pull: Pull) -> str:
    if pull.status is Status.MERGED:
        return f"#{pull.number} was merged, and taken back"
    return f"#{pull.number} was closed by a person"


def _cleared(branch: str, state: BranchState, pull: Pull | None, why: str) -> Iterator[Action]:
    if pull:
        yield ClosePull(pull.number, WITHDRAWN, why)
    if state.head:
        yield DeleteBranch(branch, state.head)


def _refused(proposal: Proposal, state: BranchState) -> Pull | None:
    """The pull request with the same proposal that a person closed, or merged and took back."""
    for pull in state.pulls:
        marker = marker_of(pull.body)
        if not marker or (marker.kind, marker.to) != (proposal.kind, proposal.to) or WITHDRAWN in pull.labels:
            continue
        # Facts of one release may become known one after the other: that some were merged refuses no others.
        if pull.status is Status.CLOSED or proposal.kind is not Kind.FACTS:
            return pull
    return None


def _updated(proposal: Proposal, pull: Pull, state: BranchState, seen: Seen) -> Iterator[Action]:
    """What brings an open pull request up to date; nothing where it is."""
    if not _is_pushed(proposal, seen):
        yield _pushed(proposal, state, seen)
    if _knows_more(proposal, pull):
        return
    marker = marker_of(pull.body)
    if marker != _marker(proposal):
        body = marked(_marker(proposal), proposal.body)
        yield EditPull(pull.number, proposal.title, body, proposal.draft, pull.draft)
    add = tuple(label for label in proposal.labels if label not in pull.labels)
    remove = tuple(sorted((pull.labels & _PASSING) - frozenset(proposal.labels)))
    if add or remove:
        yield Relabel(pull.number, add, remove)


def _knows_more(proposal: Proposal, pull: Pull) -> bool:
    """Whether the images could be compared when this was written, and could not be now: that says nothing new."""
    marker = marker_of(pull.body)
    return marker is not None and marker.key == _key(proposal) and marker.compared and not proposal.compared


def _opened(proposal: Proposal, state: BranchState, seen: Seen) -> Iterator[Action]:
    if not _is_pushed(proposal, seen):
        yield _pushed(proposal, state, seen)
    body = marked(_marker(proposal), proposal.body)
    yield OpenPull(proposal.branch, seen.base, proposal.title, body, proposal.draft, proposal.labels)


def _pushed(proposal: Proposal, state: BranchState, seen: Seen) -> PushBranch:
    message = f"{_subject(proposal)}\n\n{trailer(_key(proposal))}"
    branch = proposal.branch
    return PushBranch(branch, scratch_of(branch), seen.base_head, state.head, proposal.title, message, proposal.files)


def _subject(proposal: Proposal) -> str:
    return f"Made by `python -m bot sync`: {proposal.kind} of {proposal.entry}."


def _is_pushed(proposal: Proposal, seen: Seen) -> bool:
    """Whether the branch changes exactly what is proposed, by a commit of ours that says so."""
    return _holds(proposal, seen) and is_ours(seen.ahead.get(proposal.branch))


def _holds(proposal: Proposal, seen: Seen) -> bool:
    """Whether the branch changes exactly what is proposed."""
    ahead = seen.ahead.get(proposal.branch)
    return ahead is not None and bool(ahead.files) and files_key(ahead.files) == _key(proposal)


def _was_brought_up_to_date(proposal: Proposal, seen: Seen) -> bool:
    """Whether the base, with another change of the same file, was merged into a branch of ours: no work is in there."""
    ahead = seen.ahead.get(proposal.branch)
    return ahead is not None and any(map(key_of, ahead.messages)) and _holds(proposal, seen)


def _key(proposal: Proposal) -> str:
    return files_key({file.path: blob_id(file.text) for file in proposal.files})


def _marker(proposal: Proposal) -> Marker:
    draft = "draft" if proposal.draft else ""
    text = digest_of(proposal.title, proposal.body, draft)
    facts = facts_in(*(file.text for file in proposal.files))
    return Marker(
        proposal.entry, proposal.kind, proposal.version, proposal.to, _key(proposal), text, facts, proposal.compared
    )
