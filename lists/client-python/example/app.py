"""A small instrumented web application: python app.py [--host HOST] [--port PORT].

GET / answers at once, /slow takes its time, /fail always fails, /metrics is for Prometheus.
"""

import argparse
import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from threading import Lock
from wsgiref.simple_server import make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import Counter, Gauge, Histogram, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

REQUESTS = Counter("http_requests_total", "HTTP requests answered, by status code and method.", ["code", "method"])
DURATION = Histogram("http_request_duration_seconds", "Time taken to answer an HTTP request, by method.", ["method"])
SUCCESS_RATIO = Gauge("http_success_ratio", "Share of the last 100 requests without a server error; NaN before any.")

Answer = tuple[HTTPStatus, str]


class Outcomes:
    """Whether each of the last requests succeeded; safe to use from several threads."""

    def __init__(self, size: int) -> None:
        self._outcomes: deque[bool] = deque(maxlen=size)
        self._lock = Lock()

    def record(self, success: bool) -> None:
        with self._lock:
            self._outcomes.append(success)

    def ratio(self) -> float:
        with self._lock:
            return sum(self._outcomes) / len(self._outcomes) if self._outcomes else math.nan


def hello() -> Answer:
    return HTTPStatus.OK, "Hello!\n"


def slow() -> Answer:
    time.sleep(0.3)
    return HTTPStatus.OK, "Done, at last.\n"


def fail() -> Answer:
    raise RuntimeError("this path always fails")


ROUTES: dict[str, Callable[[], Answer]] = {"/": hello, "/slow": slow, "/fail": fail}
OUTCOMES = Outcomes(100)
SUCCESS_RATIO.set_function(OUTCOMES.ratio)
serve_metrics: WSGIApplication = make_wsgi_app()


def answer(method: str, path: str) -> Answer:
    if path not in ROUTES:
        return HTTPStatus.NOT_FOUND, "There is nothing here.\n"
    if method != "GET":
        return HTTPStatus.METHOD_NOT_ALLOWED, "Only GET is answered here.\n"
    return ROUTES[path]()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if path == "/metrics":  # scrapes are not counted as requests
        return serve_metrics(environ, start_response)
    known = method if method in METHODS else "other"  # clients must not be able to invent label values
    status = HTTPStatus.INTERNAL_SERVER_ERROR  # what the server sends when answer() raises
    try:
        with DURATION.labels(known).time():
            status, text = answer(method, path)
    finally:
        REQUESTS.labels(str(status.value), known).inc()
        OUTCOMES.record(status < HTTPStatus.INTERNAL_SERVER_ERROR)
    start_response(f"{status.value} {status.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
    return [text.encode()]


def main() -> None:
    parser = argparse.ArgumentParser(description="A small instrumented web application.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    arguments = parser.parse_args()
    server = make_server(arguments.host, arguments.port, application, ThreadingWSGIServer)
    with suppress(KeyboardInterrupt), server:
        server.serve_forever()


if __name__ == "__main__":
    main()
