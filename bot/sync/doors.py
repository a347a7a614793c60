"""What a sync needs of the world outside. A command hands the real things in; tests hand in others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.sync.model import File, Missing, Published, Repository, Tracked, Unknown
from bot.sync.state import Action, Ahead, BranchState, Done, Overview


class Upstream(Protocol):
    """What GitHub says of the exporters' own repositories."""

    def repositories(self, asked: Iterable[Tracked]) -> Iterator[tuple[Tracked, Repository | Missing | Unknown]]:
        """Each one asked for with its answer, in any order. Never raises for one that cannot be read."""

    def published(self, repository: str, tag: str) -> Published | Missing | Unknown:
        """Details of one release; Missing where the tag has no release."""


class Registry(Protocol):
    """What the registries of images say."""

    def digest(self, image: str, tag: str) -> str | Missing | Unknown:
        """sha256:… of what the tag names today."""


class Hub(Protocol):
    """The catalog's own repository on GitHub. Reads return Unknown where GitHub did not answer; nothing is retried
    blindly that may have happened."""

    def overview(self) -> Overview | Unknown:
        """The base branch, the bot's branches and the dashboard."""

    def branches(self, wanted: Mapping[str, Sequence[str]], base: str) -> Mapping[str, BranchState] | Unknown:
        """By branch, what is there of it; `wanted` names for each branch the paths whose blobs in `base` to look up."""

    def ahead(self, base: str, head: str) -> Ahead | Unknown:
        """What a branch holds that the base does not."""

    def hands_off_said(self, number: int) -> bool | Unknown:
        """Whether the comment is there already that the bot leaves this pull request alone."""

    def perform(self, action: Action) -> Done | Unknown:
        """Carries an action out; Unknown where it failed, or nobody can say whether it took effect."""


class Prove(Protocol):
    """Validates entries as they would be."""

    def __call__(self, root: Path, files: Iterable[tuple[str, File]]) -> Mapping[str, tuple[str, ...]]:
        """By entry, the errors that `validate` finds once these files (with their entries) are written."""


@dataclass(frozen=True, slots=True)
class Scrapes:
    """What the images of two versions answered, started alone in the same way."""

    old: str
    new: str


class Prober(Protocol):
    """Starts images and scrapes them."""

    def __call__(self, old: str, new: str, port: int, path: str, arguments: Sequence[str]) -> Scrapes | Unknown:
        """Expositions of two image references, with tag or digest."""
