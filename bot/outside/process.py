"""The one place that starts processes: no shell, a clean environment, limits, and nothing left running."""

import math
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from bot.errors import BotError

MAX_OUTPUT = 4 * 1024 * 1024
_TICK = 0.1
_CHUNK = 65536
_stopped = threading.Event()


@dataclass(frozen=True, slots=True)
class Completed:
    """A process that came to its end by itself."""

    argv: tuple[str, ...]
    code: int
    """Negative where a signal ended it."""
    stdout: str
    stderr: str
    truncated: bool
    """It printed more than was kept."""


@contextmanager
def ended_by_interrupt() -> Iterator[None]:
    """Ctrl-C ends, within a tick, every `run` in whatever thread, and lets none begin. For the main thread only."""

    def stop(number: int, frame: FrameType | None) -> None:
        _stopped.set()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, stop) if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN else None
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
        _stopped.clear()


class ProcessTimeoutError(BotError):
    """The process took too long, and was killed with everything it had started."""

    def __init__(self, message: str, stdout: str, stderr: str) -> None:
        super().__init__(message)
        self.stdout = stdout
        """What it had printed until then."""
        self.stderr = stderr


def run(
    argv: Sequence[str],
    *,
    timeout: float,
    cwd: Path | None = None,
    stdin: bytes = b"",
    max_output: int = MAX_OUTPUT,
    memory: int | None = None,
    env: Mapping[str, str] | None = None,
) -> Completed:
    """Runs a program to its end, whatever its exit code.

    `timeout` is in seconds; `max_output` bytes of each stream are kept, the rest is read and dropped; `memory` is in
    bytes of writable data (Linux only); `env` comes on top of PATH, HOME, LANG, TZ and TMPDIR.
    Raises ProcessTimeoutError, and BotError where the program cannot be started.
    """
    _go_on()
    deadline = time.monotonic() + timeout
    feed = subprocess.PIPE if stdin else subprocess.DEVNULL
    stdout, stderr = _Capture(max_output), _Capture(max_output)
    with _spawn(argv, cwd, env, feed, subprocess.PIPE) as process:
        try:
            _limit(process.pid, memory, timeout)
            _exchange(process, stdin, stdout, stderr, deadline)
            process.wait(max(deadline - time.monotonic(), _TICK))
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            message = f"{Path(argv[0]).name} did not finish within {timeout:g} s"
            raise ProcessTimeoutError(message, stdout.text(), stderr.text()) from error
        finally:
            _kill_group(process)
    return Completed(
        tuple(argv),
        process.returncode,
        stdout.text(),
        stderr.text(),
        stdout.dropped or stderr.dropped,
    )


def _go_on() -> None:
    if _stopped.is_set():
        raise KeyboardInterrupt


class Running:
    """A program started by `start`."""

    def __init__(self, process: "subprocess.Popen[bytes]", max_output: int) -> None:
        self._process = process
        self._limit = max_output
        self._tail = bytearray()
        self._stopped = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.poll()

    def output(self) -> str:
        """The end of what it has printed so far, to either stream."""
        return bytes(self._tail).decode("utf-8", "replace")

    def wait(self, seconds: float) -> int | None:
        """The exit code once it has ended by itself; None where it has not within so many seconds."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def stop(self, grace: float) -> None:
        """Asks it to end, gives it `grace` seconds, then kills it with everything it has started."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(grace)
        _kill_group(self._process)
        self._process.wait()
        self._stopped.set()
        self._reader.join()

    def _read(self) -> None:
        with selectors.DefaultSelector() as selector:
            if self._process.stdout:
                selector.register(self._process.stdout, selectors.EVENT_READ)
            # Not until the end of the stream alone: something that left the group may hold it for ever.
            while selector.select(_TICK) or not self._stopped.is_set():
                for key, _ in selector.select(0):
                    chunk = os.read(key.fd, _CHUNK)
                    if not chunk:
                        return
                    self._tail += chunk
                    del self._tail[: -self._limit]


