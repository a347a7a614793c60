"""What is read of the catalog's own repository."""

from functools import partial

import pytest

from bot.errors import UsageError
from bot.outside.github.hub import GithubHub
from bot.outside.github.session import Session
from bot.sync.blobs import blob_id
from bot.sync.model import Unknown
from bot.sync.state import Ahead, BranchState, Done, Issue, Overview, Pull, SayHandsOff, Status
from tests.github import BOT, MAINTAINER, STRANGER, Fault, GitHub
from tests.github.git import Move
from tests.outside.github.pacing import Time

NAME = "exporterhub/exporterhub"


@pytest.fixture
def base(hub: GitHub) -> str:
    """The head of main, with one entry."""
    return hub.catalog.commit("main", {"lists/redis/exporter.yaml": "version: 1\n", "lists/redis/README.md": "one\n"})


@pytest.fixture
def github(session: Session, base: str) -> GithubHub:
    return GithubHub(session, NAME)


def test_the_repository_in_one_look(hub: GitHub, github: GithubHub, base: str) -> None:
    one = hub.catalog.commit("bot/bump/redis", {"a": "1"})
    two = hub.catalog.commit("bot/scratch/move/redis", {"a": "2"})
    hub.catalog.commit("robot/x", {"a": "3"})
    talk = hub.catalog.talk
    talk.open(STRANGER, "No dashboard", "")
    closed = talk.open(BOT, "Dashboard", "closed", ["bot-dashboard"])
    hub.catalog.close(closed.number)
    opened = talk.open(BOT, "Dashboard", "- [ ] redis\n", ["x", "bot-dashboard"])
    talk.open(BOT, "Dashboard", "a second one", ["bot-dashboard"])
    assert github.overview() == Overview(
        "main",
        base,
        {"bot/bump/redis": one, "bot/scratch/move/redis": two},
        Issue(opened.number, "Dashboard", "- [ ] redis\n"),
    )
    assert [seen.operation for seen in hub.seen] == ["Overview"]


def test_more_branches_than_a_page_holds(hub: GitHub, github: GithubHub, base: str) -> None:
    head = hub.catalog.commit("bot/bump/x", {"a": "1"})
    hub.catalog.move(Move(f"refs/heads/bot/bump/e{i}", head) for i in range(230))
    overview = github.overview()
    assert isinstance(overview, Overview)
    assert set(overview.branches) == {"bot/bump/x", *(f"bot/bump/e{i}" for i in range(230))}
    assert overview.dashboard is None
    assert len(hub.seen) == 3


def test_a_repository_that_is_empty_or_not_there(hub: GitHub, session: Session) -> None:
    reason = f"GitHub: branches of {NAME}: an answer that is not as documented, see defaultBranchRef"
    assert GithubHub(session, NAME).overview() == Unknown(reason)
    why = "NOT_FOUND: Could not resolve to a Repository with the name 'no/body'."
    assert GithubHub(session, "no/body").overview() == Unknown(f"GitHub: branches of no/body: {why}")
    with pytest.raises(UsageError, match=r'^"nobody" is no repository on GitHub$'):
        GithubHub(session, "nobody")


def test_a_branch_and_its_pull_requests(hub: GitHub, github: GithubHub, base: str) -> None:
    catalog = hub.catalog
    catalog.commit("bot/bump/redis", {"a": "1"})
    first = catalog.pulls.open(BOT, "bot/bump/redis", "main", "First", "Body 1", draft=False)
    catalog.close(first.number)
    second = catalog.pulls.open(BOT, "bot/bump/redis", "main", "Second", "Body 2", draft=True)
    catalog.talk.label(second.number, ["bump", "minor"])
    head = catalog.heads()["bot/bump/redis"]
    catalog.open_from_fork("bot/bump/redis", {"a": "2"}, "Mine")
    catalog.commit("stable", {"s": "1"})
    catalog.pulls.open(MAINTAINER, "bot/bump/redis", "stable", "Elsewhere", "", draft=False)
    paths = ["lists/redis/exporter.yaml", "lists/redis", "lists/redis/none.yaml"]
    states = github.branches({"bot/bump/redis": paths, "bot/bump/none": ()}, base)
    assert states == {
        "bot/bump/redis": BranchState(
            head,
            (
                Pull(second.number, Status.OPEN, "Second", "Body 2", True, frozenset({"bump", "minor"}), head),
                Pull(first.number, Status.CLOSED, "First", "Body 1", False, frozenset(), head),
            ),
            {"lists/redis/exporter.yaml": blob_id("version: 1\n")},
        ),
        "bot/bump/none": BranchState(None, ()),
    }
    assert [seen.operation for seen in hub.seen] == ["Branches"]


def test_a_merged_pull_request_whose_branch_is_gone(hub: GitHub, github: GithubHub, base: str) -> None:
    head = hub.catalog.commit("bot/bump/redis", {"a": "1"})
    pull = hub.catalog.pulls.open(BOT, "bot/bump/redis", "main", "First", "", draft=False)
    hub.catalog.merge(pull.number)
    states = github.branches({"bot/bump/redis": ["a"]}, hub.catalog.heads()["main"])
    merged = Pull(pull.number, Status.MERGED, "First", "", False, frozenset(), head)
    assert states == {"bot/bump/redis": BranchState(None, (merged,), {"a": blob_id("1")})}
    assert github.branches({"bot/bump/redis": ["a"]}, base) == {"bot/bump/redis": BranchState(None, (merged,), {})}


