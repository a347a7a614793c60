"""The choice of a release, rule by rule; tests/sync/test_histories.py holds it against real repositories."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.sync.model import Note, Scheme, Step, Topic
from bot.sync.versions import Choice, choose
from tests.sync.releases import NOW, TRACKED, chosen, messages, release, repository, versions


def test_the_highest_comes_first_with_its_step() -> None:
    choice = chosen(release("v1.0.1"), release("v1.10.0"), release("v1.9.0"), release("v0.9.0"), release("v1.0.0"))
    assert [(each.version, each.release.tag, each.step, each.to_approve) for each in choice.candidates] == [
        ("1.10.0", "v1.10.0", Step.MINOR, False),
        ("1.9.0", "v1.9.0", Step.MINOR, False),
        ("1.0.1", "v1.0.1", Step.PATCH, False),
    ]
    assert choice.notes == ()


def test_nothing_released() -> None:
    assert chosen() == Choice((), ())


def test_releases_count_and_tags_do_not() -> None:
    seen = repository(release("v1.1.0"), tags=(release("v1.2.0"), release("v1.1.0")))
    assert versions(choose(TRACKED, seen, NOW, frozenset())) == ["1.1.0"]


@pytest.mark.parametrize(
    ("tag", "expected"), [("chart-1.0.0", ["1.2.0", "1.1.0"]), ("1.3.0", ["1.2.0", "1.1.0"]), ("v1.3", ["1.3"])]
)
def test_tags_count_where_no_release_is_of_the_entry(tag: str, expected: list[str]) -> None:
    tags = (release("v1.4.0"), release("v1.2.0"), release("v1.1.0"))
    seen = repository(release(tag), release("v1.4.0", flags="draft"), tags=tags)
    assert versions(choose(TRACKED, seen, NOW, frozenset())) == expected


def test_a_prerelease_of_the_entry_makes_releases_count() -> None:
    seen = repository(release("v1.3.0", flags="prerelease"), tags=(release("v1.3.0"), release("v1.2.0")))
    assert versions(choose(TRACKED, seen, NOW, frozenset())) == []


def test_drafts_never_count() -> None:
    tracked = replace(TRACKED, prereleases=True, cooldown_days=0)
    assert chosen(release("v1.1.0", flags="draft"), release("v1.0.0"), tracked=tracked) == Choice((), ())


@pytest.mark.parametrize(
    ("listed", "prereleases", "expected"),
    [
        ("1.0.0", False, []),
        ("1.0.0", True, ["1.3.0"]),
        ("1.1.0-rc.1", False, []),
        ("1.1.0-rc.1", True, ["1.3.0", "1.2.0-rc.1", "1.1.0-rc.2"]),
    ],
)
def test_prereleases(listed: str, prereleases: bool, expected: list[str]) -> None:
    tracked = replace(TRACKED, version=listed, prereleases=prereleases)
    flagged = release("v1.3.0", flags="prerelease")
    candidate = release("v1.2.0-rc.1", flags="prerelease")
    choice = chosen(flagged, candidate, release("v1.1.0-rc.2"), tracked=tracked)
    assert versions(choice) == expected
    assert messages(choice) == (
        ["drift: 1.3.0 is left out as a prerelease, but so is the listed 1.1.0-rc.1"]
        if listed == "1.1.0-rc.1" and not prereleases
        else []
    )


def test_ignored() -> None:
    tracked = replace(TRACKED, ignore=frozenset({"1.2.0", "2.0.0"}))
    choice = chosen(release("v1.2.0"), release("v2.0.0"), release("v1.1.0"), release("v1.2.0+b"), tracked=tracked)
    assert (versions(choice), choice.notes) == (["1.2.0+b", "1.1.0"], ())


@pytest.mark.parametrize(
    ("declared", "days", "waits"),
    [(None, 2.99, 3), (None, 3, 0), (0, 0, 0), (1, 0.5, 1), (1, 1, 0), (30, 29, 30), (30, 30, 0), (10**9, 364, 365)],
)
def test_cooldown(declared: int | None, days: float, waits: int) -> None:
    choice = chosen(release("v1.1.0", days), tracked=replace(TRACKED, cooldown_days=declared))
    end = NOW - timedelta(days=days) + timedelta(days=waits)
    assert versions(choice) == ([] if waits else ["1.1.0"])
    assert messages(choice) == ([f"waiting: 1.1.0 rests until {end:%Y-%m-%d}"] if waits else [])


@pytest.mark.parametrize(
    ("declared", "days", "waits"),
    [(None, 13.9, 14), (None, 14, 0), (0, 13, 14), (0, 14, 0), (7, 13, 14), (20, 19, 20), (20, 20, 0)],
)
def test_cooldown_of_a_major_step(declared: int | None, days: float, waits: int) -> None:
    """No declaration makes it shorter than two weeks, and no tick does."""
    choice = chosen(release("v2.0.0", days), tracked=replace(TRACKED, cooldown_days=declared), approved="2.0.0")
    end = NOW - timedelta(days=days) + timedelta(days=waits)
    assert versions(choice) == ([] if waits else ["2.0.0"])
    assert messages(choice) == ([f"waiting: 2.0.0 rests until {end:%Y-%m-%d}"] if waits else [])


def test_a_year_that_ends_is_no_major_step() -> None:
    tracked = replace(TRACKED, scheme=Scheme.CALVER, version="25.12.1")
    choice = chosen(release("v26.1.0", 4), tracked=tracked)
    assert [(each.version, each.step) for each in choice.candidates] == [("26.1.0", Step.MINOR)]


def test_without_a_date() -> None:
    choice = chosen(release("v1.2.0", None), release("v1.1.0"), tracked=replace(TRACKED, cooldown_days=0))
    assert versions(choice) == ["1.1.0"]
    assert choice.notes == (
        Note(
            Topic.WAITING,
            "1.2.0 has no date, so nobody can tell how long it has rested",
            "list it by hand if it is to be listed",
            "1.2.0",
        ),
    )


@pytest.mark.parametrize(
    ("published", "until"),
    [
        (NOW + timedelta(days=400), "2027-12-31"),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), "9999-12-31"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=5))), "9999-12-31"),
        (datetime(2026, 11, 21, 23, tzinfo=timezone(-timedelta(hours=5))), "2026-11-25"),
    ],
)
def test_odd_dates(published: datetime, until: str) -> None:
    seen = replace(release("v1.1.0"), published=published)
    assert messages(chosen(seen)) == [f"waiting: 1.1.0 rests until {until}"]


def test_a_major_step_wants_a_tick_and_holds_up_nothing() -> None:
    releases = (release("v2.0.0"), release("v2.1.0"), release("v1.1.0"))
    choice = chosen(*releases)
    assert versions(choice) == ["1.1.0"]
    assert choice.notes == (Note(Topic.APPROVAL, "2.1.0 is a major step", "tick it to have it proposed", "2.1.0"),)
    ticked = chosen(*releases, approved="2.0.0")
    assert [(each.version, each.to_approve) for each in ticked.candidates] == [("2.0.0", True), ("1.1.0", False)]
    assert messages(ticked) == ["approval: 2.1.0 is a major step"]
    assert messages(chosen(*releases, approved="2.1.0")) == []


def test_several_majors() -> None:
    releases = [release(f"v{major}.{minor}.0") for major in (2, 3, 4) for minor in (0, 1)]
    assert messages(chosen(*releases)) == [
        "approval: 4.1.0 is 3 major steps",
        "approval: 2.1.0 is a major step",
    ]
    assert messages(chosen(*releases, approved="3.0.0")) == ["approval: 4.1.0 is 3 major steps"]


def test_only_the_highest_that_rests_is_told_of() -> None:
    releases = [release(f"v1.{minor}.0", days=2) for minor in range(1, 100)]
    assert messages(chosen(*releases)) == ["waiting: 1.99.0 rests until 2026-11-24"]
    assert messages(chosen(*releases, release("v1.100.0"))) == []
    assert messages(chosen(*releases, release("v1.50.1"))) == ["waiting: 1.99.0 rests until 2026-11-24"]


def test_what_rests_below_a_release_to_tick_is_not_told_of() -> None:
    waiting, to_tick = release("v2.2.0", days=2), release("v2.1.0")
    assert messages(chosen(release("v2.0.1", days=2), to_tick)) == ["approval: 2.1.0 is a major step"]
    assert messages(chosen(waiting, release("v2.0.1", days=1), to_tick)) == [
        "waiting: 2.2.0 rests until 2026-12-05",
        "approval: 2.1.0 is a major step",
    ]


def test_the_same_version_twice_is_sorted_by_its_text() -> None:
    tags = ("v1.1", "v1.1.0+b", "v1.1.0", "v1.1.0+a")
    expected = ["1.1", "1.1.0", "1.1.0+a", "1.1.0+b"]
    assert versions(chosen(*map(release, tags))) == expected
    assert versions(chosen(*map(release, reversed(tags)))) == expected


def test_above_what_upstream_marks_as_latest() -> None:
    releases = (release("v1.2.0"), release("v1.1.0", flags="latest"), release("v1.0.1"))
    choice = chosen(*releases)
    assert versions(choice) == ["1.1.0", "1.0.1"]
    assert messages(choice) == ["approval: 1.2.0 is above 1.1.0, which upstream marks as its latest release"]
    ticked = chosen(*releases, approved="1.2.0")
    assert [(each.version, each.to_approve) for each in ticked.candidates][:2] == [("1.2.0", True), ("1.1.0", False)]


@pytest.mark.parametrize("tag", ["v1.0.0", "v1.0.0+b"])
def test_above_the_listed_release_that_is_marked(tag: str) -> None:
    choice = chosen(release("v1.1.0"), release(tag, flags="latest"))
    assert (versions(choice), [note.version for note in choice.notes]) == ([], ["1.1.0"])


@pytest.mark.parametrize("tag", ["v0.9.9", "chart-1.0.0", "1.0.0"])
def test_marks_that_say_nothing(tag: str) -> None:
    """On a patch of an old branch, and on another product."""
    choice = chosen(release("v1.1.0"), release(tag, flags="latest"))
    assert (versions(choice), choice.notes) == (["1.1.0"], ())


def test_a_mark_says_nothing_about_prereleases() -> None:
    tracked = replace(TRACKED, prereleases=True)
    choice = chosen(release("v1.2.0", flags="prerelease"), release("v1.1.0", flags="latest"), tracked=tracked)
    assert (versions(choice), choice.notes) == (["1.2.0", "1.1.0"], ())


def test_a_major_step_above_the_mark() -> None:
    choice = chosen(release("v3.0.0"), release("v2.0.0"), release("v1.1.0", flags="latest"))
    assert messages(choice) == [
        "approval: 3.0.0 is 2 major steps and above 1.1.0, which upstream marks as its latest release",
        "approval: 2.0.0 is a major step and above 1.1.0, which upstream marks as its latest release",
    ]


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        ("latest", '"latest"'),
        ("", '""'),
        ("1.0.0\n::error::", '"1.0.0 ::error::…"'),
        ("1" * 10_000, f'"{"1" * 60}…"'),
        ("\u0661.0.0", '"\u0661.0.0"'),
    ],
)
def test_a_listed_version_that_is_none(version: str, shown: str) -> None:
    choice = chosen(release("v1.1.0"), tracked=replace(TRACKED, version=version))
    message = f"the listed version {shown} is no version of scheme semver"
    assert choice == Choice((), (Note(Topic.BLOCKED, message, "mend version or upstream.scheme in exporter.yaml"),))
