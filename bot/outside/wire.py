"""Single requests to a registry of images: bounded in time and size, and repeated only where that may help."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from bot.outside.bearer import is_loopback

_CONNECT_SECONDS = 5.0
_PAUSE = 1.0
"""Seconds before a request is repeated, where nobody says how many."""
_MAX_BODY = 4 * 1024 * 1024
"""Bytes: what the specification wants registries to allow for a manifest."""
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a registry is waited for, in seconds."""

    answer: float = 10.0
    """For each answer."""
    pauses: float = 60.0
    """All the pauses together that one registry asks for in a run."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class NoAnswerError(Exception):
    """The registry failed, whatever it was asked; args: why, in words that go on after a colon."""

    def __init__(self, reason: str, again: float | None = None) -> None:
        super().__init__(reason)
        self.again = again
        """Seconds after which another attempt makes sense; None where it does not."""


class _LimitError(NoAnswerError):
    """Too many requests."""


class LeaveAloneError(NoAnswerError):
    """The registry wants no more requests for longer than anybody waits."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    url: str
    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes

    @property
    def media_type(self) -> str:
        """Without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class _Bearer(AuthBase):
    """A token, or none: in either case nothing from a .netrc."""

    token: str | None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token is not None:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Wire:
    """To one registry, and whatever belongs to it."""

    def __init__(self, patience: Patience, base: str) -> None:
        self._patience = patience
        self._paused = 0.0
        self._session = requests.Session()
        # A proxy may stand between here and the internet, but none between here and loopback.
        self._session.trust_env = not is_loopback(urlsplit(base).hostname or "")

    def send(
        self,
        method: str,
        url: str,
        *,
        accept: str = "application/json",
        token: str | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """An answer of whatever status but 429 and 5xx; redirects are not followed. Raises NoAnswerError."""
        try:
            return self._once(method, url, accept, token, query)
        except NoAnswerError as error:
            if error.again is None or not self._pause(error):
                raise
        return self._once(method, url, accept, token, query)

    def _pause(self, failure: NoAnswerError) -> bool:
        """Waits as long as is sensible after a failure, unless that is too long. Raises LeaveAloneError."""
        seconds = failure.again or 0.0
        if self._paused + seconds > self._patience.pauses:
            if isinstance(failure, _LimitError):
                raise LeaveAloneError(str(failure)) from failure
            return False
        self._paused += seconds
        self._patience.sleep(seconds)
        return True

    def _once(self, method: str, url: str, accept: str, token: str | None, query: Mapping[str, str] | None) -> Answer:
        # Compressed, the bytes would not be those of the digest.
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": "exporterhub"}
        seconds = self._patience.answer
        deadline = self._patience.clock() + seconds
        try:
            with self._session.request(
                method,
                url,
                params=query,
                headers=headers,
                auth=_Bearer(token),
                stream=True,
                timeout=(min(_CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
            ) as response:
                answer = Answer(url, response.status_code, response.headers, self._body(response, deadline))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._failure(error) from error
        if answer.status == requests.codes.too_many_requests:
            wanted = _retry_after(answer)
            told = "" if wanted is None else f", it asks to wait {wanted:.0f} s"
            raise _LimitError(f"HTTP status {answer.status}, too many requests{told}", wanted)
        if answer.status >= 500:
            wanted = _retry_after(answer)
            raise NoAnswerError(f"HTTP status {answer.status}", _PAUSE if wanted is None else wanted)
        return answer

    def _failure(self, error: Exception) -> NoAnswerError:
        """In the order from the narrow kinds to the wide ones."""
        if isinstance(error, requests.Timeout | ReadTimeoutError | TimeoutError):
            return NoAnswerError(f"no answer within {self._patience.answer:g} s")
        if isinstance(error, requests.exceptions.SSLError):
            return NoAnswerError("it cannot be trusted, TLS fails")
        reason = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else error
        if isinstance(reason, ProtocolError):
            return NoAnswerError("the connection broke off", _PAUSE)
        if isinstance(error, requests.ConnectionError):
            return NoAnswerError("it cannot be reached")
        return NoAnswerError("nobody understands its answer")

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        """Raises TimeoutError where it trickles, and NoAnswerError where it does not end."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > _MAX_BODY:
                raise NoAnswerError(f"the answer is larger than {_MAX_BODY >> 20} MiB")
            if self._patience.clock() > deadline:
                raise TimeoutError
        return bytes(body)


def _retry_after(answer: Answer) -> float | None:
    """Seconds; None where it says nothing, or nothing that makes sense. RFC 9110, section 10.2.3."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        # Both are the other side's time, so that it does not matter what the time is here.
        then, now = (parsedate_to_datetime(each) for each in (text, answer.headers.get("Date", "")))
        return max((then - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
