"""How fast GitHub is asked, and how long it is waited for."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """All waiting times in seconds; the defaults are what GitHub asks for.

    Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    """

    between_writes: float = 1.0
    between_reads: float = 0.0
    timeout: int = 15
    """For one answer; GitHub itself gives up after ten."""
    tries: int = 4
    """How often a read that fails is asked in all."""
    back_off: float = 1.0
    """Before what follows a failed request; twice as long after each further one in a row."""
    longest_back_off: float = 30.0
    secondary: float = 60.0
    """After a limit for which GitHub names no time; twice as long each further time."""
    longest: float = 300.0
    """For the limits that one request meets, in all."""
    outage: int = 8
    """Requests that fail in a row, after which no more are made."""
    reserve: int = 100
    """Of the limit of an hour, what is left to others who use the same token."""
    anonymous_reserve: int = 5
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    """Seconds since 1970."""
