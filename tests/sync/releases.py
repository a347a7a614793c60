"""Releases of an exporter that is tracked in the simplest way, and what is chosen of them."""

from datetime import UTC, datetime, timedelta

from bot.sync.model import Release, Repository, Scheme, Tracked
from bot.sync.versions import Choice, choose

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TRACKED = Tracked("demo", "lists/demo", "o/demo", None, "v{version}", Scheme.SEMVER, "1.0.0")


def release(tag: str, days: float | None = 100, *, flags: str = "") -> Release:
    """A release, so many days ago; the flags are names of its fields."""
    published = None if days is None else NOW - timedelta(days=days)
    return Release(
        tag, published, None, "", draft="draft" in flags, prerelease="prerelease" in flags, latest="latest" in flags
    )


def repository(*releases: Release, tags: tuple[Release, ...] = ()) -> Repository:
    return Repository("o/demo", 1, False, releases, tags, None)


def chosen(*releases: Release, tracked: Tracked = TRACKED, approved: str = "") -> Choice:
    return choose(tracked, repository(*releases), NOW, frozenset(approved.split()))


def versions(choice: Choice) -> list[str]:
    return [candidate.version for candidate in choice.candidates]


def messages(choice: Choice) -> list[str]:
    return [f"{note.topic}: {note.message}" for note in choice.notes]
