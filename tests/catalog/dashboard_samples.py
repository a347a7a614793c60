"""Dashboards as Python values, and what their files say."""

import json
from collections.abc import Iterator

from bot.catalog.document import Document, Route, Value
from bot.catalog.json_text import parse_json

PROMETHEUS: Value = {"type": "prometheus", "uid": "${ds}"}


def document_of(data: Value) -> Document:
    """The document of a file that holds this."""
    parsed = parse_json(json.dumps(data))
    assert parsed.document is not None
    return parsed.document


def v2_query(plugin: str, name: str, expr: str) -> Value:
    """A query of a panel, as v2 writes it."""
    source: Value = {"name": name}
    return {
        "kind": "PanelQuery",
        "spec": {
            "refId": "A",
            "hidden": True,
            "query": {
                "kind": "DataQuery",
                "group": plugin,
                "version": "v0",
                "datasource": source,
                "spec": {"expr": expr, "legendFormat": "{{job}}"},
            },
        },
    }


def resource(**spec: Value) -> Value:
    return {
        "apiVersion": "dashboard.grafana.app/v2beta1",
        "kind": "Dashboard",
        "metadata": {"name": "redis"},
        "spec": {"title": "Redis", "elements": {}, "layout": {}, **spec},
    }


def panel(*queries: Value, **spec: Value) -> Value:
    return {
        "kind": "Panel",
        "spec": {"id": 1, "title": "Up", "data": {"kind": "QueryGroup", "spec": {"queries": [*queries]}}, **spec},
    }


_TARGET: Value = {"refId": "A", "expr": "up", "legendFormat": "{{job}}", "hide": True}
_PANEL: Value = {
    "id": 3,
    "title": "Targets",
    "type": "timeseries",
    "datasource": PROMETHEUS,
    "repeat": "job",
    "targets": [_TARGET, {"refId": "B", "datasource": {"type": "loki", "uid": "${logs}"}, "expr": "{a='b'}"}],
    "links": [{"title": "none"}, {"url": "https://a.example"}],
    "options": {"dataLinks": [{"url": "https://d.example"}]},
    "fieldConfig": {
        "defaults": {"unit": "short", "links": [{"url": "https://b.example"}]},
        "overrides": [{"properties": [{"id": "unit", "value": "s"}, {"id": "links", "value": [{"url": "/c"}]}]}],
    },
}
CLASSIC: Value = {
    "uid": "redis",
    "title": "Redis",
    "schemaVersion": 41,
    "panels": [_PANEL],
    "links": [{"url": "/d/other"}],
    "templating": {
        "list": [
            {"type": "datasource", "name": "ds", "query": "prometheus"},
            {"type": "query", "name": "job", "datasource": PROMETHEUS, "query": {"query": "label_values(up, job)"}},
            {"type": "interval", "name": "every", "query": "1m,5m"},
            {"type": "query", "query": "without a name"},
        ]
    },
    "annotations": {
        "list": [
            {"name": "Start", "datasource": "${ds}", "expr": "changes(up[5m])"},
            {"name": "Stop", "target": {"expr": "up == 0"}},
            {"name": "Own", "builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}},
        ]
    },
    "__inputs": [{"name": "DS_P", "type": "datasource", "pluginId": "prometheus"}, {"label": "without a name"}],
}

_VIZ: Value = {
    "kind": "VizConfig",
    "group": "stat",
    "spec": {"fieldConfig": {"defaults": {"unit": "s", "links": [{"url": "/d"}]}}},
}
V2 = resource(
    elements={"panel-1": panel(v2_query("prometheus", "${ds}", "up"), vizConfig=_VIZ, links=[{"url": "/p"}])},
    variables=[
        {"kind": "DatasourceVariable", "spec": {"name": "ds", "pluginId": "prometheus"}},
        {
            "kind": "QueryVariable",
            "spec": {
                "name": "job",
                "query": {
                    "kind": "DataQuery",
                    "group": "prometheus",
                    "datasource": {"name": "${ds}"},
                    "spec": {"query": "label_values(up, job)"},
                },
            },
        },
        {"kind": "CustomVariable", "spec": {"name": "top", "query": "5,10"}},
        {"kind": "TextVariable", "spec": {"name": "free", "query": ""}},
        {"kind": "AdhocVariable", "group": "prometheus", "datasource": {"name": "${ds}"}, "spec": {"name": "any"}},
        {"kind": "CustomVariable", "spec": {}},
    ],
    annotations=[
        {
            "kind": "AnnotationQuery",
            "spec": {
                "name": "Start",
                "builtIn": True,
                "query": {"kind": "DataQuery", "group": "grafana", "spec": {"expr": "changes(up[5m])"}},
            },
        }
    ],
    links=[{"url": "/other"}],
)

_JUNK: tuple[Value, ...] = (None, 5, "", "${ds}", "rate(", [], [None, {}], {"uid": []})


def malformed(data: Value) -> Iterator[Value]:
    """The same value many times, each time with other rubbish in one place of it."""
    for route in _routes(data):
        for junk in _JUNK:
            yield _replaced(data, route, junk)


def _routes(data: Value) -> Iterator[Route]:
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, member in members:
        yield (step,)
        for route in _routes(member):
            yield (step, *route)


def _replaced(data: Value, route: Route, junk: Value) -> Value:
    if not route:
        return junk
    if isinstance(data, dict):
        return {key: _replaced(value, route[1:], junk) if key == route[0] else value for key, value in data.items()}
    assert isinstance(data, list)
    return [_replaced(value, route[1:], junk) if index == route[0] else value for index, value in enumerate(data)]
