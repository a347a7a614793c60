"""Where a dashboard uses variables, whether it defines them or not."""

import re
from collections import Counter
from collections.abc import Iterator, Set
from typing import NamedTuple

from bot.catalog.dashboard_model import Dashboard, Variable
from bot.catalog.document import Document, Route, Value
from bot.catalog.queries import Query
from bot.promql.places import Place
from bot.promql.tokens import VARIABLE

_GRAFANAS = frozenset(("timeFilter", "hashKey"))
"""The second is no variable, but left over in keys by the Grafana of old."""
_BEHIND_DOLLAR = re.compile(r"\{?(\w+)", re.ASCII)
_NAME = re.compile(r"(\w+)", re.ASCII)
_REPEAT = re.compile(r'"repeat"\s*:\s*(?:"([^"\\]*)"|\{[^{}]*?"value"\s*:\s*"([^"\\]*)")')
_CHOICES = frozenset(("current", "options"))
"""What was chosen when the dashboard was saved, and what could have been."""
_HANDED_ON = re.compile(r'"includeVars"\s*:\s*true')


class Use(NamedTuple):
    """A variable in a text of the dashboard."""

    name: str
    route: Route
    within: tuple[int, int]
    """Characters of the text, from and to."""
    plain: bool
    """Whether it is written as $name, which may be a sum of money."""


def in_query(query: Query, known: Set[str]) -> Iterator[Use]:
    """Those of a query that are not known: not in comments, and in quotes only where a matcher's value stands."""
    replaced = query.expression.replaced
    for use in replaced.uses if replaced else ():
        if not is_foreign(use.name) or use.name in known:
            continue
        asked = use.place != Place.TEXT or _in_matcher(query, use.start)
        escaped = query.expression.text[use.start - 1 : use.start] == "\\"
        if use.place != Place.COMMENT and asked and not escaped:
            yield Use(use.name, query.route, (use.start + query.offset, use.end + query.offset), False)


def in_text(text: str, route: Route) -> Iterator[Use]:
    """Those of a title, a legend or a link."""
    for match in VARIABLE.finditer(text) if "$" in text or "[[" in text else ():
        name = match["plain"] or match["braced"] or match["square"]
        if is_foreign(name):
            yield Use(name, route, match.span(), match["plain"] is not None)


def is_foreign(name: str) -> bool:
    """Whether Grafana itself has no variable of that name; $1 is a group of a regular expression."""
    return not name.startswith("__") and not name[0].isdigit() and name not in _GRAFANAS


def _in_matcher(query: Query, place: int) -> bool:
    for selector, _ in query.expression.selectors:
        for matcher in selector.matchers:
            start, end = query.expression.origin(matcher.value.start, matcher.value.end)
            if start <= place < end:
                return True
    return False


class Names(NamedTuple):
    """The variables that a file names, by its bare text: a superset, because nothing is read twice."""

    counts: Counter[str]
    repeated: frozenset[str]
    """Those that panels and rows are repeated for."""
    handed_on: bool
    """Whether links hand on all variables, used or not."""


def names_in(document: Document) -> Names:
    """What every text of a document names, its keys included."""
    text = document.text.replace("\\u0024", "$") if "\\u0024" in document.text else document.text
    names: list[str] = []
    for mark, pattern in (("$", _BEHIND_DOLLAR), ("[[", _NAME)):
        # To split is several times as quick as to search for a pattern.
        names += [match[1] for part in text.split(mark)[1:] if (match := pattern.match(part))]
    repeated = [match[1] or match[2] for match in _REPEAT.finditer(text)]
    return Names(
        Counter(names),
        frozenset(filter(None, repeated)),
        "__all_variables" in names or _HANDED_ON.search(text) is not None,
    )


def own_uses(document: Document, variable: Variable) -> int:
    """How often a variable's definition names the variable itself."""
    found = 0
    pending = [document.get(*variable.route)]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            found += sum(use.name == variable.name for use in in_text(value, ()))
        elif isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += [member for key, member in value.items() if key not in _CHOICES]
    return found


def local_names(document: Document, dashboard: Dashboard) -> set[str]:
    """The variables that a row or a tab of a v2 resource defines for itself."""
    found: set[str] = set()
    pending = [document.get(*dashboard.base, "layout")]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += value.values()
            found |= _defined(value.get("variables"))
    return found


def _defined(variables: Value) -> set[str]:
    items = variables if isinstance(variables, list) else []
    specs = (variable.get("spec") for variable in items if isinstance(variable, dict))
    names = (spec.get("name") for spec in specs if isinstance(spec, dict))
    return {name for name in names if isinstance(name, str)}
