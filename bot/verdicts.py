"""The checks that need more than one entry: judged in threads, while the workers are still reading the others."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

from bot.checks.base import Across, Check, Gathered, Problem, Spoken

BATCH = 100
"""Entries that a check is asked about at once where it judges each of them apart."""


class Verdicts:
    """Takes what was gathered from each entry, hands it to the judges, and holds what they say."""

    def __init__(self, pool: Executor, gathered: Gathered, checks: Sequence[Check]) -> None:
        self._pool = pool
        self._gathered = gathered
        self._asked = [(check, check.across) for check in checks if check.across]
        self._all: dict[str, Mapping[str, Any]] = {}
        self._batch: dict[str, Mapping[str, Any]] = {}
        self._futures: list[tuple[Check, Future[list[tuple[str, Problem]]]]] = []

    def take(self, entry: str, material: Mapping[str, Any]) -> None:
        """What was gathered from one entry, by check id."""
        self._all[entry] = self._batch[entry] = material
        if len(self._batch) >= BATCH:
            self._ask_of_batch()

    def finish(self) -> Iterator[tuple[Check, str, Problem]]:
        """When every entry was taken: what the judges say, the last ones excepted, with the entry's name."""
        self._ask_of_batch()
        for check, across in self._asked:
            if not across.apart and not across.last:
                self._submit(check, across, self._all)
        for check, future in self._futures:
            for entry, problem in future.result():
                yield check, entry, problem

    def last(self, spoken: Spoken) -> Iterator[tuple[Check, str, Problem]]:
        """What those say that know what all others said."""
        for check, across in self._asked:
            if across.last:
                for entry, problem in _judge(check, across, replace(self._gathered, spoken=spoken), self._all):
                    yield check, entry, problem

    def _ask_of_batch(self) -> None:
        for check, across in self._asked:
            if across.apart and self._batch:
                self._submit(check, across, self._batch)
        self._batch = {}

    def _submit(self, check: Check, across: Across, material: Mapping[str, Mapping[str, Any]]) -> None:
        self._futures.append((check, self._pool.submit(_judge, check, across, self._gathered, material)))


def _judge(
    check: Check, across: Across, gathered: Gathered, every: Mapping[str, Mapping[str, Any]]
) -> list[tuple[str, Problem]]:
    material = {name: every[name][check.id] for name in sorted(every) if every[name].get(check.id) is not None}
    try:
        return list(across.judge(replace(gathered, by_entry=material)))
    except Exception as error:
        error.add_note(f"in check {check.id}")
        raise
