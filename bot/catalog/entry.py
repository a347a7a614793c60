"""One entry: the files of its folder, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.catalog.dashboard_model import Dashboard
from bot.catalog.dashboards import dashboard_of
from bot.catalog.document import Document, Parsed
from bot.catalog.evidence import Evidence, conditional_of, doubt_of
from bot.catalog.queries import Query, Unread, dashboard_queries, rule_queries
from bot.catalog.recorded import recorded_by
from bot.catalog.requirements import interval_of, prometheus_of
from bot.catalog.rules import Rule, rules_of
from bot.catalog.unit_tests import UnitTest, unit_tests_of
from bot.metrics.snapshot import Snapshot, parse_snapshot

EXPORTER, ALERTS, TESTS, DASHBOARD, METRICS = (
    "exporter.yaml",
    "alerts.yaml",
    "alerts_test.yaml",
    "dashboard.json",
    "metrics.prom",
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a folder holds."""

    name: str
    """POSIX path below the entry's folder; empty for that itself."""
    kind: str
    """file | folder | link | other; unreadable beside folder, where nobody can say what is in it"""


@dataclass(frozen=True)
class Entry:
    """An entry as it lies on disk. Malformed input shows as a document that is missing, or as flaws of its text."""

    name: str
    """The folder's name."""
    folder: Path
    path: str
    """The folder as a POSIX path below the root, such as lists/redis."""
    items: tuple[Item, ...]
    parsed: Mapping[str, Parsed]
    """By file name, in the order of reading: every file that is there."""

    def document(self, file: str) -> Document | None:
        """What a file of this entry says; None where it is missing or cannot be read."""
        parsed = self.parsed.get(file)
        return parsed.document if parsed else None

    def sound(self, file: str) -> Document | None:
        """The same, but only if its text has no flaw: what may be handed to other programs."""
        parsed = self.parsed.get(file)
        return parsed.document if parsed and not parsed.flaws else None

    @property
    def exporter(self) -> Document | None:
        """exporter.yaml."""
        return self.document(EXPORTER)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The well-formed rules of alerts.yaml."""
        document = self.document(ALERTS)
        return rules_of(document) if document else ()

    @cached_property
    def unit_tests(self) -> tuple[UnitTest, ...]:
        """The well-formed test groups of alerts_test.yaml."""
        document = self.document(TESTS)
        return unit_tests_of(document) if document else ()

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """What metrics.prom exposes; None where it is missing or cannot be read."""
        document = self.document(METRICS)
        return parse_snapshot(document.text) if document else None

    @cached_property
    def dashboard_files(self) -> tuple[str, ...]:
        """dashboard.json and dashboards/*.json, in the order of names."""
        return tuple(file for file in self.parsed if file == DASHBOARD or file.startswith("dashboards/"))

    @cached_property
    def dashboards(self) -> tuple[tuple[str, Dashboard], ...]:
        """Each file of a dashboard that can be read and holds an object, with what it says."""
        documents = ((file, self.document(file)) for file in self.dashboard_files)
        return tuple(
            (file, dashboard_of(document))
            for file, document in documents
            if document is not None and isinstance(document.data, dict)
        )

    @cached_property
    def evidence(self) -> Evidence:
        """What the entry can prove of a metric."""
        honors = self.exporter is not None and self.exporter.get("scrape", "honor_labels") is True
        evidence = Evidence(
            self.snapshot,
            doubt_of(self.exporter),
            conditional_of(self.exporter),
            {},
            honors,
            interval_of(self.exporter),
            prometheus_of(self.exporter),
        )
        return recorded_by(self.rules, evidence)

    @cached_property
    def rule_queries(self) -> tuple[Query, ...]:
        """The expressions of the rules that can be read."""
        return tuple(rule_queries(ALERTS, self.rules, self.evidence))

    @cached_property
    def dashboard_queries(self) -> tuple[Query | Unread, ...]:
        """The queries of all dashboards that go to Prometheus."""
        return tuple(
            query for file, dashboard in self.dashboards for query in dashboard_queries(file, dashboard, self.evidence)
        )
