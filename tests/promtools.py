"""Every promtool on this machine, each version once: tests of rules run against all of them.

@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_something(promtool: PromtoolBinary) -> None: ...
"""

from collections.abc import Iterator
from pathlib import Path

from bot.outside import debian
from bot.outside.find_promtool import cache_folder, every_promtool
from bot.outside.promtool import PromtoolBinary
from tests.tools.parts import PARTS


def _paths() -> Iterator[Path]:
    for found in every_promtool(cache_folder()):
        yield found.path
    for suite, package in PARTS:
        path = debian.folder(package, cache_folder(), suite) / "usr/bin/promtool"
        if path.is_file():
            yield path


def _promtools() -> tuple[PromtoolBinary, ...]:
    by_version: dict[str, PromtoolBinary] = {}
    for path in _paths():
        promtool = PromtoolBinary(path)
        by_version.setdefault(promtool.version, promtool)
    if not by_version:
        # pytest would skip every test that is parametrised with nothing.
        raise RuntimeError("no promtool on this machine: the tests are run by make test, which gets it")
    return tuple(by_version.values())


PROMTOOLS = _promtools()
VERSIONS = [promtool.version for promtool in PROMTOOLS]
