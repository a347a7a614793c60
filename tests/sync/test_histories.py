"""The choice of a release, held against the tags of real repositories."""

from collections import defaultdict
from random import Random

import pytest

from bot.sync.model import Note, Repository, Topic
from bot.sync.versions import choose
from tests.sync.histories import Case, cases

CASES = tuple(cases())
RULES = frozenset(
    {
        "approved",
        "backport",
        "blocked",
        "build metadata",
        "calver",
        "cooldown",
        "current",
        "drift",
        "flagged prerelease",
        "flagged, wanted",
        "ignore",
        "latest",
        "left out",
        "listed prerelease",
        "major",
        "major cooldown",
        "majors",
        "moving tag",
        "neighbours",
        "newer",
        "numeric",
        "old mark",
        "pep440",
        "prefix",
        "prerelease by its name",
        "two parts",
        "undated",
    }
)


def described(note: Note) -> str:
    return f"{note.topic}: {note.message}" + (f"; {note.help}" if note.topic is Topic.DRIFT else "")


def check(case: Case, repository: Repository) -> None:
    choice = choose(case.tracked, repository, case.now, case.approved)
    assert tuple(candidate.version for candidate in choice.candidates) == case.candidates
    assert tuple(map(described, choice.notes)) == case.notes
    assert (choice.candidates[0].step if choice.candidates else None) is case.step


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.repository}@{case.listed}-{case.now:%Y-%m-%d}")
def test_history(case: Case) -> None:
    check(case, case.as_releases())


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if not case.flags],
    ids=lambda case: f"{case.repository}@{case.listed}-{case.now:%Y-%m-%d}",
)
def test_history_of_tags_without_releases(case: Case) -> None:
    check(case, case.as_tags())


def test_order_decides_nothing() -> None:
    """GitHub sorts releases by the date of a commit, and those of one commit by name."""
    random = Random(4)
    for case in CASES:
        releases = list(case.releases())
        random.shuffle(releases)
        shuffled = Repository(case.repository, 1, False, tuple(releases), (), None)
        undecided = any(release.published is None for release in releases)
        choice = choose(case.tracked, shuffled, case.now, case.approved)
        expected = choose(case.tracked, case.as_releases(), case.now, case.approved)
        assert choice.candidates == expected.candidates, case
        assert undecided or choice.notes == expected.notes, case


def test_the_table_is_large_and_every_rule_is_decided_by_two_histories() -> None:
    by_rule: dict[str, set[str]] = defaultdict(set)
    for case in CASES:
        by_rule[case.rule].add(case.repository)
    assert set(by_rule) == RULES
    assert {rule: names for rule, names in by_rule.items() if len(names) < 2} == {}
    assert len({case.repository for case in CASES}) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.repository}@{case.listed}-{case.now:%Y-%m-%d}")
def test_tags_are_listed_newest_first_and_once(case: Case) -> None:
    dates = [date for _, date in case.tags if date]
    assert dates == sorted(dates, reverse=True)
    assert len({tag for tag, _ in case.tags}) == len(case.tags)
    assert set(case.flags) <= {"*", *(tag for tag, _ in case.tags)}
