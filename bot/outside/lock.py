"""One process at a time in a folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import BotError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Makes the folder, and waits until no other process is at work in it.

    The lock ends with the process, however it ends. Raises BotError where the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise BotError(
            f"cannot write to {folder}: {error.strerror}", "set XDG_CACHE_HOME to a folder that you may write to"
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
