"""Reports to render: one with everything in it, and any that hypothesis can think of."""

from hypothesis import strategies as st

from bot.model import LEVELS, SEVERITIES, START, Finding, Level, Proof, Report, Severity, Skip, Span

EVIL = (
    "\x1b[2J\u202e`` ``` | \\| <img src=x> @you #1 [a](https://evil.example) {0} ]]> "
    "##[error]x %0A\r\n::error::y \udc80"
)
"""Something for each format to stumble over."""

LONG_LINE = '{"panels": [' + '{"type": "row"}, ' * 30 + '{"expr": "rate(up)"}, ' + '{"type": "row"}, ' * 30 + "{}]}"

REPORT = Report(
    root="catalog",
    entries=("demo", "evil", "redis", "wide"),
    findings=(
        Finding("lists", START, Severity.WARNING, "sample/files", "there is no entry", "add one"),
        Finding(
            "lists/evil/a\nlists/redis/alerts.yaml:1:1: error[entry/forged] forged,%: \u202e.yaml",
            Span(7, 3, 7, 4),
            Severity.ERROR,
            "sample/files",
            f"misplaced {EVIL}",
            f"delete {EVIL}",
            "evil",
            f"\u2066{EVIL}",
        ),
        Finding(
            "lists/redis/alerts.yaml",
            Span(14, 15, 14, 32),
            Severity.ERROR,
            "sample/metric",
            'redis_exporter exposes no metric "redis_memory_used"',
            "nearest in lists/redis/metrics.prom: redis_memory_used_bytes (gauge)",
            "redis",
            "        expr: redis_memory_used / redis_memory_max_bytes > 0.9",
        ),
        Finding(
            "lists/redis/alerts.yaml",
            Span(20, 9, 23, 1),
            Severity.WARNING,
            "sample/annotations",
            "RedisDown has no description",
            entry="redis",
            source="        annotations:",
        ),
        Finding(
            "lists/redis/dashboard.json",
            Span(123456, LONG_LINE.index("rate") + 1, 123456, LONG_LINE.index("rate") + 9),
            Severity.ERROR,
            "sample/promql",
            "rate needs a range",
            "write rate(up[$__rate_interval])",
            "redis",
            LONG_LINE,
        ),
        Finding(
            "lists/redis/dashboard.json",
            Span(123457, 3, 123457, 11),
            Severity.INFO,
            "sample/shape",
            "tabs are wide",
            "",
            "redis",
            '\t\t"title":\t"Redis"',
        ),
        Finding(
            "lists/wide/exporter.yaml",
            Span(3, 15, 3, 17),
            Severity.INFO,
            "sample/schema",
            "wide characters take two columns, combining ones none",
            "",
            "wide",
            "summary: 监控 e\u0301\u65e5\u672c of Redis",
        ),
    ),
    skipped=(
        Skip("sample/load", "there is no promtool", "run: python -m bot setup"),
        Skip("sample/test", f"there is no promtool either {EVIL}"),
    ),
    proofs=(
        Proof("demo", Level.OBSERVED),
        Proof("evil", Level.NONE, f"sample/files: misplaced {EVIL}"),
        Proof("redis", Level.LOADS, 'sample/metric: redis_exporter exposes no metric "redis_memory_used"'),
        Proof("wide", Level.OBSERVED),
    ),
)

# Characters of every kind, half ones and invisible ones too, and the pieces that formats are made of.
TEXTS = st.lists(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from(EVIL.split(" ")),
        st.sampled_from(["\n", "\r", "\t", "|", "\\", "`", "::", "##[", "](", "{{", "&lt;", "\u2028", "\x00"]),
    ),
    max_size=6,
).map("".join)


@st.composite
def _findings(draw: st.DrawFn) -> Finding:
    line, column = draw(st.integers(1, 10**7)), draw(st.integers(1, 200))
    more_lines, more_columns = draw(st.integers(0, 2)), draw(st.integers(0, 200))
    end_column = draw(st.integers(1, 200)) if more_lines else column + more_columns
    return Finding(
        file=draw(TEXTS),
        span=Span(line, column, line + more_lines, end_column),
        severity=draw(st.sampled_from(SEVERITIES)),
        check=draw(st.one_of(TEXTS, st.just("alerts/labels"))),
        message=draw(TEXTS),
        help=draw(TEXTS),
        entry=draw(st.one_of(TEXTS, st.sampled_from(REPORT.entries))),
        source=draw(TEXTS),
    )


REPORTS = st.builds(
    Report,
    root=TEXTS,
    entries=st.lists(TEXTS, max_size=3, unique=True).map(tuple),
    findings=st.lists(_findings(), max_size=3).map(tuple),
    skipped=st.lists(st.builds(Skip, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
    proofs=st.lists(
        st.builds(Proof, TEXTS, st.sampled_from(LEVELS), TEXTS), max_size=2, unique_by=lambda proof: proof.entry
    ).map(tuple),
)
