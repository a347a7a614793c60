"""A progress bar for what takes longer than a second, on a terminal only."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 1.0
"""Seconds that pass before the bar shows."""


class Progress:
    """Shows how many of all entries are done, and what is done with them; leaves nothing behind."""

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream = stream
        self._what = what
        self._started = time.monotonic()
        self._bar: Bar | None = None

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """`done` of `total` entries are done; what is done for all of them at once goes on after the last."""
        if self._bar is None:
            if not self._stream.isatty() or time.monotonic() - self._started < PATIENCE:
                return
            self._bar = _bar(self._stream)
            self._bar.add_task(self._what, total=total)
            self._bar.start()
        task = self._bar.task_ids[0]
        self._bar.update(task, completed=done, refresh=True)


def _bar(stream: TextIO) -> "Bar":
    # Imported here: rich is slow to import, and most runs need no bar.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    # Refreshed by hand: a thread of its own would be forked into the workers.
    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=stream),
        transient=True,
        auto_refresh=False,
    )
