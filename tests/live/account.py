"""Compares what a running Prometheus returns with what the checks say of the same scrape."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.catalog.dashboard_model import Dashboard
from bot.catalog.entry import Entry
from bot.catalog.queries import Query, Unread
from bot.checks import CHECKS
from bot.checks.base import Gathered, Problem
from bot.promql.expression import Expression
from bot.promql.labels import Labels
from bot.promql.reader import read
from bot.promql.tree import Selector
from tests.live.claims import Claims, unconditional
from tests.live.grafana import Values, filled, values_of
from tests.prometheus import Answer, Server

_SPEAKING = ("metric", "label", "label-value", "join", "dead")
"""Checks that say that something is not there, or cannot be."""
_QUIET = "no series satisfies its conditions"


@dataclass(slots=True)
class Count:
    """How many expressions there are."""

    all: int = 0
    filled: int = 0
    """Those that return data."""
    without_conditions: int = 0
    """Those that return data as soon as no comparison, `and`, `unless` or offset takes it away."""


@dataclass(slots=True)
class Account:
    """What came of all expressions of some entries."""

    panels: Count = field(default_factory=Count)
    rules: Count = field(default_factory=Count)
    selectors: int = 0
    exceptions: list[str] = field(default_factory=list)
    """Expressions without data, and why that is in order."""
    disagreements: list[str] = field(default_factory=list)
    """Where Prometheus and the checks do not say the same."""

    def text(self) -> str:
        """All of it, for people."""
        lines = [
            f"{count.all} {what}: {count.filled} return data, {count.without_conditions} do without their conditions"
            for what, count in (("queries of panels", self.panels), ("expressions of rules", self.rules))
        ]
        wrong = [f"WRONG {line}" for line in self.disagreements]
        return "\n".join([*lines, f"{self.selectors} selectors", *self.exceptions, *wrong])


@dataclass(frozen=True)
class Auditor:
    """Asks a Prometheus at one time, about one entry whose snapshot is of a scrape shortly before that."""

    server: Server
    at: float
    entry: Entry
    claims: Claims
    account: Account

    def audit(self) -> None:
        """Every expression of its rules and panels, and every selector in them."""
        problems = _problems(self.entry)
        values = {file: self._values(file, dashboard) for file, dashboard in self.entry.dashboards}
        asked: set[str] = set()
        for query in self._queries():
            text = query.expression.text
            if query.dashboard:
                self._accepted(query, filled(text, values[query.file].all))
                text = filled(text, values[query.file].each)
            tree = read(text)
            assert tree is not None, text
            expression = Expression(text, tree)
            self._query(query, expression, problems.get((query.file, query.route), []))
            for selector, _ in expression.selectors:
                self._selector(query, expression, selector, asked)

    def _values(self, file: str, dashboard: Dashboard) -> Values:
        document = self.entry.document(file)
        assert document is not None
        return values_of(document, dashboard, lambda expr: self._ask(expr).series)

    def _accepted(self, query: Query, text: str) -> None:
        error = self._ask(text).error
        if error:
            self._disagree(query.file, text, f"Prometheus refuses it: {error}")

    def _queries(self) -> Iterator[Query]:
        yield from self.entry.rule_queries
        for query in self.entry.dashboard_queries:
            if isinstance(query, Unread):
                self._disagree(query.file, query.text, f"it cannot be read: {query.refused.reason}")
            elif query.variable is None:
                yield query

    def _ask(self, expr: str) -> Answer:
        return self.server.query(expr, self.at)

    def _query(self, query: Query, expression: Expression, problems: list[Problem]) -> None:
        text = expression.text
        answer = self._ask(text)
        returned = bool(answer.series) or answer.scalar
        count = self.account.rules if query.rule else self.account.panels
        count.all += 1
        count.filled += returned
        self._labels(query.file, text, answer, query.labels(query.expression.tree))
        nothing = self.claims.nothing(expression, expression.tree)
        if answer.error:
            self._disagree(query.file, text, f"Prometheus refuses it: {answer.error}")
        elif returned:
            if nothing and nothing.certain:
                self._disagree(query.file, text, f"there is data, although {nothing.reason}")
        elif problems:
            self._except(query, text, "; ".join(problem.message for problem in problems))
        elif nothing:
            self._except(query, text, nothing.reason)
        elif self._ask(unconditional(text, expression.tree)).series:
            count.without_conditions += 1
            self._except(query, text, _QUIET)
        else:
            self._disagree(query.file, text, "there is no data, and nothing says why")

    def _selector(self, query: Query, expression: Expression, selector: Selector, asked: set[str]) -> None:
        end = selector.range.start if selector.range else selector.end
        text = expression.text[selector.start : end]
        if selector.moved or text in asked:
            return
        asked.add(text)
        self.account.selectors += 1
        answer = self._ask(text)
        self._labels(query.file, text, answer, self.claims.evidence.labels(expression, selector))
        nothing = self.claims.nothing(expression, selector)
        if nothing is None and not answer.series:
            self._disagree(query.file, text, "the snapshot has such series, Prometheus has none")
        elif nothing and nothing.certain and answer.series:
            self._disagree(query.file, text, f"{nothing.reason} in the snapshot, Prometheus has {answer.series[0]}")

    def _labels(self, file: str, text: str, answer: Answer, labels: Labels) -> None:
        for names in {frozenset(series) for series in answer.series}:
            missing, more = labels.always - names, names - (labels.possible or names)
            if missing or more:
                self._disagree(file, text, f"labels missing: {sorted(missing)}, unexpected: {sorted(more)}")

    def _except(self, query: Query, text: str, reason: str) -> None:
        # Alerts are quiet as a rule.
        if not query.rule or reason != _QUIET:
            self.account.exceptions.append(f"{self.entry.path}/{query.file}: {' '.join(text.split())}: {reason}")

    def _disagree(self, file: str, text: str, what: str) -> None:
        self.account.disagreements.append(f"{self.entry.path}/{file}: {' '.join(text.split())}: {what}")


def _problems(entry: Entry) -> dict[tuple[str, object], list[Problem]]:
    """What the checks say of expressions, by their place."""
    found: dict[tuple[str, object], list[Problem]] = {}
    for check in CHECKS:
        if check.id.partition("/")[2] not in _SPEAKING:
            continue
        problems = [*check.run(entry)] if check.run else []
        if check.across and (material := check.across.gather(entry)) is not None:
            gathered = Gathered(entry.folder.parents[1], {entry.name: material}, (), frozenset((entry.name,)), None)
            problems += [problem for _, problem in check.across.judge(gathered)]
        for problem in problems:
            found.setdefault((problem.file, problem.where), []).append(problem)
    return found
