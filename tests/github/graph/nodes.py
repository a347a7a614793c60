"""Objects of the GraphQL interface, made from the double's state."""

from dataclasses import dataclass

from tests.github.catalog import Catalog
from tests.github.clock import stamp
from tests.github.git import Commit
from tests.github.graph.connections import Node
from tests.github.people import WEB_FLOW, Person, known_by
from tests.github.threads import PullPart, Thread
from tests.github.upstream import Asset, Release, Tag, Upstream, object_id
from tests.github.world import Repository

WEB = "https://github.com"


def number_of(*words: str) -> int:
    """A made-up database id, always the same for the same words."""
    return int(object_id(*words)[:7], 16)


def actor(person: Person) -> Node:
    """An account."""
    return {
        "__typename": person.kind,
        "id": f"U_{person.id}",
        "databaseId": person.id,
        "login": person.login,
        "name": person.name,
        "url": f"{WEB}/{person.login}",
    }


def repository(found: Repository) -> Node:
    """A repository; the fields with arguments are resolved from `held`."""
    owner, name = found.name.split("/")
    archived = isinstance(found, Upstream) and found.archived
    return {
        "held": found,
        "id": f"R_{found.id}",
        "databaseId": found.id,
        "name": name,
        "nameWithOwner": found.name,
        "owner": {
            "__typename": "Organization",
            "id": f"O_{number_of(owner)}",
            "databaseId": number_of(owner),
            "login": owner,
            "name": owner,
            "url": f"{WEB}/{owner}",
        },
        "url": f"{WEB}/{found.name}",
        "createdAt": stamp(found.created),
        "pushedAt": stamp(found.created),
        "isArchived": archived,
        "isDisabled": False,
        "isEmpty": False,
        "isFork": False,
        "isPrivate": False,
    }


@dataclass(frozen=True, slots=True)
class UpstreamNodes:
    """Everything of an upstream repository, made once for each state that it has."""

    version: tuple[str, int]
    releases: tuple[tuple[Release, Node], ...]
    tags: tuple[tuple[Tag, Node], ...]


def upstream(found: Upstream) -> UpstreamNodes:
    """Its releases, those made first first, and its tags by name."""
    tags = {name: (tag, _tag_ref(found, tag)) for name, tag in sorted(found.tags.items())}
    latest = found.latest()
    ordered = sorted(found.releases.values(), key=lambda one: (one.made, one.tag))
    releases = tuple((one, _release(found, one, one is latest, tags)) for one in ordered)
    return UpstreamNodes((found.name, found.version), releases, tuple(tags.values()))


def _release(found: Upstream, release: Release, latest: bool, tags: dict[str, tuple[Tag, Node]]) -> Node:
    _tag, ref = tags.get(release.tag, (None, None))
    url = f"{WEB}/{found.name}/releases/tag/{release.tag}"
    published = release.published
    return {
        "id": f"RE_{number_of(found.name, release.tag)}",
        "databaseId": number_of(found.name, release.tag),
        "tagName": release.tag,
        "name": release.name or release.tag,
        "description": release.notes,
        "createdAt": stamp(release.made),
        "publishedAt": None if release.draft or published is None else stamp(published),
        "updatedAt": stamp(published or release.made),
        "isDraft": release.draft,
        "isPrerelease": release.prerelease,
        "isLatest": latest,
        "url": url,
        "tag": ref,
        "tagCommit": ref and upstream_commit(found, release.tag),
        "held": found,
        "release": release,
    }


def asset(found: Upstream, release: Release, one: Asset) -> Node:
    """A file of a release."""
    when = stamp(one.updated or release.published or release.made)
    return {
        "id": f"RA_{number_of(found.name, release.tag, one.name)}",
        "name": one.name,
        "size": one.size,
        "createdAt": when,
        "updatedAt": when,
        "url": f"{WEB}/{found.name}/releases/download/{release.tag}/{one.name}",
    }


def _tag_ref(found: Upstream, tag: Tag) -> Node:
    target = upstream_commit(found, tag.name)
    if tag.tagged:
        oid = found.target(tag.name)
        target = {
            "__typename": "Tag",
            "id": f"TA_{oid}",
            "oid": oid,
            "abbreviatedOid": oid[:7],
            "name": tag.name,
            "message": tag.name,
            "tagger": {"date": stamp(tag.tagged), "name": found.owner, "email": f"{found.owner}@example.org"},
            "target": target,
        }
    return {"id": f"REF_{oid_of(target)}", "name": tag.name, "prefix": "refs/tags/", "target": target}


