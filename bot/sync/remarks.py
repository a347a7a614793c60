"""What a survey has to say of an entry: what, why, and what to do about it."""

from collections.abc import Sequence

from bot.sync.model import Missing, Note, Repository, Topic, Tracked, Unknown

_LOOK = (
    "find out from upstream what happened before anybody installs it; "
    "take the value over by hand if it is right, as a sync never does"
)


def unknown(answer: Unknown) -> Note:
    """Nobody could say."""
    return Note(Topic.DEFERRED if answer.deferred else Topic.FAILED, answer.reason)


def gone(answer: Missing) -> Note:
    """The repository is not there."""
    return Note(
        Topic.BLOCKED,
        answer.what,
        "if the project moved, correct upstream.repository; if it ended, set status to archived with a reason",
    )


def hijacked(tracked: Tracked, repository: Repository) -> Note:
    """Another repository under the same name: the name was given up, and somebody else took it."""
    return Note(
        Topic.SECURITY,
        f"{tracked.repository} is another repository than before: its id was {tracked.repository_id}, "
        f"and now is {repository.id}",
        "do not trust its releases; if the new owner is known to be right, correct upstream.repository_id by hand",
    )


def archived(repository: Repository) -> Note:
    """Upstream will release nothing more."""
    return Note(
        Topic.ARCHIVED, f"{repository.name} is archived", "set status to archived with a reason, or name a successor"
    )


def altered(message: str) -> Note:
    """Something that was catalogued is not what it was."""
    return Note(Topic.SECURITY, message, _LOOK)


def tag_missing(tracked: Tracked, tag: str) -> Note:
    """The listed release has no tag. Once something of it was verified, it must have had one."""
    if tracked.commit or tracked.sha256:
        return altered(f"the tag {tag} is gone from {tracked.repository}")
    return Note(
        Topic.DRIFT,
        f"{tracked.repository} has no tag {tag}, so nothing can be verified of the listed release",
        "correct version or upstream.tag, unless upstream releases without tags",
    )


def incomplete(version: str, lacking: Sequence[str]) -> Note:
    """A release that lacks what the entry says every release has."""
    return Note(
        Topic.WAITING,
        f"{version} is not complete: {'; '.join(lacking)}",
        "if that stays so, upstream has changed what it publishes: correct install",
        version,
    )


def another_day() -> Note:
    """A run looks at so many entries closely."""
    return Note(Topic.DEFERRED, "what nobody has verified of the listed release is looked up another day")


def moves_first(old: str, new: str) -> Note:
    """Nothing else is proposed as long as the name is wrong."""
    return Note(Topic.WAITING, f"{old} is called {new} now; its releases are proposed when the entry says so")
