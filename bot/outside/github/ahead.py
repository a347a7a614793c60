"""Asking while something else is done."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def begun(ask: Callable[[], T]) -> "Future[T]":
    """What `ask` returns or raises, when it has; it asks in a thread of its own.

    An interrupt does not wait for it: the executors of concurrent.futures would, and GitHub's limits last minutes.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised where the result is wanted
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
