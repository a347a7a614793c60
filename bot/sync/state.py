"""What the catalog's repository on GitHub holds of earlier runs, and what can be done to it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.sync.model import File


class Status(StrEnum):
    """Of a pull request."""

    OPEN = "open"
    CLOSED = "closed"
    """Without being merged."""
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request from a branch of the repository itself; never one from a fork."""

    number: int
    status: Status
    title: str
    body: str
    draft: bool
    labels: frozenset[str]
    head: str
    """Object id of its head; of the last one where it is no longer open."""


@dataclass(frozen=True, slots=True)
class BranchState:
    """What is there of one of the bot's branches."""

    head: str | None
    """None where there is no such branch."""
    pulls: tuple[Pull, ...]
    """Newest first."""
    blobs: dict[str, str] = field(default_factory=dict)
    """By path, the object id of the blob in the base; a path that is not there is missing."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a branch holds that the base does not."""

    messages: tuple[str, ...]
    """Of its commits, oldest first."""
    files: dict[str, str]
    """By path, the object id of the blob in the branch; empty where it was removed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An entry that could not be asked about, run after run."""

    count: int
    last: datetime
    reason: str = ""
    """Why, the last time; empty where nobody said."""


@dataclass(frozen=True, slots=True)
class Issue:
    """The dashboard issue."""

    number: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The catalog's repository in one look."""

    base: str
    """Name of the base branch."""
    base_head: str
    branches: dict[str, str]
    """By name, the heads of all branches that start with bot/."""
    dashboard: Issue | None


@dataclass(frozen=True, slots=True)
class PushBranch:
    """One commit on top of the base, at which the branch then points.

    The branch appears, or moves, in one step: the commit is made on a scratch branch, and one atomic update points the
    branch at it and deletes the scratch branch. Fails, and changes nothing, where the branch moved meanwhile.
    """

    branch: str
    scratch: str
    base_head: str
    expected: str | None
    """The head that the branch has now; None where there is none."""
    headline: str
    message: str
    """The body of the commit message; the trailer is part of it."""
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class OpenPull:
    """Opens a pull request, then labels it."""

    branch: str
    base: str
    title: str
    body: str
    draft: bool
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditPull:
    """Title, body and draft state of a pull request."""

    number: int
    title: str
    body: str
    draft: bool
    was_draft: bool


@dataclass(frozen=True, slots=True)
class Relabel:
    """Adds and removes labels of a pull request."""

    number: int
    add: tuple[str, ...]
    remove: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClosePull:
    """Labels a pull request, says why in a comment and closes it."""

    number: int
    label: str
    comment: str


@dataclass(frozen=True, slots=True)
class SayHandsOff:
    """The one comment that the bot leaves a pull request with commits of others alone."""

    number: int
    comment: str


@dataclass(frozen=True, slots=True)
class DeleteBranch:
    """Deletes a branch if it still is where it was seen."""

    branch: str
    head: str


@dataclass(frozen=True, slots=True)
class WriteDashboard:
    """Writes the dashboard issue; opens it where there is none."""

    number: int | None
    title: str
    body: str


Action = PushBranch | OpenPull | EditPull | Relabel | ClosePull | SayHandsOff | DeleteBranch | WriteDashboard


@dataclass(frozen=True, slots=True)
class Done:
    """An action took effect."""

    number: int | None = None
    """Of the pull request or issue that was opened."""
