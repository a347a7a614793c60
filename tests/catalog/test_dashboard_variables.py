"""Which variables of a dashboard have several values at a time."""

from bot.catalog.dashboards import dashboard_of
from bot.catalog.document import Value
from tests.catalog.dashboard_samples import document_of, resource


def several(data: Value) -> tuple[set[str], set[str]]:
    dashboard = dashboard_of(document_of(data))
    return set(dashboard.repeats), set(dashboard.several)


def classic(**more: Value) -> Value:
    variables: Value = [
        {"name": "job", "type": "query", "multi": True},
        {"name": "instance", "type": "custom", "includeAll": True},
        {"name": "one", "type": "query", "multi": False, "includeAll": "yes"},
        {"name": "disk", "type": "query", "multi": True},
    ]
    return {"panels": [], "templating": {"list": variables}, **more}


def test_classic() -> None:
    assert several(classic()) == (set(), {"job", "instance", "disk"})


def test_classic_repeats_of_panels_and_rows() -> None:
    panels: Value = [
        {"type": "row", "repeat": "job", "panels": [{"type": "stat", "repeat": "disk"}]},
        {"type": "stat", "repeat": None},
    ]
    assert several(classic(panels=panels)) == ({"job", "disk"}, {"instance"})
    assert several(classic(rows=[{"repeat": "instance", "panels": []}])) == ({"instance"}, {"job", "disk"})


def test_v2() -> None:
    variables: Value = [
        {"kind": "QueryVariable", "spec": {"name": "job", "multi": True}},
        {"kind": "CustomVariable", "spec": {"name": "disk", "includeAll": True}},
        {"kind": "QueryVariable", "spec": {"name": "one", "multi": None}},
    ]
    items: Value = [{"kind": "GridLayoutItem", "spec": {"repeat": {"mode": "variable", "value": "disk"}}}]
    layout: Value = {"kind": "RowsLayout", "spec": {"rows": [{"spec": {"layout": {"spec": {"items": items}}}}]}}
    assert several(resource(variables=variables, layout=layout)) == ({"disk"}, {"job"})


def test_v2_with_a_layout_of_any_shape() -> None:
    layouts: list[Value] = [None, 5, [], {"repeat": "job"}, {"repeat": {"value": 3}}, [{"repeat": {"value": ["job"]}}]]
    for layout in layouts:
        assert several(resource(layout=layout)) == (set(), set())
