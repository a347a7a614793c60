"""A file holds one Grafana dashboard, in a format that Grafana imports as it stands.

That is the classic model, or a resource of `dashboard.grafana.app` (v1 with the classic model as its spec, v2 with
elements). What Grafana's HTTP API answers, the model wrapped in `"dashboard"`, is refused by the import. Panels in
`rows` are those of Grafana 4, and a model without `schemaVersion` is taken for the oldest: both go through every
migration since, and what comes out was never looked at.

Bad:

    {"meta": {}, "dashboard": {"title": "Redis", "rows": []}}

Good:

    {"title": "Redis", "schemaVersion": 41, "panels": []}
"""

from collections.abc import Iterator

from bot.catalog.dashboard_model import Dashboard, Shape
from bot.catalog.document import Document
from bot.catalog.entry import Entry
from bot.checks.base import Check, Problem
from bot.model import START, Severity

_EXPORT = "import it into a current Grafana, look at it, and export it again"


def check(entry: Entry) -> Iterator[Problem]:
    """What keeps each dashboard from being imported, or from being imported as it was drawn."""
    for file, dashboard in entry.dashboards:
        document = entry.document(file)
        if document is None:
            continue
        if dashboard.shape == Shape.UNKNOWN:
            yield Problem(
                file,
                START,
                "the file is no Grafana dashboard: it has neither panels nor a spec",
                "export the dashboard from Grafana as JSON",
            )
        elif dashboard.shape == Shape.WRAPPED:
            yield Problem(
                file,
                dashboard.base,
                'the dashboard is wrapped in "dashboard", and Grafana does not import it',
                'keep only the object that stands under "dashboard"',
                key=True,
            )
        if dashboard.shape not in (Shape.UNKNOWN, Shape.V2):
            yield from _panels(file, document, dashboard)
            yield from _age(file, document, dashboard)


def _panels(file: str, document: Document, dashboard: Dashboard) -> Iterator[Problem]:
    panels = document.get(*dashboard.base, "panels")
    if panels is not None and not isinstance(panels, list):
        yield Problem(file, (*dashboard.base, "panels"), '"panels" is not a list', _EXPORT)


def _age(file: str, document: Document, dashboard: Dashboard) -> Iterator[Problem]:
    version = document.get(*dashboard.base, "schemaVersion")
    if not isinstance(version, int) or isinstance(version, bool):
        present = version is not None
        yield Problem(
            file,
            (*dashboard.base, "schemaVersion") if present else dashboard.base or START,
            "schemaVersion is not a whole number" if present else "the dashboard has no schemaVersion",
            _EXPORT,
            key=not present,
            severity=Severity.WARNING,
        )
    if document.get(*dashboard.base, "rows"):
        yield Problem(
            file,
            (*dashboard.base, "rows"),
            'the panels stand in "rows", the format of Grafana 4',
            _EXPORT,
            key=True,
            severity=Severity.WARNING,
        )


CHECK = Check("dashboards/shape", Severity.ERROR, __doc__, run=check)
