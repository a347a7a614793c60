"""Who comes first where not all can: an order that is fair over the days, and the same all day."""

from datetime import date
from hashlib import sha256


def turn(entry: str, day: date) -> str:
    """What to sort entries by."""
    return sha256(f"{day.isoformat()} {entry}".encode()).hexdigest()
