"""Issues and pull requests, which share their numbers. Values that never change, so that an old state can be kept."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.github.people import Person


@dataclass(frozen=True, slots=True)
class Comment:
    """Of an issue or a pull request."""

    id: int
    author: Person
    body: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class PullPart:
    """What a pull request has beyond an issue."""

    branch: str
    head: str
    """Object id of its head; the last one where it is no longer open."""
    base: str
    base_oid: str
    draft: bool = False
    merged: datetime | None = None
    merge_commit: str | None = None
    fork: str | None = None
    """Owner of the fork that the branch is in; None for the repository itself."""


@dataclass(frozen=True, slots=True)
class Thread:
    """An issue, or a pull request."""

    number: int
    author: Person
    title: str
    body: str
    created: datetime
    updated: datetime
    closed: datetime | None = None
    labels: tuple[str, ...] = ()
    """In the order in which they were added."""
    comments: tuple[Comment, ...] = field(default=())
    pull: PullPart | None = None

    @property
    def open(self) -> bool:
        """Neither closed nor merged."""
        return self.closed is None
