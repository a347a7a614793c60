"""GitHub's schema, reduced, with resolvers on the double's state."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, build_schema

from tests.github.graph import mutations, queries
from tests.github.graph.scalars import check_scalars

TEXT = Path(__file__).parents[1] / "contracts" / "schema.graphql"

RESOLVERS: Mapping[str, Callable[..., object]] = {
    "Query.rateLimit": queries.rate_limit,
    "Query.repository": queries.repository,
    "Query.viewer": queries.viewer,
    "Repository.defaultBranchRef": queries.default_branch_ref,
    "Repository.issue": queries.issue,
    "Repository.issues": queries.issues,
    "Repository.latestRelease": queries.latest_release,
    "Repository.object": queries.git_object,
    "Repository.pullRequest": queries.pull_request,
    "Repository.pullRequests": queries.pull_requests,
    "Repository.ref": queries.ref,
    "Repository.refs": queries.refs,
    "Repository.release": queries.release_of_tag,
    "Repository.releases": queries.releases,
    "Ref.associatedPullRequests": queries.pull_requests,
    "Release.releaseAssets": queries.release_assets,
    "PullRequest.labels": queries.labels,
    "Issue.labels": queries.labels,
    "Mutation.convertPullRequestToDraft": mutations.convert_pull_request_to_draft,
    "Mutation.createCommitOnBranch": mutations.create_commit_on_branch,
    "Mutation.createRef": mutations.create_ref,
    "Mutation.deleteRef": mutations.delete_ref,
    "Mutation.markPullRequestReadyForReview": mutations.mark_pull_request_ready,
    "Mutation.updateRef": mutations.update_ref,
    "Mutation.updateRefs": mutations.update_refs,
}
"""By Type.field, what answers it; all other fields are looked up in the node."""


def make_schema() -> GraphQLSchema:
    """Reads the reduced schema and puts the resolvers in."""
    schema = build_schema(TEXT.read_text(encoding="utf-8"))
    check_scalars(schema)
    for kind in schema.type_map.values():
        if kind.name.startswith("__"):
            continue
        if isinstance(kind, GraphQLInputObjectType):
            for name, given in kind.fields.items():
                given.out_name = _snake(name)
        elif isinstance(kind, GraphQLObjectType):
            for name, field in kind.fields.items():
                field.resolve = RESOLVERS.get(f"{kind.name}.{name}")
                for argument, taken in field.args.items():
                    taken.out_name = _snake(argument)
    return schema


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)
