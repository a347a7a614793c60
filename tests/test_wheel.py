import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.tools.generated import write_catalog

REPOSITORY = Path(__file__).parent.parent
PROOF = "demo0000: listed, not loads: alerts/duplicate was not run (and 4 more)\n\n"


def test_what_pip_installs_works_away_from_the_repository(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(REPOSITORY / "bot", source / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "schemas", source / "schemas")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, source)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("exporterhub-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        entry_points = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "exporterhub = bot.cli:main" in archive.read(entry_points).decode()

    write_catalog(tmp_path / "catalog", 1)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "validate", "--skip", "alerts", "--skip", "metrics"],
        cwd=tmp_path / "catalog",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{PROOF}1 entry: no findings\n", "")
