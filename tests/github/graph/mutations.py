"""What GraphQL can change."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import TypedDict

from graphql import GraphQLResolveInfo

from tests.github.catalog import Catalog
from tests.github.git import Move
from tests.github.graph import nodes
from tests.github.graph.call import Call
from tests.github.graph.connections import Node
from tests.github.refusal import Refusal, missing, stale, unprocessable
from tests.github.world import World

Info = GraphQLResolveInfo[Call]
Input = Mapping[str, object]


class Commit(TypedDict, total=False):
    """CreateCommitOnBranchInput."""

    branch: Mapping[str, str]
    expected_head_oid: str
    file_changes: Mapping[str, Sequence[Mapping[str, str]]] | None
    message: Mapping[str, str]
    client_mutation_id: str | None


def create_commit_on_branch(_root: None, info: Info, input: Commit) -> Node:  # noqa: A002  the schema's own word
    """Mutation.createCommitOnBranch."""
    world = info.context.world
    catalog, branch = _branch(world, input["branch"])
    if info.context.stale:
        raise stale(input["expected_head_oid"])
    changes = input.get("file_changes") or {}
    files: dict[str, bytes | None] = {one["path"]: None for one in changes.get("deletions") or ()}
    for one in changes.get("additions") or ():
        files[one["path"]] = _decoded(one["contents"])
    said = input["message"]
    message = "\n\n".join(part for part in (said["headline"], said.get("body")) if part)
    oid = catalog.commit_on_branch(branch, input["expected_head_oid"], files, message, world.viewer)
    return _paid(input, commit=nodes.git_object(catalog, oid), ref=nodes.ref(catalog, f"refs/heads/{branch}", oid))


def _branch(world: World, said: Mapping[str, str]) -> tuple[Catalog, str]:
    """A branch by its node, or by repository and name."""
    if said.get("id"):
        catalog, ref = _ref(world, said["id"])
        return catalog, ref.removeprefix("refs/heads/")
    name, branch = said.get("repository_name_with_owner"), said.get("branch_name")
    if not name or not branch:
        raise unprocessable("A branch must be given by its id, or by its name and that of its repository.")
    found = world.find(name)
    if not isinstance(found, Catalog):
        raise Refusal("FORBIDDEN", "Resource not accessible by integration", 403)
    return found, branch.removeprefix("refs/heads/")


def _decoded(contents: str) -> bytes:
    try:
        return base64.b64decode(contents, validate=True)
    except binascii.Error:
        raise unprocessable("contents is not valid Base64") from None


def update_refs(_root: None, info: Info, input: Input) -> Node:  # noqa: A002  the schema's own word
    """Mutation.updateRefs: all or none. The words of its refusals are not published, and made up here."""
    catalog = info.context.world.by_node(str(input["repository_id"]))
    updates = input["ref_updates"]
    assert isinstance(updates, list)
    if info.context.stale:
        raise Refusal("STALE_DATA", "Reference does not point to the expected object")
    catalog.move(Move(one["name"], one["after_oid"], one.get("before_oid"), bool(one.get("force"))) for one in updates)
    return _paid(input)


def create_ref(_root: None, info: Info, input: Input) -> Node:  # noqa: A002  the schema's own word
    """Mutation.createRef."""
    catalog = info.context.world.by_node(str(input["repository_id"]))
    name, oid = str(input["name"]), str(input["oid"])
    catalog.create(name, oid)
    return _paid(input, ref=nodes.ref(catalog, name, oid))


def update_ref(_root: None, info: Info, input: Input) -> Node:  # noqa: A002  the schema's own word
    """Mutation.updateRef."""
    catalog, name = _ref(info.context.world, str(input["ref_id"]))
    oid = str(input["oid"])
    catalog.move([Move(name, oid, force=bool(input.get("force")))])
    return _paid(input, ref=nodes.ref(catalog, name, oid))


def delete_ref(_root: None, info: Info, input: Input) -> Node:  # noqa: A002  the schema's own word
    """Mutation.deleteRef."""
    catalog, name = _ref(info.context.world, str(input["ref_id"]))
    catalog.delete(name)
    return _paid(input)


def _ref(world: World, node: str) -> tuple[Catalog, str]:
    repository, _, name = node.removeprefix("REF_").partition("_")
    catalog = world.by_node(f"R_{repository}")
    if name not in catalog.refs():
        raise missing(f"Could not resolve to a node with the global id of '{node}'")
    return catalog, name


def convert_pull_request_to_draft(_root: None, info: Info, input: Input) -> Node:  # noqa: A002  the schema's own word
    """Mutation.convertPullRequestToDraft."""
    return _draft(info.context.world, input, True)


def mark_pull_request_ready(_root: None, info: Info, input: Input) -> Node:  # noqa: A002  the schema's own word
    """Mutation.markPullRequestReadyForReview."""
    return _draft(info.context.world, input, False)


def _draft(world: World, said: Input, draft: bool) -> Node:
    node = str(said["pull_request_id"])
    repository, _, number = node.removeprefix("PR_").partition("_")
    catalog = world.by_node(f"R_{repository}")
    thread, _pull = catalog.talk.pull(int(number) if number.isdigit() else 0)
    if not thread.open:
        raise unprocessable("Pull request is closed")
    changed = catalog.pulls.set_draft(thread.number, draft)
    return _paid(said, pullRequest=nodes.thread(catalog, changed))


def _paid(said: Input | Commit, **fields: object) -> Node:
    return {"clientMutationId": said.get("client_mutation_id"), **fields}
