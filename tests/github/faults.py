"""What can go wrong with a request."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from tests.github.seen import Seen


class Fault(Enum):
    """One way to fail."""

    # Nothing happened
    TIMEOUT = "never answers, until the client leaves"
    CUT = "the connection is cut"
    BAD_GATEWAY = "502, a page of HTML"
    UNAVAILABLE = "503, a page of HTML"
    FORBIDDEN_RETRY_AFTER = "403, with Retry-After"
    TOO_MANY_RETRY_AFTER = "429, with Retry-After"
    FORBIDDEN_EXHAUSTED = "403, nothing remaining, with the time of the reset"
    TOO_MANY_EXHAUSTED = "429, nothing remaining, with the time of the reset"
    FORBIDDEN_SECONDARY = "403, secondary limit, without any header that says how long"
    TOO_MANY_SECONDARY = "429, secondary limit, without any header that says how long"
    GRAPHQL_LIMITED = "GraphQL: 200, an error of type RATE_LIMITED, nothing remaining"
    GRAPHQL_LIMIT = "GraphQL: 200, an error of type RATE_LIMIT with a code, headers that say nothing"
    GRAPHQL_SECONDARY = "GraphQL: 200, the message of the secondary limit"
    HTML = "200, a page of HTML"
    EMPTY = "200, nothing"
    BAD_CREDENTIALS = "401, the token is not taken"
    NOT_FOUND = "404, whatever was asked"
    STALE = "GraphQL: a branch that is said to have moved though it did not"
    MOVED = "REST: 301 to the repository's id"
    # Something may have happened
    PARTIAL = "GraphQL: half of the fields missing, with an error each"
    LAGGING = "lists show an earlier state"
    TRUNCATED = "JSON that stops in the middle"
    CUT_WITHIN = "the connection is cut in the middle of the answer"
    CUT_AFTER = "the connection is cut after the request took effect"
    BAD_GATEWAY_AFTER = "502 after the request took effect"


Matching = str | Callable[[Seen], bool]


@dataclass(slots=True)
class Failure:
    """A fault that waits for its requests."""

    fault: Fault
    at: int | None = None
    """Number of the first request that fails, and of no other if this one cannot fail so; None for any."""
    matching: Matching | None = None
    """Pattern of the operation, such as pulls/*, or a function; None for any."""
    times: int = 1
    """How many requests fail."""
    seconds: int = 1
    """Of Retry-After, and until the reset."""
    lag: int = 1
    """How many writes ago it is that lagging lists show."""
    hits: int = 0
    """How many requests failed so far."""

    def takes(self, seen: Seen) -> bool:
        """Whether this request fails."""
        if self.hits >= self.times or (not self.hits and self.at not in (None, seen.number)):
            return False
        if isinstance(self.matching, str):
            return fnmatchcase(seen.operation, self.matching)
        return self.matching is None or self.matching(seen)
