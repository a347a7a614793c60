from pathlib import Path

import pytest

from bot.catalog.dashboard_model import (
    Annotation,
    Dashboard,
    Datasource,
    Display,
    Input,
    Link,
    OwnUnit,
    Panel,
    Shape,
    Target,
    Variable,
)
from bot.catalog.dashboards import dashboard_of
from bot.catalog.document import Route, Value
from bot.catalog.load import load_entry
from tests.catalog.dashboard_samples import CLASSIC, PROMETHEUS, V2, document_of, malformed


def read(data: Value) -> Dashboard:
    return dashboard_of(document_of(data))


@pytest.mark.parametrize(
    ("data", "shape", "base"),
    [
        ({"panels": []}, Shape.CLASSIC, ()),
        ({"rows": []}, Shape.CLASSIC, ()),
        ({"schemaVersion": 41}, Shape.CLASSIC, ()),
        ({"dashboard": {"panels": []}, "meta": {}}, Shape.WRAPPED, ("dashboard",)),
        ({"apiVersion": "dashboard.grafana.app/v1beta1", "kind": "Dashboard", "spec": {}}, Shape.V1, ("spec",)),
        ({"apiVersion": "dashboard.grafana.app/v0alpha1", "spec": {"panels": []}}, Shape.V1, ("spec",)),
        ({"apiVersion": "dashboard.grafana.app/v2beta1", "spec": {}}, Shape.V2, ("spec",)),
        ({"spec": {"elements": {}}}, Shape.V2, ("spec",)),
        ({"elements": {}, "layout": {}}, Shape.V2, ()),
        ({"elements": {}}, Shape.UNKNOWN, ()),
        ({"apiVersion": "dashboard.grafana.app/v1", "spec": []}, Shape.UNKNOWN, ()),
        ({"apiVersion": "v1", "kind": "ConfigMap", "data": {}}, Shape.UNKNOWN, ()),
        ({"dashboard": "redis"}, Shape.UNKNOWN, ()),
        ({}, Shape.UNKNOWN, ()),
        ([], Shape.UNKNOWN, ()),
        (None, Shape.UNKNOWN, ()),
    ],
)
def test_shapes_are_told_apart(data: Value, shape: Shape, base: Route) -> None:
    dashboard = read(data)
    assert (dashboard.shape, dashboard.base) == (shape, base)


def test_a_classic_dashboard_in_full() -> None:
    own = Datasource(("panels", 0, "datasource", "uid"), "prometheus", "${ds}")
    logs = Datasource(("panels", 0, "targets", 1, "datasource", "uid"), "loki", "${logs}")
    first: Route = ("panels", 0, "targets", 0)
    second: Route = ("panels", 0, "targets", 1)
    listed: Route = ("templating", "list")
    config: Route = ("panels", 0, "fieldConfig")
    assert read(CLASSIC) == Dashboard(
        Shape.CLASSIC,
        (),
        "redis",
        ("uid",),
        "Redis",
        ("title",),
        (
            Panel(
                ("panels", 0),
                3,
                "Targets",
                "timeseries",
                Display(
                    "short",
                    (*config, "defaults", "unit"),
                    (OwnUnit((*config, "overrides", 0, "properties", 0, "value"), "s", "", ""),),
                ),
                own,
                "job",
                "",
                (
                    Target(first, "A", "up", (*first, "expr"), "{{job}}", (*first, "legendFormat"), own, hidden=True),
                    Target(
                        second, "B", "{a='b'}", (*second, "expr"), "", (*second, "legendFormat"), logs, hidden=False
                    ),
                ),
                (
                    Link(("panels", 0, "links", 1, "url"), "https://a.example"),
                    Link((*config, "defaults", "links", 0, "url"), "https://b.example"),
                    Link((*config, "overrides", 0, "properties", 1, "value", 0, "url"), "/c"),
                    Link(("panels", 0, "options", "dataLinks", 0, "url"), "https://d.example"),
                ),
            ),
        ),
        (
            Variable((*listed, 0), "datasource", "ds", (*listed, 0, "name"), "prometheus", (*listed, 0, "query"), None),
            Variable(
                (*listed, 1),
                "query",
                "job",
                (*listed, 1, "name"),
                {"query": "label_values(up, job)"},
                (*listed, 1, "query"),
                Datasource((*listed, 1, "datasource", "uid"), "prometheus", "${ds}"),
            ),
            Variable((*listed, 2), "interval", "every", (*listed, 2, "name"), "1m,5m", (*listed, 2, "query"), None),
        ),
        (
            Annotation(
                ("annotations", "list", 0),
                "Start",
                "changes(up[5m])",
                ("annotations", "list", 0, "expr"),
                Datasource(("annotations", "list", 0, "datasource"), "", "${ds}"),
                built_in=False,
            ),
            Annotation(
                ("annotations", "list", 1),
                "Stop",
                "up == 0",
                ("annotations", "list", 1, "target", "expr"),
                None,
                built_in=False,
            ),
            Annotation(
                ("annotations", "list", 2),
                "Own",
                "",
                ("annotations", "list", 2, "target", "expr"),
                Datasource(("annotations", "list", 2, "datasource", "uid"), "grafana", "-- Grafana --"),
                built_in=True,
            ),
        ),
        (Link(("links", 0, "url"), "/d/other"),),
        (Input("DS_P", "datasource", "prometheus"),),
        frozenset({"job"}),
    )


