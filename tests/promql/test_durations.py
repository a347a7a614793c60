"""Durations as Prometheus reads them."""

import pytest

from bot.promql.durations import milliseconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5m", 300_000),
        ("1m30s", 90_000),
        ("90s", 90_000),
        ("1y2w3d4h5m6s7ms", 31_536_000_000 + 1_209_600_000 + 259_200_000 + 14_400_000 + 300_000 + 6_000 + 7),
        ("0s", 0),
        ("0", 0),
        (0, 0),
    ],
)
def test_durations(text: object, expected: int) -> None:
    assert milliseconds(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "5", "5 m", "5M", "m", "30s1m", "-5m", "1.5h", "5x", 5, 0.0, False, None, [], "1" * 200 + "s", "\uff11m"],
)
def test_everything_else(text: object) -> None:
    assert milliseconds(text) is None
