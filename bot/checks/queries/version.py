"""Rules and dashboards use nothing that is newer than the lowest Prometheus the entry works with, or behind a flag.

Prometheus refuses a whole rule file for one function that it does not know, and a panel shows an error. What an entry
needs is said by requires_prometheus in exporter.yaml, such as "2.53"; where that is missing, 2.42 is assumed.
Experimental functions are refused by every Prometheus that was not started with their feature flag, and what
Prometheus 3 removed fails on every new one.

Bad:

    expr: histogram_avg(rate(http_request_duration_seconds[5m])) > 1

Good:

    expr: rate(http_request_duration_seconds_sum[5m]) / rate(http_request_duration_seconds_count[5m]) > 1
"""

from collections.abc import Iterator, Mapping

from bot.catalog.document import Route, Value
from bot.catalog.entry import ALERTS, Entry
from bot.catalog.evidence import Evidence
from bot.catalog.queries import Query
from bot.checks.base import Problem
from bot.checks.reading.remarks import Remark, both
from bot.checks.reading.syntax_uses import syntax_uses
from bot.model import Severity
from bot.promql.versions import ASSUMED, GROUP_FIELDS, REMOVED, RULE_FIELDS, Since, Version


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark on each thing that a Prometheus of the entry does not know, or knows no longer."""
    for use in syntax_uses(query.expression):
        said = _said(use.what, use.since, evidence.prometheus)
        if said is not None:
            yield Remark(use.start, use.end, *said)
    for call, _ in query.expression.calls:
        name = call.function
        if name.text in REMOVED:
            gone, heir = REMOVED[name.text]
            certain = evidence.prometheus is not None and evidence.prometheus >= gone
            yield Remark(
                name.start,
                name.end,
                f"{name.text} is gone since Prometheus {_text(gone)}",
                f"its heir is {heir}, behind a flag; deriv or avg_over_time often do",
                Severity.ERROR if certain else None,
            )


def _said(what: str, since: Since, named: Version | None) -> tuple[str, str, Severity | None] | None:
    """Message, help and severity; None where every Prometheus of the entry knows it."""
    lowest = named or ASSUMED
    flag = since.flag_for(lowest)
    if flag:
        message = f"{what} is experimental: Prometheus refuses it without --enable-feature={flag}"
        stable = f", or require Prometheus {_text(since.stable)}" if since.stable else ""
        return message, f"do without it{stable}", None
    needed = max(since.version, since.stable or since.version)
    if needed <= lowest:
        return None
    rest = f"the entry works with {_text(lowest)}" if named else f"{_text(lowest)} is assumed of this entry"
    return (
        f"{what} needs Prometheus {_text(needed)}, and {rest}",
        f'do without it, or write requires_prometheus: "{_text(needed)}" in exporter.yaml',
        Severity.ERROR if named else None,
    )


def _text(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def _fields(entry: Entry) -> Iterator[Problem]:
    document, lowest = entry.document(ALERTS), entry.evidence.prometheus
    groups = document.get("groups") if document else None
    for index, group in enumerate(groups if isinstance(groups, list) else ()):
        yield from _of(group, ("groups", index), GROUP_FIELDS, " of a group", lowest)
        rules = group.get("rules") if isinstance(group, dict) else None
        for number, rule in enumerate(rules if isinstance(rules, list) else ()):
            yield from _of(rule, ("groups", index, "rules", number), RULE_FIELDS, "", lowest)


def _of(
    value: Value, route: Route, fields: Mapping[str, Since], owner: str, named: Version | None
) -> Iterator[Problem]:
    for field in value if isinstance(value, dict) else ():
        said = _said(field + owner, fields[field], named) if field in fields else None
        if said is not None:
            yield Problem(ALERTS, (*route, field), said[0], said[1], key=True, severity=said[2])


CHECKS = both("version", Severity.WARNING, __doc__, look, needs_snapshot=False, in_rules=_fields)
