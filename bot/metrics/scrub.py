"""Private values of a scrape, replaced by neutral ones; everything else stays as it was, byte for byte.

Equal values get equal replacements and different values different ones, so that series which differed still differ,
and series that belonged together still do. A replacement never is a value that a label held already.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from bot.metrics.lines import LINE_BREAK, split_lines
from bot.metrics.private import Piece, Private, pieces, private_in
from bot.metrics.private_rules import Kind, is_neutral_host

_GENERIC_USER = re.compile(r"|root|user|admin|nobody|daemon|app|service|test|www-data")
_NAMES_A_HOST = re.compile(
    r"host|node|instance|server|machine|target|addr|peer|member|replica|client|broker|ur[li]|dsn"
)
_ROUNDS = 5
_NAMES_A_USER = re.compile(r"user|owner|login|account|role")


@dataclass(frozen=True, slots=True)
class Machine:
    """What is private of the machine that was scraped, and does not look it: its names, and those of its users."""

    hosts: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """One value that was replaced, and how many times."""

    kind: Kind
    old: str
    new: str
    count: int


class Scrubber:
    """Scrubs the texts of one scrape, so that a value gets the same replacement in all of them."""

    def __init__(self, machine: Machine | None = None) -> None:
        machine = machine or Machine()
        self._hosts = tuple(name for name in machine.hosts if not is_neutral_host(name))
        self._users = tuple(name for name in machine.users if not _GENERIC_USER.fullmatch(name))
        self._known: dict[tuple[Kind, str], Replacement] = {}
        self._counters = {kind: count(1) for kind in Kind}
        self._values: dict[str, None] = {}

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        """What was replaced so far, in the order of the texts."""
        return tuple(replacement for replacement in self._known.values() if replacement.count)

    def exposition(self, text: str) -> str:
        """An exposition without private values. Lines that cannot be read stay as they are."""
        lines = split_lines(text)
        self._values |= {piece.text: None for line in lines for piece in pieces(line) if piece.label}
        for host in self._hosts:
            if host in text:
                self._replacement(Kind.HOST, host)
        scrubbed = (self._rescrubbed(line, pieces) for line in lines)
        return "".join(part for pair in zip(scrubbed, (*LINE_BREAK.findall(text), ""), strict=True) for part in pair)

    def plain(self, text: str) -> str:
        """Any other text, such as an argument of a command."""
        self._values[text] = None
        return self._rescrubbed(text, lambda text: [Piece("", text, range(len(text) + 1))])

    def _rescrubbed(self, line: str, pieces_of: Callable[[str], Iterable[Piece]]) -> str:
        """Scrubbed until nothing is found: what is neutral by itself may join what stands beside it."""
        for _ in range(_ROUNDS):
            before, line = line, self._scrubbed(line, pieces_of(line))
            if line == before:
                break
        return line

    def _scrubbed(self, line: str, held: Iterable[Piece]) -> str:
        parts: list[str] = []
        position = 0
        for piece in held:
            for private in self._private_in(piece):
                old = piece.text[private.start : private.end]
                known = self._replacement(private.kind, old)
                self._known[private.kind, old] = replace(known, count=known.count + 1)
                # The folder stays as it is written: it may hold escapes.
                kept = _folder(old) if private.kind is Kind.HOME else 0
                parts += line[position : piece.origins[private.start + kept]], known.new[kept:]
                position = piece.origins[private.end]
        return "".join((*parts, line[position:]))

    def _private_in(self, piece: Piece) -> list[Private]:
        found = list(private_in(piece.text, piece.label))
        for own in self._own(piece):
            if not any(own.start < other.end and other.start < own.end for other in found):
                found.append(own)
        return sorted(found, key=lambda private: private.start)

    def _own(self, piece: Piece) -> Iterator[Private]:
        """The machine's own names. One that may be a plain word counts only where a label speaks of hosts or users."""
        for name in self._hosts:
            word = rf"{re.escape(name)}(?![\w-]|\.\w|://)"
            if not name.isalpha():
                pattern = rf"(?<![\w.-]){word}"
            elif _NAMES_A_HOST.search(piece.label):
                pattern = rf"(?:\A|(?<=@)|(?<=//)){word}"
            else:
                pattern = rf"(?<=@){word}"
            yield from (Private(Kind.HOST, *match.span()) for match in re.finditer(pattern, piece.text))
        for name in self._users:
            pattern = rf"(?<![\w.-]){re.escape(name)}(?=@)"
            if _NAMES_A_USER.search(piece.label):
                pattern += rf"|\A{re.escape(name)}\Z"
            yield from (Private(Kind.USER, *match.span()) for match in re.finditer(pattern, piece.text))

    def _replacement(self, kind: Kind, old: str) -> Replacement:
        known = self._known.get((kind, old))
        if known is None:
            candidates = (neutral(kind, old, number) for number in self._counters[kind])
            known = Replacement(kind, old, next(new for new in candidates if self._is_free(new)), 0)
            self._known[kind, old] = known
        return known

    def _is_free(self, new: str) -> bool:
        pattern = re.compile(rf"(?<![\w.]){re.escape(new)}(?![\w.])")
        return not any(pattern.search(value) for value in self._values)


def neutral(kind: Kind, old: str, number: int) -> str:
    """The neutral value number 1, 2, … for a private one."""
    again = str(number) if number > 1 else ""
    if kind is Kind.ADDRESS:
        return f"2001:db8::{number:x}" if ":" in old else _ipv4(number)
    if kind is Kind.HARDWARE:
        return f"00:00:5e:00:53:{number - 1:02x}" if number <= 256 else f"01:00:5e:{_octets(number, ':', '02x')}"
    if kind is Kind.MACHINE:
        return _machine_id(old, number)
    if kind is Kind.HOME:
        return f"{old[: _folder(old)] or '/home/'}user{again}"
    if kind is Kind.EMAIL:
        return f"user{again}@example.com"
    return {Kind.CREDENTIAL: "redacted", Kind.USER: "user", Kind.HOST: "example"}[kind] + again


def _ipv4(number: int) -> str:
    """The addresses set aside for documentation (RFC 5737), then those reserved (RFC 1112)."""
    block, last = divmod(number - 1, 254)
    blocks = ("192.0.2", "198.51.100", "203.0.113")
    return f"{blocks[block]}.{last + 1}" if block < len(blocks) else f"240.{_octets(number, '.', 'd')}"


def _octets(number: int, separator: str, form: str) -> str:
    return separator.join(format(octet, form) for octet in (number & 0xFFFFFF).to_bytes(3, "big"))


def _machine_id(old: str, number: int) -> str:
    if re.fullmatch(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", old):
        return f"00000000-0000-4000-8000-{number:012x}"
    return f"{number:032x}" if re.fullmatch("[0-9a-fA-F]{32}", old) else f"00{number:04}"


def _folder(path: str) -> int:
    """Where the last name of a home directory's path starts; /root has no folder of its own."""
    return 0 if path == "/root" else max(path.rfind("/"), path.rfind("\\")) + 1
