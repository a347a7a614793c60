"""Names, aliases, repositories, dashboard uids and alert names occur once in the catalog.

Two entries of one name hide one another in the search; two dashboards of one uid overwrite one another in Grafana; two
alerts of one name cannot be told apart at night. A port may be shared: that happens, and is only a warning.

Bad:

    lists/redis/exporter.yaml   aliases: [redis_exporter]
    lists/valkey/exporter.yaml  aliases: [redis_exporter]

Good:

    lists/redis/exporter.yaml   aliases: [redis_exporter]
    lists/valkey/exporter.yaml  aliases: [valkey_exporter]
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from bot.catalog.document import Route
from bot.catalog.entry import ALERTS, EXPORTER, Entry
from bot.checks.base import Across, Check, Gathered, Problem
from bot.model import Severity


class Claim(NamedTuple):
    """Something that an entry holds as its own. A tuple, because many are sent between processes."""

    kind: str
    value: str
    file: str
    route: Route


def gather(entry: Entry) -> tuple[Claim, ...]:
    """What an entry claims."""
    return tuple(_claims(entry))


def _claims(entry: Entry) -> Iterator[Claim]:
    document = entry.exporter
    yield Claim("name", entry.name, EXPORTER, ("name",))
    if document is not None:
        aliases = document.get("aliases")
        for index in range(len(aliases) if isinstance(aliases, list) else 0):
            if alias := document.text_at("aliases", index):
                yield Claim("name", alias, EXPORTER, ("aliases", index))
        if repository := document.text_at("upstream", "repository"):
            yield Claim("repository", repository, EXPORTER, ("upstream", "repository"))
        port = document.get("endpoint", "port")
        if isinstance(port, int):
            yield Claim("port", str(port), EXPORTER, ("endpoint", "port"))
    for name in dict.fromkeys(rule.alert for rule in entry.rules if rule.alert):
        route = next(rule.route for rule in entry.rules if rule.alert == name)
        yield Claim("alert", name, ALERTS, (*route, "alert"))
    for file, dashboard in entry.dashboards:
        if dashboard.uid:
            yield Claim("dashboard uid", dashboard.uid, file, dashboard.uid_route)


def judge(gathered: Gathered) -> Iterator[tuple[str, Problem]]:
    """A problem for each claim but the first, and never for an entry outside the focus."""
    claims: dict[tuple[str, str], list[tuple[str, Claim]]] = defaultdict(list)
    for entry, made in gathered.by_entry.items():
        for claim in made:
            claims[claim.kind, claim.value.casefold()].append((entry, claim))
    for rivals in claims.values():
        if len(rivals) == 1:
            continue
        # Of two entries of which one was changed, the changed one is told.
        rivals.sort(key=lambda rival: rival[0] in gathered.focus)
        first = rivals[0]
        for entry, claim in rivals[1:]:
            if entry in gathered.focus:
                yield entry, _problem(claim, *first, own=entry == first[0])


def _problem(claim: Claim, other: str, first: Claim, *, own: bool) -> Problem:
    if own:
        return Problem(
            claim.file, claim.route, f'the {claim.kind} "{claim.value}" stands twice in this entry', "delete one"
        )
    place = f"lists/{other}/{first.file}"
    if claim.kind == "port":
        message = f"port {claim.value} is also the port of {other}"
        return Problem(
            claim.file, claim.route, message, "nothing to do if upstream chose it", severity=Severity.WARNING
        )
    message = f'the {claim.kind} "{claim.value}" is already used in {place}'
    return Problem(claim.file, claim.route, message, _ADVICE[claim.kind])


_ADVICE = {
    "name": "choose another one, or merge the entries",
    "repository": "one repository is one entry: merge them",
    "alert": "start the alert's name with the name of the product",
    "dashboard uid": "give the dashboard a uid of its own",
}

CHECK = Check("entry/unique", Severity.ERROR, __doc__, across=Across(gather, judge, everywhere=True))
