"""The nearest name among few and among thousands."""

import pytest

from bot.checks.wording import LOOKED_AT, nearest, nearest_of

MANY = [f"demo_{kind}_{number}_total" for kind in ("requests", "errors", "bytes") for number in range(2000)]


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("raet", ["rate", "irate", "increase"], "rate"),
        ("Rate", ["irate", "rate"], "rate"),
        ("nothing", ["rate", "irate"], ""),
        ("", ["rate"], ""),
        ("redis_memory_usde_bytes", [*MANY, "redis_memory_used_bytes"], "redis_memory_used_bytes"),
        ("demo_reqeusts_1234_total", MANY, "demo_requests_1234_total"),
        ("x", MANY, ""),
        ("y", [], ""),
    ],
)
def test_the_nearest(word: str, known: list[str], found: str) -> None:
    assert nearest_of(word, known) == found


def test_a_few_are_all_named() -> None:
    assert nearest("z", ["a", "b"]) == "one of: a, b"
    assert nearest("z", ["a"]) == ""
    assert nearest("z", [f"a{number}" for number in range(LOOKED_AT)]) == ""
