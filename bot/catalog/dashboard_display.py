"""How a panel shows its values: its unit, the units of some of its series, and what makes other values of them.

References: https://grafana.com/docs/grafana/latest/visualizations/panels-visualizations/configure-overrides/ and,
for the old graph and singlestat, their schema in Grafana 7.
"""

from collections.abc import Iterator

from bot.catalog.dashboard_model import Display, OwnUnit
from bot.catalog.dashboard_parts import Node

_HARMLESS = frozenset(
    (
        *("concatenate", "convertFieldType", "filterByRefId", "filterByValue", "filterFieldsByName", "formatTime"),
        *("joinByField", "labelsToFields", "limit", "merge", "organize", "partitionByValues", "renameByRegex"),
        *("seriesToColumns", "seriesToRows", "sortBy"),
    )
)
"""Transformations after which each value is still what its query returned."""
_KEEPING = frozenset(
    (
        *("", "lastNotNull", "last", "first", "firstNotNull", "min", "max", "mean", "median", "sum", "range", "delta"),
        *("diff", "logmin", "allValues", "uniqueValues", "step", "current", "avg", "total"),
    )
)
"""Calculations whose result has the unit of the values, today's and the singlestat's."""

_GRAPHS = ("graph", "")
_SINGLE = ("singlestat", "grafana-piechart-panel")


def display_of(panel: Node, options: Node, config: Node, data: Node) -> Display:
    """How a panel shows its values; `options`, `config` (fieldConfig) and `data` are where its format keeps them."""
    unit, route = _unit(panel, config)
    return Display(
        unit,
        route,
        (*_overrides(config), *_right_axis(panel)),
        mapped=bool(config.at("defaults", "mappings") or panel.at("valueMaps") or panel.at("rangeMaps")),
        altered=_is_altered(panel, options, config, data),
    )


def _unit(panel: Node, config: Node) -> tuple[str, tuple[str | int, ...]]:
    """Today's unit, or the singlestat's, or that of the old graph's left axis."""
    own = config.member("defaults", "unit")
    old = [axis.member("format") for axis in _axes(panel)][:1]
    if panel.text("type") in _SINGLE:
        old.append(panel.member("format"))
    for node in (own, *old):
        if isinstance(node.value, str) and node.value:
            return node.value, node.route
    return "", own.route


def _axes(panel: Node) -> list[Node]:
    """Those of the old graph; other panels may have kept theirs from a time when they were one."""
    return list(panel.items("yaxes")) if panel.text("type") in _GRAPHS else []


def _overrides(config: Node) -> Iterator[OwnUnit]:
    for override in config.items("overrides"):
        for item in override.items("properties"):
            if item.text("id") == "unit":
                matcher = override.member("matcher")
                yield OwnUnit((*item.route, "value"), item.text("value"), matcher.text("id"), matcher.text("options"))


def _right_axis(panel: Node) -> Iterator[OwnUnit]:
    """The series that the old graph draws against its right axis."""
    axes = _axes(panel)
    for override in panel.items("seriesOverrides") if len(axes) > 1 else ():
        if override.number("yaxis") == 2:
            alias = override.text("alias")
            matcher = "byRegexp" if alias.startswith("/") else "byName"
            yield OwnUnit((*axes[1].route, "format"), axes[1].text("format"), matcher, alias)


def _is_altered(panel: Node, options: Node, config: Node, data: Node) -> bool:
    applied = {item.text("group") or item.text("id") or item.text("kind") for item in data.items("transformations")}
    given = options.at("reduceOptions", "calcs")
    calculations = given if isinstance(given, list) else []
    calculations = [*calculations, panel.text("valueName")]
    return (
        not _HARMLESS.issuperset(applied)
        or any(isinstance(name, str) and name not in _KEEPING for name in calculations)
        or config.at("defaults", "custom", "stacking", "mode") == "percent"
        or panel.flag("percentage")
    )
