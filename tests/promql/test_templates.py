"""Templates: accepted and refused as promtool does, and what they read."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outside.promtool import PromtoolBinary
from bot.promql.templates import Operand, is_ordinary, parse
from tests.promql.template_texts import BAD, GOOD, NEWER, random_templates
from tests.promtools import PROMTOOLS, VERSIONS


def operand(name: str, *fields: str, path: tuple[str, ...] = (), at: int, length: int) -> Operand:
    return Operand(name, fields, at, at + length, path)


def refused(promtool: PromtoolBinary, texts: tuple[str, ...] | list[str], folder: Path) -> dict[str, str]:
    """What promtool says of each template that it does not take."""
    rules = [{"alert": f"A{index}", "expr": "up", "annotations": {"a": text}} for index, text in enumerate(texts)]
    file = folder / "alerts.yaml"
    file.write_text(json.dumps({"groups": [{"name": "demo", "rules": rules}]}), encoding="utf-8")
    faults = list(promtool.check_rules([file]))
    assert all(fault.rule is not None and fault.part == ("annotations", "a") for fault in faults), faults
    return {texts[fault.rule or 0]: fault.message for fault in faults}


@pytest.mark.parametrize("text", [*GOOD, *NEWER])
def test_good(text: str) -> None:
    assert parse(text).error is None


@pytest.mark.parametrize("text", BAD)
def test_bad(text: str) -> None:
    error = parse(text).error
    assert error is not None
    assert 0 <= error.start < error.end <= len(text)


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_promtool_agrees_on_the_chosen_ones(promtool: PromtoolBinary, tmp_path: Path) -> None:
    assert set(refused(promtool, [*GOOD, *BAD], tmp_path)) == set(BAD)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_promtool_agrees_on_random_ones(promtool: PromtoolBinary, seed: int, tmp_path: Path) -> None:
    texts = random_templates(seed, 1000)
    theirs = refused(promtool, texts, tmp_path)
    ours = {text: str(error) for text in texts if (error := parse(text).error)}
    differences = {text: (ours.get(text), theirs.get(text)) for text in ours.keys() ^ theirs.keys()}
    assert differences == {}
    assert 200 < len(ours) < 950


@given(st.text(alphabet="{}{}{} ..$x1\"'`|()-\\/*\né:=,", max_size=40))
def test_any_text_is_read(text: str) -> None:
    """Never raises, and an error lies inside the text."""
    template = parse(text)
    if template.error:
        assert 0 <= template.error.start <= template.error.end <= len(text)
        assert template.error.message
        assert "\n" not in template.error.message
    assert all(0 <= operand.start < operand.end <= len(text) for operand in template.operands)


def test_operands() -> None:
    assert parse("{{ $labels.a }} {{ .Value | humanize }} {{ $.Labels.b }} {{ $ }}").operands == (
        operand("$labels", "a", path=("Labels", "a"), at=3, length=9),
        operand("", "Value", path=("Value",), at=19, length=6),
        operand("humanize", at=28, length=8),
        operand("$", "Labels", "b", path=("Labels", "b"), at=43, length=10),
        operand("$", at=60, length=1),
    )


def test_the_cursor_is_the_alert_only_outside_of_blocks() -> None:
    text = "{{ with 1 }}{{ .a }}{{ else }}{{ .b }}{{ end }}{{ range . }}{{ .c }}{{ $.d }}{{ end }}"
    text += "{{ if 1 }}{{ .e }}{{ end }}"
    paths = {operand.fields: operand.path for operand in parse(text).operands}
    assert paths == {("a",): (), ("b",): ("b",), ("c",): (), ("d",): ("d",), ("e",): ("e",)}


def test_a_named_template_knows_nothing_of_the_alert() -> None:
    operands = parse("{{ define `t` }}{{ .a }}{{ $.b }}{{ end }}{{ block `u` $labels.c }}{{ .d }}{{ end }}").operands
    assert {operand.fields: operand.path for operand in operands} == {
        ("a",): (),
        ("b",): (),
        ("c",): ("Labels", "c"),
        ("d",): (),
    }


def test_conditions() -> None:
    text = "{{ if gt $value 1.0 }}{{ $value }}{{ else if (eq .Value 2.0) }}{{ end }}{{ with $value }}{{ end }}"
    conditions = [(text[o.start : o.end], o.in_condition) for o in parse(text).operands]
    assert conditions == [
        ("gt", True),
        ("$value", True),
        ("$value", False),
        ("eq", True),
        (".Value", True),
        ("$value", False),
    ]


def test_operands_up_to_the_error() -> None:
    template = parse("{{ $labels.a }}{{ $foo }}{{ $labels.b }}")
    assert [operand.fields for operand in template.operands] == [("a",)]
    assert template.error is not None
    assert (template.error.start, template.error.end, template.error.word) == (18, 22, "$foo")
    assert template.error.known == ("$externalLabels", "$externalURL", "$labels", "$value")


@pytest.mark.parametrize("text", ["{{ if 1 }}" * 5000, "{{ " + "(" * 5000, "{{ if 1 }}{{ else " * 5000 + "x"])
def test_deep_nesting_is_an_error(text: str) -> None:
    assert parse(text).error is not None


def test_a_long_chain_is_not_deep() -> None:
    assert parse("{{ if 1 }}" + "{{ else if 1 }}" * 2000 + "{{ end }}").error is None


def test_what_looks_ordinary_is_sound() -> None:
    texts = [*GOOD, *BAD, *NEWER, *random_templates(7, 3000), "{{ $labels.a }} at {{$value|humanize}} {x} }} {"]
    ordinary = [text for text in texts if "{{" in text and is_ordinary(text)]
    assert len(ordinary) >= 3
    for text in ordinary:
        template = parse(text)
        assert template.error is None
        assert {operand.path[:1] for operand in template.operands} <= {(), ("Labels",), ("Value",)}
