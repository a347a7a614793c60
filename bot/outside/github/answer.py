"""Reads GitHub's JSON: what is not as documented raises Malformed, whatever it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from bot.outside.github.failures import Malformed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Node:
    """An object of an answer."""

    fields: Mapping[str, object]

    def text(self, name: str) -> str:
        """A string."""
        return need(self.fields.get(name), str, name)

    def number(self, name: str) -> int:
        """An integer."""
        return need(self.fields.get(name), int, name)

    def flag(self, name: str) -> bool:
        """True or false."""
        return need(self.fields.get(name), bool, name)

    def node(self, name: str) -> "Node":
        """An object."""
        return node_of(self.fields.get(name), name)

    def node_or_none(self, name: str) -> "Node | None":
        """An object; None where there is none."""
        value = self.fields.get(name)
        return None if value is None else node_of(value, name)

    def nodes(self, name: str) -> "tuple[Node, ...]":
        """A list of objects; GitHub writes null for what the token may not see."""
        return tuple(node_of(item, name) for item in need(self.fields.get(name), list, name) if item is not None)

    def text_or_none(self, name: str) -> str | None:
        """A string; None where there is none."""
        value = self.fields.get(name)
        return None if value is None else need(value, str, name)

    def time_or_none(self, name: str) -> datetime | None:
        """A moment; None where there is none."""
        text = self.text_or_none(name)
        try:
            when = datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise Malformed(name) from error
        return when if when is None or when.tzinfo else when.replace(tzinfo=UTC)


def node_of(value: object, name: str) -> Node:
    """A value that must be an object."""
    if not isinstance(value, dict):
        raise Malformed(name)
    return Node(value)


def need(value: object, kind: type[T], name: str) -> T:
    """The value, which must be of this kind; nothing that PyGithub reads is held to its own types."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Malformed(name)
    return value
