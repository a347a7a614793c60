"""What the double says to a request, by the specifications of the distribution API and of its tokens.

https://github.com/opencontainers/distribution-spec and https://distribution.github.io/distribution/spec/auth/token/
"""

import json
import re
import socket
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.registry.faults import MANIFEST, TOKEN, Fault, Way
from tests.registry.hosts import HOSTS, Host
from tests.registry.seen import Seen

if TYPE_CHECKING:
    from tests.registry.double import RegistryDouble

_MANIFEST = re.compile(r"/v2/(?P<repository>[a-z0-9._/-]+)/manifests/(?P<tag>\w[\w.-]{0,127})")
_SCOPE = re.compile(r"repository:(?P<repository>[a-z0-9._/-]+):pull")
_MESSAGES = {
    "UNAUTHORIZED": "authentication required",
    "DENIED": "requested access to the resource is denied",
    "NAME_UNKNOWN": "repository name not known to registry",
    "MANIFEST_UNKNOWN": "manifest unknown",
    "UNSUPPORTED": "the operation is unsupported",
}
_REALMS = {host.realm: host for host in HOSTS.values()}


def handler(double: "RegistryDouble") -> type[BaseHTTPRequestHandler]:
    """The handler of a double."""

    class Handler(_Handler):
        pass

    Handler.double = double
    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    double: "RegistryDouble"

    def do_GET(self) -> None:
        host, _, below = self.path[1:].partition("/")
        sent = (self.headers.get(name, "") for name in ("Authorization", "Accept", "Accept-Encoding"))
        self.double.note(Seen(host, self.command, f"/{below}", *sent))
        self.double.closing.wait(self.double.latency)
        parts = urlsplit(f"/{below}")
        asked = _MANIFEST.fullmatch(parts.path)
        realm = _REALMS.get(f"{host}{parts.path}")
        if realm is not None:
            self._token(realm, parse_qs(parts.query))
        elif asked and host in HOSTS:
            self._manifest(HOSTS[host], asked["repository"], asked["tag"])
        else:
            self._error(404, "UNSUPPORTED")

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_request(self, code: object = "", size: object = "") -> None:
        """Quiet."""

    def _token(self, host: Host, query: dict[str, list[str]]) -> None:
        scope = _SCOPE.fullmatch(query.get("scope", [""])[0])
        if self._failed(self.double.take_fault(host.name, TOKEN, scope["repository"] if scope else "")):
            return
        service = query.get("service", [None])[0]
        if service != host.service or scope is None:
            self._error(400, "UNSUPPORTED")
        elif host.refuses_tokens and self.double.tags(host.name, scope["repository"]) is None:
            self._error(403, "DENIED")
        else:
            token = self.double.issue(host.name, scope["repository"])
            self._send(200, json.dumps({**dict.fromkeys(host.keys, token), "expires_in": 300}).encode())

    def _manifest(self, host: Host, repository: str, tag: str) -> None:
        fault = self.double.take_fault(host.name, MANIFEST, repository)
        if self._failed(fault):
            return
        if host.moved_to is not None:
            other, folder = host.moved_to
            location = f"{self.double.url}/{other}/v2/{folder}/{repository}/manifests/{tag}"
            self._send(307, b"", Location=location)
            return
        tags = self.double.tags(host.name, repository)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        known = self.double.accepts(token, host.name, repository)
        if not known and not (host.open and tags is not None):
            self._error(401, "UNAUTHORIZED", WWW_Authenticate=self._challenge(host, repository))
        elif tags is None:
            challenge = {"WWW_Authenticate": self._challenge(host, repository)} if host.unknown_status == 401 else {}
            self._error(host.unknown_status, _code(host.unknown_status), **challenge)
        elif tag not in tags:
            self._error(404, "MANIFEST_UNKNOWN")
        else:
            manifest = tags[tag]
            headers = {"Docker_Content_Digest": manifest.digest, "Content_Type": manifest.media_type}
            if fault is not None and fault.way is Way.NO_DIGEST:
                del headers["Docker_Content_Digest"]
            elif fault is not None and fault.way is Way.DIGEST:
                headers["Docker_Content_Digest"] = fault.value
            self._send(200, manifest.body, **headers)

    def _challenge(self, host: Host, repository: str) -> str:
        service = "" if host.service is None else f'service="{host.service}",'
        return f'Bearer realm="{self.double.url}/{host.realm}",{service}scope="repository:{repository}:pull"'

    def _failed(self, fault: Fault | None) -> bool:
        """Whether a failure took the place of the answer."""
        if fault is None or fault.way in (Way.NO_DIGEST, Way.DIGEST):
            return False
        match fault.way:
            case Way.SILENT:
                self.double.closing.wait()
                self.close_connection = True
            case Way.CUT:
                self._cut()
            case Way.TRUNCATED:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n")
                self.wfile.write(b"X-Half: " if self.command == "HEAD" else b'\r\n{"schemaVersion": 2, "tok')
                self._cut()
            case Way.PAGE:
                self._send(200, b"<html>Log in, please</html>", Content_Type="text/html; charset=utf-8")
            case Way.BODY:
                self._send(200, fault.value.encode(), **_named(fault))
            case Way.REDIRECT:
                self._send(fault.status, b"", Location=fault.value)
            case Way.CHALLENGE:
                self._error(401, "UNAUTHORIZED", WWW_Authenticate=fault.value)
            case _:
                self._send(fault.status, fault.value.encode(), **_named(fault))
        return True

    def _cut(self) -> None:
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _error(self, status: int, code: str, **headers: str) -> None:
        body = json.dumps({"errors": [{"code": code, "message": _MESSAGES[code], "detail": None}]})
        self._send(status, body.encode(), **headers)

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response_only(status)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Type": "application/json", "Date": self.date_time_string()} | given).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _code(status: int) -> str:
    return {401: "UNAUTHORIZED", 403: "DENIED", 404: "NAME_UNKNOWN"}[status]


def _named(fault: Fault) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in fault.headers.items()}
