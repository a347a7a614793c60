"""How far an entry is proven, and the reason that is given."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from bot.model import START, Finding, Level, Proof, Severity, Skip
from bot.proof import Claims, proof_of
from bot.runner import Options, validate
from tests.promtools import PROMTOOLS

ALL = Claims("", "", "", "")
SKIP = Skip("alerts/test", "promtool was not found")


def found(check: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("lists/demo/x", START, severity, check, "it is wrong", entry="demo")


@pytest.mark.parametrize(
    ("claims", "findings", "level", "reason"),
    [
        (ALL, [], Level.OBSERVED, ""),
        (ALL, [found("entry/schema")], Level.NONE, "entry/schema: it is wrong"),
        (ALL, [found("alerts/load")], Level.LISTED, "alerts/load: it is wrong"),
        (
            ALL,
            [found("alerts/load"), found("dashboards/promql")],
            Level.LISTED,
            "alerts/load: it is wrong (and 1 more)",
        ),
        (ALL, [found("alerts/load", Severity.WARNING)], Level.OBSERVED, ""),
        (ALL, [found("dashboards/metric")], Level.LOADS, "dashboards/metric: it is wrong"),
        (ALL, [found("alerts/label", Severity.WARNING)], Level.LOADS, "alerts/label: it is wrong"),
        (ALL, [found("alerts/ratio", Severity.WARNING)], Level.OBSERVED, ""),
        (ALL, [found("alerts/tested")], Level.REFERENCED, "alerts/tested: it is wrong"),
        (ALL, [found("alerts/mutation"), found("entry/waiver")], Level.OBSERVED, ""),
        (replace(ALL, nothing_to_load="no rules"), [], Level.LISTED, "no rules"),
        (replace(ALL, no_snapshot="no scrape"), [], Level.LOADS, "no scrape"),
        (replace(ALL, nothing_to_test="no alert"), [], Level.REFERENCED, "no alert"),
        (
            replace(ALL, not_observed="an old scrape"),
            [found("alerts/test")],
            Level.REFERENCED,
            "alerts/test: it is wrong",
        ),
        (replace(ALL, not_observed="an old scrape"), [], Level.TESTED, "an old scrape"),
    ],
)
def test_the_lowest_obstacle_decides(claims: Claims, findings: list[Finding], level: Level, reason: str) -> None:
    assert proof_of("demo", claims, findings, (), ()) == Proof("demo", level, reason)


def test_what_was_not_checked_proves_nothing() -> None:
    skipped = "alerts/test was skipped: promtool was not found"
    assert proof_of("demo", ALL, [], [SKIP], ()) == Proof("demo", Level.REFERENCED, skipped)
    assert proof_of("demo", ALL, [], (), ["alerts/load"]) == Proof("demo", Level.LISTED, "alerts/load was not run")
    assert proof_of("demo", ALL, [], [Skip("alerts/mutation", "quick")], ["entry/waiver"]).level is Level.OBSERVED


CATALOG = Path(__file__).parent.parent
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("name", "edit", "level", "reason"),
    [
        ("nginx", ("exporter.yaml", "", ""), Level.OBSERVED, ""),
        ("client-python", ("exporter.yaml", "", ""), Level.OBSERVED, ""),
        (
            "nginx",
            ("exporter.yaml", 'snapshot:\n  version: "1.5.3"', 'snapshot:\n  version: "1.5.2"'),
            Level.TESTED,
            "the snapshot is of version 1.5.2",
        ),
        (
            "nginx",
            ("exporter.yaml", "source: observed", "source: upstream"),
            Level.TESTED,
            "the snapshot is upstream's",
        ),
        ("nginx", ("metrics.prom", None, ""), Level.NONE, "entry/files: metrics.prom is missing"),
        (
            "nginx",
            ("alerts_test.yaml", None, ""),
            Level.REFERENCED,
            "alerts/tested: there is no alerts_test.yaml: 10 alerts are not tested",
        ),
    ],
)
def test_a_real_entry_falls_back(
    name: str, edit: tuple[str, str | None, str], level: Level, reason: str, tmp_path: Path
) -> None:
    folder = tmp_path / "lists" / name
    copytree(CATALOG / "lists" / name, folder)
    file, old, new = edit
    path = folder / file
    if old is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (proof,) = validate(Options(tmp_path, PROMTOOLS[0], TODAY)).proofs
    assert (proof.level, proof.reason.partition(" (and ")[0]) == (level, reason)
