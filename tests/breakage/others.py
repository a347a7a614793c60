"""What people do wrong around the expressions: templates, panels, snapshots, tests."""

import re
from collections.abc import Iterator

from bot.catalog.dashboard_model import Panel
from bot.catalog.document import Route
from bot.catalog.entry import ALERTS, DASHBOARD, EXPORTER, METRICS, Entry
from bot.catalog.queries import Query
from bot.promql.expression import metric_of
from bot.promql.tree import COMPARISONS, Number, is_scalar
from tests.breakage.edits import Break, misspelt, spliced, title, with_value, without

_LABEL = re.compile(r"\$labels\.(\w+)")
_DROPPED = ("alerts/label", "alerts/dead", "alerts/join")
_UNIT = ("dashboards/unit",)
_LEGEND = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def template_label_misspelt(entry: Entry) -> Iterator[Break]:
    for rule in entry.rules:
        for name, text in rule.annotations.items():
            if match := _LABEL.search(text):
                wrong = f"{text[: match.start(1)]}{misspelt(match[1])}{text[match.end(1) :]}"
                files = with_value(entry, ALERTS, (*rule.route, "annotations", name), wrong)
                yield Break(f"{rule.name}: $labels.{misspelt(match[1])}", files, ("alerts/label",))


def grouping_label_dropped(entry: Entry) -> Iterator[Break]:
    for query in entry.rule_queries:
        rule = query.rule
        used = {label for text in rule.annotations.values() for label in _LABEL.findall(text)} if rule else set()
        for node, parents in query.expression.aggregations:
            for label in node.labels if node.grouping == "by" and not parents[1:] else ():
                if label.text in used and len(node.labels) > 1:
                    others = ", ".join(other.text for other in node.labels if other is not label)
                    files = spliced(entry, query, node.labels[0].start, node.labels[-1].end, others)
                    yield Break(f"{title(query)}: by without {label.text}", files, _DROPPED)


def legend_misspelt(entry: Entry) -> Iterator[Break]:
    for query in _panels(entry):
        # A table has columns, and shows no legend.
        target = query.target if query.panel and query.panel.type != "table" else None
        if target and (match := _LEGEND.search(target.legend)) and match[1] not in ("job", "instance"):
            wrong = target.legend.replace(match[1], misspelt(match[1]))
            files = with_value(entry, query.file, target.legend_route, wrong)
            yield Break(f"{title(query)}: legend {wrong}", files, ("dashboards/legend",))


def _panels(entry: Entry) -> Iterator[Query]:
    return (query for query in entry.dashboard_queries if isinstance(query, Query) and query.panel)


def unit_wrong(entry: Entry) -> Iterator[Break]:
    for file, dashboard in entry.dashboards:
        for panel in dashboard.panels:
            route, unit = _unit(entry, file, panel)
            wrong = {"bytes": "s", "s": "bytes", "percentunit": "percent", "Bps": "s", "binBps": "s"}.get(unit)
            if wrong and panel.targets:
                yield Break(f"{panel.title}: {unit} → {wrong}", with_value(entry, file, route, wrong), _UNIT)


def unit_forgotten(entry: Entry) -> Iterator[Break]:
    for file, dashboard in entry.dashboards:
        for panel in dashboard.panels:
            route, unit = _unit(entry, file, panel)
            if unit in ("bytes", "s", "percentunit") and panel.targets:
                yield Break(f"{panel.title}: {unit} → short", with_value(entry, file, route, "short"), _UNIT)


def _unit(entry: Entry, file: str, panel: Panel) -> tuple[Route, str]:
    document, route = entry.document(file), (*panel.route, "fieldConfig", "defaults", "unit")
    return route, (document.text_at(*route) if document else None) or ""


def literal_window(entry: Entry) -> Iterator[Break]:
    yield from _replaced_in_panels(entry, "$__rate_interval", "1m", ("dashboards/rate-interval",))


def variable_misspelt(entry: Entry) -> Iterator[Break]:
    yield from _replaced_in_panels(entry, "$instance", "$instnace", ("dashboards/variable",))


