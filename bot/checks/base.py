"""What a check is, and what it may ask for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.catalog.document import Document, Route
from bot.catalog.entry import Entry, Item
from bot.catalog.load import LISTS, load_entry
from bot.model import Finding, Severity, Span


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check has to say. The runner knows the rest, and turns the route into lines and columns."""

    file: str
    """A file of the entry; empty for its folder."""
    where: Route | Span
    message: str
    help: str = ""
    key: bool = False
    """Point at the mapping key instead of its value."""
    within: tuple[int, int] | None = None
    """Point at these characters (from, to) of the string at the route."""
    severity: Severity | None = None
    """Where it differs from the check's own."""


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What promtool check rules said of a rule file."""

    file: Path
    line: int
    """In the file, from 1; 0 where promtool named none. Column likewise, in characters."""
    column: int
    group: str
    rule: int | None
    """The rule's index in its group, from 0."""
    part: tuple[str, ...]
    """What of the rule is to blame: ("expr",), ("labels", "severity"); empty where promtool named nothing."""
    message: str
    expr_position: tuple[int, int] | None
    """Line and column in the rule's expression as promtool counts: from 1, the column in bytes of UTF-8."""

    def expr_offset(self, expr: str) -> int | None:
        """Where in the rule's expression, in characters from 0; None where promtool named no place."""
        if self.expr_position is None:
            return None
        line, column = self.expr_position
        lines = expr.split("\n")
        if line > len(lines):
            return len(expr)
        before = lines[line - 1].encode("utf-8", "surrogatepass")[: column - 1]
        return sum(len(earlier) + 1 for earlier in lines[: line - 1]) + len(before.decode("utf-8", "ignore"))


@dataclass(frozen=True, slots=True)
class UnitTestFault:
    """What promtool test rules said of a test file."""

    file: Path
    message: str
    """One line: what was expected and what came."""
    details: str
    """Everything promtool printed of it, with line breaks."""
    test: str
    """The name of the test; empty where it has none. The alert and the time of evaluation likewise."""
    alert: str
    eval_time: str
    """As promtool writes it: 1m30s for 90s."""
    fires: bool | None
    """Whether the test wants the alert to fire; None where the fault is not of one alert."""


@dataclass(frozen=True, slots=True)
class MetricFault:
    """What promtool check metrics said of a metric family."""

    family: str
    message: str


class Promtool(Protocol):
    """The judge of rules, tests and metrics; outside/promtool.py is the real one.

    Each raises BotError where promtool itself cannot be run.
    """

    def check_rules(self, files: Sequence[Path]) -> Iterable[RuleFault]:
        """What is wrong with rule files, in the order given."""

    def test_rules(self, files: Sequence[Path], *, apart: bool = False) -> Iterable[UnitTestFault]:
        """Which unit tests fail, in the order given; files are run in parallel.

        `apart` says that most of them will: then each file is run by itself at once.
        """

    def check_metrics(self, exposition: str) -> Iterable[MetricFault]:
        """What promlint says of an exposition."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a check that comes last may know of the others."""

    today: date = date.min
    findings: tuple[Finding, ...] = ()
    """Of all of them, before any was waived."""
    checks: frozenset[str] = frozenset()
    """Those that were run, and not skipped."""
    known: tuple[str, ...] = ()
    """Every check that there is."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a check gathered across the catalog."""

    root: Path
    by_entry: Mapping[str, Any]
    """By entry name, in the order of names."""
    beside: tuple[Item, ...]
    """What lists/ holds that is no entry's folder."""
    focus: frozenset[str]
    """The entries that problems may be told of; the others are here to be collided with."""
    promtool: Promtool | None
    spoken: Spoken = Spoken()

    def folder(self, entry: str) -> Path:
        """An entry's folder."""
        return self.root / LISTS / entry


@dataclass(frozen=True, slots=True)
class Across:
    """The part of a check that needs more than one entry at a time.

    `gather` runs beside each entry in a worker process; what it returns travels between processes, so it is
    small and picklable, and None for nothing. `judge` runs once, and yields the entry's name with each problem.
    """

    gather: Callable[[Entry], Any]
    judge: Callable[[Gathered], Iterable[tuple[str, Problem]]]
    needs_promtool: bool = False
    """Reported as skipped where there is none."""
    everywhere: bool = False
    """Gathers from entries outside the focus too, for what they may collide with."""
    apart: bool = False
    """Judges each entry by itself, so that it may be asked about some of them while others are still being read."""
    slow: bool = False
    """Left out in the quick mode."""
    last: bool = False
    """Judged when all others have spoken."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: an id such as alerts/labels, its documentation, and what it does."""

    id: str
    severity: Severity
    doc: str
    run: Callable[[Entry], Iterable[Problem]] | None = None
    """Looks at one entry, in a worker process."""
    across: Across | None = None
    only_without_promtool: bool = False
    """The embedded stand-in for a verdict of promtool's."""


class _OfFile(Protocol):
    @property
    def file(self) -> Path: ...


_Fault = TypeVar("_Fault", bound=_OfFile)


def faults_by_entry(
    gathered: Gathered, file: str, ask: Callable[[Sequence[Path]], Iterable[_Fault]]
) -> Iterator[tuple[Entry, Document, list[_Fault]]]:
    """Asks about that file of every entry at once, and hands back each entry that has faults, with the file read."""
    names = {gathered.folder(name) / file: name for name in gathered.by_entry}
    for path, faults in groupby(ask(list(names)), key=lambda fault: fault.file):
        entry = load_entry(gathered.root, names[path])
        document = entry.document(file)
        if document is not None:
            yield entry, document, list(faults)


def flaws_of(entry: Entry, files: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with the very text of some files: the `load` check of each kind of file."""
    for file in files:
        parsed = entry.parsed.get(file)
        for flaw in parsed.flaws if parsed else ():
            yield Problem(file, flaw.span, flaw.message, flaw.help)
