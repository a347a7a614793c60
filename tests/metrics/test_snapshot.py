"""What an exposition says, and each way in which it can be at fault."""

import math

import pytest

from bot.metrics.snapshot import Family, Fault, Sample, parse_snapshot
from bot.model import Span

NAMES = "letters, digits, _ and :, not a digit first; any other name stands in quotes within the braces"
NUMBERS = "write it as 1.5, 1e+06, NaN or +Inf"
TIMESTAMPS = "milliseconds since 1970, a whole number; or leave it out"
TYPES = "one of: counter, gauge, histogram, summary, untyped"
OPEN = "close the braces"
TWICE = "delete one of them; Prometheus keeps one and drops the others"


def faults(text: str) -> list[tuple[int, int, int, str, str]]:
    """Line, columns, message and help of each fault."""
    return [
        (fault.span.line, fault.span.column, fault.span.end_column, fault.message, fault.help)
        for fault in parse_snapshot(text).faults
    ]


def test_families_hold_their_samples_in_the_order_of_the_text() -> None:
    snapshot = parse_snapshot(
        "# HELP b_total Things with a \\\\ and\\na break.\n"
        "# TYPE b_total counter\n"
        'b_total{x="1",y="q\\"z"} 12\n'
        "\n"
        "# A comment.\n"
        "a 1.5 1395066363000\n"
        'b_total{x="2"} +Inf\n'
    )
    assert snapshot.faults == ()
    assert list(snapshot.families.values()) == [
        Family(
            "b_total",
            "counter",
            "Things with a \\ and\na break.",
            2,
            (Sample("b_total", {"x": "1", "y": 'q"z'}, 12.0, 3), Sample("b_total", {"x": "2"}, math.inf, 7)),
        ),
        Family("a", "untyped", None, 6, (Sample("a", {}, 1.5, 6),)),
    ]


def test_parts_of_a_histogram_and_of_a_summary_belong_to_their_family() -> None:
    snapshot = parse_snapshot(
        "# TYPE h histogram\n"
        'h_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 3\nh_count 2\n'
        "# TYPE s summary\n"
        's{quantile="0.5"} 1\ns_sum 2\ns_count 3\ns_bucket 4\n'
    )
    assert {name: [sample.name for sample in family.samples] for name, family in snapshot.families.items()} == {
        "h": ["h_bucket", "h_bucket", "h_sum", "h_count"],
        "s": ["s", "s_sum", "s_count"],
        "s_bucket": ["s_bucket"],
    }


def test_a_name_that_came_before_the_histogram_keeps_its_own_family() -> None:
    snapshot = parse_snapshot('h_count 1\n# TYPE h histogram\nh_sum 3\nh_count{x="1"} 2\n')
    assert {name: len(family.samples) for name, family in snapshot.families.items()} == {"h_count": 2, "h": 1}


def test_a_family_may_have_no_samples_and_stands_at_its_type() -> None:
    snapshot = parse_snapshot("# HELP a Help.\n# HELP b Help.\n# TYPE b gauge\n# HELP c Help.\n\nc 1\n# HELP d \n")
    assert {name: (family.type, family.line) for name, family in snapshot.families.items()} == {
        "a": ("untyped", 1),
        "b": ("gauge", 3),
        "c": ("untyped", 6),
    }


