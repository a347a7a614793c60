"""What happens to findings between the checks and the reporters."""

from datetime import date
from pathlib import Path

import pytest

from bot.checks.place import LONGEST
from bot.runner import Options, validate

TODAY = date(2026, 11, 22)
RULES = """groups:
  - name: demo
    rules:
      - alert: DemoDown
        expr: demo_up == 0
        for: 1m
        labels: {severity: page}
        annotations: {summary: Demo is down, description: Look at its log.}
"""


def severities(root: Path, waiver: str) -> list[str]:
    """What alerts/labels says of an entry with a wrong severity and a waiver."""
    folder = root / "lists" / "demo"
    folder.mkdir(parents=True)
    (folder / "alerts.yaml").write_text(RULES, encoding="utf-8")
    (folder / "exporter.yaml").write_text(f"name: demo\nwaivers:\n  - {waiver}\n", encoding="utf-8")
    report = validate(Options(root, None, TODAY))
    return [finding.message for finding in report.findings if finding.check == "alerts/labels"]


@pytest.mark.parametrize("match", ["page", "is not a severity", "labels: {severity"])
def test_a_waiver_covers_what_its_text_names(match: str, tmp_path: Path) -> None:
    waiver = f'{{check: alerts/labels, match: "{match}", why: a reason, expires: "2026-11-22"}}'
    assert severities(tmp_path, waiver) == []


@pytest.mark.parametrize(
    "waiver",
    [
        '{check: alerts/labels, match: page, why: expired, expires: "2026-11-21"}',
        '{check: alerts/load, match: page, why: of another check, expires: "2027-01-01"}',
        '{check: alerts/labels, match: DemoUp, why: of something else, expires: "2027-01-01"}',
        '{check: alerts/labels, match: page, why: no day, expires: "soon"}',
        "nonsense",
    ],
)
def test_a_waiver_covers_nothing_else(waiver: str, tmp_path: Path) -> None:
    assert severities(tmp_path, waiver) == ['"page" is not a severity of this catalog']


def test_messages_are_bounded(tmp_path: Path) -> None:
    folder = tmp_path / "lists" / "demo"
    folder.mkdir(parents=True)
    (folder / "exporter.yaml").write_text(f"name: demo\n{'k' * 1000}: 1\n", encoding="utf-8")
    report = validate(Options(tmp_path, None, TODAY))
    (finding,) = (finding for finding in report.findings if "unknown key" in finding.message)
    assert len(finding.message) == LONGEST
    assert finding.message.endswith("k…")
