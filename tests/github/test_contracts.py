"""The double is held to GitHub's descriptions, and so are its clients."""

import copy
import json
from collections.abc import Iterator

import pytest
import requests
from graphql import GraphQLInterfaceType, GraphQLObjectType
from openapi_schema_validator import OAS30Validator

from tests.github import GitHub, Release, Upstream
from tests.github.asking import graphql
from tests.github.contract import TEXT, Violation, published
from tests.github.graph.execute import schema
from tests.github.graph.schema import RESOLVERS
from tests.github.graph.schema import TEXT as SCHEMA
from tests.github.refresh import reduced_openapi, reduced_schema
from tests.github.rest import present
from tests.github.rest.routes import HANDLERS
from tests.github.wanted import FIELDS, OPERATIONS

DESCRIPTION = json.loads(TEXT.read_text(encoding="utf-8"))


def test_the_operations_of_the_double_are_those_described() -> None:
    assert list(HANDLERS) == list(OPERATIONS)
    assert sorted(published().operations()) == sorted(OPERATIONS)


def test_the_fields_of_the_double_are_those_described() -> None:
    described = {
        name: {*kind.fields}
        for name, kind in schema().type_map.items()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
    }
    listed = {name: {*fields.split()} for name, fields in FIELDS.items()}
    for name, kind in schema().type_map.items():
        for interface in kind.interfaces if isinstance(kind, GraphQLObjectType) else ():
            listed[name] |= {*interface.fields}
    assert described == listed
    assert {f"{name}.{field}" for name, fields in described.items() for field in fields} >= {*RESOLVERS}


def test_every_field_with_arguments_is_answered_by_a_function() -> None:
    taking = {
        f"{name}.{field}"
        for name, kind in schema().type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
        for field, described in kind.fields.items()
        if described.args
    }
    assert taking - {*RESOLVERS} == set()


def test_what_is_reduced_cannot_be_reduced_further() -> None:
    text = SCHEMA.read_text(encoding="utf-8")
    assert reduced_schema(text, FIELDS) == text
    assert reduced_openapi(DESCRIPTION, OPERATIONS) == DESCRIPTION
    assert len(text) + TEXT.stat().st_size < 300_000


def test_reducing_keeps_what_is_listed_and_what_that_needs() -> None:
    text = '''
    """About."""
    type Query { "Why." a(order: Order, x: [Size!]! = [S]): A! @deprecated(reason: "old") @rights(of: "x") b: B }
    input Order { by: By!, then: Order }
    enum By { NAME }
    enum Size { S }
    enum Other { O }
    type A implements Node & Extra { id: ID! more: Int extra: Int }
    type B { id: ID! }
    interface Node { id: ID! }
    interface Extra { extra: Int }
    directive @rights(of: String) on FIELD_DEFINITION
    '''
    kept = reduced_schema(text, {"Query": "a", "A": "more", "Node": "id"})
    assert " ".join(kept.split()) == (
        "type A implements Node { id: ID! more: Int } enum By { NAME } interface Node { id: ID! }"
        " input Order { by: By! then: Order }"
        ' type Query { a(order: Order, x: [Size!]! = [S]): A! @deprecated(reason: "old") } enum Size { S }'
    )
    with pytest.raises(LookupError, match="A has no"):
        reduced_schema(text, {"A": "gone"})
    with pytest.raises(LookupError, match="B is returned, and nothing of it is listed"):
        reduced_schema(text, {"Query": "b"})
    with pytest.raises(LookupError, match="nothing at paths /x"):
        reduced_openapi(DESCRIPTION, ["GET /x"])


