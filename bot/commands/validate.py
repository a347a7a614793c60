"""`validate`: wires the catalog, the checks, promtool and the reporters."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from bot.catalog.load import LISTS, catalog_items
from bot.checks import CHECKS
from bot.checks.base import Check
from bot.checks.wording import nearest
from bot.commands.output import outputs_of, write
from bot.commands.progress import Progress
from bot.errors import UsageError
from bot.model import Severity
from bot.outside import git
from bot.outside.find_promtool import find_promtool
from bot.outside.process import ended_by_interrupt
from bot.outside.promtool import PromtoolBinary
from bot.reporters import FORMATS, text
from bot.runner import Options
from bot.runner import validate as run_checks

CLEAN, FINDINGS, COULD_NOT_CHECK = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for."""

    root: Path
    entries: Sequence[str]
    changed_since: str | None
    reports: Sequence[str]
    only: Sequence[str]
    skip: Sequence[str]
    quick: bool
    strict: bool
    jobs: int | None


def run(request: Request) -> int:
    """The exit code; the reports are written by then.

    Raises UsageError for names that do not exist, BotError where the catalog cannot be read.
    """
    outputs = outputs_of(request.reports, FORMATS)
    checks = _checks(request.only, request.skip, quick=request.quick)
    names = _names(request)
    jobs = request.jobs or os.cpu_count() or 1
    promtool = _promtool(jobs)
    with ended_by_interrupt(), Progress(sys.stderr, "validating") as progress:
        report = run_checks(
            Options(
                root=request.root,
                promtool=promtool,
                today=datetime.now(UTC).date(),
                names=names,
                checks=checks,
                jobs=jobs,
                progress=progress.show,
            )
        )
    write(report, outputs, FORMATS, text.render)
    if any(finding.severity is Severity.ERROR for finding in report.findings):
        return FINDINGS
    return COULD_NOT_CHECK if request.strict and report.skipped else CLEAN


def _promtool(jobs: int) -> PromtoolBinary | None:
    """The promtool to use. Raises BotError where what was found is something else: it would pass any catalog."""
    promtool = find_promtool(jobs)
    return promtool if promtool and promtool.version else None


def _checks(only: Sequence[str], skip: Sequence[str], *, quick: bool) -> tuple[Check, ...]:
    ids = [check.id for check in CHECKS]
    for pattern in (*only, *skip):
        if not any(_matches(pattern, check_id) for check_id in ids):
            raise UsageError(
                f'there is no check "{pattern}"', nearest(pattern, ids) or "list them: python -m bot checks"
            )
    return tuple(
        check
        for check in CHECKS
        if (not only or any(_matches(pattern, check.id) for pattern in only))
        and not any(_matches(pattern, check.id) for pattern in skip)
        and not (quick and check.across and check.across.slow)
    )


def _matches(pattern: str, check_id: str) -> bool:
    return fnmatchcase(check_id, pattern) or check_id.startswith(f"{pattern}/")


def _names(request: Request) -> frozenset[str] | None:
    known = [item.name for item in catalog_items(request.root) if item.kind == "folder"]
    asked = {name for entry in request.entries for name in _entry_names(entry, request.root, known)}
    if request.changed_since is None:
        return frozenset(asked) if request.entries else None
    changed = git.changed_files(request.root, request.changed_since)
    touched = {parts[1] for parts in (path.split("/") for path in changed) if parts[0] == LISTS and len(parts) > 2}
    return frozenset(touched & set(known) & (asked if request.entries else touched))


def _entry_names(entry: str, root: Path, known: Sequence[str]) -> Sequence[str]:
    """The entries that a name or a path of the command line means: all for lists/ itself, and for the root."""
    if entry in known:
        return [entry]
    path, lists = Path(entry).resolve(), (root / LISTS).resolve()
    if entry and path in (lists, lists.parent):
        return known
    inside = path.relative_to(lists) if path.is_relative_to(lists) else Path()
    if entry and inside.parts and inside.parts[0] in known:
        return [inside.parts[0]]
    raise UsageError(f'there is no entry "{entry}"', nearest(entry, known))
