"""Ranges that do not reach back to a second sample."""

from collections.abc import Iterator

from bot.catalog.evidence import Evidence, Origin
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark
from bot.model import Severity
from bot.promql.durations import MINUTE, text_of
from bot.promql.tree import Call, Range, Selector, Subquery


def too_short(
    query: Query, call: Call, operand: Selector | Subquery, given: Range, evidence: Evidence
) -> Iterator[Remark]:
    """A remark where what a function is taken of does not always hold two samples."""
    interval, whose = evidence.interval or MINUTE, "the default scrape interval"
    if isinstance(operand, Subquery):
        interval, whose = given.resolution or 0, "its resolution"
    elif evidence.interval:
        whose = "the entry's scrape interval"
    if given.length is None or given.length >= 2 * interval or query.expression.varies(given.start, given.end):
        return
    scraped = isinstance(operand, Selector) and evidence.metrics_of(query.expression, operand)
    if scraped and any(metric.origin == Origin.RECORDED or ":" in metric.name for metric in scraped):
        return
    declared = evidence.interval is not None or isinstance(operand, Subquery)
    certain = scraped and evidence.interval and all(metric.origin != Origin.NOWHERE for metric in scraped)
    empty = given.length <= interval
    yield Remark(
        given.start,
        given.end,
        f"{call.function.text} over {text_of(given.length)} "
        + ("sees one sample at most" if empty else "has gaps")
        + f": {whose} is {text_of(interval)}, and it takes two samples",
        _longer(query, operand, interval, evidence),
        Severity.ERROR if empty and certain else None if declared else Severity.INFO,
    )


def _longer(query: Query, operand: Selector | Subquery, interval: int, evidence: Evidence) -> str:
    if isinstance(operand, Subquery):
        return "let the range be four times the resolution"
    if query.panel:
        return "write [$__rate_interval]"
    declare = "" if evidence.interval else ", or say in scrape.interval how often to scrape"
    return f"use {text_of(4 * interval)} or more{declare}"
