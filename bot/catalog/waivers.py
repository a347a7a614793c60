"""Findings that an entry explains away: narrow, reasoned, dated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.catalog.document import Route
from bot.catalog.entry import Entry
from bot.model import Finding


@dataclass(frozen=True, slots=True)
class Waiver:
    """One item of `waivers` in exporter.yaml."""

    route: Route
    check: str
    match: str
    """Text that the finding's message or source line contains."""
    expires: date


def waivers_of(entry: Entry) -> tuple[Waiver, ...]:
    """The well-formed waivers of an entry; entry/schema judges the others."""
    document = entry.exporter
    items = document.get("waivers") if document else None
    found = []
    for index in range(len(items) if isinstance(items, list) else 0):
        check, match, expires = (
            document.text_at("waivers", index, key) if document else None for key in ("check", "match", "expires")
        )
        day = _day(expires or "")
        if check and match and day:
            found.append(Waiver(("waivers", index), check, match, day))
    return tuple(found)


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Whether a waiver is meant for a finding of its entry, expired or not."""
    return waiver.check == finding.check and (waiver.match in finding.message or waiver.match in finding.source)


def waived(finding: Finding, waivers: Iterable[Waiver], today: date) -> bool:
    """Whether a waiver that has not expired covers a finding."""
    return any(covers(waiver, finding) and today <= waiver.expires for waiver in waivers)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
