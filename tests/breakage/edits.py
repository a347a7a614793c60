"""One thing changed in an entry, and the tools to change it."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.catalog.document import Route, Value
from bot.catalog.entry import ALERTS, Entry
from bot.catalog.queries import Query
from bot.promql.tree import Node


@dataclass(frozen=True, slots=True)
class Break:
    """An entry with one thing wrong."""

    what: str
    """For people: what was done, and where."""
    files: dict[str, str]
    """The files that change, and their new texts."""
    meant: tuple[str, ...]
    """The checks that are there for it; one of them has to notice."""


class Kind(Protocol):
    """One way of breaking an entry: every place where it can be done."""

    __name__: str

    def __call__(self, entry: Entry, /) -> Iterator[Break]:
        """The entry, broken at each place."""


def with_value(entry: Entry, file: str, route: Route, value: Value) -> dict[str, str]:
    """The file with another value at a route. JSON is YAML, too."""
    document = entry.document(file)
    assert document is not None
    data = copy.deepcopy(document.data)
    _member(data, route[:-1])[route[-1]] = value  # type: ignore[index]
    return {file: json.dumps(data)}


def without(entry: Entry, file: str, route: Route) -> dict[str, str]:
    """The file without the value at a route."""
    document = entry.document(file)
    assert document is not None
    data = copy.deepcopy(document.data)
    del _member(data, route[:-1])[route[-1]]  # type: ignore[arg-type]
    return {file: json.dumps(data)}


def _member(data: Value, route: Route) -> dict[str, Value] | list[Value]:
    for step in route:
        data = data[step]  # type: ignore[index]
    assert isinstance(data, dict | list)
    return data


def spliced(entry: Entry, query: Query, start: int, end: int, text: str) -> dict[str, str]:
    """The file of a query with another text from start to end of the query's tree."""
    document = entry.document(query.file)
    assert document is not None
    first, last = query.within(start, end)
    written = document.get(*query.route)
    whole = written if isinstance(written, str) else query.expression.text
    return with_value(entry, query.file, query.route, whole[:first] + text + whole[last:])


def text_of(query: Query, node: Node) -> str:
    """A part of a query as it was written."""
    return query.expression.written(node.start, node.end)


def misspelt(word: str) -> str:
    """Two letters in the middle change places, or the last one is gone: what fingers do."""
    middle = len(word) // 2
    for at in range(middle, len(word) - 1):
        if word[at] != word[at + 1]:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:-1]


def family(query: Query) -> str:
    """alerts or dashboards."""
    return "alerts" if query.file == ALERTS else "dashboards"


def title(query: Query) -> str:
    """The alert, panel or variable that a query belongs to."""
    if query.rule:
        return query.rule.name
    if query.variable:
        return f"variable {query.variable.name}"
    return query.panel.title if query.panel else "annotation"
