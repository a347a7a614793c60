"""Labels that a dashboard names beside its expressions, and that its queries lack: a part of the check of labels.

${__field.labels.x} in links and names, and the label whose values a variable asks for.
"""

import re
from collections.abc import Iterable, Iterator

from bot.catalog.dashboard_model import Panel, Variable
from bot.catalog.document import Route
from bot.catalog.entry import Entry
from bot.catalog.evidence import Evidence, is_of_deployment
from bot.catalog.queries import Query
from bot.checks.base import Problem
from bot.checks.reading.label_uses import sources_of
from bot.checks.reading.label_words import carried, lacking
from bot.checks.reading.remarks import lower, panel_queries
from bot.checks.reading.returned import Returned, Unreturned
from bot.model import Severity
from bot.promql.tokens import holds_variable
from bot.promql.variable_query import read_variable_query

_FIELD = re.compile(r"\$\{__field\.labels(?:\.(\w+)|\[[\"']([^\"'\]]+)[\"']\])(?::\w+)?\}")


def panel_labels(entry: Entry) -> Iterator[Problem]:
    """A problem for each of them."""
    evidence = entry.evidence
    by_panel: dict[tuple[str, Route], list[Returned]] = {}
    for query in panel_queries(entry):
        if query.variable and evidence.snapshot:
            yield from _of_variable(query, query.variable, evidence)
        if query.panel:
            by_panel.setdefault((query.file, query.panel.route), []).append(Returned(query, evidence))
    for file, dashboard in entry.dashboards:
        document = entry.document(file)
        if document is None or "__field.labels" not in document.text:
            continue
        panels = {panel.route: panel for panel in dashboard.panels}
        for route, text in document.strings():
            matches = list(_FIELD.finditer(text)) if "__field.labels" in text else []
            panel = _around(route, panels) if matches else None
            queries = by_panel.get((file, panel.route), []) if panel else []
            # Of a target that cannot be read, nobody knows what it returns.
            if panel is None or len(queries) < len(panel.targets):
                continue
            for match in matches:
                label = match[1] or match[2]
                missing = _from_none(queries, label)
                if missing:
                    severity = lower(Severity.WARNING, missing.doubt)
                    start = match.start(1) if match[1] else match.start(2)
                    within = (start, start + len(label))
                    message = f'no query of this panel returns a label "{label}"'
                    yield Problem(file, route, message, missing.help, within=within, severity=severity)


def _around(route: Route, panels: dict[Route, Panel]) -> Panel | None:
    """The innermost panel that a value stands in."""
    for length in range(len(route), 0, -1):
        panel = panels.get(route[:length])
        if panel:
            return panel
    return None


def _from_none(queries: Iterable[Returned], label: str) -> Unreturned | None:
    """Why none of the queries returns a label; None where one may."""
    found = None
    for query in queries:
        missing = query.lacks(label)
        if missing is None:
            return None
        if found is None or missing.doubt > found.doubt:
            found = missing
    return found


def _of_variable(query: Query, variable: Variable, evidence: Evidence) -> Iterator[Problem]:
    label = read_variable_query(variable.text).label
    if label is None or holds_variable(label.text):
        return
    sources = sources_of(query.expression, evidence)
    if not any(source.selector for source in sources) or any(source.has(label.text) for source in sources):
        return
    # Without options, a variable leaves out what is matched by it: most panels still show something.
    doubt = 2 * is_of_deployment(label.text) + bool(evidence.doubt) + any(source.scrapes for source in sources)
    yield Problem(
        query.file,
        query.route,
        lacking(sources, label.text),
        carried(sources, label.text),
        within=(label.start, label.end),
        severity=lower(Severity.ERROR, doubt),
    )
