"""What a run is about while something fails: scenes that together make every kind of request of a sync."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.sync.stage import Stage, path_of

ENTRIES = ("mysqld", "redis")


@dataclass(frozen=True)
class Scene:
    """What there is before a run, and which of its requests fail here: what another scene tries is left out."""

    play: Callable[[Stage], None]
    operations: frozenset[str]
    surveys: bool = False
    """Whether the run asks upstream; else an earlier survey is carried out."""
    later: bool = False
    """Whether other scenes come before it."""
    alike: bool = True
    """Whether it does not matter which of two entries the same request is about."""


def _opens(stage: Stage) -> None:
    """Both entries get their first pull request, and there is no dashboard yet."""
    stage.releases()


def _updates(stage: Stage) -> None:
    """One pull request validates now, so that its words change; the other one is behind and does not any more."""
    stage.faults["mysqld"] = _FAULT
    stage.releases(version="1.0.1")
    stage.sync()
    stage.releases("redis", version="1.1.0")
    stage.faults.clear()
    stage.faults["redis"] = _FAULT


def _closes(stage: Stage) -> None:
    """One pull request is the work of others now, the other one is in the base already, and a branch was left over."""
    stage.releases()
    stage.sync()
    catalog = stage.hub.catalog
    catalog.commit(stage.branch("mysqld"), {"lists/mysqld/alerts.yaml": "groups: []\n"})
    catalog.commit("main", {path_of("redis"): catalog.read(stage.branch("redis"), path_of("redis"))})
    catalog.commit("bot/scratch/bump/gone", {"README.md": "Left over\n"})


_FAULT = ("lists/ENTRY/exporter.yaml:1:1: [entry/schema] something is wrong",)
SCENES = {
    "surveys": Scene(_opens, frozenset(("Releases", "repos/get-release-by-tag")), surveys=True),
    "opens": Scene(
        _opens,
        frozenset(
            (
                *("Branches", "Places", "updateRefs", "createCommitOnBranch"),
                *("pulls/create", "issues/add-labels", "Dashboard", "issues/create"),
            )
        ),
    ),
    "updates": Scene(
        _updates,
        frozenset(
            (
                *("Overview", "repos/compare-commits-with-basehead", "updateRefs", "pulls/get", "pulls/update"),
                *("markPullRequestReadyForReview", "convertPullRequestToDraft"),
                *("issues/add-labels", "issues/remove-label", "issues/get", "issues/update"),
            )
        ),
        later=True,
    ),
    "closes": Scene(
        _closes,
        frozenset(
            (
                *("issues/list-comments", "issues/create-comment", "issues/add-labels", "pulls/update"),
                *("Places", "updateRefs"),
            )
        ),
        later=True,
        alike=False,
    ),
}
