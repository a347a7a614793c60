"""What an exporter exposes: the text of one scrape, as families of samples.

A histogram's _bucket, _sum and _count belong to its family, a summary's _sum and _count to its; which family a name
belongs to, and when a second HELP or TYPE line comes too late, is decided as promtool decides it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.metrics.lines import LABEL, NAME, LineFault, parse_number, read_meta, read_sample, shown, split_lines, unescape
from bot.model import Span

_QUOTED = r'"[^"\\]*+"'
_QUICK = re.compile(
    rf"({NAME})(?:\{{({LABEL}={_QUOTED}(?:,{LABEL}={_QUOTED})*+)\}})?"
    r" (-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:e[-+][0-9]{2})?|NaN)(?: [0-9]{1,15})?"
)
_PAIR = re.compile(rf'({LABEL})="([^"]*)"')
_QUICK_META = re.compile(rf"# (?:HELP ({NAME}) ([^\\]*)|TYPE ({NAME}) (counter|gauge|histogram|summary|untyped))")
_PARTS = {"histogram": ("_bucket", "_count", "_sum"), "summary": ("_count", "_sum")}
_PLAIN = frozenset(("counter", "gauge", "untyped"))
_BOUND = {"histogram": "le", "summary": "quantile"}


class Sample(NamedTuple):
    """One series and its value. A tuple, because a scrape holds thousands and a tuple is made in half the time."""

    name: str
    labels: Mapping[str, str]
    value: float
    line: int


@dataclass(frozen=True, slots=True)
class Family:
    """A metric with its samples, in the order of the text."""

    name: str
    type: str
    """counter | gauge | histogram | summary | untyped"""
    help: str | None
    line: int
    """Of its TYPE line; else of its first sample; else of its HELP line."""
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What makes Prometheus or promtool refuse the text."""

    span: Span
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The families by name, in the order of the text, and at most one fault for each line of it."""

    families: Mapping[str, Family]
    faults: tuple[Fault, ...]


def parse_snapshot(text: str) -> Snapshot:
    """What an exposition says. Never raises: a line at fault is left out."""
    reader = _Reader()
    lines = split_lines(text)
    if "\r" in text:
        reader.carriage_return(text)
    reader.read(lines)
    if lines[-1].strip(" \t"):
        reader.fault(
            len(lines), len(lines[-1]), len(lines[-1]), "the last line has no line break", "end the file with one"
        )
    return Snapshot(
        {name: family.frozen() for name, family in reader.families.items() if family.said},
        tuple(reader.faults[line] for line in sorted(reader.faults)),
    )


class _Draft:
    """A family that is still being read."""

    __slots__ = ("help", "line", "name", "samples", "type")

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.type: str | None = None
        self.help: str | None = None
        self.line = line
        self.samples: list[Sample] = []

    @property
    def said(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.type or self.help or self.samples)

    def frozen(self) -> Family:
        return Family(self.name, self.type or "untyped", self.help, self.line, tuple(self.samples))


_Series = tuple[Mapping[str, str], frozenset[tuple[str, str]]]
"""The labels of a series, and what tells it from the others of its name."""


class _Reader:
    """Takes lines, holds families and faults."""

    def __init__(self) -> None:
        self.families: dict[str, _Draft] = {}
        self.faults: dict[int, Fault] = {}
        self._owners: dict[str, _Draft] = {}
        self._series: dict[str | None, _Series] = {None: ({}, frozenset())}
        self._seen: dict[tuple[str, frozenset[tuple[str, str]]], int] = {}
        self._bounds = {"+Inf"}

    def fault(self, line: int, start: int, end: int, message: str, advice: str = "") -> None:
        """Notes the first fault of a line."""
        self.faults.setdefault(line, Fault(Span(line, start + 1, line, end + 1), message, advice))

    def carriage_return(self, text: str) -> None:
        """Notes the first carriage return."""
        lines = split_lines(text[: text.index("\r") + 1])
        column = len(lines[-2])
        self.fault(
            len(lines) - 1,
            column,
            column,
            "a carriage return",
            "end lines in LF alone; Prometheus takes CR for a part of the line",
        )

    def read(self, lines: list[str]) -> None:
        """Reads every line: the usual ones by one pattern each, the others piece by piece."""
        quick, quick_meta, owners, seen = _QUICK.fullmatch, _QUICK_META.fullmatch, self._owners, self._seen
        for at, line in enumerate(lines, 1):
            if match := quick(line):
                name, raw, value = match.groups()
                series = self._series.get(raw) or self._labels(raw)
                if series:
                    family = owners.get(name) or self._owner(name, at)
                    sample = Sample(name, series[0], float(value), at)
                    if family.type in _PLAIN and seen.setdefault((name, series[1]), at) == at:
                        family.samples.append(sample)
                    else:
                        self._sample(at, line, sample, series[1])
                    continue
            elif match := quick_meta(line):
                name, text, typed, kind = match.groups()
                if typed:
                    self._type(at, line, typed, kind)
                else:
                    self._help(at, line, name, text)
                continue
            if line:
                self._slowly(at, line)

    def _slowly(self, at: int, line: str) -> None:
        first = line.lstrip(" \t")[:1]
        try:
            if first == "#":
                meta = read_meta(line)
                if meta and meta.keyword == "TYPE":
                    self._type(at, line, meta.name, meta.text)
                elif meta:
                    self._help(at, line, meta.name, unescape(meta.text))
            elif first:
                read = read_sample(line)
                labels = {label.name: label.value for label in read.labels}
                self._sample(at, line, Sample(read.name, labels, read.value, at), _distinct(labels))
        except LineFault as fault:
            self.fault(at, fault.start, fault.end, fault.message, fault.advice)

    def _labels(self, raw: str) -> _Series | None:
        """The labels that stand between braces; None where they need a closer look."""
        pairs = _PAIR.findall(raw)
        labels = dict(pairs)
        if len(labels) < len(pairs) or "__name__" in labels:
            return None
        series = self._series[raw] = labels, _distinct(labels) if '""' in raw else frozenset(pairs)
        return series

    def _sample(self, at: int, line: str, sample: Sample, distinct: frozenset[tuple[str, str]]) -> None:
        family = self._owners.get(sample.name) or self._owner(sample.name, at)
        if family.type is None:
            family.type = "untyped"
            family.line = at
        elif family.type in _BOUND and self._bound_fault(at, line, sample, family):
            return
        first = self._seen.setdefault((sample.name, distinct), at)
        if first == at:
            family.samples.append(sample)
        else:
            end = read_sample(line).end
            start = end - len(line[:end].lstrip(" \t"))
            self.fault(
                at,
                start,
                end,
                f"the series {shown(line[start:end])} stands twice, first in line {first}",
                "delete one of them; Prometheus keeps one and drops the others",
            )

    def _bound_fault(self, at: int, line: str, sample: Sample, family: _Draft) -> bool:
        """Whether a part of a histogram or summary is refused: for a bound that is no number, or a negative count."""
        bound = sample.labels.get(_BOUND[family.type or ""])
        if bound is not None and bound not in self._bounds:
            if parse_number(bound) is None:
                label = next(label for label in read_sample(line).labels if label.name == _BOUND[family.type or ""])
                message = f"expected a number as {label.name}, found {shown(bound)}"
                self.fault(at, label.start, label.end, message)
                return True
            self._bounds.add(bound)
        if sample.value < 0 and family.type == "histogram":
            part = "" if sample.name == family.name else sample.name.removeprefix(family.name)
            if part == "_count" or (part != "_sum" and bound is not None):
                start = read_sample(line).end
                self.fault(at, start, len(line), f"the histogram {family.name} counts less than nothing")
                return True
        return False

    def _help(self, at: int, line: str, name: str, text: str) -> None:
        family = self._owners.get(name) or self._owner(name, at)
        if not text.strip(" \t"):
            return
        if family.help is None:
            family.help = text.lstrip(" \t")
        else:
            self._late(at, line, "HELP", name, family)

    def _type(self, at: int, line: str, name: str, kind: str) -> None:
        family = self._owners.get(name) or self._owner(name, at)
        if family.type is None:
            family.type = kind
            family.line = at
        else:
            self._late(at, line, "TYPE", name, family)

    def _late(self, at: int, line: str, keyword: str, name: str, family: _Draft) -> None:
        message, advice = f"a second {keyword} line for {shown(name)}", "keep one of them"
        if name != family.name:
            message = f"{shown(name)} is a part of the {family.type} {shown(family.name)}, which has its own"
            advice = f"delete the line, or put it in front of the TYPE line of {shown(family.name)}"
        elif keyword == "TYPE" and family.samples:
            message = f"the TYPE line for {shown(name)} stands behind its samples"
            advice = "put it in front of them"
        self.fault(at, line.index(keyword), len(line), message, advice)

    def _owner(self, name: str, line: int) -> _Draft:
        """The family that a name belongs to; once decided, it stays."""
        family = self.families.get(name)
        if family is None and name.endswith(_PARTS["histogram"]):
            base = self.families.get(name[: name.rindex("_")])
            if base and base.type in _PARTS and name.endswith(_PARTS[base.type]):
                family = base
        if family is None:
            family = self.families[name] = _Draft(name, line)
        self._owners[name] = family
        return family


def _distinct(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """What tells a series from the others of its name: an empty label is as good as none."""
    return frozenset(item for item in labels.items() if item[1])
