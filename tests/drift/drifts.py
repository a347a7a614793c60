"""Drifts to render: any that hypothesis can think of."""

from hypothesis import strategies as st

from bot.drift.model import Broken, Drift, Kind, Side
from bot.metrics.diff import Count, Diff, Exposed, Relabelled, Retyped, ValuesGone
from bot.metrics.renames import Rename
from bot.model import Finding, Severity, Span
from tests.reporters.reports import TEXTS

TYPES = st.sampled_from(["counter", "gauge", "histogram", "summary", "untyped"])
COUNTS = st.integers(0, 10**6)
LABELS = st.lists(TEXTS, max_size=3, unique=True).map(tuple)
_EXPOSED = st.builds(Exposed, TEXTS, TYPES, TEXTS, LABELS, COUNTS)
_SERIES = st.builds(Count, TEXTS, COUNTS, COUNTS)
_LIKENESS = st.integers(60, 100).map(lambda percent: percent / 100)
_SAME = st.lists(st.sampled_from(["help", "type", "labels"]), unique=True).map(tuple)
_SPANS = st.integers(1, 10**6).map(lambda number: Span(number, number, number, number + 3))
_FINDINGS = st.builds(
    Finding,
    file=TEXTS,
    span=_SPANS,
    severity=st.sampled_from([Severity.ERROR, Severity.WARNING]),
    check=st.one_of(TEXTS, st.just("alerts/metric")),
    message=TEXTS,
    help=TEXTS,
    entry=TEXTS,
    source=TEXTS,
)


def _few(items: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(items, max_size=2).map(tuple)


DIFFS = st.builds(
    Diff,
    added=_few(_EXPOSED),
    removed=_few(_EXPOSED),
    renamed=_few(st.builds(Rename, TEXTS, TEXTS, _LIKENESS, _SAME)),
    retyped=_few(st.builds(Retyped, TEXTS, TYPES, TYPES)),
    relabelled=_few(st.builds(Relabelled, TEXTS, LABELS, LABELS)),
    values_gone=_few(st.builds(ValuesGone, TEXTS, TEXTS, LABELS.filter(bool), COUNTS)),
    series=_few(_SERIES),
    metrics=_SERIES,
    total=_SERIES,
)
DRIFTS = st.builds(
    Drift,
    entry=TEXTS,
    then=st.builds(Side, TEXTS, TEXTS),
    now=st.builds(Side, TEXTS, TEXTS),
    diff=DIFFS,
    broken=_few(st.builds(Broken, st.sampled_from(Kind), TEXTS, _FINDINGS)),
)
