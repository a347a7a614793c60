"""Requests in, answers out: what the double does when nothing goes wrong."""

import hashlib
import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from tests.github.catalog import Catalog
from tests.github.contract import Contract, Violation, published
from tests.github.graph.execute import Graph, Query
from tests.github.limits import Bucket, Limits
from tests.github.refusal import Refusal, missing
from tests.github.rest import routes
from tests.github.rest.call import Answer, Call
from tests.github.rest.present import failure
from tests.github.seen import Seen
from tests.github.world import Repository, World


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived."""

    method: str
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """A request of the REST interface that was understood."""

    route: routes.Route
    names: Mapping[str, str]
    query: Mapping[str, str]
    body: object
    repository: Repository | None
    moved: bool
    """Whether it asked for a repository by a name that it no longer has."""


Understood = Operation | Query | Refusal | Violation


class Service:
    """Both interfaces on a world."""

    def __init__(self, world: World, checked: bool = True) -> None:
        self.world = world
        self.limits = Limits()
        self.tokens: set[str] | None = None
        """Those that are taken; None for any."""
        self.readers: set[str] = set()
        """Tokens that may not write."""
        self.violations: list[str] = []
        self._checked = checked
        self._contract: Contract = published()
        self._graph = Graph(world)

    def understand(self, number: int, request: Request) -> tuple[Seen, Understood]:
        """What is asked, before anything is done."""
        path = urlsplit(request.target).path
        write = request.method != "GET" and path != "/graphql"
        seen = Seen(number, request.method, request.target, path, write, body=request.body)
        try:
            if path == "/graphql":
                query = self._graph.read(_object(_json(request.body)))
                seen.operation, seen.write, seen.points = query.name, query.write, query.cost.points
                return seen, query
            operation = self._operation(request, seen)
        except (Refusal, Violation) as error:
            return seen, error
        return seen, operation

    def _operation(self, request: Request, seen: Seen) -> Operation:
        parts = urlsplit(request.target)
        repository, path = self._by_id(parts.path)
        found = routes.find(request.method, path)
        if found is None:
            raise Violation(f"{request.method} {parts.path} is not among the operations of the double")
        route, names = found
        seen.operation = self._contract.operation_id(route.operation)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = _json(request.body) if request.body else None
        if isinstance(body, list):
            # PyGithub sends labels as a bare list: the description allows that in prose only.
            body = {"labels": body}
        if self._checked:
            self._contract.check_request(route.operation, query, body)
        moved = False
        if repository is None and "repo" in names:
            name = f"{names['owner']}/{names['repo']}"
            try:
                repository = self.world.find(name)
            except Refusal:
                raise missing() from None
            moved = repository.name.lower() != name.lower()
        return Operation(route, names, query, body, repository, moved)

    def _by_id(self, path: str) -> tuple[Repository | None, str]:
        """The repository of /repositories/ID…, to which names of old lead, and the path as it is described."""
        start, _, rest = path.removeprefix("/repositories/").partition("/")
        if not path.startswith("/repositories/") or not start.isdigit():
            return None, path
        repository = self.world.by_id(int(start))
        return repository, f"/repos/{repository.name}" + (f"/{rest}" if rest else "")

    def answer(self, request: Request, seen: Seen, understood: Understood, stale: bool = False, lag: int = 0) -> Reply:
        """Does what is asked, and notes what that changed."""
        bucket = self._bucket(request, seen)
        try:
            reply = self._allowed(request, seen, understood, bucket) or self._done(
                request, seen, understood, stale, lag
            )
        except Violation as error:
            self.violations.append(f"{request.method} {request.target}: {error}")
            reply = plain(500, f"Not as GitHub describes it: {error}")
        except Exception as error:  # noqa: BLE001  a fault of the double's own must not look like one of GitHub's
            self.violations.append(f"{request.method} {request.target}: {traceback.format_exc()}")
            reply = plain(500, f"The double failed: {error!r}")
        if reply.status == 304:
            bucket.used -= 1
        seen.effects = self.world.journal.take()
        if seen.effects:
            for catalog in self.world.catalogs():
                catalog.remember()
        return Reply(reply.status, reply.body, {**bucket.headers(), **reply.headers})

    def _bucket(self, request: Request, seen: Seen) -> Bucket:
        if urlsplit(request.target).path == "/graphql":
            return self.limits.graphql
        return self.limits.core if "authorization" in request.headers else self.limits.anonymous

    def _allowed(self, request: Request, seen: Seen, understood: Understood, bucket: Bucket) -> Reply | None:
        """An answer to those who may not ask; None to those who may."""
        if "user-agent" not in request.headers:
            return plain(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
            )
        token = request.headers.get("authorization", "").rpartition(" ")[2]
        if not token and bucket is self.limits.graphql:
            return plain(401, "This endpoint requires you to be authenticated.")
        if token and self.tokens is not None and token not in self.tokens:
            return plain(401, "Bad credentials")
        if seen.path != "/rate_limit":
            if not bucket.remaining:
                return self.exhausted(bucket)
            bucket.used += seen.points or 1
        if seen.write and token in self.readers:
            if isinstance(understood, Query):
                error = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
                return as_json(200, {"data": {seen.operation: None}, "errors": [error]})
            return plain(403, "Resource not accessible by integration")
        return None

    def exhausted(self, bucket: Bucket, kind: str = "RATE_LIMITED") -> Reply:
        """Nothing is left of a limit."""
        message = f"API rate limit exceeded for user ID {self.world.viewer.id}."
        if bucket.resource == "graphql":
            return as_json(200, {"errors": [{"type": kind, "message": message}]})
        return plain(403, message)

    def _done(self, request: Request, seen: Seen, understood: Understood, stale: bool, lag: int) -> Reply:
        if isinstance(understood, Violation):
            raise understood
        if isinstance(understood, Refusal):
            return plain(understood.status, understood.message, understood.errors)
        catalogs = self.world.catalogs()
        _lag(catalogs, lag)
        try:
            if isinstance(understood, Query):
                return as_json(200, self._graph.run(understood, self.limits.graphql, stale))
            return self._rest(request, understood)
        finally:
            _lag(catalogs, 0)

    def _rest(self, request: Request, asked: Operation) -> Reply:
        operation = asked.route.operation
        if asked.moved:
            return self.moved(request, asked)
        body = asked.body if isinstance(asked.body, dict) else {}
        path = urlsplit(request.target).path
        call = Call(self.world, self.limits, path, asked.names, asked.query, body, asked.repository)
        try:
            answer = asked.route.handler(call)
        except Refusal as error:
            answer = Answer(error.status, failure(error.message, error.status, error.errors))
        if self._checked:
            self._contract.check_answer(operation, answer.status, answer.body)
        reply = (
            Reply(204, b"", answer.headers)
            if answer.body is None
            else as_json(answer.status, answer.body, answer.headers)
        )
        return _unchanged(request, reply)

    def moved(self, request: Request, asked: Operation) -> Reply:
        """Leads from a repository's old name to its id."""
        assert asked.repository is not None
        parts = urlsplit(request.target)
        rest = parts.path.split("/", 4)[4:]
        target = "/".join([f"{self.world.url}/repositories/{asked.repository.id}", *rest])
        target += f"?{parts.query}" if parts.query else ""
        status = 301 if request.method == "GET" else 307
        message = "Moved Permanently" if status == 301 else "Temporary Redirect"
        body = {"message": message, "url": target, "documentation_url": "https://docs.github.com/rest"}
        return as_json(status, body, {"location": target})


def as_json(status: int, body: object, headers: Mapping[str, str] | None = None) -> Reply:
    """A body written as JSON."""
    text = json.dumps(body, separators=(",", ":")).encode()
    return Reply(status, text, {"content-type": "application/json; charset=utf-8", **(headers or {})})


def plain(status: int, message: str, errors: tuple[Mapping[str, str], ...] = ()) -> Reply:
    """An error with a message."""
    return as_json(status, failure(message, status, errors))


def _unchanged(request: Request, reply: Reply) -> Reply:
    """304 where the client has this answer already."""
    if request.method != "GET" or reply.status != 200:
        return reply
    tag = f'W/"{hashlib.sha256(reply.body).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Reply(304, b"", {"etag": tag})
    return Reply(200, reply.body, {**reply.headers, "etag": tag})


def _lag(catalogs: list[Catalog], lag: int) -> None:
    for catalog in catalogs:
        catalog.lag = lag


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        raise Violation(f"the body is no JSON: {error}") from error


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise Violation("the body is no object")
    return value
