"""Which release of an exporter to propose, and why not a newer one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.sync.drifted_tags import drift, shown
from bot.sync.model import Note, Release, Repository, Step, Topic, Tracked
from bot.sync.schemes import Parsed, parse, step
from bot.sync.templates import tag_of, version_of

__all__ = ["Candidate", "Choice", "choose", "tag_of", "version_of"]

COOLDOWN_DAYS = 3
"""How long a release rests whose entry does not say."""
MAJOR_COOLDOWN_DAYS = 14
LONGEST_COOLDOWN_DAYS = 365


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that may be proposed now, if it is complete."""

    version: str
    release: Release
    step: Step
    """From the version that the entry lists."""
    to_approve: bool
    """Whether it may be proposed only because somebody ticked it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be proposed for an entry, and what to say about the rest."""

    candidates: tuple[Candidate, ...]
    """Highest first, all newer than what is listed."""
    notes: tuple[Note, ...]


def choose(tracked: Tracked, repository: Repository, now: datetime, approved: frozenset[str]) -> Choice:
    """What may be proposed now. `approved` holds the versions that somebody ticked.

    - Releases count; tags do only where no published release has a tag of the entry's template and scheme.
    - Drafts never count, nor what the entry ignores, nor what is not newer than the listed version.
    - A release is a prerelease if upstream flags it or its version says so. `prereleases: true` lets flagged ones in,
      for there are upstreams that flag every release; one whose version says so gets in only if the listed version is
      such a one, too.
    - A release rests for `cooldown_days` (3 unless declared), a major one for at least 14: a shorter time is declared
      for what is safe to take, and a major step says that it is not. What has no date rests for good.
    - Somebody has to tick a major step, and what is above the release that upstream marks as its latest: the mark says
      that the higher one is not for everybody. It says nothing about prereleases, which GitHub never marks, and
      nothing where it is on something older than the listed version: then it went to a patch of an old branch, as
      GitHub's default has it. A tick does not shorten the rest.
    - What rests or wants a tick is told of if it is above all candidates, and only the highest of its kind.
    - An entry that lists a prerelease and takes none is told of if there is nothing else.
    - Tags that no longer look as the entry says are told of, see `drift`.
    """
    listed = parse(tracked.version, tracked.scheme)
    if listed is None:
        message = f"the listed version {shown(tracked.version)} is no version of scheme {tracked.scheme}"
        return Choice((), (Note(Topic.BLOCKED, message, "mend version or upstream.scheme in exporter.yaml"),))
    pool, found = _pool(tracked, repository)
    newer = list(_newer(found, tracked, listed))
    choice = _judge(newer, tracked, now, approved)
    left_out = () if newer else _left_out(found, tracked, listed)
    return Choice(choice.candidates, (*choice.notes, *left_out, *drift(pool, tracked, listed)))


@dataclass(frozen=True, slots=True)
class _Found:
    """A release whose tag is of the entry's template and scheme."""

    version: str
    parsed: Parsed
    release: Release


@dataclass(frozen=True, slots=True)
class _Newer:
    """A release that could be proposed."""

    version: str
    release: Release
    step: Step
    majors: int
    """How many major steps it is above the listed version."""
    latest: str
    """What upstream marks as its latest release, where this one is above it; empty otherwise."""

    @property
    def needs_tick(self) -> bool:
        return bool(self.majors or self.latest)


def _pool(tracked: Tracked, repository: Repository) -> tuple[list[Release], list[_Found]]:
    """The releases that count, or else the tags; and what of them is understood, highest first."""
    drafts = {release.tag for release in repository.releases if release.draft}
    releases = [release for release in repository.releases if not release.draft]
    tags = [release for release in repository.tags if not release.draft and release.tag not in drafts]
    found = _found(releases, tracked)
    return (releases, found) if found or not tags else (tags, _found(tags, tracked))


def _found(pool: Sequence[Release], tracked: Tracked) -> list[_Found]:
    """What of the pool is understood, highest first."""
    found = []
    for release in pool:
        version = version_of(release.tag, tracked.tag)
        parsed = parse(version, tracked.scheme) if version else None
        if version and parsed:
            found.append(_Found(version, parsed, release))
    found.sort(key=lambda each: each.version)  # Where two are equally new, GitHub's order decides nothing.
    return sorted(found, key=lambda each: each.parsed.order, reverse=True)


