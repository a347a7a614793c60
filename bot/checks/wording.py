"""Phrases that several checks share."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise

LOOKED_AT = 30
"""Names that are compared letter by letter: that takes a millisecond each, and a scrape may have thousands."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Help for a word that is not one of those known: the nearest one, or all of them if they are few."""
    candidates = list(known)
    close = nearest_of(word, candidates)
    if close:
        return f'did you mean "{close}"?'
    if 1 < len(candidates) <= 20:
        return f"one of: {', '.join(candidates)}"
    return ""


def nearest_of(word: str, known: Iterable[str]) -> str:
    """The nearest of those known; empty where none is near."""
    alike = {candidate.lower(): candidate for candidate in known}
    if len(alike) > LOOKED_AT:
        pairs = _pairs(word.lower())
        alike = {
            candidate: alike[candidate] for candidate in nlargest(LOOKED_AT, alike, lambda name: _like(name, pairs))
        }
    close = get_close_matches(word.lower(), alike, n=1, cutoff=0.6)
    return alike[close[0]] if close else ""


def _like(name: str, pairs: frozenset[str]) -> float:
    """How many letters and pairs of letters a name has in common with another (Dice's coefficient)."""
    mine = _pairs(name)
    return len(mine & pairs) / (len(mine) + len(pairs) or 1)


@lru_cache(maxsize=8192)
def _pairs(name: str) -> frozenset[str]:
    return frozenset((*name, *map("".join, pairwise(name))))
