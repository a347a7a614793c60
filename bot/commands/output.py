"""Where the reports of a command go: --report FORMAT[=FILE], several of them."""

import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import click

from bot.checks.wording import nearest
from bot.errors import BotError, UsageError

Output = tuple[str, Path | None]
"""A format, and the file that it goes to; None for standard output."""

_Result = TypeVar("_Result")


def outputs_of(reports: Sequence[str], formats: Collection[str]) -> list[Output]:
    """What the command line asks for. Raises UsageError for a format that does not exist."""
    return [_output(report, formats) for report in reports]


def _output(report: str, formats: Collection[str]) -> Output:
    name, _, file = report.partition("=")
    if name not in formats:
        raise UsageError(f'there is no report format "{name}"', nearest(name, formats))
    return name, Path(file) if file else None


def write(
    result: _Result,
    outputs: Sequence[Output],
    formats: Mapping[str, Callable[[_Result], str]],
    text: Callable[[_Result, bool], str],
) -> None:
    """Every report asked for; text to standard output where nothing else goes there.

    `text` renders in colour or without. Raises BotError for the first file that cannot be written, when all else is.
    """
    unwritten: list[BotError] = []
    for name, file in outputs:
        if file:
            try:
                file.write_text(formats[name](result), encoding="utf-8")
            except OSError as error:
                hint = "name a file in a folder that exists and may be written to"
                unwritten.append(BotError(f"cannot write the report to {file}: {error.strerror}", hint))
        elif name != "text":
            _print(formats[name](result))
    if ("text", None) in outputs or all(file for _, file in outputs):
        # There is no standard output at all where whoever started this has closed it.
        color = sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        _print(text(result, color), color=color)
    if unwritten:
        raise unwritten[0]


def _print(rendered: str, *, color: bool = False) -> None:
    try:
        click.echo(rendered, nl=False, color=color)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BotError(f"cannot write the report to standard output: {error.strerror}") from error
