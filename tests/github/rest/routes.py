"""Which handler answers which operation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from tests.github.rest import repositories, threads
from tests.github.rest.call import Answer, Call

Handler = Callable[[Call], Answer]

HANDLERS: Mapping[str, Handler] = {
    "GET /rate_limit": repositories.rate_limit,
    "GET /repos/{owner}/{repo}": repositories.repository,
    "GET /repos/{owner}/{repo}/compare/{basehead}": repositories.compare,
    "GET /repos/{owner}/{repo}/git/matching-refs/{ref}": repositories.matching_refs,
    "GET /repos/{owner}/{repo}/git/ref/{ref}": repositories.ref,
    "POST /repos/{owner}/{repo}/git/refs": repositories.create_ref,
    "PATCH /repos/{owner}/{repo}/git/refs/{ref}": repositories.update_ref,
    "DELETE /repos/{owner}/{repo}/git/refs/{ref}": repositories.delete_ref,
    "GET /repos/{owner}/{repo}/issues": threads.issues,
    "POST /repos/{owner}/{repo}/issues": threads.create_issue,
    "GET /repos/{owner}/{repo}/issues/{issue_number}": threads.issue,
    "PATCH /repos/{owner}/{repo}/issues/{issue_number}": threads.edit_issue,
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": threads.comments,
    "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": threads.create_comment,
    "GET /repos/{owner}/{repo}/issues/comments/{comment_id}": threads.comment,
    "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}": threads.edit_comment,
    "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}": threads.delete_comment,
    "GET /repos/{owner}/{repo}/issues/{issue_number}/labels": threads.labels,
    "POST /repos/{owner}/{repo}/issues/{issue_number}/labels": threads.add_labels,
    "PUT /repos/{owner}/{repo}/issues/{issue_number}/labels": threads.set_labels,
    "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": threads.remove_label,
    "GET /repos/{owner}/{repo}/pulls": threads.pulls,
    "POST /repos/{owner}/{repo}/pulls": threads.create_pull,
    "GET /repos/{owner}/{repo}/pulls/{pull_number}": threads.pull,
    "PATCH /repos/{owner}/{repo}/pulls/{pull_number}": threads.edit_pull,
    "GET /repos/{owner}/{repo}/releases": repositories.releases,
    "GET /repos/{owner}/{repo}/releases/latest": repositories.latest_release,
    "GET /repos/{owner}/{repo}/releases/tags/{tag}": repositories.release_of_tag,
    "GET /repos/{owner}/{repo}/releases/{release_id}/assets": repositories.assets,
    "GET /repos/{owner}/{repo}/tags": repositories.tags,
}
"""By method and path, as the description writes them."""

_SLASHED = ("basehead", "ref", "tag", "name")
_NUMBERS = ("issue_number", "pull_number", "comment_id", "release_id")


@dataclass(frozen=True, slots=True)
class Route:
    """An operation and what its path looks like."""

    operation: str
    form: re.Pattern[str]
    handler: Handler


def _form(operation: str) -> re.Pattern[str]:
    def part(found: re.Match[str]) -> str:
        name = found[1]
        return f"(?P<{name}>{'.+' if name in _SLASHED else '[0-9]+' if name in _NUMBERS else '[^/]+'})"

    return re.compile(re.sub(r"{(\w+)}", part, operation))


_ROUTES = tuple(Route(operation, _form(operation), handler) for operation, handler in HANDLERS.items())


def find(method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """The operation of a request, and what stands for the names in its path, unquoted; None where there is none.

    GET …/git/refs/tags, which GitHub answers though its description no longer has it, is taken as matching-refs.
    """
    if method == "GET":
        path = path.replace("/git/refs/", "/git/matching-refs/")
    for route in _ROUTES:
        if found := route.form.fullmatch(f"{method} {path}"):
            return route, {name: unquote(value) for name, value in found.groupdict().items()}
    return None
