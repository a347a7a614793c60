"""What a run is about while something fails: three scenes that together make every kind of request of a sync."""

from tests.sync.stage import Stage, path_of

ENTRIES = ("mysqld", "redis")


def opens(stage: Stage) -> None:
    """Both entries get their first pull request, and there is no dashboard yet."""
    stage.releases()


def updates(stage: Stage) -> None:
    """Both pull requests are behind, by more than a patch now; what did not validate does, and the other way round."""
    stage.faults["mysqld"] = _FAULT
    stage.releases(version="1.0.1")
    stage.sync()
    stage.releases(version="1.1.0")
    stage.faults.clear()
    stage.faults["redis"] = _FAULT


def closes(stage: Stage) -> None:
    """One pull request is the work of others now, the other one is in the base; and a branch was left over."""
    stage.releases()
    stage.sync()
    catalog = stage.hub.catalog
    catalog.commit(stage.branch("mysqld"), {"lists/mysqld/alerts.yaml": "groups: []\n"})
    catalog.commit("main", {path_of("redis"): catalog.read(stage.branch("redis"), path_of("redis"))})
    catalog.commit("bot/scratch/bump/gone", {"README.md": "Left over\n"})


SCENES = (opens, updates, closes)
_FAULT = ("lists/ENTRY/exporter.yaml:1:1: [entry/schema] something is wrong",)
