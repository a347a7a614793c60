"""What a GraphQL request brings along."""

from dataclasses import dataclass

from tests.github.graph import nodes
from tests.github.limits import Bucket
from tests.github.upstream import Upstream
from tests.github.world import World

Kept = dict[int, tuple[Upstream, nodes.UpstreamNodes]]


@dataclass(slots=True)
class Call:
    """The context of resolvers."""

    world: World
    bucket: Bucket
    cost: int
    node_count: int
    kept: Kept
    """What was made of upstream repositories by earlier requests."""
    stale: bool = False
    """Whether writes shall find that their branch moved."""

    def upstream(self, found: Upstream) -> nodes.UpstreamNodes:
        """Its objects, made anew only when it changed."""
        kept = self.kept.get(id(found))
        if kept is None or kept[1].version != (found.name, found.version):
            kept = self.kept[id(found)] = (found, nodes.upstream(found))
        return kept[1]
