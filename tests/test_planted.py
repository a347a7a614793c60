"""One run over a catalog with a defect in every entry reports each at its own place, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.outside.promtool import PromtoolBinary
from tests.planted import DEFECTS, plant
from tests.promtools import PROMTOOLS
from tests.tools.generated import write_catalog


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=lambda promtool: promtool.version)
def test_each_at_its_own_place_and_nothing_else(promtool: PromtoolBinary, tmp_path: Path) -> None:
    # The first entry stays clean.
    write_catalog(tmp_path, len(DEFECTS) + 1)
    expected = []
    for number, defect in enumerate(DEFECTS, 1):
        name = f"demo{number:04}"
        file, line, column = plant(defect, tmp_path, name)
        says = defect.says.replace("{name}", name).replace("{Name}", name.capitalize())
        expected.append(f"{defect.name}: {file}:{line}:{column}: {says}")

    done = subprocess.run(
        [sys.executable, "-m", "bot", "validate", "--root", tmp_path, "--report", "json"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PROMTOOL": str(promtool.path)},
    )

    assert (done.returncode, done.stderr) == (1, "")
    found = [
        f"{DEFECTS[int(item['entry'][4:]) - 1].name}: {item['file']}:{item['line']}:{item['column']}: "
        f"{item['severity']}[{item['check']}] {item['message']}"
        for item in json.loads(done.stdout)["findings"]
    ]
    assert found == sorted(expected, key=lambda line: line.partition(": ")[2])
    assert len(found) >= 30
