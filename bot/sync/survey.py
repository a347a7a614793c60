"""What upstream released, entry by entry: what should change, and whatever else is to be said.

Reads only. One repository that fails, or lies, costs its own entry and no other.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot.sync import remarks
from bot.sync.bump import Facts
from bot.sync.doors import Registry, Upstream
from bot.sync.downloads import checksums, image_of
from bot.sync.model import (
    Kind,
    Missing,
    Note,
    Published,
    Release,
    Repository,
    Topic,
    Tracked,
    Unknown,
)
from bot.sync.turns import turn
from bot.sync.versions import Candidate, Choice, choose, tag_of

MOST_COMPLETE = 3
"""Releases of one exporter that are looked at closely, from the highest downwards."""
MOST_RECHECKED = 40
"""Entries a run whose listed release is looked at closely though there is nothing newer; the others have their turn."""
SETTLED_DAYS = 2
"""Assets are still being uploaded for so long after a release; what changes later was changed."""
_STOPS = frozenset((Topic.SECURITY, Topic.FAILED, Topic.DEFERRED))
_REBUILT = "docker.io/library/"
"""Docker's own builds: their tags move whenever the base image does, so a digest would be wrong within weeks.
Source: https://github.com/docker-library/faq"""


@dataclass(frozen=True, slots=True)
class Found:
    """What should change in one entry, before it is edited."""

    tracked: Tracked
    kind: Kind | None = None
    """None where nothing should."""
    repository: str = ""
    """OWNER/NAME today."""
    candidate: Candidate | None = None
    facts: Facts | None = None
    published: Published | None = None
    notes: tuple[Note, ...] = ()
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Whom to ask, and what people decided."""

    upstream: Upstream
    registry: Registry
    now: datetime
    """Aware."""
    approved: Collection[tuple[str, str]] = ()
    """Entry and release of what was ticked."""
    progress: Callable[[int, int], None] = field(default=lambda done, total: None)

    def survey(self, asked: Iterable[Tracked], names: Sequence[str]) -> Iterator[Found]:
        """Each entry asked for, in the order in which the answers come. `names` are at least those of the entries."""
        closely = _whose_turn(names, self.now.date())
        for done, (tracked, answer) in enumerate(self.upstream.repositories(asked), 1):
            yield self._found(tracked, answer, tracked.entry in closely)
            self.progress(done, len(names))

    def _found(self, tracked: Tracked, answer: Repository | Missing | Unknown, closely: bool) -> Found:
        if isinstance(answer, Unknown):
            return Found(tracked, notes=(remarks.unknown(answer),))
        if isinstance(answer, Missing):
            return Found(tracked, notes=(remarks.gone(answer),))
        if tracked.repository_id is not None and tracked.repository_id != answer.id:
            return Found(tracked, repository=answer.name, notes=(remarks.hijacked(tracked, answer),))
        approved = frozenset(version for entry, version in self.approved if entry == tracked.entry)
        choice = choose(tracked, answer, self.now, approved)
        notes = tuple(self._altered(tracked, answer, closely or bool(choice.candidates)))
        if answer.archived and not tracked.ended:
            notes = (*notes, remarks.archived(answer))
        if any(note.topic in _STOPS for note in notes):
            return Found(tracked, repository=answer.name, notes=notes)
        if answer.name.lower() != tracked.repository.lower():
            notes = (*notes, remarks.moves_first(tracked.repository, answer.name))
            return Found(tracked, Kind.MOVE, answer.name, notes=notes)
        return self._bump(tracked, answer, choice, notes, closely)

    def _bump(
        self, tracked: Tracked, answer: Repository, choice: Choice, notes: tuple[Note, ...], closely: bool
    ) -> Found:
        """The highest complete release; where there is none, what is still to be verified of the listed one."""
        notes = (*notes, *choice.notes)
        for candidate in choice.candidates[:MOST_COMPLETE]:
            found = self._complete(tracked, answer, candidate.version, candidate.release)
            if found.facts:
                return replace(found, kind=Kind.BUMP, candidate=candidate, notes=(*notes, *found.notes))
            notes = (*notes, *found.notes)
            if any(note.topic is not Topic.WAITING for note in found.notes):
                return Found(tracked, repository=answer.name, notes=notes)
        if not _lacks_facts(tracked) or any(note.topic is Topic.BLOCKED for note in notes):
            return Found(tracked, repository=answer.name, notes=notes)
        if not closely:
            return Found(tracked, repository=answer.name, notes=(*notes, remarks.another_day()))
        return self._facts(tracked, answer, notes)

    def _facts(self, tracked: Tracked, repository: Repository, notes: tuple[Note, ...]) -> Found:
        """What nobody has verified yet of the release that is listed."""
        tag = tag_of(tracked.version, tracked.tag)
        listed = next((one for one in (*repository.releases, *repository.tags) if one.tag == tag), None)
        commit = repository.catalogued.commit if repository.catalogued else None
        release = listed or Release(tag, None, commit, "")
        if repository.catalogued is None:
            found = Found(tracked, facts=_facts(tracked, repository, release, {}, None))
        else:
            found = self._complete(tracked, repository, tracked.version, release)
        # What is not complete now was complete enough for whoever listed it.
        notes = (*notes, *(note for note in found.notes if note.topic is not Topic.WAITING))
        facts = found.facts or _facts(tracked, repository, release, {}, None)
        return replace(found, kind=Kind.FACTS, repository=repository.name, facts=facts, notes=notes)

    def _complete(self, tracked: Tracked, repository: Repository, version: str, release: Release) -> Found:
        """The facts of one release; without them, a note says what it lacks."""
        listed = any(one.tag == release.tag for one in repository.releases)
        published = self._published(repository, release.tag, listed)
        if isinstance(published, Unknown):
            return Found(tracked, repository=repository.name, notes=(remarks.unknown(published),))
        assets = published.assets if isinstance(published, Published) else ()
        sums = checksums(tracked, version, assets)
        if sums.missing:
            return Found(
                tracked, repository=repository.name, notes=(remarks.incomplete(version, _files(sums.missing)),)
            )
        digest = self._digest(tracked, version)
        if isinstance(digest, Unknown):
            return Found(tracked, repository=repository.name, notes=(remarks.unknown(digest),))
        if isinstance(digest, Missing):
            return Found(tracked, repository=repository.name, notes=(remarks.incomplete(version, (digest.what,)),))
        return Found(
            tracked,
            repository=repository.name,
            facts=_facts(tracked, repository, release, sums.sha256, digest, version),
            published=published if isinstance(published, Published) else None,
            unchecked=sums.unchecked,
        )

    def _published(self, repository: Repository, tag: str, listed: bool) -> Published | Missing | Unknown:
        """Details of a release. Where it was listed a moment ago, that it is not there is no answer to rely on."""
        published = self.upstream.published(repository.name, tag)
        if listed and isinstance(published, Missing):
            return Unknown(f"GitHub: release {tag} of {repository.name}: listed, and yet not found")
        return published

    def _digest(self, tracked: Tracked, version: str) -> str | Missing | Unknown | None:
        """The image's; None where there is no image, or its tags are moved as a matter of course."""
        image = image_of(tracked, version)
        if image is None:
            return None
        digest = self.registry.digest(*image)
        return None if isinstance(digest, str) and image[0].startswith(_REBUILT) else digest

    def _altered(self, tracked: Tracked, repository: Repository, closely: bool) -> Iterator[Note]:
        """What is no longer as it was catalogued."""
        tag, now = tag_of(tracked.version, tracked.tag), repository.catalogued
        if now is None:
            yield remarks.tag_missing(tracked, tag)
            return
        if tracked.commit and now.commit and tracked.commit != now.commit:
            yield remarks.altered(f"the tag {tag} pointed to {tracked.commit}, and now points to {now.commit}")
        if tracked.sha256 and tracked.released and now.assets_touched:
            # What has rested for less was catalogued sooner.
            days = min(SETTLED_DAYS, SETTLED_DAYS if tracked.cooldown_days is None else tracked.cooldown_days)
            settled = datetime.combine(tracked.released, datetime.min.time(), UTC) + timedelta(days=days + 1)
            if now.assets_touched > settled:
                yield from self._checksums_changed(tracked, repository, tag)
        if closely and tracked.digest:
            digest = self._digest(tracked, tracked.version)
            if isinstance(digest, Unknown):
                yield remarks.unknown(digest)
            elif isinstance(digest, Missing):
                yield remarks.altered(f"{digest.what}, and its digest is listed")
            elif digest and digest != tracked.digest:
                yield remarks.altered(f"the image of {tracked.version} was {tracked.digest}, and now is {digest}")

    def _checksums_changed(self, tracked: Tracked, repository: Repository, tag: str) -> Iterator[Note]:
        published = self._published(repository, tag, listed=True)
        if isinstance(published, Unknown):
            yield remarks.unknown(published)
            return
        now = checksums(tracked, tracked.version, published.assets if isinstance(published, Published) else ())
        for name in now.missing:
            yield remarks.altered(f"the download {name} is gone")
        for platform, listed in sorted((tracked.sha256 or {}).items()):
            if now.sha256.get(platform, listed) != listed:
                message = f"the download of {tracked.version} for {platform} was {listed}"
                yield remarks.altered(f"{message}, and now is {now.sha256[platform]}")


def _whose_turn(entries: Sequence[str], day: date) -> frozenset[str]:
    """The entries that are looked at closely today."""
    return frozenset(sorted(entries, key=lambda entry: turn(entry, day))[:MOST_RECHECKED])


def _facts(
    tracked: Tracked,
    repository: Repository,
    release: Release,
    sums: Mapping[str, str],
    digest: str | None,
    version: str = "",
) -> Facts:
    released = release.published.astimezone(UTC).date() if release.published else None
    return Facts(version or tracked.version, released, release.commit, sums, digest, repository.id)


def _lacks_facts(tracked: Tracked) -> bool:
    """Whether something about the listed release is still to be verified."""
    image = tracked.image is not None and not tracked.image.startswith(_REBUILT)
    return (
        tracked.repository_id is None
        or tracked.commit is None
        or (tracked.binary is not None and not tracked.sha256)
        or (image and tracked.digest is None)
    )


def _files(names: Sequence[str]) -> list[str]:
    return [f"it has no file {name}" for name in names]
