"""What a client sees of a fault."""

import json
import time
from collections.abc import Mapping

from tests.github.faults import Failure, Fault
from tests.github.service import Operation, Reply, Request, Service, Understood, as_json, plain

_PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body><p>%s</p></body></html>"
_SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."

AFTER = frozenset(
    {
        Fault.PARTIAL,
        Fault.LAGGING,
        Fault.TRUNCATED,
        Fault.CUT_WITHIN,
        Fault.CUT_AFTER,
        Fault.BAD_GATEWAY_AFTER,
        Fault.STALE,
    }
)
"""Faults of requests that are carried out, or refused in the ordinary way."""


def applies(failure: Failure, understood: Understood, path: str) -> bool:
    """Whether a fault can happen to such a request at all."""
    match failure.fault:
        case Fault.GRAPHQL_LIMITED | Fault.GRAPHQL_LIMIT | Fault.GRAPHQL_SECONDARY | Fault.PARTIAL | Fault.STALE:
            return path == "/graphql"
        case Fault.MOVED:
            # Whoever asks by the id asks by what never changes.
            by_name = path.startswith("/repos/")
            return by_name and isinstance(understood, Operation) and understood.repository is not None
    return True


def instead(failure: Failure, service: Service, request: Request, understood: Understood) -> Reply | None:
    """What is answered in place of doing anything; None for no answer at all."""
    message = f"API rate limit exceeded for user ID {service.world.viewer.id}."
    later = {"retry-after": str(failure.seconds)}
    match failure.fault:
        case Fault.BAD_GATEWAY:
            return page(502, "502 Bad Gateway")
        case Fault.UNAVAILABLE:
            return page(503, "Unicorn!")
        case Fault.HTML:
            return page(200, "Sign in to this network")
        case Fault.EMPTY:
            return Reply(200, b"", {"content-type": "application/json; charset=utf-8"})
        case Fault.FORBIDDEN_RETRY_AFTER:
            return _with(plain(403, _SECONDARY), later)
        case Fault.TOO_MANY_RETRY_AFTER:
            return _with(plain(429, _SECONDARY), later)
        case Fault.FORBIDDEN_EXHAUSTED:
            return _with(plain(403, message), _nothing_left(failure))
        case Fault.TOO_MANY_EXHAUSTED:
            return _with(plain(429, message), _nothing_left(failure))
        case Fault.FORBIDDEN_SECONDARY:
            return plain(403, _SECONDARY)
        case Fault.TOO_MANY_SECONDARY:
            return plain(429, _SECONDARY)
        case Fault.GRAPHQL_LIMITED:
            return as_json(200, {"errors": [{"type": "RATE_LIMITED", "message": message}]}, _nothing_left(failure))
        case Fault.GRAPHQL_LIMIT:
            # As reported at https://github.com/yanyongyu/githubkit/issues/271, where the headers do not tell either.
            error = {
                "type": "RATE_LIMIT",
                "code": "graphql_rate_limit",
                "message": message.replace("limit", "limit already"),
            }
            return as_json(200, {"errors": [error]}, service.limits.graphql.headers())
        case Fault.GRAPHQL_SECONDARY:
            return as_json(200, {"message": _SECONDARY, "documentation_url": "https://docs.github.com/graphql"})
        case Fault.BAD_CREDENTIALS:
            return plain(401, "Bad credentials")
        case Fault.NOT_FOUND:
            return plain(404, "Not Found")
        case Fault.MOVED:
            assert isinstance(understood, Operation)
            return service.moved(request, understood)
    return None


def spoilt(failure: Failure, reply: Reply) -> Reply | None:
    """What becomes of an answer on its way; None where none arrives."""
    match failure.fault:
        case Fault.CUT_AFTER:
            return None
        case Fault.BAD_GATEWAY_AFTER:
            return page(502, "502 Bad Gateway")
        case Fault.TRUNCATED:
            return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)
        case Fault.PARTIAL:
            return _halved(reply)
    return reply


def page(status: int, text: str) -> Reply:
    """A page of HTML."""
    return Reply(status, _PAGE % (text.encode(), text.encode()), {"content-type": "text/html; charset=utf-8"})


def _with(reply: Reply, headers: Mapping[str, str]) -> Reply:
    return Reply(reply.status, reply.body, {**reply.headers, **headers})


def _nothing_left(failure: Failure) -> Mapping[str, str]:
    return {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-used": "5000",
        "x-ratelimit-reset": str(int(time.time()) + failure.seconds),
        "x-ratelimit-resource": "core",
    }


def _halved(reply: Reply) -> Reply:
    """Takes away the second half of the fields, as GitHub does when it runs out of time."""
    body = json.loads(reply.body)
    data = body.get("data") or {}
    gone = [*data][len(data) // 2 :]
    message = (
        "Something went wrong while executing your query. This may be the result of a timeout, or it could be a bug."
    )
    body["data"] = {name: None if name in gone else value for name, value in data.items()}
    body["errors"] = [*body.get("errors", ()), *({"path": [name], "message": message} for name in gone)]
    return as_json(reply.status, body, reply.headers)
