"""What is known of the labels of a result's series. `__name__` is a label like any other here."""

from collections.abc import Iterable
from dataclasses import dataclass

NAME = "__name__"


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known of the labels of a result's series."""

    always: frozenset[str]
    """On every series, with a value."""
    possible: frozenset[str] | None
    """What can be on a series at all; None where anything can."""

    @property
    def exact(self) -> bool:
        """Whether every series carries the same, known labels."""
        return self.always == self.possible

    @property
    def impossible(self) -> frozenset[str]:
        """Labels that every series had to carry and none can: then there are no series at all."""
        return frozenset() if self.possible is None else self.always - self.possible

    def may_have(self, label: str) -> bool:
        """Whether a series can carry a label."""
        return self.possible is None or label in self.possible

    def without(self, labels: Iterable[str]) -> "Labels":
        """The same after these labels were removed."""
        gone = frozenset(labels)
        return Labels(self.always - gone, None if self.possible is None else self.possible - gone)

    def only(self, labels: Iterable[str]) -> "Labels":
        """The same after all others were removed."""
        kept = frozenset(labels)
        return Labels(self.always & kept, kept if self.possible is None else self.possible & kept)

    def with_label(self, label: str, *, always: bool) -> "Labels":
        """The same after a label was set, or, where not always, perhaps set and perhaps removed."""
        possible = None if self.possible is None else self.possible | {label}
        return Labels(self.always | {label} if always else self.always - {label}, possible)


NOTHING = Labels(frozenset(), frozenset())
"""Of a scalar, or of a sum over everything."""
UNKNOWN = Labels(frozenset(), None)


def union(every: Iterable[Labels]) -> Labels:
    """Of series that are each of one of several kinds."""
    kinds = list(every)
    if not kinds:
        return UNKNOWN
    known = [kind.possible for kind in kinds if kind.possible is not None]
    possible = frozenset[str]().union(*known) if len(known) == len(kinds) else None
    return Labels(frozenset.intersection(*(kind.always for kind in kinds)), possible)
