"""What is declared conditional is not in the snapshot, and something reads it.

A declaration under snapshot.conditional takes a metric out of the proof: whatever it matches is believed. One that
the snapshot contains by now can go, so that its labels are proven, too; one that no rule and no panel needs only
waits to hide a misspelling.

Bad:

    conditional:
      - {match: 'redis_*', why: some metrics exist only sometimes}

Good:

    conditional:
      - {match: redis_master_link_up, why: exists only while the server is a replica}
"""

from collections.abc import Iterator

from bot.catalog.entry import EXPORTER, METRICS, Entry
from bot.catalog.evidence import glob
from bot.checks.base import Check, Problem
from bot.checks.reading.remarks import panel_queries
from bot.model import Severity
from bot.promql.expression import metric_of


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each declaration that the snapshot contradicts, or that nothing needs."""
    patterns = entry.evidence.conditional
    if not patterns or entry.snapshot is None:
        return
    read = _read(entry)
    for index, pattern in enumerate(patterns):
        route = ("snapshot", "conditional", index, "match")
        matching = glob(pattern)
        contained = sorted(name for name in entry.evidence.by_name if matching.fullmatch(name))
        if contained:
            others = f" and {len(contained) - 1} more" if len(contained) > 1 else ""
            message = f'"{pattern}" is declared conditional, and {METRICS} has {contained[0]}{others}'
            yield Problem(EXPORTER, route, message, "delete the declaration, or name only what is missing")
        elif pattern and not any(matching.fullmatch(name) for name in read):
            message = f'"{pattern}" is declared conditional, and no rule and no panel reads it'
            yield Problem(EXPORTER, route, message, "delete the declaration")


def _read(entry: Entry) -> set[str]:
    """Every metric that an expression of the entry names; of a pattern, what stands around its variables."""
    queries = (*entry.rule_queries, *panel_queries(entry))
    return {metric_of(selector) for query in queries for selector, _ in query.expression.selectors}


CHECK = Check("metrics/conditional", Severity.WARNING, __doc__, run=check)
