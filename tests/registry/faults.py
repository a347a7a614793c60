"""How a registry can fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MANIFEST = "manifest"
TOKEN = "token"


class Way(StrEnum):
    """What happens instead of an answer, or to it."""

    STATUS = "status"
    SILENT = "silent"
    """No answer, while the client waits."""
    CUT = "cut"
    """The connection ends before an answer."""
    TRUNCATED = "truncated"
    """The connection ends within the body; the body of a HEAD is its headers."""
    NO_DIGEST = "no digest"
    """Docker-Content-Digest is left out, which the specification allows."""
    DIGEST = "digest"
    """Docker-Content-Digest has the value of the fault."""
    PAGE = "page"
    """A page of HTML that says 200, as from a network that wants a login first."""
    BODY = "body"
    """The answer has this body instead."""
    REDIRECT = "redirect"
    CHALLENGE = "challenge"
    """401 with this value of WWW-Authenticate."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure."""

    way: Way
    status: int = 0
    value: str = ""
    """A digest, a body, a location, a challenge."""
    headers: Mapping[str, str] = field(default_factory=dict)


def status(code: int, retry_after: str | None = None, body: str = "", **headers: str) -> Fault:
    """An answer that has this status and nothing to say; underscores in names of headers are written for dashes."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if retry_after is not None:
        given["Retry-After"] = retry_after
    return Fault(Way.STATUS, code, body, given)


FAULTS: Mapping[str, Fault] = {
    "429": status(429),
    "429, in a second": status(429, "1"),
    "429, in an hour": status(429, "3600"),
    "500": status(500),
    "502": status(502),
    "503, in a second": status(503, "1"),
    "403": status(403),
    "time-out": Fault(Way.SILENT),
    "cut": Fault(Way.CUT),
    "truncated": Fault(Way.TRUNCATED),
    "wrong digest": Fault(Way.DIGEST, value="sha256:f00"),
    "page": Fault(Way.PAGE),
}
"""One of each, by name. Nobody knows about the tag then; 5xx, cut and "in a second" must come twice for that."""