@contextmanager
def start(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    max_output: int = _CHUNK,
    env: Mapping[str, str] | None = None,
    grace: float = 5.0,
) -> Iterator[Running]:
    """Starts a program that runs beside this one, and ends it on the way out.

    The last `max_output` bytes of what it prints are kept. Raises BotError where it cannot be started.
    """
    with _spawn(argv, cwd, env, subprocess.DEVNULL, subprocess.STDOUT) as process:
        running = Running(process, max_output)
        try:
            yield running
        finally:
            running.stop(grace)


def _spawn(
    argv: Sequence[str], cwd: Path | None, env: Mapping[str, str] | None, stdin: int, stderr: int
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            list(argv),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=cwd,
            env=_environment(env or {}),
            # A group of its own: one signal reaches whatever it starts, and none of ours reaches it.
            process_group=0,
        )
    except OSError as error:
        if cwd is not None and str(error.filename) == str(cwd):
            raise BotError(f"cannot start {argv[0]} in {cwd}: {error.strerror}") from error
        hint = "install it, or add its folder to PATH" if isinstance(error, FileNotFoundError) else ""
        raise BotError(f"cannot start {argv[0]}: {error.strerror}", hint) from error


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    clean = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }
    if "TMPDIR" in os.environ:
        clean["TMPDIR"] = os.environ["TMPDIR"]
    return {**clean, **extra}


def _limit(pid: int, memory: int | None, timeout: float) -> None:
    """From outside, since code between fork and exec is not safe in a program with threads."""
    if sys.platform == "linux":
        import resource

        # Outlives this process: a child is not left to run for ever where this one was killed.
        seconds = math.ceil(timeout) * (os.cpu_count() or 1) + 1
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
            if memory is not None:
                # Not RLIMIT_AS: Go reserves far more addresses than it ever uses.
                resource.prlimit(pid, resource.RLIMIT_DATA, (memory, memory))


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    # The process's number stays taken as long as its group has members; an empty group is no error.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


class _Capture:
    """The first bytes of a stream."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept = bytearray()
        self.dropped = False

    def advance(self, handle: int) -> bool:
        """Reads what is there; True at the end."""
        chunk = os.read(handle, _CHUNK)
        room = self._limit - len(self._kept)
        self._kept += chunk[:room]
        self.dropped |= len(chunk) > room
        return not chunk

    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")


class _Feed:
    """The bytes for a process's standard input."""

    def __init__(self, stream: IO[bytes], data: bytes) -> None:
        os.set_blocking(stream.fileno(), False)
        self._stream = stream
        self._pending = memoryview(data)

    def advance(self, handle: int) -> bool:
        """Writes what there is room for; True when all is written, or nobody reads it."""
        try:
            self._pending = self._pending[os.write(handle, self._pending) :]
        except BrokenPipeError:
            self._pending = self._pending[:0]
        if not self._pending:
            self._stream.close()
        return not self._pending


def _exchange(
    process: "subprocess.Popen[bytes]", stdin: bytes, stdout: _Capture, stderr: _Capture, deadline: float
) -> None:
    """Feeds and reads a process at the same time, so that neither side waits for the other for ever.

    Raises TimeoutError, and KeyboardInterrupt where it is to end.
    """
    with selectors.DefaultSelector() as selector:
        if process.stdin:
            selector.register(process.stdin, selectors.EVENT_WRITE, _Feed(process.stdin, stdin))
        for stream, capture in ((process.stdout, stdout), (process.stderr, stderr)):
            if stream:
                selector.register(stream, selectors.EVENT_READ, capture)
        while selector.get_map():
            _go_on()
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            ready = selector.select(min(left, _TICK))
            if not ready and process.poll() is not None:
                break  # something it started still holds its streams
            for key, _ in ready:
                if key.data.advance(key.fd):
                    selector.unregister(key.fileobj)
