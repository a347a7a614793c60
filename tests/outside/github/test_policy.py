"""What is tried again, what is waited for, and when to stop: answers by hand, time by hand."""

import json
from collections.abc import Callable, Iterator, Sequence

import pytest
import requests

from bot.outside.github.failures import Refused, Unanswered
from bot.outside.github.policy import Policy, Service
from bot.outside.github.reply import Reply
from tests.outside.github.pacing import Time

REST, GRAPHQL = Service.REST, Service.GRAPHQL
NOON = 1_800_000_000.0  # 08:00 UTC

Thing = Reply | Exception


def answer(status: int = 200, body: object = None, **headers: float | str) -> Reply:
    text = json.dumps({} if body is None else body)
    return Reply.of(status, {name.replace("_", "-"): str(value) for name, value in headers.items()}, text)


def limits(remaining: int, reset: float, limit: int = 5000) -> dict[str, float]:
    return {"x_ratelimit_remaining": remaining, "x_ratelimit_limit": limit, "x_ratelimit_reset": int(reset)}


class Line:
    """A policy and what is sent under it."""

    def __init__(self, **pace: float) -> None:
        self.time = Time(NOON)
        self.policy = Policy(self.time.pace(**pace), reserve=100)
        self.sent = 0

    def ask(
        self, *things: Thing, write: bool = False, service: Service = REST, tries: int = 4, whole: bool = False
    ) -> Reply:
        return self.policy.carry_out(service, self._sender(things), write=write, tries=tries, whole=whole)

    def refused(self, *things: Thing, write: bool = False, service: Service = REST, tries: int = 4) -> Unanswered:
        with pytest.raises(Unanswered) as caught:
            self.ask(*things, write=write, service=service, tries=tries)
        return caught.value

    def _sender(self, things: Sequence[Thing]) -> Callable[[], Reply]:
        left: Iterator[Thing] = iter(things)

        def send() -> Reply:
            self.sent += 1
            thing = next(left)
            if isinstance(thing, Exception):
                raise thing
            return thing

        return send


TROUBLE: dict[str, tuple[Thing, str]] = {
    "502": (answer(502), "HTTP 502"),
    "500 with a page": (Reply.of(500, {}, "<html>"), "HTTP 500"),
    "408": (answer(408), "HTTP 408"),
    "time-out": (requests.ReadTimeout("secret"), "no answer within 60 s"),
    "no connection": (requests.ConnectionError("secret"), "the connection broke off, or none was made"),
    "cut off": (requests.exceptions.ChunkedEncodingError("secret"), "an answer that is cut off"),
    "other": (requests.exceptions.InvalidHeader("secret"), "no answer"),
    "truncated": (Reply.of(200, {}, '{"a": '), "HTTP 200 with an answer that is cut off, or no JSON"),
    "page": (Reply.of(200, {}, "<html>"), "HTTP 200 with an answer that is cut off, or no JSON"),
    "empty": (Reply.of(201, {}, ""), "HTTP 201 with an answer that is cut off, or no JSON"),
    "redirected": (RuntimeError("secret"), "redirected to somewhere else"),
}


@pytest.mark.parametrize("case", TROUBLE)
def test_a_read_is_tried_again(case: str) -> None:
    line, (thing, _) = Line(), TROUBLE[case]
    assert line.ask(thing, thing, thing, answer(body={"a": 1})).fields == {"a": 1}
    assert line.sent == 4
    assert line.time.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("case", TROUBLE)
def test_a_read_is_given_up(case: str) -> None:
    line, (thing, words) = Line(), TROUBLE[case]
    error = line.refused(thing, thing, thing, thing)
    assert (error.came_back, error.deferred, error.heavy) == (f"{words}, 4 times", False, True)
    assert line.sent == 4


@pytest.mark.parametrize("case", TROUBLE)
def test_a_write_is_never_tried_again(case: str) -> None:
    line, (thing, words) = Line(), TROUBLE[case]
    error = line.refused(thing, answer(), write=True)
    assert (error.came_back, error.deferred) == (f"{words}; nobody can say whether it took effect", False)
    assert line.sent == 1
    assert line.time.slept == []


