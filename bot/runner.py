"""A catalog and the checks make a report."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from bot import workers
from bot.catalog.entry import Entry
from bot.catalog.files import Lines
from bot.catalog.load import LISTS, catalog_items, load_entry
from bot.checks import CHECKS
from bot.checks.base import Check, Gathered, Problem, Promtool
from bot.errors import Bug
from bot.model import SEVERITIES, START, Finding, Report, Severity, Skip, Span
from bot.waivers import Waiver, waived, waivers_of

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
    waivers: tuple[Waiver, ...]


def validate(options: Options) -> Report:
    """Everything that the checks say of the catalog, sorted by place.

    Raises BotError where there is no catalog, and Bug where a check failed.
    """
    items = catalog_items(options.root)
    names = [item.name for item in items if item.kind == "folder"]
    focus = frozenset(names if options.names is None else options.names)
    examined = _examine_all(options, names, focus)
    beside = tuple(item for item in items if item.kind != "folder")
    findings = [finding for name in focus for finding in examined[name].findings]
    skipped: list[Skip] = []
    for check, (told, skip) in zip(options.checks, _judge_all(options, examined, focus, beside), strict=True):
        findings.extend(_finding(options.root, examined, check, entry, problem) for entry, problem in told)
        if skip:
            skipped.append(skip)
    kept = {
        finding
        for finding in findings
        if not finding.entry or not waived(finding, examined[finding.entry].waivers, options.today)
    }
    return Report(
        root=str(options.root),
        entries=tuple(sorted(focus)),
        findings=tuple(sorted(kept, key=_order)),
        skipped=tuple(skipped),
    )


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
    return Examined(tuple(findings), gathered, waivers_of(entry))


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
        message=problem.message,
        help=problem.help,
        entry=entry.name,
        source=_source(entry, problem.file, span),
    )


def _source(entry: Entry, file: str, span: Span) -> str:
    parsed = entry.parsed.get(file)
    if parsed is None or span == START:
        return ""
    return (parsed.document.lines if parsed.document else Lines(parsed.text)).line(span.line)


def _examine_all(options: Options, names: Sequence[str], focus: frozenset[str]) -> dict[str, Examined]:
    ids = tuple(check.id for check in options.checks)
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
    return Examined((finding,), {}, ())


_Told = tuple[list[tuple[str, Problem]], Skip | None]


def _judge_all(
    options: Options, examined: Mapping[str, Examined], focus: frozenset[str], beside: tuple[Any, ...]
) -> Iterator[_Told]:
    def judge(check: Check) -> _Told:
        if check.across is None:
            return [], None
        if check.across.needs_promtool and options.promtool is None:
            return [], Skip(check.id, "promtool was not found", GET_PROMTOOL)
        material = {
            name: result.gathered[check.id]
            for name, result in examined.items()
            if result.gathered.get(check.id) is not None
        }
        gathered = Gathered(options.root, material, beside, focus, options.promtool)
        try:
            return list(check.across.judge(gathered)), None
        except Exception as error:
            error.add_note(f"in check {check.id}")
            raise

    # Threads, because the long ones wait for promtool.
    with ThreadPoolExecutor(options.jobs) as pool:
        yield from pool.map(judge, options.checks)


def _finding(root: Path, examined: Mapping[str, Examined], check: Check, name: str, problem: Problem) -> Finding:
    if name not in examined:
        severity = problem.severity or check.severity
        return Finding(f"{LISTS}/{problem.file}", START, severity, check.id, problem.message, problem.help)
    return place(load_entry(root, name), check, problem)


def _order(finding: Finding) -> tuple[str, Span, int, str, str, str]:
    severity = SEVERITIES.index(finding.severity)
    return finding.file, finding.span, severity, finding.check, finding.message, finding.help
