"""What the readers of a dashboard's formats share: tolerant access to values of any type."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.catalog.dashboard_model import Input, Link
from bot.catalog.document import Document, Route, Value


class Node(NamedTuple):
    """A value and the route at which it stands; members that are missing or of another type are empty ones."""

    route: Route
    value: Value

    def at(self, *steps: str) -> Value:
        """The value at the end of some keys; None where a step leads nowhere."""
        value = self.value
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    def member(self, *steps: str) -> "Node":
        """The same, with the route at which it stands."""
        return Node((*self.route, *steps), self.at(*steps))

    def text(self, *steps: str) -> str:
        """The text at the end of some keys; empty where there is none."""
        value = self.at(*steps)
        return value if isinstance(value, str) else ""

    def flag(self, *steps: str) -> bool:
        """Whether the value is true."""
        return self.at(*steps) is True

    def number(self, *steps: str) -> int | None:
        """The whole number at the end of some keys."""
        value = self.at(*steps)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def items(self, *steps: str) -> Iterator["Node"]:
        """The mappings in a list."""
        values = self.at(*steps)
        for index, value in enumerate(values if isinstance(values, list) else ()):
            if isinstance(value, dict):
                yield Node((*self.route, *steps, index), value)

    def members(self, *steps: str) -> Iterator["Node"]:
        """The mappings in a mapping."""
        values = self.at(*steps)
        for key, value in values.items() if isinstance(values, dict) else ():
            if isinstance(value, dict):
                yield Node((*self.route, *steps, key), value)

    def first_text(self, *keys: str) -> tuple[str, Route]:
        """The first of some members that is a text, and where it stands; "" at the first of them if none is."""
        for key in keys:
            if text := self.text(key):
                return text, (*self.route, key)
        return "", (*self.route, keys[0])


def node_at(document: Document, route: Route) -> Node:
    """The value at a route of a document."""
    return Node(route, document.get(*route))


def links_in(node: Node, *keys: str) -> tuple[Link, ...]:
    """The links with a URL in the lists below some keys."""
    return tuple(
        Link((*item.route, "url"), item.text("url")) for key in keys for item in node.items(key) if item.text("url")
    )


def panel_links(panel: Node, field_config: Node, options: Node) -> tuple[Link, ...]:
    """A panel's own links, then those of its data: the defaults', the overrides', and the old graph's."""
    overrides = [
        link
        for override in field_config.items("overrides")
        for item in override.items("properties")
        if item.text("id") == "links"
        for link in links_in(item, "value")
    ]
    return (
        *links_in(panel, "links"),
        *links_in(field_config.member("defaults"), "links"),
        *overrides,
        *links_in(options, "dataLinks"),
    )


def inputs_of(document: Document) -> tuple[Input, ...]:
    """What `__inputs` declares."""
    return tuple(
        Input(item.text("name"), item.text("type"), item.text("pluginId"))
        for item in node_at(document, ()).items("__inputs")
        if item.text("name")
    )