def test_one_try_is_told_as_one() -> None:
    assert Line().refused(answer(502), tries=1).came_back == "HTTP 502"


def test_retry_after_is_waited_for() -> None:
    for status in (403, 429):
        for write in (False, True):
            line = Line()
            assert line.ask(answer(status, retry_after=7), answer(), write=write).status == 200
            assert line.time.slept == [7.0]


def test_an_hour_that_is_used_up_is_waited_for_if_it_ends_soon() -> None:
    line = Line()
    used_up = answer(403, {"message": "API rate limit exceeded"}, **limits(0, NOON + 30))
    assert line.ask(used_up, answer(200, None, **limits(4999, NOON + 3630))).status == 200
    assert line.time.slept == [31.0]


def test_a_limit_without_a_time_is_waited_for_longer_each_time() -> None:
    said = answer(403, {"message": "You have exceeded a secondary rate limit."})
    for refusal in (said, answer(429), answer(429, **limits(4000, NOON + 900))):
        line = Line()
        assert line.ask(refusal, refusal, answer(), write=True).status == 200
        assert line.time.slept == [60.0, 120.0]


def test_a_limit_of_graphql_comes_with_status_200() -> None:
    for error in (
        {"type": "RATE_LIMITED", "message": "API rate limit exceeded"},
        {"type": "RATE_LIMIT", "message": "-"},
        {"message": "You have exceeded a secondary rate limit."},
    ):
        line = Line()
        limited = answer(200, {"errors": [error]}, **limits(0, NOON + 10))
        done = answer(200, {"data": {}}, **limits(4000, NOON + 3600))
        assert line.ask(limited, done, service=GRAPHQL, write=True).fields == {"data": {}}
        assert line.time.slept == [11.0]


def test_what_lasts_too_long_is_remembered_for_its_own_service() -> None:
    line = Line()
    used_up = answer(403, {"message": "API rate limit exceeded"}, **limits(0, NOON + 3600))
    error = line.refused(used_up)
    assert (error.came_back, error.deferred) == ("HTTP 403, a limit is reached until 09:00 UTC", False)
    error = line.refused(answer(), write=True)
    assert (error.came_back, error.deferred) == ("GitHub's limit is reached until 09:00 UTC", True)
    assert line.sent == 1
    assert line.ask(answer(200, {"data": {}}), service=GRAPHQL).status == 200
    line.time.now += 3601
    assert line.ask(answer()).status == 200
    assert line.time.slept == []


def test_what_the_token_does_as_a_whole_is_remembered_for_all() -> None:
    line = Line()
    error = line.refused(answer(429, retry_after=301))
    assert error.came_back == "HTTP 429, a limit is reached until 08:05 UTC"
    assert line.refused(answer(), service=GRAPHQL).deferred
    assert line.sent == 1


def test_waits_for_one_request_add_up() -> None:
    line = Line(longest=200.0)
    refusal = answer(429)
    assert not line.refused(refusal, refusal, refusal, answer()).deferred
    assert line.time.slept == [60.0, 120.0]
    assert line.sent == 3


def test_short_waits_come_to_an_end() -> None:
    line = Line()
    refusal = answer(429, retry_after=0)
    line.refused(*[refusal] * 9)
    assert line.sent == 4
    assert line.time.slept == [1.0, 1.0, 1.0]


def test_the_reserve_is_left_to_others() -> None:
    line = Line()
    assert line.ask(answer(200, None, **limits(101, NOON + 3600))).status == 200
    assert line.ask(answer(200, None, **limits(87, NOON + 3600))).status == 200
    error = line.refused(answer())
    assert error.came_back == "GitHub's limit is nearly used up (87 of 5000 left until 09:00 UTC)"
    assert error.deferred
    assert line.sent == 2
    assert line.ask(answer(200, {"data": {}}), service=GRAPHQL).status == 200
    line.time.now = NOON + 3600
    assert line.ask(answer()).status == 200


def test_headers_that_make_no_sense_are_no_limit() -> None:
    line = Line()
    assert line.ask(answer(x_ratelimit_remaining="x")).status == 200
    for headers in ({"x_ratelimit_remaining": 0.0}, limits(-1, -1), limits(0, 1e300)):
        assert line.ask(answer(200, **headers)).status == 200
    assert line.time.slept == []


