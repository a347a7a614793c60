"""`diff`: what another release of an exporter breaks in an entry, by a scrape of it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from bot import workers
from bot.catalog.entry import EXPORTER, METRICS, TESTS
from bot.catalog.load import MAX_EXPOSITION, catalog_items, load_entry
from bot.checks.wording import nearest
from bot.commands.output import outputs_of, write
from bot.drift.judge import drift_of
from bot.drift.model import Drift, Side
from bot.errors import BotError, Bug, UsageError
from bot.metrics.snapshot import parse_snapshot
from bot.outside.process import ended_by_interrupt
from bot.reporters.drift import FORMATS, text

NOTHING_BREAKS, BREAKS = 0, 1
STANDARD_INPUT = "-"
SHOWN = 5
"""Faults of a scrape named in an error."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for."""

    name: str
    to: str
    """A file, or - for standard input."""
    root: Path
    reports: Sequence[str]


def run(request: Request) -> int:
    """The exit code; the reports are written by then.

    Raises UsageError for an entry that does not exist, and BotError where there is nothing to compare.
    """
    outputs = outputs_of(request.reports, FORMATS)
    known = [item.name for item in catalog_items(request.root) if item.kind == "folder"]
    if request.name not in known:
        raise UsageError(f'there is no entry "{request.name}"', nearest(request.name, known))
    file = "standard input" if request.to == STANDARD_INPUT else request.to
    exposition = _exposition(request.to, file)
    with ended_by_interrupt():
        drift = _drift(request, exposition, Side(file))
    write(drift, outputs, FORMATS, text.render)
    return BREAKS if drift.broken else NOTHING_BREAKS


def _exposition(to: str, file: str) -> str:
    """The text of the other scrape. Raises BotError where Prometheus would not read it."""
    hint = "name a file that holds what the exporter's /metrics answers"
    try:
        if to == STANDARD_INPUT:
            raw = sys.stdin.buffer.read(MAX_EXPOSITION + 1)
        else:
            with Path(to).open("rb") as stream:
                raw = stream.read(MAX_EXPOSITION + 1)
    except OSError as error:
        raise BotError(f"{file} cannot be read: {error.strerror}", hint) from error
    if len(raw) > MAX_EXPOSITION:
        raise BotError(f"{file} is larger than {MAX_EXPOSITION >> 20} MiB, the most that is read of a scrape")
    try:
        exposition = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BotError(f"{file} is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}", hint) from error
    # Prometheus does not mind if the last line break is missing; promtool does.
    exposition = exposition if exposition.endswith("\n") else f"{exposition}\n"
    snapshot = parse_snapshot(exposition)
    if snapshot.faults:
        told = [f"{fault.span.line}:{fault.span.column}: {fault.message}" for fault in snapshot.faults[:SHOWN]]
        told += [f"{len(snapshot.faults) - SHOWN} more"] if len(snapshot.faults) > SHOWN else []
        raise BotError(f"{file} is no exposition: {'; '.join(told)}", hint)
    if not snapshot.families:
        raise BotError(f"{file} holds no metric", hint)
    return exposition


def _drift(request: Request, exposition: str, now: Side) -> Drift:
    """The comparison, made in a worker: the entry is a stranger's. Raises BotError where it cannot be made."""
    task = partial(_compare, request.root, exposition, now, datetime.now(UTC).date())
    ((_, answer),) = workers.run(task, [request.name], 1)
    if isinstance(answer, workers.Crash):
        raise Bug(answer.trace)
    if isinstance(answer, workers.Died):
        raise BotError(f"{request.name} cannot be compared: {answer.reason}", "make its files smaller and simpler")
    if isinstance(answer, str):
        raise BotError(answer, f"run: python -m bot validate {request.name}")
    return answer


def _compare(root: Path, exposition: str, now: Side, today: date, name: str) -> Drift | str:
    """What is different; or why nobody can say, in one line."""
    entry = load_entry(root, name)
    for file in (EXPORTER, *entry.parsed):
        document = entry.document(file) if file != TESTS else None
        if file != TESTS and (document is None or (file == EXPORTER and not isinstance(document.data, dict))):
            return f"{entry.path}/{file} cannot be read, so nobody can say what breaks"
    drift = drift_of(root, entry, exposition, now, today)
    return f"there is no {entry.path}/{METRICS} to compare with" if drift is None else drift
