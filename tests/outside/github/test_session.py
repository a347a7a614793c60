"""PyGithub's requests under the policy, over real connections."""

from functools import partial

import pytest

from bot.errors import UsageError
from bot.outside.github.failures import Refused, Unanswered, told
from bot.outside.github.pace import Pace
from bot.outside.github.session import Session
from bot.sync.model import Unknown
from tests.github import Fault, GitHub, Release, Upstream
from tests.outside.github.pacing import Time

NAME = "prometheus/node_exporter"
ASK = 'query Ask { repository(owner: "prometheus", name: "node_exporter") { databaseId nameWithOwner } }'

TRIED_AGAIN = {
    Fault.TIMEOUT: "no answer within 1 s",
    Fault.CUT: "the connection broke off, or none was made",
    Fault.BAD_GATEWAY: "HTTP 502",
    Fault.UNAVAILABLE: "HTTP 503",
    Fault.HTML: "HTTP 200 with an answer that is cut off, or no JSON",
    Fault.EMPTY: "HTTP 200 with an answer that is cut off, or no JSON",
    Fault.TRUNCATED: "HTTP 200 with an answer that is cut off, or no JSON",
    Fault.CUT_WITHIN: "an answer that is cut off",
    Fault.CUT_AFTER: "the connection broke off, or none was made",
    Fault.BAD_GATEWAY_AFTER: "HTTP 502",
}
WAITED_FOR = {
    Fault.FORBIDDEN_RETRY_AFTER: 1.0,
    Fault.TOO_MANY_RETRY_AFTER: 1.0,
    Fault.FORBIDDEN_EXHAUSTED: None,
    Fault.TOO_MANY_EXHAUSTED: None,
    Fault.FORBIDDEN_SECONDARY: 60.0,
    Fault.TOO_MANY_SECONDARY: 60.0,
}
WAITED_FOR_BY_GRAPHQL = {
    **WAITED_FOR,
    Fault.GRAPHQL_LIMITED: None,
    Fault.GRAPHQL_LIMIT: 60.0,
    Fault.GRAPHQL_SECONDARY: 60.0,
}


@pytest.fixture(autouse=True)
def exporter(hub: GitHub) -> Upstream:
    return hub.add(Upstream(NAME, 11, releases=[Release("v1.0.0")]))


def rest(session: Session) -> int:
    return session.repository(NAME).complete().id


def graphql(session: Session) -> int:
    return session.query(ASK, {}).data.node("repository").number("databaseId")


def comment(session: Session) -> str:
    return session.repository("exporterhub/exporterhub").get_issue(1).create_comment("Hello").body


def patient(hub: GitHub, time: Time, fault: Fault) -> Session:
    """Waits for an answer as long as it takes, except where none is to come."""
    return Session("secret-token", hub.url, time.pace(timeout=1 if fault is Fault.TIMEOUT else 60))


@pytest.mark.parametrize("fault", TRIED_AGAIN)
@pytest.mark.parametrize("ask", [rest, graphql])
def test_reads_are_tried_again(hub: GitHub, time: Time, ask: object, fault: Fault) -> None:
    session = patient(hub, time, fault)
    hub.fail(fault)
    assert callable(ask)
    assert ask(session) == 11
    assert [one.fault for one in hub.seen] == [fault.name, ""]
    assert time.slept == [1.0]


@pytest.mark.parametrize("fault", [fault for fault in TRIED_AGAIN if fault is not Fault.TIMEOUT])
@pytest.mark.parametrize("ask", [rest, graphql])
def test_reads_are_given_up(hub: GitHub, session: Session, ask: object, fault: Fault) -> None:
    hub.fail(fault, times=9)
    assert callable(ask)
    unknown = told("facts", lambda: ask(session))
    assert unknown == Unknown(f"GitHub: facts: {TRIED_AGAIN[fault]}, 4 times")
    assert len(hub.seen) == 4


@pytest.mark.parametrize("fault", TRIED_AGAIN)
def test_writes_are_sent_once(hub: GitHub, time: Time, fault: Fault) -> None:
    session = patient(hub, time, fault)
    hub.catalog.talk.open(hub.world.viewer, "Title", "Body")
    hub.fail(fault)
    unknown = told("comment", lambda: comment(session))
    words = TRIED_AGAIN[fault].replace("200", "201") if fault is Fault.TRUNCATED else TRIED_AGAIN[fault]
    assert unknown == Unknown(f"GitHub: comment: {words}; nobody can say whether it took effect")
    assert len(hub.seen) == 1
    assert time.slept == []


@pytest.mark.parametrize(("fault", "seconds"), WAITED_FOR.items())
def test_limits_are_waited_for(hub: GitHub, session: Session, time: Time, fault: Fault, seconds: float | None) -> None:
    hub.catalog.talk.open(hub.world.viewer, "Title", "Body")
    for count, ask in enumerate((rest, comment), 1):
        hub.fail(fault)
        ask(session)
        assert len(hub.seen) == 2 * count
    assert len(hub.catalog.talk.get(1).comments) == 1
    assert_waited(time, seconds, 2)


