import re
import string
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.files import HIDDEN
from bot.model import START, Finding, Level, Proof, Report, Severity, Skip, Span
from bot.reporters import text
from bot.reporters.wording import MOST_NAMES, proven
from tests.reporters.reports import REPORT, REPORTS

FINDING = Finding("lists/a/alerts.yaml", START, Severity.ERROR, "alerts/load", "does not load")


def excerpt(source: str, span: Span) -> list[str]:
    """The lines between the message and the summary."""
    report = Report(".", ("a",), (replace(FINDING, source=source, span=span),))
    return text.render(report).splitlines()[1:-2]


@pytest.mark.parametrize(
    ("entries", "severities", "skips", "expected"),
    [
        (0, [], 0, "0 entries: no findings"),
        (1, [], 0, "1 entry: no findings"),
        (8, [], 0, "8 entries: no findings"),
        (8, [], 1, "8 entries: no findings, 1 check skipped"),
        (8, [Severity.INFO], 0, "8 entries: 1 info"),
        (
            8,
            [Severity.INFO] * 3 + [Severity.ERROR] * 2 + [Severity.WARNING],
            0,
            "8 entries: 2 errors, 1 warning, 3 infos",
        ),
        (8, [Severity.WARNING] * 2 + [Severity.ERROR], 2, "8 entries: 1 error, 2 warnings, 2 checks skipped"),
    ],
)
def test_last_line_sums_up(entries: int, severities: list[Severity], skips: int, expected: str) -> None:
    report = Report(
        ".",
        tuple(map(str, range(entries))),
        tuple(replace(FINDING, severity=severity) for severity in severities),
        (Skip("alerts/load", "no promtool"),) * skips,
    )

    assert text.render(report).splitlines()[-1] == expected


def test_no_findings_is_one_line() -> None:
    assert text.render(Report(".", ("a",), ())) == "1 entry: no findings\n"


def test_a_finding_without_a_source_line_shows_none() -> None:
    report = Report(".", ("a",), (FINDING,))

    assert text.render(report) == ("lists/a/alerts.yaml:1:1: error[alerts/load] does not load\n\n1 entry: 1 error\n")


@pytest.mark.parametrize(
    ("source", "span", "line", "carets"),
    [
        ("expr: up", Span(3, 7, 3, 9), "    3 | expr: up", "      |       ^^"),
        ("expr: up", Span(3, 7, 3, 7), "    3 | expr: up", "      |       ^"),
        ("expr: up", Span(3, 9, 3, 9), "    3 | expr: up", "      |         ^"),
        ("expr: up", Span(3, 7, 5, 2), "    3 | expr: up", "      |       ^^"),
        ("expr: up", Span(3, 99, 3, 120), "    3 | expr: up", "      |         ^"),
        ("expr: up", Span(3, 7, 3, 99), "    3 | expr: up", "      |       ^^"),
        ("\ta:\tb", Span(3, 5, 3, 6), "    3 |     a:    b", "      |           ^"),
        ("a\tb", Span(3, 2, 3, 3), "    3 | a    b", "      |  ^^^^"),
        ("\u65e5\u672c: x", Span(3, 1, 3, 3), "    3 | \u65e5\u672c: x", "      | ^^^^"),
        ("\u65e5\u672c: x", Span(3, 5, 3, 6), "    3 | \u65e5\u672c: x", "      |       ^"),
        ("\uff21\uff22: x", Span(3, 2, 3, 3), "    3 | \uff21\uff22: x", "      |   ^^"),
        ("e\u0301: x", Span(3, 5, 3, 6), "    3 | e\u0301: x", "      |    ^"),
        ("e\u0301: x", Span(3, 2, 3, 3), "    3 | e\u0301: x", "      |  ^"),
        ("a\u202eb", Span(3, 2, 3, 3), "    3 | a\\u{202e}b", "      |  ^^^^^^^^"),
        ("up", Span(1234567, 1, 1234567, 3), "1234567 | up", "        | ^^"),
    ],
)
def test_carets_stand_under_the_span(source: str, span: Span, line: str, carets: str) -> None:
    assert excerpt(source, span) == [line, carets]


