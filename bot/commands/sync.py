"""`sync`: new upstream releases become pull requests."""

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.catalog.load import catalog_items
from bot.checks.wording import nearest
from bot.commands import sync_doors
from bot.commands.output import outputs_of, write
from bot.commands.progress import Progress
from bot.commands.prove import prove_with
from bot.errors import BotError, UsageError
from bot.outside.images import Images
from bot.outside.process import ended_by_interrupt
from bot.reporters.sync import FORMATS, text
from bot.reporters.sync.dashboard import dashboard
from bot.reporters.sync.pull import proposal_of
from bot.sync.model import Outcome, Topic
from bot.sync.plan import Standing, Synced
from bot.sync.propose import Proposer
from bot.sync.reading import outcomes_of
from bot.sync.run import Doors, Run, synced

CLEAN, FAILED = 0, 1
MOST_SHARDS = 256
"""Jobs that a matrix of GitHub Actions may have."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for."""

    root: Path
    entries: Sequence[str] = ()
    dry: bool = False
    given: Sequence[str] = ()
    """Files of earlier surveys to carry out."""
    reports: Sequence[str] = ()
    shard: str | None = None
    """I/N: the I-th of N parts of the catalog."""
    repository: str | None = None
    """OWNER/NAME of the catalog."""
    images: bool = False
    """Whether to start new images and compare their metrics."""
    jobs: int | None = None


def run(request: Request, doors: Doors | None = None, now: datetime | None = None) -> int:
    """The exit code; the reports are written by then.

    Raises UsageError for names that do not exist, BotError where the catalog or a file cannot be read.
    """
    outputs = outputs_of(request.reports, FORMATS)
    entries = [item.name for item in catalog_items(request.root) if item.kind == "folder"]
    names = names_of(request.entries, entries, request.shard)
    surveys = _surveys(request.given)
    doors = doors or sync_doors.doors(request.repository, dry=request.dry)
    given = _given(surveys, names, doors.repository) if surveys else None
    now = now or datetime.now(UTC)
    jobs = request.jobs or os.cpu_count() or 1
    with ended_by_interrupt(), Progress(sys.stderr, "asking upstream") as progress:
        result = synced(
            Run(
                doors=doors,
                proposer=Proposer(
                    root=request.root,
                    prove=prove_with(jobs, now.date()),
                    render=proposal_of,
                    today=now.date(),
                    jobs=jobs,
                    probe=Images() if request.images else None,
                ),
                dashboard=dashboard,
                now=now,
                dry=request.dry,
                entries=entries,
                names=names,
                given=given,
                progress=progress.show,
            )
        )
    write(result, outputs, FORMATS, text.render)
    return FAILED if has_failed(result) else CLEAN


def has_failed(result: Synced) -> bool:
    """Whether something could not be found out or done, or is not what it was."""
    return bool(result.trouble) or any(
        settled.standing is Standing.FAILED
        or any(note.topic in (Topic.FAILED, Topic.SECURITY) for note in settled.outcome.notes)
        for settled in result.settled
    )


def names_of(asked: Sequence[str], entries: Sequence[str], shard: str | None) -> frozenset[str]:
    """The entries to ask about; all unless some are asked for. Raises UsageError for what there is not."""
    for name in asked:
        if name not in entries:
            raise UsageError(f'there is no entry "{name}"', nearest(name, entries))
    names = sorted(asked or entries)
    if shard is None:
        return frozenset(names)
    part, _, parts = shard.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts) <= MOST_SHARDS):
        raise UsageError(f'"{shard}" is no shard', "write I/N, such as 2/8: the second of eight parts")
    return frozenset(names[int(part) - 1 :: int(parts)])


def _surveys(files: Sequence[str]) -> dict[str, tuple[str, tuple[Outcome, ...]]]:
    """By file, what `outcomes_of` reads in it."""
    surveys = {}
    for file in files:
        try:
            content = Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            hint = "name files that sync --dry-run --report json=FILE wrote"
            raise BotError(f"{file} cannot be read: {reason}", hint) from error
        surveys[file] = outcomes_of(content)
    return surveys


def _given(
    surveys: Mapping[str, tuple[str, tuple[Outcome, ...]]], names: Collection[str], repository: str
) -> tuple[Outcome, ...]:
    """What the surveys found out about these entries, by entry; others may have been removed meanwhile."""
    outcomes: dict[str, Outcome] = {}
    for file, (surveyed, found) in surveys.items():
        if surveyed and repository and surveyed.lower() != repository.lower():
            raise BotError(f"{file} is a survey for {surveyed}, not for {repository}", "name its own surveys")
        for outcome in found:
            if outcome.entry in outcomes:
                raise BotError(f"{file} tells of {outcome.entry}, as another survey does", "name one survey a shard")
            if outcome.entry in names:
                outcomes[outcome.entry] = outcome
    return tuple(outcomes[entry] for entry in sorted(outcomes))
