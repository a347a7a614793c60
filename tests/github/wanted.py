"""What of GitHub's interfaces the double offers. refresh.py keeps exactly this of the published descriptions."""

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "Query": "rateLimit repository viewer",
    "Mutation": "convertPullRequestToDraft createCommitOnBranch createRef deleteRef markPullRequestReadyForReview"
    " updateRef updateRefs",
    "RateLimit": "cost limit nodeCount remaining resetAt used",
    "Node": "id",
    "Actor": "login",
    "RepositoryOwner": "id login",
    "UniformResourceLocatable": "url",
    "User": "databaseId id login name url",
    "Organization": "databaseId id login name url",
    "Bot": "databaseId id login url",
    "Repository": "createdAt databaseId defaultBranchRef id isArchived isDisabled isEmpty isFork isPrivate issue issues"
    " latestRelease name nameWithOwner object owner pullRequest pullRequests pushedAt ref refs release releases url",
    "PageInfo": "endCursor hasNextPage hasPreviousPage startCursor",
    "RefConnection": "edges nodes pageInfo totalCount",
    "RefEdge": "cursor node",
    "Ref": "associatedPullRequests id name prefix target",
    "GitObject": "abbreviatedOid id oid",
    "Commit": "author authoredDate committedDate committer message messageBody messageHeadline signature url",
    "GitSignature": "isValid wasSignedByGitHub",
    "GpgSignature": "keyId",
    "Tree": "id",
    "Blob": "byteSize isBinary isTruncated text",
    "Tag": "message name tagger target",
    "GitActor": "date email name user",
    "ReleaseConnection": "edges nodes pageInfo totalCount",
    "ReleaseEdge": "cursor node",
    "Release": "createdAt databaseId description id isDraft isLatest isPrerelease name publishedAt releaseAssets tag"
    " tagCommit tagName updatedAt url",
    "ReleaseAssetConnection": "nodes pageInfo totalCount",
    "ReleaseAsset": "createdAt id name size updatedAt url",
    "PullRequestConnection": "nodes pageInfo totalCount",
    "PullRequest": "author baseRefName baseRefOid body closed closedAt createdAt databaseId headRef headRefName"
    " headRefOid id isCrossRepository isDraft labels mergeable merged mergedAt number state title updatedAt url",
    "LabelConnection": "nodes pageInfo totalCount",
    "Label": "color id name",
    "IssueConnection": "nodes pageInfo totalCount",
    "Issue": "author body closed closedAt createdAt databaseId id labels number state title updatedAt url",
    "ConvertPullRequestToDraftPayload": "clientMutationId pullRequest",
    "MarkPullRequestReadyForReviewPayload": "clientMutationId pullRequest",
    "CreateCommitOnBranchPayload": "clientMutationId commit ref",
    "CreateRefPayload": "clientMutationId ref",
    "UpdateRefPayload": "clientMutationId ref",
    "DeleteRefPayload": "clientMutationId",
    "UpdateRefsPayload": "clientMutationId",
}
"""Of each object type and interface, the fields that stay beside those of its interfaces.

Enums, scalars and inputs follow from them.
"""

OPERATIONS: tuple[str, ...] = (
    "GET /rate_limit",
    "GET /repos/{owner}/{repo}",
    "GET /repos/{owner}/{repo}/compare/{basehead}",
    "GET /repos/{owner}/{repo}/git/matching-refs/{ref}",
    "GET /repos/{owner}/{repo}/git/ref/{ref}",
    "POST /repos/{owner}/{repo}/git/refs",
    "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
    "DELETE /repos/{owner}/{repo}/git/refs/{ref}",
    "GET /repos/{owner}/{repo}/issues",
    "POST /repos/{owner}/{repo}/issues",
    "GET /repos/{owner}/{repo}/issues/{issue_number}",
    "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    "GET /repos/{owner}/{repo}/issues/comments/{comment_id}",
    "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
    "GET /repos/{owner}/{repo}/issues/{issue_number}/labels",
    "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
    "PUT /repos/{owner}/{repo}/issues/{issue_number}/labels",
    "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
    "GET /repos/{owner}/{repo}/pulls",
    "POST /repos/{owner}/{repo}/pulls",
    "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
    "GET /repos/{owner}/{repo}/releases",
    "GET /repos/{owner}/{repo}/releases/latest",
    "GET /repos/{owner}/{repo}/releases/tags/{tag}",
    "GET /repos/{owner}/{repo}/releases/{release_id}/assets",
    "GET /repos/{owner}/{repo}/tags",
)
"""REST operations, as the description writes their paths."""
