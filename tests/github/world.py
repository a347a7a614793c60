"""All repositories, by the names they have and had."""

from pathlib import Path

from tests.github.catalog import Catalog
from tests.github.clock import Clock
from tests.github.journal import Journal
from tests.github.people import BOT, Person
from tests.github.refusal import Refusal, missing
from tests.github.upstream import Upstream

Repository = Upstream | Catalog


class World:
    """What the double serves. Names are compared without regard to case."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.clock = Clock()
        self.journal = Journal(self.clock)
        self.viewer: Person = BOT
        self._folder = folder
        self._repositories: dict[int, Repository] = {}
        self._names: dict[str, int] = {}
        """By every name a repository has or had, in lower case, its id."""

    def add(self, upstream: Upstream) -> Upstream:
        """Puts a repository in; a name that another one had is taken over."""
        self._put(upstream)
        return upstream

    def add_catalog(self, name: str, repository_id: int) -> Catalog:
        """An empty repository that can be written to."""
        catalog = Catalog(name, repository_id, self._folder / f"{repository_id}.git", self.journal)
        self._put(catalog)
        return catalog

    def rename(self, old: str, new: str) -> None:
        """Moves a repository; its old name leads to it until somebody takes that."""
        repository = self.find(old)
        repository.name = new
        self._put(repository)

    def delete(self, name: str) -> None:
        """Takes a repository away, with all names that led to it."""
        gone = self.find(name).id
        del self._repositories[gone]
        self._names = {name: held for name, held in self._names.items() if held != gone}

    def replace(self, upstream: Upstream) -> Upstream:
        """Somebody else registers the name of a repository that is gone."""
        self.delete(upstream.name)
        return self.add(upstream)

    def find(self, name: str) -> Repository:
        """By a name that it has or had. Raises Refusal in GraphQL's words."""
        try:
            return self._repositories[self._names[name.lower()]]
        except KeyError:
            raise missing(f"Could not resolve to a Repository with the name '{name}'.") from None

    def by_id(self, repository_id: int) -> Repository:
        """Raises Refusal where there is none."""
        if repository_id not in self._repositories:
            raise missing()
        return self._repositories[repository_id]

    def by_node(self, node: str) -> Catalog:
        """The repository of a node id that can be written to. Raises Refusal where there is none."""
        found = self._repositories.get(int(node.removeprefix("R_"))) if node.removeprefix("R_").isdigit() else None
        if not isinstance(found, Catalog):
            raise Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'", 404)
        return found

    def catalogs(self) -> list[Catalog]:
        """Those that can be written to."""
        return [one for one in self._repositories.values() if isinstance(one, Catalog)]

    def _put(self, repository: Repository) -> None:
        self._repositories[repository.id] = repository
        self._names[repository.name.lower()] = repository.id
