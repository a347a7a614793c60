"""Repositories of exporters: releases, tags and assets, and what happens to them over time."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tests.github.clock import START


def object_id(*words: str) -> str:
    """A made-up object id, always the same for the same words."""
    return hashlib.sha1("\0".join(words).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of a release."""

    name: str
    digest: str | None = None
    """sha256:…; None for a file from before GitHub computed them."""
    updated: datetime | None = None
    """None for the moment of the release."""
    size: int = 1000


@dataclass(frozen=True, slots=True)
class Release:
    """A release, with its tag."""

    tag: str
    published: datetime | None = START
    """None for a draft."""
    assets: tuple[Asset, ...] = ()
    notes: str = ""
    name: str | None = None
    draft: bool = False
    prerelease: bool = False
    latest: bool = False
    """Marked by hand; where none is, GitHub takes the one whose commit is newest."""
    created: datetime | None = None
    """Time of the tagged commit, which GitHub calls created_at; None for the moment of the release."""
    commit: str | None = None
    """What the tag points to; None for a made-up commit."""

    @property
    def made(self) -> datetime:
        """created_at."""
        return self.created or self.published or START


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, with or without a release."""

    name: str
    date: datetime = START
    """Of the commit."""
    commit: str | None = None
    """None for a made-up commit."""
    tagged: datetime | None = None
    """When it was made, for an annotated tag; None for one that points to its commit directly."""


class Upstream:
    """A repository that the client only reads."""

    default_branch = "main"

    def __init__(
        self,
        name: str,
        repository_id: int,
        *,
        releases: Sequence[Release] = (),
        tags: Sequence[Tag] = (),
        archived: bool = False,
    ) -> None:
        self.name = name
        self.id = repository_id
        self.archived = archived
        self.created = START
        self.releases: dict[str, Release] = {}
        self.tags: dict[str, Tag] = {}
        self.version = 0
        """Grows with every change, for whoever keeps what was made of it."""
        for tag in tags:
            self.add_tag(tag)
        for release in releases:
            self.add(release)

    @property
    def owner(self) -> str:
        """The account it belongs to."""
        return self.name.split("/")[0]

    def add(self, release: Release) -> None:
        """A new release, with its tag where that is not there yet; replaces the one of the same tag."""
        self.releases[release.tag] = release
        if not release.draft and release.tag not in self.tags:
            self.tags[release.tag] = Tag(release.tag, release.made, release.commit)
        self._changed()

    def add_tag(self, tag: Tag) -> None:
        """A new tag; replaces the one of the same name."""
        self.tags[tag.name] = tag
        self._changed()

    def withdraw(self, tag: str, keep_tag: bool = True) -> None:
        """Deletes a release."""
        del self.releases[tag]
        if not keep_tag:
            del self.tags[tag]
        self._changed()

    def move_tag(self, tag: str, commit: str) -> None:
        """Points a tag at another commit."""
        self.tags[tag] = replace(self.tags[tag], commit=commit)
        self._changed()

    def replace_asset(self, tag: str, asset: Asset) -> None:
        """Uploads an asset, in place of one of the same name."""
        release = self.releases[tag]
        kept = tuple(one for one in release.assets if one.name != asset.name)
        self.releases[tag] = replace(release, assets=(*kept, asset))
        self._changed()

    def archive(self) -> None:
        """Makes it read-only."""
        self.archived = True
        self._changed()

    def commit_of(self, tag: str) -> str:
        """What a tag points to in the end."""
        return self.tags[tag].commit or object_id(self.name.lower(), str(self.id), tag)

    def refs(self) -> Mapping[str, str]:
        """Object ids of tags by full name, in the order of names; of the tag's own object where it is annotated."""
        refs = {f"refs/tags/{name}": self.target(name) for name in self.tags}
        return dict(sorted(refs.items()))

    def target(self, tag: str) -> str:
        """Object id that the tag's ref holds."""
        commit = self.commit_of(tag)
        return object_id("tag", tag, commit) if self.tags[tag].tagged else commit

    def latest(self) -> Release | None:
        """The one shown as the latest."""
        full = [one for one in self.releases.values() if not one.draft and not one.prerelease]
        marked = [one for one in full if one.latest]
        return max(marked or full, key=lambda one: (one.made, one.tag), default=None)

    def _changed(self) -> None:
        self.version += 1
