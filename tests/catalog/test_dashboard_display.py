"""How a panel shows its values, in each of Grafana's formats."""

import pytest

from bot.catalog.dashboard_model import Display, OwnUnit
from bot.catalog.dashboards import dashboard_of
from bot.catalog.document import Value
from tests.catalog.dashboard_samples import document_of, panel, resource, v2_query


def display(data: Value) -> Display:
    (found,) = dashboard_of(document_of({"panels": [data]})).panels
    return found.display


def test_the_old_graph_has_two_axes() -> None:
    axes: Value = [{"format": "Bps"}, {"format": "bytes"}]
    series: Value = [{"alias": "free", "yaxis": 2}, {"alias": "/used/", "yaxis": 2}, {"alias": "in", "yaxis": 1}]
    right = ("panels", 0, "yaxes", 1, "format")
    assert display({"type": "graph", "yaxes": axes, "seriesOverrides": series}) == Display(
        "Bps",
        ("panels", 0, "yaxes", 0, "format"),
        (OwnUnit(right, "bytes", "byName", "free"), OwnUnit(right, "bytes", "byRegexp", "/used/")),
    )


@pytest.mark.parametrize("kind", ["timeseries", "stat", "table"])
def test_what_is_left_over_from_an_older_panel_means_nothing(kind: str) -> None:
    found = display({"type": kind, "yaxes": [{"format": "s"}], "format": "bytes"})
    assert (found.unit, found.unit_route) == ("", ("panels", 0, "fieldConfig", "defaults", "unit"))


def test_the_singlestat_has_a_format() -> None:
    found = display({"type": "singlestat", "format": "s", "valueMaps": [{"value": "0", "text": "off"}]})
    assert (found.unit, found.unit_route, found.mapped) == ("s", ("panels", 0, "format"), True)


def test_units_of_some_series() -> None:
    overrides: Value = [
        {"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "color"}, {"id": "unit", "value": "s"}]},
        {"matcher": {"id": "byNames", "options": {"names": ["b"]}}, "properties": [{"id": "unit", "value": 5}]},
        {"properties": "none"},
    ]
    found = display({"type": "stat", "fieldConfig": {"overrides": overrides}})
    assert [(own.unit, own.matcher, own.text) for own in found.own_units] == [("s", "byName", "a"), ("", "byNames", "")]


@pytest.mark.parametrize(
    ("data", "altered"),
    [
        ({}, False),
        ({"options": {"reduceOptions": {"calcs": ["lastNotNull", "max"]}}}, False),
        ({"options": {"reduceOptions": {"calcs": ["count"]}}}, True),
        ({"options": {"reduceOptions": {"calcs": "count"}}}, False),
        ({"valueName": "current"}, False),
        ({"valueName": "name"}, True),
        ({"transformations": [{"id": "organize"}, {"id": "merge"}]}, False),
        ({"transformations": [{"id": "organize"}, {"id": "calculateField"}]}, True),
        ({"transformations": ["calculateField"]}, False),
        ({"percentage": True}, True),
        ({"fieldConfig": {"defaults": {"custom": {"stacking": {"mode": "percent"}}}}}, True),
        ({"fieldConfig": {"defaults": {"custom": {"stacking": {"mode": "normal"}}}}}, False),
    ],
)
def test_values_that_are_no_more_what_was_returned(data: dict[str, Value], altered: bool) -> None:
    assert display({"type": "stat", **data}).altered == altered


def test_a_resource_keeps_the_parts_elsewhere() -> None:
    config: Value = {"defaults": {"unit": "s", "mappings": [{"type": "value"}]}, "overrides": []}
    options: Value = {"reduceOptions": {"calcs": ["lastNotNull"]}}
    element = panel(
        v2_query("prometheus", "${ds}", "up"),
        vizConfig={"kind": "VizConfig", "group": "stat", "spec": {"options": options, "fieldConfig": config}},
        data={"kind": "QueryGroup", "spec": {"transformations": [{"kind": "Transformation", "group": "reduce"}]}},
    )
    (found,) = dashboard_of(document_of(resource(elements={"panel-1": element}))).panels
    route = ("spec", "elements", "panel-1", "spec", "vizConfig", "spec", "fieldConfig", "defaults", "unit")
    assert found.display == Display("s", route, mapped=True, altered=True)


def test_steps() -> None:
    (found,) = dashboard_of(
        document_of({"panels": [{"interval": "1m", "targets": [{"interval": "30s", "instant": True}, {}]}]})
    ).panels
    assert (found.step, [(target.step, target.instant) for target in found.targets]) == (
        "1m",
        [("30s", True), ("", False)],
    )
