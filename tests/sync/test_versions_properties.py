"""What holds of the choice of a release, whatever there is to choose from."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.sync.model import Release, Scheme, Step, Topic, Tracked
from bot.sync.schemes import Parsed, parse
from bot.sync.versions import choose, tag_of, version_of
from tests.sync.releases import NOW, TRACKED, release, repository

LONG_AGO = NOW - timedelta(days=1000)
NUMBERS = st.sampled_from([0, 1, 2, 10])
TAGS = st.builds(
    "{}{}.{}.{}{}".format,
    st.sampled_from(["v", "v", "v", "", "x-v"]),
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.sampled_from(["", "", "", "-rc.1", "-rc.2", "+b", "rc1"]),
)
DATES = st.one_of(st.none(), st.integers(0, 4000).map(lambda hours: LONG_AGO + timedelta(hours=6 * hours)))
RELEASES = st.lists(
    st.builds(Release, TAGS, DATES, st.none(), st.just(""), st.booleans(), st.booleans(), st.booleans()),
    max_size=12,
    unique_by=lambda each: each.tag,
)
ENTRIES = st.builds(
    replace,
    st.just(TRACKED),
    scheme=st.sampled_from(Scheme),
    version=st.sampled_from(["0.1.0", "1.0.0", "1.0.0rc1", "1.1.0-rc.1"]),
    prereleases=st.booleans(),
    cooldown_days=st.sampled_from([None, 0, 7, 30]),
    ignore=st.sets(st.sampled_from(["1.1.0", "1.2.0", "2.0.0"])).map(frozenset),
)
TICKS = st.sets(st.sampled_from(["2.0.0", "2.1.0", "10.0.0"])).map(frozenset)


def listed_of(tracked: Tracked) -> Parsed | None:
    return parse(tracked.version, tracked.scheme)


@given(ENTRIES, RELEASES, TICKS, st.randoms(use_true_random=False))
def test_the_order_of_releases_decides_nothing(
    tracked: Tracked, releases: list[Release], approved: frozenset[str], random: Random
) -> None:
    other = random.sample(releases, len(releases))
    one, two = (choose(tracked, repository(*each), NOW, approved) for each in (releases, other))
    assert one.candidates == two.candidates
    undated = any(each.published is None for each in releases)
    assert undated or one.notes == two.notes


@given(ENTRIES, RELEASES, RELEASES, TICKS)
def test_what_is_chosen(
    tracked: Tracked, releases: list[Release], tags: list[Release], approved: frozenset[str]
) -> None:
    seen = repository(*releases, tags=tuple(tags))
    choice = choose(tracked, seen, NOW, approved)
    listed = listed_of(tracked)
    found = [parse(each.version, tracked.scheme) for each in choice.candidates]
    for candidate, parsed in zip(choice.candidates, found, strict=True):
        assert listed is not None
        assert parsed is not None
        assert listed < parsed
        assert not candidate.release.draft
        assert candidate.release in (*releases, *tags)
        assert candidate.version == version_of(candidate.release.tag, tracked.tag)
        assert candidate.version not in tracked.ignore
        assert candidate.release.published is not None
        assert candidate.release.published <= NOW - timedelta(days=14 if candidate.step is Step.MAJOR else 0)
        assert candidate.step is not Step.MAJOR or candidate.version in approved
        if not tracked.prereleases:
            assert not parsed.prerelease
            assert not candidate.release.prerelease
    assert all(one and other and not one < other for one, other in pairwise(found))
    assert choice == choose(tracked, seen, NOW, approved)
    for note in choice.notes:
        assert note.message.splitlines() == [note.message]
    waiting = {note.version for note in choice.notes if note.topic in (Topic.WAITING, Topic.APPROVAL)}
    assert not waiting & {each.version for each in choice.candidates}


@given(ENTRIES, RELEASES, TICKS)
def test_time_and_ticks_only_add_candidates(
    tracked: Tracked, releases: list[Release], approved: frozenset[str]
) -> None:
    seen = repository(*releases)
    now = set(choose(tracked, seen, LONG_AGO + timedelta(days=500), frozenset()).candidates)
    assert now <= set(choose(tracked, seen, NOW, frozenset()).candidates)
    assert now <= set(choose(tracked, seen, LONG_AGO + timedelta(days=500), approved).candidates)


@given(ENTRIES, RELEASES)
def test_what_was_taken_leaves_nothing_to_take(tracked: Tracked, releases: list[Release]) -> None:
    """With the same rest for all, and everything ticked."""
    patient = replace(tracked, cooldown_days=14)
    seen = repository(*releases)
    everything = frozenset(version for each in releases if (version := version_of(each.tag, tracked.tag)))
    choice = choose(patient, seen, NOW, everything)
    if choice.candidates:
        taken = replace(patient, version=choice.candidates[0].version)
        # From a prerelease, others come into view.
        again = [each.version for each in choose(taken, seen, NOW, everything).candidates]
        parsed = listed_of(taken)
        assert again == [] or (parsed is not None and parsed.prerelease)


@given(ENTRIES)
def test_the_listed_release_alone_is_current(tracked: Tracked) -> None:
    seen = repository(release(tag_of(tracked.version, tracked.tag), flags="latest"))
    choice = choose(tracked, seen, NOW, frozenset())
    assert choice.candidates == ()
    assert {note.topic for note in choice.notes} <= ({Topic.BLOCKED} if listed_of(tracked) is None else set())
