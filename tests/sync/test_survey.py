"""What a survey makes of what upstream and the registries say. Both are played by tables: the real clients have tests
of their own, and the whole is tried against servers in test_sync.py."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot.sync.bump import Facts
from bot.sync.model import (
    Asset,
    Catalogued,
    Kind,
    Missing,
    Note,
    Published,
    Release,
    Repository,
    Scheme,
    Topic,
    Tracked,
    Unknown,
)
from bot.sync.survey import MOST_RECHECKED, Found, Surveyor

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=60)
OLD_COMMIT, NEW_COMMIT = "1" * 40, "2" * 40
OLD_SUM, NEW_SUM = "a" * 64, "b" * 64
OLD_DIGEST, NEW_DIGEST = f"sha256:{'c' * 64}", f"sha256:{'d' * 64}"
DOWNLOADS = "https://github.com/oliver006/redis_exporter/releases/download"

TRACKED = Tracked(
    entry="redis",
    path="lists/redis",
    repository="oliver006/redis_exporter",
    repository_id=42,
    tag="v{version}",
    scheme=Scheme.SEMVER,
    version="1.0.0",
    released=date(2026, 9, 1),
    commit=OLD_COMMIT,
    binary=f"{DOWNLOADS}/v{{version}}/redis_exporter-v{{version}}.{{os}}-{{arch}}.tar.gz",
    sha256={"linux-amd64": OLD_SUM},
    image="quay.io/oliver006/redis_exporter",
    image_tag="v{version}",
    digest=OLD_DIGEST,
)
NEW = Release("v1.1.0", LONG_AGO, NEW_COMMIT, "https://github.com/oliver006/redis_exporter/releases/tag/v1.1.0")
OLD = Release("v1.0.0", datetime(2026, 9, 1, tzinfo=UTC), OLD_COMMIT, "")
REPOSITORY = Repository(
    "oliver006/redis_exporter", 42, False, (NEW, OLD), (), Catalogued(OLD_COMMIT, datetime(2026, 9, 1, 3, tzinfo=UTC))
)
QUIET = replace(REPOSITORY, releases=(OLD,))
NEW_ASSETS = Published((Asset("redis_exporter-v1.1.0.linux-amd64.tar.gz", NEW_SUM),), "Notes.")
OLD_ASSETS = Published((Asset("redis_exporter-v1.0.0.linux-amd64.tar.gz", OLD_SUM),), "Old notes.")
NEW_FACTS = Facts("1.1.0", LONG_AGO.date(), NEW_COMMIT, {"linux-amd64": NEW_SUM}, NEW_DIGEST, 42)
LOOK = (
    "find out from upstream what happened before anybody installs it; "
    "take the value over by hand if it is right, as a sync never does"
)


@dataclass
class World:
    """Upstream and the registries, as tables."""

    repository: Repository | Missing | Unknown = REPOSITORY
    releases: Mapping[str, Published | Missing | Unknown] = field(
        default_factory=lambda: {"v1.1.0": NEW_ASSETS, "v1.0.0": OLD_ASSETS}
    )
    images: Mapping[str, str | Missing | Unknown] = field(
        default_factory=lambda: {"v1.1.0": NEW_DIGEST, "v1.0.0": OLD_DIGEST}
    )

    def repositories(self, asked: Iterable[Tracked]) -> Iterator[tuple[Tracked, Repository | Missing | Unknown]]:
        return ((tracked, self.repository) for tracked in asked)

    def published(self, repository: str, tag: str) -> Published | Missing | Unknown:
        return self.releases[tag]

    def digest(self, image: str, tag: str) -> str | Missing | Unknown:
        return self.images[tag]

    def found(self, tracked: Tracked = TRACKED, approved: Sequence[tuple[str, str]] = ()) -> Found:
        (found,) = Surveyor(self, self, NOW, approved).survey([tracked], [tracked.entry])
        return found


def proposed(found: Found) -> tuple[Kind | None, str | None]:
    return found.kind, found.facts.version if found.facts else None


def test_a_complete_release_is_proposed_with_its_facts() -> None:
    found = World().found()
    assert (found.kind, found.facts, found.published, found.notes) == (Kind.BUMP, NEW_FACTS, NEW_ASSETS, ())


def test_nothing_newer_and_nothing_missing_is_nothing() -> None:
    assert World(QUIET).found() == Found(TRACKED, repository="oliver006/redis_exporter")


def test_a_release_without_a_listed_download_waits() -> None:
    found = World(releases={"v1.1.0": Published((), ""), "v1.0.0": OLD_ASSETS}).found()
    assert proposed(found) == (None, None)
    (note,) = found.notes
    assert (note.topic, note.version) == (Topic.WAITING, "1.1.0")
    assert note.message == "1.1.0 is not complete: it has no file redis_exporter-v1.1.0.linux-amd64.tar.gz"


def test_a_release_without_its_image_waits() -> None:
    absent = Missing("the image quay.io/oliver006/redis_exporter has no tag v1.1.0")
    (note,) = World(images={"v1.1.0": absent, "v1.0.0": OLD_DIGEST}).found().notes
    assert note.message == "1.1.0 is not complete: the image quay.io/oliver006/redis_exporter has no tag v1.1.0"


def test_the_highest_complete_release_is_taken() -> None:
    newest = replace(NEW, tag="v1.2.0")
    world = World(replace(REPOSITORY, releases=(newest, NEW, OLD)))
    world.releases = {**world.releases, "v1.2.0": Published((), "")}
    found = world.found()
    assert proposed(found) == (Kind.BUMP, "1.1.0")
    assert [note.version for note in found.notes] == ["1.2.0"]


def test_a_registry_that_does_not_say_is_no_missing_image() -> None:
    found = World(images={"v1.1.0": Unknown("quay.io: HTTP 429"), "v1.0.0": OLD_DIGEST}).found()
    assert proposed(found) == (None, None)
    assert found.notes == (Note(Topic.FAILED, "quay.io: HTTP 429"),)


def test_a_release_that_was_listed_and_is_not_found_fails() -> None:
    gone = {"v1.1.0": Missing("no release v1.1.0"), "v1.0.0": Missing("no release v1.0.0")}
    failed = "GitHub: release {} of oliver006/redis_exporter: listed, and yet not found"
    assert World(releases=gone).found().notes == (Note(Topic.FAILED, failed.format("v1.1.0")),)
    touched = replace(QUIET, catalogued=Catalogued(OLD_COMMIT, NOW))
    assert World(touched, gone).found().notes == (Note(Topic.FAILED, failed.format("v1.0.0")),)


def test_what_was_not_asked_is_deferred() -> None:
    found = World(Unknown("the limit is nearly used up", deferred=True)).found()
    assert found.notes == (Note(Topic.DEFERRED, "the limit is nearly used up"),)


def test_a_repository_that_is_gone_blocks() -> None:
    (note,) = World(Missing("there is no repository oliver006/redis_exporter")).found().notes
    assert (note.topic, note.message) == (Topic.BLOCKED, "there is no repository oliver006/redis_exporter")


def test_another_repository_under_the_name_is_a_security_finding() -> None:
    found = World(replace(REPOSITORY, id=66)).found()
    assert proposed(found) == (None, None)
    (note,) = found.notes
    assert note.topic is Topic.SECURITY
    assert note.message == ("oliver006/redis_exporter is another repository than before: its id was 42, and now is 66")


def test_a_renamed_repository_is_a_proposal_of_its_own() -> None:
    found = World(replace(REPOSITORY, name="valkey/redis_exporter")).found()
    assert (found.kind, found.repository) == (Kind.MOVE, "valkey/redis_exporter")


def test_another_spelling_of_the_name_is_no_rename() -> None:
    assert World(replace(REPOSITORY, name="Oliver006/Redis_Exporter")).found().kind is Kind.BUMP


def test_a_tag_that_moved_is_a_security_finding() -> None:
    found = World(replace(QUIET, catalogued=Catalogued(NEW_COMMIT, None))).found()
    message = f"the tag v1.0.0 pointed to {OLD_COMMIT}, and now points to {NEW_COMMIT}"
    assert found.notes == (Note(Topic.SECURITY, message, LOOK),)


def test_a_tag_that_is_gone_is_a_security_finding_and_stops_the_bump() -> None:
    found = World(replace(REPOSITORY, catalogued=None)).found()
    assert proposed(found) == (None, None)
    assert found.notes == (Note(Topic.SECURITY, "the tag v1.0.0 is gone from oliver006/redis_exporter", LOOK),)


def test_a_tag_that_nobody_ever_saw_is_no_security_finding() -> None:
    never = replace(TRACKED, commit=None, sha256=None, digest=None)
    (note,) = World(replace(QUIET, catalogued=None)).found(never).notes
    assert note.topic is Topic.DRIFT


def test_a_download_that_was_replaced_is_a_security_finding() -> None:
    touched = replace(REPOSITORY, catalogued=Catalogued(OLD_COMMIT, NOW - timedelta(days=1)))
    other = Published((Asset("redis_exporter-v1.0.0.linux-amd64.tar.gz", NEW_SUM),), "")
    found = World(touched, releases={"v1.0.0": other, "v1.1.0": NEW_ASSETS}).found()
    message = f"the download of 1.0.0 for linux-amd64 was {OLD_SUM}, and now is {NEW_SUM}"
    assert (found.kind, found.notes) == (None, (Note(Topic.SECURITY, message, LOOK),))


def test_a_download_that_is_gone_is_a_security_finding() -> None:
    touched = replace(REPOSITORY, catalogued=Catalogued(OLD_COMMIT, NOW - timedelta(days=1)))
    found = World(touched, releases={"v1.0.0": Published((), ""), "v1.1.0": NEW_ASSETS}).found()
    message = "the download redis_exporter-v1.0.0.linux-amd64.tar.gz is gone"
    assert (found.kind, found.notes) == (None, (Note(Topic.SECURITY, message, LOOK),))


def test_a_download_whose_checksum_nobody_knows_is_not_gone() -> None:
    touched = replace(QUIET, catalogued=Catalogued(OLD_COMMIT, NOW - timedelta(days=1)))
    unknown = Published((Asset("redis_exporter-v1.0.0.linux-amd64.tar.gz", None),), "")
    assert World(touched, releases={"v1.0.0": unknown}).found().notes == ()


def test_assets_touched_and_the_same_are_nothing() -> None:
    touched = replace(QUIET, catalogued=Catalogued(OLD_COMMIT, NOW - timedelta(days=1)))
    assert World(touched).found().notes == ()


def test_an_image_that_was_replaced_is_a_security_finding() -> None:
    found = World(QUIET, images={"v1.0.0": NEW_DIGEST}).found()
    message = f"the image of 1.0.0 was {OLD_DIGEST}, and now is {NEW_DIGEST}"
    assert found.notes == (Note(Topic.SECURITY, message, LOOK),)


def test_images_that_are_rebuilt_as_a_matter_of_course_have_no_digest() -> None:
    official = replace(TRACKED, image="docker.io/library/haproxy", digest=OLD_DIGEST)
    found = World(images={"v1.0.0": NEW_DIGEST, "v1.1.0": NEW_DIGEST}).found(official)
    assert (found.kind, found.facts) == (Kind.BUMP, replace(NEW_FACTS, digest=None))


def test_facts_that_nobody_verified_are_looked_up() -> None:
    bare = replace(TRACKED, repository_id=None, commit=None, sha256=None, digest=None)
    found = World(QUIET).found(bare)
    facts = Facts("1.0.0", date(2026, 9, 1), OLD_COMMIT, {"linux-amd64": OLD_SUM}, OLD_DIGEST, 42)
    assert (found.kind, found.facts, found.notes) == (Kind.FACTS, facts, ())


def test_without_a_tag_only_the_repository_is_verified() -> None:
    bare = replace(TRACKED, repository_id=None, commit=None, sha256=None, digest=None)
    found = World(replace(QUIET, releases=(), catalogued=None)).found(bare)
    assert (found.kind, found.facts) == (Kind.FACTS, Facts("1.0.0", None, None, {}, None, 42))


def test_an_archived_repository_is_told_of_until_the_entry_says_so() -> None:
    world = World(replace(QUIET, archived=True))
    assert [note.topic for note in world.found().notes] == [Topic.ARCHIVED]
    assert world.found(replace(TRACKED, ended=True)).notes == ()


def test_a_major_release_waits_for_its_tick() -> None:
    major = replace(NEW, tag="v2.0.0")
    world = World(replace(REPOSITORY, releases=(major, OLD)))
    world.releases = {
        **world.releases,
        "v2.0.0": Published((Asset("redis_exporter-v2.0.0.linux-amd64.tar.gz", NEW_SUM),), ""),
    }
    world.images = {**world.images, "v2.0.0": NEW_DIGEST}
    assert [note.topic for note in world.found().notes] == [Topic.APPROVAL]
    assert proposed(world.found()) == (None, None)
    assert proposed(world.found(approved=[("mysqld", "2.0.0")])) == (None, None)
    assert proposed(world.found(approved=[("redis", "2.0.0")])) == (Kind.BUMP, "2.0.0")


def test_a_large_catalog_is_looked_at_closely_by_turns() -> None:
    bare = replace(TRACKED, repository_id=None)
    entries = [replace(bare, entry=f"e{number:03}") for number in range(MOST_RECHECKED + 10)]
    names = [one.entry for one in entries]
    found = list(Surveyor(World(QUIET), World(QUIET), NOW).survey(entries, names))
    assert sum(one.kind is Kind.FACTS for one in found) == MOST_RECHECKED
    later = [one for one in found if one.kind is None]
    message = "what nobody has verified of the listed release is looked up another day"
    assert [one.notes for one in later] == [(Note(Topic.DEFERRED, message),)] * 10
    tomorrow = {
        one.tracked.entry
        for one in Surveyor(World(QUIET), World(QUIET), NOW + timedelta(days=1)).survey(entries, names)
        if one.kind
    }
    assert tomorrow != {one.tracked.entry for one in found if one.kind}
