"""metrics.prom says nothing of the machine that it was scraped on.

A scrape tells more than metrics: the host's name, its addresses, who works on it, what its disks are called, now and
then a password. The catalog is public, and what git has once held stays readable. `python -m bot probe` replaces such
values by those set aside for documentation (RFC 5737, RFC 3849, RFC 7042, RFC 2606), equal ones alike. Passwords,
tokens, e-mail addresses and home directories are errors; addresses, identifiers and host names are warnings.

Bad:

    node_network_info{address="52:54:00:12:34:56",device="eth0"} 1
    node_uname_info{nodename="laptop-of-alice"} 1

Good:

    node_network_info{address="00:00:5e:00:53:00",device="eth0"} 1
    node_uname_info{nodename="example"} 1
"""

from collections import Counter
from collections.abc import Iterator

from bot.catalog.entry import METRICS, Entry
from bot.checks.base import Check, Problem
from bot.metrics.lines import shown, split_lines
from bot.metrics.private import Piece, Private, pieces, private_in
from bot.metrics.private_rules import Kind
from bot.metrics.scrub import neutral
from bot.metrics.snapshot import Snapshot
from bot.model import Severity, Span

GRAVE = (Kind.CREDENTIAL, Kind.EMAIL, Kind.HOME)


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each private value, at its first place."""
    document = entry.document(METRICS)
    if document is None or entry.snapshot is None:
        return
    telling = _telling_lines(entry.snapshot, document.text)
    places: dict[tuple[Kind, str], tuple[int, Piece, Private]] = {}
    lines: Counter[tuple[Kind, str]] = Counter()
    for number in telling:
        here = set()
        for piece in pieces(document.lines.line(number)):
            for private in private_in(piece.text, piece.label):
                key = private.kind, piece.text[private.start : private.end]
                places.setdefault(key, (number, piece, private))
                here.add(key)
        lines.update(here)
    for (kind, value), (number, piece, private) in places.items():
        yield _problem(kind, value, number, piece, private, lines[kind, value])


def _telling_lines(snapshot: Snapshot, text: str) -> list[int]:
    """The lines that hold something private: each distinct value is looked at once."""
    found = {
        sample.line
        for family in snapshot.families.values()
        for sample in family.samples
        if any(private_in(value, label) for label, value in sample.labels.items())
    }
    skipped = ("# TYPE ",) if any(map(private_in, _helps(snapshot))) else ("# TYPE ", "# HELP ")
    for number, line in enumerate(split_lines(text), 1):
        if line.startswith("#") and not line.startswith(skipped):
            found.add(number)
    return sorted(found)


def _helps(snapshot: Snapshot) -> list[str]:
    return [family.help for family in snapshot.families.values() if family.help]


def _problem(kind: Kind, value: str, number: int, piece: Piece, private: Private, lines: int) -> Problem:
    what = f"a {kind}" if kind is Kind.CREDENTIAL else f"the {kind} {shown(value)}"
    where = f"label {piece.label}" if piece.label else "the comment" if piece.text.startswith("#") else "the help text"
    more = f", and {lines - 1} more lines do" if lines > 2 else ", and one more line does" if lines == 2 else ""
    return Problem(
        METRICS,
        Span(number, piece.origins[private.start] + 1, number, piece.origins[private.end] + 1),
        f"{where} holds {what}{more}",
        f"scrape again with python -m bot probe, which scrubs it, or write {shown(neutral(kind, value, 1))}",
        severity=Severity.ERROR if kind in GRAVE and not _is_doubtful(kind, piece) else None,
    )


def _is_doubtful(kind: Kind, piece: Piece) -> bool:
    """A path that may be the route of a web application."""
    return kind is Kind.HOME and piece.label == "path"


CHECK = Check("metrics/private", Severity.WARNING, __doc__, run=check)