def test_a_token_that_is_refused_is_not_tried_again() -> None:
    line = Line()
    words = "HTTP 401, the token is not accepted: make another one, or go without"
    for body in ({"message": "Bad credentials"}, None):
        assert line.refused(answer(401, body)).came_back == words
    assert line.refused(answer(), service=GRAPHQL, write=True).came_back == words
    assert line.sent == 1


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, {"message": "Not Found"}, "HTTP 404, Not Found"),
        (
            403,
            {"message": "Resource not accessible by integration"},
            "HTTP 403, Resource not accessible by integration",
        ),
        (
            422,
            {"message": "Validation Failed", "errors": [{"message": "No commits\nbetween a and b"}, {"code": "x"}]},
            "HTTP 422, Validation Failed; No commits between a and b",
        ),
        (409, [1], "HTTP 409"),
        (307, {"message": "Moved"}, "HTTP 307, Moved"),
        (410, {"message": 7, "errors": "x"}, "HTTP 410"),
    ],
)
def test_a_no_is_a_no(status: int, body: object, words: str) -> None:
    for write in (False, True):
        line = Line()
        with pytest.raises(Refused) as caught:
            line.ask(answer(status, body), write=write)
        assert (caught.value.status, caught.value.came_back, caught.value.kind) == (status, words, "")
        assert line.sent == 1


def test_a_no_without_json_is_a_no() -> None:
    with pytest.raises(Refused, match=r"^HTTP 404$"):
        Line().ask(Reply.of(404, {}, "<html>"))


def test_a_deletion_has_no_body() -> None:
    assert Line().ask(Reply.of(204, {}, ""), write=True).status == 204


def test_graphql_without_data_is_no_answer() -> None:
    error = Line().refused(answer(200, {"errors": [{"message": "Something went\nwrong"}]}), tries=1, service=GRAPHQL)
    assert (error.came_back, error.heavy) == ("an answer without data (Something went wrong)", True)
    assert Line().refused(answer(200, []), tries=1, service=GRAPHQL).came_back == "an answer without data ()"


def test_an_answer_of_graphql_that_lacks_parts_is_none_where_all_is_wanted() -> None:
    lacking = answer(200, {"data": {"a": None}, "errors": [{"type": "SERVICE", "message": "Timeout"}]})
    final = answer(200, {"data": {"a": None}, "errors": [{"type": "NOT_FOUND", "message": "-"}]})
    line = Line()
    assert line.ask(lacking, service=GRAPHQL) is lacking
    assert line.ask(lacking, final, service=GRAPHQL, whole=True) is final
    with pytest.raises(Unanswered, match=r"^an answer that lacks parts \(Timeout\), 2 times$"):
        line.ask(lacking, lacking, service=GRAPHQL, whole=True, tries=2)


def test_writes_keep_their_distance() -> None:
    line = Line()
    line.ask(answer(), write=True)
    line.ask(answer())
    line.time.now += 0.25
    line.ask(answer(200, {"data": {}}), write=True, service=GRAPHQL)
    line.ask(answer(), write=True)
    assert line.time.slept == [0.8, 1.0]


def test_reads_keep_their_distance_where_one_is_asked_for() -> None:
    line = Line(between_reads=0.5)
    line.ask(answer())
    line.ask(answer())
    assert line.time.slept == [0.5]


def test_whatever_follows_a_failure_waits() -> None:
    line = Line(longest_back_off=3.0)
    for write in (False, True, False, False):
        line.refused(answer(502), write=write, tries=1)
    line.ask(answer())
    line.ask(answer())
    assert line.time.slept == [1.0, 2.0, 3.0, 3.0]


def test_a_service_that_is_down_is_left_alone() -> None:
    line = Line()
    assert line.refused(*[answer(502)] * 4).came_back == "HTTP 502, 4 times"
    assert line.refused(*[answer(503)] * 4).came_back == "HTTP 503, 4 times"
    error = line.refused(answer())
    assert (error.came_back, error.deferred) == ("not asked: 8 requests in a row failed, the last with HTTP 503", False)
    assert line.sent == 8
    assert line.ask(answer(200, {"data": {}}), service=GRAPHQL).status == 200
