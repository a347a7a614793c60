"""What came of comparing what is wanted with what is open."""

from dataclasses import dataclass
from enum import StrEnum

from bot.sync.model import Outcome
from bot.sync.state import Action


class Standing(StrEnum):
    """How the pull request of an entry stands."""

    NONE = "none"
    """Nothing is wanted, and nothing is open."""
    NEW = "new"
    UPDATED = "updated"
    CURRENT = "current"
    """Open, and as it should be."""
    CLOSING = "closing"
    """Open, and no longer wanted."""
    REFUSED = "refused"
    """Closed by a person: not proposed again until there is a newer release, or somebody ticks it."""
    HANDS_OFF = "hands off"
    """The branch holds commits of others."""
    DEFERRED = "deferred"
    """Left for a later run, to stay within a limit."""
    FAILED = "failed"
    """Could not be found out or carried out in this run."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be done, or was done, for one entry."""

    outcome: Outcome
    standing: Standing
    number: int | None = None
    """Of the pull request, where there is one."""
    actions: tuple[Action, ...] = ()
    reason: str = ""
    """Why it stands so, in one line, where that does not speak for itself."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a run did, or would do."""

    repository: str
    """OWNER/NAME of the catalog; empty where nobody said, so that nothing is known of what is open."""
    dry: bool
    settled: tuple[Settled, ...]
    """By entry."""
    others: tuple[Action, ...] = ()
    """What is done once for all entries: left-over branches, the dashboard."""
    trouble: tuple[str, ...] = ()
    """What failed apart from single entries, in one line each."""
