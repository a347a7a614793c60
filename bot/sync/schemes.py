"""Versions by the scheme that their entry declares: which is newer, how far, and which are prereleases."""

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol

from packaging.version import InvalidVersion, Version

from bot.sync.model import Scheme, Step
from bot.sync.templates import is_version


class Order(Protocol):
    """What sorts among those of the same scheme."""

    def __lt__(self, other: Any, /) -> bool:
        """Whether this one is older."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A version that was understood."""

    order: Order
    """Two versions of one scheme are equally new where neither is less: 1.0 and 1.0.0, or builds of one version."""
    numbers: tuple[int, ...]
    """Of the first group, where there are several."""
    prerelease: bool
    """Whether it says so itself, as 1.0.0-rc.1 does."""

    def __lt__(self, other: "Parsed") -> bool:
        return self.order < other.order


def parse(version: str, scheme: Scheme) -> Parsed | None:
    """A version by its scheme; None where it is none. Nothing is guessed, and no other scheme is tried.

    semver: SemVer 2.0.0, except that 1.0 is read as 1.0.0. By its rules rc10 is older than rc9, and rc.10 is not.
    calver: numbers with . - _ between them, leading zeros allowed, and optionally a suffix that marks a prerelease
    (alpha, beta, rc, pre, preview, dev, snapshot, nightly; a, b and c with a number); or a time: 2024-01-16T16-07-38Z.
    pep440: what Python packages are versioned by.
    numeric: numbers with . - _ between them. Where there are dots, - and _ part groups of numbers, and the first group
    decides first: 4.5.1-4.8.0 is newer than 4.5-4.9.0.
    """
    if not is_version(version):
        return None
    match scheme:
        case Scheme.SEMVER:
            return _semver(version)
        case Scheme.CALVER:
            return _calver(version)
        case Scheme.PEP440:
            return _pep440(version)
        case Scheme.NUMERIC:
            return _numeric(version)


def step(old: Parsed, new: Parsed, scheme: Scheme) -> Step:
    """How far it is from one version to another: by the first of the numbers that differs.

    calver knows no majors, for a year that ends breaks nothing: the first number is a minor step, any other a patch.
    """
    pairs = enumerate(zip_longest(old.numbers, new.numbers, fillvalue=0))
    first = next((index for index, (before, after) in pairs if before != after), 2)
    if scheme is Scheme.CALVER:
        first += 1
    return (Step.MAJOR, Step.MINOR, Step.PATCH)[min(first, 2)]


_NUMBER = r"(0|[1-9][0-9]*)"
_IDENTIFIER = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = re.compile(
    rf"{_NUMBER}\.{_NUMBER}(?:\.{_NUMBER})?(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_NUMERIC = re.compile(r"[0-9]+(?:[._-][0-9]+)*")
_CALVER = re.compile(
    # A letter alone may as well mean the second release of that day.
    r"([0-9]+(?:[._T-][0-9]+)*)Z?(?:[._-]?(alpha|beta|rc|pre|preview|dev|snapshot|nightly|[abc](?=[0-9]))[._-]?([0-9]*))?",
    re.IGNORECASE,
)
_STAGES = {"dev": 0, "snapshot": 0, "nightly": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2}
_LAST_STAGE = 3
"""Release candidates and what else comes right before a release."""
_RELEASED = 4


def _semver(version: str) -> Parsed | None:
    match = _SEMVER.fullmatch(version)
    if not match:
        return None
    numbers = (int(match[1]), int(match[2]), int(match[3] or 0))
    if match[4] is None:
        return Parsed((numbers, _RELEASED), numbers, prerelease=False)
    # Section 11 of SemVer 2.0.0: numbers before words; where all are equal, the longer one is newer.
    identifiers = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in match[4].split("."))
    return Parsed((numbers, 0, identifiers), numbers, prerelease=True)


def _calver(version: str) -> Parsed | None:
    match = _CALVER.fullmatch(version)
    if not match:
        return None
    numbers = _numbers(match[1])
    if not match[2]:
        return Parsed((_trimmed(numbers), _RELEASED), numbers, prerelease=False)
    stage = _STAGES.get(match[2].lower(), _LAST_STAGE)
    return Parsed((_trimmed(numbers), stage, int(match[3] or 0)), numbers, prerelease=True)


def _pep440(version: str) -> Parsed | None:
    try:
        parsed = Version(version)
    except InvalidVersion:
        return None
    # The library also takes v1.0 for 1.0; here a v is a matter of the template.
    return Parsed(parsed, parsed.release, parsed.is_prerelease) if version[0].isdigit() else None


def _numeric(version: str) -> Parsed | None:
    if not _NUMERIC.fullmatch(version):
        return None
    groups = [_numbers(part) for part in (re.split("[-_]", version) if "." in version else [version])]
    return Parsed(tuple(_trimmed(group) for group in groups), groups[0], prerelease=False)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall("[0-9]+", text))


def _trimmed(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Without the zeros at the end: 24.9 is as new as 24.9.0."""
    return numbers[: max((at for at, number in enumerate(numbers, 1) if number), default=0)]
