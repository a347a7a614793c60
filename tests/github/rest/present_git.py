"""Refs, commits and changed files of the REST interface."""

from tests.github.catalog import Catalog
from tests.github.clock import stamp
from tests.github.git import Change, Commit
from tests.github.people import known_by
from tests.github.rest.present import WEB, Json, person
from tests.github.world import Repository


def git_ref(base: str, found: Repository, name: str, oid: str, kind: str = "commit") -> Json:
    """A ref, by its full name."""
    api = f"{base}/repos/{found.name}/git"
    return {
        "ref": name,
        "node_id": f"REF_{found.id}_{name}",
        "url": f"{api}/{name}",
        "object": {"type": kind, "sha": oid, "url": f"{api}/{kind}s/{oid}"},
    }


def tag(base: str, found: Repository, name: str, commit: str) -> Json:
    """A tag, with the commit that it leads to."""
    api = f"{base}/repos/{found.name}"
    return {
        "name": name,
        "node_id": f"REF_{found.id}_refs/tags/{name}",
        "commit": {"sha": commit, "url": f"{api}/commits/{commit}"},
        "zipball_url": f"{api}/zipball/refs/tags/{name}",
        "tarball_url": f"{api}/tarball/refs/tags/{name}",
    }


def commit(base: str, catalog: Catalog, one: Commit) -> Json:
    """A commit, without its files."""
    api, web = f"{base}/repos/{catalog.name}", f"{WEB}/{catalog.name}"
    url = f"{api}/commits/{one.oid}"
    signed = one.committer[0] == "GitHub"
    people = (("author", one.author), ("committer", one.committer))
    return {
        "sha": one.oid,
        "node_id": f"C_{one.oid}",
        "url": url,
        "html_url": f"{web}/commit/{one.oid}",
        "comments_url": f"{url}/comments",
        **{role: person(base, who) if (who := known_by(email)) else None for role, (_name, email, _at) in people},
        "parents": [
            {"sha": oid, "url": f"{api}/commits/{oid}", "html_url": f"{web}/commit/{oid}"} for oid in one.parents
        ],
        "commit": {
            "url": f"{api}/git/commits/{one.oid}",
            "message": one.message,
            "comment_count": 0,
            "tree": {"sha": one.tree, "url": f"{api}/git/trees/{one.tree}"},
            **{role: {"name": name, "email": email, "date": stamp(at)} for role, (name, email, at) in people},
            "verification": {
                "verified": signed,
                "reason": "valid" if signed else "unsigned",
                "payload": None,
                "signature": None,
                "verified_at": None,
            },
        },
    }


def changed_file(base: str, catalog: Catalog, head: str, one: Change) -> Json:
    """A file of a comparison."""
    made: Json = {
        "sha": one.blob,
        "filename": one.path,
        "status": one.status,
        "additions": one.added,
        "deletions": one.removed,
        "changes": one.added + one.removed,
        "blob_url": f"{WEB}/{catalog.name}/blob/{head}/x",
        "raw_url": f"{WEB}/{catalog.name}/raw/{head}/x",
        "contents_url": f"{base}/repos/{catalog.name}/contents/x?ref={head}",
    }
    return made | ({"previous_filename": one.previous} if one.previous else {})
