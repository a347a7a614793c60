"""A dashboard is JSON that every reader reads alike: one object, no duplicate keys, no comments, no NaN.

Grafana's import takes the file as it is. Of two equal keys one reader keeps the first, another the last, so that a
review sees a dashboard other than the one that is imported.

Bad:

    {"title": "Redis", "title": "Redis overview"}

Good:

    {"title": "Redis overview"}
"""

from collections.abc import Iterator

from bot.catalog.entry import Entry
from bot.checks.base import Check, Problem, flaws_of
from bot.model import START, Severity


def check(entry: Entry) -> Iterator[Problem]:
    """The flaws of each file's text, and a file that holds no object."""
    yield from flaws_of(entry, entry.dashboard_files)
    for file in entry.dashboard_files:
        document = entry.document(file)
        if document is not None and not isinstance(document.data, dict):
            yield Problem(file, START, "the file holds no JSON object", "export the dashboard from Grafana as JSON")


CHECK = Check("dashboards/load", Severity.ERROR, __doc__, run=check)
