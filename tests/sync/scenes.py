"""What a run may find, one scene each: the catalog, what was released, what earlier runs and people did."""

from collections.abc import Callable

from tests.sync.stage import Stage, path_of

Scene = Callable[[Stage], None]


def nothing_open(stage: Stage) -> None:
    stage.releases()


def nothing_new(stage: Stage) -> None:
    stage.sync()


def open_and_current(stage: Stage) -> None:
    stage.releases()
    stage.sync()


def open_and_behind(stage: Stage) -> None:
    open_and_current(stage)
    stage.releases(version="1.2.0")


def base_moved(stage: Stage) -> None:
    """Beside the bump: it would merge, and what it was made from is old."""
    open_and_current(stage)
    stage.edit("redis", "category: database", "category: monitoring")


def conflict(stage: Stage) -> None:
    """In the very line that the bump changes."""
    open_and_current(stage)
    stage.edit("redis", '"1.0.0"  # the newest', '"1.0.0"  # for now')


def closed_by_a_person(stage: Stage) -> None:
    open_and_current(stage)
    stage.hub.catalog.close(stage.number("redis"))


def closed_and_a_newer_release(stage: Stage) -> None:
    closed_by_a_person(stage)
    stage.sync()
    stage.releases("redis", version="1.2.0")


def refusal_ticked(stage: Stage) -> None:
    closed_by_a_person(stage)
    stage.sync()
    tick(stage, "again:redis@1.1.0")


def human_commits(stage: Stage) -> None:
    open_and_current(stage)
    stage.hub.catalog.commit(stage.branch("redis"), {"lists/redis/alerts.yaml": "groups: []\n"})
    stage.releases(version="1.2.0")


def human_amend(stage: Stage) -> None:
    open_and_current(stage)
    stage.hub.catalog.amend(stage.branch("redis"), {"lists/redis/alerts.yaml": "groups: []\n"})
    stage.releases(version="1.2.0")


def human_branch(stage: Stage) -> None:
    """Somebody made the branch before the bot did."""
    stage.hub.catalog.commit(stage.branch("redis"), {path_of("redis"): "name: redis\n"})
    stage.releases()


def base_has_it(stage: Stage) -> None:
    """Somebody made the same change by hand."""
    open_and_current(stage)
    text = stage.hub.catalog.read(stage.branch("redis"), path_of("redis"))
    stage.hub.catalog.commit("main", {path_of("redis"): text})


def merged_with_its_branch_left(stage: Stage) -> None:
    open_and_current(stage)
    stage.hub.catalog.merge(stage.number("redis"), delete_branch=False)


def branch_without_a_pull_request(stage: Stage) -> None:
    stage.releases()
    stage.sync_killed_after(calls_until(stage, "updateRefs", 2))


def half_done(stage: Stage) -> None:
    """A run was cut off between the commit and the branch, another one after the pull request and before its labels."""
    stage.releases()
    stage.sync_killed_after(calls_until(stage, "createCommitOnBranch", 2))
    stage.sync_killed_after(calls_until(stage, "pulls/create", 1))


def entry_removed(stage: Stage) -> None:
    open_and_current(stage)
    stage.hub.catalog.commit("main", {path_of("redis"): None})


def release_withdrawn(stage: Stage) -> None:
    open_and_current(stage)
    stage.upstreams["redis"].withdraw("v1.1.0", keep_tag=False)


def renamed(stage: Stage) -> None:
    stage.hub.world.rename("up/redis", "valkey/redis-exporter")


def renamed_while_open(stage: Stage) -> None:
    open_and_current(stage)
    renamed(stage)


def another_repository(stage: Stage) -> None:
    stage.releases()
    stage.upstreams["redis"].id += 1000


def major_ticked(stage: Stage) -> None:
    stage.releases("redis", version="2.0.0")
    stage.sync()
    tick(stage, "approve:redis@2.0.0")


def does_not_validate(stage: Stage) -> None:
    stage.releases()
    stage.faults["redis"] = ("lists/redis/exporter.yaml:1:1: [entry/schema] something is wrong",)


def validates_again(stage: Stage) -> None:
    does_not_validate(stage)
    stage.sync()
    del stage.faults["redis"]


def words_changed(stage: Stage) -> None:
    """A person rewrote the title, and labelled."""
    open_and_current(stage)
    number = stage.number("redis")
    stage.hub.catalog.talk.edit(number, "Redis!", None)
    stage.hub.catalog.talk.label(number, [*stage.threads()[number].labels, "urgent"])


def fork_of_the_same_name(stage: Stage) -> None:
    stage.releases()
    stage.hub.catalog.open_from_fork(stage.branch("redis"), {path_of("redis"): "name: x\n"}, "redis: 1.0.0 → 1.1.0")


def tick(stage: Stage, box: str) -> None:
    """A person ticks a box of the dashboard."""
    talk = stage.hub.catalog.talk
    issue = next(one for one in talk.threads.values() if not one.pull)
    assert f"[ ] <!-- {box} -->" in issue.body
    talk.edit(issue.number, None, issue.body.replace(f"[ ] <!-- {box} -->", f"[x] <!-- {box} -->"))


def calls_until(stage: Stage, operation: str, times: int) -> int:
    """How many requests an undisturbed run makes up to the one that is meant, which is tried on another stage."""
    with Stage(stage.names) as other:
        other.releases()
        before = len(other.hub.seen)
        other.sync()
        seen = other.hub.seen[before:]
        return [number for number, one in enumerate(seen, 1) if one.operation == operation][times - 1]


SCENES: tuple[Scene, ...] = (
    nothing_open,
    nothing_new,
    open_and_current,
    open_and_behind,
    base_moved,
    conflict,
    closed_by_a_person,
    closed_and_a_newer_release,
    refusal_ticked,
    human_commits,
    human_amend,
    human_branch,
    base_has_it,
    merged_with_its_branch_left,
    branch_without_a_pull_request,
    half_done,
    entry_removed,
    release_withdrawn,
    renamed,
    renamed_while_open,
    another_repository,
    major_ticked,
    does_not_validate,
    validates_again,
    words_changed,
    fork_of_the_same_name,
)