def test_names_of_other_characters_stand_in_quotes() -> None:
    snapshot = parse_snapshot(
        '# TYPE "my.metric" gauge\n{"my.metric", "a.b"="c", d="e",} 1\n{f="g","my.metric"} 2\n# EOF\n'
    )
    assert snapshot.faults == ()
    assert snapshot.families["my.metric"] == Family(
        "my.metric",
        "gauge",
        None,
        1,
        (Sample("my.metric", {"a.b": "c", "d": "e"}, 1.0, 2), Sample("my.metric", {"f": "g"}, 2.0, 3)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n  \n\t\n",
        "up 1\n  ",
        "#\n# \n#HELP\n# HELP\n# TYPE\n# HELP up\n",
        '  up\t{ a = "1" , b="2" , } \t1e5\t5\n',
        "up{} 1\n",
        'up{a="b"}1\n',
        'a 1\nb 2\na{x="1"} 3\n',
        "# TYPE h histogram\nh_bucket 1\nh_sum -1\nh -1\n",
        "a nan\nb -inf\nc Infinity\nd .5\ne 5.\nf 1E-400\ng -0\n",
        "a-1\n",
        '# HELP a \\"quoted\\"\n',
    ],
)
def test_accepted(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the end of a line, and of the file
        ("up 1", (1, 5, 5, "the last line has no line break", "end the file with one")),
        ("# EOF", (1, 6, 6, "the last line has no line break", "end the file with one")),
        ("up 1 \n", (1, 5, 6, "a blank at the end of the line", "delete it")),
        ("up 1 5\t\n", (1, 7, 8, "a blank at the end of the line", "delete it")),
        ("up 1 5 x\n", (1, 7, 9, '"x" behind the timestamp', "delete it")),
        (
            "a 1\r\nb 1\r\n",
            (1, 4, 4, "a carriage return", "end lines in LF alone; Prometheus takes CR for a part of the line"),
        ),
        # value and timestamp
        ("up 1,0\n", (1, 4, 7, 'expected a number as value, found "1,0"', NUMBERS)),
        ("up\n", (1, 3, 3, "expected a number as value, found the end of the line", NUMBERS)),
        ("a 1e400\n", (1, 3, 8, 'expected a number as value, found "1e400"', NUMBERS)),
        ("a 1_0\n", (1, 3, 6, 'expected a number as value, found "1_0"', NUMBERS)),
        ("a 0x1\n", (1, 3, 6, 'expected a number as value, found "0x1"', NUMBERS)),
        ("a +NaN\n", (1, 3, 7, 'expected a number as value, found "+NaN"', NUMBERS)),
        ("a ٣\n", (1, 3, 4, 'expected a number as value, found "٣"', NUMBERS)),
        ('up{a="b"}}\n', (1, 10, 11, 'expected a number as value, found "}"', NUMBERS)),
        ("up 1 5.5\n", (1, 6, 9, 'expected a timestamp, found "5.5"', TIMESTAMPS)),
        ("up 1 -5\n", (1, 6, 8, 'expected a timestamp, found "-5"', TIMESTAMPS)),
        ("up 1 9223372036854775808\n", (1, 6, 25, 'expected a timestamp, found "9223372036854775808"', TIMESTAMPS)),
        # names
        ("1up 1\n", (1, 1, 4, '"1up" is not a metric name', NAMES)),
        ("my.metric 1\n", (1, 1, 10, '"my.metric" is not a metric name', NAMES)),
        ('my-metric{a="b"} 1\n', (1, 1, 10, '"my-metric" is not a metric name', NAMES)),
        ('"up" 1\n', (1, 1, 2, "'\"' is not a metric name", NAMES)),
        ('{a="b"} 1\n', (1, 1, 8, "no metric name", "put it in front of the labels")),
        ("{} 1\n", (1, 1, 3, "no metric name", "put it in front of the labels")),
        ('{"",a="b"} 1\n', (1, 2, 4, "the name is empty", "")),
        ('{"x","y"} 1\n', (1, 9, 10, 'expected "=" after label y, found "}"', "")),
        # labels
        ("up{,} 1\n", (1, 4, 5, 'expected a label name, found ","', "")),
        ('up{a:b="1"} 1\n', (1, 5, 7, 'expected "=" after label a, found ":b"', "")),
        ('up{a="1" b="2"} 1\n', (1, 10, 11, 'expected "," or "}", found "b"', "")),
        ('up{a="1",b=2} 1\n', (1, 12, 13, 'expected the value of b in double quotes, found "2"', "")),
        ('up{a="1\n', (1, 6, 8, "the quote is not closed", r"a line break within quotes is written \n")),
        ('up{a="1"\n', (1, 3, 9, 'expected "," or "}", found the end of the line', OPEN)),
        ("up{a\n", (1, 4, 5, 'expected "=" after label a, found the end of the line', OPEN)),
        ("up{\n", (1, 3, 4, "expected a label name, found the end of the line", OPEN)),
        ('up{a="C:\\dir"} 1\n', (1, 9, 11, r"\d is no escape", r"write \\ for a backslash")),
        ('up{a="1",a="2"} 1\n', (1, 10, 15, 'label "a" stands twice', "keep one of them")),
        (
            '# TYPE h histogram\nh_bucket{le="1",le="2"} 1\n',
            (2, 17, 23, 'label "le" stands twice', "keep one of them"),
        ),
        (
            'up{__name__="x"} 1\n',
            (1, 4, 12, 'the label "__name__" is reserved', "put the name in front of the labels"),
        ),
        # HELP and TYPE
        ("# HELP up a\\tb\n", (1, 12, 14, r"\t is no escape", r"write \\ for a backslash")),
        ("# HELP up a\\\n", (1, 12, 13, "\\ is no escape", r"write \\ for a backslash")),
        ("# HELP 1up a\n", (1, 8, 11, '"1up" is not a metric name', NAMES)),
        ("# TYPE my.metric gauge\n", (1, 8, 17, '"my.metric" is not a metric name', NAMES)),
        ("# HELP \n", (1, 3, 7, "HELP without a metric name", "add it, or delete the line")),
        ("# TYPE up\n", (1, 10, 10, "nothing is not a type", TYPES)),
        ("# TYPE up Gauge\n", (1, 11, 16, '"Gauge" is not a type', TYPES)),
        ("# TYPE up stateset\n", (1, 11, 19, '"stateset" is not a type', TYPES)),
        ("# TYPE up gauge \n", (1, 10, 17, "a blank too many around the type", "one blank in front, none behind")),
        ("# TYPE up  gauge\n", (1, 10, 17, "a blank too many around the type", "one blank in front, none behind")),
        # families
        ("# TYPE up gauge\n# TYPE up gauge\n", (2, 3, 16, 'a second TYPE line for "up"', "keep one of them")),
        ("# HELP up a\n# HELP up b\n", (2, 3, 12, 'a second HELP line for "up"', "keep one of them")),
        (
            "up 1\n# TYPE up gauge\n",
            (2, 3, 16, 'the TYPE line for "up" stands behind its samples', "put it in front of them"),
        ),
        (
            "# TYPE s summary\ns_sum 1\n# TYPE s_count gauge\n",
            (
                3,
                3,
                21,
                '"s_count" is a part of the summary "s", which has its own',
                'delete the line, or put it in front of the TYPE line of "s"',
            ),
        ),
        (
            '# TYPE h histogram\nh_bucket{x="q",le="q"} 1\n',
            (2, 20, 21, 'expected a number as le, found "q"', ""),
        ),
        (
            '# TYPE s summary\ns{quantile="1e400"} 1\n',
            (2, 13, 18, 'expected a number as quantile, found "1e400"', ""),
        ),
        (
            '# TYPE h histogram\nh_bucket{le="1"} -1\n',
            (2, 17, 20, "the histogram h counts less than nothing", ""),
        ),
        ("# TYPE h histogram\nh_count -1\n", (2, 8, 11, "the histogram h counts less than nothing", "")),
        # series
        ("up 1\nup 2\n", (2, 1, 3, 'the series "up" stands twice, first in line 1', TWICE)),
        (
            'up{a="1",b="2"} 1\n  up{b="2",a="1"} 2\n',
            (2, 3, 18, 'the series \'up{b="2",a="1"}\' stands twice, first in line 1', TWICE),
        ),
        ('up{a=""} 1\nup 1\n', (2, 1, 3, 'the series "up" stands twice, first in line 1', TWICE)),
    ],
)
def test_at_fault(text: str, expected: tuple[int, int, int, str, str]) -> None:
    assert faults(text) == [expected]


