"""What promtool check rules and check metrics print, read back.

The formats are alike in 2.42, 3.5 and 3.14: cmd/promtool and model/rulefmt in
https://github.com/prometheus/prometheus. What is not understood is passed on in promtool's words: nothing gets lost.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.checks.base import MetricFault, RuleFault
from bot.outside.promtool_words import QUOTED, one_line, unquoted, yaml_errors

_NOISE = re.compile(r"(?:  FAILED:|(?:ts|time)=\S+ .*)?")
_PLACE = re.compile(r"(\d+):(\d+): (?:\d+:\d+: )?")
_RULE = re.compile(rf"group ({QUOTED}), rule (\d+), ({QUOTED}): ")
_GROUP = re.compile(rf"groupname: ({QUOTED}) ")
_EXPR = re.compile(r"could not parse expression: (?:(\d+):(\d+): )?(?:parse error: )?")
_PARTS = (
    (re.compile(rf"label ({QUOTED}): "), "labels"),
    (re.compile(rf"annotation ({QUOTED}): "), "annotations"),
    (re.compile(r"invalid label name: (.*)", re.DOTALL), "labels"),
    (re.compile(r"invalid annotation name: (.*)", re.DOTALL), "annotations"),
    (re.compile(r"invalid field '(\w+)' in recording rule"), ""),
    (re.compile(r"(?:invalid|braces present in the) (record)ing rule name"), ""),
)
_METRIC = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)")


@dataclass(frozen=True, slots=True)
class Checked:
    """What promtool check rules printed of files that are named MARK-0, MARK-1 …"""

    errors: Mapping[int, list[str]]
    """By the number of the file."""
    passed: frozenset[int]
    begun: bool
    """It came to look at files at all."""
    stray: str
    """What was said of no file."""

    def unaccounted(self, count: int) -> list[int]:
        """Those of the first `count` files that no verdict was printed of."""
        return [number for number in range(count) if number not in self.passed and number not in self.errors]


def checked(stdout: str, stderr: str, mark: str) -> Checked:
    """Reads both streams. A file that cannot guess the mark cannot pass its own words off as a verdict."""
    stray, *parts = re.split(rf"^{mark}-(\d+): ", stderr, flags=re.MULTILINE)
    errors: dict[int, list[str]] = {}
    for number, text in zip(parts[::2], parts[1::2], strict=True):
        errors.setdefault(int(number), []).append(_without_noise(text))
    passed = re.findall(rf"^Checking {mark}-(\d+)\n  SUCCESS", stdout, re.MULTILINE)
    return Checked(errors, frozenset(map(int, passed)), f"Checking {mark}-" in stdout, _without_noise(stray))


def rule_faults(file: Path, errors: list[str]) -> list[RuleFault]:
    """What is wrong with a rule file, each fault once."""
    found = dict.fromkeys(fault for error in errors for fault in _rule_faults(file, error))
    ordered = []
    for _, faults in groupby(found, key=lambda fault: (fault.group, fault.rule)):
        # Go walks labels and annotations in another order every time.
        ordered += sorted(faults, key=lambda fault: (fault.line, fault.part, fault.message))
    return ordered


def metric_faults(output: str) -> list[MetricFault]:
    """What is wrong with an exposition; a family's name stands in front, or the fault is of none."""
    faults = []
    for line in filter(None, map(str.strip, output.split("\n"))):
        match = None if line.startswith("error while linting: ") else _METRIC.fullmatch(line)
        family, message = match.groups() if match else ("", line.removeprefix("error while linting: "))
        faults.append(MetricFault(family, message))
    return faults


def _rule_faults(file: Path, error: str) -> Iterator[RuleFault]:
    place = _PLACE.match(error)
    line, column = (int(place.group(1)), int(place.group(2))) if place else (0, 0)
    rest = error[place.end() :] if place else error
    rule = _RULE.match(rest)
    if rule:
        group, index, name = unquoted(rule.group(1)), int(rule.group(2)) - 1, unquoted(rule.group(3))
        part, message, position = _of_rule(rest[rule.end() :], name)
        yield RuleFault(file, line, column, group, index, part, one_line(message), position)
    elif place:
        named = _GROUP.match(rest)
        yield RuleFault(file, line, column, unquoted(named.group(1)) if named else "", None, (), one_line(rest), None)
    else:
        for yaml_line, message in yaml_errors(error):
            yield RuleFault(file, yaml_line, 0, "", None, (), message, None)


def _of_rule(text: str, name: str) -> tuple[tuple[str, ...], str, tuple[int, int] | None]:
    """The part of the rule, the message, and the place in the expression."""
    expr = _EXPR.match(text)
    if expr:
        position = (int(expr.group(1)), int(expr.group(2))) if expr.group(1) else None
        return ("expr",), text[expr.end() :], position
    for pattern, mapping in _PARTS:
        match = pattern.match(text)
        if match:
            key = match.group(1)
            step = unquoted(key) if key.startswith('"') else key
            return (mapping, step) if mapping else (step,), _without_template_name(text, match.end(), name), None
    return (), text, None


def _without_template_name(text: str, at: int, name: str) -> str:
    """A template's name is made up from its alert; the part says more."""
    prefix = f"template: __alert_{name}:"
    if not text.startswith(prefix, at):
        return text
    return text[:at] + re.sub(r"^(?:\d+:)+ ", "", text[at + len(prefix) :])


def _without_noise(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not _NOISE.fullmatch(line))
