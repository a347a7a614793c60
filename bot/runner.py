"""A catalog and the checks make a report."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from bot import workers
from bot.catalog.entry import Entry
from bot.catalog.load import LISTS, catalog_items, load_entry
from bot.catalog.waivers import Waiver, waived, waivers_of
from bot.checks import CHECKS
from bot.checks.base import Check, Gathered, Problem, Promtool, Spoken
from bot.checks.place import place
from bot.errors import Bug
from bot.model import SEVERITIES, START, Finding, Proof, Report, Severity, Skip, Span
from bot.proof import NO_CLAIMS, Claims, claims_of, proof_of
from bot.verdicts import Verdicts

GET_PROMTOOL = "run: python -m bot setup"


@dataclass(frozen=True, slots=True)
class Options:
    """What to validate, and with what."""

    root: Path
    promtool: Promtool | None
    today: date
    names: Collection[str] | None = None
    """The entries to tell findings of; None for all."""
    checks: tuple[Check, ...] = CHECKS
    jobs: int = 1
    progress: Callable[[int, int], None] = field(default=lambda done, total: None)
    """Called with the number of entries done, and of all."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a worker found out about one entry."""

    findings: tuple[Finding, ...]
    gathered: Mapping[str, Any]
    """By check id."""
    claims: Claims = NO_CLAIMS


def validate(options: Options) -> Report:
    """Everything that the checks say of the catalog, sorted by place.

    Raises BotError where there is no catalog, and Bug where a check failed.
    """
    items = catalog_items(options.root)
    names = [item.name for item in items if item.kind == "folder"]
    focus = frozenset(names if options.names is None else options.names)
    gathered = Gathered(
        options.root, {}, tuple(item for item in items if item.kind != "folder"), focus, options.promtool
    )
    skipped = _skipped(options)
    ran = [check for check in options.checks if check.id not in {skip.check for skip in skipped}]
    # Verdicts come entry by entry, and one entry may have many.
    load = lru_cache(maxsize=16)(partial(load_entry, options.root))
    findings: set[Finding] = set()
    claims: dict[str, Claims] = {}
    with ThreadPoolExecutor(options.jobs) as pool:
        verdicts = Verdicts(pool, gathered, ran)
        for name, examined in _examine_all(options, names, focus):
            verdicts.take(name, examined.gathered)
            if name in focus:
                findings.update(examined.findings)
                claims[name] = examined.claims
        findings.update(_finding(load, *said) for said in verdicts.finish())
    spoken = Spoken(
        options.today,
        tuple(sorted(findings, key=_order)),
        frozenset(check.id for check in ran),
        tuple(check.id for check in CHECKS),
    )
    findings.update(_finding(load, *said) for said in verdicts.last(spoken))
    kept = tuple(sorted(_not_waived(load, findings, options.today), key=_order))
    return Report(
        root=str(options.root),
        entries=tuple(sorted(focus)),
        findings=kept,
        skipped=skipped,
        proofs=tuple(_proofs(options, claims, kept, skipped)),
    )


def _skipped(options: Options) -> tuple[Skip, ...]:
    return tuple(
        Skip(check.id, "promtool was not found", GET_PROMTOOL)
        for check in options.checks
        if check.across and check.across.needs_promtool and options.promtool is None
    )


def _proofs(
    options: Options, claims: Mapping[str, Claims], findings: Sequence[Finding], skipped: Sequence[Skip]
) -> Iterator[Proof]:
    unasked = {check.id for check in CHECKS} - {check.id for check in options.checks}
    by_entry: dict[str, list[Finding]] = {name: [] for name in sorted(claims)}
    for finding in findings:
        if finding.entry in by_entry:
            by_entry[finding.entry].append(finding)
    for name, found in by_entry.items():
        yield proof_of(name, claims[name], found, skipped, unasked)


def examine(root: Path, check_ids: Sequence[str], has_promtool: bool, focus: Collection[str], name: str) -> Examined:
    """One entry, in whatever process: its own findings, and what the checks across entries want of it."""
    entry = load_entry(root, name)
    findings: list[Finding] = []
    gathered: dict[str, Any] = {}
    for check in CHECKS:
        if check.id not in check_ids:
            continue
        try:
            if check.run and name in focus and not (has_promtool and check.only_without_promtool):
                findings.extend(place(entry, check, problem) for problem in check.run(entry))
            if check.across and (name in focus or check.across.everywhere):
                gathered[check.id] = check.across.gather(entry)
        except Exception as error:
            error.add_note(f"in check {check.id}, at {entry.path}")
            raise
    return Examined(tuple(findings), gathered, claims_of(entry) if name in focus else NO_CLAIMS)


def _examine_all(options: Options, names: Sequence[str], focus: frozenset[str]) -> Iterator[tuple[str, Examined]]:
    """Every entry, in the order in which the workers get done with them."""
    ids = tuple(check.id for check in options.checks)
    task = partial(examine, options.root, ids, options.promtool is not None, focus)
    for done, (name, answer) in enumerate(workers.run(task, names, options.jobs), 1):
        if isinstance(answer, workers.Crash):
            raise Bug(answer.trace)
        yield name, _unreadable(name, answer.reason) if isinstance(answer, workers.Died) else answer
        options.progress(done, len(names))


def _unreadable(name: str, reason: str) -> Examined:
    finding = Finding(
        file=f"{LISTS}/{name}",
        span=START,
        severity=Severity.ERROR,
        check="entry/load",
        message=reason,
        help="make its files smaller and simpler",
        entry=name,
    )
    return Examined((finding,), {})


def _finding(load: Callable[[str], Entry], check: Check, name: str, problem: Problem) -> Finding:
    if name:
        return place(load(name), check, problem)
    severity = problem.severity or check.severity
    return Finding(f"{LISTS}/{problem.file}", START, severity, check.id, problem.message, problem.help)


def _not_waived(load: Callable[[str], Entry], findings: Iterable[Finding], today: date) -> Iterator[Finding]:
    waivers: dict[str, tuple[Waiver, ...]] = {}
    for finding in findings:
        if finding.entry not in waivers:
            waivers[finding.entry] = waivers_of(load(finding.entry)) if finding.entry else ()
        if not waived(finding, waivers[finding.entry], today):
            yield finding


def _order(finding: Finding) -> tuple[str, Span, int, str, str, str]:
    severity = SEVERITIES.index(finding.severity)
    return finding.file, finding.span, severity, finding.check, finding.message, finding.help
