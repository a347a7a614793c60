"""Durations as Prometheus reads them."""

import pytest

from bot.promql.durations import milliseconds, text_of


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


@pytest.mark.parametrize(
    ("duration", "text"),
    [(1, "1ms"), (1500, "1500ms"), (15_000, "15s"), (60_000, "1m"), (90_000, "90s"), (7_200_000, "2h"), (0, "0d")],
)
def test_text_of(duration: int, text: str) -> None:
    assert text_of(duration) == text
    assert milliseconds(text) == duration
