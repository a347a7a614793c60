"""PyGithub, for real, against the double's REST interface."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from github import Github, GithubException, UnknownObjectException
from github.Repository import Repository

from tests.github import BOT, Asset, GitHub, Release, Tag, Upstream
from tests.github.clock import START


def said(error: pytest.ExceptionInfo[GithubException]) -> tuple[int, object]:
    """Status, and what is said of each field or at all."""
    data = error.value.data
    return error.value.status, data.get("errors", data["message"])


def test_a_pull_request_from_its_branch_to_its_end(hub: GitHub, repo: Repository) -> None:
    head = hub.catalog.commit("bot/bump/redis", {"lists/redis/exporter.yaml": "version: 2\n"}, author=BOT)
    pull = repo.create_pull(base="main", head="bot/bump/redis", title="Bump redis", body="From 1 to 2", draft=True)
    assert (pull.number, pull.draft, pull.head.sha, pull.state) == (1, True, head, "open")
    assert (pull.commits, pull.changed_files, pull.additions, pull.deletions, pull.mergeable) == (1, 1, 1, 1, True)
    pull.add_to_labels("bump", "patch")
    pull.remove_from_labels("patch")
    pull.edit(title="Bump redis to 2", body="New")
    comment = pull.create_issue_comment("Hello")
    comment.edit("Bye")
    listed = repo.get_pulls(
        state="all", head="exporterhub:bot/bump/redis", base="main", sort="created", direction="desc"
    )
    assert [(one.title, one.body, [label.name for label in one.labels]) for one in listed] == [
        ("Bump redis to 2", "New", ["bump"])
    ]
    assert [(one.user.login, one.body) for one in pull.get_issue_comments()] == [(BOT.login, "Bye")]
    hub.catalog.merge(1)
    again = repo.get_pull(1)
    assert (again.merged, again.state, [*hub.catalog.heads()]) == (True, "closed", ["main"])
    assert hub.catalog.read("main", "lists/redis/exporter.yaml") == "version: 2\n"
    assert [(one.operation, one.effects) for one in hub.writes] == [
        ("pulls/create", ("pull #1 opened",)),
        ("issues/add-labels", ("pull #1 labelled bump, patch",)),
        ("issues/remove-label", ("pull #1 labelled bump",)),
        ("pulls/update", ("pull #1 edited",)),
        ("issues/create-comment", ("pull #1 commented",)),
        ("issues/update-comment", ("comment 5001 of #1 edited",)),
    ]


def test_writing_what_is_there_already_changes_nothing(hub: GitHub, repo: Repository) -> None:
    issue = repo.create_issue(title="Dashboard", body="x", labels=["bot"])
    issue.edit(title="Dashboard", body="x", labels=["bot"])
    issue.add_to_labels("bot")
    assert [one.effects for one in hub.writes] == [("issue #1 opened",), (), ()]


REFUSALS: list[tuple[str, Callable[[Repository], object], int, object]] = [
    (
        "a second one",
        lambda repo: repo.create_pull(base="main", head="new", title="T", body=""),
        422,
        [
            {
                "resource": "PullRequest",
                "code": "custom",
                "message": "A pull request already exists for exporterhub:new.",
            }
        ],
    ),
    (
        "no commits",
        lambda repo: repo.create_pull(base="main", head="same", title="T", body=""),
        422,
        [{"resource": "PullRequest", "code": "custom", "message": "No commits between main and same"}],
    ),
    (
        "no such head",
        lambda repo: repo.create_pull(base="main", head="gone", title="T", body=""),
        422,
        [{"resource": "PullRequest", "code": "invalid", "field": "head"}],
    ),
    (
        "no such base",
        lambda repo: repo.create_pull(base="gone", head="new", title="T", body=""),
        422,
        [{"resource": "PullRequest", "code": "invalid", "field": "base"}],
    ),
    (
        "a body that is too long",
        lambda repo: repo.get_pull(1).edit(body="x" * 65537),
        422,
        [
            {
                "resource": "PullRequest",
                "code": "custom",
                "field": "body",
                "message": "body is too long (maximum is 65536 characters)",
            }
        ],
    ),
    ("no such pull request", lambda repo: repo.get_pull(9), 404, "Not Found"),
    ("no such label", lambda repo: repo.get_pull(1).remove_from_labels("x"), 404, "Label does not exist"),
    (
        "a ref that is there",
        lambda repo: repo.create_git_ref("refs/heads/new", "0" * 40),
        422,
        "Reference already exists",
    ),
    ("an object that is not", lambda repo: repo.create_git_ref("refs/heads/x", "1" * 40), 422, "Object does not exist"),
    ("no such ref", lambda repo: repo.get_git_ref("heads/gone"), 404, "Not Found"),
    ("no such comparison", lambda repo: repo.compare("main", "gone").status, 404, "Not Found"),
]


@pytest.mark.parametrize(("ask", "status", "words"), [one[1:] for one in REFUSALS], ids=[one[0] for one in REFUSALS])
def test_refusals(
    hub: GitHub, repo: Repository, ask: Callable[[Repository], object], status: int, words: object
) -> None:
    main = hub.catalog.heads()["main"]
    hub.catalog.commit("new", {"x": "1"})
    repo.create_git_ref("refs/heads/same", main)
    repo.create_pull(base="main", head="new", title="T", body="")
    with pytest.raises(GithubException) as error:
        ask(repo)
    assert said(error) == (status, words)
    assert hub.seen[-1].effects == ()


def reopen(hub: GitHub, repo: Repository) -> object:
    """What is said of opening pull request 1 again; nothing where it opens."""
    try:
        repo.get_pull(1).edit(state="open")
    except GithubException as error:
        return error.data["errors"][0]["message"]
    assert hub.catalog.talk.get(1).open
    return None


def test_closed_pull_requests_open_again_only_as_they_were(hub: GitHub, repo: Repository) -> None:
    branch = "bot/bump/redis"
    hub.catalog.commit(branch, {"x": "1"})
    pull = repo.create_pull(base="main", head=branch, title="T", body="")
    pull.edit(state="closed")
    assert reopen(hub, repo) is None
    pull.edit(state="closed")
    hub.catalog.commit(branch, {"x": "2"})
    assert reopen(hub, repo) is None
    pull.edit(state="closed")
    hub.catalog.amend(branch, {"x": "3"})
    assert reopen(hub, repo) == f"state cannot be changed. The {branch} branch was force-pushed or recreated."
    repo.create_pull(base="main", head=branch, title="T", body="")
    assert reopen(hub, repo) == f"state cannot be changed. A pull request already exists for exporterhub:{branch}."
    repo.get_git_ref(f"heads/{branch}").delete()
    assert hub.seen[-1].effects == (f"refs/heads/{branch} deleted", "pull #2 closed")
    assert reopen(hub, repo) == f"state cannot be changed. The {branch} branch has been deleted."


def test_pages_of_pull_requests(hub: GitHub, gh: Github, repo: Repository) -> None:
    for number in range(1, 8):
        hub.catalog.commit(f"b{number}", {f"f{number}": "x"})
        hub.catalog.open_pull(f"b{number}", f"T{number}")
    hub.catalog.close(3)
    gh.per_page = 3
    assert [one.number for one in repo.get_pulls()] == [7, 6, 5, 4, 2, 1]
    assert [one.number for one in repo.get_pulls(state="closed")] == [3]
    assert [one.number for one in repo.get_pulls(state="all", direction="asc")] == [1, 2, 3, 4, 5, 6, 7]
    assert repo.get_pulls(state="all").totalCount == 7
    assert ["&page=2" in one.path.replace("?", "&") for one in hub.seen[:2]] == [False, True]


def test_pull_requests_of_forks_are_apart(hub: GitHub, repo: Repository) -> None:
    hub.catalog.open_from_fork("bot/bump/redis", {"x": "evil"}, "Mine")
    assert list(repo.get_pulls(head="exporterhub:bot/bump/redis")) == []
    assert [(one.head.repo.full_name, one.head.ref) for one in repo.get_pulls(head="stranger:bot/bump/redis")] == [
        ("stranger/exporterhub", "bot/bump/redis")
    ]


def test_issues_are_found_by_label_state_and_author(hub: GitHub, repo: Repository) -> None:
    board = repo.create_issue(title="Dashboard", body="One", labels=["bot", "board"])
    repo.create_issue(title="Other", labels=["bot"])
    hub.catalog.commit("new", {"x": "1"})
    repo.create_pull(base="main", head="new", title="Pull", body="")
    board.edit(body="Two", state="closed")
    assert [one.number for one in repo.get_issues()] == [3, 2]
    assert [(one.number, one.body) for one in repo.get_issues(state="all", labels=["board"])] == [(1, "Two")]
    assert [one.number for one in repo.get_issues(state="all", creator=board.user)] == [3, 2, 1]
    assert repo.get_issue(3).pull_request is not None


def test_what_a_branch_holds_that_another_does_not(hub: GitHub, repo: Repository) -> None:
    hub.catalog.commit("new", {"lists/redis/exporter.yaml": "version: 2\n"}, "First")
    hub.catalog.commit("new", {"README.md": None, "added": "a\nb\n"}, "Second\n\nKey: x")
    hub.catalog.commit("main", {"other": "x"})
    found = repo.compare("main", "new")
    assert (found.status, found.ahead_by, found.behind_by, found.total_commits) == ("diverged", 2, 1, 2)
    assert [one.commit.message for one in found.commits] == ["First", "Second\n\nKey: x"]
    assert [(one.filename, one.status, one.additions, one.deletions) for one in found.files] == [
        ("README.md", "removed", 0, 1),
        ("added", "added", 2, 0),
        ("lists/redis/exporter.yaml", "modified", 1, 1),
    ]
    assert found.files[1].sha == hub.catalog.git.files(hub.catalog.heads()["new"])["added"]
    assert repo.compare("main", "main").status == "identical"


def test_a_file_that_was_renamed(hub: GitHub, repo: Repository) -> None:
    hub.catalog.commit("new", {"README.md": None, "READ.md": "Hello\n"})
    assert [(one.filename, one.status, one.previous_filename) for one in repo.compare("main", "new").files] == [
        ("READ.md", "renamed", "README.md")
    ]


def test_releases_and_tags_of_an_upstream(hub: GitHub, gh: Github) -> None:
    asset = Asset("node.tar.gz", "sha256:" + "a" * 64)
    releases = [Release(f"v1.{n}", START + timedelta(days=n), (asset,), notes=f"N{n}") for n in range(35)]
    rc = Release("v2-rc", START + timedelta(days=99), prerelease=True)
    draft = Release("v9", None, draft=True)
    hub.add(Upstream("prometheus/node_exporter", 11, releases=[*releases, rc, draft], tags=[Tag("old")]))
    repo = gh.get_repo("prometheus/node_exporter")
    assert (repo.id, repo.archived) == (11, False)
    found = repo.get_release("v1.7")
    assert [(one.name, one.digest) for one in found.assets] == [("node.tar.gz", "sha256:" + "a" * 64)]
    assert [one.name for one in found.get_assets()] == ["node.tar.gz"]
    assert (found.body, found.published_at, found.prerelease) == ("N7", START + timedelta(days=7), False)
    assert [one.tag_name for one in repo.get_releases()] == ["v2-rc", *(f"v1.{n}" for n in range(34, -1, -1))]
    assert repo.get_latest_release().tag_name == "v1.34"
    assert [one.name for one in repo.get_tags()][:2] == ["v2-rc", "v1.9"]
    assert [one.ref for one in repo.get_git_matching_refs("tags/v1.1")][:2] == ["refs/tags/v1.1", "refs/tags/v1.10"]
    with pytest.raises(UnknownObjectException):
        repo.get_release("v9")
    with pytest.raises(UnknownObjectException):
        repo.get_release("old")


def test_a_repository_that_moved_is_found_by_its_old_name_until_somebody_takes_it(hub: GitHub, gh: Github) -> None:
    hub.add(Upstream("a/old", 11, releases=[Release("v1")]))
    hub.world.rename("a/old", "b/new")
    assert gh.get_repo("a/old").full_name == "b/new"
    assert [(one.path, one.status) for one in hub.seen] == [("/repos/a/old", 301), ("/repositories/11", 200)]
    assert gh.get_repo("a/old").get_release("v1").tag_name == "v1"
    hub.add(Upstream("A/Old", 12))
    assert gh.get_repo("a/old").id == 12
    assert gh.get_repo("b/new").id == 11
    hub.world.delete("b/new")
    with pytest.raises(UnknownObjectException):
        gh.get_repo("b/new")


def test_upstreams_are_read_only(hub: GitHub, gh: Github) -> None:
    hub.add(Upstream("a/b", 11))
    repo = gh.get_repo("a/b")
    with pytest.raises(GithubException) as error:
        repo.create_issue("x")
    assert said(error) == (403, "Resource not accessible by integration")
