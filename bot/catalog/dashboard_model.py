"""What a Grafana dashboard holds, whichever of its formats it is written in.

Every part carries the route at which it stands in its file, so that a finding points exactly. A text that is missing
or of a wrong type is "" here; whoever cares looks at the document.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.catalog.document import Route, Value

PROMETHEUS_TYPES = frozenset(
    ("prometheus", "grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource")
)
"""Data source plugins whose queries are PromQL."""

MIXED = "-- Mixed --"
SPECIAL_NAMES = frozenset((MIXED, "-- Dashboard --", "-- Grafana --", "grafana", "__expr__", "-100"))
"""Data sources that every Grafana has."""
SPECIAL_TYPES = frozenset(("datasource", "grafana", "dashboard", "__expr__", "mixed"))

_REFERENCE = re.compile(
    r"\$(?P<plain>\w+)|\$\{(?P<braced>\w+)(?:[.:][^}]*)?\}|\[\[(?P<square>\w+)(?::\w+)?\]\]", re.ASCII
)


class Shape(StrEnum):
    """classic: the model itself; wrapped: {"dashboard": model}, as Grafana's HTTP API answers.

    v1: a resource whose spec is the classic model; v2: a resource, or its bare spec, with elements; unknown: none.
    """

    CLASSIC = "classic"
    WRAPPED = "wrapped"
    V1 = "v1"
    V2 = "v2"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Datasource:
    """What a query, a panel, a variable or an annotation says of its data source."""

    route: Route
    """The value that names it: the uid, the name, or what stands around them."""
    type: str
    """The plugin, such as prometheus."""
    name: str
    """A uid or a name, as written; empty for Grafana's default data source."""
    exported: bool = False
    """Whether a v2 resource was exported for others: Grafana asks for the data source when it is imported."""

    @property
    def special(self) -> bool:
        """Whether every Grafana has it."""
        return self.name in SPECIAL_NAMES or self.type in SPECIAL_TYPES

    @property
    def variable(self) -> str:
        """The variable or input that it is; empty where it is none."""
        match = _REFERENCE.fullmatch(self.name)
        return (match["plain"] or match["braced"] or match["square"]) if match else ""


@dataclass(frozen=True, slots=True)
class Target:
    """One query of a panel, hidden or not."""

    route: Route
    ref_id: str
    expr: str
    """Empty where the query is not an expression in text. The legend likewise."""
    expr_route: Route
    legend: str
    legend_route: Route
    datasource: Datasource | None
    """Its own, else its panel's; None where neither says."""
    hidden: bool
    step: str = ""
    """The shortest step that it asks for; empty where it leaves that to its panel."""
    instant: bool = False
    """Whether it asks for a single point in time."""


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """A unit that some series of a panel have of their own."""

    route: Route
    """Where the unit stands."""
    unit: str
    matcher: str
    """How the series are told: byName, byRegexp, byFrameRefID, byType …"""
    text: str
    """The name, the expression or the id that tells them; empty where it is no text."""


@dataclass(frozen=True, slots=True)
class Display:
    """How a panel shows its values."""

    unit: str
    """Grafana's id of it, such as percentunit."""
    unit_route: Route
    """Where the unit stands, or would stand."""
    own_units: tuple[OwnUnit, ...] = ()
    """In the order in which they apply: the last wins."""
    mapped: bool = False
    """Whether some values are shown as texts."""
    altered: bool = False
    """Whether the values shown are others than those that the queries return, such as how many there are."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a dashboard or of a panel, or of its data."""

    route: Route
    """Where the URL stands."""
    url: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: below the dashboard, in a row, in `rows[]`, or the definition of a library panel."""

    route: Route
    id: int | None
    title: str
    type: str
    """The plugin, such as timeseries."""
    display: Display
    datasource: Datasource | None
    repeat: str
    """The variable that it is repeated for."""
    library: str
    """The uid or the name of the library panel that it stands for; empty where it is none."""
    targets: tuple[Target, ...]
    links: tuple[Link, ...]
    step: str = ""
    """The shortest step of its queries; empty where it leaves that to the data source."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that the dashboard defines."""

    route: Route
    kind: str
    """query, datasource, custom, textbox, constant, interval, adhoc, groupby, switch …"""
    name: str
    name_route: Route
    query: Value
    """A text, or the plugin's own object. Of a datasource variable, the plugin."""
    query_route: Route
    datasource: Datasource | None
    multi: bool = False
    """Whether several values, or all of them, can be chosen."""

    @property
    def text(self) -> str:
        """The query as a text; empty where it has none."""
        inner = self.query.get("query") if isinstance(self.query, dict) else self.query
        return inner if isinstance(inner, str) else ""

    @property
    def text_route(self) -> Route:
        """Where that text stands."""
        return (*self.query_route, "query") if isinstance(self.query, dict) else self.query_route


@dataclass(frozen=True, slots=True)
class Annotation:
    """A query whose results are drawn as events."""

    route: Route
    name: str
    expr: str
    expr_route: Route
    datasource: Datasource | None
    built_in: bool


@dataclass(frozen=True, slots=True)
class Input:
    """Something that Grafana asks for when the dashboard is imported (`__inputs`)."""

    name: str
    type: str
    """datasource or constant."""
    plugin: str


@dataclass(frozen=True)
class Dashboard:
    """A dashboard, as far as it is well-formed."""

    shape: Shape
    base: Route
    """Where the model proper stands: () or ("dashboard",) or ("spec",)."""
    uid: str
    uid_route: Route
    title: str
    title_route: Route
    panels: tuple[Panel, ...] = ()
    variables: tuple[Variable, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()
    inputs: tuple[Input, ...] = ()
    repeats: frozenset[str] = frozenset()
    """The variables that panels, rows or tabs are repeated for: there, each has one value at a time."""

    @cached_property
    def several(self) -> frozenset[str]:
        """The variables that can have several values at a time."""
        return frozenset(variable.name for variable in self.variables if variable.multi) - self.repeats

    def targets(self) -> Iterator[Target]:
        """Every query of every panel, in the order of the panels."""
        for panel in self.panels:
            yield from panel.targets

    def plugin(self, datasource: Datasource | None) -> str:
        """The data source's plugin, such as prometheus; empty where the dashboard does not say."""
        if datasource is None:
            return ""
        if datasource.type and not datasource.type.startswith("$"):
            return datasource.type
        if datasource.special:
            return "datasource"
        return self._plugins.get(datasource.variable, "")

    @cached_property
    def _plugins(self) -> dict[str, str]:
        plugins = {given.name: given.plugin for given in self.inputs}
        return plugins | {variable.name: variable.text for variable in self.variables if variable.kind == "datasource"}
