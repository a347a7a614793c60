"""Fields with arguments, and those that are looked up when somebody asks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Unpack

from graphql import GraphQLResolveInfo

from tests.github.catalog import Catalog
from tests.github.clock import stamp
from tests.github.graph import nodes
from tests.github.graph.call import Call
from tests.github.graph.connections import Node, Order, Page, connection
from tests.github.refusal import missing
from tests.github.threads import Thread
from tests.github.upstream import Release, Upstream
from tests.github.world import Repository

Info = GraphQLResolveInfo[Call]
COLOUR = "ededed"


def repository(_root: None, info: Info, owner: str, name: str, follow_renames: bool = True) -> Node:
    """Query.repository."""
    wanted = f"{owner}/{name}"
    found = info.context.world.find(wanted)
    if not follow_renames and found.name.lower() != wanted.lower():
        raise missing(f"Could not resolve to a Repository with the name '{wanted}'.")
    return nodes.repository(found)


def viewer(_root: None, info: Info) -> Node:
    """Query.viewer."""
    return nodes.actor(info.context.world.viewer)


def rate_limit(_root: None, info: Info, dry_run: bool = False) -> Node:
    """Query.rateLimit."""
    call = info.context
    return {
        "cost": call.cost,
        "limit": call.bucket.limit,
        "nodeCount": call.node_count,
        "remaining": call.bucket.remaining,
        "used": call.bucket.used,
        "resetAt": stamp(call.bucket.reset),
    }


def default_branch_ref(source: Node, info: Info) -> Node | None:
    """Repository.defaultBranchRef."""
    held = _held(source)
    return _catalog_ref(held, f"refs/heads/{held.default_branch}") if isinstance(held, Catalog) else None


def ref(source: Node, info: Info, qualified_name: str) -> Node | None:
    """Repository.ref."""
    held = _held(source)
    if isinstance(held, Catalog):
        names = (qualified_name, f"refs/heads/{qualified_name}", f"refs/tags/{qualified_name}")
        return next((found for name in names if (found := _catalog_ref(held, name))), None)
    wanted = qualified_name.removeprefix("refs/tags/")
    return next((node for tag, node in info.context.upstream(held).tags if tag.name == wanted), None)


def _catalog_ref(catalog: Catalog, name: str) -> Node | None:
    oid = catalog.refs().get(name)
    return nodes.ref(catalog, name, oid) if oid else None


def refs(
    source: Node,
    info: Info,
    ref_prefix: str,
    query: str | None = None,
    order_by: Order | None = None,
    direction: str | None = None,
    **page: Unpack[Page],
) -> Node:
    """Repository.refs."""
    held = _held(source)
    wanted = (query or "").lower()
    if isinstance(held, Catalog):
        listed = sorted(held.listed().refs.items())
        found: Sequence[Node] = [
            nodes.ref(held, name, oid)
            for name, oid in listed
            if name.startswith(ref_prefix) and wanted in name.removeprefix(ref_prefix).lower()
        ]
    else:
        tags = info.context.upstream(held).tags if ref_prefix == "refs/tags/" else ()
        pairs = [pair for pair in tags if wanted in pair[0].name.lower()]
        if order_by and order_by["field"] == "TAG_COMMIT_DATE":
            pairs.sort(key=lambda pair: (pair[0].tagged or pair[0].date, pair[0].name))
        found = [node for _tag, node in pairs]
    turned = order_by["direction"] if order_by else direction
    return connection("refs", found[::-1] if turned == "DESC" else found, page)


def release_of_tag(source: Node, info: Info, tag_name: str) -> Node | None:
    """Repository.release."""
    held = _held(source)
    pairs = info.context.upstream(held).releases if isinstance(held, Upstream) else ()
    return next((node for one, node in pairs if one.tag == tag_name and not one.draft), None)


def releases(source: Node, info: Info, order_by: Order | None = None, **page: Unpack[Page]) -> Node:
    """Repository.releases; drafts are for those who may write, which nobody may here."""
    held = _held(source)
    pairs = [*info.context.upstream(held).releases] if isinstance(held, Upstream) else []
    if order_by and order_by["field"] == "NAME":
        pairs.sort(key=lambda pair: pair[0].tag)
    found = [node for one, node in pairs if not one.draft]
    return connection("releases", found[::-1] if order_by and order_by["direction"] == "DESC" else found, page)


def latest_release(source: Node, info: Info) -> Node | None:
    """Repository.latestRelease."""
    held = _held(source)
    pairs = info.context.upstream(held).releases if isinstance(held, Upstream) else ()
    return next((node for _one, node in pairs if node["isLatest"]), None)


def release_assets(source: Node, info: Info, name: str | None = None, **page: Unpack[Page]) -> Node:
    """Release.releaseAssets."""
    held, release = source["held"], source["release"]
    assert isinstance(held, Upstream)
    assert isinstance(release, Release)
    assets = [nodes.asset(held, release, one) for one in release.assets if name in (None, one.name)]
    return connection("releaseAssets", assets, page)


def git_object(source: Node, info: Info, expression: str | None = None, oid: str | None = None) -> Node | None:
    """Repository.object."""
    held = _held(source)
    return nodes.git_object(held, oid or expression or "") if isinstance(held, Catalog) else None


def pull_request(source: Node, info: Info, number: int) -> Node:
    """Repository.pullRequest."""
    return _numbered(_held(source), number, "PullRequest")


def issue(source: Node, info: Info, number: int) -> Node:
    """Repository.issue."""
    return _numbered(_held(source), number, "Issue")


def _numbered(held: Repository, number: int, kind: str) -> Node:
    found = held.talk.threads.get(number) if isinstance(held, Catalog) else None
    if not isinstance(held, Catalog) or found is None or (found.pull is not None) != (kind == "PullRequest"):
        raise missing(f"Could not resolve to {'a' if kind[0] == 'P' else 'an'} {kind} with the number of {number}.")
    return nodes.thread(held, found)


def pull_requests(
    source: Node,
    info: Info,
    base_ref_name: str | None = None,
    head_ref_name: str | None = None,
    labels: list[str] | None = None,
    order_by: Order | None = None,
    states: list[str] | None = None,
    **page: Unpack[Page],
) -> Node:
    """Repository.pullRequests and Ref.associatedPullRequests."""
    held = _held(source)
    if source.get("prefix") == "refs/heads/":
        head_ref_name = str(source["name"])

    def wanted(thread: Thread) -> bool:
        pull = thread.pull
        return (
            pull is not None
            and base_ref_name in (None, pull.base)
            and head_ref_name in (None, pull.branch)
            and _labelled(thread, labels)
        )

    return connection("pullRequests", _threads(held, wanted, order_by, states), page)


def issues(
    source: Node,
    info: Info,
    filter_by: Mapping[str, object] | None = None,
    labels: list[str] | None = None,
    order_by: Order | None = None,
    states: list[str] | None = None,
    **page: Unpack[Page],
) -> Node:
    """Repository.issues; of filterBy, createdBy."""
    author = (filter_by or {}).get("created_by")

    def wanted(thread: Thread) -> bool:
        return thread.pull is None and _labelled(thread, labels) and author in (None, thread.author.login)

    return connection("issues", _threads(_held(source), wanted, order_by, states), page)


def _threads(
    held: Repository, wanted: Callable[[Thread], bool], order: Order | None, states: list[str] | None
) -> list[Node]:
    threads = [one for one in held.listed().threads.values() if wanted(one)] if isinstance(held, Catalog) else []
    if order and order["field"] == "UPDATED_AT":
        threads.sort(key=lambda one: (one.updated, one.number))
    if order and order["field"] == "COMMENTS":
        threads.sort(key=lambda one: (len(one.comments), one.number))
    if order and order["direction"] == "DESC":
        threads.reverse()
    assert isinstance(held, Catalog) or not threads
    found = [nodes.thread(held, one) for one in threads if isinstance(held, Catalog)]
    return [node for node in found if not states or node["state"] in states]


def _labelled(thread: Thread, labels: list[str] | None) -> bool:
    return not labels or any(label in labels for label in thread.labels)


def labels(source: Node, info: Info, order_by: Order | None = None, **page: Unpack[Page]) -> Node:
    """PullRequest.labels and Issue.labels."""
    names = source["labelNames"]
    assert isinstance(names, tuple)
    found: list[Node] = [{"id": f"LA_{name}", "name": name, "color": COLOUR} for name in names]
    return connection("labels", found, page)


def _held(source: Node) -> Repository:
    held = source["held"]
    assert isinstance(held, Upstream | Catalog)
    return held
