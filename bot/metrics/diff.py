"""Two scrapes of an exporter: what the later one exposes otherwise. Pure, and in the order of names.

Of values nothing is said, and of label values only where one can be missed: a label such as mode or collector lists
all its values at each scrape, while a device, a database or a version is another one on every machine.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.metrics.lines import parse_number
from bot.metrics.renames import Rename, renames
from bot.metrics.snapshot import Family, Sample, Snapshot

_BOUNDS = {"histogram": "le", "summary": "quantile"}
_OF_ENUMERATIONS = re.compile(
    r"(?:\w+_)?(?:action|cause|class|code|collector|condition|direction|error|event|family|flag|health|kind|level|limit"
    r"|method|mode|op|operation|outcome|phase|protocol|queue|reason|resource|result|role|stage|state|status|step|type)"
)
"""Names of labels whose values the exporter itself knows."""
_ALWAYS_ALL = frozenset(("collector", "condition", "health", "mode", "phase", "state", "status"))
"""Those that are taken to be listed in full even where nothing beside them proves it."""
_MOST = 100
"""Values of an enumeration."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A metric that only one of the two scrapes exposes."""

    name: str
    type: str
    """counter | gauge | histogram | summary | untyped"""
    help: str
    labels: tuple[str, ...]
    series: int


@dataclass(frozen=True, slots=True)
class Retyped:
    """A metric of another type than before."""

    name: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A metric of which no series has a label any more, or one has a label that none had."""

    name: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValuesGone:
    """Values of an enumeration that no series of a metric has any more."""

    name: str
    label: str
    values: tuple[str, ...]
    kept: int
    """How many of the label's values are still there."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many series there were, and how many there are."""

    name: str
    then: int
    now: int


@dataclass(frozen=True, slots=True)
class Diff:
    """What is different. A rename is a guess; both its names are among those added and removed."""

    added: tuple[Exposed, ...]
    removed: tuple[Exposed, ...]
    renamed: tuple[Rename, ...]
    retyped: tuple[Retyped, ...]
    relabelled: tuple[Relabelled, ...]
    values_gone: tuple[ValuesGone, ...]
    series: tuple[Count, ...]
    """Of every metric, also of those that stayed as they were."""
    metrics: Count
    """How many metrics there were and are, under the name "". The total likewise, of series."""
    total: Count

    @property
    def empty(self) -> bool:
        """Whether nothing is different, but for the number of series."""
        return not (self.added or self.removed or self.retyped or self.relabelled or self.values_gone)

    def successor(self, name: str) -> str:
        """The name that a series probably has now, such as y_bucket for x_bucket; empty where none is known."""
        for rename in self.renamed:
            rest = name.removeprefix(rename.then)
            if name.startswith(rename.then) and rest in rename.parts:
                return rename.now + rest
        return ""


def diff(then: Snapshot, now: Snapshot) -> Diff:
    """What the second snapshot exposes otherwise than the first."""
    old, new = then.families, now.families
    both = [(old[name], new[name]) for name in sorted(old.keys() & new.keys())]
    return Diff(
        added=tuple(_exposed(new[name]) for name in sorted(new.keys() - old.keys())),
        removed=tuple(_exposed(old[name]) for name in sorted(old.keys() - new.keys())),
        renamed=renames(old, new),
        retyped=tuple(Retyped(one.name, one.type, other.type) for one, other in both if one.type != other.type),
        relabelled=tuple(_relabelled(both)),
        values_gone=tuple(gone for one, other in both for gone in _values_gone(one, other)),
        series=tuple(Count(name, _series(old, name), _series(new, name)) for name in sorted(old.keys() | new.keys())),
        metrics=Count("", len(old), len(new)),
        total=Count("", sum(_series(old, name) for name in old), sum(_series(new, name) for name in new)),
    )


def labels_of(family: Family) -> frozenset[str]:
    """The labels that some series of a metric has, but for the bounds of a histogram or summary."""
    # An empty label is as good as none.
    labels = {label for sample in family.samples for label, value in sample.labels.items() if value}
    return frozenset(labels - {_BOUNDS.get(family.type)})


def _exposed(family: Family) -> Exposed:
    labels = tuple(sorted(labels_of(family)))
    return Exposed(family.name, family.type, family.help or "", labels, len(family.samples))


def _series(families: Mapping[str, Family], name: str) -> int:
    return len(families[name].samples) if name in families else 0


def _relabelled(both: Iterable[tuple[Family, Family]]) -> Iterator[Relabelled]:
    for old, new in both:
        # A metric without a series shows no labels: it has lost and gained none.
        if old.samples and new.samples:
            before, after = labels_of(old), labels_of(new)
            if before != after:
                yield Relabelled(old.name, tuple(sorted(before - after)), tuple(sorted(after - before)))


def _values_gone(old: Family, new: Family) -> Iterator[ValuesGone]:
    for label in _enumerations(old, new):
        before, after = (_values(family.samples, label) for family in (old, new))
        gone = _without(before, after, as_numbers=label == _BOUNDS.get(old.type))
        if gone:
            yield ValuesGone(old.name, label, tuple(gone), len(before) - len(gone))


def _enumerations(old: Family, new: Family) -> Iterator[str]:
    """The labels of both whose values an exporter lists in full, in the order of names."""
    if old.type in _BOUNDS and old.type == new.type and old.samples and new.samples:
        yield _BOUNDS[old.type]
    if old.name.endswith("_info"):
        # What is so at the time, be it called mode or state.
        return
    for label in sorted(labels_of(old) & labels_of(new)):
        if _OF_ENUMERATIONS.fullmatch(label) and _lists_all(old.samples, label):
            yield label


def _lists_all(samples: Iterable[Sample], label: str) -> bool:
    """Whether each combination of the other labels has every value of a label, of which there are some, all words."""
    combinations: dict[tuple[str, frozenset[tuple[str, str]]], set[str]] = {}
    for sample in samples:
        value = sample.labels.get(label, "")
        if not value or any(character.isdigit() for character in value):
            # Codes and numbered things: only those that occurred.
            return False
        others = frozenset((name, text) for name, text in sample.labels.items() if name != label)
        combinations.setdefault((sample.name, others), set()).add(value)
    known = set().union(*combinations.values())
    if not 2 <= len(known) <= _MOST or any(values != known for values in combinations.values()):
        return False
    return len(combinations) > 1 or label in _ALWAYS_ALL


def _values(samples: Iterable[Sample], label: str) -> set[str]:
    return {value for sample in samples if (value := sample.labels.get(label))}


def _without(before: set[str], after: set[str], *, as_numbers: bool) -> list[str]:
    """Those values of the first set that the second has not; 1 and 1.0 are the same bound."""
    if not as_numbers:
        return sorted(before - after)
    numbers = {parse_number(value) for value in after}
    return sorted((value for value in before if parse_number(value) not in numbers), key=_number)


def _number(value: str) -> tuple[float, str]:
    number = parse_number(value)
    return (0.0 if number is None or number != number else number), value
