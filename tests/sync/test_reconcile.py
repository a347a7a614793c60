"""Every state that an earlier run, or a person, may have left: what is done about it, to the action."""

from dataclasses import replace

import pytest

from bot.sync.blobs import blob_id, files_key
from bot.sync.marker import marked, marker_of, trailer
from bot.sync.model import File, Kind, Note, Outcome, Proposal, Topic
from bot.sync.plan import Settled, Standing
from bot.sync.reconcile import HANDS_OFF, Seen, is_ours, settle
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

PATH = "lists/redis/exporter.yaml"
BRANCH = "bot/bump/redis"
OLD, NEW = 'version: "1.0.0"\n', 'version: "1.1.0"\n'
BASE, HEAD = "b" * 40, "c" * 40
PROPOSAL = Proposal(
    entry="redis",
    kind=Kind.BUMP,
    branch=BRANCH,
    version="1.0.0",
    to="1.1.0",
    title="redis: 1.0.0 → 1.1.0",
    body="What changes.\n",
    labels=("bump", "minor"),
    draft=False,
    files=(File(PATH, blob_id(OLD), NEW),),
)
OUTCOME = Outcome("redis", "1.0.0", PROPOSAL, ())
NOTHING = Outcome("redis", "1.1.0", None, ())
KEY = files_key({PATH: blob_id(NEW)})
OURS = Ahead((f"redis\n\nMade by a machine.\n\n{trailer(KEY)}",), {PATH: blob_id(NEW)})
THEIRS = Ahead((*OURS.messages, "my change"), {PATH: blob_id("mine\n")})


def opened(proposal: Proposal = PROPOSAL) -> OpenPull:
    """What opens the pull request of a proposal when nothing is there."""
    before = {file.path: file.before for file in proposal.files}
    *_, last = settle(replace(OUTCOME, proposal=proposal), seen(BranchState(None, (), before))).actions
    assert isinstance(last, OpenPull)
    return last


def pull(number: int = 7, proposal: Proposal = PROPOSAL, **changes: object) -> Pull:
    """As the bot opened it."""
    action = opened(proposal)
    made = Pull(number, Status.OPEN, action.title, action.body, action.draft, frozenset(action.labels), HEAD)
    return replace(made, **changes)  # type: ignore[arg-type]  # what changes is the caller's


def seen(state: BranchState, ahead: Ahead | None = None, told: frozenset[int] = frozenset()) -> Seen:
    """A repository with this branch and no other."""
    return Seen("main", BASE, {BRANCH: state}, {BRANCH: ahead} if ahead else {}, told)


def there(*pulls: Pull, head: str | None = HEAD, text: str = OLD) -> BranchState:
    """The branch with its pull requests, and what the base says."""
    return BranchState(head, pulls, {PATH: blob_id(text)})


PUSH = PushBranch(
    branch=BRANCH,
    scratch="bot/scratch/bump/redis",
    base_head=BASE,
    expected=None,
    headline="redis: 1.0.0 → 1.1.0",
    message=f"Made by `python -m bot sync`: bump of redis.\n\n{trailer(KEY)}",
    files=PROPOSAL.files,
)
OPEN = opened()
FACTS = replace(PROPOSAL, kind=Kind.FACTS, version="1.1.0", to="1.1.0", labels=("bump", "facts"))
NEWER = replace(PROPOSAL, to="1.2.0", title="redis: 1.0.0 → 1.2.0", labels=("bump", "patch"), files=(
    File(PATH, blob_id(OLD), 'version: "1.2.0"\n'),
))  # fmt: skip
NEWER_OUTCOME = replace(OUTCOME, proposal=NEWER)
NEWER_KEY = files_key({PATH: blob_id('version: "1.2.0"\n')})
REPUSH = replace(
    PUSH,
    expected=HEAD,
    headline="redis: 1.0.0 → 1.2.0",
    message=f"Made by `python -m bot sync`: bump of redis.\n\n{trailer(NEWER_KEY)}",
    files=NEWER.files,
)
ON_TOP = replace(PROPOSAL, files=(File(PATH, blob_id("# new\n" + OLD), "# new\n" + NEW),))
"""The same bump of an entry that has changed otherwise."""
ON_TOP_BLOB = blob_id("# new\n" + NEW)
COMPARED = replace(PROPOSAL, body="What breaks.\n", labels=("bump", "minor", "breaks-alerts"), compared=True)
VERIFIED = replace(PROPOSAL, files=(File(PATH, blob_id(OLD), f"{NEW}commit: {'1' * 40}\n"),))
REPLACED = replace(PROPOSAL, files=(File(PATH, blob_id(OLD), f"{NEW}commit: {'2' * 40}\n"),))
OURS_VERIFIED = Ahead(
    (f"redis\n\nMade.\n\n{trailer(files_key({PATH: blob_id(VERIFIED.files[0].text)}))}",),
    {PATH: blob_id(VERIFIED.files[0].text)},
)


