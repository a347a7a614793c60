"""What each action changes, in the double's git repository and elsewhere; and what is written how often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from bot.outside.github.hub import GithubHub
from bot.outside.github.session import Session
from bot.sync.model import File, Unknown
from bot.sync.state import (
    Action,
    ClosePull,
    DeleteBranch,
    Done,
    EditPull,
    OpenPull,
    PushBranch,
    Relabel,
    SayHandsOff,
    WriteDashboard,
)
from tests.github import BOT, MAINTAINER, Fault, GitHub, Seen
from tests.github.catalog import Catalog
from tests.outside.github.pacing import Time

BRANCH, SCRATCH = "bot/bump/redis", "bot/scratch/bump/redis"
PATH = "lists/redis/exporter.yaml"
NEW = 'version: "2"  # ä\r\n'


@pytest.fixture
def base(hub: GitHub) -> str:
    return hub.catalog.commit("main", {PATH: "version: 1\n", "other": "o\n"})


@pytest.fixture
def github(session: Session, base: str) -> GithubHub:
    return GithubHub(session, "exporterhub/exporterhub")


def push(base: str, expected: str | None = None) -> PushBranch:
    files = (File(PATH, "", NEW), File("lists/redis/README.md", "", "# Redis\n"))
    return PushBranch(BRANCH, SCRATCH, base, expected, "redis: 1 → 2", "Why.\n\nBump-Key: abc", files)


def opened(catalog: Catalog, draft: bool = False, labels: Sequence[str] = ()) -> int:
    """A pull request of the bot."""
    if BRANCH not in catalog.heads():
        catalog.commit(BRANCH, {PATH: "version: 2\n"})
    number = catalog.pulls.open(BOT, BRANCH, "main", "Title", "Body", draft).number
    catalog.talk.label(number, labels)
    return number


def writes(hub: GitHub) -> list[str]:
    return [seen.operation for seen in hub.writes]


# Branches


def check_pushed(catalog: Catalog, base: str) -> None:
    head = catalog.heads()[BRANCH]
    commit = catalog.git.commit(head)
    assert commit.parents == (base,)
    assert commit.message.strip() == "redis: 1 → 2\n\nWhy.\n\nBump-Key: abc"
    assert commit.author[0] == BOT.name
    assert catalog.read(BRANCH, PATH) == NEW
    assert catalog.read(BRANCH, "lists/redis/README.md") == "# Redis\n"
    assert catalog.read(BRANCH, "other") == "o\n"
    assert SCRATCH not in catalog.heads()


def test_a_new_branch(hub: GitHub, github: GithubHub, base: str) -> None:
    assert github.perform(push(base)) == Done()
    check_pushed(hub.catalog, base)
    assert [seen.operation for seen in hub.seen] == ["Places", "updateRefs", "createCommitOnBranch", "updateRefs"]


def test_an_open_pull_request_gets_its_new_commit_in_one_step(hub: GitHub, github: GithubHub, base: str) -> None:
    number = opened(hub.catalog)
    before = hub.catalog.heads()[BRANCH]
    now = hub.catalog.commit("main", {"main": "moved"})
    assert github.perform(push(now, before)) == Done()
    check_pushed(hub.catalog, now)
    thread, pull = hub.catalog.talk.pull(number)
    assert thread.open
    assert pull.head == hub.catalog.heads()[BRANCH]
    moves = [effect for seen in hub.seen for effect in seen.effects if "heads/bot/bump" in effect]
    assert moves == [f"refs/heads/{BRANCH} moved"]


def test_a_scratch_branch_that_was_left_behind(hub: GitHub, github: GithubHub, base: str) -> None:
    hub.catalog.commit(SCRATCH, {"half": "done"})
    assert github.perform(push(base)) == Done()
    check_pushed(hub.catalog, base)
    assert hub.catalog.read(BRANCH, "half") is None
    assert writes(hub) == ["updateRefs", "createCommitOnBranch", "updateRefs"]


def test_a_scratch_branch_that_is_where_it_should_be(hub: GitHub, github: GithubHub, base: str) -> None:
    hub.catalog.create(f"refs/heads/{SCRATCH}", base)
    assert github.perform(push(base)) == Done()
    check_pushed(hub.catalog, base)
    assert writes(hub) == ["createCommitOnBranch", "updateRefs"]


@pytest.mark.parametrize("expected", [None, "1" * 40])
def test_a_branch_that_is_not_where_it_was_seen(
    hub: GitHub, github: GithubHub, base: str, expected: str | None
) -> None:
    head = hub.catalog.commit(BRANCH, {"by": "hand"})
    moved = Unknown(f"GitHub: commit on {BRANCH}: {BRANCH} moved meanwhile")
    assert github.perform(push(base, expected)) == moved
    assert hub.catalog.heads() == {"main": base, BRANCH: head}
    assert writes(hub) == []


def test_a_person_pushes_at_the_last_moment(hub: GitHub, github: GithubHub, base: str) -> None:
    number = opened(hub.catalog)
    before = hub.catalog.heads()[BRANCH]

    def person(seen: Seen) -> None:
        if seen.operation == "createCommitOnBranch":
            hub.catalog.commit(BRANCH, {"by": "hand"})

    hub.on_request = person
    moved = Unknown(f"GitHub: commit on {BRANCH}: {BRANCH} moved meanwhile")
    assert github.perform(push(base, before)) == moved
    assert hub.catalog.read(BRANCH, "by") == "hand"
    assert hub.catalog.talk.get(number).open
    assert writes(hub) == ["updateRefs", "createCommitOnBranch", "updateRefs"]


@pytest.mark.parametrize(("at", "which"), [(1, SCRATCH), (2, SCRATCH), (3, BRANCH)])
def test_github_says_that_a_branch_moved(hub: GitHub, github: GithubHub, base: str, at: int, which: str) -> None:
    hub.fail(Fault.STALE, at=at)
    assert github.perform(push(base)) == Unknown(f"GitHub: commit on {BRANCH}: {which} moved meanwhile")
    assert BRANCH not in hub.catalog.heads()
    assert len(hub.writes) == at


def test_what_github_refuses_for_another_reason(hub: GitHub, github: GithubHub, base: str) -> None:
    action = replace(push(base), files=(File("../x", "", "x"),))
    reason = "UNPROCESSABLE: A path was requested for addition which is not valid."
    assert github.perform(action) == Unknown(f"GitHub: commit on {BRANCH}: {reason}")
    unknown = github.perform(push("1" * 40))
    assert unknown == Unknown(f"GitHub: commit on {BRANCH}: UNPROCESSABLE: Object does not exist")
    assert BRANCH not in hub.catalog.heads()


def test_a_branch_is_deleted(hub: GitHub, github: GithubHub, base: str) -> None:
    head = hub.catalog.commit(BRANCH, {"a": "1"})
    assert github.perform(DeleteBranch(BRANCH, head)) == Done()
    assert hub.catalog.heads() == {"main": base}
    assert github.perform(DeleteBranch(BRANCH, head)) == Done()
    assert writes(hub) == ["updateRefs"]


def test_a_branch_that_moved_is_not_deleted(hub: GitHub, github: GithubHub, base: str) -> None:
    head = hub.catalog.commit(BRANCH, {"a": "1"})
    now = hub.catalog.commit(BRANCH, {"a": "2"})
    moved = Unknown(f"GitHub: deletion of {BRANCH}: {BRANCH} moved meanwhile")
    assert github.perform(DeleteBranch(BRANCH, head)) == moved
    assert writes(hub) == []

    def person(seen: Seen) -> None:
        if seen.operation == "Places":
            hub.catalog.commit(BRANCH, {"a": "3"})

    hub.on_request = person
    assert github.perform(DeleteBranch(BRANCH, now)) == moved
    assert hub.catalog.read(BRANCH, "a") is not None


# Pull requests


def test_a_pull_request_is_opened(hub: GitHub, github: GithubHub, base: str) -> None:
    head = hub.catalog.commit(BRANCH, {"a": "1"})
    action = OpenPull(BRANCH, "main", "redis: 1 → 2", "Body\n", True, ("bump", "minor"))
    assert github.perform(action) == Done(1)
    thread, pull = hub.catalog.talk.pull(1)
    assert (thread.title, thread.body, thread.labels, thread.author) == (
        "redis: 1 → 2",
        "Body\n",
        ("bump", "minor"),
        BOT,
    )
    assert (pull.draft, pull.head, pull.base, pull.fork) == (True, head, "main", None)
    assert writes(hub) == ["pulls/create", "issues/add-labels"]
    reason = f"GitHub: new pull request of {BRANCH}: it exists already, and was not listed yet"
    assert github.perform(action) == Unknown(reason)
    assert len(hub.catalog.talk.threads) == 1


def test_a_pull_request_without_labels(hub: GitHub, github: GithubHub) -> None:
    hub.catalog.commit(BRANCH, {"a": "1"})
    assert github.perform(OpenPull(BRANCH, "main", "Title", "", False, ())) == Done(1)
    assert writes(hub) == ["pulls/create"]


def test_a_pull_request_of_nothing(hub: GitHub, github: GithubHub, base: str) -> None:
    hub.catalog.create(f"refs/heads/{BRANCH}", base)
    unknown = github.perform(OpenPull(BRANCH, "main", "Title", "", False, ("bump",)))
    reason = f"HTTP 422, Validation Failed; No commits between main and {BRANCH}"
    assert unknown == Unknown(f"GitHub: new pull request of {BRANCH}: {reason}")
    assert writes(hub) == ["pulls/create"]


@pytest.mark.parametrize("was_draft", [False, True])
@pytest.mark.parametrize("draft", [False, True])
def test_a_pull_request_is_edited(hub: GitHub, github: GithubHub, was_draft: bool, draft: bool) -> None:
    number = opened(hub.catalog, was_draft)
    assert github.perform(EditPull(number, "New", "Body 2", draft, was_draft)) == Done()
    thread, pull = hub.catalog.talk.pull(number)
    assert (thread.title, thread.body, pull.draft) == ("New", "Body 2", draft)
    change = "convertPullRequestToDraft" if draft else "markPullRequestReadyForReview"
    operations = ["pulls/update"] if draft == was_draft else ["pulls/get", change, "pulls/update"]
    assert [seen.operation for seen in hub.seen] == operations


def test_labels_come_and_go(hub: GitHub, github: GithubHub) -> None:
    number = opened(hub.catalog)
    hub.catalog.talk.label(number, ["bump", "minor", "needs:look"])
    action = Relabel(number, ("major", "breaks-alerts"), ("minor", "gone already", "needs:look"))
    assert github.perform(action) == Done()
    assert hub.catalog.talk.get(number).labels == ("bump", "major", "breaks-alerts")
    assert writes(hub) == ["issues/add-labels", *["issues/remove-label"] * 3]


def test_a_pull_request_is_closed(hub: GitHub, github: GithubHub) -> None:
    number = opened(hub.catalog)
    hub.catalog.talk.comment(number, MAINTAINER, "Why?")
    action = ClosePull(number, "withdrawn", "`main` has it already.\n\nBye.")
    assert github.perform(action) == Done()
    thread = hub.catalog.talk.get(number)
    assert (thread.open, thread.labels) == (False, ("withdrawn",))
    assert [comment.body for comment in thread.comments] == ["Why?", "`main` has it already.\n\nBye."]
    assert writes(hub) == ["issues/add-labels", "issues/create-comment", "pulls/update"]
    assert github.perform(action) == Done()
    assert hub.catalog.talk.get(number) == thread


def test_no_pull_request_has_this_number(hub: GitHub, github: GithubHub) -> None:
    for action in (
        EditPull(9, "T", "", False, False),
        Relabel(9, ("x",), ()),
        ClosePull(9, "x", "y"),
        SayHandsOff(9, "z"),
    ):
        assert github.perform(action) == Unknown("GitHub: change of #9: HTTP 404, Not Found")
    assert len(hub.seen) == 4


# The dashboard


def test_the_dashboard(hub: GitHub, github: GithubHub) -> None:
    assert github.perform(WriteDashboard(None, "Dashboard", "- [ ] a\n")) == Done(1)
    thread = hub.catalog.talk.get(1)
    assert (thread.title, thread.body, thread.labels) == ("Dashboard", "- [ ] a\n", ("bot-dashboard",))
    assert github.perform(WriteDashboard(1, "Dashboard 2", "b")) == Done()
    thread = hub.catalog.talk.get(1)
    assert (thread.title, thread.body, thread.labels, len(hub.catalog.talk.threads)) == (
        "Dashboard 2",
        "b",
        ("bot-dashboard",),
        1,
    )
    assert writes(hub) == ["issues/create", "issues/update"]


def test_writes_keep_a_second_between_them(hub: GitHub, github: GithubHub, time: Time, base: str) -> None:
    assert github.perform(push(base)) == Done()
    assert github.perform(OpenPull(BRANCH, "main", "T", "B", False, ("bump",))) == Done(1)
    pauses = [seconds for seconds in time.slept if seconds]
    assert len(hub.writes) == 5
    assert pauses == [1.0] * 4


# Whatever fails, wherever it fails


@dataclass(frozen=True, slots=True)
class Case:
    """An action, and what has to be there for it."""

    action: Callable[[Catalog], Action]
    requests: int


CASES = {
    "push": Case(lambda catalog: push(catalog.heads()["main"]), 4),
    "delete": Case(lambda catalog: DeleteBranch(BRANCH, catalog.commit(BRANCH, {"a": "1"})), 2),
    "open": Case(lambda catalog: _open(catalog), 2),
    "edit": Case(lambda catalog: EditPull(opened(catalog), "New", "Body 2", True, False), 3),
    "relabel": Case(lambda catalog: Relabel(opened(catalog, labels=["b"]), ("a",), ("b",)), 2),
    "close": Case(lambda catalog: ClosePull(opened(catalog), "withdrawn", "Why."), 4),
    "hands off": Case(lambda catalog: SayHandsOff(opened(catalog), "Yours."), 1),
    "dashboard": Case(lambda catalog: WriteDashboard(None, "Title", "Body"), 2),
}
HAPPENED = (Fault.CUT_AFTER, Fault.BAD_GATEWAY_AFTER, Fault.TRUNCATED)
NOTHING_HAPPENED = (Fault.CUT, Fault.BAD_GATEWAY)
REFUSED = (Fault.FORBIDDEN_RETRY_AFTER, Fault.TOO_MANY_SECONDARY)


def _open(catalog: Catalog) -> Action:
    catalog.commit(BRANCH, {"a": "1"})
    return OpenPull(BRANCH, "main", "T", "B", False, ("bump",))


def shape(catalog: Catalog) -> object:
    """What a run leaves, apart from times."""
    trees = {branch: catalog.git.commit(head).tree for branch, head in catalog.heads().items()}
    threads = [
        (
            one.title,
            one.body,
            one.labels,
            one.open,
            [comment.body for comment in one.comments],
            one.pull and one.pull.draft,
        )
        for one in catalog.talk.threads.values()
    ]
    return trees, threads


@pytest.mark.parametrize("name", CASES)
def test_no_write_is_sent_again_that_may_have_taken_effect(hub: GitHub, name: str) -> None:
    """Each fault at each request: reads and refused writes are made up for; any other write is left, and told of."""
    case = CASES[name]
    tried = 0

    def perform(number: int, fault: Fault | None) -> tuple[Done | Unknown, list[Seen], Catalog]:
        nonlocal tried
        tried += 1
        catalog = hub.world.add_catalog(f"catalog/{tried}", 1000 + tried)
        catalog.commit("main", {PATH: "version: 1\n", "other": "o\n"})
        action = case.action(catalog)
        start = len(hub.seen)
        if fault:
            hub.fail(fault, at=start + number)
        time = Time()
        done = GithubHub(Session("t", hub.url, time.pace()), f"catalog/{tried}").perform(action)
        hub.heal()
        return done, hub.seen[start:], catalog

    undisturbed, requests, left = perform(0, None)
    assert isinstance(undisturbed, Done)
    assert len(requests) == case.requests
    for number, request in enumerate(requests):
        for fault in (*HAPPENED, *NOTHING_HAPPENED, *REFUSED):
            done, seen, catalog = perform(number, fault)
            if fault in REFUSED or not request.write:
                assert done == undisturbed
                assert shape(catalog) == shape(left)
                assert len(seen) == len(requests) + 1
            else:
                assert isinstance(done, Unknown)
                assert not done.deferred
                assert done.reason.endswith("; nobody can say whether it took effect")
                assert [one.operation for one in seen] == [one.operation for one in requests[: number + 1]]
    assert tried == 1 + case.requests * 7
