"""Grafana's units, and what each of them is for.

Ids: https://github.com/grafana/grafana, packages/grafana-data/src/valueFormats/categories.ts
"""

from functools import lru_cache
from math import isclose

from bot.promql.quantity import BYTE, COUNT, EPOCH, PER_SECOND, RATIO, SECOND, Kind, Quantity, measure

PLAIN = frozenset(("", "none", "short", "sishort", "locale", "sci"))
"""Units that say nothing but the number."""

BYTES, BYTES_PER_SECOND, SECONDS = measure((BYTE, 1)), measure((BYTE, 1), (SECOND, -1)), measure((SECOND, 1))
MOMENT = measure((EPOCH, 1), scale=1e-3)
_WATTS = measure((SECOND, -1), ("joule", 1))

_FAMILIES: tuple[tuple[Quantity, str, str], ...] = (
    (BYTES, "bytes", "bytes decbytes"),
    (BYTES._replace(scale=1 / 8), "bits", "bits decbits"),
    (BYTES._replace(scale=1024), "KiB", "kbytes deckbytes"),
    (BYTES._replace(scale=1024**2), "MiB", "mbytes decmbytes"),
    (BYTES._replace(scale=1024**3), "GiB", "gbytes decgbytes"),
    (BYTES._replace(scale=1024**4), "TiB", "tbytes dectbytes"),
    (BYTES._replace(scale=1024**5), "PiB", "pbytes decpbytes"),
    (BYTES_PER_SECOND, "bytes per second", "Bps binBps"),
    (BYTES_PER_SECOND._replace(scale=1024), "KiB per second", "KiBs KBs"),
    (BYTES_PER_SECOND._replace(scale=1024**2), "MiB per second", "MiBs MBs"),
    (BYTES_PER_SECOND._replace(scale=1024**3), "GiB per second", "GiBs GBs"),
    (BYTES_PER_SECOND._replace(scale=1024**4), "TiB per second", "TiBs TBs"),
    (BYTES_PER_SECOND._replace(scale=1 / 8), "bits per second", "bps binbps"),
    (BYTES_PER_SECOND._replace(scale=1000 / 8), "kilobits per second", "Kbits Kibits"),
    (BYTES_PER_SECOND._replace(scale=1000**2 / 8), "megabits per second", "Mbits Mibits"),
    (BYTES_PER_SECOND._replace(scale=1000**3 / 8), "gigabits per second", "Gbits Gibits"),
    (SECONDS, "seconds", "s dtdurations dthms dtdhms clocks"),
    (SECONDS._replace(scale=1e-3), "milliseconds", "ms dtdurationms clockms"),
    (SECONDS._replace(scale=1e-6), "microseconds", "\u00b5s \u03bcs"),
    (SECONDS._replace(scale=1e-9), "nanoseconds", "ns"),
    (SECONDS._replace(scale=0.01), "hundredths of a second", "timeticks"),
    (SECONDS._replace(scale=60), "minutes", "m"),
    (SECONDS._replace(scale=3600), "hours", "h"),
    (SECONDS._replace(scale=86400), "days", "d"),
    (
        MOMENT,
        "milliseconds since 1970",
        "dateTimeFromNow dateTimeAsIso dateTimeAsIsoNoDateIfToday dateTimeAsUS dateTimeAsUSNoDateIfToday"
        " dateTimeAsLocal dateTimeAsLocalNoDateIfToday dateTimeAsSystem",
    ),
    (MOMENT._replace(scale=1), "seconds since 1970", ""),
    (PER_SECOND, "a rate per second", "ops reqps cps pps rps wps iops eps mps recps rowsps hertz rothz"),
    (PER_SECOND._replace(scale=1 / 60), "a rate per minute", "opm cpm reqpm rpm wpm epm mpm recpm rowspm"),
    (PER_SECOND._replace(scale=1 / 3600), "a rate per hour", ""),
    (RATIO, "a ratio (1 is the whole)", "percentunit"),
    (RATIO._replace(scale=0.01), "a percentage (100 is the whole)", "percent"),
    (RATIO._replace(kind=Kind.SHARE), "seconds per second (1 is the whole)", ""),
    (RATIO._replace(kind=Kind.SHARE, scale=0.01), "a percentage (100 is the whole)", ""),
    (COUNT, "a count", ""),
    (measure(("celsius", 1)), "degrees Celsius", "celsius"),
    (measure(("fahrenheit", 1)), "degrees Fahrenheit", "fahrenheit"),
    (measure(("kelvin", 1)), "kelvins", "kelvin"),
    (measure(("joule", 1)), "joules", "joule"),
    (_WATTS, "watts", "watt"),
    (_WATTS._replace(scale=1e3), "kilowatts", "kwatt"),
    (_WATTS._replace(scale=1e-3), "milliwatts", "mwatt"),
    (measure(("volt", 1)), "volts", "volt"),
    (measure(("volt", 1), scale=1e-3), "millivolts", "mvolt"),
    (measure(("ampere", 1)), "amperes", "amp"),
    (measure(("ampere", 1), scale=1e-3), "milliamperes", "mamp"),
)
"""What is measured, what that is called, and the ids of its units, the usual one first."""

UNITS = {id_: quantity for quantity, _, ids in _FAMILIES for id_ in ids.split()}
"""By id, what a unit is for. Units that are not here, such as those that people make up, say nothing."""


def words_for(quantity: Quantity) -> str:
    """What a quantity is called; empty where it has no name, such as bytes per five minutes."""
    return _family(quantity)[1]


def usual_unit(quantity: Quantity) -> str:
    """The id of the unit that shows it; empty where there is none."""
    return _family(quantity)[2].split(" ")[0]


@lru_cache(maxsize=1024)
def _family(quantity: Quantity) -> tuple[Quantity, str, str]:
    alike = [family for family in _FAMILIES if family[0].dims == quantity.dims and family[0].kind == quantity.kind]
    exact = [family for family in alike if isclose(family[0].scale, quantity.scale, rel_tol=1e-6)]
    return next(iter(exact or [family for family in alike if quantity.is_in(family[0])]), (quantity, "", ""))
