"""What promtool test rules prints of one file, read back.

The formats are alike in 2.42, 3.5 and 3.14: cmd/promtool/unittest.go in
https://github.com/prometheus/prometheus. What is not understood is passed on in promtool's words: nothing gets lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.checks.base import UnitTestFault
from bot.outside.promtool_rules import rule_faults
from bot.outside.promtool_words import QUOTED, one_line, unquoted, yaml_errors

_FAILED = re.compile(r"^  FAILED:\n", re.MULTILINE)
_BLOCK = re.compile(r"^(?=    (?:name|alertname|expr|rule): |\S|  WARNING: )", re.MULTILINE)
_ALERT = re.compile(
    r"(?:    name: (?P<test>[^\n]*),\n)?"
    r"    alertname: (?P<alert>[^\n]*), time: (?P<time>\S+), \n"
    r"        exp:(?P<exp>.*), \n"
    r"        got:(?P<got>.*)",
    re.DOTALL,
)
_EXPR = re.compile(
    rf"    expr: (?P<expr>{QUOTED}), time: (?P<time>\S+),"
    r"(?:\n        exp: (?P<exp>.*)\n        got: (?P<got>.*)| err: (?P<error>.*))",
    re.DOTALL,
)
_RULE = re.compile(r"    rule: (?P<rule>[^\n]*), time: (?P<time>\S+), err: (?P<error>.*)", re.DOTALL)
_MISSING = re.compile(r"  WARNING: no file match pattern (.*)", re.DOTALL)
_SERIES = re.compile(r"\d+:\d+: parse error: (.*)", re.DOTALL)
_FIRING = re.compile(r"^ +Labels:(\{.*\})\n +Annotations:(\{.*\}),?$", re.MULTILINE)
_PAIR = re.compile(rf"({QUOTED}|[^\s,={{]+)=({QUOTED})")
_SHORT = 160


@dataclass(frozen=True, slots=True)
class _Firing:
    """An alert that fires, or should."""

    labels: dict[str, str]
    annotations: dict[str, str]


def unit_test_faults(file: Path, output: str) -> list[UnitTestFault]:
    """Every fault that promtool printed of one test file, each once, in the order of the tests."""
    blocks = (block.rstrip("\n") for block in _joined(_BLOCK.split(_FAILED.sub("", output))))
    said = (block for block in blocks if block.strip())
    found = dict.fromkeys(fault for block in said for fault in _faults(file, block))
    # What keeps a file from running at all comes first; promtool names it in another order every time.
    return sorted(found, key=lambda fault: (1, "") if fault.eval_time else (0, fault.message))


def _joined(blocks: list[str]) -> Iterator[str]:
    """The name of a test stands on a line of its own before each of its alerts."""
    name = ""
    for block in blocks:
        if block.startswith("    name: ") and block.endswith(",\n"):
            yield name
            name = block
        else:
            yield name + block
            name = ""
    yield name


def _faults(file: Path, block: str) -> Iterator[UnitTestFault]:
    if match := _ALERT.fullmatch(block):
        alert, time = match["alert"], match["time"]
        expected, got = _firing(match["exp"]), _firing(match["got"])
        message = f"{alert} at {time}: {_difference(expected, got)}"
        yield UnitTestFault(file, message, block, match["test"] or "", alert, time, bool(expected))
    elif match := _EXPR.fullmatch(block):
        came = f"expected {_short(match['exp'] or '')}, got {_short(match['got'] or '')}"
        message = f"{_short(unquoted(match['expr']))} at {match['time']}: {_short(match['error'] or came)}"
        yield UnitTestFault(file, message, block, "", "", match["time"], None)
    elif match := _RULE.fullmatch(block):
        message = f"{match['rule']} cannot be evaluated at {match['time']}: {one_line(match['error'])}"
        yield UnitTestFault(file, message, block, "", match["rule"], match["time"], None)
    else:
        for message in _other(file, block):
            yield UnitTestFault(file, message, block, "", "", "", None)


def _other(file: Path, block: str) -> Iterator[str]:
    folder = f"{file.parent}/"
    name, colon, error = block.removeprefix(folder).partition(": ")
    if match := _MISSING.fullmatch(block):
        yield f'no file matches "{one_line(match[1].removeprefix(folder))}" of rule_files'
    elif match := _SERIES.fullmatch(block):
        yield f"input_series do not parse: {one_line(match[1])}"
    elif block.startswith(folder) and colon:
        for fault in rule_faults(file, [error]):
            rule = "" if fault.rule is None else f"rule {fault.rule + 1} of group {one_line(fault.group)}: "
            yield f"{one_line(name)} does not load: {rule}{fault.message}"
    else:
        for line, message in yaml_errors(block):
            yield f"line {line}: {message}" if line else message


def _firing(text: str) -> list[_Firing]:
    return [_Firing(_pairs(labels), _pairs(annotations)) for labels, annotations in _FIRING.findall(text)]


def _pairs(text: str) -> dict[str, str]:
    return {unquoted(name) if name[0] == '"' else name: unquoted(value) for name, value in _PAIR.findall(text)}


def _difference(expected: list[_Firing], got: list[_Firing]) -> str:
    if len(expected) == len(got):
        for want, have in zip(expected, got, strict=True):
            differences = [
                *_differences("label", want.labels, have.labels),
                *_differences("annotation", want.annotations, have.annotations),
            ]
            if differences:
                return "; ".join(differences)
    return f"expected {_alerts(expected)}, got {_alerts(got)}"


def _differences(kind: str, want: dict[str, str], have: dict[str, str]) -> Iterator[str]:
    for name in sorted(want.keys() | have.keys()):
        if want.get(name) != have.get(name):
            yield f"{kind} {name}: expected {_value(want.get(name))}, got {_value(have.get(name))}"


def _alerts(firing: list[_Firing]) -> str:
    if not firing:
        return "no alert"
    sets = ", ".join(_labels(alert.labels) for alert in firing)
    return sets if len(firing) == 1 else _short(f"{len(firing)} alerts: {sets}")


def _labels(labels: dict[str, str]) -> str:
    named = ", ".join(f'{name}="{value}"' for name, value in labels.items() if name != "alertname")
    return _short(f"{{{named}}}") if named else "an alert"


def _value(value: str | None) -> str:
    return "none" if value is None else f'"{_short(value)}"'


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"
