"""The real promtool, of any version from 2.42 on."""

import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot.checks.base import MetricFault, RuleFault, UnitTestFault
from bot.errors import BotError
from bot.outside.process import Completed, ProcessTimeoutError, run
from bot.outside.promtool_rules import Checked, checked, metric_faults, rule_faults
from bot.outside.promtool_tests import unit_test_faults

MEMORY = 1 << 30
"""Bytes of data that one promtool may have; 100 MB is much for honest files."""
_ARGUMENT = 32
"""Bytes that the name of a file takes up among the arguments of a process."""
_BATCH = 16
"""Test files to one process: starting it costs as much as one to two unit tests."""
_FAILED = 1
"""promtool's exit code for files that are wrong; 3 is for what it lints, 2 is Go's for a crash."""
_LINTED = 3
_REASON = re.compile(r"^(?:fatal error|panic|promtool: error): .*$", re.MULTILINE)


class PromtoolBinary:
    """Judges rules, unit tests and metrics; `bot.checks.base.Promtool` says what of it.

    No file can harm the verdict on another: where a process for several files dies or takes too long, they are tried
    again in smaller parts.
    """

    def __init__(self, path: Path, *, jobs: int | None = None, timeout: float = 60.0) -> None:
        """`timeout`: seconds for a file, for a batch of test files, and for an exposition."""
        self.path = path.absolute()
        self._jobs = jobs or _processors()
        self._timeout = timeout

    @cached_property
    def version(self) -> str:
        """Such as 3.5.3, without a distribution's suffix. Raises BotError where this is not promtool."""
        done = run([str(self.path), "--version"], timeout=self._timeout)
        printed = done.stdout + done.stderr
        match = re.search(r"promtool, version ([0-9][^\s+]*)", printed)
        if match is None:
            raise BotError(
                f"{self.path} is not promtool: asked for its version, it printed: {printed.strip()[:200]}",
                'set PROMTOOL to a promtool binary, or install the package "prometheus"',
            )
        return match.group(1)

    def check_rules(self, files: Sequence[Path]) -> Iterator[RuleFault]:
        """What is wrong with rule files, in the order given. Raises BotError where promtool cannot be started."""
        # The system's limit holds for arguments and environment together.
        at_once = max(os.sysconf("SC_ARG_MAX"), 1 << 17) // 2 // _ARGUMENT
        pending = [files[start : start + at_once] for start in range(0, len(files), at_once)][::-1]
        while pending:
            part = pending.pop()
            verdict = self._check_rules(part)
            pending.extend(reversed(verdict.again))
            yield from verdict.faults

    def test_rules(self, files: Sequence[Path], *, apart: bool = False) -> Iterator[UnitTestFault]:
        """Which unit tests fail, in the order given. Raises BotError where promtool cannot be started."""
        size = 1 if apart else max(1, min(_BATCH, len(files) // (4 * self._jobs)))
        batches = [files[start : start + size] for start in range(0, len(files), size)]
        with ThreadPoolExecutor(self._jobs) as pool:
            for faults in pool.map(self._test_batch, batches):
                yield from faults

    def check_metrics(self, exposition: str) -> Iterator[MetricFault]:
        """What promlint says of an exposition. Raises BotError where promtool cannot be started."""
        try:
            done = run(
                [str(self.path), "check", "metrics"],
                stdin=exposition.encode("utf-8", "replace"),
                timeout=self._timeout,
                memory=MEMORY,
                env={"GOGC": "400"},
            )
        except ProcessTimeoutError as error:
            yield MetricFault("", error.message)
            return
        faults = metric_faults(done.stderr) if done.code in {_FAILED, _LINTED} else []
        yield from faults
        if done.code != 0 and not faults:
            yield MetricFault("", _death(done))

    def _check_rules(self, files: Sequence[Path]) -> "_Verdict":
        mark = secrets.token_hex(4)
        try:
            done = self._check(files, mark)
        except ProcessTimeoutError as error:
            result = checked(error.stdout, error.stderr, mark)
            trouble = f"{error.message} on this file"
        else:
            if done.code == 0:
                return _Verdict()
            result = checked(done.stdout, done.stderr, mark)
            is_clear = done.code == _FAILED and not (result.stray or done.truncated or result.unaccounted(len(files)))
            trouble = "" if is_clear else _death(done).replace(f"{mark}-0", files[0].name)
        if trouble and len(files) > 1:
            return _Verdict(again=_split(files, result))
        faults = [
            fault for number, errors in sorted(result.errors.items()) for fault in rule_faults(files[number], errors)
        ]
        if trouble:
            faults.append(RuleFault(files[0], 0, 0, "", None, (), trouble, None))
        return _Verdict(faults)

    def _check(self, files: Sequence[Path], mark: str) -> Completed:
        with tempfile.TemporaryDirectory(prefix="promtool-") as folder:
            names = [f"{mark}-{index}" for index in range(len(files))]
            for name, file in zip(names, files, strict=True):
                Path(folder, name).symlink_to(file.absolute())
            return run(
                # Duplicate rules are a check of our own.
                [str(self.path), "check", "rules", "--lint=none", *names],
                cwd=Path(folder),
                # Reading a file takes some 3 ms.
                timeout=self._timeout + 0.03 * (len(files) - 1),
                memory=MEMORY,
                env={"GOGC": "400"},
            )

    def _test_batch(self, files: Sequence[Path]) -> list[UnitTestFault]:
        """promtool does not say which file it speaks of: those of a batch with faults are run again, one by one."""
        if len(files) > 1:
            with suppress(ProcessTimeoutError):
                if _passed(self._test(files)):
                    return []
        return [fault for file in files for fault in self._test_file(file)]

    def _test_file(self, file: Path) -> list[UnitTestFault]:
        try:
            done = self._test([file])
        except ProcessTimeoutError as error:
            return [UnitTestFault(file, f"{error.message} on this file", "", "", "", "", None)]
        if _passed(done):
            return []
        faults = unit_test_faults(file.absolute(), done.stderr) if done.code in {0, _FAILED} else []
        if done.truncated or not faults:
            faults.append(UnitTestFault(file, _death(done), "", "", "", "", None))
        return [replace(fault, file=file) for fault in faults]

    def _test(self, files: Sequence[Path]) -> Completed:
        # promtool leaves the storage of a test behind when it is killed.
        with tempfile.TemporaryDirectory(prefix="promtool-") as folder:
            return run(
                [str(self.path), "test", "rules", *(str(file.absolute()) for file in files)],
                timeout=self._timeout,
                max_output=256 * 1024,
                memory=MEMORY,
                # One thread each, since there are as many processes as processors; rarer garbage collection saves a
                # seventh of the time for 40 MB.
                env={"GOMAXPROCS": "1", "GOGC": "200", "TMPDIR": folder},
            )


def _passed(done: Completed) -> bool:
    # Without its rule file a test that expects nothing passes.
    return done.code == 0 and "WARNING: no file match" not in done.stderr


@dataclass(frozen=True, slots=True)
class _Verdict:
    """On rule files; or how to part them, to be judged again."""

    faults: Sequence[RuleFault] = ()
    again: Sequence[Sequence[Path]] = ()


def _split(files: Sequence[Path], result: Checked) -> list[Sequence[Path]]:
    """The file that promtool was at, apart from the others; halves where it had not begun, or said too much."""
    at = next(iter(result.unaccounted(len(files))), None) if result.begun else None
    middle = len(files) // 2
    parts = (files[:middle], files[middle:]) if at is None else (files[:at], files[at : at + 1], files[at + 1 :])
    return [part for part in parts if part]


def _death(done: Completed) -> str:
    """How promtool ended, in one line, where it did not say what is wrong."""
    printed = done.stderr
    if "out of memory" in printed or "cannot allocate memory" in printed:
        return f"promtool needs more than {MEMORY >> 20} MiB for this file"
    if done.truncated:
        return "promtool has more to say of this file than is shown"
    reason = _REASON.search(printed)
    words = reason.group() if reason else printed.strip().partition("\n")[0]
    ended = f"exit code {done.code}" if done.code >= 0 else f"signal {-done.code}"
    return f"promtool ended with {ended}" + (f": {words[:300]}" if words else "")


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
