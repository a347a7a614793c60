"""What an entry can prove of a metric: its snapshot, what it declares conditional, and what its own rules record."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import translate
from functools import cached_property, lru_cache

from bot.catalog.document import Document
from bot.metrics.snapshot import Family, Sample, Snapshot
from bot.promql.expression import Expression, metric_of
from bot.promql.labels import NAME, UNKNOWN, Algebra, Labels, matches, union
from bot.promql.tokens import holds_variable
from bot.promql.tree import Matcher, Node, Selector
from bot.promql.versions import Version

TARGET_LABELS = frozenset(("job", "instance"))
"""Labels that every scrape adds."""
DEPLOYMENT_LABELS = frozenset(
    (
        *("availability_zone", "az", "cluster", "container", "datacenter", "dc", "endpoint", "env", "environment"),
        *("host", "hostname", "namespace", "node", "pod", "project", "region", "service", "site", "stage", "team"),
        *("tenant", "zone"),
    )
)
"""Labels that many people's scrape configuration adds: their absence from a snapshot proves nothing."""
_OF_DEPLOYMENTS = re.compile(
    r"(?:app|k8s|kubernetes|label)_\w+|\w+_cluster|(?:cluster|container|host|namespace|node|pod|service)_(?:id|name|type)"
    r"|app|application|component|group|metrics_path|monitor|owner|prometheus|prometheus_replica|release|replica|tier"
)

_OF_SCRAPES = frozenset((NAME, *TARGET_LABELS))
_MADE_BY_PROMETHEUS = {
    "up": _OF_SCRAPES,
    "scrape_duration_seconds": _OF_SCRAPES,
    "scrape_samples_scraped": _OF_SCRAPES,
    "scrape_samples_post_metric_relabeling": _OF_SCRAPES,
    "scrape_series_added": _OF_SCRAPES,
    "scrape_timeout_seconds": _OF_SCRAPES,
    "scrape_sample_limit": _OF_SCRAPES,
    "scrape_body_size_bytes": _OF_SCRAPES,
    "ALERTS": None,
    "ALERTS_FOR_STATE": None,
}
"""https://prometheus.io/docs/concepts/jobs_instances/#automatically-generated-labels-and-time-series"""


