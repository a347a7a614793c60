"""What breaks by the difference itself, where one scrape alone would prove nothing."""

from collections.abc import Iterable, Iterator, Mapping

from bot.catalog.entry import Entry
from bot.catalog.evidence import varies
from bot.catalog.queries import Query
from bot.checks.base import Check, Problem
from bot.checks.queries import label_value, metric
from bot.checks.reading.remarks import Remark, panel_queries, problem
from bot.checks.wording import nearest
from bot.metrics.diff import Diff
from bot.model import Severity
from bot.promql.expression import metric_of, place_of
from bot.promql.labels import matches


def of_values(entry: Entry, changed: Diff) -> Iterator[tuple[Check, Problem]]:
    """Matchers that ask for a value which is gone, and for none that is left."""
    gone = {(one.name, one.label): one.values for one in changed.values_gone}
    for family, query in _queries(entry) if gone else ():
        check = label_value.CHECKS[family]
        for remark in _missed(entry, query, gone):
            yield check, problem(query, remark, check.severity)


def _missed(entry: Entry, query: Query, gone: Mapping[tuple[str, str], tuple[str, ...]]) -> Iterator[Remark]:
    for selector, _ in query.expression.selectors:
        metrics = entry.evidence.metrics_of(query.expression, selector)
        family = metrics[0].family if len(metrics) == 1 else None
        for matcher in selector.matchers if family else ():
            label, op, value = matcher
            values = gone.get((family.name, label.text), ()) if family else ()
            if op not in ("=", "=~") or varies(matcher) or not any(matches(matcher, value) for value in values):
                continue
            known = sorted({sample.labels.get(label.text, "") for sample in metrics[0].samples} - {""})
            if all(matches(matcher, one) is False for one in known):
                message = f'{metrics[0].name} has no {label.text} "{value.text}" any more'
                yield Remark(value.start, value.end, message, nearest(value.text, known))


def of_records(entry: Entry, broken: Mapping[str, Severity]) -> Iterator[tuple[Check, Problem]]:
    """Whatever reads a recording rule that breaks: other rules, and what reads those in turn, and panels."""
    known = dict(broken)
    pending = known
    told: set[tuple[str, object, int]] = set()
    while pending:
        found: dict[str, Severity] = {}
        for family, query in _queries(entry):
            for name, remark in _reads(query, pending):
                place = (query.file, query.route, remark.start)
                if place not in told:
                    told.add(place)
                    yield metric.CHECKS[family], problem(query, remark, pending[name])
                    if query.rule and query.rule.record and query.rule.record not in known:
                        found[query.rule.record] = pending[name]
        known |= found
        pending = found


def _reads(query: Query, records: Mapping[str, Severity]) -> Iterator[tuple[str, Remark]]:
    for selector, _ in query.expression.selectors:
        name = metric_of(selector)
        if name in records:
            _, start, end = place_of(selector)
            yield name, Remark(start, end, f'it reads the recording rule "{name}", which breaks', "mend that one")


def _queries(entry: Entry) -> Iterator[tuple[int, Query]]:
    """Every query, and which of a pair of checks is the one for it."""
    queries: tuple[Iterable[Query], ...] = (entry.rule_queries, panel_queries(entry))
    for family, of_family in enumerate(queries):
        for query in of_family:
            yield family, query
