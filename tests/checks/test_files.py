"""Items of an entry's folder that git or a checkout could not hold as fixtures."""

from pathlib import Path

import pytest

from bot.catalog.entry import Item
from bot.catalog.load import folder_items, load_entry
from bot.checks.entry import files


def told(root: Path) -> list[tuple[str, str]]:
    return [(problem.file, problem.message) for problem in files.check(load_entry(root, "demo"))]


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    folder = tmp_path / "lists" / "demo"
    folder.mkdir(parents=True)
    (folder / "exporter.yaml").write_text("name: demo\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["a\nb.json", "\x1b[31m.json", "\udcff.json"])
def test_a_dashboard_that_no_check_reads(tmp_path: Path, entry: Path, name: str) -> None:
    (entry / "dashboards").mkdir()
    (entry / "dashboards" / name).write_text("{}", encoding="utf-8")
    assert told(tmp_path) == [(f"dashboards/{name}", "invisible or control character in the name of a file")]


def test_a_link_in_place_of_a_folder(tmp_path: Path, entry: Path) -> None:
    (entry / "dashboards").symlink_to("/")
    assert told(tmp_path) == [("dashboards", "dashboards is not a folder")]


def test_what_may_not_be_listed(tmp_path: Path, entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may list everything.
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", refuse)
    assert folder_items(entry) == (Item("", "unreadable"),)
    assert told(tmp_path) == [("", "the folder cannot be read")]


def test_what_is_no_mapping_is_told_once(tmp_path: Path, entry: Path) -> None:
    (entry / "exporter.yaml").write_text("- 1\n", encoding="utf-8")
    (entry / "metrics.prom").write_text("a 1\n", encoding="utf-8")
    assert told(tmp_path) == []