@pytest.mark.parametrize(
    ("start", "end", "shown", "carets"),
    [
        (0, 3, "x" * 120 + "…", "^^^"),
        (50, 52, "…" + "x" * 120 + "…", " " * 41 + "^^"),
        (50, 900, "…" + "x" * 120 + "…", " " * 41 + "^" * 80),
        (999, 1000, "…" + "x" * 120, " " * 120 + "^"),
        (1000, 1000, "…" + "x" * 120, " " * 121 + "^"),
    ],
)
def test_long_lines_are_cut_around_the_span(start: int, end: int, shown: str, carets: str) -> None:
    assert excerpt("x" * 1000, Span(1, start + 1, 1, end + 1)) == [f"    1 | {shown}", f"      | {carets}"]


def test_colors() -> None:
    finding = Finding("a", Span(1, 1, 1, 2), Severity.ERROR, "x/y", "m", "h", "a", "b")
    infos = (
        replace(finding, severity=Severity.WARNING, source=""),
        replace(finding, severity=Severity.INFO, source=""),
    )

    assert text.render(Report(".", ("a",), (finding, *infos), (Skip("x/z", "r"),)), color=True) == (
        "\x1b[1ma:1:1:\x1b[0m \x1b[31merror[x/y]\x1b[0m m\n"
        "    1 | b\n"
        "      | \x1b[31m^\x1b[0m\n"
        "      = help: h\n\n"
        "\x1b[1ma:1:1:\x1b[0m \x1b[33mwarning[x/y]\x1b[0m m\n"
        "      = help: h\n\n"
        "\x1b[1ma:1:1:\x1b[0m \x1b[34minfo[x/y]\x1b[0m m\n"
        "      = help: h\n\n"
        "\x1b[33mskipped[x/z]\x1b[0m r\n\n"
        "1 entry: 1 error, 1 warning, 1 info, 1 check skipped\n"
    )


def test_colors_change_no_text() -> None:
    assert re.sub(r"\x1b\[\d+m", "", text.render(REPORT, color=True)) == text.render(REPORT)


@given(report=REPORTS)
def test_nothing_hostile_reaches_the_terminal(report: Report) -> None:
    rendered = text.render(report)

    controls = {character for character in rendered if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")}
    assert controls == {"\n"}
    assert not HIDDEN.search(rendered)


@given(report=REPORTS)
def test_no_text_adds_a_line(report: Report) -> None:
    lines = 1 + sum(2 + 2 * bool(finding.source) + bool(finding.help) for finding in report.findings)
    lines += sum(2 + bool(skip.help) for skip in report.skipped)
    lines += (len(proven(report)) + 1) * bool(report.proofs)

    assert text.render(report).count("\n") == lines


@given(source=st.text(string.ascii_letters, min_size=1, max_size=300), data=st.data())
def test_carets_mark_the_characters_of_the_span(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source) - 1))
    end = data.draw(st.integers(start + 1, len(source)))

    line, carets = excerpt(source, Span(1, start + 1, 1, end + 1))

    marked = "".join(character for character, mark in zip(line, carets, strict=False) if mark == "^")
    assert marked == source[start:end][: len(marked)]
    assert len(marked) >= min(end - start, text.LONGEST - text.LEAD)


def test_of_many_entries_some_are_named() -> None:
    proofs = tuple(Proof(f"e{number:03}", Level.OBSERVED) for number in range(MOST_NAMES + 2))
    line = text.render(Report(".", (), (), proofs=proofs)).splitlines()[0]
    assert line.startswith("e000, e001, ")
    assert line.endswith(f"e{MOST_NAMES - 1:03} and 2 more: observed")
