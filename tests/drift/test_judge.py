"""What counts as broken, and what does not."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from bot.catalog.load import load_entry
from bot.checks import CHECKS
from bot.drift.judge import drift_of, is_evidence
from bot.drift.model import Drift, Kind, Side
from bot.model import Severity
from tests.metrics.expositions import broken

TODAY = date(2026, 11, 23)
OLD = """\
# TYPE demo_up gauge
demo_up 1
# HELP demo_requests Requests that were answered.
# TYPE demo_requests counter
demo_requests{code="200",method="get"} 1
# HELP demo_wait Time that requests wait.
# TYPE demo_wait histogram
demo_wait_bucket{le="+Inf"} 1
demo_wait_sum 1
demo_wait_count 1
# TYPE demo_workers gauge
demo_workers{pool="a",state="busy"} 1
demo_workers{pool="a",state="idle"} 0
demo_workers{pool="a",state="lost"} 0
demo_workers{pool="b",state="busy"} 1
demo_workers{pool="b",state="idle"} 0
demo_workers{pool="b",state="lost"} 0
# TYPE demo_level gauge
demo_level 5
"""


def catalog(
    root: Path, *, rules: str = "", panels: str = "", exporter: str = "", metrics: str = OLD, name: str = "demo"
) -> Path:
    """An entry with some rules, one in a line, and a panel for each expression in the lines of `panels`."""
    folder = root / "lists" / name
    folder.mkdir(parents=True)
    (folder / "exporter.yaml").write_text(
        f'name: {name}\nversion: "1.0"\nsnapshot:\n  version: "1.0"\n  source: observed\n{exporter}', encoding="utf-8"
    )
    lines = [
        f"      - {kind}: {name}\n        expr: {expr}\n"
        for kind, name, expr in (line.split(None, 2) for line in rules.splitlines())
    ]
    (folder / "alerts.yaml").write_text(f"groups:\n  - name: demo\n    rules:\n{''.join(lines)}", encoding="utf-8")
    source = {"type": "prometheus", "uid": "x"}
    board = {
        "title": "Demo",
        "panels": [
            {"id": number, "type": "stat", "datasource": source, "targets": [{"refId": "A", "expr": expr}]}
            | ({"title": f"Panel {number}"} if number > 1 else {})
            for number, expr in enumerate(panels.splitlines(), 1)
        ],
        "annotations": {"list": [{"name": "Restarts", "datasource": source, "expr": "changes(demo_up[5m]) > 0"}]},
        "templating": {
            "list": [{"name": "job", "type": "query", "datasource": source, "query": "label_values(demo_up, job)"}]
        },
    }
    (folder / "dashboard.json").write_text(json.dumps(board, indent=1), encoding="utf-8")
    if metrics:
        (folder / "metrics.prom").write_text(metrics, encoding="utf-8")
    return root


def drift(root: Path, text: str, today: date = TODAY) -> Drift:
    found = drift_of(root, load_entry(root, "demo"), text, Side("new.prom"), today)
    assert found is not None
    return found


def said(found: Drift) -> list[str]:
    return [f"{one.kind} {one.name}: {one.finding.severity} {one.finding.message}" for one in found.broken]


def without(*names: str) -> str:
    """The old scrape without some metrics."""
    return "".join(
        line
        for line in OLD.splitlines(keepends=True)
        if not any(f"{name}{end}" in line for name in names for end in " {_")
    )


def test_what_is_named(tmp_path: Path) -> None:
    root = catalog(tmp_path, rules="alert DemoDown demo_up == 0", panels="demo_up\ndemo_level\ndemo_up + 1")
    found = drift(root, without("demo_up"))
    message = 'error demo exposes no metric "demo_up"'
    assert said(found) == [
        f"alert DemoDown: {message}",
        f"panel no. 1: {message}",
        f"panel Panel 3: {message}",
        f"annotation Restarts: {message}",
        f"variable job: {message}",
    ]
    first = found.broken[0].finding
    assert (first.file, first.span.line, first.span.column) == ("lists/demo/alerts.yaml", 5, 15)
    assert first.source == "        expr: demo_up == 0"
    assert (found.entry, found.then, found.now) == ("demo", Side("lists/demo/metrics.prom", "1.0"), Side("new.prom"))


def test_nothing_is_written(tmp_path: Path) -> None:
    root = catalog(tmp_path, rules="alert DemoDown demo_up == 0")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert drift(root, without("demo_up")).broken
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_no_snapshot(tmp_path: Path) -> None:
    root = catalog(tmp_path, rules="alert DemoDown demo_up == 0", metrics="")
    assert drift_of(root, load_entry(root, "demo"), OLD, Side("new.prom"), TODAY) is None


def test_what_was_as_bad_before(tmp_path: Path) -> None:
    root = catalog(tmp_path, rules="alert A demo_nothing > 1\nalert B demo_level > 1")
    assert said(drift(root, without("demo_level"))) == ['alert B: error demo exposes no metric "demo_level"']


def test_advice_breaks_nothing_but_what_was_advice_may(tmp_path: Path) -> None:
    untyped = f"{OLD}demo_jobs_total 7\n"
    root = catalog(tmp_path, rules="alert A demo_jobs_total > 5", metrics=untyped)
    (check,) = (check for check in CHECKS if check.id == "alerts/counter")
    assert check.run
    assert [problem.severity for problem in check.run(load_entry(root, "demo"))] == [Severity.INFO]
    assert said(drift(root, untyped.replace("demo_up 1", "demo_up 0"))) == []
    (broken,) = drift(root, f"{OLD}# TYPE demo_jobs_total counter\ndemo_jobs_total 7\n").broken
    assert (broken.finding.check, broken.finding.severity) == ("alerts/counter", Severity.WARNING)


def test_what_was_a_warning_may_become_an_error(tmp_path: Path) -> None:
    untyped = f"{OLD}demo_jobs 7\n"
    root = catalog(tmp_path, rules="alert A histogram_quantile(0.9, demo_jobs) > 5", metrics=untyped)
    (check,) = (check for check in CHECKS if check.id == "alerts/histogram")
    assert check.run
    assert [problem.severity for problem in check.run(load_entry(root, "demo"))] == [Severity.WARNING]
    assert said(drift(root, untyped)) == []
    (broken,) = drift(root, f"{OLD}# TYPE demo_jobs gauge\ndemo_jobs 7\n").broken
    assert (broken.finding.check, broken.finding.severity) == ("alerts/histogram", Severity.ERROR)


@pytest.mark.parametrize("doubt", ["  source: upstream\n", '  source: observed\n  version: "0.9"\n', ""])
def test_no_doubt_lowers_what_is_said(doubt: str, tmp_path: Path) -> None:
    root = catalog(tmp_path, rules="alert A demo_level > 1")
    path = root / "lists" / "demo" / "exporter.yaml"
    path.write_text(f'name: demo\nversion: "1.0"\n{"snapshot:" if doubt else ""}\n{doubt}', encoding="utf-8")
    assert said(drift(root, without("demo_level"))) == ['alert A: error demo exposes no metric "demo_level"']


def test_what_is_declared_conditional(tmp_path: Path) -> None:
    declared = "  conditional:\n    - {match: 'demo_l*', why: needs a level}\n"
    root = catalog(tmp_path, rules="alert A demo_level > 1", exporter=declared)
    found = drift(root, without("demo_level"))
    assert said(found) == []
    assert [one.name for one in found.diff.removed] == ["demo_level"]


def test_a_waiver_until_it_expires(tmp_path: Path) -> None:
    waiver = 'waivers:\n  - {check: alerts/metric, match: demo_level, why: known, expires: "2026-11-23"}\n'
    root = catalog(tmp_path, rules="alert A demo_level > 1", exporter=waiver)
    assert said(drift(root, without("demo_level"))) == []
    assert len(drift(root, without("demo_level"), date(2026, 11, 24)).broken) == 1


def test_help_names_the_likely_rename(tmp_path: Path) -> None:
    root = catalog(
        tmp_path, rules="alert A rate(demo_wait_sum[5m]) / rate(demo_wait_count[5m]) > 1\nalert B demo_requests > 1"
    )
    text = OLD.replace("demo_wait", "demo_wait_seconds").replace("demo_requests", "demo_requests_total")
    assert [one.finding.help for one in drift(root, text).broken] == [
        "it probably is demo_wait_seconds_sum (counter) now",
        "it probably is demo_wait_seconds_count (counter) now",
        "it probably is demo_requests_total (counter) now",
    ]


def test_help_otherwise(tmp_path: Path) -> None:
    root = catalog(
        tmp_path, rules="alert A demo_level > 1\nalert B sum by (pol) (demo_workers) > 1\nalert C demo_up == 0"
    )
    catalog(tmp_path, name="other", metrics="# TYPE demo_level gauge\ndemo_level 1\n")
    text = without("demo_level", "demo_up") + "# TYPE demo_levels gauge\ndemo_levels 1\n"
    found = {one.name: one.finding.help for one in drift(root, text).broken if one.kind is Kind.ALERT}
    # Not that another entry has it, nor what the entry's own scrape holds.
    assert found == {
        "A": "it probably is demo_levels (gauge) now",
        "C": "do without it, or declare it under snapshot.conditional if it exists only sometimes",
    }


@pytest.mark.parametrize(
    ("matcher", "breaks"),
    [
        ('state="lost"', True),
        ('state=~"lost"', True),
        ('state=~"lost|idle"', False),
        ('state!="lost"', False),
        ('state=~".+"', False),
        ('state="gone"', False),
        ('pool="b",state="lost"', True),
    ],
)
def test_a_value_that_is_gone(matcher: str, breaks: bool, tmp_path: Path) -> None:
    root = catalog(tmp_path, rules=f"alert A demo_workers{{{matcher}}} > 1", panels=f"demo_workers{{{matcher}}}")
    text = "".join(line for line in OLD.splitlines(keepends=True) if "lost" not in line)
    places = [
        (str(one.kind), one.finding.check, one.finding.span.line)
        for one in drift(root, text).broken
        if "lost" in one.finding.message
    ]
    assert places == ([("alert", "alerts/label-value", 5), ("panel", "dashboards/label-value", 14)] if breaks else [])


def test_whatever_reads_a_recording_rule_that_breaks(tmp_path: Path) -> None:
    rules = (
        "record demo:level sum(demo_level)\n"
        "record demo:level:twice demo:level * 2\n"
        "record demo:up sum(demo_up)\n"
        "alert A demo:level:twice > 1\n"
        "alert B demo:up > 1\n"
        "alert C demo:level > demo:level:twice\n"
    )
    found = drift(catalog(tmp_path, rules=rules, panels="demo:up\ndemo:level:twice"), without("demo_level"))
    reads = 'error it reads the recording rule "{}", which breaks'.format
    assert said(found) == [
        'recording rule demo:level: error demo exposes no metric "demo_level"',
        f"recording rule demo:level:twice: {reads('demo:level')}",
        f"alert A: {reads('demo:level:twice')}",
        f"alert C: {reads('demo:level')}",
        f"alert C: {reads('demo:level:twice')}",
        f"panel Panel 2: {reads('demo:level:twice')}",
    ]


def test_recording_rules_that_read_each_other(tmp_path: Path) -> None:
    rules = "record demo:a demo:b + demo_level\nrecord demo:b demo:a\nrecord demo:c demo:c or demo_level\n"
    assert len(drift(catalog(tmp_path, rules=rules), without("demo_level")).broken) == 5


def test_the_checks_are_those_of_one_entrys_rules_and_dashboards() -> None:
    chosen = {check.id for check in CHECKS if is_evidence(check)}
    assert chosen >= {f"{family}/{name}" for family in ("alerts", "dashboards") for name in ("metric", "label", "rate")}
    assert not chosen & {"alerts/load", "alerts/test", "alerts/mutation", "entry/waiver"}
    assert all(check.startswith(("alerts/", "dashboards/")) for check in chosen)


@settings(max_examples=50)
@given(text=broken)
def test_whatever_was_scraped(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    assume(text.strip())
    rules = 'record demo:a a + c:d\nalert A rate(a_sum[5m]) / a_count > 1\nalert B sum by (x) (b_total{y="1"}) > 1\n'
    root = tmp_path_factory.mktemp("catalog")
    found = drift(catalog(root, rules=rules, panels="histogram_quantile(0.9, rate(a_bucket[5m]))", metrics=text), OLD)
    assert found == drift(root, OLD)
    assert found.diff.metrics.now == 5
    back = drift_of(root, load_entry(root, "demo"), text, Side("x"), TODAY)
    assert back is not None
    assert back.broken == ()
