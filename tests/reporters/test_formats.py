from pathlib import Path

import pytest
from hypothesis import given

from bot import __version__
from bot.model import Report
from bot.reporters import FORMATS
from tests.reporters.reports import REPORT, REPORTS

EXPECTED = Path(__file__).parent / "expected"
FILES = {
    "text": "report.txt",
    "json": "report.json",
    "github": "report.commands",
    "sarif": "report.sarif",
    "junit": "report.xml",
    "markdown": "report.md",
}


def test_every_format_is_tested() -> None:
    assert list(FILES) == list(FORMATS)
    assert sorted(FILES.values()) == sorted(path.name for path in EXPECTED.iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_renders_exactly(name: str) -> None:
    expected = (EXPECTED / FILES[name]).read_bytes().decode().replace("@VERSION@", __version__)

    assert FORMATS[name](REPORT) == expected


@given(report=REPORTS)
def test_whatever_is_rendered_can_be_written(report: Report) -> None:
    for render in FORMATS.values():
        rendered = render(report)

        assert rendered.encode("utf-8").decode("utf-8") == rendered
        assert rendered == "" or rendered.endswith("\n")