def test_all_faults_at_once_and_the_rest_is_read() -> None:
    text = 'a x\nb 1\nc{ 1\n# TYPE b gauge\nd{e="f"} 2\n'
    snapshot = parse_snapshot(text)
    assert [fault.span.line for fault in snapshot.faults] == [1, 3, 4]
    assert [(name, len(family.samples)) for name, family in snapshot.families.items()] == [("b", 1), ("d", 1)]


def test_long_pieces_are_cut_short_in_messages() -> None:
    assert parse_snapshot(f"up {'x' * 100}\n").faults == (
        Fault(Span(1, 4, 1, 104), f'expected a number as value, found "{"x" * 59}…"', NUMBERS),
    )


@pytest.mark.parametrize(
    "text",
    [
        'a{x="' + "\\\\" * 200_000 + '"}} 1\n',
        "a{" + ",".join(f'l{index}="x"' for index in range(50_000)) + "} x\n",
        "a" + " " * 500_000 + "\n",
        "# HELP a " + "\\" * 400_001 + "q\n",
        "".join(f'a{{x="{index}"}} 1 x\n' for index in range(20_000)),
        "{" * 500_000 + "\n",
    ],
)
def test_hostile_texts_cost_no_more_than_their_length(text: str) -> None:
    # Were it quadratic, it would not end within the hour.
    assert parse_snapshot(text).faults
