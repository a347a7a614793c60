"""Generated series, and generated expressions over them that mostly return something."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from bot.promql.label_set import NAME, Labels, union
from bot.promql.labels import matches
from bot.promql.tree import Selector

NOW = 1_700_002_800
"""Seconds; the samples lead up to it."""
_STEP, _SAMPLES = 60, 20

TEXTS = (
    "a",
    "A",
    "b",
    "ab",
    "a.b",
    "axb",
    "5",
    "50",
    "٣",
    "é",
    "É",
    "10.0.0.1:9100",
    "[",
    "-",
    "x{,3}",
    " ",
    "\\",
    '"',
)
"""Values for regular expressions."""
SERIES = (
    *({"__name__": "requests", "job": j, "instance": i, "mode": m} for j in "xy" for i in "12" for m in "uv"),
    # Some series lack a label that others have.
    *({"__name__": "errors", "job": "x", "instance": i, "mode": "u"} for i in "12"),
    *({"__name__": "errors", "job": "y", "instance": i} for i in "12"),
    {"__name__": "build_info", "job": "x", "instance": "1", "version": "1.0", "zone": "n"},
    {"__name__": "build_info", "job": "x", "instance": "2", "version": "1.1"},
    {"__name__": "build_info", "job": "y", "instance": "1", "version": "1.1", "zone": "s"},
    *({"__name__": "quota", "job": j} for j in "xy"),
    *({"__name__": "size_bucket", "job": j, "le": le} for j in "xy" for le in ("0.5", "1", "+Inf")),
    {"__name__": "plain"},
    *({"__name__": "texts", "text": text} for text in TEXTS),
)
"""The labels of each."""
UTF8_SERIES = tuple({"__name__": "kafka.lag", "topic.name": t, "job": j} for t in "ab" for j in "xy")
"""Of Prometheus 3 only."""

_METRICS = (*sorted({series["__name__"] for series in SERIES} - {"texts"}), '{__name__=~"requests|errors", job!="z"}')
# Twice what most series have: the more often do operands match.
_LABELS = ("job", "job", "job", "instance", "instance", "mode", "zone", "version", "le", "missing")
_MATCHERS = (
    *(
        'job=~"x|y"',
        'job!="z"',
        'job=~"[^z]+"',
        'instance!="3"',
        'mode!~"w.*"',
        'missing=""',
        'zone=~".*"',
        'zone!="s"',
    ),
    *('job="x"', 'instance=~"1|3|"', 'mode=""', 'mode!=""', 'version=~"|1\\\\..+"', 'le!~"x|1"'),
)
# Of label_replace.
REGEXES = (
    *(
        "(.*)",
        ".*",
        "^(.*)$",
        "(?s:.*)",
        "(.+)",
        ".+",
        "(x|u)",
        "x",
        "(.).*",
        "",
        "()",
        "(.*)1",
        "([0-9]*)",
        "x?",
        "(z)?",
    ),
    *("(x|y|)", "(?:x)(.*)", "(?P<all>.*)"),
)
REPLACEMENTS = ("$1", "${1}", "$0", "a-$1", "$1$2", "new", "", "$all", "${1}x", "$$", "$2", "$1x")
_ARITHMETIC = ("+", "-", "*", "/", "%", "^", "atan2")
_COMPARISONS = ("!=", "!=", ">=", ">= bool", "< bool")
_SIMPLE = (
    *(
        "abs({})",
        "-({})",
        "+({})",
        "-(-({}))",
        "sort({})",
        "sort_desc({})",
        "timestamp({})",
        "clamp_min({}, 0)",
        "({})",
    ),
    *("round({}, 5)", "clamp({}, 0, scalar(plain))", "ceil({})", "sgn({})", "hour({})", "vector(scalar({}))"),
    *("sum_over_time(({})[3m:1m])", "last_over_time(({})[3m:1m])", "quantile_over_time(0.5, ({})[3m:1m])"),
    *("max_over_time(({})[3m:1m] offset 1m)", "absent({})", "absent_over_time(({})[5m:])", "changes(({})[5m:1m])"),
    *("deriv(({})[5m:1m])", "predict_linear(({})[5m:1m], 60)", "present_over_time(({})[5m:])"),
    *("histogram_quantile(0.5, {})", "histogram_quantile(scalar(plain), sum by (le, job) ({}))"),
)
_OF_SELECTORS = (
    *("rate({0}[5m])", "increase({0}[5m])", "last_over_time({0}[5m])", "avg_over_time({0}[5m])", "delta({0}[5m])"),
    *(
        "count_over_time({0}[5m] offset 1m)",
        "absent_over_time({0}[5m])",
        "stddev_over_time({0}[5m])",
        "idelta({0}[5m])",
    ),
    *("histogram_quantile(0.9, rate({0}[5m]))", "histogram_quantile(0.9, size_bucket) * 2", "min_over_time({0}[2m])"),
    *("{0} offset 2m", f"{{0}} @ {NOW}", "absent({0})", "resets({0}[5m])", "present_over_time({0}[5m])"),
)
_AGGREGATIONS = (
    *("sum {}({})", "avg {}({})", "count {}({})", "min {}({})", "max {}({})", "group {}({})", "stddev {}({})"),
    *("stdvar {}({})", "topk {}(2, {})", "bottomk {}(1, {})", "quantile {}(0.5, {})", 'count_values {}("value", {})'),
    *('count_values {}("job", {})', 'count_values {}(("mode"), {})', "sum {}({})", "sum {}({})"),
)
_TARGETS = ("job", "instance", "mode", "zone", "new", "__name__", "missing")
_ABSENT = (
    *(
        "absent(nothing)",
        'absent(nothing{job="x"})',
        'absent((nothing{job="x", mode=~"u"}))',
        'absent(requests{job="z"})',
    ),
    *(
        'absent(nothing{job="x", job="y", mode="u"})',
        'absent(nothing{job="x", job!="y", zone=""})',
        "absent(sum(nothing))",
    ),
    *(
        'absent(nothing{job!="y", job="x", mode="u"})',
        'absent({__name__="nothing", job="x"})',
        'absent(nothing{job="x"} @ 9)',
    ),
    *('absent_over_time(nothing{job="x"}[5m])', 'absent_over_time(nothing{job="x"}[5m:])', 'absent(-nothing{job="x"})'),
    *(
        'absent_over_time((nothing{job="x"}[5m]))',
        'absent(nothing{job="x"} offset 5m)',
        'absent(abs(nothing{job="x"}))',
    ),
)


def labels_of(selector: Selector) -> Labels:
    """Exactly the labels of those series that a selector finds; of all of its metric's where it finds none."""
    name = selector.name.text if selector.name else None
    own = [labels for labels in SERIES + UTF8_SERIES if name in (None, labels[NAME])]
    found = [labels for labels in own if _selects(selector, labels)]
    return union(Labels(frozenset(labels), frozenset(labels)) for labels in found or own)


