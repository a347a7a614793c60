import pytest

from bot.catalog.dashboard_model import Annotation, Dashboard, Datasource, Display, Link, Panel, Shape, Target, Variable
from bot.catalog.dashboards import dashboard_of
from bot.catalog.document import Route, Value
from tests.catalog.dashboard_samples import V2, document_of, panel, resource, v2_query


def read(data: Value) -> Dashboard:
    return dashboard_of(document_of(data))


def test_a_resource_in_full() -> None:
    query: Route = ("spec", "elements", "panel-1", "spec", "data", "spec", "queries", 0)
    viz: Route = ("spec", "elements", "panel-1", "spec", "vizConfig", "spec")
    listed: Route = ("spec", "variables")
    note: Route = ("spec", "annotations", 0)
    assert read(V2) == Dashboard(
        Shape.V2,
        ("spec",),
        "redis",
        ("metadata", "name"),
        "Redis",
        ("spec", "title"),
        (
            Panel(
                ("spec", "elements", "panel-1"),
                1,
                "Up",
                "stat",
                Display("s", (*viz, "fieldConfig", "defaults", "unit")),
                None,
                "",
                "",
                (
                    Target(
                        query,
                        "A",
                        "up",
                        (*query, "spec", "query", "spec", "expr"),
                        "{{job}}",
                        (*query, "spec", "query", "spec", "legendFormat"),
                        Datasource((*query, "spec", "query", "datasource", "name"), "prometheus", "${ds}"),
                        hidden=True,
                    ),
                ),
                (
                    Link(("spec", "elements", "panel-1", "spec", "links", 0, "url"), "/p"),
                    Link(
                        (*viz, "fieldConfig", "defaults", "links", 0, "url"),
                        "/d",
                    ),
                ),
            ),
        ),
        (
            Variable(
                (*listed, 0),
                "datasource",
                "ds",
                (*listed, 0, "spec", "name"),
                "prometheus",
                (*listed, 0, "spec", "pluginId"),
                None,
            ),
            Variable(
                (*listed, 1),
                "query",
                "job",
                (*listed, 1, "spec", "name"),
                {"query": "label_values(up, job)"},
                (*listed, 1, "spec", "query", "spec"),
                Datasource((*listed, 1, "spec", "query", "datasource", "name"), "prometheus", "${ds}"),
            ),
            Variable(
                (*listed, 2), "custom", "top", (*listed, 2, "spec", "name"), "5,10", (*listed, 2, "spec", "query"), None
            ),
            Variable(
                (*listed, 3), "textbox", "free", (*listed, 3, "spec", "name"), "", (*listed, 3, "spec", "query"), None
            ),
            Variable(
                (*listed, 4),
                "adhoc",
                "any",
                (*listed, 4, "spec", "name"),
                None,
                (*listed, 4, "spec", "query"),
                Datasource((*listed, 4, "datasource", "name"), "prometheus", "${ds}"),
            ),
        ),
        (
            Annotation(
                note,
                "Start",
                "changes(up[5m])",
                (*note, "spec", "query", "spec", "expr"),
                Datasource((*note, "spec", "query"), "grafana", ""),
                built_in=True,
            ),
        ),
        (Link(("spec", "links", 0, "url"), "/other"),),
    )


def test_the_older_form_names_the_plugin_as_kind_and_the_source_beside_the_query() -> None:
    data = resource(
        elements={
            "panel-1": panel(
                {
                    "kind": "PanelQuery",
                    "spec": {
                        "datasource": {"type": "prometheus", "uid": "abc"},
                        "query": {"kind": "prometheus", "spec": {"expr": "up"}},
                    },
                },
                vizConfig={"kind": "timeseries"},
            )
        }
    )
    dashboard = read(data)
    (target,) = dashboard.targets()
    assert dashboard.panels[0].type == "timeseries"
    assert (target.expr, target.hidden) == ("up", False)
    assert target.datasource == Datasource((*target.route, "spec", "datasource", "uid"), "prometheus", "abc")


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ({"kind": "DataQuery", "group": "prometheus", "labels": {"grafana.app/export-label": "p-1"}}, ("", True)),
        ({"kind": "DataQuery", "group": "prometheus"}, ("", False)),
        ({"kind": "DataQuery"}, None),
        (None, None),
    ],
)
def test_a_query_without_a_named_source(query: Value, source: tuple[str, bool] | None) -> None:
    (target,) = read(resource(elements={"panel-1": panel({"kind": "PanelQuery", "spec": {"query": query}})})).targets()
    found = target.datasource
    assert (found and (found.name, found.exported)) == source


def test_library_panels_and_malformed_elements() -> None:
    data = resource(
        elements={
            "a": {"kind": "LibraryPanel", "spec": {"id": 2, "libraryPanel": {"name": "Shared"}}},
            "b": {"kind": "Panel", "spec": []},
            "c": 5,
        }
    )
    assert [(found.id, found.library, found.targets) for found in read(data).panels] == [
        (2, "Shared", ()),
        (None, "", ()),
    ]


def test_a_bare_spec_has_its_uid_at_the_top() -> None:
    dashboard = read({"title": "T", "elements": {"p": panel(v2_query("prometheus", "${ds}", "up"))}, "layout": {}})
    assert (dashboard.base, dashboard.uid_route, dashboard.title) == ((), ("uid",), "T")
    assert [target.expr for target in dashboard.targets()] == ["up"]
