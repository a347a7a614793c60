"""`validate`: wires the catalog, the checks, promtool and the reporters."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import click

from bot.catalog.load import LISTS, catalog_items
from bot.checks import CHECKS
from bot.checks.base import Check
from bot.checks.wording import nearest
from bot.commands.progress import Progress
from bot.errors import UsageError
from bot.model import Report, Severity
from bot.outside import git
from bot.outside.find_promtool import cache_folder, find
from bot.outside.promtool import PromtoolBinary
from bot.reporters import FORMATS, text
from bot.runner import Options
from bot.runner import validate as run_checks

REPORT_HELP = f"One of {', '.join(FORMATS)}; to a file where one is named. May be given several times."
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
    strict: bool
    jobs: int | None


def run(request: Request) -> int:
    """The exit code; the reports are written by then.

    Raises UsageError for names that do not exist, BotError where the catalog cannot be read.
    """
    outputs = [_output(report) for report in request.reports]
    checks = _checks(request.only, request.skip)
    names = _names(request)
    jobs = request.jobs or os.cpu_count() or 1
    found = find(cache_folder())
    with Progress(sys.stderr) as progress:
        report = run_checks(
            Options(
                root=request.root,
                promtool=PromtoolBinary(found.path, jobs=jobs) if found else None,
                today=datetime.now(UTC).date(),
                names=names,
                checks=checks,
                jobs=jobs,
                progress=progress.show,
            )
        )
    _write(report, outputs)
    if any(finding.severity is Severity.ERROR for finding in report.findings):
        return FINDINGS
    return COULD_NOT_CHECK if request.strict and report.skipped else CLEAN


def _output(report: str) -> tuple[str, Path | None]:
    name, _, file = report.partition("=")
    if name not in FORMATS:
        raise UsageError(f'there is no report format "{name}"', nearest(name, FORMATS))
    return name, Path(file) if file else None


def _write(report: Report, outputs: Sequence[tuple[str, Path | None]]) -> None:
    for name, file in outputs:
        if file:
            file.write_text(FORMATS[name](report), encoding="utf-8")
        elif name != "text":
            click.echo(FORMATS[name](report), nl=False)
    if ("text", None) in outputs or all(file for _, file in outputs):
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        click.echo(text.render(report, color=color), nl=False, color=color)


def _checks(only: Sequence[str], skip: Sequence[str]) -> tuple[Check, ...]:
    ids = [check.id for check in CHECKS]
    for pattern in (*only, *skip):
        if not any(_matches(pattern, check_id) for check_id in ids):
            raise UsageError(f'there is no check "{pattern}"', nearest(pattern, ids))
    return tuple(
        check
        for check in CHECKS
        if (not only or any(_matches(pattern, check.id) for pattern in only))
        and not any(_matches(pattern, check.id) for pattern in skip)
    )


def _matches(pattern: str, check_id: str) -> bool:
    return fnmatchcase(check_id, pattern) or check_id.startswith(f"{pattern}/")


def _names(request: Request) -> frozenset[str] | None:
    known = [item.name for item in catalog_items(request.root) if item.kind == "folder"]
    asked = {_entry_name(entry, request.root, known) for entry in request.entries}
    if request.changed_since is None:
        return frozenset(asked) if asked else None
    changed = git.changed_files(request.root, request.changed_since)
    touched = {parts[1] for parts in (path.split("/") for path in changed) if parts[0] == LISTS and len(parts) > 2}
    return frozenset(touched & set(known) & (asked or touched))


def _entry_name(entry: str, root: Path, known: Sequence[str]) -> str:
    """The entry that a name or a path of the command line means."""
    if entry in known:
        return entry
    try:
        inside = Path(entry).resolve().relative_to((root / LISTS).resolve())
    except ValueError:
        inside = Path()
    if inside.parts and inside.parts[0] in known:
        return inside.parts[0]
    raise UsageError(f'there is no entry "{entry}"', nearest(entry, known))
