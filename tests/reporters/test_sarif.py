import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator

from bot.checks import CHECKS
from bot.checks.base import Check
from bot.model import START, Finding, Report, Severity, Skip
from bot.reporters.sarif import render
from tests.reporters.reports import REPORT, REPORTS

VALIDATOR = Draft4Validator(json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_bytes()))
FINDING = Finding("lists/a/alerts.yaml", START, Severity.ERROR, "b/c", "does not load", "mend it", "a", "x: 1")


def run_of(report: Report, **options: Any) -> Any:
    """The only run of a log."""
    [run] = json.loads(render(report, **options))["runs"]
    return run


def fingerprints(*findings: Finding) -> list[str]:
    results = run_of(Report(".", ("a",), findings))["results"]
    return [result["partialFingerprints"]["findingHash/v1"] for result in results]


def test_the_judge_is_awake() -> None:
    log = json.loads(render(REPORT))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0

    assert not VALIDATOR.is_valid(log)


@settings(max_examples=20)
@given(report=REPORTS)
def test_is_valid(report: Report) -> None:
    VALIDATOR.validate(json.loads(render(report)))


def test_rules_are_sorted_and_referred_to() -> None:
    run = run_of(REPORT)

    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(rules)
    for finding, result in zip(REPORT.findings, run["results"], strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == finding.check
    for skip, told in zip(REPORT.skipped, run["invocations"][0]["toolExecutionNotifications"], strict=True):
        assert rules[told["associatedRule"]["index"]] == told["associatedRule"]["id"] == skip.check


def test_rules_are_described() -> None:
    check = Check("b/c", Severity.WARNING, "What must hold.\n\nWhy it matters.\n")

    assert run_of(Report(".", ("a",), (FINDING,)), checks=[check])["tool"]["driver"]["rules"] == [
        {
            "id": "b/c",
            "shortDescription": {"text": "What must hold."},
            "help": {
                "text": "What must hold.\n\nWhy it matters.",
                "markdown": "What must hold.\n\nWhy it matters.",
            },
            "defaultConfiguration": {"level": "warning"},
        }
    ]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_makes_a_valid_rule(check: Check) -> None:
    report = Report(".", ("a",), (replace(FINDING, check=check.id),))

    VALIDATOR.validate(json.loads(render(report)))
    [rule] = run_of(report)["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == check.doc.splitlines()[0]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("up{job='x'}", "up{{job='x'}}"),
        ("see [a](https://evil.example)", "see [a] (https://evil.example)"),
        ("a\nb", "a\\u{{a}}b"),
    ],
)
def test_messages_hold_no_links_and_no_arguments(message: str, text: str) -> None:
    [result] = run_of(Report(".", ("a",), (replace(FINDING, message=message),)))["results"]

    assert result["message"] == {"text": f"{text}\nhelp: mend it"}


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("lists/a/alerts.yaml", "lists/a/alerts.yaml"),
        ("lists/a b#?%.yaml", "lists/a%20b%23%3F%25.yaml"),
        ("a:b\n", "a%3Ab%0A"),
        ("\u65e5", "%E6%97%A5"),
        ("\udc80", "%ED%B2%80"),
    ],
)
def test_places_are_percent_encoded(file: str, uri: str) -> None:
    [result] = run_of(Report(".", ("a",), (replace(FINDING, file=file),)))["results"]

    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": uri, "uriBaseId": "SRCROOT"}


def test_fingerprints_do_not_follow_the_line() -> None:
    moved = replace(FINDING, span=replace(START, line=9, end_line=9), source="    x: 1")

    assert fingerprints(FINDING) == fingerprints(moved)


def test_fingerprints_tell_findings_apart() -> None:
    others = [
        replace(FINDING, file="lists/b/alerts.yaml"),
        replace(FINDING, check="b/d"),
        replace(FINDING, message="does not parse"),
        replace(FINDING, source="x: 2"),
        FINDING,
    ]

    assert len(set(fingerprints(FINDING, *others))) == 6


def test_skips_are_notifications() -> None:
    [invocation] = run_of(Report(".", ("a",), (), (Skip("b/c", "no promtool", "get it"),)))["invocations"]

    assert invocation == {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            {
                "level": "warning",
                "message": {"text": "not checked: no promtool\nhelp: get it"},
                "associatedRule": {"id": "b/c", "index": 0},
            }
        ],
    }
