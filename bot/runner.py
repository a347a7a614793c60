"""A catalog and the checks make a report."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from bot import workers
from bot.catalog.entry import Entry
from bot.catalog.files import Lines
from bot.catalog.load import LISTS, catalog_items, load_entry
from bot.catalog.waivers import Waiver, waived, waivers_of
from bot.checks import CHECKS
from bot.checks.base import Across, Check, Gathered, Problem, Promtool, Spoken
from bot.errors import Bug
from bot.model import SEVERITIES, START, Finding, Proof, Report, Severity, Skip, Span
from bot.proof import NO_CLAIMS, Claims, claims_of, proof_of

LONGEST = 600
"""Characters of a message, and of its help."""
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
    findings: set[Finding] = set()
    claims: dict[str, Claims] = {}
    # Verdicts come entry by entry, and one entry may have many.
    load = lru_cache(maxsize=16)(partial(load_entry, options.root))
    skipped = _skipped(options)
    ran = [check for check in options.checks if check.id not in {skip.check for skip in skipped}]
    # Threads, because the long verdicts wait for promtool, while the workers go on.
    with ThreadPoolExecutor(options.jobs) as pool:
        verdicts = []
        last = []
        for checks in _passes(options.checks):
            examined = _examine_all(options, checks, names, focus)
            findings.update(finding for name in focus for finding in examined[name].findings)
            claims |= {name: examined[name].claims for name in focus}
            for check in checks:
                if check.across and check in ran and not check.across.last:
                    verdicts.append((check, pool.submit(_judge, check, check.across, gathered, examined)))
                elif check.across and check.across.last:
                    last.append((check, check.across, examined))
        for check, verdict in verdicts:
            findings.update(_finding(load, check, entry, problem) for entry, problem in verdict.result())
    spoken = Spoken(
        options.today,
        tuple(sorted(findings, key=_order)),
        frozenset(check.id for check in ran),
        tuple(check.id for check in CHECKS),
    )
    for check, across, examined in last:
        judged = _judge(check, across, replace(gathered, spoken=spoken), examined)
        findings.update(_finding(load, check, entry, problem) for entry, problem in judged)
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


def place(entry: Entry, check: Check, problem: Problem) -> Finding:
    """A check's problem at its line and columns."""
    document = entry.document(problem.file)
    if isinstance(problem.where, Span):
        span = problem.where
    elif document is None or (not problem.where and not problem.key):
        span = START
    else:
        span = document.span(problem.where, key=problem.key, within=problem.within)
    return Finding(
        file=f"{entry.path}/{problem.file}".rstrip("/"),
        span=span,
        severity=problem.severity or check.severity,
        check=check.id,
        message=_short(problem.message),
        help=_short(problem.help),
        entry=entry.name,
        source=_source(entry, problem.file, span),
    )


def _short(text: str) -> str:
    """What a stranger wrote is quoted in messages, and may be of any length."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _source(entry: Entry, file: str, span: Span) -> str:
    parsed = entry.parsed.get(file)
    if parsed is None or span == START:
        return ""
    return (parsed.document.lines if parsed.document else Lines(parsed.text)).line(span.line)


def _passes(checks: Sequence[Check]) -> Iterator[tuple[Check, ...]]:
    """Checks that are run together over all entries.

    While promtool judges the rules of the first pass, the workers go on with the scrapes, which no other check reads.
    """
    of_scrapes = tuple(check for check in checks if check.id.startswith("metrics/"))
    yield from filter(None, (tuple(check for check in checks if check not in of_scrapes), of_scrapes))


def _examine_all(
    options: Options, checks: Sequence[Check], names: Sequence[str], focus: frozenset[str]
) -> dict[str, Examined]:
    ids = tuple(check.id for check in checks)
    task = partial(examine, options.root, ids, options.promtool is not None, focus)
    examined: dict[str, Examined] = {}
    for name, answer in workers.run(task, names, options.jobs):
        if isinstance(answer, workers.Crash):
            raise Bug(answer.trace)
        examined[name] = _unreadable(name, answer.reason) if isinstance(answer, workers.Died) else answer
        options.progress(len(examined), len(names))
    return {name: examined[name] for name in names}


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


def _judge(
    check: Check, across: Across, gathered: Gathered, examined: Mapping[str, Examined]
) -> list[tuple[str, Problem]]:
    material = {
        name: result.gathered[check.id]
        for name, result in examined.items()
        if result.gathered.get(check.id) is not None
    }
    try:
        return list(across.judge(replace(gathered, by_entry=material)))
    except Exception as error:
        error.add_note(f"in check {check.id}")
        raise


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
