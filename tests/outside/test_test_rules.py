"""promtool test rules: real promtool, every version found."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.base import UnitTestFault
from bot.outside.promtool import PromtoolBinary
from bot.outside.promtool_tests import unit_test_faults
from tests.promtools import PROMTOOLS, VERSIONS

RULES = r"""
groups:
  - name: a
    rules:
      - alert: Down
        expr: up == 0
        for: 2m
        labels: {severity: critical}
        annotations: {summary: "{{ $labels.job }} is \"down\", é", more: "a\nb"}
      - alert: Any
        expr: up >= 0
      - record: all
        expr: sum(up)
"""
SERIES = """
    input_series:
      - {series: 'up{job="x"}', values: 0x20}
      - {series: 'up{job="y"}', values: 1x20}
"""
HEAD = "rule_files: [alerts.yaml]\nevaluation_interval: 1m\ntests:\n"

both_versions = pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)


def faults(promtool: PromtoolBinary, folder: Path, tests: str, rules: str = RULES) -> list[UnitTestFault]:
    (folder / "alerts.yaml").write_text(rules, encoding="utf-8")
    file = folder / "alerts_test.yaml"
    file.write_text(tests, encoding="utf-8")
    found = list(promtool.test_rules([file]))
    assert {fault.file for fault in found} <= {file}
    return found


def of_cases(promtool: PromtoolBinary, folder: Path, cases: str) -> list[UnitTestFault]:
    return faults(promtool, folder, f"{HEAD}  - interval: 1m{SERIES}    alert_rule_test:\n{cases}")


@both_versions
def test_what_passes(promtool: PromtoolBinary, tmp_path: Path) -> None:
    assert of_cases(promtool, tmp_path, "      - {eval_time: 1m, alertname: Down, exp_alerts: []}\n") == []


@both_versions
def test_fires_and_should_not(promtool: PromtoolBinary, tmp_path: Path) -> None:
    (fault,) = of_cases(promtool, tmp_path, "      - {eval_time: 300s, alertname: Down, exp_alerts: []}\n")
    assert fault.message == 'Down at 5m: expected no alert, got {job="x", severity="critical"}'
    assert (fault.test, fault.alert, fault.eval_time, fault.fires) == ("", "Down", "5m", False)
    assert fault.details == "\n".join(
        [
            "    alertname: Down, time: 5m, ",
            "        exp:[], ",
            "        got:[",
            "            0:",
            '              Labels:{alertname="Down", job="x", severity="critical"}',
            '              Annotations:{more="a\\nb", summary="x is \\"down\\", é"}',
            "            ]",
        ]
    )


@both_versions
def test_quiet_and_should_not_be(promtool: PromtoolBinary, tmp_path: Path) -> None:
    (fault,) = of_cases(
        promtool,
        tmp_path,
        "      - {eval_time: 90s, alertname: Down, exp_alerts: [{exp_labels: {severity: critical, job: x}}]}\n",
    )
    assert fault.message == 'Down at 1m30s: expected {job="x", severity="critical"}, got no alert'
    assert (fault.alert, fault.eval_time, fault.fires) == ("Down", "1m30s", True)


@both_versions
def test_an_alert_that_does_not_exist(promtool: PromtoolBinary, tmp_path: Path) -> None:
    (fault,) = of_cases(promtool, tmp_path, "      - {eval_time: 5m, alertname: Up, exp_alerts: [{}]}\n")
    assert (fault.message, fault.fires) == ("Up at 5m: expected an alert, got no alert", True)


@both_versions
def test_other_labels_and_annotations(promtool: PromtoolBinary, tmp_path: Path) -> None:
    (fault,) = of_cases(
        promtool,
        tmp_path,
        "      - eval_time: 5m\n        alertname: Down\n        exp_alerts:\n"
        "          - {exp_labels: {severity: page, host: b, job: x}, exp_annotations: {summary: down}}\n",
    )
    assert fault.message == (
        'Down at 5m: label host: expected "b", got none; label severity: expected "page", got "critical"; '
        'annotation more: expected none, got "a b"; annotation summary: expected "down", got "x is "down", é"'
    )


@both_versions
def test_another_number_of_alerts(promtool: PromtoolBinary, tmp_path: Path) -> None:
    (fault,) = of_cases(
        promtool,
        tmp_path,
        "      - {eval_time: 5m, alertname: Any, exp_alerts: [{exp_labels: {job: x}}]}\n",
    )
    assert fault.message == 'Any at 5m: expected {job="x"}, got 2 alerts: {job="x"}, {job="y"}'


@both_versions
def test_the_second_of_two_alerts(promtool: PromtoolBinary, tmp_path: Path) -> None:
    (fault,) = of_cases(
        promtool,
        tmp_path,
        "      - {eval_time: 5m, alertname: Any, exp_alerts: [{exp_labels: {job: x}}, {exp_labels: {job: z}}]}\n",
    )
    assert fault.message == 'Any at 5m: label job: expected "z", got "y"'


@both_versions
def test_names_of_tests_and_their_order(promtool: PromtoolBinary, tmp_path: Path) -> None:
    case = "      - {eval_time: 5m, alertname: Down}\n"
    tests = "".join(
        f"  - interval: 1m\n{name}{SERIES}    alert_rule_test:\n{case}"
        for name in ("    name: b, or not\n", "    name: a\n", "")
    )
    found = faults(promtool, tmp_path, HEAD + tests)
    assert [(fault.test, fault.alert, fault.eval_time) for fault in found] == [
        ("b, or not", "Down", "5m"),
        ("a", "Down", "5m"),
        ("", "Down", "5m"),
    ]
    assert found[0].details.startswith("    name: b, or not,\n    alertname: Down, time: 5m, \n")


@both_versions
def test_expressions(promtool: PromtoolBinary, tmp_path: Path) -> None:
    found = faults(
        promtool,
        tmp_path,
        f"{HEAD}  - interval: 1m{SERIES}    promql_expr_test:\n"
        "      - {expr: all, eval_time: 3m, exp_samples: [{labels: all, value: 7}]}\n"
        "      - {expr: \"up{job='x'}\\n\", eval_time: 3m}\n"
        "      - {expr: 'up{', eval_time: 3m}\n"
        "      - {expr: up, eval_time: 4m, exp_samples: [{labels: 'up{', value: 7}]}\n",
    )
    assert [(fault.message, fault.alert, fault.eval_time, fault.fires) for fault in found] == [
        ('all at 3m: expected {__name__="all"} 7E+00, got {__name__="all"} 1E+00', "", "3m", None),
        ('up{job=\'x\'} at 3m: expected nil, got {__name__="up", job="x"} 0E+00', "", "3m", None),
        ("up{ at 3m: 1:4: parse error: unexpected end of input inside braces", "", "3m", None),
        ('up at 4m: labels "up{": 1:4: parse error: unexpected end of input inside braces', "", "4m", None),
    ]


@both_versions
def test_a_rule_that_cannot_be_evaluated(promtool: PromtoolBinary, tmp_path: Path) -> None:
    (fault,) = faults(
        promtool,
        tmp_path,
        f"{HEAD}  - interval: 1m{SERIES}    alert_rule_test: [{{eval_time: 1m, alertname: Pair}}]\n",
        "groups: [{name: a, rules: [{alert: Pair, expr: up + on() up}]}]\n",
    )
    assert fault.message.startswith("Pair cannot be evaluated at 0s: found duplicate series for the match group {} on ")
    assert (fault.alert, fault.eval_time, fault.fires) == ("Pair", "0s", None)


@both_versions
def test_rules_that_do_not_load(promtool: PromtoolBinary, tmp_path: Path) -> None:
    case = "    alert_rule_test: [{eval_time: 1m, alertname: A}]\n"
    found = faults(
        promtool,
        tmp_path,
        f"{HEAD}  - interval: 1m{SERIES}{case}  - interval: 1m{SERIES}{case}",
        "groups: [{name: a, rules: [{alert: A, expr: '1 +'}, {alert: A, expr: '2 +'}]}]\n",
    )
    assert [fault.message for fault in found] == [
        "alerts.yaml does not load: rule 1 of group a: unexpected end of input",
        "alerts.yaml does not load: rule 2 of group a: unexpected end of input",
    ]
    assert "alerts.yaml: 1:" in found[0].details


@both_versions
def test_rules_that_are_not_there(promtool: PromtoolBinary, tmp_path: Path) -> None:
    tests = "rule_files: [nowhere.yaml]\ntests: [{alert_rule_test: [{eval_time: 1m, alertname: A}]}]\n"
    assert [fault.message for fault in faults(promtool, tmp_path, tests)] == [
        'no file matches "nowhere.yaml" of rule_files'
    ]


@both_versions
@pytest.mark.parametrize(
    ("tests", "messages"),
    [
        ("rule_files: [alerts.yaml\n", ["line 1: did not find expected ',' or ']'"]),
        (
            "rule_files: alerts.yaml\ntests:\n  - a\n",
            ['line 1: text "alerts...." stands where a list belongs', 'line 3: text "a" stands where a test belongs'],
        ),
        ("rule_files: []\ngroup_eval_order: [a, a]\n", ["group name repeated in evaluation order: a"]),
        (
            "tests: [{alert_rule_test: [{eval_time: 5m}]}]\n",
            ["an item under alert_rule_test misses required attribute alertname at eval_time 5m"],
        ),
        (
            "tests: [{input_series: [{series: 'up{job=\"x\"', values: '0'}]}]\n",
            ["input_series do not parse: unexpected character inside braces: '0'"],
        ),
        (
            "tests: [{input_series: [{series: up, values: 0 a}]}]\n",
            ['input_series do not parse: unexpected identifier "a" in series values, expected number or "stale"'],
        ),
    ],
    ids=["syntax", "types", "order", "nameless", "series", "values"],
)
def test_files_that_cannot_be_run(promtool: PromtoolBinary, tests: str, messages: list[str], tmp_path: Path) -> None:
    found = faults(promtool, tmp_path, tests)
    assert [fault.message for fault in found] == messages
    assert {(fault.test, fault.alert, fault.eval_time, fault.fires) for fault in found} == {("", "", "", None)}


@both_versions
def test_many_files_in_their_order(promtool: PromtoolBinary, tmp_path: Path) -> None:
    files = []
    for number in range(40):
        folder = tmp_path / f"{40 - number}"
        folder.mkdir()
        (folder / "alerts.yaml").write_text(RULES, encoding="utf-8")
        files.append(folder / "alerts_test.yaml")
        files[-1].write_text(
            f"{HEAD}  - interval: 1m{SERIES}    alert_rule_test:\n"
            f"      - {{eval_time: {'5m' if number % 9 == 3 else '1m'}, alertname: Down}}\n"
        )
    several = PromtoolBinary(promtool.path, jobs=2)
    assert [(fault.file, fault.alert) for fault in several.test_rules(files)] == [
        (files[number], "Down") for number in (3, 12, 21, 30, 39)
    ]


@both_versions
def test_a_path_from_here(promtool: PromtoolBinary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alerts_test.yaml").write_text("rule_files: [nowhere.yaml]\n")
    monkeypatch.chdir(tmp_path)
    (fault,) = promtool.test_rules([Path("alerts_test.yaml")])
    assert (fault.file, fault.message) == (Path("alerts_test.yaml"), 'no file matches "nowhere.yaml" of rule_files')


@both_versions
def test_more_memory_than_there_may_be(promtool: PromtoolBinary, tmp_path: Path) -> None:
    tests = "tests: [{input_series: [{series: up, values: 1x9999999999}]}]\n"
    assert [fault.message for fault in faults(promtool, tmp_path, tests)] == [
        "promtool needs more than 1024 MiB for this file"
    ]


@both_versions
def test_more_time_than_there_may_be(promtool: PromtoolBinary, tmp_path: Path) -> None:
    impatient = PromtoolBinary(promtool.path, jobs=1, timeout=2)
    tests = "evaluation_interval: 1ms\ntests: [{alert_rule_test: [{eval_time: 9000d, alertname: A}]}]\n"
    assert [fault.message for fault in faults(impatient, tmp_path, tests)] == [
        "promtool did not finish within 2 s on this file"
    ]


@both_versions
def test_no_files(promtool: PromtoolBinary) -> None:
    assert list(promtool.test_rules([])) == []


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_no_word_of_promtool_is_lost(text: str) -> None:
    printed = f"  FAILED:\n    alertname: A, time: 5m, \n        exp:{text}"
    details = "\n".join(fault.details for fault in unit_test_faults(Path("/a/b.yaml"), printed))
    assert [word for word in text.split() if word not in details and word != "FAILED:"] == []
