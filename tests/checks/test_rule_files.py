"""The embedded verdict on the structure of rule files, held against promtool's."""

from pathlib import Path

import pytest

from bot.catalog.yaml_text import parse_yaml
from bot.checks.rule_files import line_span, structure
from bot.model import START, Span
from bot.outside.promtool import PromtoolBinary
from tests.promtools import PROMTOOLS, VERSIONS

GOOD = (
    "groups:",
    "groups: []",
    "{}",
    "groups: [{name: a}]",
    "groups: [{name: a, rules: }]",
    "groups: [{name: 1, interval: 1m, limit: 5, rules: []}]",
    "groups: [{name: a, interval: , limit: }]",
    "groups: [{name: a}, {name: b}]",
    "groups: [{name: a, rules: [{alert: A, expr: up}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: 1}]}]",
    "groups: [{name: a, rules: [{alert: 1, expr: up, for: 0}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, for: 1y2w3d4h5m6s7ms, keep_firing_for: 1h30m}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, for: , labels: , annotations: }]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, labels: {code: 500, on: true, none: }}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, annotations: {summary: 5}}]}]",
    "groups: [{name: a, rules: [{record: 'a:b', expr: up, labels: {a: b}}]}]",
)
BAD = (
    "[]",
    "text",
    "gruops: []",
    "groups: text",
    "groups: {}",
    "groups: [text]",
    "groups: [{}]",
    "groups: [{name: }]",
    "groups: [{name: ''}]",
    "groups: [{name: [a]}]",
    "groups: [{name: a}, {name: a}]",
    "groups: [{name: a, intervall: 1m}]",
    "groups: [{name: a, interval: 1}]",
    "groups: [{name: a, interval: 1 m}]",
    "groups: [{name: a, interval: 1m1h}]",
    "groups: [{name: a, interval: -1m}]",
    "groups: [{name: a, interval: 1.5h}]",
    "groups: [{name: a, limit: many}]",
    "groups: [{name: a, rules: text}]",
    "groups: [{name: a, rules: [text]}]",
    "groups: [{name: a, rules: [{}]}]",
    "groups: [{name: a, rules: [{alert: A}]}]",
    "groups: [{name: a, rules: [{expr: up}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: }]}]",
    "groups: [{name: a, rules: [{alert: A, expr: ''}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: [up]}]}]",
    "groups: [{name: a, rules: [{alert: A, record: 'a:b', expr: up}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, fore: 1m}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, for: [1m]}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, for: 1 minute}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, labels: [a]}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, labels: {a: [b]}}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, labels: {__name__: b}}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, annotations: text}]}]",
    "groups: [{name: a, rules: [{record: 'a:b', expr: up, for: 1m}]}]",
    "groups: [{name: a, rules: [{record: 'a:b', expr: up, keep_firing_for: 1m}]}]",
    "groups: [{name: a, rules: [{record: 'a:b', expr: up, annotations: {a: b}}]}]",
    "groups: [{name: a, rules: [{record: 'a{b}', expr: up}]}]",
)
NEWER = (
    "groups: [{name: a, query_offset: 1m}]",
    "groups: [{name: a, labels: {a: b}}]",
)
"""Good ones that 2.42 does not know."""
OLDER = (
    "groups: [{name: a, rules: [{alert: A, expr: up, labels: {a-b: c}}]}]",
    "groups: [{name: a, rules: [{alert: A, expr: up, annotations: {a-b: c}}]}]",
    "groups: [{name: a, rules: [{record: a b, expr: up}]}]",
)
"""Bad ones that Prometheus 3 takes: names in UTF-8, which half of the tools around it do not."""


def is_refused(text: str) -> bool:
    document = parse_yaml(text).document
    assert document is not None
    return bool(list(structure(document)))


@pytest.mark.parametrize("text", [*GOOD, *NEWER])
def test_good(text: str) -> None:
    assert not is_refused(text)


@pytest.mark.parametrize("text", [*BAD, *OLDER])
def test_bad(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_promtool_agrees(promtool: PromtoolBinary, tmp_path: Path) -> None:
    files = []
    for index, text in enumerate((*GOOD, *BAD)):
        files.append(tmp_path / f"{index}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    refused = {fault.file.read_text(encoding="utf-8") for fault in promtool.check_rules(files)}
    assert refused == set(BAD)


def test_the_span_of_a_line() -> None:
    document = parse_yaml("a:\n    b: 1\n").document
    assert document is not None
    assert line_span(document, 2) == Span(2, 5, 2, 9)
    assert line_span(document, 0) == START