class Origin(StrEnum):
    """How an entry knows a metric."""

    SNAPSHOT = "snapshot"
    CONDITIONAL = "conditional"
    """Declared as one that exists only sometimes."""
    RECORDED = "recorded"
    PROMETHEUS = "prometheus"
    """Made by Prometheus itself, as `up`."""
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as an expression names it: a histogram has three of them."""

    name: str
    origin: Origin
    family: Family | None = None
    """Where it is in the snapshot. The samples and labels likewise."""
    samples: tuple[Sample, ...] = ()
    labels: Labels = UNKNOWN
    """Those of a scrape included."""

    @property
    def type(self) -> str:
        """counter | gauge | histogram | summary | untyped of this very name; empty where nobody knows.

        What a histogram or a summary counts is a counter; a histogram's own name has no series in a text exposition.
        """
        if self.family is None:
            return ""
        if self.family.type in ("histogram", "summary") and self.name != self.family.name:
            return "counter"
        return "gauge" if self.family.type == "summary" else self.family.type


@dataclass(frozen=True)
class Evidence:
    """The proof that an entry holds."""

    snapshot: Snapshot | None
    doubt: str
    """Why the snapshot may not show what the listed version exposes; empty where there is no such reason."""
    conditional: tuple[str, ...]
    """Globs of metrics that exist only sometimes."""
    recorded: Mapping[str, Labels]
    """By name, what the entry's own rules record."""
    honors_labels: bool = False
    """Whether an exporter's own job and instance win over those of the scrape."""
    interval: int | None = None
    """How often the entry wants to be scraped, in milliseconds; None where it does not say."""
    prometheus: Version | None = None
    """The lowest Prometheus that the entry names."""
    formulas: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    """By name, the expressions of the rules that record it, as far as they can be read."""

    @cached_property
    def by_name(self) -> dict[str, tuple[Family, tuple[Sample, ...]]]:
        """The series of the snapshot by the name that an expression uses."""
        found: dict[str, tuple[Family, tuple[Sample, ...]]] = {}
        families = self.snapshot.families.values() if self.snapshot else ()
        for family in families:
            if family.type not in ("histogram", "summary"):
                found[family.name] = family, family.samples
                continue
            parts: dict[str, list[Sample]] = {}
            for sample in family.samples:
                parts.setdefault(sample.name, []).append(sample)
            found.update((name, (family, tuple(samples))) for name, samples in parts.items())
        return found

    @cached_property
    def _metrics(self) -> dict[str, Metric]:
        return {}

    def metric(self, name: str) -> Metric:
        """What is known of a metric."""
        metric = self._metrics.get(name)
        if metric is None:
            metric = self._metrics[name] = self._metric(name)
        return metric

    def _metric(self, name: str) -> Metric:
        if name in self.by_name:
            family, samples = self.by_name[name]
            return Metric(name, Origin.SNAPSHOT, family, samples, self._labels_of(samples))
        histogram = self.snapshot.families.get(name) if self.snapshot else None
        if histogram is not None and histogram.type == "histogram":
            # Of a native histogram the text format shows only the classic series.
            return Metric(name, Origin.SNAPSHOT, histogram, labels=self._labels_of(histogram.samples).without(("le",)))
        if name in _MADE_BY_PROMETHEUS:
            labels = _MADE_BY_PROMETHEUS[name]
            return Metric(name, Origin.PROMETHEUS, labels=Labels(labels, labels) if labels else UNKNOWN)
        if name in self.recorded:
            return Metric(name, Origin.RECORDED, labels=self.recorded[name])
        if any(glob(pattern).fullmatch(name) for pattern in self.conditional):
            return Metric(name, Origin.CONDITIONAL)
        return Metric(name, Origin.NOWHERE)

    def metrics_of(self, expression: Expression, selector: Selector) -> tuple[Metric, ...]:
        """The metrics that a selector can mean; several where its name is a pattern, none where it is any or unknown.

        A name that holds variables is a pattern with a wildcard for each of them.
        """
        name = metric_of(selector)
        pattern = expression.glob(name) if name else None
        if name and pattern is None and not holds_variable(name):
            return (self.metric(name),)
        return tuple(self.metric(known) for known in self._like(pattern, selector))

    def _like(self, pattern: str | None, selector: Selector) -> Iterator[str]:
        if pattern is not None:
            if pattern.strip("*"):
                yield from (name for name in self.by_name if glob(pattern).fullmatch(name))
            return
        asked = [matcher for matcher in selector.matchers if matcher.label.text == NAME and not varies(matcher)]
        if asked:
            yield from (name for name in self.by_name if all(matches(matcher, name) for matcher in asked))

    def algebra(self, expression: Expression) -> Algebra:
        """The labels that the parts of an expression return, as far as this evidence knows its selectors."""
        return Algebra(lambda selector: self.labels(expression, selector), expression.is_variable)

    def labels(self, expression: Expression, selector: Selector) -> Labels:
        """The labels of the series that a selector finds."""
        found = [self._narrowed(metric, selector) for metric in self.metrics_of(expression, selector)]
        labels = union(found)
        asked = {m.label.text for m in selector.matchers if not varies(m) and matches(m, "") is False}
        gone = {m.label.text for m in selector.matchers if m.op == "=" and not m.value.text}
        return Labels(labels.always | asked | {NAME}, labels.possible).without(gone)

    def _narrowed(self, metric: Metric, selector: Selector) -> Labels:
        telling = [matcher for matcher in selector.matchers if self._tells(matcher)]
        if not telling or not metric.samples:
            return metric.labels
        samples = tuple(sample for sample in metric.samples if selects(telling, sample))
        return self._labels_of(samples) if samples else metric.labels

    def _tells(self, matcher: Matcher) -> bool:
        return matcher.label.text not in _OF_SCRAPES and not varies(matcher)

    def _labels_of(self, samples: tuple[Sample, ...]) -> Labels:
        # An empty label is as good as none.
        sets = {frozenset([name for name, value in sample.labels.items() if value]) for sample in samples}
        if not sets:
            return UNKNOWN
        added = _OF_SCRAPES
        if self.honors_labels:
            # An empty one of the exporter's wins, too.
            added -= {name for name in TARGET_LABELS if any(sample.labels.get(name) == "" for sample in samples)}
        else:
            sets = {
                frozenset(f"exported_{name}" if name in TARGET_LABELS else name for name in names) for names in sets
            }
        return Labels(frozenset.intersection(*sets) | added, frozenset.union(*sets) | _OF_SCRAPES)


def is_of_deployment(label: str) -> bool:
    """Whether a label looks like one that a scrape configuration adds, or makes room for."""
    label = label.removeprefix("exported_")
    return label in DEPLOYMENT_LABELS or _OF_DEPLOYMENTS.fullmatch(label) is not None


def varies(matcher: Matcher) -> bool:
    """Whether a matcher's value holds one of Grafana's variables."""
    return holds_variable(matcher.value.text)


def selects(matchers: Iterable[Matcher], sample: Sample) -> bool:
    """Whether a series satisfies matchers; one whose regular expression cannot be read is passed over."""
    return all(matches(matcher, sample.labels.get(matcher.label.text, "")) is not False for matcher in matchers)


@lru_cache(maxsize=4096)
def glob(pattern: str) -> re.Pattern[str]:
    """A glob of metric names, in which only * means something."""
    return re.compile(translate(pattern.replace("[", "[[]").replace("?", "[?]")))


def conditional_of(exporter: Document | None) -> tuple[str, ...]:
    """The globs of `snapshot.conditional`, in the order of the file; "" for one that is malformed."""
    items = exporter.get("snapshot", "conditional") if exporter else None
    if exporter is None or not isinstance(items, list):
        return ()
    return tuple(exporter.text_at("snapshot", "conditional", index, "match") or "" for index in range(len(items)))


def doubt_of(exporter: Document | None) -> str:
    """Why a snapshot may not show what the listed version exposes."""
    if exporter is None:
        return "exporter.yaml cannot be read"
    if exporter.text_at("snapshot", "source") != "observed":
        return "the snapshot is upstream's"
    listed, taken = exporter.text_at("version"), exporter.text_at("snapshot", "version")
    return "" if listed == taken else f"the snapshot is of version {taken}"
