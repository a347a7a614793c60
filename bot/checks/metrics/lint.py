"""Metrics are named and described as Prometheus recommends; what promtool check metrics thinks of them.

Whoever writes a query expects a counter to end in _total, a duration to be in seconds, a metric to have a help text.
Names are upstream's to choose, and renaming a metric breaks every dashboard that uses it, so this is advice: a
reason to open an issue there, not to change anything here.

Bad:

    # TYPE http_requests counter
    http_requests 1

Good:

    # HELP http_requests_total Requests served.
    # TYPE http_requests_total counter
    http_requests_total 1
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.catalog.entry import METRICS, Entry
from bot.checks.base import Across, Check, Gathered, Problem
from bot.metrics.snapshot import Family
from bot.model import Severity, Span

ADVICE = "upstream's to mend, not yours: see https://prometheus.io/docs/practices/naming/"
NAMED = 3
"""Metrics named in a message; the others are counted."""
MAX_METRICS = 10_000
"""In one exposition: what promtool prints stays within what is kept of it."""
MAX_LABELS = 100
"""Of one metric; promtool compares each with all others."""
_PLAIN_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_OWN_LABEL = {"histogram": "le", "summary": "quantile"}


class Linted(NamedTuple):
    """What promlint looks at in a metric: its name, its type, whether it has help, and the names of its labels."""

    name: str
    type: str
    has_help: bool
    labels: tuple[str, ...]


# Words of which promlint may think something: units that are not base units, abbreviations of units, names of types,
# reserved suffixes. Wider than its own lists, so that a name without any of them is beyond doubt.
_DOUBTFUL = re.compile(
    r"(?:^|_)(?:[a-z][a-z0-9]?|sec|secs|mins?|hrs?|count|sum|bucket|info|counter|gauge|histogram|summary|untyped|fahrenheit|rankine"
    r"|(?:milli|micro|nano|pico|femto|atto|kilo|mega|giga|tera|peta|exa|zetta|yotta|centi|deci|deca|hecto"
    r"|kibi|mibi|mebi|gibi|tibi|tebi|pibi|pebi)\w*"
    r"|\w*?(?:bit|minute|hour|day|week|month|year|inche?|yard|mile|foot|feet|calorie|pound|ounce|kelvin|metre|mole)s?)(?:_|$)"
)
_LOWER = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_RESERVED_LABELS = frozenset(("le", "quantile"))


def is_exemplary(linted: Linted) -> bool:
    """Whether promlint has nothing to say of a metric: true of most, which need not be sent to it."""
    return (
        linted.has_help
        and linted.type in ("counter", "gauge")
        and linted.name.endswith("_total") == (linted.type == "counter")
        and _LOWER.fullmatch(linted.name) is not None
        and not _DOUBTFUL.search(linted.name)
        and not any(label in _RESERVED_LABELS or not _LOWER.fullmatch(label) for label in linted.labels)
    )


Gatherings = list[tuple[Linted, int, int]]
"""The metrics of an entry, and the line and column of each: plain tuples, since there are many to send."""


def gather(entry: Entry) -> Gatherings | None:
    """The metrics of a sound exposition. promtool knows no quoted names, so those are left out."""
    document = entry.sound(METRICS)
    if document is None or entry.snapshot is None or entry.snapshot.faults:
        return None
    found = []
    for family in entry.snapshot.families.values():
        linted = _linted(family)
        if (
            family.samples
            and not is_exemplary(linted)
            and all(map(_PLAIN_NAME.fullmatch, (linted.name, *linted.labels)))
        ):
            start = document.lines.line(family.line).find(family.name) + 1
            found.append((linted, family.line, start))
    return found


def _linted(family: Family) -> Linted:
    labels = {label for sample in family.samples for label in sample.labels}
    labels.discard(_OWN_LABEL.get(family.type, ""))
    return Linted(family.name, family.type, family.help is not None, tuple(sorted(labels)[:MAX_LABELS]))


def judge(gathered: Gathered) -> Iterator[tuple[str, Problem]]:
    """What promtool says of all metrics, told to each entry that has them."""
    entries: dict[str, Gatherings] = dict(gathered.by_entry)
    said: dict[Linted, list[str]] = defaultdict(list)
    distinct = dict.fromkeys(linted for found in entries.values() for linted, _, _ in found)
    for batch in batches(distinct):
        by_name = {linted.name: linted for linted in batch}
        for fault in gathered.promtool.check_metrics(exposition(batch)) if gathered.promtool else ():
            # promtool repeats a fault of labels for each label.
            if fault.family in by_name and fault.message not in said[by_name[fault.family]]:
                said[by_name[fault.family]].append(fault.message)
            elif fault.family not in by_name:
                yield next(iter(entries)), Problem(METRICS, (), fault.message, "run promtool check metrics by hand")
    for entry, found in entries.items():
        yield from ((entry, problem) for problem in _problems(found, said))


def _problems(found: Gatherings, said: dict[Linted, list[str]]) -> Iterator[Problem]:
    """One problem for each thing said, however many metrics it is said of."""
    places: dict[str, list[tuple[str, Span]]] = defaultdict(list)
    for linted, line, column in found:
        for message in said.get(linted, ()):
            places[message].append((linted.name, Span(line, column, line, column + len(linted.name))))
    for message, metrics in places.items():
        names = ", ".join(name for name, _ in metrics[:NAMED])
        count = f"{len(metrics)} metrics" if len(metrics) > 1 else "1 metric"
        more = ", …" if len(metrics) > NAMED else ""
        yield Problem(METRICS, metrics[0][1], f"{count}: {message}: {names}{more}", ADVICE)


def batches(distinct: Iterable[Linted]) -> list[list[Linted]]:
    """As few expositions as it takes for each to hold a name once."""
    turns: list[list[Linted]] = []
    times: dict[str, int] = defaultdict(int)
    for linted in distinct:
        if times[linted.name] == len(turns):
            turns.append([])
        turns[times[linted.name]].append(linted)
        times[linted.name] += 1
    return [turn[start : start + MAX_METRICS] for turn in turns for start in range(0, len(turn), MAX_METRICS)]


def exposition(batch: Iterable[Linted]) -> str:
    """A text that promlint says the same of as of the real ones: each metric with each of its labels.

    A histogram takes the names that end in _bucket, _count or _sum for its own unless they came first.
    """
    last = sorted(batch, key=lambda linted: (linted.type in _OWN_LABEL, -len(linted.name)))
    return "".join(line for linted in last for line in _lines(linted))


def _lines(linted: Linted) -> Iterator[str]:
    if linted.has_help:
        yield f"# HELP {linted.name} x\n"
    yield f"# TYPE {linted.name} {linted.type}\n"
    labels = ",".join(f'{label}="x"' for label in linted.labels)
    yield f"{linted.name}{{{labels}}} 1\n"


CHECK = Check("metrics/lint", Severity.INFO, __doc__, across=Across(gather, judge, needs_promtool=True))
