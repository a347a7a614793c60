"""A parsed text: its data, and where each value stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from bot.catalog.files import Flaw, Lines
from bot.model import Span

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]
Route = tuple[str | int, ...]


class Place(Protocol):
    """Where one value stands, as offsets into the text."""

    @property
    def start(self) -> int:
        """The offset of the first character."""

    @property
    def end(self) -> int:
        """The offset behind the last character."""

    @property
    def key(self) -> tuple[int, int] | None:
        """The mapping key in front of the value."""

    def child(self, step: str | int) -> "Place | None":
        """The place of a member."""

    def origins(self) -> list[int] | None:
        """For a string: the offset in the text of each of its characters, and of its end; None if not known."""


@dataclass(frozen=True)
class Document:
    """What a YAML or JSON file says. Positions are computed only when somebody asks for one."""

    text: str
    data: Value
    locate: Callable[[str], Place]
    """From the text to the place of its outermost value."""

    def get(self, *route: str | int) -> Value:
        """The value at a route; None where there is none."""
        value = self.data
        for step in route:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
                value = value[step]
            else:
                return None
        return value

    def text_at(self, *route: str | int) -> str | None:
        """The string at a route; None where there is none."""
        value = self.get(*route)
        return value if isinstance(value, str) else None

    @cached_property
    def lines(self) -> Lines:
        """The text's index of lines."""
        return Lines(self.text)

    @cached_property
    def _root(self) -> Place:
        return self.locate(self.text)

    def span(self, route: Route, *, key: bool = False, within: tuple[int, int] | None = None) -> Span:
        """Where the value at a route stands, or its key, or `within` a string the characters from, to.

        A route that leads nowhere ends at the last place on the way that exists.
        """
        place = self._root
        for step in route:
            child = place.child(step)
            if child is None:
                break
            place = child
        if key and place.key:
            return self.lines.span(*place.key)
        start, end = place.start, place.end
        if within is not None:
            origins = place.origins()
            if origins is not None:
                first = min(max(within[0], 0), len(origins) - 1)
                last = min(max(within[1], first + 1), len(origins)) - 1
                # The last character's own end, not the start of the next: a fold may lie between.
                start, end = origins[first], origins[last] + 1 if within[1] > first else origins[first]
        return self.lines.span(start, max(start, end))

    def strings(self) -> Iterator[tuple[Route, str]]:
        """Every string value, in the order of the text."""
        pending: list[tuple[Route, Value]] = [((), self.data)]
        while pending:
            route, value = pending.pop()
            if isinstance(value, str):
                yield route, value
            elif isinstance(value, dict):
                pending.extend(((*route, step), member) for step, member in reversed(value.items()))
            elif isinstance(value, list):
                pending.extend(((*route, step), value[step]) for step in range(len(value) - 1, -1, -1))


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document where there is one, and everything wrong with its text."""

    document: Document | None
    flaws: tuple[Flaw, ...]
    text: str = ""
    """What was read; empty where not even that was possible."""


def plain_document(text: str) -> Document:
    """A text without structure, such as an exposition: only its lines have places."""
    return Document(text, None, _whole)


@dataclass(frozen=True, slots=True)
class _Whole:
    start: int
    end: int
    key: None = None

    def child(self, step: str | int) -> None:
        return None

    def origins(self) -> None:
        return None


def _whole(text: str) -> Place:
    return _Whole(0, len(text))
