import os
import time

from bot import workers


def task(item: str) -> str:
    if item == "dies":
        os._exit(7)
    if item == "hangs":
        time.sleep(3600)
    if item == "eats":
        return "x" * (workers.MEMORY * 2)
    if item == "raises":
        raise ValueError("here")
    return item.upper()


def test_one_bad_item_costs_no_other() -> None:
    items = ["a", "dies", "b", "eats", "c", "d"]
    assert dict(workers.run(task, items, 2)) == {
        "a": "A",
        "b": "B",
        "c": "C",
        "d": "D",
        "dies": workers.Died("reading it ended the worker process (exit code 7)"),
        "eats": workers.Died("reading it takes more than 1024 MiB"),
    }


def test_an_item_that_takes_too_long_is_given_up() -> None:
    assert dict(workers.run(task, ["a", "hangs", "b"], 1, seconds=0.5)) == {
        "a": "A",
        "b": "B",
        "hangs": workers.Died("reading it takes more than 0.5 s"),
    }


def test_a_bug_comes_back_with_its_trace() -> None:
    ((item, answer),) = workers.run(task, ["raises"], 1)
    assert item == "raises"
    assert isinstance(answer, workers.Crash)
    assert answer.trace.endswith("ValueError: here\n")


def test_nothing_to_do() -> None:
    assert list(workers.run(task, [], 2)) == []
