"""The catalog's repository: what GraphQL changes is there in git, and pull requests follow their branches."""

import subprocess
from pathlib import Path

import pytest
import requests

from tests.github import BOT, Fault, GitHub, Person
from tests.github.asking import ZERO, commit, errors, graphql, update_refs
from tests.github.git import Git
from tests.github.threads import PullPart

BUMP, SCRATCH = "bot/bump/redis", "bot/scratch/redis"
EXPORTER = "lists/redis/exporter.yaml"


def head(hub: GitHub, branch: str) -> str:
    return hub.catalog.heads()[branch]


def scratch(hub: GitHub, http: requests.Session) -> str:
    """A scratch branch with a commit of the bot; its head."""
    main = head(hub, "main")
    update_refs(hub, http, {"name": f"refs/heads/{SCRATCH}", "afterOid": main, "beforeOid": ZERO})
    assert "errors" not in commit(hub, http, SCRATCH, main, {EXPORTER: "version: 2\n"})
    return head(hub, SCRATCH)


def part(hub: GitHub, number: int) -> tuple[bool, PullPart]:
    thread, pull = hub.catalog.talk.pull(number)
    return thread.open, pull


def test_what_was_committed_can_be_cloned(hub: GitHub, http: requests.Session, tmp_path: Path) -> None:
    main = head(hub, "main")
    body = commit(hub, http, "main", main, {EXPORTER: "version: 2\n", 'odd "name"\\é': "x", "README.md": None})
    assert body == {
        "data": {
            "createCommitOnBranch": {
                "commit": {
                    "oid": head(hub, "main"),
                    "message": "Bump redis to 2\n\nBump-Key: abc",
                    "author": {"user": {"login": BOT.login}},
                    "signature": {"isValid": True},
                }
            }
        }
    }
    assert (hub.seen[-1].operation, hub.seen[-1].write, hub.seen[-1].effects) == (
        "createCommitOnBranch",
        True,
        ("refs/heads/main moved",),
    )
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", hub.catalog.clone_url, str(clone)], check=True)
    files = [path for path in clone.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert {path.relative_to(clone).as_posix(): path.read_text() for path in files} == {
        EXPORTER: "version: 2\n",
        'odd "name"\\é': "x",
    }
    shown = subprocess.run(
        ["git", "-C", str(clone), "log", "--format=%P %an <%ae> %cn%n%B", "-1"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert shown.splitlines() == [
        f"{main} exporterhub-bot <1001+exporterhub-bot@users.noreply.github.com> GitHub",
        "Bump redis to 2",
        "",
        "Bump-Key: abc",
    ]
    subprocess.run(["git", "--git-dir", str(hub.catalog.git.path), "fsck", "--strict"], check=True, capture_output=True)


def test_refused_commits(hub: GitHub, http: requests.Session) -> None:
    main = head(hub, "main")
    moved = hub.catalog.commit("main", {"x": "1"})
    words = f'Expected branch to point to "{main}" but it did not.  Pull and try again.'
    assert errors(commit(hub, http, "main", main, {"y": "1"})) == [("STALE_DATA", words)]
    gone = "Could not resolve to a branch with the name 'gone'."
    assert errors(commit(hub, http, "gone", moved, {"y": "1"})) == [("NOT_FOUND", gone)]
    words = f"A path was requested for deletion which does not exist as of commit oid `{moved}`"
    assert errors(commit(hub, http, "main", moved, {"nothing": None})) == [("UNPROCESSABLE", words)]
    words = "A path was requested for addition which is not valid."
    assert errors(commit(hub, http, "main", moved, {"../x": "1"})) == [("UNPROCESSABLE", words)]
    assert head(hub, "main") == moved
    assert [one.effects for one in hub.writes] == [()] * 4


def test_a_stale_head_though_it_was_right(hub: GitHub, http: requests.Session) -> None:
    main = head(hub, "main")
    hub.fail(Fault.STALE, matching="createCommitOnBranch")
    words = f'Expected branch to point to "{main}" but it did not.  Pull and try again.'
    assert errors(commit(hub, http, "main", main, {"y": "1"})) == [("STALE_DATA", words)]
    assert head(hub, "main") == main
    assert "errors" not in commit(hub, http, "main", main, {"y": "1"})


def test_refs_move_together_or_not_at_all(hub: GitHub, http: requests.Session) -> None:
    made = scratch(hub, http)
    drop = {"name": f"refs/heads/{SCRATCH}", "beforeOid": made, "afterOid": ZERO}
    point = {"name": f"refs/heads/{BUMP}", "beforeOid": ZERO, "afterOid": made, "force": True}
    wrong = {**point, "beforeOid": head(hub, "main")}
    assert [kind for kind, _ in errors(update_refs(hub, http, drop, wrong))] == ["STALE_DATA"]
    assert [*hub.catalog.heads()] == [SCRATCH, "main"]
    assert "errors" not in update_refs(hub, http, point, drop)
    assert hub.catalog.heads() == {BUMP: made, "main": head(hub, "main")}
    assert hub.seen[-1].effects == (f"refs/heads/{BUMP} created", f"refs/heads/{SCRATCH} deleted")
    assert [kind for kind, _ in errors(update_refs(hub, http, point, drop))] == ["STALE_DATA"]
    back = {"name": f"refs/heads/{BUMP}", "beforeOid": made, "afterOid": head(hub, "main")}
    assert errors(update_refs(hub, http, back)) == [("UNPROCESSABLE", "Update is not a fast forward")]
    unknown = {**back, "afterOid": "1" * 40, "force": True}
    assert errors(update_refs(hub, http, unknown)) == [("UNPROCESSABLE", "Object does not exist")]


def test_single_refs_by_graphql(hub: GitHub, http: requests.Session) -> None:
    main = head(hub, "main")
    create = (
        'mutation { createRef(input: {repositoryId: "R_100", name: "refs/heads/x", oid: "%s"}) { ref { id name } } }'
    )
    found = graphql(hub, http, create % main)["data"]
    assert found == {"createRef": {"ref": {"id": "REF_100_refs/heads/x", "name": "x"}}}
    assert errors(graphql(hub, http, create % main)) == [("UNPROCESSABLE", "Reference already exists")]
    made = hub.catalog.commit("main", {"x": "1"})
    update = 'mutation { updateRef(input: {refId: "REF_100_refs/heads/x", oid: "%s"}) { ref { target { oid } } } }'
    assert graphql(hub, http, update % made)["data"] == {"updateRef": {"ref": {"target": {"oid": made}}}}
    delete = 'mutation { deleteRef(input: {refId: "REF_100_refs/heads/x"}) { clientMutationId } }'
    assert graphql(hub, http, delete)["data"] == {"deleteRef": {"clientMutationId": None}}
    gone = "Could not resolve to a node with the global id of 'REF_100_refs/heads/x'"
    assert errors(graphql(hub, http, delete)) == [("NOT_FOUND", gone)]


def test_a_pull_request_follows_its_branch(hub: GitHub, http: requests.Session) -> None:
    first = scratch(hub, http)
    update_refs(hub, http, {"name": f"refs/heads/{BUMP}", "afterOid": first, "beforeOid": ZERO})
    hub.catalog.open_pull(BUMP, "T")
    second = commit(hub, http, BUMP, first, {EXPORTER: "version: 3\n"})
    assert "errors" not in second
    assert part(hub, 1) == (True, PullPart(BUMP, head(hub, BUMP), "main", head(hub, "main")))
    assert hub.seen[-1].effects == (f"refs/heads/{BUMP} moved", "pull #1 got a new head")


@pytest.mark.parametrize("after", [ZERO, "main"])
def test_a_pull_request_closes_with_its_branch_and_when_its_head_becomes_the_base(
    hub: GitHub, http: requests.Session, after: str
) -> None:
    made = hub.catalog.commit(BUMP, {"x": "1"})
    hub.catalog.open_pull(BUMP, "T")
    target = head(hub, "main") if after == "main" else ZERO
    update_refs(hub, http, {"name": f"refs/heads/{BUMP}", "beforeOid": made, "afterOid": target, "force": True})
    is_open, pull = part(hub, 1)
    assert (is_open, pull.merged) == (False, None)
    assert pull.head == (made if target == ZERO else target)
    assert hub.seen[-1].effects[-1] == "pull #1 closed"


def test_a_pull_request_is_merged_when_its_commits_are_pushed_to_the_base(hub: GitHub, tmp_path: Path) -> None:
    hub.catalog.commit(BUMP, {"x": "1"})
    hub.catalog.open_pull(BUMP, "T")
    clone = str(tmp_path / "clone")
    subprocess.run(["git", "clone", "--quiet", hub.catalog.clone_url, clone], check=True)
    subprocess.run(["git", "-C", clone, "push", "--quiet", "origin", f"origin/{BUMP}:main"], check=True)
    hub.catalog.heads()
    is_open, pull = part(hub, 1)
    assert (is_open, pull.merge_commit) == (False, head(hub, "main"))


def test_a_merge_that_conflicts(hub: GitHub, http: requests.Session) -> None:
    hub.catalog.commit(BUMP, {EXPORTER: "version: 2\n"})
    hub.catalog.open_pull(BUMP, "T")
    query = '{ repository(owner: "exporterhub", name: "exporterhub") { pullRequest(number: 1) { mergeable } } }'

    def mergeable() -> object:
        return graphql(hub, http, query)["data"]

    assert mergeable() == {"repository": {"pullRequest": {"mergeable": "MERGEABLE"}}}
    hub.catalog.commit("main", {EXPORTER: "version: 3\n"})
    assert mergeable() == {"repository": {"pullRequest": {"mergeable": "CONFLICTING"}}}


def test_drafts(hub: GitHub, http: requests.Session) -> None:
    hub.catalog.commit(BUMP, {"x": "1"})
    hub.catalog.open_pull(BUMP, "T")
    shape = '(input: {pullRequestId: "PR_100_1"}) { pullRequest { number isDraft } }'
    draft = graphql(hub, http, f"mutation {{ convertPullRequestToDraft{shape} }}")
    assert draft["data"] == {"convertPullRequestToDraft": {"pullRequest": {"number": 1, "isDraft": True}}}
    ready = graphql(hub, http, f"mutation {{ markPullRequestReadyForReview{shape} }}")
    assert ready["data"] == {"markPullRequestReadyForReview": {"pullRequest": {"number": 1, "isDraft": False}}}
    assert [one.effects for one in hub.writes] == [("pull #1 made a draft",), ("pull #1 made ready",)]


def test_the_catalog_in_one_look(hub: GitHub, http: requests.Session) -> None:
    made = hub.catalog.commit(BUMP, {"x": "1"})
    hub.catalog.open_pull(BUMP, "T", "B")
    hub.catalog.label(1, "bump")
    hub.catalog.open_from_fork(BUMP, {"x": "evil"}, "Mine")
    hub.catalog.open_issue("Dashboard", "D")
    hub.catalog.label(3, "board")
    query = """
    query Overview { repository(owner: "exporterhub", name: "exporterhub") {
      defaultBranchRef { name target { oid } }
      object(expression: "main:README.md") { oid ... on Blob { text } }
      gone: object(expression: "main:nothing") { oid }
      refs(refPrefix: "refs/heads/bot/", first: 100) { nodes { prefix name target { oid } } }
      pullRequests(
        headRefName: "bot/bump/redis", states: [OPEN], first: 9, orderBy: {field: CREATED_AT, direction: DESC}
      ) { nodes {
        number state title body isDraft merged headRefOid isCrossRepository labels(first: 9) { nodes { name } }
      } }
      issues(labels: ["board"], states: [OPEN], first: 1) { nodes { number title body } }
    } }
    """
    body = graphql(hub, http, query)
    fork = hub.catalog.talk.get(2).pull
    assert fork is not None

    def pull(number: int, title: str, text: str, oid: str, labels: list[str]) -> dict[str, object]:
        names = {"nodes": [{"name": name} for name in labels]}
        facts = {"state": "OPEN", "isDraft": False, "merged": False, "isCrossRepository": number == 2}
        return {"number": number, "title": title, "body": text, "headRefOid": oid, "labels": names, **facts}

    assert body == {
        "data": {
            "repository": {
                "defaultBranchRef": {"name": "main", "target": {"oid": head(hub, "main")}},
                "object": {"oid": hub.catalog.git.files("main")["README.md"], "text": "Hello\n"},
                "gone": None,
                "refs": {"nodes": [{"prefix": "refs/heads/", "name": BUMP, "target": {"oid": made}}]},
                "pullRequests": {"nodes": [pull(2, "Mine", "", fork.head, []), pull(1, "T", "B", made, ["bump"])]},
                "issues": {"nodes": [{"number": 3, "title": "Dashboard", "body": "D"}]},
            }
        }
    }


def test_two_runs_make_the_same_commits(http: requests.Session) -> None:
    def run() -> dict[str, str]:
        with GitHub() as hub:
            hub.catalog.commit("main", {EXPORTER: "version: 1\n"}, author=Person("a", 7, "Ann"))
            made = scratch(hub, http)
            update_refs(hub, http, {"name": f"refs/heads/{BUMP}", "afterOid": made, "beforeOid": ZERO})
            return hub.catalog.heads()

    first = run()
    assert [*first] == [BUMP, SCRATCH, "main"]
    assert run() == first


def test_an_amended_commit_keeps_its_parent(hub: GitHub) -> None:
    main = head(hub, "main")
    first = hub.catalog.commit(BUMP, {"x": "1"}, "Message")
    second = hub.catalog.amend(BUMP, {"x": "2"})
    assert hub.catalog.git.commit(second).parents == hub.catalog.git.commit(first).parents == (main,)
    assert hub.catalog.read(BUMP, "x") == "2"


def test_a_folder_can_be_committed_whole(hub: GitHub, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "binary").write_bytes(b"\0\xff\n")
    oid = hub.catalog.commit_folder("main", tmp_path)
    assert hub.catalog.git.read(hub.catalog.git.files(oid)["lists/binary"]) == b"\0\xff\n"


def test_refs_are_those_that_git_tells(hub: GitHub, http: requests.Session) -> None:
    hub.catalog.commit(BUMP, {"x": "1"})
    hub.catalog.open_pull(BUMP, "T")
    hub.catalog.git.run("pack-refs", "--all")
    hub.catalog.commit(BUMP, {"x": "2"})
    scratch(hub, http)
    told = hub.catalog.git.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/pull").decode()
    assert [f"{ref} {oid}" for ref, oid in hub.catalog.refs().items()] == told.splitlines()
    assert len(told.splitlines()) == 4


def test_blob_ids_are_gits(tmp_path: Path) -> None:
    git = Git(tmp_path / "x.git")
    assert (
        git.run("hash-object", "--stdin", given=b"hello\n").decode().strip()
        == "ce013625030ba8dba906f756967f9e9ca394464a"
    )
