"""Why the two sides of an operator can never match, as far as their labels tell."""

from typing import NamedTuple

from bot.catalog.evidence import DEPLOYMENT_LABELS, Evidence, varies
from bot.catalog.queries import Query
from bot.promql.labels import NAME, Algebra, Labels, matched, matches_empty, named
from bot.promql.tree import (
    Aggregation,
    Binary,
    Call,
    Node,
    Paren,
    Selector,
    String,
    Subquery,
    Unary,
    bare,
    is_scalar,
    vectors_of,
)

_KEEPS_ALL = frozenset(("topk", "bottomk", "limitk", "limit_ratio"))


class Contradiction(NamedTuple):
    """A label by which the sides are matched and that they never have in common."""

    label: str
    carrier: str
    """left or right: the only side that carries it, and does so always; empty where both have values of their own."""
    values: tuple[str, str] = ("", "")
    """Of the left and of the right side, where each always has one."""
    doubt: int = 0
    """How many levels less certain it is."""


def is_match(query: Query, node: Binary) -> bool:
    """Whether the operator matches the series of two vectors, each of which is needed, by labels that are known."""
    if node.op.text == "or" or node.filled or is_scalar(node.left) or is_scalar(node.right):
        return False
    return not any(query.expression.is_variable(label.text) for label in node.labels)


def structure(query: Query, possible: frozenset[str] | None = None) -> Algebra:
    """The labels that the parts of a query return whatever its metrics carry, if these are all that there can be."""

    def of_selector(selector: Selector) -> Labels:
        asked = {m.label.text for m in selector.matchers if not varies(m) and matches_empty(m) is False}
        return Labels(frozenset(asked | {NAME}), possible)

    return Algebra(of_selector, query.expression.is_variable)


def contradiction(query: Query, evidence: Evidence, node: Binary) -> Contradiction | None:
    """Why no series of one side ever matches one of the other; None where nothing says so."""
    if not is_match(query, node):
        return None
    found = _one_sided(node, query.labels(node.left), query.labels(node.right))
    if found is None:
        return _unlike(query, node)
    structural = structure(query)
    certain = _one_sided(node, structural.returned(node.left), structural.returned(node.right))
    if certain is not None:
        return certain
    doubt = int(bool(evidence.doubt))
    if found.label in DEPLOYMENT_LABELS:
        # It may come from the scrape, on both sides then, unless the exporter itself sets it.
        side = node.left if found.carrier == "left" else node.right
        within = [one for one, _ in query.expression.selectors if side.start <= one.start < side.end]
        if not any(found.label in (query.labels(selector).possible or ()) for selector in within):
            return None
        doubt += 1
    return found._replace(doubt=doubt)


def _one_sided(node: Binary, left: Labels, right: Labels) -> Contradiction | None:
    # What a side itself cannot have is a fault of its own.
    mine, theirs = matched(node, left), matched(node, right)
    for side, here, there in (("right", theirs, mine), ("left", mine, theirs)):
        if there.possible is not None:
            only = here.always - there.possible - here.impossible
            if only:
                return Contradiction(min(only - DEPLOYMENT_LABELS or only), side)
    return None


def _unlike(query: Query, node: Binary) -> Contradiction | None:
    """A label that the matchers of each side fix to a value of its own."""
    left = _fixed(query, node.left)
    right = _fixed(query, node.right) if left else {}
    listed = frozenset(named(node.labels))
    for label, value in left.items():
        if (label in listed) == (node.matching == "on") and right.get(label, value) != value:
            return Contradiction(label, "", (value, right[label]))
    return None


def _fixed(query: Query, node: Node) -> dict[str, str]:
    """The labels whose one value the text itself gives."""
    match node:
        case Selector():
            asked = {m.label.text: m.value.text for m in node.matchers if m.op == "=" and not varies(m)}
            return {label: value for label, value in asked.items() if value and label != NAME}
        case Paren() | Subquery() | Unary():
            return _fixed(query, node.expr)
        case Aggregation():
            return _fixed_by_aggregation(query, node)
        case Call():
            return _fixed_by_call(query, node)
        case Binary():
            return _fixed_by_operator(query, node)
        case _:
            return {}


def _fixed_by_aggregation(query: Query, node: Aggregation) -> dict[str, str]:
    given = _fixed(query, node.expr)
    if node.op.text in _KEEPS_ALL:
        return given
    listed = frozenset(named(node.labels))
    if any(query.expression.is_variable(label) for label in listed):
        return {}
    dropped = node.param.value if isinstance(node.param, String) else None
    return {
        label: value
        for label, value in given.items()
        if (label in listed) == (node.grouping != "without") and label != dropped
    }


def _fixed_by_call(query: Query, node: Call) -> dict[str, str]:
    vectors = vectors_of(node)
    if node.function.text in ("vector", "scalar", "absent", "absent_over_time", "info") or not vectors:
        return {}
    given = _fixed(query, vectors[0])
    if node.function.text in ("label_replace", "label_join"):
        target = bare(node.args[1]) if len(node.args) > 1 else None
        return {k: v for k, v in given.items() if k != target.value} if isinstance(target, String) else {}
    return given


def _fixed_by_operator(query: Query, node: Binary) -> dict[str, str]:
    if is_scalar(node.left) or is_scalar(node.right):
        return _fixed(query, node.right if is_scalar(node.left) else node.left)
    if node.op.text == "or":
        right = _fixed(query, node.right)
        return {label: value for label, value in _fixed(query, node.left).items() if right.get(label) == value}
    if node.op.text in ("and", "unless"):
        return _fixed(query, node.left)
    if node.group:
        included = frozenset(named(node.include))
        many = _fixed(query, node.left if node.group == "left" else node.right)
        return {label: value for label, value in many.items() if label not in included}
    listed = frozenset(named(node.labels))
    kept = _fixed(query, node.left)
    return {label: value for label, value in kept.items() if (label in listed) == (node.matching == "on")}
