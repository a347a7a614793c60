"""Rate limits: how many requests and points are left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


def _within_an_hour() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)


@dataclass(slots=True)
class Bucket:
    """One limit. Its reset is real time, as clients compare it with their own clock."""

    resource: str
    limit: int
    used: int = 0
    reset: datetime = field(default_factory=_within_an_hour)

    @property
    def remaining(self) -> int:
        """What is left."""
        return max(0, self.limit - self.used)

    def headers(self) -> Mapping[str, str]:
        """What every answer says of it."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-used": str(min(self.used, self.limit)),
            "x-ratelimit-reset": str(int(self.reset.timestamp())),
            "x-ratelimit-resource": self.resource,
        }


@dataclass(slots=True)
class Limits:
    """All limits of the double."""

    core: Bucket = field(default_factory=lambda: Bucket("core", 5000))
    graphql: Bucket = field(default_factory=lambda: Bucket("graphql", 5000))
    anonymous: Bucket = field(default_factory=lambda: Bucket("core", 60))
