"""Phrases that several checks share."""

from collections.abc import Iterable
from difflib import get_close_matches


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
    close = get_close_matches(word.lower(), alike, n=1, cutoff=0.6)
    return alike[close[0]] if close else ""
