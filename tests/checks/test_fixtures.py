"""Every check over its own fixtures: the exact findings of bad/, none of ok/."""

from datetime import date
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from bot.checks import CHECKS
from bot.checks.base import Check, Promtool
from bot.model import Finding
from bot.runner import Options, validate
from tests.promtools import PROMTOOLS

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)


def needs_promtool(check: Check) -> bool:
    return bool(check.across and check.across.needs_promtool)


def cases(kind: str) -> list[ParameterSet]:
    """A case for each fixture folder; for each promtool too, where the check asks one."""
    found: list[ParameterSet] = []
    for check in CHECKS:
        tools: list[Promtool | None] = [*PROMTOOLS] if needs_promtool(check) else [None]
        for folder in sorted((HERE / check.id / kind).iterdir()):
            found.extend(
                pytest.param(
                    check, folder, tool, id=f"{check.id}-{folder.name}-{getattr(tool, 'version', '')}".rstrip("-")
                )
                for tool in tools
            )
    return found


def findings(check: Check, root: Path, promtool: Promtool | None) -> list[Finding]:
    # A check that comes last speaks of what the others said.
    last = check.across is not None and check.across.last
    report = validate(Options(root, promtool, TODAY, checks=CHECKS if last else (check,)))
    assert last or report.skipped == ()
    return [finding for finding in report.findings if finding.check == check.id]


def listing(found: list[Finding]) -> str:
    return "".join(
        f"{item.file}:{item.span.line}:{item.span.column}: {item.severity}[{item.check}] {item.message}\n"
        + (f"  = help: {item.help}\n" if item.help else "")
        for item in found
    )


@pytest.mark.parametrize(("check", "folder", "promtool"), cases("bad"))
def test_bad(check: Check, folder: Path, promtool: Promtool | None) -> None:
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    assert listing(findings(check, folder, promtool)) == expected


@pytest.mark.parametrize(("check", "folder", "promtool"), cases("ok"))
def test_ok(check: Check, folder: Path, promtool: Promtool | None) -> None:
    assert listing(findings(check, folder, promtool)) == ""
