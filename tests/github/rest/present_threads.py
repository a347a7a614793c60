"""Issues, pull requests, labels and comments of the REST interface."""

from tests.github.catalog import Catalog
from tests.github.clock import stamp
from tests.github.rest.present import WEB, Json, number_of, person, repository, user
from tests.github.threads import Comment, PullPart, Thread
from tests.github.world import Repository

COLOUR = "ededed"


def label(base: str, found: Repository, name: str) -> Json:
    """A label."""
    return {
        "id": number_of(name),
        "node_id": f"LA_{name}",
        "url": f"{base}/repos/{found.name}/labels/{name}",
        "name": name,
        "description": "",
        "color": COLOUR,
        "default": False,
    }


def comment(base: str, catalog: Catalog, thread: Thread, one: Comment) -> Json:
    """A comment of an issue or a pull request."""
    kind = "pull" if thread.pull else "issues"
    api = f"{base}/repos/{catalog.name}/issues"
    return {
        "id": one.id,
        "node_id": f"IC_{one.id}",
        "url": f"{api}/comments/{one.id}",
        "html_url": f"{WEB}/{catalog.name}/{kind}/{thread.number}#issuecomment-{one.id}",
        "issue_url": f"{api}/{thread.number}",
        "user": person(base, one.author),
        "created_at": stamp(one.created),
        "updated_at": stamp(one.updated),
        "body": one.body,
        "author_association": "MEMBER",
    }


def issue(base: str, catalog: Catalog, thread: Thread) -> Json:
    """An issue, or a pull request where it is listed as one."""
    api, web = f"{base}/repos/{catalog.name}", f"{WEB}/{catalog.name}"
    url = f"{api}/issues/{thread.number}"
    kind = "pull" if thread.pull else "issues"
    made: Json = {
        **_common(base, catalog, thread),
        "node_id": f"{'PR' if thread.pull else 'I'}_{catalog.id}_{thread.number}",
        "url": url,
        "repository_url": api,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": f"{web}/{kind}/{thread.number}",
        "comments": len(thread.comments),
    }
    if thread.pull:
        page = f"{web}/pull/{thread.number}"
        merged = stamp(thread.pull.merged) if thread.pull.merged else None
        made["draft"] = thread.pull.draft
        made["pull_request"] = {
            "url": f"{api}/pulls/{thread.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": merged,
        }
    return made


def _common(base: str, catalog: Catalog, thread: Thread) -> Json:
    return {
        "id": 70000 + thread.number,
        "number": thread.number,
        "title": thread.title,
        "body": thread.body or None,
        "user": person(base, thread.author),
        "state": "open" if thread.open else "closed",
        "labels": [label(base, catalog, name) for name in thread.labels],
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "created_at": stamp(thread.created),
        "updated_at": stamp(thread.updated),
        "closed_at": stamp(thread.closed) if thread.closed else None,
        "author_association": "MEMBER",
    }


def pull(base: str, catalog: Catalog, thread: Thread, part: PullPart) -> Json:
    """A pull request as lists have it."""
    api, web = f"{base}/repos/{catalog.name}", f"{WEB}/{catalog.name}/pull/{thread.number}"
    url, issue_url = f"{api}/pulls/{thread.number}", f"{api}/issues/{thread.number}"
    links = {
        "self": url,
        "html": web,
        "issue": issue_url,
        "comments": f"{issue_url}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{api}/statuses/{part.head}",
    }
    return {
        **_common(base, catalog, thread),
        "node_id": f"PR_{catalog.id}_{thread.number}",
        "url": url,
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "issue_url": issue_url,
        **{f"{name}_url": address for name, address in links.items() if name not in ("self", "html", "issue")},
        "_links": {name: {"href": address} for name, address in links.items()},
        "head": _side(base, catalog, part.fork or catalog.owner, part.branch, part.head),
        "base": _side(base, catalog, catalog.owner, part.base, part.base_oid),
        "draft": part.draft,
        "merged_at": stamp(part.merged) if part.merged else None,
        "merge_commit_sha": part.merge_commit,
        "auto_merge": None,
    }


def _side(base: str, catalog: Catalog, owner: str, branch: str, oid: str) -> Json:
    there = repository(base, catalog)
    if owner != catalog.owner:
        there |= {"full_name": f"{owner}/{catalog.name.split('/')[1]}", "fork": True, "owner": user(base, owner)}
    return {
        "label": f"{owner}:{branch}",
        "ref": branch,
        "sha": oid,
        "user": user(base, owner, kind="Organization"),
        "repo": there,
    }


def full_pull(base: str, catalog: Catalog, thread: Thread, part: PullPart) -> Json:
    """A pull request by itself."""
    mergeable = catalog.pulls.mergeable(part)
    changes = catalog.git.changes(catalog.git.merge_base(part.base_oid, part.head) or part.base_oid, part.head)
    return {
        **pull(base, catalog, thread, part),
        "merged": part.merged is not None,
        "mergeable": mergeable,
        "mergeable_state": {True: "clean", False: "dirty", None: "unknown"}[mergeable],
        "merged_by": None,
        "comments": len(thread.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(catalog.ahead(part.base_oid, part.head)),
        "additions": sum(one.added for one in changes),
        "deletions": sum(one.removed for one in changes),
        "changed_files": len(changes),
    }
