"""Scrapes an exporter, which it may start for that and stop again."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import requests
from urllib3.exceptions import HTTPError

from bot.catalog.load import MAX_EXPOSITION
from bot.errors import BotError, UsageError
from bot.outside.process import Running, start

# What Prometheus asks for, without OpenMetrics and quoted names; see
# https://prometheus.io/docs/instrumenting/content_negotiation/
_HEADERS = {"Accept": "text/plain;version=0.0.4", "Accept-Encoding": "identity", "User-Agent": "exporterhub"}
_POLL = 0.1
_REDIRECTS = 3
_ANSWER = 10.0
"""Seconds for one answer; Prometheus gives up after ten, too."""
_CHUNK = 65536


class _NotYetError(Exception):
    """The answer is no exposition, but may become one; args: why not."""


@dataclass(frozen=True, slots=True)
class _Program:
    """The program that is scraped, where it was started for that."""

    name: str
    running: Running

    def check(self) -> None:
        """Raises BotError where it does not run any more."""
        if self.running.code is not None:
            raise BotError(
                f"{self.name} ended with exit code {self.running.code} before it was scraped",
                self.last_words() or "run it by hand to see why",
            )

    def last_words(self) -> str:
        """The end of what it has printed."""
        lines = self.running.output().strip().splitlines()
        return f"it printed: {' | '.join(line.strip()[:200] for line in lines[-3:])}" if lines else ""


def scrape(url: str, *, timeout: float, command: Sequence[str] = ()) -> str:
    """What a URL exposes, as text; a command is started first, and has stopped when this returns.

    The second answer is taken: many exporters count their scrapes only from the first one on. `timeout` is in
    seconds, for everything. Raises UsageError for a URL that is not http or https, and BotError where no exposition
    comes in time, or something else does.
    """
    _check_url(url)
    if not command:
        return _wait(url, timeout, None, _REDIRECTS)
    if _answers(url):
        raise BotError(f"something answers at {_shown(url)} already", "stop it, or scrape it with --url alone")
    # Exporters are configured by the environment, too.
    with start(command, env=os.environ) as running:
        return scrape_running(url, command[0], running, timeout=timeout, redirects=_REDIRECTS)


def scrape_running(url: str, name: str, running: Running, *, timeout: float, redirects: int = 0) -> str:
    """As `scrape`, of a program that was started already and goes by `name`. Raises BotError in the same way."""
    program = _Program(name, running)
    text = _wait(url, timeout, program, redirects)
    program.check()
    return text


def _wait(url: str, timeout: float, program: _Program | None, redirects: int) -> str:
    deadline = time.monotonic() + timeout
    while True:
        if program:
            program.check()
        try:
            _get(url, deadline, redirects)
            return _get(url, deadline, redirects)
        except _NotYetError as error:
            reason = error
        if time.monotonic() + _POLL >= deadline:
            words = program.last_words() if program else "start the exporter, or name its address with --url"
            raise BotError(f"{_shown(url)} gave no metrics within {timeout:g} s: {reason}", words)
        time.sleep(_POLL)


def _get(url: str, deadline: float, redirects: int) -> str:
    """One answer. Raises _NotYetError, and BotError where waiting cannot help."""
    left = max(deadline - time.monotonic(), _POLL)
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands between here and an exporter, and no netrc
        session.max_redirects = redirects
        try:
            with session.get(url, headers=_HEADERS, stream=True, timeout=min(left, _ANSWER)) as response:
                if response.status_code != requests.codes.ok:
                    raise _NotYetError(f"HTTP status {response.status_code}")
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                body = _body(response, min(deadline, time.monotonic() + _ANSWER), url)
        except (requests.exceptions.InvalidSchema, requests.exceptions.TooManyRedirects) as error:
            raise BotError(f"{_shown(url)} leads elsewhere{f': {error}' if redirects else ''}") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _NotYetError(_why(error)) from error
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BotError(f"{_shown(url)} answers something that is not UTF-8") from error
    if kind.endswith("html") or text.lstrip()[:1] == "<":
        raise BotError(f"{_shown(url)} answers a page of HTML, not metrics", "name the path, too: --url …/metrics")
    if not any(line.strip() and not line.startswith("#") for line in text.split("\n")):
        raise _NotYetError("it has no samples")
    return text


def _body(response: requests.Response, deadline: float, url: str) -> bytes:
    body = bytearray()
    while True:
        # Whatever has come so far: an answer that trickles must not outlast the deadline.
        chunk = response.raw.read1(_CHUNK, decode_content=True)
        if not chunk:
            return bytes(body)
        body += chunk
        if len(body) > MAX_EXPOSITION:
            raise BotError(
                f"{_shown(url)} answers more than {MAX_EXPOSITION >> 20} MiB", "leave out what is not needed"
            )
        if time.monotonic() > deadline:
            raise _NotYetError("it does not come to an end")


def _answers(url: str) -> bool:
    try:
        _get(url, time.monotonic() + 1.0, _REDIRECTS)
    except _NotYetError as error:
        return not isinstance(error.__cause__, requests.ConnectionError)
    except BotError:
        return True
    return True


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(f'"{url}" is not the URL of an exporter', "write it as http://127.0.0.1:9100/metrics")


def _shown(url: str) -> str:
    """Without a password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _why(error: Exception) -> str:
    """The innermost reason, in the system's words."""
    while error.__context__ is not None and isinstance(error.__context__, Exception):
        error = error.__context__
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
