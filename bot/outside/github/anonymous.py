"""What upstream released, by REST and without a token: sixty requests an hour, so as few as possible are made."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from github.GithubObject import GithubObject
from github.GitRelease import GitRelease
from github.PaginatedList import PaginatedList
from github.Repository import Repository as Remote
from github.Tag import Tag

from bot.outside.github.answer import need
from bot.outside.github.failures import Refused, told
from bot.outside.github.published import is_name, is_tag, published
from bot.outside.github.released import tag_url
from bot.outside.github.session import Session
from bot.sync.model import Catalogued, Missing, Published, Release, Repository, Tracked, Unknown
from bot.sync.templates import tag_of, version_of

T = TypeVar("T", bound=GithubObject)

LISTED = 30
"""Releases, and tags where no release is of the entry's template."""


class AnonymousUpstream:
    """Implements `Upstream` without a token.

    Of releases it is not told the commit, nor which one upstream marks as its latest: each would cost a request.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def repositories(self, asked: Iterable[Tracked]) -> Iterator[tuple[Tracked, Repository | Missing | Unknown]]:
        """Each one with its answer, in the order in which they were asked for."""
        for tracked in asked:
            if is_name(tracked.repository):
                yield tracked, told(f"releases of {tracked.repository}", partial(self._repository, tracked))
            else:
                yield tracked, Missing(f'"{tracked.repository}" is no name of a repository')

    def published(self, repository: str, tag: str) -> Published | Missing | Unknown:
        """Details of one release."""
        return published(self._session, repository, tag)

    def _repository(self, tracked: Tracked) -> Repository | Missing:
        remote = self._session.repository(tracked.repository)
        try:
            remote.complete()
        except Refused as refusal:
            if refusal.status == 404:
                return Missing(f"GitHub has no repository {tracked.repository}")
            raise
        listed = self._listed(GitRelease, f"{remote.url}/releases")
        releases = tuple(map(_release, listed))
        tags: tuple[Release, ...] = ()
        if not any(version_of(release.tag, tracked.tag) is not None for release in releases):
            tags = tuple(_tag(tag, remote.html_url) for tag in self._listed(Tag, f"{remote.url}/tags"))
        return Repository(
            name=need(remote.full_name, str, "full_name"),
            id=need(remote.id, int, "id"),
            archived=need(remote.archived, bool, "archived"),
            releases=releases,
            tags=tags,
            catalogued=_catalogued(remote, tag_of(tracked.version, tracked.tag), listed, tags),
        )

    def _listed(self, kind: type[T], url: str) -> list[T]:
        """The first page of a list."""
        return list(islice(PaginatedList(kind, self._session.requester, url, {"per_page": LISTED}), LISTED))


def _release(release: GitRelease) -> Release:
    return Release(
        tag=need(release.tag_name, str, "tag_name"),
        published=_moment(release.published_at),
        commit=None,
        url=need(release.html_url, str, "html_url"),
        draft=need(release.draft, bool, "draft"),
        prerelease=need(release.prerelease, bool, "prerelease"),
    )


def _tag(tag: Tag, repository_url: str) -> Release:
    """A list of tags has no dates."""
    name = need(tag.name, str, "name")
    return Release(name, None, need(tag.commit.sha, str, "sha"), tag_url(repository_url, name))


def _catalogued(remote: Remote, tag: str, releases: Sequence[GitRelease], tags: Sequence[Release]) -> Catalogued | None:
    """From what was listed, else by one request more."""
    for release in releases:
        if release.tag_name == tag:
            touched = [when for asset in release.assets if (when := _moment(asset.updated_at))]
            return Catalogued(None, max(touched, default=None))
    for each in tags:
        if each.tag == tag:
            return Catalogued(each.commit, None)
    if not is_tag(tag):
        return None
    try:
        target = remote.get_git_ref(f"tags/{tag}").complete().object
    except Refused as refusal:
        if refusal.status == 404:
            return None
        raise
    return Catalogued(target.sha if target.type == "commit" else None, None)


def _moment(value: object) -> datetime | None:
    """PyGithub's dates are aware, except where GitHub gives no zone."""
    return value.replace(tzinfo=value.tzinfo or UTC) if isinstance(value, datetime) else None
