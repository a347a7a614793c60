"""Time that passes only where somebody sleeps."""

import time
from dataclasses import dataclass, field, replace

from bot.outside.github.pace import Pace


@dataclass(slots=True)
class Time:
    """Starts now, as the double's limits do."""

    now: float = field(default_factory=time.time)
    slept: list[float] = field(default_factory=list)
    """Seconds, rounded to tenths."""

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(round(seconds, 1))

    def clock(self) -> float:
        return self.now

    def pace(self, **changes: float) -> Pace:
        """The default waiting times; the time-out is real, and long enough for a busy machine."""
        values: dict[str, object] = {"timeout": 60, **changes}
        return replace(Pace(sleep=self.sleep, clock=self.clock), **values)  # type: ignore[arg-type]  # names are tried by each test
