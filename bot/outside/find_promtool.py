"""Where promtool is, and how to get it: $PROMTOOL, PATH, then the cache, which `install` fills."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BotError
from bot.outside import debian, download
from bot.outside.promtool import PromtoolBinary

HINT = 'set PROMTOOL to a promtool binary, or install the package "prometheus"'
_PACKAGES = ("promtool", "prometheus")
_BINARY = Path("usr/bin/promtool")


@dataclass(frozen=True, slots=True)
class Found:
    """A promtool on this machine."""

    path: Path
    origin: str
    """Where it was found: $PROMTOOL, PATH, or the cache."""


def cache_folder() -> Path:
    """Where this program keeps what it downloads; the XDG base directory specification says where."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".cache") / "exporterhub"


def find_promtool(jobs: int) -> PromtoolBinary | None:
    """The promtool to use, ready to run `jobs` processes at a time; None where there is none.

    Raises BotError where $PROMTOOL names something else.
    """
    found = find(cache_folder())
    return PromtoolBinary(found.path, jobs=jobs) if found else None


def find(cache: Path) -> Found | None:
    """The promtool to use, None where there is none. Raises BotError where $PROMTOOL names something else."""
    return next(every_promtool(cache), None)


def every_promtool(cache: Path) -> Iterator[Found]:
    """Each promtool that `find` would take, the best first."""
    named = os.environ.get("PROMTOOL")
    if named:
        path = Path(named).absolute()
        if not _is_program(path):
            raise BotError(f"$PROMTOOL is {named}, which is no program", "correct it, or unset it")
        yield Found(path, "$PROMTOOL")
    on_path = shutil.which("promtool")
    if on_path:
        yield Found(Path(on_path).absolute(), "PATH")
    kept = [download.kept_promtool(cache), *(debian.folder(package, cache) / _BINARY for package in _PACKAGES)]
    yield from (Found(path, "the cache") for path in kept if _is_program(path))


def install(cache: Path, say: Callable[[str], None], base: str = download.RELEASES) -> Found:
    """Fills the cache: the pinned release, else the distribution's package, unpacked.

    `say` is told what happens. Raises BotError with everything that was tried.
    """
    attempts: tuple[Callable[[], Path], ...] = (
        lambda: download.fetch_promtool(cache, say, base),
        lambda: debian.unpack(_PACKAGES, cache, say=say) / _BINARY,
    )
    tried = []
    for attempt in attempts:
        try:
            found = Found(attempt(), "the cache")
            say(f"promtool {PromtoolBinary(found.path).version} is ready")
        except BotError as error:
            say(error.message)
            tried.append(error.message)
        else:
            return found
    raise BotError("; ".join(tried), HINT)


def _is_program(path: Path) -> bool:
    # In this order: is_file raises where a folder on the way may not be entered, as in the HOME of another user.
    return os.access(path, os.X_OK) and path.is_file()
