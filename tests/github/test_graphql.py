"""Queries of the GraphQL interface."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
import requests
from github import Github, UnknownObjectException
from graphql import ExecutionResult, OperationDefinitionNode, execute, execute_sync, parse
from hypothesis import given
from hypothesis import strategies as st

from tests.github import Asset, GitHub, Release, Tag, Upstream
from tests.github.asking import errors, graphql
from tests.github.clock import START
from tests.github.graph.call import Call
from tests.github.graph.connections import Page, connection
from tests.github.graph.cost import Cost, cost
from tests.github.graph.execute import schema
from tests.github.graph.quick import Quick
from tests.github.limits import Bucket

DAY = timedelta(days=1)
UPSTREAM = """
fragment Upstream on Repository {
  id databaseId nameWithOwner isArchived
  releases(first: 2, orderBy: {field: CREATED_AT, direction: DESC}) {
    nodes { tagName publishedAt isDraft isPrerelease isLatest url tagCommit { oid } }
    pageInfo { hasNextPage endCursor }
  }
  refs(refPrefix: "refs/tags/", first: 2, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) {
    nodes { name target { __typename oid ...Tagged ... on Commit { committedDate } } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment Tagged on Tag { tagger { date } target { oid } }
"""


def node_exporter() -> Upstream:
    return Upstream(
        "prometheus/node_exporter",
        11,
        releases=[
            Release("v1", START, commit="1" * 40),
            Release("v2", START + 2 * DAY, commit="2" * 40, assets=(Asset("a.zip"),), latest=True),
            Release("v3-rc", START + 3 * DAY, commit="3" * 40, prerelease=True),
            Release("v4", None, draft=True, created=START + 4 * DAY),
        ],
        tags=[Tag("signed", START, "5" * 40, tagged=START + 9 * DAY)],
    )


def test_repositories_in_one_request(hub: GitHub, http: requests.Session) -> None:
    upstream = hub.add(node_exporter())
    query = (
        'query Releases { one: repository(owner: "prometheus", name: "Node_Exporter") { ...Upstream }'
        ' gone: repository(owner: "a", name: "b") { ...Upstream } rateLimit { cost remaining limit resetAt } }'
    )
    body = graphql(hub, http, query + UPSTREAM)
    assert errors(body) == [("NOT_FOUND", "Could not resolve to a Repository with the name 'a/b'.")]
    data = body["data"]
    assert isinstance(data, dict)
    assert data["gone"] is None
    assert data["rateLimit"] == {
        "cost": 1,
        "remaining": 4999,
        "limit": 5000,
        "resetAt": hub.limits.graphql.reset.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    web = "https://github.com/prometheus/node_exporter/releases/tag"
    cursor = data["one"]["refs"]["pageInfo"]["endCursor"]
    assert data["one"] == {
        "id": "R_11",
        "databaseId": 11,
        "nameWithOwner": "prometheus/node_exporter",
        "isArchived": False,
        "releases": {
            "nodes": [
                {
                    "tagName": tag,
                    "publishedAt": when,
                    "isDraft": False,
                    "isPrerelease": tag != "v2",
                    "isLatest": tag == "v2",
                    "url": f"{web}/{tag}",
                    "tagCommit": {"oid": oid * 40},
                }
                for tag, when, oid in (("v3-rc", "2026-01-08T12:00:00Z", "3"), ("v2", "2026-01-07T12:00:00Z", "2"))
            ],
            "pageInfo": {"hasNextPage": True, "endCursor": cursor},
        },
        "refs": {
            "nodes": [
                {
                    "name": "signed",
                    "target": {
                        "__typename": "Tag",
                        "oid": upstream.target("signed"),
                        "tagger": {"date": "2026-01-14T12:00:00Z"},
                        "target": {"oid": "5" * 40},
                    },
                },
                {
                    "name": "v3-rc",
                    "target": {"__typename": "Commit", "oid": "3" * 40, "committedDate": "2026-01-08T12:00:00Z"},
                },
            ],
            "pageInfo": {"hasNextPage": True, "endCursor": cursor},
        },
    }
    assert [(one.operation, one.write, one.points, one.effects) for one in hub.seen] == [("Releases", False, 1, ())]


def ask(hub: GitHub, http: requests.Session, fields: str, name: str = "node_exporter") -> Mapping[str, object]:
    """Fields of an upstream repository."""
    body = graphql(hub, http, f'{{ repository(owner: "prometheus", name: "{name}") {{ {fields} }} }}')
    data = body["data"]
    assert isinstance(data, dict)
    assert "errors" not in body
    found = data["repository"]
    assert isinstance(found, dict)
    return found


def test_one_release_with_its_assets(hub: GitHub, http: requests.Session) -> None:
    upstream = hub.add(node_exporter())
    fields = "release(tagName: %r) { tagCommit { oid } releaseAssets(first: 9) { nodes { name updatedAt } } }"
    fields = fields.replace("%r", '"v2"')
    before = {
        "tagCommit": {"oid": "2" * 40},
        "releaseAssets": {"nodes": [{"name": "a.zip", "updatedAt": "2026-01-07T12:00:00Z"}]},
    }
    assert ask(hub, http, fields) == {"release": before}
    upstream.replace_asset("v2", Asset("a.zip", updated=START + 20 * DAY))
    upstream.move_tag("v2", "f" * 40)
    after = {
        "tagCommit": {"oid": "f" * 40},
        "releaseAssets": {"nodes": [{"name": "a.zip", "updatedAt": "2026-01-25T12:00:00Z"}]},
    }
    assert ask(hub, http, fields) == {"release": after}
    upstream.withdraw("v2")
    assert ask(hub, http, fields + ' ref(qualifiedName: "refs/tags/v2") { name }') == {
        "release": None,
        "ref": {"name": "v2"},
    }


def test_drafts_and_missing_releases(hub: GitHub, http: requests.Session) -> None:
    hub.add(node_exporter())
    fields = 'draft: release(tagName: "v4") { id } gone: release(tagName: "x") { id } latestRelease { tagName }'
    assert ask(hub, http, fields) == {"draft": None, "gone": None, "latestRelease": {"tagName": "v2"}}


def test_names_of_old(hub: GitHub, http: requests.Session) -> None:
    hub.add(node_exporter())
    hub.world.rename("prometheus/node_exporter", "prom/node")
    assert ask(hub, http, "nameWithOwner databaseId") == {"nameWithOwner": "prom/node", "databaseId": 11}
    query = '{ repository(owner: "prometheus", name: "node_exporter", followRenames: false) { id } }'
    missing = "Could not resolve to a Repository with the name 'prometheus/node_exporter'."
    assert errors(graphql(hub, http, query)) == [("NOT_FOUND", missing)]
    hub.world.add(Upstream("prometheus/node_exporter", 12))
    assert ask(hub, http, "nameWithOwner databaseId") == {"nameWithOwner": "prometheus/node_exporter", "databaseId": 12}
    hub.world.replace(Upstream("prometheus/node_exporter", 13, archived=True))
    assert ask(hub, http, "databaseId isArchived") == {"databaseId": 13, "isArchived": True}


def test_orders_of_tags(hub: GitHub, http: requests.Session) -> None:
    tags = [Tag("v10", START), Tag("v9", START + DAY), Tag("other", START + 2 * DAY)]
    hub.add(Upstream("prometheus/node_exporter", 11, tags=tags))

    def names(arguments: str) -> list[str]:
        found = ask(hub, http, f'refs(refPrefix: "refs/tags/", first: 9{arguments}) {{ nodes {{ name }} }}')["refs"]
        assert isinstance(found, dict)
        return [one["name"] for one in found["nodes"]]

    assert names("") == ["other", "v10", "v9"]
    assert names(', query: "v"') == ["v10", "v9"]
    assert names(", orderBy: {field: TAG_COMMIT_DATE, direction: DESC}") == ["other", "v9", "v10"]
    assert names(", orderBy: {field: ALPHABETICAL, direction: DESC}") == ["v9", "v10", "other"]


@given(st.integers(0, 25), st.integers(1, 9))
def test_pages_add_up(total: int, size: int) -> None:
    every = [{"name": str(number)} for number in range(total)]
    forward: list[object] = []
    page: Page = {"first": size}
    while True:
        found = connection("refs", every, page)
        shown, info = found["nodes"], found["pageInfo"]
        assert isinstance(shown, list)
        assert isinstance(info, dict)
        assert len(shown) <= size
        forward += shown
        if not info["hasNextPage"]:
            break
        page = {"first": size, "after": info["endCursor"]}
    assert forward == every
    assert connection("refs", every, {"last": size})["nodes"] == every[-size:]


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (
            "",
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the `releases` connection.",
        ),
        (
            "(first: 101)",
            "EXCESSIVE_PAGINATION",
            "Requesting 101 records on the `releases` connection exceeds the `first` limit of 100 records.",
        ),
        ('(first: 1, after: "x")', "INVALID_CURSOR_ARGUMENTS", "`x` does not appear to be a valid cursor."),
    ],
)
def test_bounds_of_pages(hub: GitHub, http: requests.Session, arguments: str, kind: str, message: str) -> None:
    hub.add(node_exporter())
    query = f'{{ repository(owner: "prometheus", name: "node_exporter") {{ releases{arguments} {{ totalCount }} }} }}'
    assert errors(graphql(hub, http, query)) == [(kind, message)]


def priced(query: str, variables: Mapping[str, object]) -> Cost:
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return cost(document, operation, variables)


def test_costs_as_github_works_them_out() -> None:
    """The example of GitHub's page on the limits: 5,101 requests, 51 points; and its example of nodes, 22,060."""
    example = (
        "query($n: Int!) { viewer { repositories(first: 100) { edges { node { issues(first: $n) { edges { node {"
        " labels(first: 60) { edges { node { name } } } } } } } } } } }"
    )
    assert priced(example, {"n": 50}).points == 51
    nodes = (
        "query { viewer { repositories(first: 50) { edges { repository: node {"
        " pullRequests(first: 20) { edges { node { comments(first: 10) { edges { node { body } } } } } }"
        " issues(first: 20) { edges { node { comments(first: 10) { edges { node { body } } } } } } } } }"
        " followers(first: 10) { edges { node { login } } } } }"
    )
    assert priced(nodes, {}).nodes == 22_060


def test_twenty_repositories_are_one_point_and_six_with_assets() -> None:
    plain = " ".join(f"r{n}: repository {{ ...R }}" for n in range(20))
    assert (
        priced(f"{{ {plain} }} fragment R on Repository {{ releases(first: 30) {{ nodes {{ id }} }} }}", {}).points == 1
    )
    assets = "releases(first: 30) { nodes { releaseAssets(first: 50) { nodes { id } } } }"
    assert priced(f"{{ {plain} }} fragment R on Repository {{ {assets} }}", {}) == Cost(6, 30_600)


def test_too_many_nodes(hub: GitHub, http: requests.Session) -> None:
    hub.add(node_exporter())
    part = "releases(first: 100) { nodes { releaseAssets(first: 100) { nodes { id } } } }"
    many = " ".join(f'r{n}: repository(owner: "a", name: "b") {{ {part} }}' for n in range(50))
    message = "This query requests up to 505000 possible nodes which exceeds the maximum limit of 500,000."
    assert errors(graphql(hub, http, f"{{ {many} }}")) == [("MAX_NODE_LIMIT_EXCEEDED", message)]


def test_the_short_cut_answers_as_graphql_core_does(hub: GitHub, http: requests.Session) -> None:
    hub.add(node_exporter())
    hub.catalog.commit("new", {"x": "1"})
    hub.catalog.open_pull("new", "T")
    query = (
        '{ viewer { login __typename } repository(owner: "prometheus", name: "node_exporter") { ...Upstream }'
        ' catalog: repository(owner: "exporterhub", name: "exporterhub") { ...Upstream owner { __typename login }'
        " pullRequests(first: 5) { nodes { number mergeable closedAt author { login } } }"
        ' edges: refs(refPrefix: "refs/heads/", first: 1) { edges { cursor node { name } } } }'
        ' gone: repository(owner: "a", name: "b") { ...Upstream } }'
    )
    body = graphql(hub, http, query + UPSTREAM)
    call = Call(hub.world, Bucket("graphql", 5000), 1, 1, {})
    plain = execute_sync(schema(), parse(query + UPSTREAM), context_value=call)
    assert (body["data"], len(errors(body))) == (plain.data, len(plain.errors or []))


def test_what_does_not_fit_the_schema_is_found_where_the_library_finds_it(hub: GitHub) -> None:
    releases = [Release("v1", START, commit="1" * 40), Release("v2", START + DAY, commit="no object id")]
    hub.add(Upstream("a/b", 11, releases=releases, tags=[Tag("signed", START, "none either", tagged=START + 9 * DAY)]))
    query = parse('{ repository(owner: "a", name: "b") { ...Upstream } }' + UPSTREAM)
    call = Call(hub.world, Bucket("graphql", 5000), 1, 1, {})
    ours = execute(schema(), query, context_value=call, executor_class=Quick)
    plain = execute_sync(schema(), query, context_value=call)
    assert isinstance(ours, ExecutionResult)
    assert ours.data == plain.data
    assert [(one.path, one.message) for one in ours.errors or []] == [
        (one.path, one.message) for one in plain.errors or []
    ]
    assert {one.message for one in plain.errors or []} == {
        "GitObjectID cannot represent 'no object id'",
        "GitObjectID cannot represent 'none either'",
    }


def test_pygithub_asks_at_the_same_address(hub: GitHub, gh: Github) -> None:
    headers, body = gh.requester.graphql_query("query Who { viewer { login } }", {})
    assert (headers["x-ratelimit-resource"], body) == ("graphql", {"data": {"viewer": {"login": "exporterhub-bot"}}})
    with pytest.raises(UnknownObjectException) as error:
        gh.requester.graphql_query('{ viewer { login } repository(owner: "a", name: "b") { id } }', {})
    assert error.value.data["data"] == {"viewer": {"login": "exporterhub-bot"}, "repository": None}
    assert [one.operation for one in hub.seen] == ["Who", "viewer,repository"]
