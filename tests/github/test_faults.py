"""Each way to fail, as a client sees it, and what it left behind."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.github import Fault, GitHub, Release, Seen, Upstream
from tests.github.asking import errors, graphql

WORDS = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
LIMIT = "API rate limit exceeded for user ID 1001."


def comment(hub: GitHub, http: requests.Session, patience: float = 10) -> requests.Response:
    """Writes a comment to issue 1."""
    url = f"{hub.url}/repos/exporterhub/exporterhub/issues/1/comments"
    return http.post(url, json={"body": "Hello"}, timeout=patience)


def viewer(hub: GitHub, http: requests.Session) -> requests.Response:
    """Asks GraphQL for two fields."""
    return http.post(f"{hub.url}/graphql", json={"query": "{ viewer { login } rateLimit { cost } }"}, timeout=10)


def comments(hub: GitHub) -> int:
    return len(hub.catalog.talk.get(1).comments)


@pytest.fixture
def board(hub: GitHub) -> GitHub:
    """A double with an issue."""
    hub.catalog.open_issue("Dashboard")
    return hub


Ask = Callable[[GitHub, requests.Session], requests.Response]
Headers = dict[str, str | None]

ANSWERED: list[tuple[Fault, Ask, int, str, Headers, int]] = [
    (Fault.BAD_GATEWAY, comment, 502, "<!DOCTYPE html>", {"content-type": "text/html; charset=utf-8"}, 0),
    (Fault.UNAVAILABLE, comment, 503, "<!DOCTYPE html>", {"retry-after": None}, 0),
    (Fault.HTML, comment, 200, "<!DOCTYPE html>", {"content-type": "text/html; charset=utf-8"}, 0),
    (Fault.EMPTY, comment, 200, "", {}, 0),
    (Fault.FORBIDDEN_RETRY_AFTER, comment, 403, WORDS, {"retry-after": "7", "x-ratelimit-remaining": None}, 0),
    (Fault.TOO_MANY_RETRY_AFTER, comment, 429, WORDS, {"retry-after": "7", "x-ratelimit-remaining": None}, 0),
    (Fault.FORBIDDEN_EXHAUSTED, comment, 403, LIMIT, {"retry-after": None, "x-ratelimit-remaining": "0"}, 0),
    (Fault.TOO_MANY_EXHAUSTED, comment, 429, LIMIT, {"retry-after": None, "x-ratelimit-remaining": "0"}, 0),
    (Fault.FORBIDDEN_SECONDARY, comment, 403, WORDS, {"retry-after": None, "x-ratelimit-remaining": None}, 0),
    (Fault.TOO_MANY_SECONDARY, comment, 429, WORDS, {"retry-after": None, "x-ratelimit-remaining": None}, 0),
    (Fault.GRAPHQL_LIMITED, viewer, 200, '"RATE_LIMITED"', {"x-ratelimit-remaining": "0"}, 0),
    (Fault.GRAPHQL_LIMIT, viewer, 200, "API rate limit already exceeded", {"x-ratelimit-remaining": "5000"}, 0),
    (Fault.GRAPHQL_SECONDARY, viewer, 200, WORDS, {"retry-after": None}, 0),
    (Fault.BAD_CREDENTIALS, comment, 401, "Bad credentials", {}, 0),
    (Fault.NOT_FOUND, comment, 404, "Not Found", {}, 0),
    (Fault.BAD_GATEWAY_AFTER, comment, 502, "<!DOCTYPE html>", {}, 1),
    (Fault.TRUNCATED, comment, 201, '{"id":', {}, 1),
]


@pytest.mark.parametrize(
    ("fault", "ask", "status", "text", "headers", "done"), ANSWERED, ids=[one[0].name for one in ANSWERED]
)
def test_answers(
    board: GitHub, http: requests.Session, fault: Fault, ask: Ask, status: int, text: str, headers: Headers, done: int
) -> None:
    failure = board.fail(fault, seconds=7)
    reply = ask(board, http)
    assert (reply.status_code, text in reply.text) == (status, True)
    assert {name: reply.headers.get(name) for name in headers} == headers
    assert comments(board) == done
    assert (failure.hits, board.seen[-1].fault, board.seen[-1].status) == (1, fault.name, status)
    assert ask(board, http).status_code in (200, 201)
    assert comments(board) == done + (ask is comment)


def test_truncated_json_is_no_json(board: GitHub, http: requests.Session) -> None:
    board.fail(Fault.TRUNCATED)
    with pytest.raises(requests.JSONDecodeError):
        viewer(board, http).json()


def test_the_time_of_the_reset_is_real(board: GitHub, http: requests.Session) -> None:
    board.fail(Fault.FORBIDDEN_EXHAUSTED, seconds=100)
    left = int(comment(board, http).headers["x-ratelimit-reset"]) - time.time()
    assert 90 < left < 101


SILENT = [
    (Fault.TIMEOUT, requests.ReadTimeout, 0),
    (Fault.CUT, requests.ConnectionError, 0),
    (Fault.CUT_AFTER, requests.ConnectionError, 1),
    (Fault.CUT_WITHIN, requests.exceptions.ChunkedEncodingError, 1),
]


@pytest.mark.parametrize(("fault", "error", "done"), SILENT, ids=[one[0].name for one in SILENT])
def test_connections_that_end(
    board: GitHub, http: requests.Session, fault: Fault, error: type[Exception], done: int
) -> None:
    board.fail(fault)
    with pytest.raises(error):
        comment(board, http, 0.2 if fault is Fault.TIMEOUT else 10)
    assert comments(board) == done
    assert board.seen[-1].effects == ("issue #1 commented",) * done
    assert comment(board, http).status_code == 201


def test_half_of_the_fields_missing(board: GitHub, http: requests.Session) -> None:
    board.fail(Fault.PARTIAL)
    body = viewer(board, http).json()
    assert body["data"] == {"viewer": {"login": "exporterhub-bot"}, "rateLimit": None}
    assert [(one["path"], one["message"][:20]) for one in body["errors"]] == [(["rateLimit"], "Something went wrong")]


def test_lists_that_lag(board: GitHub, http: requests.Session) -> None:
    heads = '{ repository(owner: "exporterhub", name: "exporterhub") { refs(refPrefix: "refs/heads/", first: 9) {'
    url = f"{board.url}/repos/exporterhub/exporterhub"

    def listed() -> list[object]:
        comment_counts = [one["comments"] for one in http.get(f"{url}/issues", timeout=10).json()]
        data = graphql(board, http, f"{heads} nodes {{ name }} }} }} }}")["data"]
        assert isinstance(data, dict)
        return [comment_counts, [one["name"] for one in data["repository"]["refs"]["nodes"]]]

    comment(board, http)
    board.catalog.commit("new", {"x": "1"})
    assert listed() == [[1], ["main", "new"]]
    board.fail(Fault.LAGGING, lag=1, times=2)
    assert listed() == [[1], ["main"]]
    board.fail(Fault.LAGGING, lag=2, times=2)
    assert listed() == [[0], ["main"]]
    board.fail(Fault.LAGGING, lag=99, times=2)
    assert listed() == [[], []]
    board.fail(Fault.LAGGING, lag=2)
    assert http.get(f"{url}/issues/1", timeout=10).json()["comments"] == 1


def test_a_redirect_to_the_id(board: GitHub, http: requests.Session) -> None:
    board.fail(Fault.MOVED)
    path = "/repos/exporterhub/exporterhub/issues"
    reply = http.get(f"{board.url}{path}?state=all", timeout=10, allow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (301, f"{board.url}/repositories/100/issues?state=all")
    assert [one["number"] for one in http.get(reply.headers["location"], timeout=10).json()] == [1]


def test_which_requests_fail(board: GitHub, http: requests.Session) -> None:
    board.fail(Fault.BAD_GATEWAY, at=1)
    board.fail(Fault.NOT_FOUND, matching="issues/*", times=2)
    board.fail(Fault.UNAVAILABLE, matching=lambda seen: seen.operation == "viewer,rateLimit")
    board.fail(Fault.GRAPHQL_LIMITED, at=5)
    asked: list[Ask] = [comment, comment, comment, viewer, comment, comment, viewer]
    assert [ask(board, http).status_code for ask in asked] == [404, 502, 404, 503, 201, 201, 200]
    board.fail(Fault.BAD_CREDENTIALS, times=9)
    assert comment(board, http).status_code == 401
    board.heal()
    assert comment(board, http).status_code == 201
    assert [one.number for one in board.seen] == [*range(9)]


def test_somebody_may_look_after_the_effect_and_before_the_answer(board: GitHub, http: requests.Session) -> None:
    looked: list[tuple[Seen, int]] = []
    answered = threading.Event()

    def look(seen: Seen) -> None:
        assert not answered.is_set()
        looked.append((seen, comments(board)))

    board.on_request = look
    comment(board, http)
    answered.set()
    assert [(seen.operation, seen.effects, count) for seen, count in looked] == [
        ("issues/create-comment", ("issue #1 commented",), 1)
    ]


def test_nothing_remains_of_a_limit(board: GitHub, http: requests.Session) -> None:
    board.limits.core.limit = board.limits.graphql.limit = 1
    assert comment(board, http).headers["x-ratelimit-remaining"] == "0"
    reply = comment(board, http)
    assert (reply.status_code, reply.json()["message"]) == (403, LIMIT)
    assert viewer(board, http).json()["data"]["viewer"] == {"login": "exporterhub-bot"}
    assert errors(viewer(board, http).json()) == [("RATE_LIMITED", LIMIT)]
    rate = http.get(f"{board.url}/rate_limit", timeout=10).json()["resources"]
    assert [rate[name]["remaining"] for name in ("core", "graphql")] == [0, 0]
    assert comments(board) == 1


def test_without_a_token(board: GitHub) -> None:
    url = f"{board.url}/repos/exporterhub/exporterhub"
    reply = requests.get(url, timeout=10)
    assert [reply.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "resource")] == ["60", "59", "core"]
    refused = requests.post(f"{board.url}/graphql", json={"query": "{ viewer { login } }"}, timeout=10)
    assert (refused.status_code, refused.json()["message"]) == (401, "This endpoint requires you to be authenticated.")
    board.limits.anonymous.used = 60
    assert requests.get(url, timeout=10).status_code == 403


def test_tokens_that_are_not_taken_and_those_that_only_read(board: GitHub, http: requests.Session) -> None:
    board.only_tokens("writes", readers=("t",))
    reply = comment(board, http)
    assert (reply.status_code, reply.json()["message"]) == (403, "Resource not accessible by integration")
    mutation = 'mutation { deleteRef(input: {refId: "x"}) { clientMutationId } }'
    assert errors(graphql(board, http, mutation)) == [("FORBIDDEN", "Resource not accessible by integration")]
    assert viewer(board, http).status_code == 200
    http.headers["authorization"] = "token writes"
    assert comment(board, http).status_code == 201
    http.headers["authorization"] = "token other"
    assert (comment(board, http).status_code, viewer(board, http).status_code) == (401, 401)


def test_what_did_not_change_is_free(board: GitHub, http: requests.Session) -> None:
    url = f"{board.url}/repos/exporterhub/exporterhub/issues/1"
    tag = http.get(url, timeout=10).headers["etag"]
    used = board.limits.core.used
    same = http.get(url, timeout=10, headers={"if-none-match": tag})
    assert (same.status_code, same.content, board.limits.core.used) == (304, b"", used)
    comment(board, http)
    assert http.get(url, timeout=10, headers={"if-none-match": tag}).status_code == 200


def test_requests_wait_and_overlap(http: requests.Session) -> None:
    together = threading.Barrier(8)

    def meet(_seen: Seen) -> None:
        together.wait(10)

    with GitHub(latency=0.05) as hub, ThreadPoolExecutor(8) as clients:
        hub.add(Upstream("a/b", 11, releases=[Release("v1")]))
        hub.on_request = meet
        start = time.perf_counter()
        asked = [clients.submit(requests.get, f"{hub.url}/repos/a/b", timeout=10) for _ in range(8)]
        assert [one.result().status_code for one in asked] == [200] * 8
        assert time.perf_counter() - start >= 0.05


def test_a_double_closes_though_a_client_still_waits(http: requests.Session) -> None:
    with ThreadPoolExecutor(1) as client:
        with GitHub() as hub:
            asked = threading.Event()
            hub.on_request = lambda _seen: asked.set()
            hub.fail(Fault.TIMEOUT)
            waiting = client.submit(http.get, f"{hub.url}/rate_limit", timeout=60)
            assert asked.wait(10)
        assert isinstance(waiting.exception(), requests.ConnectionError)


def test_every_fault_is_tried_here() -> None:
    tried = {one[0] for one in ANSWERED} | {one[0] for one in SILENT}
    assert {*Fault} - tried == {Fault.PARTIAL, Fault.LAGGING, Fault.MOVED, Fault.STALE}
