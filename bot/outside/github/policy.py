"""One policy for all requests: how fast, how often, and when to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from threading import Lock

import requests

from bot.outside.github.failures import Refused, Unanswered, one_line
from bot.outside.github.pace import Pace
from bot.outside.github.reply import Limit, Reply, Slower, limit_of, slower

_FINAL = frozenset(("NOT_FOUND", "FORBIDDEN", "INSUFFICIENT_SCOPES"))
"""Errors of GraphQL's that are the same when it is asked again."""


class Service(StrEnum):
    """GitHub's interfaces; each has a limit of its own, and may be down alone."""

    REST = "REST"
    GRAPHQL = "GraphQL"


@dataclass(slots=True)
class _Line:
    """What is remembered of a service."""

    limit: Limit | None = None
    closed_until: float = 0.0
    """A limit was met that lasts too long."""
    failed: int = 0
    """Requests in a row."""
    failed_at: float = 0.0
    failed_with: str = ""


@dataclass(frozen=True, slots=True)
class _Broken:
    """No answer, or none that can be read: nobody can say whether anything took effect."""

    came_back: str


class Policy:
    """Sends requests one after the other, whichever thread they come from.

    Reads are tried again. A write is tried again only where GitHub refused it because of a limit: anything else may
    have taken effect. A limit that lasts too long is remembered, so that whatever follows is not asked at all.
    """

    def __init__(self, pace: Pace, reserve: int) -> None:
        self.pace = pace
        self._reserve = reserve
        self._lines = {service: _Line() for service in Service}
        self._locked_out = ""
        self._one_at_a_time = Lock()
        self._written_at = self._asked_at = float("-inf")

    def carry_out(
        self, service: Service, send: Callable[[], Reply], *, write: bool, tries: int, whole: bool = False
    ) -> Reply:
        """The answer, of status 200 to 299; `whole` says that one of GraphQL's that lacks parts is none.

        Raises Refused where GitHub says no, and Unanswered where it does not answer, or must not be asked now.
        """
        with self._one_at_a_time:
            return self._carried_out(service, send, write=write, tries=tries, whole=whole)

    def _carried_out(
        self, service: Service, send: Callable[[], Reply], *, write: bool, tries: int, whole: bool
    ) -> Reply:
        line = self._lines[service]
        failed = slowed = 0
        waited = 0.0
        while True:
            self._check(line)
            self._keep_distance(line, write)
            match self._outcome(service, send, write, whole):
                case Reply() as reply:
                    line.failed = 0
                    return self._answered(reply)
                case Slower() as refusal:
                    wait = self.pace.secondary * 2**slowed if refusal.wait is None else refusal.wait
                    slowed += 1
                    waited += wait
                    if waited > self.pace.longest or slowed >= self.pace.tries:
                        raise self._closed(line, refusal, wait)
                    self.pace.sleep(wait)
                case _Broken(came_back):
                    failed += 1
                    line.failed, line.failed_at, line.failed_with = line.failed + 1, self.pace.clock(), came_back
                    if write:
                        raise Unanswered(f"{came_back}; nobody can say whether it took effect")
                    if failed >= tries:
                        raise Unanswered(f"{came_back}, {failed} times" if failed > 1 else came_back, heavy=True)

    def _check(self, line: _Line) -> None:
        """Raises Unanswered where nothing is to be asked."""
        now, limit = self.pace.clock(), line.limit
        if self._locked_out:
            raise Unanswered(self._locked_out)
        if line.failed >= self.pace.outage:
            raise Unanswered(f"not asked: {line.failed} requests in a row failed, the last with {line.failed_with}")
        if now < line.closed_until:
            raise Unanswered(f"GitHub's limit is reached until {_hour(line.closed_until)}", deferred=True)
        if limit and now < limit.reset and limit.remaining <= self._reserve:
            left = f"{limit.remaining} of {limit.total} left until {_hour(limit.reset)}"
            raise Unanswered(f"GitHub's limit is nearly used up ({left})", deferred=True)

    def _keep_distance(self, line: _Line, write: bool) -> None:
        pace = self.pace
        due = self._written_at + pace.between_writes if write else self._asked_at + pace.between_reads
        if line.failed:
            due = max(due, line.failed_at + min(pace.back_off * 2 ** (line.failed - 1), pace.longest_back_off))
        wait = due - pace.clock()
        if wait > 0:
            pace.sleep(wait)

    def _outcome(
        self, service: Service, send: Callable[[], Reply], write: bool, whole: bool
    ) -> Reply | Slower | _Broken:
        try:
            reply = send()
        except requests.Timeout:
            return _Broken(f"no answer within {self.pace.timeout} s")
        except requests.RequestException as error:
            return _Broken(_why(error))
        except RuntimeError:
            # PyGithub's word for a redirection to another host or scheme, or in circles.
            return _Broken("redirected to somewhere else")
        finally:
            self._asked_at = self.pace.clock()
            if write:
                self._written_at = self._asked_at
        line = self._lines[service]
        line.limit = limit_of(reply) or line.limit
        refusal = slower(reply, self.pace.clock())
        if refusal:
            return refusal
        if reply.status >= 500 or reply.status == 408:
            return _Broken(f"HTTP {reply.status}")
        return _read(service, reply, whole)

    def _answered(self, reply: Reply) -> Reply:
        """The answer. Raises Refused where it is a no."""
        if reply.status == 401:
            self._locked_out = "HTTP 401, the token is not accepted: make another one, or go without"
            raise Unanswered(self._locked_out)
        if not 200 <= reply.status < 300:
            raise Refused(reply.status, "", reply.message())
        return reply

    def _closed(self, line: _Line, refusal: Slower, wait: float) -> Unanswered:
        until = self.pace.clock() + wait
        for each in self._lines.values() if refusal.everywhere else (line,):
            each.closed_until = max(each.closed_until, until)
        return Unanswered(f"{refusal.came_back} until {_hour(until)}")


def _read(service: Service, reply: Reply, whole: bool) -> Reply | _Broken:
    """The answer, if it can be read; no answer to a deletion has a body."""
    if not 200 <= reply.status < 300 or reply.status == 204:
        return reply
    if not reply.readable:
        return _Broken(f"HTTP {reply.status} with an answer that is cut off, or no JSON")
    if service is Service.GRAPHQL:
        wrong = reply.wrong()
        if not isinstance((reply.fields or {}).get("data"), dict):
            return _Broken(one_line(f"an answer without data ({'; '.join(each.message for each in wrong)})"))
        if whole and any(each.kind not in _FINAL for each in wrong):
            return _Broken(one_line(f"an answer that lacks parts ({'; '.join(each.message for each in wrong)})"))
    return reply


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "an answer that is cut off"
    if isinstance(error, requests.ConnectionError):
        return "the connection broke off, or none was made"
    return "no answer"


def _hour(when: float) -> str:
    return f"{datetime.fromtimestamp(when, UTC):%H:%M} UTC"
