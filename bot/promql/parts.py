"""Parts and wholes: which divisions can never come to more than 1."""

import re
from collections.abc import Iterator

from bot.promql.tree import COMPARISONS, Aggregation, Binary, Call, Node, Number, Selector, bare, children, walk

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LIMITS = frozenset(("max", "limit", "maximum", "capacity", "quota", "size", "total", "limits"))
_GROWTHS = frozenset(("rate", "irate", "increase"))
_OF_WHOLES = frozenset(("sum", "max", "count", "group"))
"""Of fewer series they never come to more: an average may."""


def is_part(part: Node, whole: Node) -> bool:
    """Whether one operand of a division can never be more than the other: x{a="b"} / x, x / (x + y), (x - y) / x."""
    part, whole = bare(part), bare(whole)
    if isinstance(part, Binary) and part.op.text == "or":
        return is_part(part.left, whole)
    if isinstance(whole, Binary) and whole.op.text in COMPARISONS:
        # What is left out is zero: x / (y > 0).
        return is_part(part, whole.left)
    if isinstance(part, Binary) and part.op.text == "-" and _shape(part.left) == _shape(whole):
        return True
    if isinstance(whole, Binary) and whole.op.text == "+":
        return any(_shape(part) == _shape(term) for term in _terms(whole))
    if any(isinstance(found, Aggregation) and found.op.text not in _OF_WHOLES for found, _ in walk(part)):
        return False
    asked, of = list(_matchers(part)), list(_matchers(whole))
    if len(asked) != 1 or len(of) != 1 or asked[0][0] != of[0][0]:
        return False
    return of[0][1] < asked[0][1] and _shape(part, bare_of=True) == _shape(whole, bare_of=True)


def is_limited(part: Node, whole: Node) -> bool:
    """Whether one operand looks like what is used of the other, by their names: open_fds / max_fds."""
    used, limit = _name(part), _name(whole)
    if not used or not limit or used == limit:
        return False
    if not _GROWTHS.isdisjoint(_functions(whole)):
        # So often a thing may happen for each other, such as a request for each connection.
        return False
    words = _CAMEL.sub("_", limit.removesuffix("_total")).lower().split("_")
    return not _LIMITS.isdisjoint(words) and used.split("_", 1)[0] == limit.split("_", 1)[0]


def mean_of(part: Node, whole: Node) -> Selector | None:
    """The sum in x_sum / x_count, each within the same functions; None where it is something else."""
    total, count = _only(part), _only(whole)
    if not total or not count or _functions(part) != _functions(whole):
        return None
    name, other = _name(part), _name(whole)
    return total if name.endswith("_sum") and other == f"{name.removesuffix('_sum')}_count" else None


def _only(node: Node) -> Selector | None:
    """The selector below a node; None where there are several."""
    found = [found for found, _ in walk(node) if isinstance(found, Selector)]
    return found[0] if len(found) == 1 else None


def _name(node: Node) -> str:
    selector = _only(node)
    return selector.name.text if selector and selector.name else ""


def _functions(node: Node) -> list[str]:
    return [found.function.text for found, _ in walk(node) if isinstance(found, Call)]


def _terms(node: Node) -> Iterator[Node]:
    node = bare(node)
    if isinstance(node, Binary) and node.op.text == "+":
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def _matchers(node: Node) -> Iterator[tuple[str, frozenset[tuple[str, str, str]]]]:
    for found, _ in walk(node):
        if isinstance(found, Selector):
            name = found.name.text if found.name else ""
            yield name, frozenset((label.text, op, value.text) for label, op, value in found.matchers)


def _shape(node: Node, *, bare_of: bool = False) -> object:
    """What an expression is, wherever it stands; where `bare_of`, without the matchers of its selectors."""
    node = bare(node)
    below = [_shape(child, bare_of=bare_of) for child in children(node)]
    match node:
        case Selector():
            own: object = ((), node.name and node.name.text) if bare_of else next(_matchers(node))
            own = own, node.range and node.range.length
        case Call():
            own = node.function.text
        case Aggregation():
            own = node.op.text, node.grouping, *sorted(label.text for label in node.labels)
        case Binary():
            own = node.op.text
        case Number():
            own = node.value
        case _:
            own = type(node).__name__
    return own, below
