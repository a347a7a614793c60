"""Work on a stranger's data in processes of its own, with limits on memory and time.

A worker that dies or takes too long costs the item it was at, never the run.
"""

import gc
import multiprocessing
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

MEMORY = 1 << 30
"""Bytes of address space that a worker may have."""
SECONDS = 20.0
"""How long one item may take."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Died:
    """A worker ended without an answer."""

    reason: str


@dataclass(frozen=True, slots=True)
class Crash:
    """The task raised: a bug here."""

    trace: str


def prepare(*modules: str) -> multiprocessing.context.ForkServerContext:
    """Starts the server that workers are forked from; it goes on importing while this process does something else.

    `modules` are those of tasks that bot.runner does not import: what the server has, no worker needs to import.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.runner", *modules])
    # Started first: where forkserver.ensure_running starts it, the signal is unblocked again.
    resource_tracker.ensure_running()
    # Ctrl-C reaches the whole group. It is for this process alone, which ends the others: they inherit the mask.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return context


def run(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int, seconds: float = SECONDS
) -> Iterator[tuple[Item, Result | Died | Crash]]:
    """Each item with what the task made of it, in the order in which they get done. Task and items are pickled."""
    context = prepare()
    waiting = list(reversed(items))
    workers: list[_Worker[Item, Result]] = []
    try:
        while waiting or workers:
            while waiting and len(workers) < jobs:
                workers.append(_Worker(context, task))
                workers[-1].give(waiting.pop(), seconds)
            nearest = min(worker.deadline for worker in workers)
            ready = wait([worker.pipe for worker in workers], max(0.0, nearest - time.monotonic()))
            for worker in list(workers):
                if worker.pipe in ready:
                    item, answer = worker.item, worker.answer()
                elif time.monotonic() >= worker.deadline:
                    item, answer = worker.item, Died(f"reading it takes more than {seconds:g} s")
                else:
                    continue
                if isinstance(answer, Died) or not waiting:
                    workers.remove(worker)
                    worker.stop()
                else:
                    worker.give(waiting.pop(), seconds)
                yield item, answer
    finally:
        for worker in workers:
            worker.stop()


class _Worker(Generic[Item, Result]):
    """One process, at one item at a time."""

    item: Item
    deadline: float

    def __init__(self, context: "multiprocessing.context.ForkServerContext", task: Callable[[Item], Result]) -> None:
        self.pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_serve, args=(theirs, task), daemon=True)
        self._process.start()
        theirs.close()
        # One that cannot even start is our fault, not that of what it would have read.
        self.pipe.recv()

    def give(self, item: Item, seconds: float) -> None:
        self.item = item
        self.deadline = time.monotonic() + seconds
        self.pipe.send(item)

    def answer(self) -> Result | Died | Crash:
        try:
            answer: Result | Died | Crash = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            return Died(f"reading it ended the worker process (exit code {self._process.exitcode})")
        return answer

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


def _serve(pipe: "Connection[object, object]", task: Callable[[object], object]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # An entry is many small objects and no cycles: looking for those costs more than it frees.
    gc.set_threshold(100_000, 100, 100)
    with suppress(ConnectionError):  # nobody waits for the answer any more
        pipe.send(None)
        while True:
            try:
                item = pipe.recv()
            except EOFError:
                return
            try:
                answer = task(item)
            except MemoryError:
                answer = Died(f"reading it takes more than {MEMORY >> 20} MiB")
            except Exception:  # noqa: BLE001 - whatever it is, it must reach the parent and be told from a hostile input
                answer = Crash(traceback.format_exc())
            pipe.send(answer)
