"""Every PromQL expression of an entry, and where it stands: of rules, panels, annotations and variables."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalog.dashboard_model import PROMETHEUS_TYPES, Dashboard, Datasource, Panel, Target, Variable
from bot.catalog.document import Route
from bot.catalog.evidence import Evidence
from bot.catalog.rules import Rule
from bot.promql.expression import Expression
from bot.promql.grafana import NotAnalysable, read_query
from bot.promql.labels import Algebra, Labels
from bot.promql.reader import read
from bot.promql.tree import Node
from bot.promql.variable_query import read_variable_query


@dataclass(frozen=True, slots=True)
class Query:
    """An expression that was read, and what it belongs to."""

    file: str
    route: Route
    """Of the text that holds it."""
    offset: int
    """Where in that text it starts, in characters."""
    expression: Expression
    algebra: Algebra
    rule: Rule | None = None
    dashboard: Dashboard | None = None
    panel: Panel | None = None
    target: Target | None = None
    variable: Variable | None = None

    def labels(self, node: Node) -> Labels:
        """What a part of the expression returns, as far as the evidence knows."""
        return self.algebra.returned(node)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """From places in the tree to characters of the text at the route."""
        first, last = self.expression.origin(start, end)
        return first + self.offset, last + self.offset


@dataclass(frozen=True, slots=True)
class Unread:
    """A dashboard's query that could not be read."""

    file: str
    route: Route
    offset: int
    text: str
    refused: NotAnalysable
    known: bool
    """Whether its data source is known to be Prometheus."""


def rule_queries(file: str, rules: tuple[Rule, ...], evidence: Evidence) -> Iterator[Query]:
    """The expression of each rule that can be read; the judges of syntax speak of the others."""
    for rule in rules:
        tree = read(rule.expr)
        if tree is not None:
            expression = Expression(rule.expr, tree)
            yield Query(file, (*rule.route, "expr"), 0, expression, evidence.algebra(expression), rule=rule)


def dashboard_queries(file: str, dashboard: Dashboard, evidence: Evidence) -> Iterator[Query | Unread]:
    """Every query that goes to Prometheus, as far as the dashboard says."""
    for asked in _asked(dashboard):
        plugin = dashboard.plugin(asked.datasource)
        if not asked.text.strip() or (plugin and plugin not in PROMETHEUS_TYPES):
            continue
        result = read_query(asked.text)
        if isinstance(result, NotAnalysable):
            yield Unread(file, asked.route, asked.offset, asked.text, result, bool(plugin))
            continue
        algebra = evidence.algebra(result)
        yield Query(
            file, asked.route, asked.offset, result, algebra, None, dashboard, asked.panel, asked.target, asked.variable
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    text: str
    route: Route
    datasource: Datasource | None
    offset: int = 0
    panel: Panel | None = None
    target: Target | None = None
    variable: Variable | None = None


def _asked(dashboard: Dashboard) -> Iterator[_Asked]:
    for panel in dashboard.panels:
        for target in panel.targets:
            yield _Asked(target.expr, target.expr_route, target.datasource, panel=panel, target=target)
    for annotation in dashboard.annotations:
        yield _Asked(annotation.expr, annotation.expr_route, annotation.datasource)
    for variable in dashboard.variables:
        # A variable whose data source is not said may be of any language.
        if variable.kind == "query" and dashboard.plugin(variable.datasource) in PROMETHEUS_TYPES:
            part = read_variable_query(variable.text).expr
            if part is not None:
                yield _Asked(part.text, variable.text_route, variable.datasource, part.start, variable=variable)
