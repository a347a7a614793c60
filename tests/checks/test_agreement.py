"""CHECKS, the files, the fixtures and the documentation agree, and every check stands what it may meet."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.catalog.files import Lines
from bot.checks import CHECKS
from bot.checks.base import Check
from bot.commands.checks import page
from bot.runner import Options, validate
from tests.hostile.inputs import HOSTILE
from tests.promtools import PROMTOOLS

FIXTURES = Path(__file__).parent
REPOSITORY = FIXTURES.parent.parent
IDS = [check.id for check in CHECKS]
FAMILIES = ("entry", "alerts", "dashboards", "metrics")


def test_ids_are_unique() -> None:
    assert len(set(IDS)) == len(IDS)


def test_checks_are_the_files() -> None:
    files = {
        f"{family}/{path.stem.rstrip('_').replace('_', '-')}"
        for family in FAMILIES
        for path in (REPOSITORY / "bot" / "checks" / family).glob("*.py")
        if "CHECK = Check(" in path.read_text(encoding="utf-8")
    }
    of_queries = {
        f"{family}/{path.stem.rstrip('_').replace('_', '-')}"
        for family in ("alerts", "dashboards")
        for path in (REPOSITORY / "bot" / "checks" / "queries").glob("*.py")
        if "\nCHECKS = " in path.read_text(encoding="utf-8")
    }
    assert files | of_queries == set(IDS)


def test_checks_are_the_fixture_folders() -> None:
    folders = {
        f"{family}/{path.name}" for family in FAMILIES for path in (FIXTURES / family).iterdir() if path.is_dir()
    }
    assert folders == set(IDS)


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_fixtures_are_whole(check: Check) -> None:
    folder = FIXTURES / check.id
    assert {path.name for path in folder.iterdir()} == {"ok", "bad"}
    assert list((folder / "ok").iterdir())
    for case in (folder / "bad").iterdir():
        assert f"[{check.id}]" in (case / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_docstrings_say_what_why_bad_good(check: Check) -> None:
    assert re.fullmatch(
        r"\S[^\n]*\.\n\n\S.*?\n\nBad:\n\n    \S.*?\n\nGood:\n\n    \S.*", check.doc.strip(), flags=re.DOTALL
    )


def test_the_page_is_current() -> None:
    assert (REPOSITORY / "docs" / "checks.md").read_text(encoding="utf-8") == page()


def bad_cases() -> list[Path]:
    return [case for check in CHECKS for case in sorted((FIXTURES / check.id / "bad").iterdir())]


@pytest.mark.parametrize("case", bad_cases(), ids=lambda case: f"{case.parent.parent.name}-{case.name}")
def test_every_check_stands_the_broken_input_of_the_others(case: Path) -> None:
    """No check raises, and no finding lies outside its file."""
    report = validate(Options(case, PROMTOOLS[0], date(2026, 11, 22)))
    assert report.findings
    for finding in report.findings:
        path = case / finding.file
        if finding.span.line == finding.span.column == 1:
            continue
        lines = Lines(path.read_bytes().decode("utf-8", errors="replace"))
        assert lines.line(finding.span.line) == finding.source
        assert finding.span.column <= len(finding.source) + 1
        assert (finding.span.line, finding.span.column) <= (finding.span.end_line, finding.span.end_column)


def test_every_check_stands_hostile_input(tmp_path: Path) -> None:
    for hostile in HOSTILE:
        folder = tmp_path / "lists" / hostile.name
        folder.mkdir(parents=True)
        hostile.plant(folder / hostile.file)
    report = validate(Options(tmp_path, PROMTOOLS[0], date(2026, 11, 22), jobs=2))
    assert set(report.entries) == {hostile.name for hostile in HOSTILE}
