"""What an entry asks of those who use it: how often to scrape, and which Prometheus."""

import re

from bot.catalog.document import Document
from bot.promql.durations import milliseconds
from bot.promql.versions import Version

_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})(?:\.[0-9]{1,4})?", re.ASCII)


def interval_of(exporter: Document | None) -> int | None:
    """`scrape.interval` in milliseconds; None where it is missing or malformed."""
    return (milliseconds(exporter.get("scrape", "interval")) or None) if exporter else None


def prometheus_of(exporter: Document | None) -> Version | None:
    """`requires_prometheus`, the lowest Prometheus that the entry works with; None where it is missing or malformed."""
    text = exporter.text_at("requires_prometheus") if exporter else None
    match = _VERSION.fullmatch(text) if text else None
    return (int(match[1]), int(match[2])) if match else None
