import re
from dataclasses import replace

import pytest
from hypothesis import given

from bot.model import START, Finding, Report, Severity, Skip, Span
from bot.reporters.github import render
from bot.reporters.wording import proven, visible
from tests.reporters.reports import REPORTS

FINDING = Finding(
    "lists/a/alerts.yaml", Span(3, 7, 3, 9), Severity.ERROR, "alerts/load", "does not load", "mend it", "a"
)
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def decode(line: str) -> tuple[str, dict[str, str], str]:
    """What the runner makes of a command: its name, its properties, its message."""
    match = COMMAND.fullmatch(line)
    assert match, line
    name, properties, message = match.groups()
    pairs = [pair.split("=", 1) for pair in properties.split(",")]
    return name, {key: unescape(value) for key, value in pairs}, unescape(message)


def unescape(text: str) -> str:
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text


def test_nothing_to_say() -> None:
    assert render(Report(".", ("a",), ())) == ""


def test_a_finding() -> None:
    assert render(Report(".", ("a",), (FINDING,))) == (
        "::error file=lists/a/alerts.yaml,line=3,endLine=3,col=7,endColumn=9,title=alerts/load"
        "::does not load%0Ahelp: mend it\n"
    )


def test_a_span_of_several_lines_has_no_columns() -> None:
    finding = replace(FINDING, span=Span(3, 7, 5, 2), help="")

    assert render(Report(".", ("a",), (finding,))) == (
        "::error file=lists/a/alerts.yaml,line=3,endLine=5,title=alerts/load::does not load\n"
    )


def test_worst_first_and_skips_before_warnings() -> None:
    findings = tuple(
        Finding(file, START, severity, "x/y", "m")
        for file, severity in (
            ("1", Severity.INFO),
            ("2", Severity.WARNING),
            ("3", Severity.ERROR),
            ("4", Severity.WARNING),
            ("5", Severity.ERROR),
        )
    )
    lines = render(Report(".", (), findings, (Skip("x/z", "r"),))).splitlines()

    told = [decode(line) for line in lines]
    assert [(name, properties.get("file", "skip")) for name, properties, _ in told] == [
        ("error", "3"),
        ("error", "5"),
        ("warning", "skip"),
        ("warning", "2"),
        ("warning", "4"),
        ("notice", "1"),
    ]
    assert lines[2] == "::warning title=x/z skipped::r"


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("100 %", "100 %25"),
        ("%0A", "%250A"),
        ("a: b, c", "a: b, c"),
        ("a\nb", "a\\u{a}b"),
        ("###[error]x", "### [error]x"),
        ("\x1b[2J", "\\u{1b}[2J"),
    ],
)
def test_escapes_messages(message: str, written: str) -> None:
    assert render(Report(".", (), (replace(FINDING, message=message, help=""),))).endswith(f"::{written}\n")


@pytest.mark.parametrize(
    ("file", "written"),
    [("a,b", "a%2Cb"), ("a:b", "a%3Ab"), ("50%", "50%25"), ("a\nb", "a\\u{a}b"), ("##[x]", "## [x]")],
)
def test_escapes_properties(file: str, written: str) -> None:
    assert render(Report(".", (), (replace(FINDING, file=file),))).startswith(f"::error file={written},line=3,")


def test_cuts_long_messages() -> None:
    _, _, message = decode(render(Report(".", (), (replace(FINDING, message="%" * 5000),))).strip())

    assert message == "%" * 4095 + "…"


@given(report=REPORTS)
def test_every_line_is_one_command_that_says_what_was_meant(report: Report) -> None:
    rendered = render(report)

    assert "##[" not in rendered
    lines = rendered.splitlines()
    assert len(lines) == len(report.findings) + len(report.skipped) + bool(report.proofs)
    assert rendered == "".join(f"{line}\n" for line in lines)
    expected = [("title", visible(finding.check), finding.message, finding.help) for finding in report.findings]
    expected += [("title", f"{visible(skip.check)} skipped", skip.reason, skip.help) for skip in report.skipped]
    said = [
        (title, visible(message) + (f"\nhelp: {visible(help_text)}" if help_text else ""))
        for _, title, message, help_text in expected
    ]
    said += [("proof", "\n".join(proven(report)))] * bool(report.proofs)
    assert sorted((properties["title"], message) for _, properties, message in map(decode, lines)) == sorted(
        (title.replace("##[", "## ["), message.replace("##[", "## [")) for title, message in said
    )