@pytest.mark.parametrize(("fault", "seconds"), WAITED_FOR_BY_GRAPHQL.items())
def test_limits_of_graphql_are_waited_for(
    hub: GitHub, session: Session, time: Time, fault: Fault, seconds: float | None
) -> None:
    hub.fail(fault)
    assert graphql(session) == 11
    assert len(hub.seen) == 2
    assert_waited(time, seconds, 1)


def assert_waited(time: Time, seconds: float | None, times: int) -> None:
    """The double says when a limit ends in whole seconds of real time: within three."""
    waits = [wait for wait in time.slept if wait >= 1.0]
    assert len(waits) == times
    assert all(wait == seconds if seconds else 1.0 <= wait <= 3.0 for wait in waits)


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN_RETRY_AFTER, Fault.TOO_MANY_RETRY_AFTER])
def test_a_limit_that_lasts_ends_all_questions(hub: GitHub, session: Session, time: Time, fault: Fault) -> None:
    hub.fail(fault, seconds=900)
    first, second, third = (told("x", partial(ask, session)) for ask in (rest, rest, graphql))
    assert isinstance(first, Unknown)
    assert first.reason.startswith(f"GitHub: x: HTTP {403 if fault is Fault.FORBIDDEN_RETRY_AFTER else 429}, a limit")
    assert not first.deferred
    assert isinstance(second, Unknown)
    assert second.deferred
    assert second == third
    assert len(hub.seen) == 1
    assert time.slept == []


def test_the_reserve_is_left_alone(hub: GitHub, session: Session) -> None:
    hub.limits.core.used = 4913
    assert rest(session) == 11
    until = f"{hub.limits.core.reset:%H:%M} UTC"
    reason = f"GitHub: x: GitHub's limit is nearly used up (86 of 5000 left until {until})"
    assert told("x", lambda: rest(session)) == Unknown(reason, deferred=True)
    assert graphql(session) == 11
    assert len(hub.seen) == 2


def test_without_a_token_the_reserve_is_small(hub: GitHub, time: Time) -> None:
    session = Session(None, hub.url, time.pace())
    for _ in range(55):
        assert rest(session) == 11
    unknown = told("x", lambda: rest(session))
    assert isinstance(unknown, Unknown)
    assert unknown.deferred
    assert "(5 of 60 left until " in unknown.reason
    assert len(hub.seen) == 55


def test_a_token_that_is_not_accepted(hub: GitHub, session: Session) -> None:
    hub.only_tokens("another")
    for ask in (rest, graphql):
        unknown = told("x", partial(ask, session))
        assert unknown == Unknown("GitHub: x: HTTP 401, the token is not accepted: make another one, or go without")
    assert len(hub.seen) == 1


def test_a_token_that_may_only_read(hub: GitHub, session: Session) -> None:
    hub.catalog.talk.open(hub.world.viewer, "Title", "Body")
    hub.only_tokens("other", readers=("secret-token",))
    assert rest(session) == 11
    with pytest.raises(Refused, match=r"^HTTP 403, Resource not accessible by integration$"):
        comment(session)
    with pytest.raises(Refused, match=r"^FORBIDDEN: Resource not accessible by integration$"):
        session.mutate("convertPullRequestToDraft", {"pullRequestId": "x"}, "clientMutationId")


def test_a_mutation_of_which_only_half_is_told_may_have_happened(hub: GitHub, session: Session) -> None:
    hub.catalog.commit("main", {"a": "b"})
    hub.fail(Fault.PARTIAL)
    update = {"name": "refs/heads/x", "afterOid": hub.catalog.heads()["main"], "beforeOid": "0" * 40}
    with pytest.raises(Unanswered, match="nobody can say whether it took effect") as caught:
        session.mutate("updateRefs", {"repositoryId": "R_100", "refUpdates": [update]}, "clientMutationId")
    assert not isinstance(caught.value, Refused)
    assert "x" in hub.catalog.heads()


def test_a_repository_that_moved_is_followed(hub: GitHub, session: Session) -> None:
    hub.world.rename(NAME, "new/name")
    repository = session.repository(NAME).complete()
    assert (repository.id, repository.full_name) == (11, "new/name")


def test_a_write_to_a_repository_that_moved_is_a_failure(hub: GitHub, session: Session) -> None:
    hub.catalog.talk.open(hub.world.viewer, "Title", "Body")
    hub.world.rename("exporterhub/exporterhub", "new/name")
    with pytest.raises(Refused, match=r"^HTTP 307, Temporary Redirect$"):
        comment(session)


def test_nobody_listens() -> None:
    time = Time()
    session = Session("t", "http://127.0.0.1:9", time.pace())
    reason = "GitHub: x: the connection broke off, or none was made, 4 times"
    assert told("x", lambda: rest(session)) == Unknown(reason)
    assert time.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("token", ["a\nb", "a b", "ä", "\x00"])
def test_what_is_no_token_never_gets_into_a_header(token: str) -> None:
    with pytest.raises(UsageError) as caught:
        Session(token, "http://127.0.0.1:9", Pace())
    assert token not in caught.value.message


def test_what_is_no_url() -> None:
    with pytest.raises(UsageError, match=r'^"api.github.com" is not the URL of an API$'):
        Session(None, "api.github.com", Pace())
