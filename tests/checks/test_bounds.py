"""What promtool must not see."""

import pytest

from bot.catalog.yaml_text import parse_yaml
from bot.checks.bounds import excess_of_rules, excess_of_tests


def series(name: str, values: str) -> list[str]:
    text = f"rule_files: [alerts.yaml]\ntests:\n- input_series:\n  - series: {name}\n    values: {values}\n"
    document = parse_yaml(text).document
    assert document is not None
    return [problem.message for problem in excess_of_tests(document)]


@pytest.mark.parametrize(
    "values",
    [
        "1x99990",
        "0x100",
        "1+1x50000 _x49990",
        "1+0x100",
        "5",
        "true",
        "1048576",
        "5 # x999999",
        "'0x'",
        "''",
        "1x000000000000001",
    ],
)
def test_few_enough_samples(values: str) -> None:
    assert series("up", values) == []


@pytest.mark.parametrize(
    "values",
    [
        "1x100000",
        "0x100000",
        "1+1x100000",
        "1-1x100000",
        "_x100000",
        "stalex100000",
        "1x50000 1x50000",
        "1x" + "9" * 5000,
        "{{schema:1}}x100000",
        "{{schema:1}}+{{schema:1}}x100000",
        '"1x\t100000"',
    ],
)
def test_too_many_samples(values: str) -> None:
    assert series("up", f"'{values}'" if values[0] in "{_" else values) == ["more than 100000 samples in this file"]


def test_a_second_series_behind_a_line_break() -> None:
    assert series('"up 1\\n  down 1x100000"', "1") == ["more than 100000 samples in this file"]
    assert series("up{path='x100000'}", "1") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("tests: []", 1),
        ("rule_files: []", 1),
        ("rule_files: alerts.yaml", 0),
        ("rule_files: {a: b}", 0),
        ("rule_files: [./alerts.yaml, ALERTS.yaml, [alerts.yaml], alerts.yam?]", 4),
        ("rule_files: [alerts.yaml]\ntests: [{alert_rule_test: [{eval_time: [1]}, 1, {}]}, 5]", 0),
        ("rule_files: [alerts.yaml]\nevaluation_interval: 0s\ntests: [{alert_rule_test: [{eval_time: 30d}]}]", 0),
        ("rule_files: [alerts.yaml]\nevaluation_interval: 1ms\ntests: [{alert_rule_test: [{eval_time: 51s}]}]", 1),
    ],
)
def test_files_and_times(text: str, count: int) -> None:
    document = parse_yaml(text).document
    assert document is not None
    assert len(list(excess_of_tests(document))) == count


def test_expressions_of_rules_that_are_no_rules() -> None:
    """promtool parses an expression even where its rule has no name."""
    document = parse_yaml(f"groups: [{{rules: [{{expr: '{'(' * 101}'}}]}}]").document
    assert document is not None
    assert [problem.where for problem in excess_of_rules(document)] == [("groups", 0, "rules", 0, "expr")]
