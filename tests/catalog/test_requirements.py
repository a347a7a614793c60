"""What exporter.yaml asks of its users, whatever it holds."""

import pytest

from bot.catalog.requirements import interval_of, prometheus_of
from bot.catalog.yaml_text import parse_yaml


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("scrape: {interval: 15s}", 15_000),
        ("scrape: {interval: 1m30s}", 90_000),
        ("scrape: {interval: 0s}", None),
        ("scrape: {interval: 15}", None),
        ("scrape: {interval: [15s]}", None),
        ("scrape: 15s", None),
        ("a: b", None),
    ],
)
def test_interval(text: str, interval: int | None) -> None:
    assert interval_of(parse_yaml(text).document) == interval


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('requires_prometheus: "2.53"', (2, 53)),
        ('requires_prometheus: "3.0.1"', (3, 0)),
        ("requires_prometheus: 2.53", None),
        ('requires_prometheus: "3"', None),
        ('requires_prometheus: "v3.0"', None),
        ('requires_prometheus: ">=3.0"', None),
        ('requires_prometheus: ""', None),
        ("requires_prometheus: {a: b}", None),
        ("a: b", None),
    ],
)
def test_prometheus(text: str, version: tuple[int, int] | None) -> None:
    assert prometheus_of(parse_yaml(text).document) == version


def test_no_file() -> None:
    assert interval_of(None) is None
    assert prometheus_of(None) is None
