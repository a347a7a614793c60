"""What versions.py says of functions, held against real releases of Prometheus."""

from pathlib import Path

import pytest

from bot.outside.promtool import PromtoolBinary
from bot.promql.functions import AGGREGATIONS, FUNCTIONS
from bot.promql.versions import ASSUMED, CALLS, REMOVED, Version
from tests.promtools import PROMTOOLS, VERSIONS

ARGUMENTS = {"v": "up", "m": "up[5m]", "s": "1", "t": '"a"'}


def call(name: str) -> str:
    signature = (AGGREGATIONS | FUNCTIONS)[name].replace("?", "").replace("+", "")
    return f"{name}({', '.join(ARGUMENTS[kind] for kind in signature)})"


def minor(text: str) -> Version:
    major, minor_, *_ = text.split(".")
    return int(major), int(minor_)


def is_known(name: str, version: Version) -> bool:
    """Whether a Prometheus without feature flags takes a function."""
    if name in REMOVED:
        return version < REMOVED[name][0]
    since = CALLS.get(name)
    return since is None or (since.version <= version and not since.flag_for(version))


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_functions(promtool: PromtoolBinary, tmp_path: Path) -> None:
    names = sorted(FUNCTIONS | AGGREGATIONS)
    files = []
    for name in names:
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(f"groups: [{{name: a, rules: [{{record: a, expr: '{call(name)}'}}]}}]", encoding="utf-8")
    refused = {fault.file.stem for fault in promtool.check_rules(files)}

    version = minor(promtool.version)

    assert refused == {name for name in names if not is_known(name, version)}
    assert refused
    assert len(refused) < len(names) / 2


def test_every_name_is_one_of_promql() -> None:
    assert (CALLS.keys() | REMOVED.keys()) <= (FUNCTIONS | AGGREGATIONS).keys()


def test_a_flag_is_needed_until_it_is_stable() -> None:
    first = CALLS["first_over_time"]
    assert first.flag_for(ASSUMED) == first.flag_for((3, 13)) == "promql-experimental-functions"
    assert first.flag_for((3, 14)) == first.flag_for((4, 0)) == ""
