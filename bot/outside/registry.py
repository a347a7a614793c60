"""Asks registries of images which digest a tag names: https://github.com/opencontainers/distribution-spec.

Any registry with a public DNS name is asked, not just the great ones: a catalog may list what it likes, and only https
with a valid certificate is spoken. Nothing is sent but the names of images and the tokens that the same registry gave
to anybody who asked.
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import requests

from bot.outside.bearer import Challenge, bearer_challenge, is_realm, may_lead_to, token_in
from bot.outside.image_names import ImageName, image_name, is_digest, is_tag, shown
from bot.outside.wire import Answer, LeaveAloneError, NoAnswerError, Patience, Wire
from bot.sync.model import Missing, Unknown

MEDIA_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""What a tag may name. A registry that is not told all of them may translate, and the digest is another one then."""
FAILURES = 3
"""As many in a row, and a registry is left alone for the rest of the run."""
_ACCEPT = ", ".join(MEDIA_TYPES)
_HUB = "https://registry-1.docker.io"
"""docker.io itself is a web site."""
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REDIRECTS = 5
_ABSENT = {"MANIFEST_UNKNOWN", "NAME_UNKNOWN", "NOT_FOUND"}
"""Codes of errors: the specification's, and Harbor's."""
_DIGEST = "Docker-Content-Digest"
_HIDDEN = "the image is private, or does not exist"


class Registry:
    """The registries of one run. Threads may share it: they wait for each other at the same registry only."""

    def __init__(self, patience: Patience | None = None, endpoints: Mapping[str, str] | None = None) -> None:
        """`endpoints`: by the host that names of images have, the URL that it answers at, where that is another one."""
        self._patience = patience or Patience()
        self._endpoints = {"docker.io": _HUB, **(endpoints or {})}
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def digest(self, image: str, tag: str) -> str | Missing | Unknown:
        """sha256:… of what the tag names today.

        Missing only where the registry says so; Unknown where it fails, limits, or may be hiding the image. Never
        raises.
        """
        name = image_name(image)
        if name is None:
            return Unknown(f'"{shown(image)}" is not the name of an image in a public registry')
        if not is_tag(tag):
            return Unknown(f'"{shown(tag)}" is not a tag that the image {name} could have')
        return self._host(name.host).digest(name, tag)

    def _host(self, host: str) -> "_Host":
        with self._lock:
            if host not in self._hosts:
                self._hosts[host] = _Host(self._endpoints.get(host, f"https://{host}"), self._patience)
            return self._hosts[host]


class _UnclearError(Exception):
    """The registry works, but does not answer this question; args: why."""


