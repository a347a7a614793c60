"""What a number measures: bytes, seconds, a ratio or how many of something; and what a metric's name says of it.

Names: https://prometheus.io/docs/practices/naming/#base-units, and what exporters do instead.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from math import isclose
from typing import NamedTuple

BYTE, SECOND, EPOCH = "byte", "second", "epoch"
"""Base units; EPOCH is seconds since 1970."""


class Kind(StrEnum):
    """What a number without a unit is."""

    MEASURE = "measure"
    """It has a unit."""
    COUNT = "count"
    """How many there are of something."""
    RATIO = "ratio"
    SHARE = "share"
    """Seconds per second: of one processor, disk or connection, 1 at most; of several, more."""


class Quantity(NamedTuple):
    """What is measured, and in which unit: `scale` of the base units, such as 1024 for KiB and 0.001 for ms."""

    dims: tuple[tuple[str, int], ...] = ()
    """Base units with their powers, sorted; things that are merely counted have none."""
    kind: Kind = Kind.COUNT
    scale: float = 1.0
    bounded: bool = False
    """Of a ratio, whether it is never above 1."""
    limited: bool = False
    """Of a ratio, whether it seems to be of a limit, so that it should not be above 1."""
    certain: bool = True
    window: float | None = None
    """Of a growth: over how many seconds."""

    @property
    def known(self) -> bool:
        """Whether the unit has a name; what is not known is a unit of its own, so that it divides away."""
        return not any(base.startswith("=") for base, _ in self.dims)

    def is_in(self, other: "Quantity") -> bool:
        """Whether the scale is the same. KiB and kB, down to PiB and PB, are taken for the same."""
        factor = self.scale / other.scale if other.scale else 0
        data = any(base == BYTE for base, _ in self.dims)
        return isclose(factor, 1, rel_tol=1e-6) or (data and 1 / 1.13 < factor < 1.13)


def measure(*dims: tuple[str, int], scale: float = 1.0, certain: bool = True) -> Quantity:
    """A quantity with a unit."""
    return Quantity(tuple(sorted(dims)), Kind.MEASURE, scale, certain=certain)


def unknown(name: str) -> Quantity:
    """What a metric measures of which nobody knows what it is."""
    return measure((f"={name}", 1), certain=False)


COUNT = Quantity()
RATIO = Quantity(kind=Kind.RATIO)
PER_SECOND = measure((SECOND, -1))

_UNITS = {
    **dict.fromkeys(("bytes", "byte", "octets"), measure((BYTE, 1))),
    **dict.fromkeys(("bits", "bit"), measure((BYTE, 1), scale=1 / 8)),
    **dict.fromkeys(("seconds", "second", "secs", "sec"), measure((SECOND, 1))),
    **dict.fromkeys(("milliseconds", "millisecond", "millis", "msecs", "msec", "ms"), measure((SECOND, 1), scale=1e-3)),
    **dict.fromkeys(("microseconds", "microsecond", "micros", "usecs", "usec", "us"), measure((SECOND, 1), scale=1e-6)),
    **dict.fromkeys(("nanoseconds", "nanosecond", "nanos", "nsecs", "nsec", "ns"), measure((SECOND, 1), scale=1e-9)),
    **dict.fromkeys(("minutes", "mins"), measure((SECOND, 1), scale=60)),
    "hours": measure((SECOND, 1), scale=3600),
    "days": measure((SECOND, 1), scale=86400),
    **dict.fromkeys(("kilobytes", "kbytes", "kibibytes", "kb", "kib"), measure((BYTE, 1), scale=1024)),
    **dict.fromkeys(("megabytes", "mbytes", "mebibytes", "mb", "mib"), measure((BYTE, 1), scale=1024**2)),
    **dict.fromkeys(("gigabytes", "gbytes", "gibibytes", "gb", "gib"), measure((BYTE, 1), scale=1024**3)),
    **dict.fromkeys(("percent", "percentage", "pct"), RATIO._replace(scale=0.01)),
    "ratio": RATIO,
    "celsius": measure(("celsius", 1)),
    "fahrenheit": measure(("fahrenheit", 1)),
    "kelvin": measure(("kelvin", 1)),
    **dict.fromkeys(("joules", "joule"), measure(("joule", 1))),
    **dict.fromkeys(("watts", "watt"), measure(("joule", 1), (SECOND, -1))),
    **dict.fromkeys(("volts", "volt"), measure(("volt", 1))),
    **dict.fromkeys(("amperes", "ampere", "amps"), measure(("ampere", 1))),
    "hertz": PER_SECOND,
    **dict.fromkeys(("meters", "metres"), measure(("meter", 1))),
    "grams": measure(("gram", 1)),
    "pascals": measure(("pascal", 1)),
}
_SHORT = 5
"""Letters up to which a unit's word may as well be something else, such as ms and percent's pct."""
_SURE = frozenset(("bytes", "bits", "volts", "watts", "hertz", "grams", "hours", "days"))
_BEHIND = frozenset(
    (
        *("allocated", "available", "avg", "average", "current", "free", "in", "limit", "max", "mean", "min", "out"),
        *("read", "received", "sent", "transmitted", "total", "used", "written", "processed", "dropped", "value"),
        *("behind", "ago", "active", "idle", "open", "running", "waiting"),
    )
)
"""Words that a unit may stand in front of, and still be the unit."""
_DOUBTFUL = frozenset(
    (
        *("age", "allocated", "allocation", "amount", "bandwidth", "busy", "capacity", "cost", "cpu", "current"),
        *("cycles", "delay", "duration", "elapsed", "energy", "idle", "jiffies", "lag", "latency", "length", "load"),
        *("lsn", "mem", "memory", "offset", "position", "power", "size", "sizes", "space", "storage", "temperature"),
        *("throughput", "ticks", "time", "times", "timestamp", "traffic", "uptime", "usage", "utilization", "volume"),
        *("wait", "weight", "per", "rate", "steal", "system", "user"),
    )
)
"""Words of metrics that may measure more than how often something happened."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_APART = re.compile(r"(?<![a-z])(milli|micro|nano|kilo|mega|giga)_(?=(?:seconds?|bytes?)(?![a-z]))")
_SINGULAR = ("ss", "us", "is", "ics", "ps", "as")
_TIMED = frozenset(("seconds", "milliseconds", "microseconds", "nanoseconds", "duration", "latency"))
"""Words of histograms and summaries; a _count of something else may be any number."""
_DATA = re.compile(r"byte|octet", re.IGNORECASE)
_TRANSACTIONS = re.compile(r"xid(?:_|$)")
"""The age of a transaction is counted in transactions, whatever its name ends with."""
_EVENTS = ("_start_time", "_boot_time", "_start_time_seconds", "_boot_time_seconds")
_MOMENTS = frozenset(("last", "next", "expiry", "expiration", "expires", "after", "before", "earliest", "until"))


