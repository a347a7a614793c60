"""What changed during a request, and when."""

from datetime import datetime

from tests.github.clock import Clock


class Journal:
    """Collects effects until somebody takes them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._effects: list[str] = []

    def did(self, effect: str) -> datetime:
        """Notes an effect, in words such as "pull #3 opened". Returns when it took place."""
        self._effects.append(effect)
        return self.clock.tick()

    def take(self) -> tuple[str, ...]:
        """What was noted since the last time."""
        taken, self._effects = tuple(self._effects), []
        return taken
