"""What Grafana makes of a dashboard's queries before it sends them: variables get values."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.catalog.dashboard_model import Dashboard
from bot.catalog.document import Document
from bot.promql.variable_query import read_variable_query
from bot.promql.variables import replace

_MEANT = re.compile(r"[\\^$*+?.()|\[\]{}]")
BUILT_IN = {"__rate_interval": "10s", "__interval": "5s", "__range": "1m"}
"""As for a scrape interval of a second or two, a minute shown, and a panel of a dozen points."""


def filled(text: str, values: Mapping[str, str]) -> str:
    """A query with its variables replaced. Raises KeyError where one has no value."""
    for use in reversed(replace(text).uses):
        text = text[: use.start] + values[use.name] + text[use.end :]
    return text


@dataclass(frozen=True, slots=True)
class Values:
    """What the variables of a dashboard stand for: where each value is chosen by itself, and where All is."""

    each: Mapping[str, str]
    all: Mapping[str, str]


def values_of(document: Document, dashboard: Dashboard, ask: Callable[[str], Iterable[Mapping[str, str]]]) -> Values:
    """The values of variables that are queries; `ask` returns the labels of the series that an expression finds."""
    each, all_ = dict(BUILT_IN), dict(BUILT_IN)
    for variable in dashboard.variables:
        if variable.kind == "query":
            query = read_variable_query(filled(variable.text, each))
            assert query.expr is not None, variable.text
            assert query.label is not None, variable.text
            found = {series.get(query.label.text, "") for series in ask(query.expr.text)}
            assert found - {""}, f"{variable.name}: Prometheus knows no {variable.text}"
            all_[variable.name] = document.text_at(*variable.route, "allValue") or _alternatives(found - {""})
            # Series without the label cannot be chosen.
            each[variable.name] = all_[variable.name] if "" in found else _alternatives(found)
    return Values(each, all_)


def _alternatives(values: Iterable[str]) -> str:
    """As it stands in the quoted text of a regular expression."""
    escaped = [_MEANT.sub(r"\\\\\g<0>", value) for value in sorted(values)]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"
