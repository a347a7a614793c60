"""The double itself: which images there are, and who asked."""

import hashlib
import json
import threading
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from types import TracebackType

from tests.registry import answers
from tests.registry.faults import MANIFEST, Fault
from tests.registry.hosts import HOSTS
from tests.registry.seen import Seen

INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a tag names."""

    body: bytes
    media_type: str

    @property
    def digest(self) -> str:
        return f"sha256:{hashlib.sha256(self.body).hexdigest()}"


@dataclass(slots=True)
class _Planned:
    """A failure that is to come."""

    host: str
    at: str
    repository: str | None
    fault: Fault
    times: int | None


class RegistryDouble:
    """Several registries at once, each below a path of its own."""

    def __init__(self, latency: float = 0.0) -> None:
        self.seen: list[Seen] = []
        self.latency = latency
        self.closing = threading.Event()
        """Set when nobody needs to be kept waiting any more."""
        self._images: dict[tuple[str, str], dict[str, Manifest]] = {}
        self._private: set[tuple[str, str]] = set()
        self._planned: list[_Planned] = []
        self._tokens: dict[str, tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> "RegistryDouble":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def endpoints(self) -> dict[str, str]:
        """By host, where it answers."""
        return {host: f"{self.url}/{host}" for host in HOSTS}

    def put(self, image: str, tag: str, content: bytes = b"", *, media_type: str = INDEX, private: bool = False) -> str:
        """Puts an image there, or moves its tag; its digest."""
        key = _key(image)
        layer = f"sha256:{hashlib.sha256(content).hexdigest()}"
        size = len(content)
        part = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": layer, "size": size}
        body = json.dumps({"schemaVersion": 2, "mediaType": media_type, "manifests": [part]}).encode()
        manifest = Manifest(body, media_type)
        self._images.setdefault(key, {})[tag] = manifest
        if private:
            self._private.add(key)
        return manifest.digest

    def remove(self, image: str, tag: str) -> None:
        """Takes a tag away; the image stays."""
        del self._images[_key(image)][tag]

    def fail(
        self, host: str, fault: Fault, *, at: str = MANIFEST, image: str | None = None, times: int | None = None
    ) -> None:
        """Lets a registry fail: with every image or with one; for good, or so many times."""
        repository = None if image is None else _key(image)[1]
        self._planned.append(_Planned(host, at, repository, fault, times))

    def heal(self) -> None:
        """Ends all failures."""
        self._planned.clear()

    # What the handler of requests needs.

    def take_fault(self, host: str, at: str, repository: str) -> Fault | None:
        with self._lock:
            for planned in self._planned:
                meant = (planned.host, planned.at) == (host, at) and planned.repository in (None, repository)
                if meant and planned.times != 0:
                    if planned.times is not None:
                        planned.times -= 1
                    return planned.fault
        return None

    def note(self, seen: Seen) -> None:
        with self._lock:
            self.seen.append(seen)

    def tags(self, host: str, repository: str) -> dict[str, Manifest] | None:
        """None where the image is private or not there."""
        return None if (host, repository) in self._private else self._images.get((host, repository))

    def issue(self, host: str, repository: str) -> str:
        with self._lock:
            token = f"{host}.{len(self._tokens)}.{hashlib.sha256(repository.encode()).hexdigest()[:12]}=="
            self._tokens[token] = host, repository
        return token

    def accepts(self, token: str, host: str, repository: str) -> bool:
        return self._tokens.get(token) == (host, repository)

    def expire_tokens(self) -> None:
        """No token is good any more."""
        self._tokens.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, double: RegistryDouble) -> None:
        super().__init__(("127.0.0.1", 0), answers.handler(double))

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asks may have enough, and go."""


def _key(image: str) -> tuple[str, str]:
    """Registry and repository."""
    host, _, repository = image.partition("/")
    moved = HOSTS[host].moved_to
    if moved is not None:
        return moved[0], f"{moved[1]}/{repository}"
    return host, f"library/{repository}" if host == "docker.io" and "/" not in repository else repository
