"""Pages of a list, as GitHub's connections give them."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import TypedDict

from tests.github.refusal import Refusal

Node = Mapping[str, object]
"""An object by the names of its fields; a value that can be called is asked for only when the field is."""

MOST = 100


class Page(TypedDict, total=False):
    """The arguments that every connection takes."""

    first: int | None
    last: int | None
    after: str | None
    before: str | None


class Order(TypedDict):
    """An orderBy argument."""

    field: str
    direction: str


def connection(name: str, nodes: Sequence[Node], page: Page) -> Node:
    """One page. Raises Refusal where GitHub does: no bounds, or more than a hundred."""
    first, last = page.get("first"), page.get("last")
    _check_bounds(name, first, last)
    after, before = page.get("after"), page.get("before")
    low = _position(after) if after else 0
    high = min(_position(before) - 1, len(nodes)) if before else len(nodes)
    if first is not None:
        high = min(high, low + first)
    if last is not None:
        low = max(low, high - last)
    shown = nodes[low:high]
    return {
        "totalCount": len(nodes),
        "nodes": shown,
        "edges": lambda _info: [{"cursor": _cursor(low + at + 1), "node": node} for at, node in enumerate(shown)],
        "pageInfo": {
            "hasNextPage": high < len(nodes),
            "hasPreviousPage": low > 0,
            "startCursor": _cursor(low + 1) if shown else None,
            "endCursor": _cursor(low + len(shown)) if shown else None,
        },
    }


def _check_bounds(name: str, first: int | None, last: int | None) -> None:
    if first is None and last is None:
        need = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise Refusal("MISSING_PAGINATION_BOUNDARIES", need)
    for which, count in (("first", first), ("last", last)):
        if count is not None and count > MOST:
            much = (
                f"Requesting {count} records on the `{name}` connection exceeds the `{which}` limit of {MOST} records."
            )
            raise Refusal("EXCESSIVE_PAGINATION", much)
        if count is not None and count < 0:
            raise Refusal("INVALID_CURSOR_ARGUMENTS", f"`{which}` on the `{name}` connection cannot be less than zero.")


def _cursor(position: int) -> str:
    return base64.b64encode(f"cursor:v2:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("cursor:v2:"))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise Refusal("INVALID_CURSOR_ARGUMENTS", message) from None