def _replaced_in_panels(entry: Entry, old: str, new: str, meant: tuple[str, ...]) -> Iterator[Break]:
    for query in _panels(entry):
        text = query.expression.text
        if old in text:
            files = with_value(entry, query.file, query.route, text.replace(old, new, 1))
            yield Break(f"{title(query)}: {old} → {new}", files, meant)


def panel_emptied(entry: Entry) -> Iterator[Break]:
    for file, dashboard in entry.dashboards:
        for panel in dashboard.panels:
            if panel.targets and panel.type != "row":
                files = with_value(entry, file, (*panel.route, "targets"), [])
                yield Break(f"{panel.title}: no targets", files, ("dashboards/empty",))


def threshold_of_another_unit(entry: Entry) -> Iterator[Break]:
    """A ratio for a percentage, kilobytes for bytes, milliseconds for seconds: what only the unit tests see."""
    for query in entry.rule_queries:
        for node, _ in query.expression.binaries:
            if node.op.text in COMPARISONS and isinstance(node.right, Number) and node.right.value:
                factor = 100 if node.right.value < 1 else 1000
                right = node.right
                files = spliced(entry, query, right.start, right.end, f"({right.value:g} * {factor})")
                if not is_scalar(node.left):
                    yield Break(f"{title(query)}: threshold times {factor}", files, ("alerts/test",))


def metric_gone_upstream(entry: Entry) -> Iterator[Break]:
    """The next release no longer has a metric that something reads."""
    document = entry.document(METRICS)
    read = {metric_of(selector) for query in entry.rule_queries for selector, _ in query.expression.selectors}
    for name in sorted(read & set(entry.evidence.by_name)):
        if document:
            renamed = re.sub(rf"\b{name}\b", f"{name}_v2", document.text)
            yield Break(f"upstream renamed {name}", {METRICS: renamed}, ("alerts/metric",))


def label_gone_upstream(entry: Entry) -> Iterator[Break]:
    """The next release no longer has a label that something matches."""
    document = entry.document(METRICS)
    labels = {
        m.label.text
        for query in entry.rule_queries
        for selector, _ in query.expression.selectors
        for m in selector.matchers
        if selector.name and any(m.label.text in s.labels for s in entry.evidence.metric(selector.name.text).samples)
    }
    for label in sorted(labels):
        if document:
            renamed = document.text.replace(f'{{{label}="', f'{{{label}_v2="').replace(f',{label}="', f',{label}_v2="')
            yield Break(f"upstream renamed the label {label}", {METRICS: renamed}, ("alerts/label",))


def version_without_snapshot(entry: Entry) -> Iterator[Break]:
    yield Break("version 99.0.0", with_value(entry, EXPORTER, ("version",), "99.0.0"), ("metrics/stale",))


def declaration_dropped(entry: Entry) -> Iterator[Break]:
    for index in range(len(entry.evidence.conditional)):
        route: Route = ("snapshot", "conditional", index)
        meant = ("alerts/metric", "dashboards/metric")
        pattern = entry.evidence.conditional[index]
        yield Break(f"{pattern} no longer declared", without(entry, EXPORTER, route), meant)


def declaration_too_wide(entry: Entry) -> Iterator[Break]:
    prefix = next(iter(entry.evidence.by_name)).partition("_")[0]
    declared: list[dict[str, str]] = [{"match": f"{prefix}_*", "why": "some exist only sometimes"}]
    files = with_value(entry, EXPORTER, ("snapshot", "conditional"), declared)  # type: ignore[arg-type]
    yield Break(f"{prefix}_* declared conditional", files, ("metrics/conditional",))


def of_another_exporter(entry: Entry) -> Iterator[Break]:
    """Somebody copied the files of the wrong folder."""
    for other in sorted(path for path in entry.folder.parent.iterdir() if path.name != entry.name):
        for file, meant in ((DASHBOARD, "dashboards/metric"), (ALERTS, "alerts/metric")):
            path = other / file
            if path.is_file():
                yield Break(f"{file} of {other.name}", {file: path.read_text(encoding="utf-8")}, (meant,))
