"""Caps, fair turns, parts of a catalog, and what a run about some entries leaves alone."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import workers
from bot.sync.model import Topic
from bot.sync.plan import Standing, Synced
from bot.sync.run import synced
from tests.github import Fault, Seen
from tests.sync.scenes import calls_until, tick
from tests.sync.stage import NOW, Stage, inline, release

MANY = tuple(f"e{number:02}" for number in range(13))
FULL = "at most 5 new pull requests a run, and 10 open ones"


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run", inline)


def standings(result: Synced) -> Counter[Standing]:
    return Counter(one.standing for one in result.settled)


def opened(stage: Stage) -> list[str]:
    """Entries with an open pull request, in the order in which those were opened."""
    return [it.pull.branch.rpartition("/")[2] for it in stage.threads().values() if it.pull and it.open]


def test_five_are_opened_a_run_and_ten_in_all() -> None:
    with Stage(MANY) as stage:
        stage.releases()
        first = stage.sync()
        assert standings(first) == {Standing.NEW: 5, Standing.DEFERRED: 8}
        assert {one.reason for one in first.settled if one.standing is Standing.DEFERRED} == {FULL}
        assert standings(stage.sync()) == {Standing.NEW: 5, Standing.CURRENT: 5, Standing.DEFERRED: 3}
        third = stage.sync()
        assert standings(third) == {Standing.CURRENT: 10, Standing.DEFERRED: 3}
        writes = len(stage.hub.writes)
        stage.sync()
        assert len(stage.hub.writes) == writes
        issue = next(it for it in stage.threads().values() if not it.pull)
        assert "## Open (10)" in issue.body
        assert "## Deferred (3)" in issue.body
        # Room comes with a merge.
        stage.hub.catalog.merge(next(it.number for it in stage.threads().values() if it.pull and it.open))
        assert standings(stage.sync()) == {Standing.NEW: 1, Standing.CURRENT: 9, Standing.DEFERRED: 2, Standing.NONE: 1}
        assert stage.hub.violations == []


def test_another_day_others_come_first() -> None:
    firsts = []
    for days in range(3):
        with Stage(MANY) as stage:
            stage.now = NOW + timedelta(days=days)
            stage.releases()
            stage.sync()
            firsts.append(frozenset(opened(stage)))
    assert len(set(firsts)) == 3


def test_what_an_earlier_run_began_comes_first() -> None:
    with Stage(MANY) as stage:
        stage.releases()
        # The run breaks off when the first branch is there, and no pull request.
        stage.sync_killed_after(calls_until(stage, "updateRefs", 2))
        (begun,) = (name.rpartition("/")[2] for name in stage.hub.catalog.heads() if name.startswith("bot/bump/"))
        stage.now = NOW + timedelta(days=1)
        stage.sync()
        assert begun in opened(stage)
        assert len(opened(stage)) == 5


def test_a_run_about_one_entry_leaves_the_others_and_the_dashboard_alone() -> None:
    with Stage(("mysqld", "redis")) as stage:
        stage.releases()
        stage.sync()
        stage.releases(version="1.2.0")
        with stage.checkout() as root:
            result = synced(replace(stage.run(root), names=frozenset(("redis",))))
        assert [(one.outcome.entry, one.standing) for one in result.settled] == [("redis", Standing.UPDATED)]
        assert result.others == ()
        titles = [it.title for it in stage.threads().values() if it.pull]
        assert titles == ["mysqld: 1.0.0 → 1.1.0", "redis: 1.0.0 → 1.2.0"]


def test_parts_make_a_whole() -> None:
    with Stage(MANY[:4]) as stage, stage.checkout() as root:
        stage.releases(*MANY[:3])
        run = replace(stage.run(root), dry=True)
        parts = [synced(replace(run, names=frozenset(MANY[part:4:2]))) for part in range(2)]
        given = [one.outcome for part in parts for one in part.settled]
        assert stage.hub.writes == []
        asked = len(stage.hub.seen)
        whole = synced(replace(run, dry=False, given=sorted(given, key=lambda one: one.entry)))
        assert standings(whole) == {Standing.NEW: 3, Standing.NONE: 1}
        assert "Releases" not in {one.operation for one in stage.hub.seen[asked:]}
        assert any(not it.pull for it in stage.threads().values())


def test_a_release_that_is_not_complete_for_a_day_keeps_its_pull_request() -> None:
    with Stage(("redis",)) as stage:
        stage.releases(version="1.1.0")
        stage.releases(version="1.2.0")
        stage.sync()
        before = stage.state().threads[0]
        stage.upstreams["redis"].add(release("redis", "1.2.0", complete=False))
        (left,) = stage.sync().settled
        assert (left.standing, left.number, left.outcome.proposal) == (Standing.CURRENT, before.number, None)
        assert stage.state().threads[0] == before
        (issue,) = (it for it in stage.threads().values() if not it.pull)
        assert f"- #{before.number} `redis`\n" in issue.body
        assert "1.1.0" not in issue.body


def test_an_older_checkout_closes_nothing_that_the_base_still_has() -> None:
    with Stage(("mysqld", "redis")) as stage:
        stage.releases()
        stage.sync()
        writes = len(stage.hub.writes)
        with stage.checkout() as root:
            older = replace(stage.run(root), entries=("mysqld",), names=frozenset(("mysqld",)))
            assert [one.outcome.entry for one in synced(older).settled] == ["mysqld"]
        # The dashboard is as the older one sees it.
        assert [it.operation for it in stage.hub.writes[writes:]] == ["issues/update"]
        assert opened(stage) == ["mysqld", "redis"]


def test_a_box_that_is_ticked_during_a_run_stays_ticked() -> None:
    with Stage(("mysqld", "redis")) as stage:
        stage.releases("redis", version="2.0.0")
        stage.sync()
        stage.releases("mysqld")

        def somebody(seen: Seen) -> None:
            if seen.operation == "pulls/create":
                tick(stage, "approve:redis@2.0.0")

        stage.hub.on_request = somebody
        assert standings(stage.sync()) == {Standing.NEW: 1, Standing.NONE: 1}
        stage.hub.on_request = lambda seen: None
        assert standings(stage.sync()) == {Standing.NEW: 1, Standing.CURRENT: 1}
        assert stage.hub.violations == []


def test_a_branch_that_no_entry_can_have_is_no_entry() -> None:
    with Stage(("redis",)) as stage:
        stage.hub.catalog.commit("bot/bump/x/y", {"lists/x/exporter.yaml": "name: x\n"})
        assert [one.outcome.entry for one in stage.sync().settled] == ["redis"]
        assert "bot/bump/x/y" in stage.hub.catalog.heads()


def test_an_entry_that_fails_is_left_to_rest_and_forgotten_when_it_answers() -> None:
    with Stage(("mysqld", "redis")) as stage:
        stage.releases("mysqld")
        failing = stage.hub.fail(Fault.BAD_GATEWAY, matching="repos/get-release-by-tag", times=10**6)
        failed = stage.sync()
        assert [(one.outcome.entry, [note.topic for note in one.outcome.notes]) for one in failed.settled] == [
            ("mysqld", [Topic.FAILED]),
            ("redis", []),
        ]
        assert failing.hits == stage.pace.tries
        asked = len(stage.hub.seen)
        rested = stage.sync()
        message = f"failed in the last runs; asked again after {NOW + timedelta(hours=4):%Y-%m-%d %H:%M} UTC"
        assert [note.message for note in rested.settled[0].outcome.notes] == [message]
        assert "repos/get-release-by-tag" not in {one.operation for one in stage.hub.seen[asked:]}
        stage.hub.heal()
        stage.now = NOW + timedelta(hours=5)
        assert [one.standing for one in stage.sync().settled] == [Standing.NEW, Standing.NONE]
        issue = next(it for it in stage.threads().values() if not it.pull)
        assert '{"failures":{}}' in issue.body