def _selects(selector: Selector, labels: dict[str, str]) -> bool:
    return all(matches(matcher, labels.get(matcher.label.text, "")) for matcher in selector.matchers)


def exposition(series: tuple[dict[str, str], ...]) -> str:
    """These series in OpenMetrics; all values grow."""
    return "".join(f"{line}\n" for line in [*_lines(series), "# EOF"])


def _lines(series: tuple[dict[str, str], ...]) -> Iterator[str]:
    for number, labels in enumerate(series):
        name = labels[NAME]
        pairs = [(label, json.dumps(value, ensure_ascii=False)) for label, value in labels.items() if label != NAME]
        if "." in name:
            written = "{" + ",".join([f'"{name}"', *(f'"{label}"={value}' for label, value in pairs)]) + "}"
        else:
            written = name + "{" + ",".join(f"{label}={value}" for label, value in pairs) + "}"
        for sample in range(_SAMPLES):
            value = (number % 5 + 1) * (sample + 1)
            yield f"{written} {value} {NOW - (_SAMPLES - 1 - sample) * _STEP}"


@dataclass(frozen=True, slots=True)
class Words:
    """What expressions are made of."""

    metrics: tuple[str, ...] = _METRICS
    labels: tuple[str, ...] = _LABELS


UTF8_WORDS = Words((*_METRICS, '{"kafka.lag"}', '{"kafka.lag", "topic.name"="a"}'), (*_LABELS, '"topic.name"', "'job'"))
"""Quoted, as only Prometheus 3 takes them."""


def vectors(words: Words, depth: int = 2) -> st.SearchStrategy[str]:
    """Expressions that return a vector."""
    selector = _selectors(words)
    if depth == 0:
        return selector
    below = st.deferred(lambda: vectors(words, depth - 1))
    return st.one_of(
        selector,
        st.sampled_from(_ABSENT),
        st.builds(str.format, st.sampled_from(_SIMPLE), below),
        st.builds(str.format, st.sampled_from(_OF_SELECTORS), selector),
        _aggregations(words, below),
        _aggregations(words, below),
        _labelled(words, below),
        _labelled(words, below),
        _with_scalar(below),
        _of_sets(words, below),
        _of_same_shape(words, below),
        _of_many(words, below),
        _of_many(words, below),
        _free(words, below),
    )