class _Host:
    """One registry, and what is remembered of it."""

    def __init__(self, base: str, patience: Patience) -> None:
        self._base = base
        self._wire = Wire(patience, base)
        self._tokens: dict[tuple[str, str], str] = {}
        """By origin and repository."""
        self._failures = 0
        self._given_up = ""
        """Why; empty where it is not."""
        self._lock = threading.Lock()

    def digest(self, name: ImageName, tag: str) -> str | Missing | Unknown:
        """As Registry.digest."""
        with self._lock:
            asked = f"{name.host} was asked for the image {name}:{tag}"
            if self._given_up:
                reason = f"{name.host} was not asked for the image {name}:{tag}, since {self._given_up}"
                return Unknown(reason, deferred=True)
            try:
                found = self._find(name, tag)
            except NoAnswerError as error:
                self._failed(error)
                return Unknown(f"{asked}: {error}")
            except _UnclearError as error:
                found = Unknown(f"{asked}: {error}")
            self._failures = 0
            return found

    def _failed(self, error: NoAnswerError) -> None:
        self._failures += 1
        if isinstance(error, LeaveAloneError):
            self._given_up = f"it wants to be left alone: {error}"
        elif self._failures >= FAILURES:
            self._given_up = f"it failed {FAILURES} times in a row: {error}"

    def _find(self, name: ImageName, tag: str) -> str | Missing | Unknown:
        url = f"{self._base}/v2/{name.repository}/manifests/{tag}"
        answer = self._fetch("HEAD", url, name)
        said = answer.headers.get(_DIGEST)
        # It need not be said. Only then the manifest itself is asked for: Docker Hub counts that as a pull.
        if answer.status == requests.codes.ok and said is None:
            answer = self._fetch("GET", url, name)
        if answer.status == requests.codes.not_found and _says_absent(answer):
            return Missing(f"the image {name} has no tag {tag}")
        if answer.status in (requests.codes.unauthorized, requests.codes.forbidden):
            raise _UnclearError(f"HTTP status {answer.status}: {_HIDDEN}")
        if answer.status != requests.codes.ok:
            raise _UnclearError(f"HTTP status {answer.status}")
        return _computed(answer) if said is None else _valid(said)

    def _fetch(self, method: str, url: str, name: ImageName) -> Answer:
        """An answer that is no redirect. A token goes no further than to the origin that it was made for."""
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._authorized(method, url, name)
            if answer.status not in _REDIRECTS or "Location" not in answer.headers:
                return answer
            url = urljoin(url, answer.headers["Location"])
            if not may_lead_to(url, answer.url):
                raise _UnclearError(f"it redirects to {shown(url)}, where nobody goes")
        raise _UnclearError(f"it redirects more than {_MAX_REDIRECTS} times")

    def _authorized(self, method: str, url: str, name: ImageName) -> Answer:
        """The answer, with a token if one is wanted: the one at hand may have expired, so a new one is tried once."""
        parts = urlsplit(url)
        key = f"{parts.scheme}://{parts.netloc}", name.repository
        answer = self._wire.send(method, url, accept=_ACCEPT, token=self._tokens.get(key))
        if answer.status == requests.codes.unauthorized:
            challenge = bearer_challenge(answer.headers.get("WWW-Authenticate", ""))
            if challenge is None:
                raise _UnclearError("HTTP status 401, and it does not say where to get a token")
            self._tokens[key] = self._token(challenge, url, name)
            answer = self._wire.send(method, url, accept=_ACCEPT, token=self._tokens[key])
        return answer

    def _token(self, challenge: Challenge, url: str, name: ImageName) -> str:
        """For anybody: https://distribution.github.io/distribution/spec/auth/token/."""
        if not is_realm(challenge.realm, url):
            raise _UnclearError(f"it wants tokens from {shown(challenge.realm)}, which is not its own")
        query = {"scope": challenge.scope or f"repository:{name.repository}:pull"}
        if challenge.service is not None:
            query["service"] = challenge.service
        answer = self._wire.send("GET", challenge.realm, query=query)
        if answer.status in (requests.codes.unauthorized, requests.codes.forbidden):
            raise _UnclearError(f"HTTP status {answer.status} instead of a token: {_HIDDEN}")
        token = token_in(answer.body) if answer.status == requests.codes.ok else None
        if token is None:
            raise _UnclearError(f"no token came, but HTTP status {answer.status}")
        return token


def _says_absent(answer: Answer) -> bool:
    """Whether 404 is the registry's own word, and not that of something in between, or about something else."""
    if answer.media_type not in ("application/json", ""):
        return False
    if not answer.body:
        return True  # as always with HEAD
    try:
        return {error["code"] for error in json.loads(answer.body)["errors"]} <= _ABSENT
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def _valid(digest: str) -> str:
    if not is_digest(digest):
        raise _UnclearError(f'it says that the digest is "{shown(digest)}"')
    return digest


def _computed(answer: Answer) -> str:
    """Of the manifest, which is not believed either where the answer contradicts itself."""
    if answer.media_type not in MEDIA_TYPES or not _is_object(answer.body):
        raise _UnclearError(f'it answers no manifest, but "{shown(answer.media_type)}"')
    digest = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
    said = _valid(answer.headers.get(_DIGEST, digest))
    if said != digest:
        raise _UnclearError(f"it says that the digest is {said}, but its manifest has {digest}")
    return digest


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False
