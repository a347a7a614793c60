"""Labels that an expression cannot return, and how certain that is: for templates, legends and links."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.catalog.evidence import Evidence, is_of_deployment
from bot.catalog.queries import Query
from bot.checks.reading.label_uses import Kind, Source, sources_of, uses
from bot.checks.reading.label_words import meant
from bot.promql.labels import NAME, Algebra
from bot.promql.tree import Aggregation


class Unreturned(NamedTuple):
    """Why no series of the result can carry a label."""

    doubt: int
    """How many levels less certain it is."""
    help: str


@dataclass(frozen=True)
class Returned:
    """What an expression returns; asked of each label that something makes of it."""

    query: Query
    evidence: Evidence

    def lacks(self, label: str) -> Unreturned | None:
        """What to say of a label that cannot be returned; None where it can, or where nobody knows.

        Nothing is said either where the expression itself names a wrong label: what it ought to return is not known.
        """
        labels = self.query.labels(self.query.expression.tree)
        if labels.possible is None or label in labels.possible or label in labels.always or self._is_wrong:
            return None
        certain = not self._plain.returned(self.query.expression.tree).may_have(label)
        if not certain and any(source.has(label) for source in self._sources):
            return None
        doubt = 0 if certain else is_of_deployment(label) + bool(self.evidence.doubt)
        return Unreturned(doubt, self._help(label, labels.possible))

    @cached_property
    def _is_wrong(self) -> bool:
        return any(use.kind != Kind.MATCHER for use in uses(self.query, self.evidence))

    @cached_property
    def _sources(self) -> list[Source]:
        return sources_of(self.query.expression, self.evidence)

    @cached_property
    def _plain(self) -> Algebra:
        """What the expression alone says, of whatever metrics."""
        return Algebra(varies=self.query.expression.is_variable)

    def _help(self, label: str, possible: frozenset[str]) -> str:
        for node, _ in self.query.expression.aggregations:
            if node.grouping != "without" and self._drops(node, label):
                return f'"{_written(node)}" drops it: write {_written(node, label)}'
        return meant(label, possible - {NAME}, "it returns") or "it returns no labels"

    def _drops(self, node: Aggregation, label: str) -> bool:
        if not self._plain.returned(node.expr).may_have(label) or self._plain.returned(node).may_have(label):
            return False
        below = [source for source in self._sources if node.start <= source.start and source.end <= node.end]
        return any(source.has(label) for source in below)


def _written(node: Aggregation, *more: str) -> str:
    labels = [*(label.text for label in node.labels), *more]
    return f"{node.op.text} by ({', '.join(labels)})" if labels else node.op.text
