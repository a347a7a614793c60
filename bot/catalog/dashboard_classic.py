"""The classic dashboard model, from the `rows[]` of Grafana 4 to today's.

Reference: https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/
"""

from collections.abc import Iterator

from bot.catalog.dashboard_display import display_of
from bot.catalog.dashboard_model import MIXED, Annotation, Dashboard, Datasource, Panel, Shape, Target, Variable
from bot.catalog.dashboard_parts import Node, inputs_of, links_in, node_at, panel_links
from bot.catalog.document import Document, Route


def read_classic(document: Document, shape: Shape, base: Route) -> Dashboard:
    """A dashboard whose model stands at `base`."""
    model = node_at(document, base)
    uid_route: Route = ("metadata", "name") if shape == Shape.V1 else (*base, "uid")
    title_route = (*base, "title")
    panels = list(_panel_nodes(model, node_at(document, ())))
    return Dashboard(
        shape,
        base,
        document.text_at(*uid_route) or "",
        uid_route,
        document.text_at(*title_route) or "",
        title_route,
        tuple(_panel(node) for node in panels),
        tuple(_variable(node) for node in model.items("templating", "list") if node.text("name")),
        tuple(_annotation(node) for node in model.items("annotations", "list")),
        links_in(model, "links"),
        inputs_of(document),
        frozenset(node.text("repeat") for node in (*panels, *model.items("rows"))) - {""},
    )


def _panel_nodes(model: Node, top: Node) -> Iterator[Node]:
    """Every panel, those in rows too; then the definitions of library panels."""
    pending = [*model.items("panels"), *(panel for row in model.items("rows") for panel in row.items("panels"))]
    pending += [element.member("model") for element in (*top.members("__elements"), *top.items("__elements"))]
    pending.reverse()
    while pending:
        node = pending.pop()
        if isinstance(node.value, dict):
            yield node
            pending += reversed(list(node.items("panels")))


def _panel(node: Node) -> Panel:
    datasource = datasource_of(node.member("datasource"))
    inherited = None if datasource and MIXED in (datasource.name, datasource.type) else datasource
    library = node.member("libraryPanel")
    config, options = node.member("fieldConfig"), node.member("options")
    return Panel(
        node.route,
        node.number("id"),
        node.text("title"),
        node.text("type"),
        display_of(node, options, config, node),
        datasource,
        node.text("repeat"),
        library.text("uid") or library.text("name"),
        tuple(_target(target, inherited) for target in node.items("targets")),
        panel_links(node, config, options),
        node.text("interval"),
    )


def _target(node: Node, inherited: Datasource | None) -> Target:
    return Target(
        node.route,
        node.text("refId"),
        node.text("expr"),
        (*node.route, "expr"),
        node.text("legendFormat"),
        (*node.route, "legendFormat"),
        datasource_of(node.member("datasource")) or inherited,
        node.flag("hide"),
        node.text("interval"),
        node.flag("instant"),
    )


def _variable(node: Node) -> Variable:
    query = node.member("query")
    return Variable(
        node.route,
        node.text("type"),
        node.text("name"),
        (*node.route, "name"),
        query.value,
        query.route,
        datasource_of(node.member("datasource")),
        node.flag("multi") or node.flag("includeAll"),
    )


def _annotation(node: Node) -> Annotation:
    expr, route = node.first_text("expr")
    if not expr:
        expr, route = node.member("target").first_text("expr")
    return Annotation(
        node.route,
        node.text("name"),
        expr,
        route,
        datasource_of(node.member("datasource")),
        node.flag("builtIn") or node.number("builtIn") == 1,
    )


def datasource_of(node: Node) -> Datasource | None:
    """A data source as an object of type and uid, or in the old way as a name; None where nothing is said."""
    if isinstance(node.value, str):
        name = "" if node.value == "default" else node.value
        return Datasource(node.route, "", name) if node.value else None
    if not isinstance(node.value, dict) or not (node.text("type") or node.text("uid")):
        return None
    uid = node.text("uid")
    return Datasource(node.member("uid").route if uid else node.route, node.text("type"), uid)
