"""A dashboard has a uid that Grafana takes: at most 40 letters, digits, `-` and `_`.

The uid is the dashboard's address: links and bookmarks hold it, and a second import with the same uid updates the
dashboard where one without a uid adds another copy. In a resource it is `metadata.name`.

Bad:

    "uid": null

Good:

    "uid": "redis-overview"
"""

import re
from collections.abc import Iterator

from bot.catalog.dashboard_model import Dashboard, Shape
from bot.catalog.document import Document
from bot.catalog.entry import Entry
from bot.checks.base import Check, Problem
from bot.model import START, Severity

MAX_LENGTH = 40
"""Grafana's own limit, pkg/util/shortid_generator.go."""

_FOREIGN = re.compile(r"[^A-Za-z0-9_-]+")
_RULE = f"at most {MAX_LENGTH} letters, digits, - and _"


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each dashboard without a usable uid."""
    for file, dashboard in entry.dashboards:
        document = entry.document(file)
        if document is not None and dashboard.shape != Shape.UNKNOWN:
            yield from _judge(file, document, dashboard)


def _judge(file: str, document: Document, dashboard: Dashboard) -> Iterator[Problem]:
    route = dashboard.uid_route
    uid = document.get(*route)
    name = ".".join(str(step) for step in route)
    if uid is None or uid == "":
        holder = document.get(*route[:-1])
        present = isinstance(holder, dict) and route[-1] in holder
        yield Problem(
            file,
            route if present else route[:-1] or START,
            f"the dashboard has no uid: {name} is {'empty' if present else 'missing'}",
            f"write one: {_RULE}",
            key=not present,
        )
    elif not isinstance(uid, str):
        yield Problem(file, route, "the uid is not a text", f"write one: {_RULE}")
    elif foreign := _FOREIGN.search(uid):
        yield Problem(
            file, route, f'"{foreign.group()}" cannot stand in a uid', f"a uid is {_RULE}", within=foreign.span()
        )
    elif len(uid) > MAX_LENGTH:
        yield Problem(
            file,
            route,
            f"the uid has {len(uid)} characters; Grafana takes {MAX_LENGTH}",
            "shorten it",
            within=(MAX_LENGTH, len(uid)),
        )


CHECK = Check("dashboards/uid", Severity.ERROR, __doc__, run=check)
