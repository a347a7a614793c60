"""What GraphQL is asked about the releases of repositories, and how its answer is read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import quote

from bot.outside.github.answer import Node
from bot.sync.model import Catalogued, Release, Tracked
from bot.sync.templates import tag_of

_FRAGMENTS = """
fragment release on Release { tagName publishedAt isDraft isPrerelease isLatest url tagCommit { oid } }
fragment target on Ref {
  target {
    ...commit
    ... on Tag { tagger { date } target { ...commit ... on Tag { target { ...commit } } } }
  }
}
fragment commit on GitObject { ... on Commit { oid committedDate } }
"""
# Of a release's assets the first hundred are enough: whoever replaces some seldom spares just these.
_REPOSITORY = """
  r%(i)d: repository(owner: $o%(i)d, name: $n%(i)d) {
    databaseId nameWithOwner isArchived url
    releases(first: $size, after: $a%(i)d, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor } nodes { ...release }
    }
    tags: refs(
      refPrefix: "refs/tags/", first: $size, after: $b%(i)d, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}
    ) { pageInfo { hasNextPage endCursor } nodes { name ...target } }
    listed: ref(qualifiedName: $q%(i)d) { ...target }
    uploads: release(tagName: $g%(i)d) { releaseAssets(first: 100) { nodes { updatedAt } } }
  }
"""


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where the next page begins."""

    releases: str | None = None
    tags: str | None = None


START = Cursors()


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer says of a repository."""

    name: str
    id: int
    archived: bool
    releases: tuple[Release, ...]
    more_releases: bool
    tags: tuple[Release, ...]
    more_tags: bool
    next: Cursors
    catalogued: Catalogued | None


@cache
def query(count: int) -> str:
    """The query for so many repositories; their names are variables, for they are strangers' text."""
    names = "".join(f", $o{i}: String!, $n{i}: String!, $q{i}: String!, $g{i}: String!" for i in range(count))
    cursors = "".join(f", $a{i}: String, $b{i}: String" for i in range(count))
    fields = "".join(_REPOSITORY % {"i": i} for i in range(count))
    return f"query Releases($size: Int!{names}{cursors}) {{{fields}}}{_FRAGMENTS}"


def variables(asked: Iterable[tuple[Tracked, Cursors]], size: int) -> dict[str, object]:
    """What `query` needs; `size` is the number of releases and tags of each."""
    found: dict[str, object] = {"size": size}
    for i, (tracked, cursors) in enumerate(asked):
        owner, _, name = tracked.repository.partition("/")
        tag = tag_of(tracked.version, tracked.tag)
        found |= {f"o{i}": owner, f"n{i}": name, f"q{i}": f"refs/tags/{tag}", f"g{i}": tag}
        found |= {f"a{i}": cursors.releases, f"b{i}": cursors.tags}
    return found


def page(repository: Node, before: Cursors) -> Page:
    """One repository of the answer. Raises Malformed where it is not as documented."""
    releases, tags = repository.node("releases"), repository.node("tags")
    url = repository.text("url")
    return Page(
        name=repository.text("nameWithOwner"),
        id=repository.number("databaseId"),
        archived=repository.flag("isArchived"),
        releases=tuple(map(_release, releases.nodes("nodes"))),
        more_releases=releases.node("pageInfo").flag("hasNextPage"),
        tags=tuple(_tag(tag, url) for tag in tags.nodes("nodes")),
        more_tags=tags.node("pageInfo").flag("hasNextPage"),
        # A list that has come to its end has no cursor, and would begin anew without one.
        next=Cursors(_cursor(releases) or before.releases, _cursor(tags) or before.tags),
        catalogued=_catalogued(repository),
    )


def tag_url(repository_url: str, tag: str) -> str:
    """The page of a tag."""
    return f"{repository_url}/releases/tag/{quote(tag)}"


def _cursor(connection: Node) -> str | None:
    return connection.node("pageInfo").text_or_none("endCursor")


def _release(release: Node) -> Release:
    commit = release.node_or_none("tagCommit")
    return Release(
        tag=release.text("tagName"),
        published=release.time_or_none("publishedAt"),
        commit=commit.text("oid") if commit else None,
        url=release.text("url"),
        draft=release.flag("isDraft"),
        prerelease=release.flag("isPrerelease"),
        latest=release.flag("isLatest"),
    )


def _tag(tag: Node, repository_url: str) -> Release:
    """A tag is as young as the youngest of what it is made of; whoever made it may have lied."""
    name = tag.text("name")
    layers = list(_layers(tag))
    dates = [when for layer in layers for when in _dates(layer)]
    return Release(name, max(dates, default=None), _commit(layers), tag_url(repository_url, name))


def _dates(layer: Node) -> Iterator[datetime]:
    tagger = layer.node_or_none("tagger")
    for when in (layer.time_or_none("committedDate"), tagger.time_or_none("date") if tagger else None):
        if when:
            yield when


def _layers(ref: Node) -> Iterator[Node]:
    """What a ref points to, and what that points to, down to the commit."""
    layer = ref.node_or_none("target")
    while layer:
        yield layer
        layer = layer.node_or_none("target")


def _commit(layers: Iterable[Node]) -> str | None:
    return next((oid for layer in layers if (oid := layer.text_or_none("oid"))), None)


def _catalogued(repository: Node) -> Catalogued | None:
    ref = repository.node_or_none("listed")
    if ref is None:
        return None
    release = repository.node_or_none("uploads")
    assets = release.node("releaseAssets").nodes("nodes") if release else ()
    touched = [when for asset in assets if (when := asset.time_or_none("updatedAt"))]
    return Catalogued(_commit(_layers(ref)), max(touched, default=None))
