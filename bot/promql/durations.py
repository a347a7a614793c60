"""Prometheus durations, such as 1h30m. https://prometheus.io/docs/prometheus/latest/configuration/configuration/"""

import re

_DURATION = re.compile(
    r"(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?"
)
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
_UNITS = (365 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND, 1)


def milliseconds(text: object) -> int | None:
    """A duration as YAML gave it (0 needs no unit); None where it is none."""
    if text == "0" or (text == 0 and type(text) is int):
        return 0
    match = _DURATION.fullmatch(text) if isinstance(text, str) and len(text) <= 100 else None
    if not match or not match.group():
        return None
    return sum(int(number) * unit for number, unit in zip(match.groups(), _UNITS, strict=True) if number)


def text_of(duration: int) -> str:
    """Milliseconds as a duration, in the largest unit that keeps it whole: 90000 is 90s."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s")):
        if duration % unit == 0:
            return f"{duration // unit}{name}"
    return f"{duration}ms"
