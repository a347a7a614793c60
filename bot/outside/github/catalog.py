"""What GraphQL is asked about the catalog's own repository, and how its answers are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from github.Repository import Repository

from bot.outside.github.answer import Node
from bot.outside.github.session import Session
from bot.sync.state import Issue, Overview, Pull, Status

DASHBOARD = "bot-dashboard"
"""The label of the dashboard issue."""
HEADS = "refs/heads/"
FIRST_PULLS = 10
"""Of each branch, newest first; GitHub sorts those from forks in between."""

OVERVIEW = """
query Overview($owner: String!, $name: String!, $labels: [String!], $after: String) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef { name target { oid } }
    refs(refPrefix: "refs/heads/bot/", first: 100, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { prefix name target { oid } }
    }
    issues(labels: $labels, states: OPEN, first: 1, orderBy: {field: CREATED_AT, direction: ASC}) {
      nodes { number title body }
    }
  }
}
"""
_PLACES = """
query Places($owner: String!, $name: String!, $branch: String!, $scratch: String!) {
  repository(owner: $owner, name: $name) {
    id nameWithOwner
    branch: ref(qualifiedName: $branch) { target { oid } }
    scratch: ref(qualifiedName: $scratch) { target { oid } }
  }
}
"""
_DASHBOARD = """
query Dashboard($owner: String!, $name: String!, $labels: [String!]) {
  repository(owner: $owner, name: $name) {
    issues(labels: $labels, states: OPEN, first: 1, orderBy: {field: CREATED_AT, direction: ASC}) { nodes { number } }
  }
}
"""
_PULLS = """
  p%(i)d: pullRequests(
    headRefName: $h%(i)d, first: $first, after: $a%(i)d, orderBy: {field: CREATED_AT, direction: DESC}
  ) {
    pageInfo { hasNextPage endCursor }
    nodes {
      number state title body isDraft headRefOid isCrossRepository baseRefName
      labels(first: 100) { nodes { name } }
    }
  }
"""
_BRANCH = "r%(i)d: ref(qualifiedName: $q%(i)d) { target { oid } }"
_BLOB = "b%(i)d: object(expression: $e%(i)d) { __typename oid }"


@dataclass(frozen=True, slots=True)
class Pulls:
    """A page of a branch's pull requests."""

    ours: tuple[Pull, ...]
    forks: bool
    """Whether others are among them, from forks or to other branches."""
    after: str | None
    """Where the next page begins; None where this is the last one."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where two branches are; None where there is no such branch."""

    id: str
    """GraphQL's, of the repository."""
    repository: str
    """OWNER/NAME today."""
    branch: str | None
    scratch: str | None


@dataclass(frozen=True, slots=True)
class Catalog:
    """One repository. Every method raises Unanswered and Refused."""

    session: Session
    name: str
    """OWNER/NAME."""

    def rest(self) -> Repository:
        """For what REST can do with it; nothing is asked yet."""
        return self.session.repository(self.name)

    def ask(self, query: str, variables: Mapping[str, object], tries: int | None = None) -> Node:
        """The repository in a complete answer; half of the truth about what is open would be worse than nothing."""
        owner, _, name = self.name.partition("/")
        return self.session.ask(query, {**variables, "owner": owner, "name": name}, tries=tries).node("repository")

    def places(self, branch: str, scratch: str) -> Places:
        """Where two branches are now."""
        found = self.ask(_PLACES, {"branch": HEADS + branch, "scratch": HEADS + scratch})
        here, there = (target(found.node_or_none(alias)) for alias in ("branch", "scratch"))
        return Places(found.text("id"), found.text("nameWithOwner"), here, there)

    def dashboard(self) -> int | None:
        """The number of the dashboard issue."""
        issues = self.ask(_DASHBOARD, {"labels": [DASHBOARD]}).node("issues").nodes("nodes")
        return next((issue.number("number") for issue in issues), None)


@cache
def branches_query(branches: int, blobs: int) -> str:
    """For so many branches: their heads and pull requests; and so many blobs of the base."""
    names = "".join(f", $q{i}: String!, $h{i}: String!, $a{i}: String" for i in range(branches))
    expressions = "".join(f", $e{i}: String!" for i in range(blobs))
    fields = "".join((_BRANCH + _PULLS) % {"i": i} for i in range(branches))
    fields += "\n".join(_BLOB % {"i": i} for i in range(blobs))
    return (
        f"query Branches($owner: String!, $name: String!, $first: Int!{names}{expressions}) {{"
        f" repository(owner: $owner, name: $name) {{ defaultBranchRef {{ name }} {fields} }} }}"
    )


def branches_variables(
    branches: Sequence[tuple[str, str | None]], expressions: Sequence[str], first: int
) -> dict[str, object]:
    """What `branches_query` needs: branches with where the page of their pull requests begins; and blobs."""
    found: dict[str, object] = {"first": first}
    for i, (branch, after) in enumerate(branches):
        found |= {f"q{i}": HEADS + branch, f"h{i}": branch, f"a{i}": after}
    return found | {f"e{i}": expression for i, expression in enumerate(expressions)}


def pulls(connection: Node, base: str) -> Pulls:
    """Pull requests from the repository's own branch into the base; anybody may open one from a fork."""
    info, nodes = connection.node("pageInfo"), connection.nodes("nodes")
    own = [node for node in nodes if not node.flag("isCrossRepository") and node.text("baseRefName") == base]
    after = info.text_or_none("endCursor") if info.flag("hasNextPage") else None
    return Pulls(tuple(map(_pull, own)), len(own) < len(nodes), after)


def target(ref: Node | None) -> str | None:
    """The object id that a ref holds; None where there is no such ref."""
    return ref.node("target").text("oid") if ref else None


def blobs(repository: Node, paths: Sequence[str]) -> dict[str, str]:
    """By path, the object ids of those that are files."""
    found = [(path, repository.node_or_none(f"b{i}")) for i, path in enumerate(paths)]
    return {path: node.text("oid") for path, node in found if node and node.text("__typename") == "Blob"}


def overview(repository: Node, branches: Mapping[str, str]) -> Overview:
    """From the first page, with the branches of all. Raises Malformed for a repository without a commit."""
    base = repository.node("defaultBranchRef")
    issues = repository.node("issues").nodes("nodes")
    return Overview(
        base=base.text("name"),
        base_head=base.node("target").text("oid"),
        branches=dict(branches),
        dashboard=next((Issue(each.number("number"), each.text("title"), each.text("body")) for each in issues), None),
    )


def heads(refs: Node) -> dict[str, str]:
    """Object ids by branch; GitHub splits the full name of a ref into prefix and name."""
    found = {}
    for ref in refs.nodes("nodes"):
        full = ref.text("prefix") + ref.text("name")
        found[full.removeprefix(HEADS)] = ref.node("target").text("oid")
    return found


def _pull(pull: Node) -> Pull:
    return Pull(
        number=pull.number("number"),
        status=Status(pull.text("state").lower()),
        title=pull.text("title"),
        body=pull.text("body"),
        draft=pull.flag("isDraft"),
        labels=frozenset(label.text("name") for label in _labels(pull)),
        head=pull.text("headRefOid"),
    )


def _labels(pull: Node) -> tuple[Node, ...]:
    labels = pull.node_or_none("labels")
    return labels.nodes("nodes") if labels else ()
