"""metrics.prom is an exposition that Prometheus reads.

Everything that the catalog proves about metrics and labels, it proves against this file: one scrape, in the text
format. A line that a Prometheus server or `promtool check metrics` refuses makes them refuse the whole scrape, and so
does a file that ends without a line break. A series that stands twice is kept once, nobody knows which.

Bad:

    # TYPE redis_up Gauge
    redis_up 1,0

Good:

    # TYPE redis_up gauge
    redis_up 1.0
"""

from collections.abc import Iterator

from bot.catalog.entry import METRICS, Entry
from bot.checks.base import Check, Problem, flaws_of
from bot.model import START, Severity

SHOWN = 10
"""What is no exposition at all has a fault in every line."""
ADVICE = "put what GET /metrics answers into this file"


def check(entry: Entry) -> Iterator[Problem]:
    """The flaws of the text, then its faults as an exposition."""
    yield from flaws_of(entry, [METRICS])
    document = entry.document(METRICS)
    if document is None or entry.snapshot is None:
        return
    if document.text.lstrip().startswith("<"):
        yield Problem(METRICS, START, "a page of HTML or XML, not an exposition", ADVICE)
        return
    faults = entry.snapshot.faults
    for fault in faults[:SHOWN]:
        yield Problem(METRICS, fault.span, fault.message, fault.help)
    if len(faults) > SHOWN:
        yield Problem(METRICS, faults[SHOWN].span, f"{len(faults) - SHOWN} more lines are at fault", ADVICE)


CHECK = Check("metrics/load", Severity.ERROR, __doc__, run=check)