def test_a_wrong_answer_of_rest_is_noticed(
    careless: GitHub, http: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = present.user

    def wrong(base: str, login: str, user_id: int | None = None, kind: str = "User") -> present.Json:
        return {**right(base, login, user_id, kind), "url": "no address", "login": None}

    monkeypatch.setattr(present, "user", wrong)
    reply = http.get(f"{careless.url}/repos/exporterhub/exporterhub", timeout=10)
    assert reply.status_code == 500
    assert careless.violations == [
        "GET /repos/exporterhub/exporterhub: GET /repos/{owner}/{repo} 200: "
        'owner/login: null is not of type "string"; owner/url: "no address" is not a "uri"'
    ]


def test_a_fault_of_the_double_itself_is_noticed(
    careless: GitHub, http: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present, "repository", lambda base, found: base.nothing)
    reply = http.get(f"{careless.url}/repos/exporterhub/exporterhub", timeout=10)
    assert reply.json()["message"] == """The double failed: AttributeError("'str' object has no attribute 'nothing'")"""
    assert len(careless.violations) == 1


def test_a_status_that_is_not_described_is_noticed() -> None:
    with pytest.raises(Violation, match="never answers 418"):
        published().check_answer("GET /rate_limit", 418, {})
    with pytest.raises(Violation, match="needs a body"):
        published().check_answer("GET /rate_limit", 200, None)
    with pytest.raises(Violation, match="has no body"):
        published().check_answer("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", 204, {})


def test_a_wrong_answer_of_graphql_is_noticed(careless: GitHub, http: requests.Session) -> None:
    careless.add(Upstream("a/b", 11, releases=[Release("v1", commit="no object id")]))
    query = '{ repository(owner: "a", name: "b") { release(tagName: "v1") { tagCommit { oid } } } }'
    reply = http.post(f"{careless.url}/graphql", json={"query": query}, timeout=10)
    assert reply.status_code == 500
    assert careless.violations == [
        "POST /graphql: GitObjectID cannot represent 'no object id' at 1:76,"
        " ['repository', 'release', 'tagCommit', 'oid']"
    ]


MISTAKES = [
    ("GET", "/repos/a/b?nothing=1", None, "GET /repos/{owner}/{repo} has no parameter nothing"),
    (
        "GET",
        "/repos/exporterhub/exporterhub/pulls?state=ajar",
        None,
        'GET /repos/{owner}/{repo}/pulls?state: .: "ajar" is not one of "open", "closed" or "all"',
    ),
    (
        "GET",
        "/repos/exporterhub/exporterhub/pulls?page=one",
        None,
        'GET /repos/{owner}/{repo}/pulls?page: .: "one" is not of type "integer"',
    ),
    (
        "POST",
        "/repos/exporterhub/exporterhub/pulls",
        {"title": "T", "base": "main"},
        'POST /repos/{owner}/{repo}/pulls body: .: "head" is a required property',
    ),
    (
        "POST",
        "/repos/exporterhub/exporterhub/issues",
        {"title": "T", "colour": "red"},
        "POST /repos/{owner}/{repo}/issues body: nobody reads colour",
    ),
    ("POST", "/repos/a/b/git/refs", "{", "the body is no JSON"),
    ("DELETE", "/repos/a/b/git/refs/heads/x", {"x": 1}, "DELETE /repos/{owner}/{repo}/git/refs/{ref} takes no body"),
    ("GET", "/search/issues", None, "GET /search/issues is not among the operations of the double"),
    ("POST", "/graphql", {"query": "{ viewer { nothing } }"}, "Cannot query field 'nothing' on type 'User'. at 1:12"),
    ("POST", "/graphql", {"query": "{ viewer {"}, "Syntax Error: Expected Name, found <EOF>. at 1:11"),
    ("POST", "/graphql", {"query": "query A { viewer { id } } query B { viewer { id } }"}, "does not have the one"),
    ("POST", "/graphql", {"queries": "x"}, "a GraphQL request needs a query"),
    (
        "POST",
        "/graphql",
        {"query": "query($n: String!) { repository(owner: $n, name: $n) { id } }"},
        "Variable '$n' has invalid value: Expected a value of non-null type 'String!' to be provided. at 1:7",
    ),
    (
        "POST",
        "/graphql",
        {
            "query": "mutation($i: CreateRefInput!) { createRef(input: $i) { clientMutationId } }",
            "variables": {"i": {"repositoryId": "R_100", "name": "refs/heads/x", "oid": "main"}},
        },
        "GitObjectID cannot represent 'main'",
    ),
    (
        "POST",
        "/graphql",
        {"query": 'mutation { createRef(input: {repositoryId: "x", name: "x", oid: "main"}) { clientMutationId } }'},
        "GitObjectID cannot represent 'main'",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "words"), MISTAKES, ids=[one[3] for one in MISTAKES])
def test_mistakes_of_a_client_are_noticed(
    careless: GitHub, http: requests.Session, method: str, path: str, body: object, words: str
) -> None:
    data = body if isinstance(body, str) else None if body is None else json.dumps(body)
    reply = http.request(method, careless.url + path, data=data, timeout=10)
    assert reply.status_code == 500
    assert len(careless.violations) == 1
    assert words in careless.violations[0]


def spoilt(value: object) -> Iterator[object]:
    """The same value with one thing wrong, in each place."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield {**value, key: None}
            yield {**value, key: 7 if isinstance(item, str) else [7]}
            for worse in spoilt(item):
                yield {**value, key: worse}
    elif isinstance(value, list) and value:
        for worse in spoilt(value[0]):
            yield [worse, *value[1:]]


def test_schemas_mean_what_openapi_means_by_them(hub: GitHub, http: requests.Session) -> None:
    """Answers with one thing wrong, judged by another library that knows OpenAPI's own schemas.

    Comparisons are left out: of their commits' authors GitHub says that they are nullable in a way that does not count
    by the letter of OpenAPI 3.0, and means it.
    """
    hub.catalog.commit("new", {"x": "1"})
    hub.catalog.open_pull("new", "T")
    hub.catalog.label(1, "bump")
    hub.add(Upstream("a/b", 11, releases=[Release("v1")]))
    operations = {
        "GET /repos/{owner}/{repo}/issues/{issue_number}": "exporterhub/exporterhub/issues/1",
        "GET /repos/{owner}/{repo}/pulls/{pull_number}": "exporterhub/exporterhub/pulls/1",
        "GET /repos/{owner}/{repo}/releases/tags/{tag}": "a/b/releases/tags/v1",
    }
    judged = {True: 0, False: 0}
    for operation, path in operations.items():
        answer = http.get(f"{hub.url}/repos/{path}", timeout=10).json()
        described = DESCRIPTION["paths"][operation.split()[1]]["get"]["responses"]["200"]
        other = OAS30Validator(
            {**described["content"]["application/json"]["schema"], "components": DESCRIPTION["components"]}
        )
        for wrong in spoilt(copy.deepcopy(answer)):
            fine = True
            try:
                published().check_answer(operation, 200, wrong)
            except Violation:
                fine = False
            assert fine == other.is_valid(wrong), wrong
            judged[fine] += 1
    assert judged[True] > 50
    assert judged[False] > 200


def test_an_unchecked_double_lets_everything_pass(http: requests.Session) -> None:
    with GitHub(checked=False) as hub:
        hub.catalog.commit("main", {"x": "1"})
        assert http.get(f"{hub.url}/repos/exporterhub/exporterhub?nothing=1", timeout=10).status_code == 200
        assert graphql(hub, http, "{ viewer { login } }") == {"data": {"viewer": {"login": "exporterhub-bot"}}}
        assert hub.violations == []
