"""An engine for the real docker client: notes what it is asked for, on a socket, and starts nothing.

https://docs.docker.com/reference/api/engine/
"""

import json
import re
import socketserver
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any

REFUSAL = "this engine starts nothing"


@dataclass(slots=True)
class Engine:
    """In a `with` block it answers at `address`, which is a DOCKER_HOST."""

    socket: Path
    requests: list[tuple[str, Any]] = field(default_factory=list)
    """Method and path, and the body."""
    _server: "_Server | None" = None
    _thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"unix://{self.socket}"

    def __enter__(self) -> "Engine":
        self._server = _Server(str(self.socket), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        path = re.sub(r"^/v1\.\d+", "", self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if path != "/_ping":
            self.server.engine.requests.append((f"{self.command} {path}", json.loads(body) if body else None))
        match self.command, path.partition("?")[0]:
            case _, "/_ping":
                self._send(200, b"OK")
            case "POST", "/networks/create":
                self._send(201, b'{"Id": "1", "Warning": ""}')
            case "POST", "/images/create":
                self._send(200, b'{"status": "pulled"}\n')
            case "POST", "/containers/create":
                self._send(500, json.dumps({"message": REFUSAL}).encode())
            case _:
                self._send(404, b'{"message": "there is none"}')

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.do_GET()

    def address_string(self) -> str:
        return "the client"

    def log_request(self, code: object = "", size: object = "") -> None:
        """Quiet."""

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Api-Version", "1.44")
        self.send_header("Ostype", "linux")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str, engine: Engine) -> None:
        super().__init__(path, _Handler)
        self.engine = engine
