"""A REST request that was understood, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.github.catalog import Catalog
from tests.github.limits import Limits
from tests.github.refusal import Refusal, invalid
from tests.github.world import Repository, World

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body; the body is written as JSON."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler gets."""

    world: World
    limits: Limits
    path: str
    names: Mapping[str, str]
    """What stands in the path for {owner}, {repo} and so on."""
    query: Mapping[str, str]
    body: Mapping[str, object]
    repository: Repository | None

    @property
    def target(self) -> Repository:
        """The repository of the path."""
        assert self.repository is not None
        return self.repository

    @property
    def catalog(self) -> Catalog:
        """The repository of the path, to be written to."""
        if not isinstance(self.repository, Catalog):
            raise Refusal("FORBIDDEN", "Resource not accessible by integration", 403)
        return self.repository

    @property
    def api(self) -> str:
        """Address of the repository."""
        return f"{self.world.url}/repos/{self.target.name}"

    @property
    def number(self) -> int:
        """Of the issue or pull request in the path."""
        return int(self.names.get("issue_number") or self.names["pull_number"])

    def text(self, name: str) -> str | None:
        """A string of the body; None where there is none."""
        value = self.body.get(name)
        if value is None or isinstance(value, str):
            return value
        raise invalid("Request", "invalid", name)

    def page(self, items: Sequence[object]) -> Answer:
        """One page of a list, with links to the others."""
        size = min(int(self.query.get("per_page", "30")), 100)
        page = int(self.query.get("page", "1"))
        last = max(1, -(-len(items) // size))
        links = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        shown = {
            rel: number
            for rel, number in links.items()
            if (page > 1 if rel in ("prev", "first") else page < last) and 1 <= number <= last
        }
        headers = {"link": ", ".join(f'<{self._at(number)}>; rel="{rel}"' for rel, number in shown.items())}
        return Answer(200, [*items[(page - 1) * size : page * size]], headers if shown else {})

    def _at(self, page: int) -> str:
        return f"{self.world.url}{self.path}?{urlencode({**self.query, 'page': str(page)})}"