def _newer(found: Sequence[_Found], tracked: Tracked, listed: Parsed) -> Iterator[_Newer]:
    """What could be proposed, highest first."""
    latest = next((each for each in found if each.release.latest and not each.parsed < listed), None)
    for each in found:
        if listed < each.parsed and each.version not in tracked.ignore and _let_in(each, tracked, listed):
            far = step(listed, each.parsed, tracked.scheme)
            majors = each.parsed.numbers[0] - listed.numbers[0] if far is Step.MAJOR else 0
            above = latest and latest.parsed < each.parsed and not _is_prerelease(each)
            yield _Newer(each.version, each.release, far, majors, latest.version if latest and above else "")


def _let_in(found: _Found, tracked: Tracked, listed: Parsed) -> bool:
    if not tracked.prereleases:
        return not _is_prerelease(found)
    return listed.prerelease or not found.parsed.prerelease


def _left_out(found: Sequence[_Found], tracked: Tracked, listed: Parsed) -> Iterator[Note]:
    """A note where the entry takes no prereleases, but lists one: a scheme that reads 4.5.1-4.8.0 so, mostly."""
    newest = next(iter(found), None)
    if newest and listed.prerelease and not tracked.prereleases and listed < newest.parsed:
        message = f"{newest.version} is left out as a prerelease, but so is the listed {tracked.version}"
        help_ = f"set upstream.prereleases to true, or mend upstream.scheme: it is {tracked.scheme}"
        yield Note(Topic.DRIFT, message, help_, newest.version)


def _is_prerelease(found: _Found) -> bool:
    return found.release.prerelease or found.parsed.prerelease


def _judge(newer: Iterable[_Newer], tracked: Tracked, now: datetime, approved: frozenset[str]) -> Choice:
    """Candidates, and notes on what is above them; `newer` is highest first."""
    candidates: list[Candidate] = []
    notes: list[Note] = []
    told: set[tuple[int, bool, Topic]] = set()
    for each in newer:
        note = _resting(each, tracked, now) or _unticked(each, approved)
        if not note:
            candidates.append(Candidate(each.version, each.release, each.step, each.needs_tick))
            continue
        # Of releases that want a tick for the same reasons one note is enough: below what could be ticked now, nothing
        # that rests matters.
        kind = (min(each.majors, 2), bool(each.latest))
        if not candidates and not told & {(*kind, note.topic), (*kind, Topic.APPROVAL)}:
            told.add((*kind, note.topic))
            notes.append(note)
    return Choice(tuple(candidates), tuple(notes))


def _resting(newer: _Newer, tracked: Tracked, now: datetime) -> Note | None:
    """Why a release may not be proposed yet."""
    published = newer.release.published
    if published is None:
        message = f"{newer.version} has no date, so nobody can tell how long it has rested"
        return Note(Topic.WAITING, message, "list it by hand if it is to be listed", newer.version)
    days = COOLDOWN_DAYS if tracked.cooldown_days is None else min(tracked.cooldown_days, LONGEST_COOLDOWN_DAYS)
    if newer.step is Step.MAJOR:
        days = max(days, MAJOR_COOLDOWN_DAYS)
    try:
        end = published.astimezone(UTC) + timedelta(days=days)
    except OverflowError:
        end = datetime.max.replace(tzinfo=UTC)
    if end <= now:
        return None
    return Note(Topic.WAITING, f"{newer.version} rests until {end:%Y-%m-%d}", version=newer.version)


def _unticked(newer: _Newer, approved: frozenset[str]) -> Note | None:
    """Why somebody has to tick a release before it is proposed."""
    if not newer.needs_tick or newer.version in approved:
        return None
    reasons = []
    if newer.majors:
        reasons.append("a major step" if newer.majors == 1 else f"{newer.majors} major steps")
    if newer.latest:
        reasons.append(f"above {newer.latest}, which upstream marks as its latest release")
    message = f"{newer.version} is {' and '.join(reasons)}"
    return Note(Topic.APPROVAL, message, "tick it to have it proposed", newer.version)
