"""What the formats for people share: counts, and what belongs together."""

from collections.abc import Sequence

from bot.drift.model import Broken, Drift, Kind
from bot.metrics.diff import Count, Diff, Exposed
from bot.reporters.wording import number


def breaks(drift: Drift) -> str:
    """Such as: 2 alerts and 1 panel break."""
    broken = {(broken.kind, broken.finding.file, broken.name) for broken in drift.broken}
    kinds = [kind for kind, _, _ in broken]
    counted = [number(kinds.count(kind), kind) for kind in Kind if kind in kinds]
    if not counted:
        return "nothing breaks"
    return f"{joined(counted)} {'breaks' if len(broken) == 1 else 'break'}"


def changes(diff: Diff) -> str:
    """Such as: 1 metric renamed, 12 removed, 3 added."""
    removed, added = unrenamed(diff)
    counts = (
        (len(diff.renamed), "probably renamed"),
        (len(removed), "removed"),
        (len(added), "added"),
        (len(diff.retyped), "of another type"),
        (len(diff.relabelled), "with other labels"),
        (len(diff.values_gone), "without a label value"),
    )
    said = [f"{count} {what}" for count, what in counts if count]
    return f"metrics: {', '.join(said)}" if said else "the metrics are the same"


def sizes(diff: Diff) -> str:
    """How much there was, and is."""
    then, now = (
        f"{number(metrics, 'metric')} with {series} series"
        for metrics, series in ((diff.metrics.then, diff.total.then), (diff.metrics.now, diff.total.now))
    )
    return f"{then} → {now}"


def subject(broken: Broken) -> str:
    """Such as: alert RedisDown; empty where the place says it all."""
    if broken.kind is Kind.FILE:
        return ""
    name = broken.name if broken.kind in (Kind.ALERT, Kind.RECORD) else f'"{broken.name}"'
    return f"{broken.kind} {name}".rstrip()


def unrenamed(diff: Diff) -> tuple[list[Exposed], list[Exposed]]:
    """The metrics removed and those added that are no part of a rename."""
    then, now = {rename.then for rename in diff.renamed}, {rename.now for rename in diff.renamed}
    return [metric for metric in diff.removed if metric.name not in then], [
        metric for metric in diff.added if metric.name not in now
    ]


def relabelled(diff: Diff) -> list[tuple[tuple[str, ...], tuple[str, ...], list[str]]]:
    """The labels lost and gained, and the metrics that have this in common; the most metrics first."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for metric in diff.relabelled:
        alike.setdefault((metric.lost, metric.gained), []).append(metric.name)
    return sorted(((*labels, names) for labels, names in alike.items()), key=lambda group: (-len(group[2]), group[2]))


def counts_changed(diff: Diff) -> list[Count]:
    """The metrics of both scrapes that have more or fewer series now; the greatest difference first."""
    changed = [count for count in diff.series if count.then and count.now and count.then != count.now]
    return sorted(changed, key=lambda count: (-abs(count.now - count.then), count.name))


def joined(parts: Sequence[str]) -> str:
    """a, b and c."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
