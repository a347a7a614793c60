"""An answer of GitHub's as it came, and what it says about limits."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """One of GraphQL's errors; the rest of the answer may be right."""

    kind: str
    """Such as NOT_FOUND; empty where GitHub names none."""
    path: tuple[object, ...]
    """The place in the answer: names, and positions in lists."""
    message: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whatever it says."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    text: str
    fields: Mapping[str, object] | None
    """None where the body is no object."""
    readable: bool
    """Whether the body is JSON."""

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], text: str) -> "Reply":
        """An answer as it came."""
        try:
            body: object = json.loads(text)
        except ValueError:
            return cls(status, headers, text, None, readable=False)
        return cls(status, headers, text, body if isinstance(body, dict) else None, readable=True)

    def wrong(self) -> tuple[Wrong, ...]:
        """GraphQL's errors."""
        return tuple(_wrong(self.fields))

    def message(self) -> str:
        """REST's own words on why not, as long as they are."""
        if self.fields is None:
            return ""
        words = (self.fields.get("message"), *(each.message for each in self.wrong()))
        return "; ".join(word for word in words if isinstance(word, str) and word)


@dataclass(frozen=True, slots=True)
class Limit:
    """Of an hour: requests for REST, points for GraphQL."""

    remaining: int
    total: int
    reset: float
    """When the next hour begins, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Slower:
    """Refused to stay within a limit: nothing took effect."""

    came_back: str
    wait: float | None
    """Seconds that GitHub asks to wait; None where it names no time."""
    everywhere: bool
    """Whether all that the token does is meant, not only the limit of an hour."""


def limit_of(reply: Reply) -> Limit | None:
    """What is left after an answer; None where it does not tell."""
    remaining, total, reset = (_number(reply, f"x-ratelimit-{name}") for name in ("remaining", "limit", "reset"))
    if remaining is None or total is None or reset is None:
        return None
    return Limit(int(remaining), int(total), reset)


def slower(reply: Reply, now: float) -> Slower | None:
    """What an answer says about going slower; None where it is about something else.

    REST says so by status 403 or 429, GraphQL also by an error in an answer of status 200.
    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    if reply.status not in (200, 403, 429):
        return None
    said = "rate limit" in reply.message().lower() or any(each.kind.startswith("RATE_LIMIT") for each in reply.wrong())
    if reply.status == 200 and not said:
        return None
    after, limit = _number(reply, "retry-after"), limit_of(reply)
    came_back = f"HTTP {reply.status}, a limit is reached"
    if after is not None:
        return Slower(came_back, max(after, 1.0), everywhere=True)
    if limit is not None and limit.remaining == 0:
        return Slower(came_back, max(limit.reset - now, 0.0) + 1.0, everywhere=False)
    return Slower(came_back, None, everywhere=True) if said or reply.status == 429 else None


def _wrong(fields: Mapping[str, object] | None) -> Iterator[Wrong]:
    errors = fields.get("errors") if fields else None
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            kind, path, message = error.get("type"), error.get("path"), error.get("message")
            yield Wrong(
                kind if isinstance(kind, str) else "",
                tuple(path) if isinstance(path, list) else (),
                message if isinstance(message, str) else "",
            )


def _number(reply: Reply, name: str) -> float | None:
    try:
        value = float(reply.headers.get(name, ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e11 else None
