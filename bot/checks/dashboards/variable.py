"""A dashboard defines the variables that it uses, and uses those that it defines.

Grafana leaves the name of an unknown variable as it stands: `job="$job"` asks for a job that is called $job, and the
panel stays empty. A variable that nothing uses is a choice at the top of the dashboard that changes nothing. Grafana's
own variables (`$__range`, `${__field.labels.x}`) are known, and so are the inputs that it asks for at import. In
quotes, a `$` that ends a regular expression or names a group is no variable. Ad hoc filters apply by themselves.

Bad:

    "expr": "up{instance=\\"$node\\"}"
    "templating": {"list": [{"name": "instance", "type": "query"}]}

Good:

    "expr": "up{instance=\\"$instance\\"}"
    "templating": {"list": [{"name": "instance", "type": "query"}]}
"""

from collections.abc import Iterable, Iterator, Set

from bot.catalog.dashboard_model import Dashboard, Shape
from bot.catalog.document import Document, Route
from bot.catalog.entry import Entry
from bot.catalog.queries import Query
from bot.checks.base import Check, Problem
from bot.checks.dashboards.variable_uses import (
    Names,
    Use,
    in_query,
    in_text,
    is_foreign,
    local_names,
    names_in,
    own_uses,
)
from bot.checks.reading.remarks import panel_queries
from bot.checks.wording import nearest_of
from bot.model import SEVERITIES, Severity

_BY_THEMSELVES = frozenset(("adhoc", "groupby", "system", "snapshot"))
_LONG = 60
"""Characters of a name that a message shows."""


def check(entry: Entry) -> Iterator[Problem]:
    """A problem for each name that is not defined, at its first place, and for each variable that nothing uses."""
    for file, dashboard in entry.dashboards:
        document = entry.document(file)
        if document is None or dashboard.shape == Shape.UNKNOWN:
            continue
        names = names_in(document)
        known = {variable.name for variable in dashboard.variables} | {given.name for given in dashboard.inputs}
        if any(name not in known and is_foreign(name) for name in (*names.counts, *names.repeated)):
            known |= local_names(document, dashboard)
            queries = [query for query in panel_queries(entry) if query.file == file]
            unknown = (
                *_of_queries(queries, known),
                *_of_texts(dashboard),
                *_of_repeats(document, names.repeated - known),
            )
            yield from _undefined(file, unknown, known)
        yield from _unused(file, document, dashboard, names)


def _undefined(file: str, uses_of_any: Iterable[tuple[Use, Severity]], known: Set[str]) -> Iterator[Problem]:
    found: dict[str, list[tuple[Use, Severity]]] = {}
    for use, severity in uses_of_any:
        if use.name not in known:
            found.setdefault(use.name, []).append((use, severity))
    for name, uses in found.items():
        use, severity = min(uses, key=lambda item: SEVERITIES.index(item[1]))
        near = nearest_of(name, sorted(known))
        if use.plain and not near:
            # In a title it may be a sum of money.
            severity = Severity.INFO
        others = len(uses) - 1
        more = f", here and in {others} more place{'s' * (others > 1)}" if others else ""
        advice = f'did you mean "{near}"?' if near else "add it to the dashboard's variables"
        message = f'the dashboard defines no variable "{_short(name)}"{more}'
        yield Problem(file, use.route, message, advice, within=use.within, severity=severity)


def _of_queries(queries: Iterable[Query], known: Set[str]) -> Iterator[tuple[Use, Severity]]:
    for query in queries:
        hidden = query.target is not None and query.target.hidden
        for use in in_query(query, known):
            yield use, Severity.WARNING if hidden else Severity.ERROR


def _of_texts(dashboard: Dashboard) -> Iterator[tuple[Use, Severity]]:
    """Those of titles, legends, links and units."""
    links = [link for panel in dashboard.panels for link in panel.links] + list(dashboard.links)
    texts: list[tuple[str, Route]] = [(link.url, link.route) for link in links]
    for panel in dashboard.panels:
        texts.append((panel.display.unit, panel.display.unit_route))
        texts += [(target.legend, target.legend_route) for target in panel.targets]
        inner = ("spec",) if dashboard.shape == Shape.V2 else ()
        for use in in_text(panel.title, (*panel.route, *inner, "title")):
            yield use, Severity.WARNING
    for text, route in texts:
        for use in in_text(text, route):
            yield use._replace(plain=False), Severity.WARNING


def _of_repeats(document: Document, names: Set[str]) -> Iterator[tuple[Use, Severity]]:
    """The names among these that a panel or a row is repeated for."""
    for route, text in document.strings() if names else ():
        if text in names and (route[-1:] == ("repeat",) or route[-2:] == ("repeat", "value")):
            yield Use(text, route, (0, len(text)), plain=False), Severity.WARNING


def _unused(file: str, document: Document, dashboard: Dashboard, names: Names) -> Iterator[Problem]:
    if any(panel.library for panel in dashboard.panels):
        # A library panel is defined elsewhere, and nobody knows what it uses.
        return
    for variable in dashboard.variables:
        if variable.name in names.repeated or variable.kind in _BY_THEMSELVES:
            continue
        if names.counts[variable.name] > own_uses(document, variable):
            continue
        name = _short(variable.name)
        source = variable.kind == "datasource"
        advice = f"write ${{{name}}} as the data source of the queries" if source else f"use ${name} in a query"
        yield Problem(
            file,
            variable.name_route,
            f'nothing uses the variable "{name}"',
            f"{advice}, or remove it",
            severity=Severity.INFO if names.handed_on else Severity.WARNING,
        )


def _short(name: str) -> str:
    shown = " ".join(name.split())
    return shown if len(shown) <= _LONG else f"{shown[:_LONG]}…"


CHECK = Check("dashboards/variable", Severity.ERROR, __doc__, run=check)
