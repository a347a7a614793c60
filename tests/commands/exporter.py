"""A little exporter that can misbehave: `python exporter.py PORT WAY`, or served from a thread of a test."""

import gzip
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = "text/plain; version=0.0.4; charset=utf-8"
METRICS = b"""\
# HELP demo_build_info What this is.
# TYPE demo_build_info gauge
demo_build_info{version="v1.2.4",goversion="go1.26.3"} 1
# HELP demo_scrapes_total Answers so far.
# TYPE demo_scrapes_total counter
demo_scrapes_total{instance="10.1.2.3:9100"} %d
"""

Answer = Callable[["Exporter"], None]


class Exporter(BaseHTTPRequestHandler):
    """Answers in the way that its server names."""

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        server.requests.append((self.path, self.headers["Accept"]))
        WAYS[server.way](self)

    def answer(self, body: bytes, kind: str = TEXT, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    @property
    def count(self) -> int:
        assert isinstance(self.server, _Server)
        return len(self.server.requests)

    def log_request(self, code: object = "", size: object = "") -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, way: str) -> None:
        super().__init__(("127.0.0.1", port), Exporter)
        self.way = way
        self.requests: list[tuple[str, str]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever scrapes may have enough, and go."""


def _metrics(exporter: Exporter) -> None:
    exporter.answer(METRICS % exporter.count)


def _late(exporter: Exporter) -> None:
    if exporter.count < 3:
        exporter.answer(b"starting", status=503)
    else:
        _metrics(exporter)


def _silent(exporter: Exporter) -> None:
    threading.Event().wait()


def _endless(exporter: Exporter) -> None:
    exporter.answer(b"")
    line = b"# " + b"x" * 65534 + b"\n"
    while True:
        exporter.wfile.write(line)


def _trickle(exporter: Exporter) -> None:
    exporter.answer(b"")
    while not threading.Event().wait(0.02):
        exporter.wfile.write(b"#\n")
        exporter.wfile.flush()


def _chunked(exporter: Exporter) -> None:
    exporter.protocol_version = "HTTP/1.1"
    exporter.answer(b"4\r\nup 1\r\n1\r\n\n\r\n0\r\n\r\n", Transfer_Encoding="chunked")


WAYS: dict[str, Answer] = {
    "metrics": _metrics,
    "late": _late,
    "silent": _silent,
    "endless": _endless,
    "trickle": _trickle,
    "chunked": _chunked,
    "html": lambda exporter: exporter.answer(b"<html><a href=/metrics>Metrics</a></html>", "text/html; charset=utf-8"),
    "page": lambda exporter: exporter.answer(b"\n<!DOCTYPE html>\n"),
    "missing": lambda exporter: exporter.answer(b"nothing here", status=404),
    "empty": lambda exporter: exporter.answer(b"# HELP up Help.\n# TYPE up gauge\n"),
    "broken": lambda exporter: exporter.answer(b"up one\n" * 7 + b"up 1\n"),
    "unfinished": lambda exporter: exporter.answer(b"up 1"),
    "latin": lambda exporter: exporter.answer(b'up{name="caf\xe9"} 1\n'),
    "packed": lambda exporter: exporter.answer(gzip.compress(b"up 1\n"), Content_Encoding="gzip"),
    "spoiled": lambda exporter: exporter.answer(b"up 1\n", Content_Encoding="gzip"),
    "moved": lambda exporter: exporter.answer(b"", status=302, Location="file:///etc/hostname"),
    "round": lambda exporter: exporter.answer(b"", status=302, Location=exporter.path),
}


@contextmanager
def serving(way: str) -> Iterator[_Server]:
    """An exporter on a port of its own."""
    with _Server(0, way) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    print("listening", flush=True)
    _Server(int(sys.argv[1]), sys.argv[2]).serve_forever()
