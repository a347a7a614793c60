"""Releases without a token: the same answers as far as they are told, by as few requests as can be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.outside.github.anonymous import AnonymousUpstream
from bot.outside.github.session import Session
from bot.sync import model
from bot.sync.model import Catalogued, Missing, Repository, Unknown
from tests.github import Asset, Fault, GitHub, Release, Tag, Upstream
from tests.outside.github.pacing import Time
from tests.outside.github.test_upstream import many, releases, tracked

DAY = datetime(2026, 3, 1, tzinfo=UTC)
WEB = "https://github.com/a/b/releases/tag"


@pytest.fixture
def session(hub: GitHub, time: Time) -> Session:
    return Session(None, hub.url, time.pace())


def one(session: Session, wanted: model.Tracked) -> Repository | Missing | Unknown:
    [(back, answer)] = AnonymousUpstream(session).repositories([wanted])
    assert back is wanted
    return answer


def operations(hub: GitHub) -> list[str]:
    return [seen.operation.partition("/")[2] for seen in hub.seen]


def test_what_is_read(hub: GitHub, session: Session) -> None:
    old = Release("v1.0.0", DAY, (Asset("a"), Asset("b", updated=DAY + timedelta(days=9))))
    new = Release("v1.1.0", DAY + timedelta(days=1), prerelease=True)
    hub.add(Upstream("a/b", 11, releases=[old, new], archived=True))
    assert one(session, tracked("a/b")) == Repository(
        name="a/b",
        id=11,
        archived=True,
        releases=(
            model.Release("v1.1.0", DAY + timedelta(days=1), None, f"{WEB}/v1.1.0", prerelease=True),
            model.Release("v1.0.0", DAY, None, f"{WEB}/v1.0.0"),
        ),
        tags=(),
        catalogued=Catalogued(None, DAY + timedelta(days=9)),
    )
    assert operations(hub) == ["get", "list-releases"]


def test_tags_where_no_release_matches(hub: GitHub, session: Session) -> None:
    tags = [Tag("v1.0.0", DAY, "1" * 40), Tag("v1.1.0", DAY, "2" * 40, tagged=DAY)]
    hub.add(Upstream("a/b", 1, releases=[Release("other-1", DAY)], tags=tags))
    answer = one(session, tracked("a/b"))
    assert isinstance(answer, Repository)
    assert [release.tag for release in answer.releases] == ["other-1"]
    assert [tag for tag in answer.tags if tag.tag != "other-1"] == [
        model.Release("v1.1.0", None, "2" * 40, f"{WEB}/v1.1.0"),
        model.Release("v1.0.0", None, "1" * 40, f"{WEB}/v1.0.0"),
    ]
    assert answer.catalogued == Catalogued("1" * 40, None)
    assert operations(hub) == ["get", "list-releases", "list-tags"]


@pytest.mark.parametrize(
    ("tag", "catalogued"),
    [
        (Tag("v0.1.0", DAY - timedelta(days=9), "1" * 40), Catalogued("1" * 40, None)),
        (Tag("v0.1.0", DAY - timedelta(days=9), "1" * 40, tagged=DAY), Catalogued(None, None)),
        (Tag("v0.2.0", DAY - timedelta(days=9), "1" * 40), None),
    ],
)
def test_a_listed_release_that_is_too_old_to_be_shown(
    hub: GitHub, session: Session, tag: Tag, catalogued: Catalogued | None
) -> None:
    hub.add(Upstream("a/b", 1, releases=releases(40, "v1.0.{}"), tags=[tag]))
    answer = one(session, tracked("a/b", version="0.1.0"))
    assert isinstance(answer, Repository)
    assert len(answer.releases) == 30
    assert answer.catalogued == catalogued
    assert operations(hub) == ["get", "list-releases", "get-ref"]


def test_a_repository_that_moved(hub: GitHub, session: Session) -> None:
    hub.add(Upstream("old/name", 7, releases=releases(40, "v1.0.{}")))
    hub.world.rename("old/name", "new/name")
    answer = one(session, tracked("old/name", version="1.0.39"))
    assert isinstance(answer, Repository)
    assert (answer.name, answer.id, len(answer.releases)) == ("new/name", 7, 30)
    assert len(hub.seen) == 3


def test_what_is_missing_and_what_is_no_name(hub: GitHub, session: Session) -> None:
    assert one(session, tracked("no/body")) == Missing("GitHub has no repository no/body")
    assert one(session, tracked("../../user")) == Missing('"../../user" is no name of a repository')
    assert len(hub.seen) == 1


def test_one_that_fails_sinks_no_other(hub: GitHub, session: Session) -> None:
    wanted = many(hub, 3)
    hub.fail(Fault.BAD_GATEWAY, at=2, times=4)
    answers = [answer for _, answer in AnonymousUpstream(session).repositories(wanted)]
    assert isinstance(answers[0], Repository)
    assert answers[1] == Unknown("GitHub: releases of owner/repo-1: HTTP 502, 4 times")
    assert isinstance(answers[2], Repository)


def test_the_hour_is_enough_for_twenty_seven(hub: GitHub, session: Session) -> None:
    answers = [answer for _, answer in AnonymousUpstream(session).repositories(many(hub, 40))]
    assert [isinstance(answer, Repository) for answer in answers] == [True] * 27 + [False] * 13
    assert all(isinstance(answer, Unknown) and answer.deferred for answer in answers[27:])
    assert len(hub.seen) == 55
    assert hub.limits.anonymous.remaining == 5


def test_what_is_no_tag_is_not_asked_for(hub: GitHub, session: Session) -> None:
    hub.add(Upstream("a/b", 1, releases=releases(40, "v1.0.{}")))
    answer = one(session, replace(tracked("a/b"), tag="../../../../user?{version}"))
    assert isinstance(answer, Repository)
    assert answer.catalogued is None
    assert operations(hub) == ["get", "list-releases", "list-tags"]
