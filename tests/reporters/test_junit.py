from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from hypothesis import given

from bot.model import START, Finding, Report, Severity, Skip
from bot.reporters.junit import render
from bot.reporters.wording import visible
from tests.reporters.reports import REPORT, REPORTS


def parsed(report: Report) -> Element:
    """The document as another parser reads it."""
    root = fromstring(render(report).encode())
    assert isinstance(root, Element)
    return root


def text_of(root: Element, path: str) -> str:
    element = root.find(path)
    assert element is not None
    assert element.text is not None
    return element.text


def test_an_entry_passes() -> None:
    assert render(Report(".", ("a",), ())) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="exporterhub" tests="1" failures="0" errors="0" skipped="0">\n'
        '  <testsuite name="a" tests="1" failures="0" errors="0" skipped="0">\n'
        '    <testcase classname="exporterhub" name="a" />\n'
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_errors_fail_and_the_rest_is_output() -> None:
    findings = tuple(
        Finding("lists/a", START, severity, "b/c", message, "mend it", "a")
        for severity, message in (
            (Severity.ERROR, "one"),
            (Severity.WARNING, "two"),
            (Severity.ERROR, "three"),
            (Severity.INFO, "four"),
        )
    )
    root = parsed(Report(".", ("a", "b"), findings))

    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("2", "1", "0")
    assert text_of(root, "testsuite[@name='a']/testcase/failure[@message='2 errors']") == (
        "lists/a:1:1: error[b/c] one\n  = help: mend it\nlists/a:1:1: error[b/c] three\n  = help: mend it"
    )
    assert text_of(root, "testsuite[@name='a']/testcase/system-out") == (
        "lists/a:1:1: warning[b/c] two\n  = help: mend it\nlists/a:1:1: info[b/c] four\n  = help: mend it"
    )
    assert root.find("testsuite[@name='b']/testcase/*") is None


def test_skips_are_skipped_tests() -> None:
    root = parsed(Report(".", (), (), (Skip("b/c", "no promtool", "get it"),)))

    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("1", "0", "1")
    assert text_of(root, "testsuite/testcase[@name='b/c']/skipped[@message='no promtool']") == "help: get it"


def test_findings_of_no_entry_have_a_suite() -> None:
    root = parsed(REPORT)

    assert [suite.get("name") for suite in root] == [*REPORT.entries, "whole catalog", "skipped checks"]


@given(report=REPORTS)
def test_parses_and_says_everything(report: Report) -> None:
    root = parsed(report)

    said = "\n".join(text for text in root.itertext() if text.strip())
    for finding in report.findings:
        assert visible(finding.message) in said
    suites = len({*report.entries, *(finding.entry for finding in report.findings)})
    assert root.get("tests") == str(suites + len(report.skipped))
    assert root.get("skipped") == str(len(report.skipped))
    failed = {finding.entry for finding in report.findings if finding.severity is Severity.ERROR}
    assert root.get("failures") == str(len(failed))
