"""The double's own time: starts at the same moment in every run, and each write takes a second of it."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class Clock:
    """Aware UTC time in whole seconds."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def tick(self) -> datetime:
        """One second later."""
        self.now += timedelta(seconds=1)
        return self.now


def stamp(when: datetime) -> str:
    """As GitHub writes it: 2026-01-05T12:00:00Z."""
    return when.astimezone(UTC).isoformat()[:19] + "Z"
