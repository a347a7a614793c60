import json
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from bot.model import LEVELS, Report
from bot.reporters.json import render
from bot.reporters.wording import page_of
from tests.reporters.reports import REPORT, REPORTS

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/report.schema.json").read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(report=REPORTS)
def test_follows_the_schema(report: Report) -> None:
    VALIDATOR.validate(json.loads(render(report)))


def test_schema_names_every_key() -> None:
    document = json.loads(render(REPORT))

    assert list(document) == list(SCHEMA["properties"])
    for name, example in (("finding", document["findings"][0]), ("skip", document["skipped"][0])):
        assert list(example) == list(SCHEMA["$defs"][name]["properties"]) == SCHEMA["$defs"][name]["required"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"surprise": 1}, "Additional properties are not allowed ('surprise' was unexpected)"),
        ({"version": 2}, "1 was expected"),
        (
            {"proof": {"demo": {"level": "guessed", "reason": ""}}},
            "'guessed' is not one of ['unproven', 'listed', 'loads', 'referenced', 'tested', 'observed']",
        ),
        ({"counts": {"error": 0, "warning": 0}}, "'info' is a required property"),
    ],
)
def test_schema_is_closed(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError) as raised:
        VALIDATOR.validate(json.loads(render(REPORT)) | change)

    assert raised.value.message == message


def test_the_schema_knows_every_level() -> None:
    assert SCHEMA["$defs"]["proof"]["properties"]["level"]["enum"] == list(LEVELS)


@given(report=REPORTS)
def test_loses_nothing_but_half_characters(report: Report) -> None:
    told = json.loads(render(report))

    for finding, data in zip(report.findings, told["findings"], strict=True):
        for text, written in ((finding.message, data["message"]), (finding.file, data["file"])):
            whole = not any("\ud800" <= character <= "\udfff" for character in text)
            assert (written == text) is whole
        place = (data["line"], data["column"], data["end_line"], data["end_column"])
        span = finding.span
        assert place == (span.line, span.column, span.end_line, span.end_column)
        assert data["severity"] == finding.severity


@pytest.mark.parametrize(
    ("check", "url"),
    [
        ("alerts/labels", "docs/checks.md#alertslabels"),
        ("entry/a_b-c", "docs/checks.md#entrya_b-c"),
        ("Two words", "docs/checks.md#two-words"),
    ],
)
def test_url_is_the_anchor_of_a_heading(check: str, url: str) -> None:
    assert page_of(check) == url
