"""No matcher names the jobs, targets or clusters of one installation.

job, instance, and labels such as cluster or namespace are set by whoever runs Prometheus: with a value written out,
the expression finds nothing anywhere else, without a word. An exporter's metrics are found by their own names; what
every target has, such as up, is narrowed to the exporter's targets by one of its own metrics. In a dashboard, the
reader chooses by a variable.

Bad:

    expr: up{job="redis"} == 0

Good:

    expr: up == 0 and on (instance, job) present_over_time(redis_up[1d])
"""

import re
from collections.abc import Iterator

from bot.catalog.evidence import DEPLOYMENT_LABELS, TARGET_LABELS, Evidence, Metric, Origin, varies
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, both
from bot.model import Severity
from bot.promql.labels import matches
from bot.promql.tree import Matcher

_OTHERS = TARGET_LABELS | DEPLOYMENT_LABELS
_WILD = re.compile(r"\.[*+]|\[")
_SHARED = ("process_", "go_", "promhttp_", "python_", "jvm_", "scrape_")
"""Metrics that exporters of every kind have."""


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each label that others set and that has a value of one installation here; once for each value."""
    said: set[tuple[str, str]] = set()
    for selector, _ in query.expression.selectors:
        for matcher in selector.matchers:
            found = matcher.label.text, matcher.value.text
            if found[0] not in _OTHERS or found in said or not _is_literal(matcher):
                continue
            metrics = evidence.metrics_of(query.expression, selector)
            if _is_of_scrape(metrics, found[0], evidence):
                said.add(found)
                yield _remark(query, evidence, matcher, metrics)


def _is_literal(matcher: Matcher) -> bool:
    """Whether it finds some values and not others; to leave one out does no harm where it does not exist."""
    if "!" in matcher.op or not matcher.value.text or varies(matcher):
        return False
    return matcher.op == "=" or not _WILD.search(matcher.value.text) or matches(matcher, "…") is False


def _is_of_scrape(metrics: tuple[Metric, ...], label: str, evidence: Evidence) -> bool:
    """Whether the label comes from the scrape configuration; not if the exporter itself sets it."""
    if any(label in sample.labels for metric in metrics for sample in metric.samples):
        return not evidence.honors_labels and label in TARGET_LABELS
    # What nobody knows may carry such labels of its own; job and instance it can only have if they are honoured.
    known = bool(metrics) and all(metric.origin in (Origin.SNAPSHOT, Origin.PROMETHEUS) for metric in metrics)
    return known or (label in TARGET_LABELS and not evidence.honors_labels)


def _remark(query: Query, evidence: Evidence, matcher: Matcher, metrics: tuple[Metric, ...]) -> Remark:
    label = matcher.label.text
    message = f'{label} "{matcher.value.text}" is a name of one installation'
    severity = Severity.INFO if "~" in matcher.op and _WILD.search(matcher.value.text) else None
    help_ = _in_dashboard(query, label) if query.dashboard else _in_rule(evidence, metrics)
    return Remark(matcher.label.start, matcher.value.end + 1, message, help_, severity)


def _in_dashboard(query: Query, label: str) -> str:
    names = {variable.name for variable in query.dashboard.variables} if query.dashboard else set()
    if query.variable is not None and query.variable.name == label:
        return "leave it out"
    return f'write {label}=~"${label}"' if label in names else f'add a variable, and write {label}=~"${label}"'


def _in_rule(evidence: Evidence, metrics: tuple[Metric, ...]) -> str:
    scrape = any(metric.origin == Origin.PROMETHEUS for metric in metrics)
    if not scrape and not any(metric.name.startswith(_SHARED) for metric in metrics):
        return "leave it out: the metric's name says enough"
    names = [name for name in evidence.by_name if not name.startswith(_SHARED)]
    own = next((name for end in ("_up", "_info", "") for name in names if name.endswith(end)), "")
    there = f"present_over_time({own}[1d])" if scrape else own
    return f"find the targets by a metric of their own: and on (instance, job) {there}" if own else "leave it out"


CHECKS = both("hard-coded", Severity.WARNING, __doc__, look, needs_snapshot=False)
