"""The HTTP server: connections that stay open, and those that are cut."""

import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.github import trouble
from tests.github.faults import Failure, Fault
from tests.github.seen import Seen
from tests.github.service import Reply, Request, Service, Understood

POLL = 0.05
"""Seconds after which a waiting thread looks whether the server closes."""


class Server(ThreadingHTTPServer):
    """Serves a double; requests are carried out one at a time, as their order is what tests are about."""

    daemon_threads = True
    service: Service

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.latency = 0.0
        """Seconds from a request to its answer; what the double itself needs is part of them."""
        self.seen: list[Seen] = []
        self.failures: list[Failure] = []
        self.on_request: Callable[[Seen], None] = _nothing
        self.closing = threading.Event()
        self._lock = threading.RLock()
        self._connections: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def exchange(self, request: Request) -> tuple[Reply | None, Failure | None]:
        """The answer to a request, None where there is none, and the fault that it ran into."""
        due = time.monotonic() + self.latency
        with self._lock:
            seen, understood = self.service.understand(len(self.seen), request)
            self.seen.append(seen)
            failure = self._failure(seen, understood)
        reply = self._carried_out(request, seen, understood, failure)
        seen.status = reply.status if reply else 0
        self.on_request(seen)
        time.sleep(max(0.0, due - time.monotonic()))
        return reply, failure

    def _carried_out(
        self, request: Request, seen: Seen, understood: Understood, failure: Failure | None
    ) -> Reply | None:
        if failure and failure.fault not in trouble.AFTER:
            return trouble.instead(failure, self.service, request, understood)
        stale = failure is not None and failure.fault is Fault.STALE
        lag = failure.lag if failure and failure.fault is Fault.LAGGING else 0
        with self._lock:
            reply = self.service.answer(request, seen, understood, stale, lag)
        return trouble.spoilt(failure, reply) if failure else reply

    def _failure(self, seen: Seen, understood: Understood) -> Failure | None:
        for failure in self.failures:
            if failure.takes(seen) and trouble.applies(failure, understood, seen.path):
                failure.hits += 1
                seen.fault = failure.fault.name
                return failure
        return None

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Remembers the connection, to close it at the end."""
        assert isinstance(request, socket.socket)
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Forgets the connection."""
        assert isinstance(request, socket.socket)
        self._connections.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        """Closes everything, connections that stay open included."""
        self.closing.set()
        self.shutdown()
        for connection in tuple(self._connections):
            _shut(connection)
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server
    connection: socket.socket

    def _exchange(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        reply, failure = self.server.exchange(Request(self.command, self.path, headers, body))
        if reply is None:
            self.close_connection = True
            if failure and failure.fault is Fault.TIMEOUT:
                self._wait()
            else:
                self._cut()
            return
        self._send(reply, within=failure is not None and failure.fault is Fault.CUT_WITHIN)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _exchange  # noqa: N815  names of the base class

    def _send(self, reply: Reply, within: bool) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status not in (204, 304):
            self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[: len(reply.body) // 2] if within else reply.body)
        self.wfile.flush()
        if within:
            self.close_connection = True
            self._cut()

    def _wait(self) -> None:
        """Until the client leaves, or the double closes."""
        while not self.server.closing.is_set():
            ready, _, _ = select.select([self.connection], [], [], POLL)
            if ready and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _cut(self) -> None:
        """Resets the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        _shut(self.connection)

    def handle(self) -> None:
        """A client that leaves is no error."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's word
        """Says nothing."""


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _nothing(_seen: Seen) -> None:
    """Nobody is to be told."""
