"""What the query of a dashboard's variable asks of Prometheus.

Format: the functions label_names, label_values, metrics and query_result of Grafana's Prometheus data source.
"""

import re
from typing import NamedTuple

from bot.promql.tree import Name

_LABEL_VALUES = re.compile(
    r"\s*label_values\((?:(?P<expr>.+),)?\s*(?P<label>[a-zA-Z_$][\w${}]*|\"[^\"]+\")\s*\)\s*", re.DOTALL
)
_QUERY_RESULT = re.compile(r"\s*query_result\((?P<expr>.+)\)\s*", re.DOTALL)
_LABEL_NAMES = re.compile(r"\s*label_names\((?P<expr>.*)\)\s*", re.DOTALL)
_METRICS = re.compile(r"\s*metrics\(.*\)\s*", re.DOTALL)


class VariableQuery(NamedTuple):
    """The parts of a variable's query that are PromQL."""

    expr: Name | None
    """A selector, or for query_result any expression; None where there is none."""
    label: Name | None
    """The label whose values are wanted."""


def read_variable_query(text: str) -> VariableQuery:
    """What a variable asks for; a text of no known function is a selector."""
    if match := _LABEL_VALUES.fullmatch(text):
        label = match["label"]
        quotes = label.startswith('"')
        name = Name(label.strip('"'), match.start("label") + quotes, match.end("label") - quotes)
        return VariableQuery(_part(match), name)
    if match := _QUERY_RESULT.fullmatch(text) or _LABEL_NAMES.fullmatch(text):
        return VariableQuery(_part(match), None)
    if _METRICS.fullmatch(text) or not text.strip():
        return VariableQuery(None, None)
    return VariableQuery(Name(text, 0, len(text)), None)


def _part(match: re.Match[str]) -> Name | None:
    expr = match["expr"]
    return Name(expr, *match.span("expr")) if expr and expr.strip() else None
