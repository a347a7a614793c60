"""Objects of the REST interface, made from the double's state."""

from collections.abc import Mapping
from functools import lru_cache

from tests.github.clock import stamp
from tests.github.people import Person
from tests.github.upstream import Asset, Release, Upstream, object_id
from tests.github.world import Repository

Json = dict[str, object]
WEB = "https://github.com"
_OF_REPOSITORY = (
    "archive assignees blobs branches collaborators comments commits compare contents contributors deployments"
    " downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels"
    " languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags"
    " teams trees"
)
_OF_USER = "events followers following gists organizations received_events repos starred subscriptions"
_FEATURES = "issues projects wiki pages discussions downloads"
_COUNTS = (
    "forks forks_count network_count open_issues open_issues_count size stargazers_count subscribers_count watchers"
    " watchers_count"
)


def number_of(*words: str) -> int:
    """A made-up id, always the same for the same words."""
    return int(object_id(*words)[:7], 16)


@lru_cache(1000)
def user(base: str, login: str, user_id: int | None = None, kind: str = "User") -> Json:
    """An account; shared, so nobody may change it."""
    url = f"{base}/users/{login}"
    return {
        "login": login,
        "id": number_of(login) if user_id is None else user_id,
        "node_id": f"U_{login}",
        "avatar_url": f"https://avatars.githubusercontent.com/{login}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{WEB}/{login}",
        **{f"{name}_url": f"{url}/{name}" for name in _OF_USER.split()},
        "type": kind,
        "site_admin": False,
    }


def person(base: str, one: Person) -> Json:
    """An account that the double knows."""
    return user(base, one.login, one.id, one.kind)


def repository(base: str, found: Repository) -> Json:
    """A repository."""
    api, web = f"{base}/repos/{found.name}", f"{WEB}/{found.name}"
    archived = isinstance(found, Upstream) and found.archived
    return {
        "id": found.id,
        "node_id": f"R_{found.id}",
        "name": found.name.split("/")[1],
        "full_name": found.name,
        "owner": user(base, found.owner, kind="Organization"),
        "private": False,
        "html_url": web,
        "description": None,
        "fork": False,
        "url": api,
        **{f"{name}_url": f"{api}/{name}" for name in _OF_REPOSITORY.split()},
        "clone_url": f"{web}.git",
        "git_url": f"git://github.com/{found.name}.git",
        "ssh_url": f"git@github.com:{found.name}.git",
        "svn_url": web,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "default_branch": found.default_branch,
        **{f"has_{name}": name != "pages" for name in _FEATURES.split()},
        "archived": archived,
        "disabled": False,
        **dict.fromkeys(_COUNTS.split(), 0),
        **{f"{name}_at": stamp(found.created) for name in ("created", "updated", "pushed")},
    }


def release(base: str, found: Upstream, one: Release) -> Json:
    """A release, with its assets."""
    release_id = number_of(found.name, one.tag)
    api, web = f"{base}/repos/{found.name}", f"{WEB}/{found.name}"
    return {
        "id": release_id,
        "node_id": f"RE_{release_id}",
        "url": f"{api}/releases/{release_id}",
        "assets_url": f"{api}/releases/{release_id}/assets",
        "upload_url": f"{api}/releases/{release_id}/assets{{?name,label}}",
        "html_url": f"{web}/releases/tag/{one.tag}",
        "tarball_url": f"{api}/tarball/{one.tag}",
        "zipball_url": f"{api}/zipball/{one.tag}",
        "tag_name": one.tag,
        "target_commitish": "main",
        "name": one.name or one.tag,
        "body": one.notes,
        "draft": one.draft,
        "prerelease": one.prerelease,
        "immutable": False,
        "created_at": stamp(one.made),
        "published_at": stamp(one.published) if one.published and not one.draft else None,
        "author": user(base, found.owner),
        "assets": [_asset(base, found, one, asset) for asset in one.assets],
    }


def _asset(base: str, found: Upstream, one: Release, asset: Asset) -> Json:
    asset_id = number_of(found.name, one.tag, asset.name)
    when = stamp(asset.updated or one.published or one.made)
    return {
        "id": asset_id,
        "node_id": f"RA_{asset_id}",
        "url": f"{base}/repos/{found.name}/releases/assets/{asset_id}",
        "browser_download_url": f"{WEB}/{found.name}/releases/download/{one.tag}/{asset.name}",
        "name": asset.name,
        "label": None,
        "state": "uploaded",
        "content_type": "application/octet-stream",
        "size": asset.size,
        "digest": asset.digest,
        "download_count": 0,
        "created_at": when,
        "updated_at": when,
        "uploader": user(base, found.owner),
    }


def failure(message: str, status: int, errors: tuple[Mapping[str, str], ...] = ()) -> Json:
    """What is said of an error."""
    made: Json = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
    return made | ({"errors": [*errors]} if errors else {})
