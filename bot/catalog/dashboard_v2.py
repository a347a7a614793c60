"""The v2 dashboard resource: elements, a layout, and queries that name their plugin as `group` or `kind`.

Reference: https://grafana.com/docs/grafana/latest/as-code/observability-as-code/schema-v2/
"""

from collections.abc import Iterator

from bot.catalog.dashboard_display import display_of
from bot.catalog.dashboard_model import Annotation, Dashboard, Datasource, Panel, Shape, Target, Variable
from bot.catalog.dashboard_parts import Node, inputs_of, links_in, node_at, panel_links
from bot.catalog.document import Document, Route, Value

EXPORT_LABEL = "grafana.app/export-label"
"""Set in place of a data source's name when a dashboard is exported for others."""

_KINDS = {"TextVariable": "textbox", "GroupByVariable": "groupby"}


def read_v2(document: Document, base: Route) -> Dashboard:
    """A dashboard whose elements stand below `base`."""
    model = node_at(document, base)
    uid_route: Route = ("metadata", "name") if base else ("uid",)
    return Dashboard(
        Shape.V2,
        base,
        document.text_at(*uid_route) or "",
        uid_route,
        model.text("title"),
        (*base, "title"),
        tuple(_panel(element) for element in model.members("elements")),
        tuple(_variable(node) for node in model.items("variables") if node.text("spec", "name")),
        tuple(_annotation(node) for node in model.items("annotations")),
        links_in(model, "links"),
        inputs_of(document),
        frozenset(_repeats(model.at("layout"))),
    )


def _panel(element: Node) -> Panel:
    spec = element.member("spec")
    viz, data = spec.member("vizConfig"), spec.member("data", "spec")
    config, options = viz.member("spec", "fieldConfig"), viz.member("spec", "options")
    library = spec.member("libraryPanel")
    return Panel(
        element.route,
        spec.number("id"),
        spec.text("title"),
        viz.text("group") or ("" if viz.text("kind") == "VizConfig" else viz.text("kind")),
        display_of(spec, options, config, data),
        None,
        # What is repeated stands in the layout.
        "",
        library.text("uid") or library.text("name"),
        tuple(_target(query) for query in data.items("queries")),
        panel_links(spec, config, options),
        data.text("queryOptions", "interval"),
    )


def _target(panel_query: Node) -> Target:
    spec = panel_query.member("spec")
    query = spec.member("query")
    return Target(
        panel_query.route,
        spec.text("refId"),
        query.text("spec", "expr"),
        query.member("spec", "expr").route,
        query.text("spec", "legendFormat"),
        query.member("spec", "legendFormat").route,
        _datasource(query, spec.member("datasource")),
        spec.flag("hidden"),
        query.text("spec", "interval"),
        query.flag("spec", "instant"),
    )


def _variable(node: Node) -> Variable:
    kind, spec = node.text("kind"), node.member("spec")
    query = spec.member("query")
    source: Datasource | None = None
    if kind == "DatasourceVariable":
        query = spec.member("pluginId")
    elif isinstance(query.value, dict):
        source, query = _datasource(query, spec.member("datasource")), query.member("spec")
    elif kind in ("AdhocVariable", "GroupByVariable"):
        source = _datasource(node, spec.member("datasource"))
    return Variable(
        node.route,
        _KINDS.get(kind, kind.removesuffix("Variable").lower()),
        spec.text("name"),
        (*spec.route, "name"),
        query.value,
        query.route,
        source,
        spec.flag("multi") or spec.flag("includeAll"),
    )


def _repeats(layout: Value) -> Iterator[str]:
    """The variables that something in the layout is repeated for."""
    pending = [layout]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            repeat = value.get("repeat")
            name = repeat.get("value") if isinstance(repeat, dict) else None
            if isinstance(name, str):
                yield name
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _annotation(node: Node) -> Annotation:
    spec = node.member("spec")
    query = spec.member("query")
    return Annotation(
        node.route,
        spec.text("name"),
        query.text("spec", "expr"),
        query.member("spec", "expr").route,
        _datasource(query, spec.member("datasource")),
        spec.flag("builtIn"),
    )


def _datasource(query: Node, old: Node) -> Datasource | None:
    """The data source of a query; in v2alpha1 it stood beside the query, as `old`."""
    kind = query.text("kind")
    plugin = query.text("group") or ("" if kind == "DataQuery" or kind.endswith("Variable") else kind)
    for name in (query.member("datasource", "name"), old.member("uid")):
        if isinstance(name.value, str) and name.value:
            return Datasource(name.route, plugin or old.text("type"), name.value)
    exported = bool(query.text("labels", EXPORT_LABEL))
    return Datasource(query.route, plugin, "", exported) if plugin or exported else None
