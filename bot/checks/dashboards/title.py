"""A dashboard has a title.

Grafana refuses to save one without it, and lists and searches dashboards by nothing else.

Bad:

    "title": ""

Good:

    "title": "Redis overview"
"""

from collections.abc import Iterator

from bot.catalog.dashboard_model import Shape
from bot.catalog.entry import Entry
from bot.checks.base import Check, Problem
from bot.model import START, Severity

_HELP = "name what it shows, such as Redis overview"


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each dashboard without a title."""
    for file, dashboard in entry.dashboards:
        document, route = entry.document(file), dashboard.title_route
        if document is None or dashboard.shape == Shape.UNKNOWN or dashboard.title.strip():
            continue
        title = document.get(*route)
        if title is None:
            yield Problem(file, route[:-1] or START, "the dashboard has no title", _HELP, key=True)
        else:
            message = "the title is empty" if isinstance(title, str) else "the title is not a text"
            yield Problem(file, route, message, _HELP)


CHECK = Check("dashboards/title", Severity.ERROR, __doc__, run=check)
