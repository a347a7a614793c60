"""Guesses which metric that is gone lives on under which new name.

Two metrics are alike as far as the words of their names and of their HELP are the same. A word counts the more the
fewer metrics have it: of "node_memory_MemFree" only the last part tells it from its neighbours; units and endings such
as _total, which releases like to add, count little. Type and labels decide between equals.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from bot.metrics.snapshot import Family

LIKELY = 0.6
"""The least likeness of a rename, from 0 to 1."""

_WORD = re.compile(r"[^\W_]+")
_UNITS = frozenset(
    (
        *("total", "count", "sum", "info", "ratio", "percent", "number", "num", "byte", "bit", "kilobyte", "second"),
        *("millisecond", "microsecond", "nanosecond", "ms", "us", "ns", "sec", "time", "timestamp", "hertz", "hz"),
        *("celsiu", "volt", "ampere", "watt", "joule", "meter", "current"),
    )
)
"""In the singular, as words are compared."""
_UNIT = 0.25
"""What such a word counts for, measured by another one that as many metrics have."""
_HELP = 400
"""Characters of a HELP that are compared."""
_COMMON = 40
"""A word that more of those gone, or of those new, have finds no partners."""
_PAIRS = 50_000
"""The most that are compared; real releases need some hundreds."""
_PARTS = {
    "histogram": ("", "_bucket", "_count", "_sum"),
    "summary": ("", "_count", "_sum"),
}


@dataclass(frozen=True, slots=True)
class Rename:
    """A metric that is gone, and the one that it probably is now."""

    then: str
    now: str
    likeness: float
    """From LIKELY to 1, with two decimals."""
    same: tuple[str, ...]
    """Which of help, type and labels are the same, in this order."""
    parts: tuple[str, ...] = ("",)
    """What the names of its series end in, both then and now."""


def renames(old: Mapping[str, Family], new: Mapping[str, Family]) -> tuple[Rename, ...]:
    """At most one guess for each metric that is gone, and for each that is new, by the name that is gone.

    Turned round, the same pairs come out.
    """
    removed = {name: family for name, family in old.items() if name not in new}
    added = {name: family for name, family in new.items() if name not in old}
    if not removed or not added:
        return ()
    scale = _Scale((old, new))
    guesses = [
        guess
        for then, now in islice(_pairs(scale, removed, added), _PAIRS)
        if (guess := scale.compared(removed[then], added[now])).likeness >= LIKELY
    ]
    guesses.sort(key=lambda guess: (-guess.likeness, -len(guess.same), sorted((guess.then, guess.now))))
    taken: set[tuple[str, str]] = set()
    best = []
    for guess in guesses:
        ends = {("then", guess.then), ("now", guess.now)}
        if not ends & taken:
            taken |= ends
            best.append(guess)
    return tuple(sorted(best, key=lambda guess: guess.then))


class _Scale:
    """Weighs words by how few metrics have them."""

    def __init__(self, snapshots: Iterable[Mapping[str, Family]]) -> None:
        self._names: Counter[str] = Counter()
        self._helps: Counter[str] = Counter()
        self._said: Counter[str] = Counter()
        self._known: dict[int, _Words] = {}
        self._size = 1
        for families in snapshots:
            read = [self._read(family) for family in families.values()]
            # What a release kept is no more common for being in both.
            self._names |= Counter(word for words in read for word in words.name)
            self._helps |= Counter(word for words in read for word in words.help)
            self._said |= Counter(words.text for words in read)
            self._size = max(self._size, len(read))

    def _read(self, family: Family) -> "_Words":
        words = _Words.of(family)
        self._known[id(family)] = words
        return words

    def words(self, family: Family) -> "_Words":
        """The words of a metric of the snapshots."""
        return self._known[id(family)]

    def compared(self, old: Family, new: Family) -> Rename:
        """How alike two metrics are."""
        one, other = self.words(old), self.words(new)
        likeness = self._overlap(one.name, other.name, self._names)
        # A text that several metrics share, or none at all, tells nothing of either.
        if self._tells(one) and self._tells(other):
            likeness = (likeness + self._overlap(one.help, other.help, self._helps)) / 2
        if _letters(old.name) == _letters(new.name) != "":
            likeness = 1.0
        shared, every = len(one.labels & other.labels), len(one.labels | other.labels)
        likeness *= 0.9 + 0.1 * (shared / every if every else 1.0)
        if one.kind != other.kind:
            likeness *= 0.8
        same = {"help": one.text == other.text != "", "type": old.type == new.type, "labels": shared == every}
        parts = _PARTS.get(old.type, ("",)) if old.type == new.type else ("",)
        return Rename(
            old.name, new.name, round(likeness, 2), tuple(part for part, holds in same.items() if holds), parts
        )

    def _tells(self, words: "_Words") -> bool:
        return bool(words.text) and self._said[words.text] == 1

    def _overlap(self, one: frozenset[str], other: frozenset[str], common: Counter[str]) -> float:
        # Exact sums, whatever order the words come in.
        every = math.fsum(self._weight(word, common) for word in one | other)
        return math.fsum(self._weight(word, common) for word in one & other) / every if every else 0.0

    def _weight(self, word: str, common: Counter[str]) -> float:
        weight = math.log(1 + self._size / common[word])
        return weight * _UNIT if word in _UNITS else weight


@dataclass(frozen=True, slots=True)
class _Words:
    """What is compared of a metric."""

    name: frozenset[str]
    help: frozenset[str]
    text: str
    labels: frozenset[str]
    kind: str
    """The type, as far as it decides what the series are called."""

    @classmethod
    def of(cls, family: Family) -> "_Words":
        text = " ".join(_WORD.findall((family.help or "")[:_HELP].lower()))
        return cls(
            frozenset(map(_singular, _WORD.findall(family.name.lower()))),
            frozenset(map(_singular, text.split())),
            text,
            frozenset(label for sample in family.samples for label, value in sample.labels.items() if value),
            family.type if family.type in _PARTS else "",
        )


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _letters(name: str) -> str:
    """What is left where nginxexporter_x became nginx_exporter_x, or a.b became a_b."""
    return "".join(_WORD.findall(name.lower()))


def _pairs(scale: _Scale, removed: Mapping[str, Family], added: Mapping[str, Family]) -> Iterator[tuple[str, str]]:
    """Those that have an uncommon word of their names or HELPs in common, each once."""
    having = [_having(scale, families) for families in (removed, added)]
    seen: set[tuple[str, str]] = set()
    for word in sorted(having[0].keys() & having[1].keys()):
        if max(len(having[0][word]), len(having[1][word])) <= _COMMON:
            for pair in product(having[0][word], having[1][word]):
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def _having(scale: _Scale, families: Mapping[str, Family]) -> dict[str, list[str]]:
    """By word, the names of the metrics that have it in name or HELP, sorted."""
    having: dict[str, list[str]] = {}
    for name in sorted(families):
        words = scale.words(families[name])
        for word in words.name | words.help:
            having.setdefault(word, []).append(name)
    return having
