"""Syntax trees of both readers in one form: nested tuples that say what stands there, and not where."""

from datetime import timedelta
from typing import TypeAlias

import promql_parser as theirs

from bot.promql import tree as ours

Form: TypeAlias = tuple[object, ...]

_MILLISECOND = timedelta(milliseconds=1)
# By their names: the parser's own enumerations cannot be keys.
_OPS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}
_MATCHINGS = {"LabelModifierType.Include": "on", "LabelModifierType.Exclude": "ignoring"}
_GROUPS = {"VectorMatchCardinality.ManyToOne": "left", "VectorMatchCardinality.OneToMany": "right"}
_GROUPINGS = {"AggModifierType.By": "by", "AggModifierType.Without": "without"}


def form_of_ours(node: ours.Node) -> Form:
    """Of the tree that reader.py makes."""
    match node:
        case ours.Number():
            return "number", str(node.value)
        case ours.String():
            return "string", node.value
        case ours.Selector():
            matchers = [(matcher.label.text, matcher.op, matcher.value.text) for matcher in node.matchers]
            if node.name is not None:
                matchers.append(("__name__", "=", node.name.text))
            return "selector", sorted(matchers), node.range and node.range.length, node.moved
        case ours.Subquery():
            return "subquery", form_of_ours(node.expr), node.range.length, node.range.resolution
        case ours.Call():
            return "call", node.function.text, *map(form_of_ours, node.args)
        case ours.Aggregation():
            param = node.param and form_of_ours(node.param)
            return "aggregation", node.op.text, node.grouping, _texts(node.labels), param, form_of_ours(node.expr)
        case ours.Binary():
            matching = node.returns_bool, node.matching, _texts(node.labels), node.group, _texts(node.include)
            return node.op.text, form_of_ours(node.left), form_of_ours(node.right), *matching, node.filled
        case ours.Unary():
            inner = form_of_ours(node.expr)
            return ("minus", inner) if node.op == "-" else inner
        case ours.Paren():
            return "paren", form_of_ours(node.expr)


def form_of_theirs(expr: theirs.Expr) -> Form:
    """Of the tree that the embedded parser makes; it leaves out a plus in front of an operand."""
    match expr:
        case theirs.NumberLiteral():
            return "number", str(expr.val)
        case theirs.StringLiteral():
            return "string", expr.val
        case theirs.VectorSelector():
            return _selector(expr, None)
        case theirs.MatrixSelector():
            return _selector(expr.vector_selector, _milliseconds(expr.range))
        case theirs.SubqueryExpr():
            return "subquery", form_of_theirs(expr.expr), _milliseconds(expr.range), _milliseconds(expr.step)
        case theirs.Call():
            return "call", expr.func.name, *map(form_of_theirs, expr.args)
        case theirs.AggregateExpr():
            grouping = _GROUPINGS[str(expr.modifier.type)] if expr.modifier else ""
            labels = expr.modifier.labels if expr.modifier else []
            param = None if expr.param is None else form_of_theirs(expr.param)
            return "aggregation", str(expr.op), grouping, labels, param, form_of_theirs(expr.expr)
        case theirs.BinaryExpr():
            return _binary(expr)
        case theirs.UnaryExpr():
            return "minus", form_of_theirs(expr.expr)
        case theirs.ParenExpr():
            return "paren", form_of_theirs(expr.expr)
    raise TypeError(type(expr).__name__)


def _selector(expr: theirs.VectorSelector, range_: int | None) -> Form:
    matchers = [(matcher.name, _OPS[str(matcher.op)], matcher.value) for matcher in expr.matchers.matchers]
    if expr.name is not None:
        matchers.append(("__name__", "=", expr.name))
    return "selector", sorted(matchers), range_, expr.offset is not None or expr.at is not None


def _binary(expr: theirs.BinaryExpr) -> Form:
    sides = str(expr.op), form_of_theirs(expr.lhs), form_of_theirs(expr.rhs)
    modifier = expr.modifier
    if modifier is None:
        return *sides, False, "", [], "", [], False
    matching = modifier.matching
    fill = modifier.fill_values
    return (
        *sides,
        modifier.return_bool,
        _MATCHINGS[str(matching.type)] if matching else "",
        matching.labels if matching else [],
        _GROUPS.get(str(modifier.card), ""),
        modifier.group_labels or [],
        fill.lhs is not None or fill.rhs is not None,
    )


def _milliseconds(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // _MILLISECOND


def _texts(names: tuple[ours.Name, ...]) -> list[str]:
    return [name.text for name in names]
