"""promtool check metrics: real promtool, every version found."""

import pytest

from bot.checks.base import MetricFault
from bot.outside.promtool import PromtoolBinary
from tests.promtools import PROMTOOLS, VERSIONS

both_versions = pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)


@both_versions
def test_what_is_well_named(promtool: PromtoolBinary) -> None:
    assert list(promtool.check_metrics("# HELP a_total b\n# TYPE a_total counter\na_total 1\n")) == []
    assert list(promtool.check_metrics("")) == []


@both_versions
def test_faults_by_family(promtool: PromtoolBinary) -> None:
    exposition = (
        "# TYPE jobs_total gauge\njobs_total 1\n"
        '# HELP runTime x\n# TYPE runTime counter\nrunTime{le="1"} 2\n'
        "# HELP wait_milliseconds x\n# TYPE wait_milliseconds gauge\nwait_milliseconds 1\n"
    )
    assert list(promtool.check_metrics(exposition)) == [
        MetricFault("jobs_total", "no help text"),
        MetricFault("jobs_total", 'non-counter metrics should not have "_total" suffix'),
        MetricFault("runTime", 'counter metrics should have "_total" suffix'),
        MetricFault("runTime", "metric names should be written in 'snake_case' not 'camelCase'"),
        MetricFault("runTime", 'non-histogram metrics should not have "le" label'),
        MetricFault("wait_milliseconds", 'use base unit "seconds" instead of "milliseconds"'),
    ]


@both_versions
def test_what_does_not_parse_is_a_fault_of_no_family(promtool: PromtoolBinary) -> None:
    assert list(promtool.check_metrics("a 1\nb{ 1\n")) == [
        MetricFault("", 'text format parsing error in line 2: invalid label name for metric "b"')
    ]


@both_versions
def test_a_large_exposition(promtool: PromtoolBinary) -> None:
    exposition = "".join(f"m{number} 1\n" for number in range(20_000))
    faults = list(promtool.check_metrics(exposition))
    assert sorted(fault.family for fault in faults) == sorted(f"m{number}" for number in range(20_000))
    assert {fault.message for fault in faults} == {"no help text"}
