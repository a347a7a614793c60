"""Releases by GraphQL: what is read, how little is asked, and what a repository that fails costs the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.outside.github.session import Session
from bot.outside.github.upstream import BATCH, GithubUpstream
from bot.sync import model
from bot.sync.model import Catalogued, Missing, Repository, Scheme, Tracked, Unknown
from tests.github import Asset, Fault, GitHub, Release, Tag, Upstream
from tests.github.upstream import object_id
from tests.outside.github.pacing import Time

DAY = datetime(2026, 3, 1, tzinfo=UTC)
Answer = Repository | Missing | Unknown


def tracked(repository: str, tag: str = "v{version}", version: str = "1.0.0", entry: str = "x") -> Tracked:
    return Tracked(entry, f"lists/{entry}", repository, None, tag, Scheme.SEMVER, version)


def many(hub: GitHub, count: int) -> list[Tracked]:
    for i in range(count):
        hub.add(Upstream(f"owner/repo-{i}", 1000 + i, releases=[Release("v1.0.0"), Release("v1.1.0", DAY)]))
    return [tracked(f"owner/repo-{i}", entry=f"repo-{i}") for i in range(count)]


def asked(session: Session, wanted: Sequence[Tracked]) -> dict[str, Answer]:
    """By repository as it was asked for."""
    answers = list(GithubUpstream(session).repositories(wanted))
    assert sorted(one.entry for one, _ in answers) == sorted(one.entry for one in wanted)
    return {one.repository: answer for one, answer in answers}


def one(session: Session, wanted: Tracked) -> Repository:
    answer = asked(session, [wanted])[wanted.repository]
    assert isinstance(answer, Repository)
    return answer


def test_what_is_read(hub: GitHub, session: Session) -> None:
    hub.add(
        Upstream(
            "prometheus/node_exporter",
            11,
            releases=[
                Release("v1.0.0", DAY, (Asset("a"), Asset("b", updated=DAY + timedelta(days=9))), commit="1" * 40),
                Release("v1.1.0-rc.1", DAY + timedelta(days=2), prerelease=True, commit="2" * 40),
                Release("v1.1.0", DAY + timedelta(days=1), commit="3" * 40),
            ],
            archived=True,
        )
    )
    repository = one(session, tracked("Prometheus/node_exporter"))
    web = "https://github.com/prometheus/node_exporter/releases/tag"
    later = DAY + timedelta(days=2)
    assert repository == Repository(
        name="prometheus/node_exporter",
        id=11,
        archived=True,
        releases=(
            model.Release("v1.1.0-rc.1", later, "2" * 40, f"{web}/v1.1.0-rc.1", prerelease=True),
            model.Release("v1.1.0", DAY + timedelta(days=1), "3" * 40, f"{web}/v1.1.0", latest=True),
            model.Release("v1.0.0", DAY, "1" * 40, f"{web}/v1.0.0"),
        ),
        tags=(
            model.Release("v1.1.0-rc.1", later, "2" * 40, f"{web}/v1.1.0-rc.1"),
            model.Release("v1.1.0", DAY + timedelta(days=1), "3" * 40, f"{web}/v1.1.0"),
            model.Release("v1.0.0", DAY, "1" * 40, f"{web}/v1.0.0"),
        ),
        catalogued=Catalogued("1" * 40, DAY + timedelta(days=9)),
    )
    assert [(seen.operation, seen.points) for seen in hub.seen] == [("Releases", 1)]


def test_tags_are_followed_to_their_commits(hub: GitHub, session: Session) -> None:
    annotated = Tag("pkg/v1.0.0", DAY, "4" * 40, tagged=DAY + timedelta(days=3))
    hub.add(Upstream("a/b", 1, tags=[annotated, Tag("pkg/v0.9.0", DAY, "5" * 40)]))
    repository = one(session, tracked("a/b", "pkg/v{version}"))
    web = "https://github.com/a/b/releases/tag"
    assert repository.releases == ()
    assert repository.tags == (
        model.Release("pkg/v1.0.0", DAY + timedelta(days=3), "4" * 40, f"{web}/pkg/v1.0.0"),
        model.Release("pkg/v0.9.0", DAY, "5" * 40, f"{web}/pkg/v0.9.0"),
    )
    assert repository.catalogued == Catalogued("4" * 40, None)
    assert object_id("tag", "pkg/v1.0.0", "4" * 40) not in str(repository)


def test_a_listed_version_that_has_no_tag(hub: GitHub, session: Session) -> None:
    hub.add(Upstream("a/b", 1, releases=[Release("v1.1.0")]))
    assert one(session, tracked("a/b")).catalogued is None


def test_a_repository_that_moved_tells_its_name(hub: GitHub, session: Session) -> None:
    hub.add(Upstream("old/name", 7, releases=[Release("v1.0.0")]))
    hub.world.rename("old/name", "new/name")
    repository = one(session, tracked("old/name"))
    assert (repository.name, repository.id) == ("new/name", 7)


def test_names_are_data(hub: GitHub, session: Session) -> None:
    """They come from entries, which strangers write."""
    wicked = 'a/b") { databaseId } r0: repository(owner: "x'
    names = [wicked, "a", "a/b/c", "/", "a/..", ".a/b", "a/b\n", ""]
    answers = asked(session, [tracked(name, entry=str(i)) for i, name in enumerate(names)])
    assert answers == {name: Missing(f'"{name}" is no name of a repository') for name in names}
    assert hub.seen == []
    hub.add(Upstream("a/b", 1, releases=[Release('v"}1')]))
    assert one(session, tracked("a/b", 'v"}}{version}', "1")).catalogued is None
    assert one(session, tracked("a/b", 'v"}{version}', "1")).catalogued is not None


def test_a_thousand_repositories_take_few_requests_and_a_point_each(hub: GitHub, session: Session) -> None:
    answers = asked(session, many(hub, 1000))
    assert all(isinstance(answer, Repository) for answer in answers.values())
    assert len(answers) == 1000
    assert [(seen.operation, seen.points) for seen in hub.seen] == [("Releases", 1)] * 31


def test_two_entries_may_follow_one_repository(hub: GitHub, session: Session) -> None:
    hub.add(Upstream("a/b", 1, releases=[Release("x/1.0.0"), Release("y/1.0.0")]))
    wanted = [tracked("a/b", "x/{version}", entry="x"), tracked("a/b", "y/{version}", entry="y")]
    found = list(GithubUpstream(session).repositories(wanted))
    assert [each.entry for each, _ in found] == ["x", "y"]
    assert len(hub.seen) == 1


def test_one_that_is_missing_sinks_no_other(hub: GitHub, session: Session) -> None:
    wanted = many(hub, BATCH + 5)
    for gone in (3, 4, 34):
        hub.world.delete(f"owner/repo-{gone}")
    answers = asked(session, wanted)
    missing = {name: answer for name, answer in answers.items() if not isinstance(answer, Repository)}
    assert missing == {f"owner/repo-{i}": Missing(f"GitHub has no repository owner/repo-{i}") for i in (3, 4, 34)}
    assert len(hub.seen) == 2


# Further pages


def releases(count: int, form: str) -> list[Release]:
    return [Release(form.format(i), DAY + timedelta(hours=i)) for i in range(count)]


def test_a_page_is_enough_where_something_matches(hub: GitHub, session: Session) -> None:
    hub.add(Upstream("a/b", 1, releases=releases(300, "v1.0.{}")))
    repository = one(session, tracked("a/b"))
    assert [release.tag for release in repository.releases] == [f"v1.0.{i}" for i in range(299, 279, -1)]
    assert len(repository.tags) == 20
    assert len(hub.seen) == 1


def test_further_pages_are_asked_for_together_where_nothing_matches(hub: GitHub, session: Session) -> None:
    wanted = many(hub, 38)
    for i in range(2):
        name = f"mono/repo-{i}"
        hub.add(Upstream(name, i, releases=[*releases(150, "other/{}"), Release("v1.0.0", DAY - timedelta(days=1))]))
        wanted.append(tracked(name, entry=name))
    answers = asked(session, wanted)
    for i in range(2):
        answer = answers[f"mono/repo-{i}"]
        assert isinstance(answer, Repository)
        assert [release.tag for release in answer.releases[-2:]] == ["other/0", "v1.0.0"]
        assert len({release.tag for release in answer.releases}) == len(answer.releases) == 151
        assert len({tag.tag for tag in answer.tags}) == len(answer.tags) == 151
    # Two batches; then both repositories by one request for each further page, of which the second has the match.
    assert len(hub.seen) == 4


def test_further_pages_come_to_an_end(hub: GitHub, session: Session) -> None:
    hub.add(Upstream("a/b", 1, releases=releases(500, "other/{}")))
    repository = one(session, tracked("a/b"))
    assert len(repository.releases) == len(repository.tags) == 20 + 4 * 100
    assert len(hub.seen) == 5


def test_a_list_that_ends_early_does_not_begin_anew(hub: GitHub, session: Session) -> None:
    hub.add(Upstream("a/b", 1, releases=releases(3, "other/{}"), tags=[Tag(f"t{i}", DAY) for i in range(150)]))
    repository = one(session, tracked("a/b"))
    assert [release.tag for release in repository.releases] == ["other/2", "other/1", "other/0"]
    assert len({tag.tag for tag in repository.tags}) == len(repository.tags) == 153
    assert len(hub.seen) == 3


# Too much at once


HEAVY = [Fault.BAD_GATEWAY, Fault.CUT, Fault.TRUNCATED, Fault.HTML]


@pytest.mark.parametrize("fault", HEAVY)
def test_pages_shrink(hub: GitHub, session: Session, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for = recorded(session, monkeypatch)
    hub.fail(fault, times=2)
    assert_all_read(asked(session, many(hub, 20)))
    assert shapes(asked_for) == [(20, 20), (20, 10), (20, 5)]


def test_then_batches_are_halved(hub: GitHub, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for = recorded(session, monkeypatch)
    hub.fail(Fault.BAD_GATEWAY, times=4)
    assert_all_read(asked(session, many(hub, 20)))
    assert shapes(asked_for) == [(20, 20), (20, 10), (20, 5), (10, 5), (10, 5), (5, 5), (5, 5)]


def test_smaller_pages_hide_nothing(hub: GitHub, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for = recorded(session, monkeypatch)
    hub.add(Upstream("a/b", 1, releases=releases(30, "v1.0.{}")))
    hub.fail(Fault.BAD_GATEWAY, times=2)
    repository = one(session, tracked("a/b"))
    assert [release.tag for release in repository.releases] == [f"v1.0.{i}" for i in range(29, 9, -1)]
    assert shapes(asked_for) == [(1, 20), (1, 10)] + [(1, 5)] * 4


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.CUT])
def test_one_bad_repository_sinks_no_other(
    hub: GitHub, session: Session, time: Time, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = many(hub, 40)
    asked_for = recorded(session, monkeypatch)
    hub.fail(fault, matching=lambda seen: "repo-33" in asked_for[-1].names, times=10**6)
    answers = asked(session, wanted)
    bad = answers.pop("owner/repo-33")
    words = "HTTP 502" if fault is Fault.BAD_GATEWAY else "the connection broke off, or none was made"
    assert bad == Unknown(f"GitHub: releases of owner/repo-33: {words}, 4 times")
    assert_all_read(answers)
    # The good batch; the bad one three times; halves of 10, 5, 2 or 3, 1 or 2 and 1; the bad one three times more.
    assert len(hub.seen) <= 1 + 3 + 2 * 5 + 3
    assert sum(time.slept) < 60


def test_when_github_is_down_it_is_left_alone(hub: GitHub, session: Session, time: Time) -> None:
    wanted = many(hub, 100)
    hub.fail(Fault.BAD_GATEWAY, times=10**6)
    answers = asked(session, wanted)
    assert all(isinstance(answer, Unknown) and not answer.deferred for answer in answers.values())
    down = "not asked: 8 requests in a row failed, the last with HTTP 502"
    assert answers["owner/repo-99"] == Unknown(f"GitHub: releases of owner/repo-99: {down}")
    assert len(hub.seen) == 8
    assert time.slept == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_an_answer_that_lacks_some_is_asked_for_the_rest(
    hub: GitHub, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for = recorded(session, monkeypatch)
    hub.fail(Fault.PARTIAL, times=3)
    assert_all_read(asked(session, many(hub, 20)))
    assert shapes(asked_for) == [(20, 20), (10, 10), (5, 5), (1, 5), (2, 5)]


def test_an_answer_that_always_lacks_it(hub: GitHub, session: Session) -> None:
    wanted = many(hub, 2)
    hub.fail(Fault.PARTIAL, times=10**6)
    answers = asked(session, wanted)
    reason = "an answer that lacks it (no reason given), 4 times"
    assert answers["owner/repo-1"] == Unknown(f"GitHub: releases of owner/repo-1: {reason}")
    assert isinstance(answers["owner/repo-0"], Repository)
    assert len(hub.seen) == 3 + 3


# Limits


def test_a_limit_defers_the_rest(hub: GitHub, session: Session) -> None:
    hub.limits.graphql.used = 4898
    answers = asked(session, many(hub, 3 * BATCH))
    read = [name for name, answer in answers.items() if isinstance(answer, Repository)]
    deferred = [answer for answer in answers.values() if isinstance(answer, Unknown) and answer.deferred]
    assert (len(read), len(deferred)) == (2 * BATCH, BATCH)
    assert "GitHub's limit is nearly used up (100 of 5000 left until " in deferred[0].reason
    assert len(hub.seen) == 2


def test_a_limit_that_lasts_defers_the_rest(hub: GitHub, session: Session) -> None:
    wanted = many(hub, 3 * BATCH)
    hub.fail(Fault.GRAPHQL_LIMITED, at=1, seconds=3000)
    answers = asked(session, wanted)
    kinds = [
        "read"
        if isinstance(answer, Repository)
        else "deferred"
        if isinstance(answer, Unknown) and answer.deferred
        else "failed"
        for answer in answers.values()
    ]
    assert kinds == ["read"] * BATCH + ["failed"] * BATCH + ["deferred"] * BATCH
    assert len(hub.seen) == 2


def assert_all_read(answers: dict[str, Answer]) -> None:
    assert [name for name, answer in answers.items() if not isinstance(answer, Repository)] == []


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One request."""

    names: tuple[str, ...]
    size: int


def shapes(requests: Sequence[AskedFor]) -> list[tuple[int, int]]:
    """How many repositories are asked for at once, and how many releases of each."""
    return [(len(request.names), request.size) for request in requests]


def recorded(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[AskedFor]:
    """What is asked for from now on."""
    found: list[AskedFor] = []
    query = session.query

    def record(text: str, variables: Mapping[str, object], *, tries: int | None = None) -> object:
        size = variables["size"]
        assert isinstance(size, int)
        names = tuple(str(value) for name, value in variables.items() if name.startswith("n"))
        found.append(AskedFor(names, size))
        return query(text, variables, tries=tries)

    monkeypatch.setattr(session, "query", record)
    return found
