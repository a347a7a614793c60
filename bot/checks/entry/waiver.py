"""Every waiver still waives something: its check exists, its day has not come, and a finding matches it.

A waiver that matches nothing hides the next finding that happens to. One that has expired, or names a check that does
not exist, looks like a decision and is none.

Bad:

    waivers:
      - {check: alerts/label, match: NoSuchAlert, why: it was renamed long ago, expires: "2027-06-01"}

Good:

    waivers:
      - {check: alerts/ratio, match: RedisHitRatio, why: an idle server has no ratio, expires: "2027-06-01"}
"""

from collections.abc import Iterator

from bot.catalog.entry import EXPORTER, Entry
from bot.catalog.waivers import Waiver, covers, waivers_of
from bot.checks.base import Across, Check, Gathered, Problem, Spoken
from bot.checks.wording import nearest
from bot.model import Finding, Severity


def gather(entry: Entry) -> tuple[Waiver, ...] | None:
    """The waivers of an entry, where it has any."""
    return waivers_of(entry) or None


def judge(gathered: Gathered) -> Iterator[tuple[str, Problem]]:
    """One problem for each waiver that does nothing."""
    for entry, waivers in gathered.by_entry.items():
        findings = [finding for finding in gathered.spoken.findings if finding.entry == entry]
        for waiver in waivers:
            for problem in _problems(waiver, gathered.spoken, findings):
                yield entry, problem


def _problems(waiver: Waiver, spoken: Spoken, findings: list[Finding]) -> Iterator[Problem]:
    if waiver.check not in spoken.known:
        message = f'there is no check "{waiver.check}"'
        yield Problem(EXPORTER, (*waiver.route, "check"), message, nearest(waiver.check, spoken.known))
    elif waiver.expires < spoken.today:
        message = f"this waiver of {waiver.check} expired on {waiver.expires}"
        yield Problem(
            EXPORTER, (*waiver.route, "expires"), message, "mend what it waived, or decide anew and move the day"
        )
    elif waiver.check in spoken.checks and not any(covers(waiver, finding) for finding in findings):
        message = f"no finding of {waiver.check} matches this waiver"
        yield Problem(EXPORTER, (*waiver.route, "match"), message, "delete it")


CHECK = Check("entry/waiver", Severity.WARNING, __doc__, across=Across(gather, judge, last=True))
