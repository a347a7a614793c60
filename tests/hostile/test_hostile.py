import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.inputs import HOSTILE, Hostile

LOADERS = ("entry/load", "alerts/load", "dashboards/load", "metrics/load", "entry/files")
SHOWN_ELSEWHERE = "exporter.yaml is missing"


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_ends_as_a_finding_at_its_line(hostile: Hostile, tmp_path: Path) -> None:
    folder = tmp_path / "lists" / hostile.name
    folder.mkdir(parents=True)
    hostile.plant(folder / hostile.file)

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bot",
            "validate",
            "--root",
            tmp_path,
            "--report",
            "json",
            "--report",
            "text=" + os.devnull,
        ],
        capture_output=True,
        check=False,
        env={**os.environ, "PROMTOOL": "", "COLUMNS": "80"},
    )

    assert done.stderr == b""
    assert done.returncode in (0, 1)
    found = [
        f"{item['line']}:{item['column']} {item['check']} {item['message']}"
        for item in json.loads(done.stdout)["findings"]
        if item["check"] in LOADERS
        and SHOWN_ELSEWHERE not in item["message"]
        and "nothing shows" not in item["message"]
    ]
    assert found == list(hostile.findings)
    assert list(tmp_path.iterdir()) == [tmp_path / "lists"]
