"""Repositories, their releases, tags and refs."""

from collections.abc import Mapping

from tests.github.catalog import Catalog
from tests.github.git import ZERO, Move
from tests.github.limits import Bucket
from tests.github.refusal import missing, unprocessable
from tests.github.rest import present, present_git
from tests.github.rest.call import Answer, Call
from tests.github.upstream import Release, Upstream


def rate_limit(call: Call) -> Answer:
    """GET /rate_limit."""
    core, graphql = _bucket(call.limits.core), _bucket(call.limits.graphql)
    return Answer(200, {"rate": core, "resources": {"core": core, "graphql": graphql, "search": core}})


def _bucket(one: Bucket) -> Mapping[str, int]:
    return {"limit": one.limit, "remaining": one.remaining, "used": one.used, "reset": int(one.reset.timestamp())}


def repository(call: Call) -> Answer:
    """GET /repos/{owner}/{repo}."""
    return Answer(200, present.repository(call.world.url, call.target))


def releases(call: Call) -> Answer:
    """GET …/releases: the newest commits first, without drafts."""
    found = sorted(_releases(call), key=lambda one: (one.made, one.tag), reverse=True)
    return call.page([_release(call, one) for one in found])


def latest_release(call: Call) -> Answer:
    """GET …/releases/latest."""
    found = call.target.latest() if isinstance(call.target, Upstream) else None
    if found is None:
        raise missing()
    return Answer(200, _release(call, found))


def release_of_tag(call: Call) -> Answer:
    """GET …/releases/tags/{tag}."""
    for one in _releases(call):
        if one.tag == call.names["tag"]:
            return Answer(200, _release(call, one))
    raise missing()


def assets(call: Call) -> Answer:
    """GET …/releases/{release_id}/assets."""
    for one in _releases(call):
        shown = _release(call, one)
        if shown["id"] == int(call.names["release_id"]):
            listed = shown["assets"]
            assert isinstance(listed, list)
            return call.page(listed)
    raise missing()


def _releases(call: Call) -> list[Release]:
    target = call.target
    return [one for one in target.releases.values() if not one.draft] if isinstance(target, Upstream) else []


def _release(call: Call, one: Release) -> Mapping[str, object]:
    assert isinstance(call.target, Upstream)
    return present.release(call.world.url, call.target, one)


def tags(call: Call) -> Answer:
    """GET …/tags: the last of the alphabet first."""
    target = call.target
    found = {name.removeprefix("refs/tags/"): oid for name, oid in _refs(call).items() if name.startswith("refs/tags/")}
    commits = {name: target.commit_of(name) if isinstance(target, Upstream) else oid for name, oid in found.items()}
    return call.page([present_git.tag(call.world.url, target, *pair) for pair in sorted(commits.items(), reverse=True)])


def _refs(call: Call) -> Mapping[str, str]:
    target = call.target
    return target.listed().refs if isinstance(target, Catalog) else target.refs()


def matching_refs(call: Call) -> Answer:
    """GET …/git/matching-refs/{ref}: all whose names start so, on one page."""
    prefix = f"refs/{call.names.get('ref', '')}"
    return Answer(200, [_ref(call, name, oid) for name, oid in _refs(call).items() if name.startswith(prefix)])


def ref(call: Call) -> Answer:
    """GET …/git/ref/{ref}."""
    name = f"refs/{call.names['ref']}"
    target = call.target
    oid = target.refs().get(name)
    if oid is None:
        raise missing()
    return Answer(200, _ref(call, name, oid))


def _ref(call: Call, name: str, oid: str) -> object:
    target = call.target
    tag = isinstance(target, Upstream) and target.tags[name.removeprefix("refs/tags/")].tagged is not None
    return present_git.git_ref(call.world.url, target, name, oid, "tag" if tag else "commit")


def create_ref(call: Call) -> Answer:
    """POST …/git/refs."""
    name, oid = call.text("ref") or "", call.text("sha") or ""
    call.catalog.create(name, oid)
    return Answer(201, _ref(call, name, oid))


def update_ref(call: Call) -> Answer:
    """PATCH …/git/refs/{ref}."""
    name, oid = _existing(call), call.text("sha") or ""
    call.catalog.move([Move(name, oid, force=call.body.get("force") is True)])
    return Answer(200, _ref(call, name, oid))


def delete_ref(call: Call) -> Answer:
    """DELETE …/git/refs/{ref}."""
    call.catalog.move([Move(_existing(call), ZERO)])
    return Answer(204)


def _existing(call: Call) -> str:
    name = f"refs/{call.names['ref']}"
    if name not in call.catalog.refs():
        raise unprocessable("Reference does not exist")
    return name


def compare(call: Call) -> Answer:
    """GET …/compare/{basehead}, of two branches or commits of the repository itself."""
    catalog, base_url = call.catalog, call.world.url
    names = call.names["basehead"].split("...")
    found = [catalog.git.resolve(f"{name.rpartition(':')[2]}^{{commit}}") for name in names]
    if len(found) != 2 or found[0] is None or found[1] is None:
        raise missing()
    base, head = found[0][0], found[1][0]
    fork = catalog.git.merge_base(base, head)
    if fork is None:
        raise missing(f"No common ancestor between {names[0]} and {names[1]}.")
    ahead, behind = catalog.ahead(base, head), catalog.ahead(head, base)
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    web = f"{present.WEB}/{catalog.name}/compare/{base}...{head}"
    page = int(call.query.get("page", "1"))
    shown = call.page(ahead)
    assert isinstance(shown.body, list)
    commits = shown.body if "per_page" in call.query else ahead[:250]
    files = catalog.git.changes(fork, head)[:300] if page == 1 else ()
    body = {
        "url": f"{call.api}/compare/{call.names['basehead']}",
        "html_url": web,
        "permalink_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "base_commit": present_git.commit(base_url, catalog, catalog.git.commit(base)),
        "merge_base_commit": present_git.commit(base_url, catalog, catalog.git.commit(fork)),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [present_git.commit(base_url, catalog, one) for one in commits],
        "files": [present_git.changed_file(base_url, catalog, head, one) for one in files],
    }
    return Answer(200, body, shown.headers if "per_page" in call.query else {})