@st.composite
def _selectors(draw: st.DrawFn, words: Words) -> str:
    metric = draw(st.sampled_from(words.metrics))
    matchers = draw(st.lists(st.sampled_from(_MATCHERS), max_size=2))
    return metric if not matchers or metric.startswith("{") else f"{metric}{{{', '.join(matchers)}}}"


@st.composite
def _some_labels(draw: st.DrawFn, words: Words, fewest: int = 0) -> str:
    name = ("__name__",) if not draw(st.integers(0, 9)) else ()
    chosen = draw(st.lists(st.sampled_from(words.labels + name), min_size=fewest, max_size=3, unique=True))
    return f"({', '.join(chosen)})"


@st.composite
def _aggregations(draw: st.DrawFn, words: Words, below: st.SearchStrategy[str]) -> str:
    op = draw(st.sampled_from(_AGGREGATIONS))
    grouping = f"{draw(st.sampled_from(('by', 'without')))} {draw(_some_labels(words))}"
    return op.format(grouping if draw(st.integers(0, 4)) else "", draw(below))


@st.composite
def _labelled(draw: st.DrawFn, words: Words, below: st.SearchStrategy[str]) -> str:
    inner, target = draw(below), draw(st.sampled_from(_TARGETS))
    if draw(st.booleans()):
        replacement, regex = draw(st.sampled_from(REPLACEMENTS)), draw(st.sampled_from(REGEXES))
        source = draw(st.sampled_from(("", *_TARGETS)))
        return f'label_replace({inner}, "{target}", "{replacement}", "{source}", "{regex}")'
    separator = draw(st.sampled_from(("", "-")))
    sources = [f', "{label}"' for label in draw(st.lists(st.sampled_from(_TARGETS), max_size=3))]
    return f'label_join({inner}, "{target}", "{separator}"{"".join(sources)})'


@st.composite
def _with_scalar(draw: st.DrawFn, below: st.SearchStrategy[str]) -> str:
    op = draw(st.sampled_from(_ARITHMETIC + _COMPARISONS))
    vector, scalar = draw(below), draw(st.sampled_from(("2", "-1", "scalar(plain)", "(1 + time())", "-(-1)")))
    return f"({vector}) {op} {scalar}" if draw(st.booleans()) else f"{scalar} {op} ({vector})"


@st.composite
def _of_sets(draw: st.DrawFn, words: Words, below: st.SearchStrategy[str]) -> str:
    return f"({draw(below)}) {draw(st.sampled_from(('and', 'or', 'unless')))} {draw(_matchings(words))} ({draw(below)})"


@st.composite
def _matchings(draw: st.DrawFn, words: Words) -> str:
    kind = draw(st.sampled_from(("", "on", "on", "ignoring", "ignoring")))
    return f"{kind} {draw(_some_labels(words, fewest=1))}" if kind else ""


@st.composite
def _of_same_shape(draw: st.DrawFn, words: Words, below: st.SearchStrategy[str]) -> str:
    """Both sides have one series for each set of values."""
    by = draw(_some_labels(words))
    op, matching = draw(st.sampled_from(_ARITHMETIC + _COMPARISONS)), draw(st.sampled_from(("", f"on {by}")))
    return f"sum by {by} ({draw(below)}) {op} {matching} max by {by} ({draw(below)})"


@st.composite
def _of_many(draw: st.DrawFn, words: Words, below: st.SearchStrategy[str]) -> str:
    """One side has at most one series for each set of values."""
    on, include = draw(_some_labels(words)), draw(_some_labels(words))
    listed = {label.strip("'") for label in on[1:-1].split(", ")}
    include = ", ".join(label for label in include[1:-1].split(", ") if label.strip("'") not in listed)
    op = draw(st.sampled_from(_ARITHMETIC + _COMPARISONS))
    many, one = f"({draw(below)})", f"topk by {on} (1, {draw(below)})"
    if draw(st.booleans()):
        return f"{many} {op} on {on} group_left ({include}) {one}"
    return f"{one} {op} on {on} group_right ({include}) {many}"


@st.composite
def _free(draw: st.DrawFn, words: Words, below: st.SearchStrategy[str]) -> str:
    op = draw(st.sampled_from(_ARITHMETIC + _COMPARISONS))
    return f"({draw(below)}) {op} {draw(_matchings(words))} ({draw(below)})"
