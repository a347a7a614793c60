"""The checks of dashboards over values that nobody expects."""

from pathlib import Path

import pytest

from bot.catalog.document import Parsed, Value
from bot.catalog.entry import DASHBOARD, Entry
from bot.checks.base import Check
from bot.checks.dashboards import datasource, empty, load, promql, rate_interval, shape, title, uid, unit, variable
from bot.checks.place import place
from tests.catalog.dashboard_samples import CLASSIC, V2, document_of, malformed

CHECKS = (
    *(load.CHECK, shape.CHECK, uid.CHECK, title.CHECK, datasource.CHECK, promql.CHECK),
    *(unit.CHECK, rate_interval.CHECK, variable.CHECK, empty.CHECK),
)
OTHERS: tuple[Value, ...] = (
    None,
    5,
    "text",
    [],
    {},
    {"panels": None, "rows": 5, "schemaVersion": "41"},
    {"dashboard": {"panels": {}}},
    {"apiVersion": "dashboard.grafana.app/v1", "spec": {}},
    {"apiVersion": "dashboard.grafana.app/v2", "spec": {}, "metadata": []},
    {"panels": [{"datasource": "a\nname" + "x" * 99, "targets": [{"expr": "x{a=~'(\\n'}"}]}]},
    {"panels": [{"datasource": "$a", "targets": [{}]}], "templating": {"list": [{"name": "a"}]}},
)
DRAWN: Value = {
    "panels": [
        {
            "type": "timeseries",
            "interval": "",
            "datasource": {"type": "prometheus", "uid": "a"},
            "fieldConfig": {
                "defaults": {"unit": "s", "custom": {"stacking": {"mode": "none"}}, "mappings": []},
                "overrides": [
                    {"matcher": {"id": "byName", "options": "b"}, "properties": [{"id": "unit", "value": "bytes"}]}
                ],
            },
            "options": {"reduceOptions": {"calcs": ["max"]}},
            "transformations": [{"id": "merge"}],
            "targets": [
                {"refId": "A", "expr": "rate(x_bytes_total[5m])", "legendFormat": "a"},
                {"refId": "B", "expr": "rate(x_seconds_total[$__interval])", "legendFormat": "b", "hide": False},
            ],
        },
        {
            "type": "graph",
            "datasource": {"type": "prometheus", "uid": "a"},
            "seriesOverrides": [{"alias": "a", "yaxis": 2}],
            "yaxes": [{"format": "s"}, {"format": "bytes"}],
            "targets": [{"refId": "A", "expr": "rate(x_bytes_total[5m])", "legendFormat": "a"}],
        },
    ]
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_every_problem_has_a_place_whatever_the_file_holds(check: Check) -> None:
    assert check.run is not None
    told = 0
    for data in (*malformed(CLASSIC), *malformed(V2), *malformed(DRAWN), *OTHERS):
        document = document_of(data)
        entry = Entry("demo", Path(), "lists/demo", (), {DASHBOARD: Parsed(document, ())})
        for problem in check.run(entry):
            finding = place(entry, check, problem)
            told += 1
            assert finding.span.line == 1
            assert 1 <= finding.span.column <= finding.span.end_column <= len(document.text) + 1
            assert finding.message == finding.message.strip()
            assert "\n" not in finding.message + finding.help
    assert told > 0
