"""Programs out of Debian's packages, unpacked and not installed, each on a port of loopback that was free."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from bot.errors import BotError
from bot.outside import debian
from bot.outside.find_promtool import cache_folder
from bot.outside.process import Running, start
from tests.tools.parts import LIVE_PARTS

HOST = "127.0.0.1"
_SUITES = {package: suite for suite, package in LIVE_PARTS}
_READY_SECONDS = 60
_TICK = 0.02
_ATTEMPTS = 3
_GRACE = 0.5
"""Seconds to end by itself: there is nothing to be saved."""


def unpacked(package: str) -> Path:
    """The folder of a package. Raises RuntimeError where it is not there."""
    folder = debian.folder(package, cache_folder(), _SUITES[package])
    if not folder.is_dir():
        raise RuntimeError(f"{package} is not unpacked on this machine: the tests are run by make test, which gets it")
    return folder


def program(package: str) -> str:
    """The one program of a package."""
    (path,) = (unpacked(package) / "usr/bin").iterdir()
    return str(path)


def libraries() -> dict[str, str]:
    """The environment in which programs find the unpacked libraries in front of the system's own."""
    folders = (path for package in _SUITES for path in sorted(unpacked(package).glob("usr/lib/*-linux-gnu*")))
    return {"LD_LIBRARY_PATH": ":".join(map(str, folders))}


def answers(port: int, path: str) -> bool:
    """Whether an HTTP server is there and content."""
    try:
        return requests.get(f"http://{HOST}:{port}{path}", timeout=5).ok
    except requests.ConnectionError:
        return False


@contextmanager
def listening(
    command: Callable[[int], Sequence[str]], ready: Callable[[int], bool], env: dict[str, str] | None = None
) -> Iterator[int]:
    """Starts a program that is told its port, and yields that once it answers; it ends with the block.

    Raises BotError where it does not start.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        port = _free_port()
        with start(command(port), env=env, grace=_GRACE) as process:
            # Between the choice and the start, somebody else may have taken the port.
            if not _started(process, port, ready) and attempt < _ATTEMPTS:
                continue
            if process.code is not None:
                raise BotError(f"{command(port)[0]} does not start: {process.output()}")
            yield port
            return


def until(reached: Callable[[], bool], what: str, seconds: float = _READY_SECONDS, tick: float = _TICK) -> None:
    """Waits for a condition. Raises TimeoutError."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not reached in {seconds:g} s: {what}")
        pause.wait(tick)


def _started(process: Running, port: int, ready: Callable[[int], bool]) -> bool:
    until(lambda: process.code is not None or ready(port), f"an answer on port {port}")
    return process.code is None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
