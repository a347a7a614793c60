"""Short ways for tests to ask the double."""

import base64
from collections.abc import Mapping

import requests

from tests.github import GitHub

ZERO = "0" * 40


def graphql(hub: GitHub, http: requests.Session, query: str, **variables: object) -> dict[str, object]:
    """The whole answer to a query."""
    reply = http.post(f"{hub.url}/graphql", json={"query": query, "variables": variables}, timeout=10)
    assert reply.status_code == 200, reply.text
    body = reply.json()
    assert isinstance(body, dict)
    return body


def errors(body: Mapping[str, object]) -> list[tuple[str, str]]:
    """Type and message of each error of an answer."""
    found = body.get("errors", [])
    assert isinstance(found, list)
    return [(one.get("type", ""), one["message"]) for one in found]


def commit(
    hub: GitHub, http: requests.Session, branch: str, expected: str, files: Mapping[str, str | None]
) -> dict[str, object]:
    """createCommitOnBranch; None deletes a file."""
    changes = {
        "additions": [
            {"path": path, "contents": base64.b64encode(text.encode()).decode()}
            for path, text in files.items()
            if text is not None
        ],
        "deletions": [{"path": path} for path, text in files.items() if text is None],
    }
    given = {
        "branch": {"repositoryNameWithOwner": hub.catalog.name, "branchName": branch},
        "expectedHeadOid": expected,
        "message": {"headline": "Bump redis to 2", "body": "Bump-Key: abc"},
        "fileChanges": changes,
    }
    query = (
        "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input)"
        " { commit { oid message author { user { login } } signature { isValid } } } }"
    )
    return graphql(hub, http, query, input=given)


def update_refs(hub: GitHub, http: requests.Session, *updates: Mapping[str, object]) -> dict[str, object]:
    """updateRefs."""
    given = {"repositoryId": f"R_{hub.catalog.id}", "refUpdates": list(updates)}
    query = "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"
    return graphql(hub, http, query, input=given)
