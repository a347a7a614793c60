"""GitHub on loopback."""

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.github.catalog import Catalog
from tests.github.clock import Clock
from tests.github.faults import Failure, Fault, Matching
from tests.github.limits import Limits
from tests.github.seen import Seen
from tests.github.server import POLL, Server
from tests.github.service import Service
from tests.github.upstream import Upstream
from tests.github.world import World


class GitHub:
    """A double of GitHub; use it in a `with` statement. See the package's docstring."""

    def __init__(self, catalog: str = "exporterhub/exporterhub", *, latency: float = 0.0, checked: bool = True) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="github-double-")
        self._server = Server()
        self._server.latency = latency
        self.world = World(self._server.url, Path(self._folder.name))
        self._service = self._server.service = Service(self.world, checked)
        self.catalog: Catalog = self.world.add_catalog(catalog, 100)
        """The repository that the client under test writes to."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL / 5,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """Base of the REST interface, as in GITHUB_API_URL; GraphQL is at /graphql below it."""
        return self._server.url

    @property
    def clock(self) -> Clock:
        """The double's own time."""
        return self.world.clock

    @property
    def limits(self) -> Limits:
        """What is left of the rate limits; to be set at will."""
        return self._service.limits

    @property
    def seen(self) -> list[Seen]:
        """All requests so far."""
        return self._server.seen

    @property
    def writes(self) -> list[Seen]:
        """Requests that would change something, whether they did or not."""
        return [one for one in self.seen if one.write]

    @property
    def violations(self) -> list[str]:
        """Whatever was not as GitHub describes it; a test asserts that there is nothing."""
        return self._service.violations

    def add(self, upstream: Upstream) -> Upstream:
        """Puts an exporter's repository in."""
        return self.world.add(upstream)

    def fail(
        self,
        fault: Fault,
        *,
        at: int | None = None,
        matching: Matching | None = None,
        times: int = 1,
        seconds: int = 1,
        lag: int = 1,
    ) -> Failure:
        """Lets requests fail. `at` is the number of the first one, counted from 0 as in `seen`."""
        failure = Failure(fault, at, matching, times, seconds, lag)
        self._server.failures.append(failure)
        return failure

    def heal(self) -> None:
        """Nothing fails any more."""
        self._server.failures.clear()

    @property
    def on_request(self) -> Callable[[Seen], None]:
        """Called for each request, after it took effect and before it is answered."""
        return self._server.on_request

    @on_request.setter
    def on_request(self, call: Callable[[Seen], None]) -> None:
        self._server.on_request = call

    def only_tokens(self, *tokens: str, readers: tuple[str, ...] = ()) -> None:
        """Takes these tokens and no others; readers may not write."""
        self._service.tokens = {*tokens, *readers}
        self._service.readers = {*readers}
