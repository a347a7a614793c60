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
from dataclasses import dataclass

from bot.catalog.dashboard_model import Dashboard, Datasource
from bot.catalog.document import Route
from bot.catalog.entry import Entry
from bot.checks.base import Check, Problem
from bot.checks.wording import nearest
from bot.model import Severity

_WITHOUT_QUERIES = ("row", "text")
_QUERYING_VARIABLES = ("query", "adhoc", "groupby")
_LONG = 60
"""Characters of a name that a message shows."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a dashboard defines: the kind of each variable and input; for each plugin, what to write."""

    kinds: dict[str, str]
    offers: dict[str, str]

    def advice(self, plugin: str) -> str:
        """A data source that the dashboard has already, else one to add."""
        name = self.offers.get(plugin) or (next(iter(self.offers.values()), "") if not plugin else "")
        if name:
            return f"write ${{{name}}}"
        return "add a variable named datasource, of type datasource, and write ${datasource}"


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each name of a data source, at its first place; one for all the places without a name."""
    for file, dashboard in entry.dashboards:
        known = _known(dashboard)
        named: dict[str, dict[Route, Datasource]] = {}
        unnamed: list[Route] = []
        for source, route in _sources(dashboard):
            if source is None or not (source.name or source.special or source.exported):
                unnamed.append(route)
            elif not (source.special or source.exported):
                named.setdefault(source.name, {})[source.route] = source
        for places in named.values():
            first = next(iter(places.values()))
            yield from _named(file, first, len(places) - 1, known, dashboard.plugin(first))
        if unnamed:
            what = (
                f"{len(unnamed)} queries name no data source, this one first, and go"
                if len(unnamed) > 1
                else "the query names no data source, and goes"
            )
            yield Problem(
                file, unnamed[0], f"{what} to the default one", known.advice("prometheus"), severity=Severity.WARNING
            )


def _known(dashboard: Dashboard) -> _Known:
    kinds = {given.name: given.type for given in dashboard.inputs}
    kinds |= {variable.name: variable.kind for variable in dashboard.variables}
    offers: dict[str, str] = {}
    for variable in dashboard.variables:
        if variable.kind == "datasource":
            offers.setdefault(variable.text, variable.name)
    return _Known(kinds, offers)


def _sources(dashboard: Dashboard) -> Iterator[tuple[Datasource | None, Route]]:
    """What each query says of its data source, and where the query stands."""
    for panel in dashboard.panels:
        if panel.type in _WITHOUT_QUERIES or not panel.targets:
            continue
        if panel.datasource is not None and panel.datasource.name:
            yield panel.datasource, panel.route
        for target in panel.targets:
            yield target.datasource, target.expr_route if target.expr else target.route
    for variable in dashboard.variables:
        if variable.kind in _QUERYING_VARIABLES:
            yield variable.datasource, variable.name_route
    for annotation in dashboard.annotations:
        if not annotation.built_in and (annotation.datasource is not None or annotation.expr):
            yield annotation.datasource, annotation.expr_route


def _named(file: str, source: Datasource, others: int, known: _Known, plugin: str) -> Iterator[Problem]:
    more = f", here and in {others} more place{'s' * (others > 1)}" if others else ""
    shown = " ".join(source.name.split())
    shown = shown if len(shown) <= _LONG else f"{shown[:_LONG]}…"
    kind = known.kinds.get(source.variable)
    message, advice = f'the data source "{shown}" is hard-coded', known.advice(plugin)
    if source.variable and kind is None:
        message = f'"{shown}" is neither a variable nor an input of this dashboard'
        advice = nearest(source.variable[:_LONG], known.offers.values()) or (
            f"add a variable of type datasource named {source.variable[:_LONG]}"
        )
    elif kind is not None:
        message = f'"{shown}" is a variable of type {kind[:_LONG] or "nothing"}, not a data source'
    if kind != "datasource" or not source.variable:
        yield Problem(file, source.route, message + more, advice)


CHECK = Check("dashboards/datasource", Severity.ERROR, __doc__, run=check)
