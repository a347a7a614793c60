"""A run may be killed anywhere: the next one ends where an undisturbed run would have.

In each scene a run, in a process of its own, is killed after each of its requests in turn, the moment that the request
has taken effect and before it is answered. Then another run is made, and what is on GitHub must be what one undisturbed
run leaves: every branch and file, every pull request with its text and labels, every comment, the dashboard.
"""

from collections.abc import Callable

import pytest

from bot import workers
from tests.sync.scenes import SCENES, Scene
from tests.sync.stage import Stage, inline

ENTRIES = ("mysqld", "redis")


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run", inline)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_a_second_run_writes_nothing(scene: Scene) -> None:
    with Stage(ENTRIES) as stage:
        scene(stage)
        stage.sync()
        after, writes = stage.state(), len(stage.hub.writes)
        stage.sync()
        assert len(stage.hub.writes) == writes
        assert stage.state() == after
        assert stage.hub.violations == []


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_a_run_that_is_killed_is_taken_up_by_the_next(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    with Stage(ENTRIES) as stage:
        scene(stage)
        found, before = stage.hub.catalog.kept(), len(stage.hub.seen)
        stage.sync()
        calls, wanted = len(stage.hub.seen) - before, stage.state()
        for killed_after in range(1, calls + 1):
            stage.hub.catalog.put_back(found)
            assert stage.sync_killed_after(killed_after)
            stage.sync()
            assert stage.state() == wanted, f"killed after request {killed_after} of {calls}"
        assert stage.hub.violations == []
    record_property("kill points", calls)
