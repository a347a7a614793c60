"""A dashboard takes its data source from a variable of its own, or from a declared input (`__inputs`).

The uid and the name of a data source are those of one Grafana. In any other, a panel that names them finds nothing,
and every query has to be edited by hand. A query that names no data source goes to the default one, which may well
be Loki. Data sources that every Grafana has, such as `-- Mixed --` and `__expr__`, are right as they are.

Bad:

    "datasource": {"type": "prometheus", "uid": "PBFA97CFB590B2093"}

Good:

    "datasource": {"type": "prometheus", "uid": "${datasource}"}
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.catalog.dashboard_model import Dashboard, Datasource
from bot.catalog.document import Route
from bot.catalog.entry import Entry
from bot.checks.base import Check, Problem
from bot.checks.wording import nearest
from bot.model import Severity

_WITHOUT_QUERIES = ("row", "text")
_QUERYING_VARIABLES = ("query", "adhoc", "groupby")


@dataclass(slots=True)
class _Sources:
    """The data sources that a dashboard names, each once however often it stands there, and where it names none."""

    named: dict[tuple[str, Route], Datasource] = field(default_factory=dict)
    unnamed: list[Route] = field(default_factory=list)

    def add(self, source: Datasource | None, route: Route) -> None:
        if source is not None and (source.special or source.exported):
            return
        if source is not None and source.name:
            self.named[source.name, source.route] = source
        else:
            self.unnamed.append(route)


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each name of a data source, at its first place; one for all the places without a name."""
    for file, dashboard in entry.dashboards:
        sources = _sources(dashboard)
        by_name: dict[str, list[Datasource]] = {}
        for source in sources.named.values():
            by_name.setdefault(source.name, []).append(source)
        for places in by_name.values():
            yield from _named(file, dashboard, places)
        if sources.unnamed:
            count = len(sources.unnamed)
            yield Problem(
                file,
                sources.unnamed[0],
                f"{count} queries name no data source, this one first, and go to the default one"
                if count > 1
                else "the query names no data source, and goes to the default one",
                _advice(dashboard, "prometheus"),
                severity=Severity.WARNING,
            )


def _sources(dashboard: Dashboard) -> _Sources:
    sources = _Sources()
    for panel in dashboard.panels:
        if panel.type in _WITHOUT_QUERIES or not panel.targets:
            continue
        if panel.datasource is not None and panel.datasource.name:
            sources.add(panel.datasource, panel.route)
        for target in panel.targets:
            sources.add(target.datasource, target.expr_route if target.expr else target.route)
    for variable in dashboard.variables:
        if variable.kind in _QUERYING_VARIABLES:
            sources.add(variable.datasource, variable.name_route)
    for annotation in dashboard.annotations:
        if not annotation.built_in and (annotation.datasource is not None or annotation.expr):
            sources.add(annotation.datasource, annotation.expr_route)
    return sources


def _named(file: str, dashboard: Dashboard, places: list[Datasource]) -> Iterator[Problem]:
    first, others = places[0], len(places) - 1
    more = f", here and in {others} more place{'s' * (others > 1)}" if others else ""
    kinds = {given.name: given.type for given in dashboard.inputs}
    kinds |= {variable.name: variable.kind for variable in dashboard.variables}
    kind = kinds.get(first.variable)
    advice = _advice(dashboard, dashboard.plugin(first))
    if not first.variable:
        yield Problem(file, first.route, f'the data source "{first.name}" is hard-coded{more}', advice)
    elif kind is None:
        sources = [name for name, what in kinds.items() if what == "datasource"]
        yield Problem(
            file,
            first.route,
            f'"{first.name}" is neither a variable nor an input of this dashboard{more}',
            nearest(first.variable, sources) or f"add a variable {first.variable} of type datasource",
        )
    elif kind != "datasource":
        yield Problem(file, first.route, f'"{first.name}" is a {kind} variable, not a data source{more}', advice)


def _advice(dashboard: Dashboard, plugin: str) -> str:
    """What to write: a data source that the dashboard has already, else one to add."""
    for variable in dashboard.variables:
        if variable.kind == "datasource" and plugin in ("", variable.text):
            return f"write ${{{variable.name}}}"
    return "add a variable named datasource, of type datasource, and write ${datasource}"


CHECK = Check("dashboards/datasource", Severity.ERROR, __doc__, run=check)