def verified_message() -> str:
    """Of the commit with the verified file."""
    key = files_key({PATH: blob_id(VERIFIED.files[0].text)})
    return f"Made by `python -m bot sync`: bump of redis.\n\n{trailer(key)}"


GONE = "What this proposed is no longer on offer upstream, or no longer fits what the entry says of its releases."
NO_ENTRY = "The catalog has no such entry any more, or the entry no longer says where its releases are."
WITHDRAWN = frozenset(("bump", "minor", "withdrawn"))
CLOSED = pull(status=Status.CLOSED)

STATES: dict[str, tuple[Outcome, Seen, Standing, int | None, tuple[Action, ...]]] = {
    "nothing is there": (OUTCOME, seen(there(head=None)), Standing.NEW, None, (PUSH, OPEN)),
    "nothing is wanted and nothing is there": (NOTHING, seen(there(head=None)), Standing.NONE, None, ()),
    "open and current": (OUTCOME, seen(there(pull()), OURS), Standing.CURRENT, 7, ()),
    "open and behind": (
        NEWER_OUTCOME,
        seen(there(pull()), OURS),
        Standing.UPDATED,
        7,
        (
            REPUSH,
            EditPull(7, NEWER.title, opened(NEWER).body, draft=False, was_draft=False),
            Relabel(7, ("patch",), ("minor",)),
        ),
    ),
    "pushed, not yet told in the pull request": (
        NEWER_OUTCOME,
        seen(there(pull()), Ahead((REPUSH.message,), {PATH: blob_id('version: "1.2.0"\n')})),
        Standing.UPDATED,
        7,
        (
            EditPull(7, NEWER.title, opened(NEWER).body, draft=False, was_draft=False),
            Relabel(7, ("patch",), ("minor",)),
        ),
    ),
    "open without its labels": (
        OUTCOME,
        seen(there(pull(labels=frozenset())), OURS),
        Standing.UPDATED,
        7,
        (Relabel(7, ("bump", "minor"), ()),),
    ),
    "facts that became a bump, and what is left of a run that was about to close it": (
        OUTCOME,
        seen(there(pull(labels=frozenset(("facts", "bump", "minor", "withdrawn", "urgent")))), OURS),
        Standing.UPDATED,
        7,
        (Relabel(7, (), ("facts", "withdrawn")),),
    ),
    "labels of people stay": (
        OUTCOME,
        seen(there(pull(labels=frozenset(("bump", "minor", "urgent")))), OURS),
        Standing.CURRENT,
        7,
        (),
    ),
    "words of people stay": (
        OUTCOME,
        seen(there(pull(title="Redis!", body=OPEN.body + "\nI had a look.", draft=True)), OURS),
        Standing.CURRENT,
        7,
        (),
    ),
    "the base was merged into the branch": (
        OUTCOME,
        seen(there(pull()), Ahead((*OURS.messages, "Merge branch 'main' into bot/bump/redis"), OURS.files)),
        Standing.CURRENT,
        7,
        (),
    ),
    "the base was merged into the branch, with another change of the entry": (
        replace(OUTCOME, proposal=ON_TOP),
        seen(there(pull(), text="# new\n" + OLD), Ahead((*OURS.messages, "Merge branch 'main'"), {PATH: ON_TOP_BLOB})),
        Standing.UPDATED,
        7,
        (
            replace(
                PUSH,
                expected=HEAD,
                message=f"Made by `python -m bot sync`: bump of redis.\n\n{trailer(files_key({PATH: ON_TOP_BLOB}))}",
                files=ON_TOP.files,
            ),
            EditPull(7, ON_TOP.title, opened(ON_TOP).body, draft=False, was_draft=False),
        ),
    ),
    "the base was merged into the branch, with something else besides": (
        replace(OUTCOME, proposal=ON_TOP),
        seen(
            there(pull(), text="# new\n" + OLD),
            Ahead((*OURS.messages, "Merge branch 'main'"), {PATH: blob_id("# mine\n" + NEW)}),
            frozenset((7,)),
        ),
        Standing.HANDS_OFF,
        7,
        (),
    ),
    "somebody made the very same change on a branch of that name": (
        OUTCOME,
        seen(there(), Ahead(("by hand",), {PATH: blob_id(NEW)})),
        Standing.HANDS_OFF,
        None,
        (),
    ),
    "branch without a pull request": (OUTCOME, seen(there(), OURS), Standing.NEW, None, (OPEN,)),
    "branch of an older release without a pull request": (
        NEWER_OUTCOME,
        seen(there(), OURS),
        Standing.NEW,
        None,
        (REPUSH, opened(NEWER)),
    ),
    "commits of others": (OUTCOME, seen(there(pull()), THEIRS), Standing.HANDS_OFF, 7, (SayHandsOff(7, HANDS_OFF),)),
    "commits of others, and that was said": (
        OUTCOME,
        seen(there(pull()), THEIRS, frozenset((7,))),
        Standing.HANDS_OFF,
        7,
        (),
    ),
    "commits of others, nothing wanted": (
        NOTHING,
        seen(there(pull()), THEIRS, frozenset((7,))),
        Standing.HANDS_OFF,
        7,
        (),
    ),
    "commits of others without a pull request": (OUTCOME, seen(there(), THEIRS), Standing.HANDS_OFF, None, ()),
    "closed by a person": (OUTCOME, seen(there(CLOSED, head=None)), Standing.REFUSED, 7, ()),
    "closed by a person, the branch left behind": (
        OUTCOME,
        seen(there(CLOSED), OURS),
        Standing.REFUSED,
        7,
        (DeleteBranch(BRANCH, HEAD),),
    ),
    "closed by a person, and a newer release": (
        NEWER_OUTCOME,
        seen(there(CLOSED, head=None)),
        Standing.NEW,
        None,
        (replace(REPUSH, expected=None), opened(NEWER)),
    ),
    "closed by the bot": (
        OUTCOME,
        seen(there(pull(status=Status.CLOSED, labels=WITHDRAWN), head=None)),
        Standing.NEW,
        None,
        (PUSH, OPEN),
    ),
    "merged and taken back": (
        OUTCOME,
        seen(there(pull(status=Status.MERGED), head=None)),
        Standing.REFUSED,
        7,
        (),
    ),
    "closed, with a body that is not the bot's": (
        OUTCOME,
        seen(there(pull(status=Status.CLOSED, body="by hand"), head=None)),
        Standing.NEW,
        None,
        (PUSH, OPEN),
    ),
    "some facts were merged": (
        replace(OUTCOME, proposal=FACTS),
        seen(there(pull(proposal=FACTS, status=Status.MERGED), head=None)),
        Standing.NEW,
        None,
        (
            replace(PUSH, message=f"Made by `python -m bot sync`: facts of redis.\n\n{trailer(KEY)}"),
            opened(FACTS),
        ),
    ),
    "facts refused": (
        replace(OUTCOME, proposal=FACTS),
        seen(there(pull(proposal=FACTS, status=Status.CLOSED), head=None)),
        Standing.REFUSED,
        7,
        (),
    ),
    "merged": (NOTHING, seen(there(pull(status=Status.MERGED)), Ahead((), {})), Standing.NONE, None, (
        DeleteBranch(BRANCH, HEAD),
    )),
    "merged, but surveyed before": (
        OUTCOME,
        seen(there(pull(status=Status.MERGED), text=NEW), Ahead((), {})),
        Standing.NONE,
        None,
        (DeleteBranch(BRANCH, HEAD),),
    ),
    "the base has it already": (
        NOTHING,
        seen(there(pull(), text=NEW), OURS),
        Standing.CLOSING,
        7,
        (ClosePull(7, "withdrawn", "The entry lists this release already."), DeleteBranch(BRANCH, HEAD)),
    ),
    "no longer on offer": (
        replace(NOTHING, version="1.0.0"),
        seen(there(pull()), OURS),
        Standing.CLOSING,
        7,
        (ClosePull(7, "withdrawn", GONE), DeleteBranch(BRANCH, HEAD)),
    ),
    "an orphan": (NOTHING, seen(there(), OURS), Standing.NONE, None, (DeleteBranch(BRANCH, HEAD),)),
    "nobody could find out": (
        replace(NOTHING, notes=(Note(Topic.FAILED, "HTTP 502"),)),
        seen(there(pull()), OURS),
        Standing.CURRENT,
        7,
        (),
    ),
    "its image is not there for now": (
        replace(NOTHING, version="1.0.0", notes=(Note(Topic.WAITING, "not complete", version="1.1.0"),)),
        seen(there(pull()), OURS),
        Standing.CURRENT,
        7,
        (),
    ),
    "its image is not there for now, and that of an older one is": (
        replace(OUTCOME, notes=(Note(Topic.WAITING, "not complete", version="1.2.0"),)),
        seen(there(pull(proposal=NEWER)), Ahead((REPUSH.message,), {PATH: blob_id('version: "1.2.0"\n')})),
        Standing.CURRENT,
        7,
        (),
    ),
    "the dashboard was closed with its ticks": (
        replace(NOTHING, version="1.0.0", notes=(Note(Topic.APPROVAL, "a major step", version="1.1.0"),)),
        seen(there(pull(labels=frozenset(("bump", "major")))), OURS),
        Standing.CURRENT,
        7,
        (),
    ),
    "a minor one has to be ticked now": (
        replace(NOTHING, version="1.0.0", notes=(Note(Topic.APPROVAL, "above the latest", version="1.1.0"),)),
        seen(there(pull()), OURS),
        Standing.CLOSING,
        7,
        (ClosePull(7, "withdrawn", GONE), DeleteBranch(BRANCH, HEAD)),
    ),
    "the entry is gone": (
        replace(NOTHING, version=""),
        seen(there(pull()), OURS),
        Standing.CLOSING,
        7,
        (ClosePull(7, "withdrawn", NO_ENTRY), DeleteBranch(BRANCH, HEAD)),
    ),
    "another one waits": (
        replace(NOTHING, version="1.0.0", notes=(Note(Topic.WAITING, "rests", version="1.3.0"),)),
        seen(there(pull()), OURS),
        Standing.CLOSING,
        7,
        (ClosePull(7, "withdrawn", GONE), DeleteBranch(BRANCH, HEAD)),
    ),
    "the entry has changed meanwhile": (
        OUTCOME,
        seen(there(pull(), text="other\n"), OURS),
        Standing.DEFERRED,
        7,
        (),
    ),
    "the release was replaced while it was open": (
        replace(OUTCOME, proposal=REPLACED),
        seen(there(pull(proposal=VERIFIED)), OURS_VERIFIED),
        Standing.FAILED,
        7,
        (),
    ),
    "a checksum became known while it was open": (
        replace(OUTCOME, proposal=VERIFIED),
        seen(there(pull()), OURS),
        Standing.UPDATED,
        7,
        (
            replace(PUSH, expected=HEAD, message=verified_message(), files=VERIFIED.files),
            EditPull(7, VERIFIED.title, opened(VERIFIED).body, draft=False, was_draft=False),
        ),
    ),
    "compared when it was opened, and not now": (
        OUTCOME,
        seen(there(pull(proposal=COMPARED)), OURS),
        Standing.CURRENT,
        7,
        (),
    ),
    "compared now": (
        replace(OUTCOME, proposal=COMPARED),
        seen(there(pull()), OURS),
        Standing.UPDATED,
        7,
        (
            EditPull(7, COMPARED.title, opened(COMPARED).body, draft=False, was_draft=False),
            Relabel(7, ("breaks-alerts",), ()),
        ),
    ),
    "the entry is gone from the base": (OUTCOME, seen(BranchState(None, ())), Standing.DEFERRED, None, ()),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_each_state_has_its_actions(name: str) -> None:
    outcome, before, standing, number, actions = STATES[name]
    settled = settle(outcome, before)
    assert (settled.standing, settled.number) == (standing, number)
    assert settled.actions == actions


def test_a_ticked_refusal_is_proposed_again() -> None:
    settled = settle(OUTCOME, seen(there(CLOSED, head=None)), frozenset(("1.1.0",)))
    assert (settled.standing, settled.actions) == (Standing.NEW, (PUSH, OPEN))


def test_a_refusal_names_the_pull_request() -> None:
    assert settle(OUTCOME, seen(there(CLOSED, head=None))).reason == "#7 was closed by a person"
    merged = pull(status=Status.MERGED)
    assert settle(OUTCOME, seen(there(merged, head=None))).reason == "#7 was merged, and taken back"


def test_a_move_leaves_the_open_bump_alone() -> None:
    move = replace(PROPOSAL, kind=Kind.MOVE, branch="bot/move/redis", to="new/name", labels=("bump", "move"))
    settled = settle(replace(OUTCOME, proposal=move), both(there(), there(pull())))
    assert [type(action) for action in settled.actions] == [OpenPull]


def test_a_bump_closes_a_move_that_is_no_longer_right() -> None:
    settled = settle(OUTCOME, both(there(pull(8)), there(pull())))
    assert (settled.standing, settled.number) == (Standing.CURRENT, 7)
    assert settled.actions == (ClosePull(8, "withdrawn", GONE), DeleteBranch("bot/move/redis", HEAD))


def test_an_entry_without_wishes_clears_both_branches() -> None:
    settled = settle(replace(NOTHING, version="1.0.0"), both(there(), there(pull())))
    assert settled == Settled(
        replace(NOTHING, version="1.0.0"),
        Standing.CLOSING,
        7,
        (
            ClosePull(7, "withdrawn", GONE),
            DeleteBranch(BRANCH, HEAD),
            DeleteBranch("bot/move/redis", HEAD),
        ),
    )


def test_every_pull_request_starts_with_its_marker() -> None:
    marker = marker_of(OPEN.body)
    assert marker is not None
    assert (marker.entry, marker.kind, marker.to, marker.key) == ("redis", Kind.BUMP, "1.1.0", KEY)
    assert OPEN.body == marked(marker, PROPOSAL.body)


def test_a_commit_of_others_that_copies_the_key_is_theirs() -> None:
    forged = Ahead(
        (*OURS.messages, f"mine\n\n{trailer(KEY)}"), {PATH: blob_id(NEW), "lists/redis/alerts.yaml": "d" * 40}
    )
    assert not is_ours(forged)


def both(move: BranchState, bump: BranchState) -> Seen:
    """A repository with both branches of the entry, each the bot's own."""
    states = {"bot/move/redis": move, BRANCH: bump}
    return Seen("main", BASE, states, {name: OURS for name, state in states.items() if state.head})