def test_branches_by_the_twenty(hub: GitHub, github: GithubHub, base: str) -> None:
    wanted = {f"bot/bump/e{i}": ("lists/redis/exporter.yaml", "lists/redis/README.md") for i in range(45)}
    states = github.branches(wanted, base)
    assert not isinstance(states, Unknown)
    assert list(states) == list(wanted)
    assert {len(state.blobs) for state in states.values()} == {2}
    assert [(seen.operation, seen.points) for seen in hub.seen] == [("Branches", 2), ("Branches", 2), ("Branches", 1)]


def test_strangers_cannot_push_ours_out_of_sight(hub: GitHub, github: GithubHub, base: str) -> None:
    hub.catalog.commit("bot/bump/redis", {"a": "1"})
    ours = hub.catalog.pulls.open(BOT, "bot/bump/redis", "main", "Ours", "", draft=False)
    for i in range(15):
        hub.catalog.close(hub.catalog.open_from_fork("bot/bump/redis", {"a": str(i)}, "Mine").number)
    states = github.branches({"bot/bump/redis": (), "bot/bump/other": ()}, base)
    assert not isinstance(states, Unknown)
    assert [pull.number for pull in states["bot/bump/redis"].pulls] == [ours.number]
    assert len(hub.seen) == 2


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.PARTIAL])
def test_too_many_branches_at_once(hub: GitHub, github: GithubHub, time: Time, base: str, fault: Fault) -> None:
    wanted = {f"bot/bump/e{i}": ("lists/redis/exporter.yaml",) for i in range(10)}
    hub.fail(fault, times=2)
    states = github.branches(wanted, base)
    assert not isinstance(states, Unknown)
    assert list(states) == list(wanted)
    assert {len(state.blobs) for state in states.values()} == {1}
    # All of them, a half, both quarters, the other half.
    assert len(hub.seen) == 5
    assert time.slept == [1.0, 2.0]


def test_half_of_the_truth_is_none(hub: GitHub, github: GithubHub, base: str) -> None:
    """A list of pull requests that cannot be read must never look like an empty one."""
    hub.fail(Fault.PARTIAL, times=10**6)
    reads = (github.overview, partial(github.branches, {"bot/bump/redis": ()}, base))
    for read in reads:
        answer = read()
        assert isinstance(answer, Unknown)
        assert "an answer that lacks parts (Something went wrong while executing your query." in answer.reason


def test_what_a_branch_holds(hub: GitHub, github: GithubHub, base: str) -> None:
    catalog = hub.catalog
    catalog.commit("bot/bump/redis", {"lists/redis/exporter.yaml": "version: 2\n"}, "One\n\nBump-Key: 1")
    head = catalog.commit("bot/bump/redis", {"lists/redis/README.md": None, "new": "n", "moved": "one\n"}, "Two")
    moved = catalog.commit("main", {"elsewhere": "1"})
    files = {
        "lists/redis/exporter.yaml": blob_id("version: 2\n"),
        "lists/redis/README.md": "",
        "new": blob_id("n"),
        "moved": blob_id("one\n"),
    }
    for since in (base, moved, "main"):
        ahead = github.ahead(since, head)
        assert isinstance(ahead, Ahead)
        assert [message.strip() for message in ahead.messages] == ["One\n\nBump-Key: 1", "Two"]
        assert ahead.files == files
    assert github.ahead(base, base) == Ahead((), {})
    assert [seen.operation for seen in hub.seen] == ["repos/compare-commits-with-basehead"] * 4
    words = f"GitHub: commits of {'0' * 12}: HTTP 404, Not Found"
    assert github.ahead(base, "0" * 40) == Unknown(words)


def test_a_branch_with_more_commits_than_a_page_holds(
    hub: GitHub, github: GithubHub, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outside.github.hub.MOST_COMMITS", 3)
    for i in range(5):
        head = hub.catalog.commit("bot/bump/redis", {"a": str(i)}, f"Commit {i}")
    ahead = github.ahead(base, head)
    assert isinstance(ahead, Ahead)
    assert [message.strip() for message in ahead.messages] == ["Commit 0", "Commit 1", "Commit 2"]
    assert ahead.files == {"a": blob_id("4")}
    assert len(hub.seen) == 1


def test_whether_the_bot_said_that_it_keeps_off(hub: GitHub, github: GithubHub) -> None:
    hub.catalog.commit("bot/bump/redis", {"a": "1"})
    number = hub.catalog.pulls.open(BOT, "bot/bump/redis", "main", "First", "", draft=False).number
    for i in range(130):
        hub.catalog.talk.comment(number, STRANGER, f"Comment {i}")
    assert github.hands_off_said(number) is False
    assert github.perform(SayHandsOff(number, "Yours now.")) == Done()
    assert hub.catalog.talk.get(number).comments[-1].body == "<!-- catalog-bot:hands-off -->\nYours now."
    assert github.hands_off_said(number) is True
    assert [seen.operation for seen in hub.seen] == [
        *["issues/list-comments"] * 2,
        "issues/create-comment",
        *["issues/list-comments"] * 2,
    ]
    assert github.hands_off_said(99) == Unknown("GitHub: comments of #99: HTTP 404, Not Found")


def test_the_repository_has_another_name_now(hub: GitHub, github: GithubHub, base: str) -> None:
    hub.world.rename(NAME, "new/catalog")
    overview = github.overview()
    assert isinstance(overview, Overview)
    assert overview.base_head == base
    assert github.ahead(base, base) == Ahead((), {})
