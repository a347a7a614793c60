import re
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.model import SEVERITIES, START, Finding, Report, Severity, Skip
from bot.reporters.markdown import LONGEST, render
from bot.reporters.wording import lacking, place, summary, visible
from tests.reporters.reports import REPORTS

PARSER = MarkdownIt("commonmark").enable("table")
OURS = {"severity", "place", "check", "message", "skipped", ":", "skipped :", "help:", *SEVERITIES}
"""The only texts that stand outside code spans, beside the heading."""


def tokens(markdown: str) -> Iterator[Token]:
    for token in PARSER.parse(markdown):
        yield from token.children or [token]


def finding(message: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("a", START, severity, "b/c", message)


def test_nothing_found() -> None:
    assert render(Report(".", ("a",), ())) == "## 1 entry: no findings\n"


def test_worst_first() -> None:
    report = Report(".", ("a",), tuple(finding(severity, severity) for severity in reversed(SEVERITIES)))

    assert re.findall(r"^\| (error|warning|info) ", render(report), re.MULTILINE) == ["error", "warning", "info"]


@pytest.mark.parametrize(
    ("message", "cell"),
    [
        ("plain", "`plain`"),
        ("a `b` c", "``a `b` c``"),
        ("`a``", "``` `a`` ```"),
        ("a|b", "`a\\|b`"),
        ("a\\|b", "`a\\\\u{7c}b`"),
        ("a\nb", "`a\\u{a}b`"),
        ("", ""),
        ("x" * 1001, "`" + "x" * 999 + "…`"),
    ],
)
def test_code_spans(message: str, cell: str) -> None:
    assert render(Report(".", ("a",), (finding(message),))).splitlines()[-1] == f"| error | `a:1:1` | `b/c` | {cell} |"


@given(report=REPORTS)
def test_strangers_speak_only_in_code(report: Report) -> None:
    found = list(tokens(render(report)))

    assert {token.content.strip() for token in found if token.type == "text"} <= {*OURS, summary(report)}
    assert {token.content for token in found if token.type == "html_inline"} <= {"<br>"}
    assert not {"html_block", "link_open", "image", "fence", "code_block"} & {token.type for token in found}
    said = [(finding.check, place(finding), finding.message, finding.help) for finding in report.findings]
    skipped = [(skip.check, skip.reason, skip.help) for skip in report.skipped]
    in_tables = Counter(visible(text).replace("\\|", "\\\\u{7c}") for row in said for text in row if text)
    in_lists = Counter(visible(text) for row in skipped for text in row if text)
    in_lists += Counter(
        text for proof in report.proofs for text in (visible(proof.entry), lacking(proof.level, proof.reason)) if text
    )
    assert Counter(token.content for token in found if token.type == "code_inline") == in_tables + in_lists
    rows = sum(token.type == "tr_open" for token in found)
    assert rows == (len(report.findings) + 1 if report.findings else 0)


def test_too_much_is_cut_and_counted() -> None:
    skips = tuple(Skip(f"b/{number}", "x" * 500) for number in range(200))
    report = Report(".", ("a",), tuple(finding(f"{number} {'|' * 400}") for number in range(5000)), skips)
    rendered = render(report)

    rest = re.findall(r"^(?:- )?(\d+) more$", rendered, re.MULTILINE)
    assert len(rest) == 2
    assert rendered.count("- skipped") + int(rest[0]) == 200
    assert rendered.count("| error |") + int(rest[1]) == 5000
    assert rendered.endswith(f"\n\n{rest[1]} more\n")
    assert LONGEST - 1000 < len(rendered) <= LONGEST


def test_what_just_fits_is_not_cut() -> None:
    empty = len(render(Report(".", ("a",), (finding(""),))))
    fits = Report(".", ("a",), tuple(finding("x") for _ in range(10)))

    assert " more" not in render(fits)
    assert len(render(fits)) > empty