def test_the_text_of_a_variables_query_has_a_place_in_either_form() -> None:
    queries: list[Value] = ["label_values(a)", {"query": "label_values(b)"}, {"qryType": 3}, None, 5]
    dashboard = read(
        {"panels": [], "templating": {"list": [{"type": "query", "name": "v", "query": query} for query in queries]}}
    )
    assert [(variable.text, variable.text_route[3:]) for variable in dashboard.variables] == [
        ("label_values(a)", ("query",)),
        ("label_values(b)", ("query", "query")),
        ("", ("query", "query")),
        ("", ("query",)),
        ("", ("query",)),
    ]


def test_panels_are_found_wherever_they_stand() -> None:
    dashboard = read(
        {
            "panels": [
                {"id": 1, "type": "row", "panels": [{"id": 2, "type": "graph"}, {"id": 3, "yaxes": [{"format": "s"}]}]},
                {"id": 4, "libraryPanel": {"uid": "lib", "name": "Shared"}},
            ],
            "rows": [{"title": "Old", "panels": [{"id": 5, "type": "singlestat", "format": "bytes"}]}, {"panels": {}}],
            "__elements": {"lib": {"name": "Shared", "model": {"id": 6, "targets": [{"expr": "up"}]}}, "none": {}},
        }
    )
    assert [(panel.id, panel.route, panel.display.unit, panel.library) for panel in dashboard.panels] == [
        (1, ("panels", 0), "", ""),
        (2, ("panels", 0, "panels", 0), "", ""),
        (3, ("panels", 0, "panels", 1), "s", ""),
        (4, ("panels", 1), "", "lib"),
        (5, ("rows", 0, "panels", 0), "bytes", ""),
        (6, ("__elements", "lib", "model"), "", ""),
    ]
    assert [target.expr_route for target in dashboard.targets()] == [
        ("__elements", "lib", "model", "targets", 0, "expr")
    ]


def test_library_panels_may_be_defined_in_a_list() -> None:
    dashboard = read({"panels": [], "__elements": [{"model": {"id": 7}}, 5]})
    assert [panel.route for panel in dashboard.panels] == [("__elements", 0, "model")]


@pytest.mark.parametrize(
    ("data", "base"),
    [
        ({"dashboard": {"uid": "x", "title": "T", "panels": [{"id": 1}]}}, "dashboard"),
        (
            {
                "apiVersion": "dashboard.grafana.app/v1beta1",
                "metadata": {"name": "x"},
                "spec": {"title": "T", "panels": [{"id": 1}]},
            },
            "spec",
        ),
    ],
)
def test_a_model_in_an_envelope_keeps_its_routes(data: Value, base: str) -> None:
    dashboard = read(data)
    assert (dashboard.uid, dashboard.title, dashboard.title_route) == ("x", "T", (base, "title"))
    assert document_of(data).text_at(*dashboard.uid_route) == "x"
    assert [panel.route for panel in dashboard.panels] == [(base, "panels", 0)]