@lru_cache(maxsize=16384)
def named(name: str) -> Quantity:
    """What a metric measures, by its name; unknown() where the name does not tell."""
    words = _APART.sub(r"\1", _CAMEL.sub("_", name).lower()).split("_")
    if ":" in name or len(words) == 1 or _TRANSACTIONS.search(name):
        return unknown(name)
    if words[-1] in ("bucket", "info"):
        return COUNT
    if words[-1] == "count":
        return unknown(name) if _DATA.search(name) else COUNT._replace(certain=not _TIMED.isdisjoint(words))
    if words[-1] == "sum":
        words.pop()
    total = words[-1] == "total"
    if total:
        words.pop()
    elif name.lower().endswith(_EVENTS):
        return measure((EPOCH, 1))
    counted = total and not _DATA.search(name)
    found = (_by_unit(name, words, total) or (_by_noun(words) if counted else None)) if words else None
    return found or unknown(name)


def _by_unit(name: str, words: list[str], total: bool) -> Quantity | None:
    if "per" in words or "rate" in words:
        return unknown(name)
    index = next((index for index in range(len(words) - 1, -1, -1) if words[index] in _UNITS), None)
    if words[-1] == "timestamp" or (index == len(words) - 1 and "timestamp" in words[-2:-1]):
        found = _UNITS[words[index]] if index == len(words) - 1 and index is not None else measure((SECOND, 1))
        return unknown(name) if total or found.dims != ((SECOND, 1),) else measure((EPOCH, 1), scale=found.scale)
    if index is None:
        return None
    word, behind = words[index], words[index + 1 :]
    unit = _UNITS[word]
    relative = unit.kind == Kind.RATIO
    if behind[:1] == ["behind"]:
        behind = ["behind"]
    if not _BEHIND.issuperset(behind) or (
        not relative and any(other in _UNITS and _UNITS[other] != unit for other in words[:index])
    ):
        return unknown(name)
    if not total and unit.dims == ((SECOND, 1),) and not _MOMENTS.isdisjoint(words):
        return unknown(name)
    # A time may be a point in time, and a ratio more than 1.
    sure = (len(word) > _SHORT or word in _SURE) and not behind and not relative
    return unit._replace(certain=sure and (total or words[-2:-1] != ["time"]))


