"""How far an entry is proven, and why not further: the one place where that is decided."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.catalog.entry import ALERTS, METRICS, Entry
from bot.catalog.evidence import doubt_of
from bot.model import LEVELS, Finding, Level, Proof, Severity, Skip

_LOADS = frozenset(
    (
        *("alerts/load", "alerts/syntax", "alerts/duplicate", "alerts/template"),
        *("dashboards/load", "dashboards/shape", "dashboards/promql", "metrics/load"),
    )
)
_TESTED = frozenset(("alerts/test", "alerts/tested"))
_HINTS = frozenset(("alerts/mutation", "entry/waiver"))
"""Checks that prove more than any level asks for."""
_EXISTENCE = ("/metric", "/label", "/legend")
"""Checks whose warnings count, too: in doubt, nothing is proven."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an entry has that could be proven."""

    nothing_to_load: str
    """Why there is nothing that could load; empty where there is something. The others likewise."""
    no_snapshot: str
    nothing_to_test: str
    not_observed: str


NO_CLAIMS = Claims("", "", "", "")
"""Of an entry that could not be examined: what was found says why."""


def claims_of(entry: Entry) -> Claims:
    """What one entry has. A client library needs neither alerts nor a dashboard."""
    library = entry.exporter is not None and entry.exporter.text_at("kind") == "client-library"
    alerts = any(rule.alert for rule in entry.rules)
    return Claims(
        "" if alerts or entry.dashboards or library else "it has neither alerts nor a dashboard",
        "" if METRICS in entry.parsed else f"there is no {METRICS}",
        "" if alerts or library else f"there is no alert in {ALERTS}",
        doubt_of(entry.exporter),
    )


def level_of(check: str) -> Level:
    """The level that a check proves, together with the others of that level."""
    if check.startswith("entry/"):
        return Level.LISTED
    if check in _LOADS:
        return Level.LOADS
    return Level.TESTED if check in _TESTED else Level.REFERENCED


def proof_of(
    entry: str, claims: Claims, findings: Iterable[Finding], skipped: Sequence[Skip], unasked: Collection[str]
) -> Proof:
    """The highest level that nothing stands against.

    `findings` are the entry's own, without those waived; `unasked` are the checks that were not to run.
    """
    against: dict[Level, list[str]] = {level: [] for level in LEVELS}
    for level, reason in _missing(claims):
        against[level].append(reason)
    for level, reason in _found(findings):
        against[level].append(reason)
    for skip in skipped:
        if skip.check not in _HINTS:
            against[level_of(skip.check)].append(f"{skip.check} was skipped: {skip.reason}")
    for check in sorted(set(unasked) - _HINTS):
        against[level_of(check)].append(f"{check} was not run")
    reached = Level.NONE
    for level in LEVELS[1:]:
        if against[level]:
            first, *more = against[level]
            return Proof(entry, reached, f"{first} (and {len(more)} more)" if more else first)
        reached = level
    return Proof(entry, reached)


def _missing(claims: Claims) -> Iterator[tuple[Level, str]]:
    for level, reason in (
        (Level.LOADS, claims.nothing_to_load),
        (Level.REFERENCED, claims.no_snapshot),
        (Level.TESTED, claims.nothing_to_test),
        (Level.OBSERVED, claims.not_observed),
    ):
        if reason:
            yield level, reason


def _found(findings: Iterable[Finding]) -> Iterator[tuple[Level, str]]:
    for finding in findings:
        counts = finding.severity is Severity.ERROR or (
            finding.severity is Severity.WARNING and finding.check.endswith(_EXISTENCE)
        )
        if counts and finding.check not in _HINTS:
            yield level_of(finding.check), f"{finding.check}: {finding.message}"