@pytest.mark.parametrize(
    ("panel", "target", "name"),
    [
        (PROMETHEUS, {}, "${ds}"),
        (PROMETHEUS, {"datasource": None}, "${ds}"),
        (PROMETHEUS, {"datasource": {"type": "loki", "uid": "l"}}, "l"),
        ("old name", {}, "old name"),
        ("default", {}, ""),
        ({"type": "prometheus"}, {}, ""),
        ("-- Mixed --", {"datasource": "own"}, "own"),
        ("-- Mixed --", {}, None),
        ({"type": "mixed", "uid": "-- Mixed --"}, {}, None),
        (None, {}, None),
        ({}, {}, None),
        ("", {"datasource": ""}, None),
        (5, {"datasource": []}, None),
    ],
)
def test_a_query_has_its_own_data_source_or_its_panels(panel: Value, target: Value, name: str | None) -> None:
    (found,) = read({"panels": [{"datasource": panel, "targets": [target]}]}).targets()
    assert (found.datasource and found.datasource.name) == name


@pytest.mark.parametrize(
    ("source", "plugin"),
    [
        ({"type": "loki", "uid": "${ds}"}, "loki"),
        ({"type": "$kind", "uid": "${ds}"}, "prometheus"),
        ("$ds", "prometheus"),
        ("${ds}", "prometheus"),
        ("${ds:raw}", "prometheus"),
        ("[[ds]]", "prometheus"),
        ("${DS_IN}", "elasticsearch"),
        ("${job}", ""),
        ("${unknown}", ""),
        ("Prometheus", ""),
        ("-- Dashboard --", "datasource"),
        ("__expr__", "datasource"),
        ("default", ""),
        (None, ""),
    ],
)
def test_the_plugin_of_a_data_source(source: Value, plugin: str) -> None:
    dashboard = read(
        {
            "panels": [{"datasource": source, "targets": [{}]}],
            "templating": {
                "list": [
                    {"type": "datasource", "name": "ds", "query": "prometheus"},
                    {"type": "custom", "name": "job", "query": "a,b"},
                ]
            },
            "__inputs": [{"name": "DS_IN", "type": "datasource", "pluginId": "elasticsearch"}],
        }
    )
    (target,) = dashboard.targets()
    assert dashboard.plugin(target.datasource) == plugin


def test_an_entry_has_a_dashboard_for_each_file_with_an_object(tmp_path: Path) -> None:
    folder = tmp_path / "lists" / "demo"
    (folder / "dashboards").mkdir(parents=True)
    for name, text in (("dashboard.json", '{"uid": "a", "panels": []}'), ("dashboards/b.json", '{"uid": "b"}')):
        (folder / name).write_text(text)
    (folder / "dashboards" / "list.json").write_text("[]")
    (folder / "dashboards" / "broken.json").write_text("{")
    entry = load_entry(tmp_path, "demo")
    assert [(file, dashboard.shape) for file, dashboard in entry.dashboards] == [
        ("dashboard.json", Shape.CLASSIC),
        ("dashboards/b.json", Shape.UNKNOWN),
    ]
    assert entry.dashboards is entry.dashboards


@pytest.mark.parametrize("sample", [CLASSIC, V2], ids=["classic", "v2"])
def test_whatever_stands_in_its_place_every_text_stands_where_its_route_says(sample: Value) -> None:
    for data in malformed(sample):
        document = document_of(data)
        dashboard = dashboard_of(document)
        for target in dashboard.targets():
            assert (document.text_at(*target.expr_route) or "") == target.expr
            assert (document.text_at(*target.legend_route) or "") == target.legend
        for variable in dashboard.variables:
            assert document.text_at(*variable.name_route) == variable.name
            assert (document.text_at(*variable.text_route) or "") == variable.text
        for annotation in dashboard.annotations:
            assert (document.text_at(*annotation.expr_route) or "") == annotation.expr
        for link in dashboard.links:
            assert document.text_at(*link.route) == link.url
        if dashboard.shape != Shape.UNKNOWN:
            assert (document.text_at(*dashboard.title_route) or "") == dashboard.title
