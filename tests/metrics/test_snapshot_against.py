"""The parser against promtool and prometheus_client. Where they differ on purpose, and why:

- What a Prometheus server refuses and promtool does not is at fault: a type in capitals or none at all, blanks
  around it, a signed timestamp, one bound of a bucket or summary twice in a line (tests/metrics/test_snapshot.py).
- Quoted names with other than the classic characters are read, as Prometheus 3 reads them; promtool 3.5 still
  refuses them, 2.42 all quoted names. 2.42 also lets a histogram count less than nothing.
- A series that stands twice is a fault. promtool says "metric not unique" of it, but not within a histogram or
  summary, nor where the labels stand in another order or an empty one is left out.
- A carriage return is a fault wherever it stands, as it is no line break to Prometheus.
- "#TYPE" is judged like "# TYPE", as promtool does; a server takes it for a comment.
- prometheus_client accepts much that the others refuse, but refuses nothing that they accept.
"""

import math
import re
from collections.abc import Mapping

import pytest
from hypothesis import assume, given, settings
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics.snapshot import parse_snapshot
from bot.outside.promtool import PromtoolBinary
from tests.metrics.expositions import broken, sound
from tests.promtools import PROMTOOLS, VERSIONS

_PARTS = re.compile(r"_(?:bucket|sum|count)$")


def refusal(promtool: PromtoolBinary, text: str) -> int:
    """The line where promtool refuses a text; 0 where it accepts it, whatever it thinks of the metrics."""
    for fault in promtool.check_metrics(text):
        if match := re.search(r"parsing error in line (\d+): ", fault.message):
            return int(match[1])
        assert fault.family, fault.message
    return 0


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
@settings(max_examples=100)
@given(text=broken)
def test_promtool_refuses_what_is_at_fault_at_the_same_line(promtool: PromtoolBinary, text: str) -> None:
    last = text.count("\n") + 1
    faults = [
        fault
        for fault in parse_snapshot(text).faults
        # A last line without a line break is refused for that alone.
        if "stands twice, first in line" not in fault.message or fault.span.line == last
    ]
    assume(not any("counts less than nothing" in fault.message for fault in faults))
    assert (faults[0].span.line if faults else 0) == refusal(promtool, text)


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
@settings(max_examples=30)
@given(text=sound())
def test_what_clients_write_is_accepted(promtool: PromtoolBinary, text: str) -> None:
    assert parse_snapshot(text).faults == ()
    assert refusal(promtool, text) == 0


def series(name: str, labels: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A key for a sample; prometheus_client ends every counter in _total."""
    return name.removesuffix("_total"), tuple(sorted(labels.items()))


@settings(max_examples=300)
@given(text=sound())
def test_prometheus_client_reads_the_same(text: str) -> None:
    families = parse_snapshot(text).families.values()
    ours = {series(sample.name, sample.labels): sample.value for family in families for sample in family.samples}
    theirs = {
        series(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert ours.keys() == theirs.keys()
    assert all(ours[key] == theirs[key] or (math.isnan(ours[key]) and math.isnan(theirs[key])) for key in ours)


@settings(max_examples=300)
@given(text=broken)
def test_what_prometheus_client_refuses_is_at_fault(text: str) -> None:
    try:
        list(text_string_to_metric_families(text))
    except ValueError:
        assert parse_snapshot(text).faults


@settings(max_examples=300)
@given(text=broken)
def test_never_raises_and_every_fault_lies_in_the_text(text: str) -> None:
    lines = text.split("\n")
    snapshot = parse_snapshot(text)
    assert [fault.span.line for fault in snapshot.faults] == sorted({fault.span.line for fault in snapshot.faults})
    for fault in snapshot.faults:
        assert fault.span.line == fault.span.end_line
        assert 1 <= fault.span.column <= fault.span.end_column <= len(lines[fault.span.line - 1]) + 1
    for name, family in snapshot.families.items():
        assert name == family.name
        for sample in family.samples:
            assert sample.name in lines[sample.line - 1]
            assert sample.name == name or _PARTS.sub("", sample.name) == name
