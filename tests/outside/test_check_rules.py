"""promtool check rules: real promtool, every version found."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.base import RuleFault
from bot.outside.promtool import PromtoolBinary
from bot.outside.promtool_rules import checked, rule_faults
from tests.promtools import PROMTOOLS, VERSIONS

GOOD = "groups: [{name: a, rules: [{alert: A, expr: up == 0}]}]\n"


@dataclass(frozen=True)
class Case:
    """A rule file and each fault: line, column, group, rule, part, message, place in the expression."""

    id: str
    text: str
    faults: list[str]
    before_3: list[str] | None = None
    """Where promtool 2 says something else."""


def listed(fault: RuleFault) -> str:
    where = f"{fault.line}:{fault.column}"
    rule = "" if fault.rule is None else f"#{fault.rule}"
    part = ".".join(fault.part)
    position = f" at {fault.expr_position[0]}:{fault.expr_position[1]}" if fault.expr_position else ""
    return f"{where} {fault.group!r}{rule} {part}: {fault.message}{position}"


def rule(text: str) -> str:
    """A file of one rule, given in flow style."""
    return f"groups:\n  - name: a\n    rules:\n      - {{{text}}}\n"


CASES = [
    Case("good", GOOD, []),
    Case("nothing", "", []),
    Case("no groups", "groups: []\n", []),
    Case("duplicate rules", "groups: [{name: a, rules: [{alert: A, expr: up}, {alert: A, expr: up}]}]\n", []),
    Case(
        "expression",
        rule("alert: A, expr: 'sum(rate(foo[5m])) by (job) / / 2'"),
        ["4:26 'a'#0 expr: unexpected <op:/> at 1:31"],
    ),
    Case(
        "expression of several lines",
        "groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: |\n          sum(a)\n            / / b\n",
        ["5:15 'a'#0 expr: unexpected <op:/> at 2:5"],
    ),
    Case(
        "columns in the expression count bytes",
        rule("alert: A, expr: 'foo{a=\"é\"} / / 2'"),
        ["4:26 'a'#0 expr: unexpected <op:/> at 1:15"],
    ),
    Case(
        "columns in the file count characters",
        rule("alert: é\U0001f600é, expr: 'foo('"),
        ["4:28 'a'#0 expr: unclosed left parenthesis at 1:5"],
    ),
    Case(
        "end of the expression",
        rule("alert: A, expr: 'foo{'"),
        ["4:26 'a'#0 expr: unexpected end of input inside braces at 1:5"],
    ),
    Case(
        "unknown function",
        rule("alert: A, expr: 'foo(bar)'"),
        ["4:26 'a'#0 expr: unknown function with name \"foo\" at 1:1"],
    ),
    Case(
        "types",
        rule("alert: A, expr: rate(foo)"),
        ["4:26 'a'#0 expr: expected type range vector in call to function \"rate\", got instant vector at 1:6"],
    ),
    Case(
        "range",
        rule("alert: A, expr: 'rate(foo[5x])'"),
        ["4:26 'a'#0 expr: bad number or duration syntax: \"5\" at 1:10"],
        ["4:26 'a'#0 expr: bad duration syntax: \"5\" at 1:10"],
    ),
    Case("empty expression", rule("alert: A, expr: ''"), ["4:26 'a'#0 : field 'expr' must be set in rule"]),
    Case("no expression", rule("alert: A"), ["0:0 'a'#0 : field 'expr' must be set in rule"]),
    Case(
        "alert and record",
        rule("alert: A, record: b, expr: up"),
        ["4:28 'a'#0 : only one of 'record' and 'alert' must be set"],
    ),
    Case("neither alert nor record", rule("expr: up"), ["0:0 'a'#0 : one of 'record' or 'alert' must be set"]),
    Case(
        "what a recording rule cannot have",
        rule("record: b, expr: up, for: 5m, keep_firing_for: 1m, annotations: {a: b}"),
        [
            "4:18 'a'#0 annotations: invalid field 'annotations' in recording rule",
            "4:18 'a'#0 for: invalid field 'for' in recording rule",
            "4:18 'a'#0 keep_firing_for: invalid field 'keep_firing_for' in recording rule",
        ],
    ),
    Case(
        "name of a recording rule",
        rule("record: 'a{b}', expr: up"),
        ["4:18 'a'#0 record: braces present in the recording rule name; should it be in expr?: a{b}"],
        ["4:18 'a'#0 record: invalid recording rule name: a{b}"],
    ),
    Case(
        "names of labels",
        rule("alert: A, expr: up, labels: {__name__: x, a-b: x}, annotations: {c-d: x}"),
        ["0:0 'a'#0 labels.__name__: invalid label name: __name__"],
        [
            "0:0 'a'#0 annotations.c-d: invalid annotation name: c-d",
            "0:0 'a'#0 labels.__name__: invalid label name: __name__",
            "0:0 'a'#0 labels.a-b: invalid label name: a-b",
        ],
    ),
    Case(
        "templates, in the order of their names whatever Go's",
        rule(
            "alert: 'A:1: b', expr: up, labels: {d: '{{ $value', b: '{{ nope }}'}, "
            "annotations: {c: '{{ end }}', a: \"x\\n{{ if }}\"}"
        ),
        [
            "0:0 'a'#0 annotations.a: annotation \"a\": missing value for if",
            "0:0 'a'#0 annotations.c: annotation \"c\": unexpected {{end}}",
            '0:0 \'a\'#0 labels.b: label "b": function "nope" not defined',
            "0:0 'a'#0 labels.d: label \"d\": unclosed action",
        ],
    ),
    Case(
        "a name like promtool's own words",
        "groups:\n  - name: 'x\", rule 7, \"y: 1:2'\n    rules: [{alert: 'a\"\\, rule 9', expr: ')'}]\n",
        ["3:42 'x\", rule 7, \"y: 1:2'#0 expr: unexpected right parenthesis ')' at 1:2"],
    ),
    Case(
        "repeated group",
        "groups:\n  - name: a\n    rules: []\n  - name: a\n    rules: []\n",
        ["0:0 'a' : groupname: \"a\" is repeated in the same file"],
        ["4:5 'a' : groupname: \"a\" is repeated in the same file"],
    ),
    Case(
        "group without a name",
        "groups:\n  - rules: []\n",
        ["0:0 '' : Groupname must not be empty"],
        ["2:5 '' : Groupname must not be empty"],
    ),
    Case(
        "unknown fields",
        "groups:\n  - name: a\n    intervall: 5m\n    rules:\n      - alert: A\n        exprr: up\nfoo: 1\n",
        [
            "3:0 '' : a group has no field \"intervall\"",
            "6:0 '' : a rule has no field \"exprr\"",
            "7:0 '' : a rule file has no field \"foo\"",
        ],
    ),
    Case(
        "wrong types",
        "groups:\n  - a\n  - {name: [b], rules: {}}\n  - {name: c, rules: [d, {alert: {}, labels: []}]}\n",
        [
            "2:0 '' : text \"a\" stands where a group belongs",
            "3:0 '' : a list stands where text belongs",
            "3:0 '' : a mapping stands where a list belongs",
            "4:0 '' : a list stands where a mapping belongs",
            "4:0 '' : a mapping stands where text belongs",
            "4:0 '' : text \"d\" stands where a rule belongs",
        ],
        [
            "2:0 '' : text \"a\" stands where a group belongs",
            "3:0 '' : a list stands where text belongs",
            "3:0 '' : a mapping stands where a list belongs",
            "4:0 '' : a list stands where a mapping belongs",
            "4:0 '' : text \"d\" stands where a rule belongs",
        ],
    ),
    Case("a list", "- a\n", ["1:0 '' : a list stands where a rule file belongs"]),
    Case("a number", "groups: 5\n", ["1:0 '' : 5 stands where a list belongs"]),
    Case(
        "duration",
        rule("alert: A, expr: up, for: 5 minutes"),
        ['0:0 \'\' : unknown unit " minutes" in duration "5 minutes"'],
        ["0:0 '' : not a valid duration string: \"5 minutes\""],
    ),
    Case("syntax", "groups:\n  - name: a\n    rules: [\n", ["3:0 '' : did not find expected node content"]),
    Case(
        "duplicate keys",
        "groups:\n  - name: a\n    name: b\n    rules: []\n",
        ["3:0 '' : mapping key \"name\" already defined at line 2"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_verdicts(promtool: PromtoolBinary, case: Case, tmp_path: Path) -> None:
    file = tmp_path / "alerts.yaml"
    file.write_text(case.text, encoding="utf-8")
    is_old = promtool.version.startswith("2.") and case.before_3 is not None
    faults = list(promtool.check_rules([file]))
    assert [listed(fault) for fault in faults] == (case.before_3 if is_old else case.faults)
    assert {fault.file for fault in faults} <= {file}


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_several_files_in_their_order(promtool: PromtoolBinary, tmp_path: Path) -> None:
    names = ["z.yaml", "good.yaml", "a.yaml", "-x.yaml", "two\nlines: 1:1: b.yaml", "@good.yaml"]
    files = [tmp_path / name for name in names]
    for number, file in enumerate(files):
        file.write_text(GOOD if "good" in file.name else rule(f"alert: A{number}, expr: 'up{number}('"))
    assert [(fault.file, fault.message) for fault in promtool.check_rules(files)] == [
        (files[number], "unclosed left parenthesis") for number in (0, 2, 3, 4)
    ]


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_a_path_from_here(promtool: PromtoolBinary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alerts.yaml").write_text("a: 1\n")
    monkeypatch.chdir(tmp_path)
    assert [listed(fault) for fault in promtool.check_rules([Path("alerts.yaml")])] == [
        "1:0 '' : a rule file has no field \"a\""
    ]


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_words_of_a_file_are_not_the_verdict_on_another(promtool: PromtoolBinary, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text('groups: [{name: a, rules: [{record: "a\\ngood.yaml: 1:1: b\\n  FAILED:\\n1: c{", expr: up}]}]\n')
    good.write_text(GOOD)
    faults = list(promtool.check_rules([bad, good]))
    assert [(fault.file, fault.part) for fault in faults] == [(bad, ("record",))]
    assert "a good.yaml: 1:1: b 1: c{" in faults[0].message


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_what_is_no_file_harms_no_other(promtool: PromtoolBinary, tmp_path: Path) -> None:
    good, folder, missing, bad = (tmp_path / name for name in ("good.yaml", "folder", "missing.yaml", "bad.yaml"))
    good.write_text(GOOD)
    folder.mkdir()
    bad.write_text("a: 1\n")
    assert [(fault.file, fault.message) for fault in promtool.check_rules([good, folder, missing, bad])] == [
        (folder, "promtool ended with exit code 1: promtool: error: 'folder' is a directory, try --help"),
        (missing, "promtool ended with exit code 1: promtool: error: path 'missing.yaml' does not exist, try --help"),
        (bad, 'a rule file has no field "a"'),
    ]


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_a_file_that_never_ends_harms_no_other(promtool: PromtoolBinary, tmp_path: Path) -> None:
    impatient = PromtoolBinary(promtool.path, timeout=3)
    good, fifo, bad = (tmp_path / name for name in ("good.yaml", "fifo.yaml", "bad.yaml"))
    good.write_text(GOOD)
    os.mkfifo(fifo)
    bad.write_text("a: 1\n")
    assert [(fault.file, fault.message) for fault in impatient.check_rules([good, fifo, bad])] == [
        (fifo, "promtool did not finish within 3 s on this file"),
        (bad, 'a rule file has no field "a"'),
    ]


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_no_files(promtool: PromtoolBinary) -> None:
    assert list(promtool.check_rules([])) == []


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.data())
def test_the_place_in_an_expression_in_characters(expr: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(expr)))
    lines = expr[:offset].split("\n")
    position = (len(lines), len(lines[-1].encode()) + 1)
    fault = RuleFault(Path("a"), 0, 0, "", None, ("expr",), "", position)
    assert fault.expr_offset(expr) == offset


def test_a_place_behind_the_expression_is_its_end() -> None:
    assert RuleFault(Path("a"), 0, 0, "", None, ("expr",), "", (3, 1)).expr_offset("up\n") == 3
    assert RuleFault(Path("a"), 0, 0, "", None, ("expr",), "", (1, 99)).expr_offset("up") == 2
    assert RuleFault(Path("a"), 0, 0, "", None, ("expr",), "", None).expr_offset("up") is None


@given(st.text())
def test_no_word_of_promtool_is_lost(text: str) -> None:
    result = checked("Checking mark-1\n  SUCCESS\n", f"stray\n  FAILED:\nmark-0: begin {text}", "mark")
    assert (result.stray, result.begun, result.unaccounted(3)) == ("stray", True, [2])
    words = "".join(fault.message for fault in rule_faults(Path("a"), result.errors[0]))
    assert [word for word in ("begin", *text.split()) if word not in words and word != "FAILED:"] == []
