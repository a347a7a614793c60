"""What a client asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """One request."""

    host: str
    """The registry, or the service of tokens, that it was meant for."""
    method: str
    path: str
    """Below the host, with its query."""
    authorization: str
    """Empty where there was none."""
    accept: str
    encoding: str
    """Accept-Encoding."""

    def __str__(self) -> str:
        return f"{self.method} {self.host}{self.path}"