def _by_noun(words: list[str]) -> Quantity | None:
    if _DOUBTFUL.isdisjoint(words[-1:]) and names_things("_".join(words)):
        return COUNT
    return COUNT._replace(certain=False) if _DOUBTFUL.isdisjoint(words) else None


def names_things(name: str) -> bool:
    """Whether a name ends with things that can be counted, and perhaps with what became of them."""
    words = name.lower().split("_")
    while len(words) > 1 and (words[-1] in _BEHIND or words[-1].endswith(("ed", "ing"))):
        words.pop()
    return is_plural(words[-1])


def is_plural(word: str) -> bool:
    """Whether a word names things that can be counted."""
    return len(word) > 2 and word.endswith("s") and not word.endswith(_SINGULAR) and word not in _DOUBTFUL


def product(left: Quantity, right: Quantity) -> Quantity:
    """What two quantities make."""
    dims = _powers(left.dims, right.dims, 1)
    kind = Kind.MEASURE if dims else _kind_of_product(left.kind, right.kind)
    bounded = left.bounded and right.bounded and kind == Kind.RATIO
    # Rate times duration is how many there are at a time, and a part of so many may be as well a ratio that was joined.
    certain = left.certain and right.certain and (bool(dims) or left.kind == right.kind != Kind.MEASURE)
    return Quantity(dims, kind, left.scale * right.scale, bounded, certain=certain)


def quotient(left: Quantity, right: Quantity) -> Quantity:
    """What one is of the other."""
    dims = _powers(left.dims, right.dims, -1)
    kind = Kind.MEASURE if dims else _kind_of_quotient(left.kind, right.kind)
    certain = left.certain and right.certain
    return Quantity(dims, kind, left.scale / right.scale if right.scale else 1.0, certain=certain)


def _kind_of_product(left: Kind, right: Kind) -> Kind:
    for kind in (Kind.SHARE, Kind.COUNT):
        if kind in (left, right):
            return kind
    return Kind.RATIO if left == right == Kind.RATIO else Kind.COUNT


def _kind_of_quotient(left: Kind, right: Kind) -> Kind:
    if left == Kind.SHARE and right != Kind.SHARE:
        return Kind.SHARE
    return Kind.COUNT if left == Kind.COUNT and right != Kind.COUNT else Kind.RATIO


def _powers(
    left: Iterable[tuple[str, int]], right: Iterable[tuple[str, int]], sign: int
) -> tuple[tuple[str, int], ...]:
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))
