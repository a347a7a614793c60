"""A label that an expression, a template or a link names is one that the metric carries.

A matcher on a label that is not there finds nothing: the alert never fires, the panel stays empty. Named in `by` or
`on`, it splits or joins nothing; in an annotation, the text stays blank at night. The snapshot shows which labels the
exporter sets. job and instance come from the scrape; labels such as cluster or namespace that many a configuration
adds are doubted only where nothing works without them. A template sees the labels that the expression returns, not
those that the rule adds.

Bad:

    expr: sum by (database) (redis_db_keys{dbname="db0"}) > 1000
    annotations:
      summary: "{{ $labels.instance }} has many keys in {{ $labels.database }}"

Good:

    expr: sum by (instance, db) (redis_db_keys{db="db0"}) > 1000
    annotations:
      summary: "{{ $labels.instance }} has many keys in {{ $labels.db }}"
"""

from collections.abc import Iterator

from bot.catalog.evidence import Evidence
from bot.catalog.queries import Query
from bot.checks.reading.label_uses import Kind, uses
from bot.checks.reading.label_words import carried, lacking
from bot.checks.reading.panel_labels import panel_labels
from bot.checks.reading.remarks import Remark, both, lower
from bot.checks.reading.template_labels import template_labels
from bot.model import Severity

_POINTLESS = {
    Kind.MATCHER: ", so this matcher changes nothing",
    Kind.GROUPING: ", so leaving it out changes nothing",
    Kind.JOIN: ", so ignoring it changes nothing",
}


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each label that nothing below carries."""
    for use in uses(query, evidence):
        label = use.label
        message = lacking(use.sources, label.text) + (_POINTLESS.get(use.kind, "") if use.pointless else "")
        severity = lower(Severity.ERROR, use.pointless + use.doubtful)
        yield Remark(label.start, label.end, message, carried(use.sources, label.text), severity)


CHECKS = both("label", Severity.ERROR, __doc__, look, in_rules=template_labels, in_dashboards=panel_labels)