def oid_of(node: Node) -> str:
    """Its object id."""
    return str(node["oid"])


def upstream_commit(found: Upstream, tag: str) -> Node:
    """The commit that a tag leads to."""
    oid = found.commit_of(tag)
    when = stamp(found.tags[tag].date)
    return {
        "__typename": "Commit",
        "id": f"C_{oid}",
        "oid": oid,
        "abbreviatedOid": oid[:7],
        "committedDate": when,
        "authoredDate": when,
        "message": tag,
        "messageHeadline": tag,
        "messageBody": "",
        "url": f"{WEB}/{found.name}/commit/{oid}",
    }


def commit(catalog: Catalog, found: Commit) -> Node:
    """A commit of the catalog."""
    headline, _, body = found.message.partition("\n")
    signed = found.committer[0] == WEB_FLOW.name
    return {
        "__typename": "Commit",
        "id": f"C_{found.oid}",
        "oid": found.oid,
        "abbreviatedOid": found.oid[:7],
        "author": _git_actor(*found.author),
        "committer": _git_actor(*found.committer),
        "authoredDate": stamp(found.author[2]),
        "committedDate": stamp(found.committer[2]),
        "message": found.message,
        "messageHeadline": headline,
        "messageBody": body.strip("\n"),
        "signature": {"__typename": "GpgSignature", "isValid": True, "wasSignedByGitHub": True} if signed else None,
        "url": f"{WEB}/{catalog.name}/commit/{found.oid}",
    }


def _git_actor(name: str, email: str, when: object) -> Node:
    person = known_by(email)
    return {"name": name, "email": email, "date": when, "user": actor(person) if person else None}


def ref(catalog: Catalog, name: str, oid: str) -> Node:
    """A ref of the catalog, by its full name."""
    space, _, short = name.removeprefix("refs/").partition("/")
    return {
        "held": catalog,
        "id": f"REF_{catalog.id}_{name}",
        "name": short,
        "prefix": f"refs/{space}/",
        "target": lambda _info: git_object(catalog, oid),
    }


def git_object(catalog: Catalog, expression: str) -> Node | None:
    """Whatever an expression such as main:README.md names."""
    found = catalog.git.resolve(expression)
    if found is None:
        return None
    oid, kind = found
    if kind == "commit":
        return commit(catalog, catalog.git.commit(oid))
    node: dict[str, object] = {"id": f"O_{oid}", "oid": oid, "abbreviatedOid": oid[:7], "__typename": kind.capitalize()}
    if kind == "blob":
        content = catalog.git.read(oid)
        binary = b"\0" in content
        node |= {"byteSize": len(content), "isBinary": binary, "isTruncated": False}
        node["text"] = None if binary else content.decode("utf-8", "replace")
    return node


def thread(catalog: Catalog, found: Thread) -> Node:
    """An issue or a pull request."""
    pull = found.pull
    kind = "pull" if pull else "issues"
    node: dict[str, object] = {
        "id": f"{'PR' if pull else 'I'}_{catalog.id}_{found.number}",
        "databaseId": 70000 + found.number,
        "number": found.number,
        "author": actor(found.author),
        "title": found.title,
        "body": found.body,
        "state": "OPEN" if found.open else "CLOSED",
        "closed": not found.open,
        "closedAt": stamp(found.closed) if found.closed else None,
        "createdAt": stamp(found.created),
        "updatedAt": stamp(found.updated),
        "url": f"{WEB}/{catalog.name}/{kind}/{found.number}",
        "labelNames": found.labels,
    }
    return node | _pull(catalog, pull) if pull else node


def _pull(catalog: Catalog, pull: PullPart) -> dict[str, object]:
    def head_ref(_info: object) -> Node | None:
        heads = {} if pull.fork else catalog.heads()
        return ref(catalog, f"refs/heads/{pull.branch}", heads[pull.branch]) if pull.branch in heads else None

    def mergeable(_info: object) -> str:
        return {True: "MERGEABLE", False: "CONFLICTING", None: "UNKNOWN"}[catalog.pulls.mergeable(pull)]

    merged: dict[str, object] = {"state": "MERGED"} if pull.merged else {}
    return merged | {
        "headRef": head_ref,
        "headRefName": pull.branch,
        "headRefOid": pull.head,
        "baseRefName": pull.base,
        "baseRefOid": pull.base_oid,
        "isDraft": pull.draft,
        "isCrossRepository": pull.fork is not None,
        "merged": pull.merged is not None,
        "mergedAt": stamp(pull.merged) if pull.merged else None,
        "mergeable": mergeable,
    }
