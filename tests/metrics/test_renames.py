"""Which metric is which under its new name."""

import time

import pytest

from bot.metrics.diff import diff
from bot.metrics.renames import LIKELY, Rename
from bot.metrics.snapshot import parse_snapshot


def metric(name: str, kind: str = "gauge", help_text: str = "", labels: str = "") -> str:
    series = {"histogram": f"{name}_count", "summary": f"{name}_count"}.get(kind, name)
    said = f"# HELP {name} {help_text}\n" if help_text else ""
    return f"{said}# TYPE {name} {kind}\n{series}{labels} 1\n"


NEIGHBOURS = "".join(
    metric(f"node_memory_{field}_bytes", help_text=f"Memory information field {field}_bytes.")
    for field in ("Active", "Buffers", "Cached", "Dirty", "Inactive", "Mapped", "MemFree", "MemTotal", "Slab", "Swap")
)
"""Metrics that stay, and in which the words of the others are common."""


def renamed(then: str, now: str) -> list[tuple[str, str]]:
    found = diff(parse_snapshot(NEIGHBOURS + then), parse_snapshot(NEIGHBOURS + now)).renamed
    assert all(LIKELY <= one.likeness <= 1 for one in found)
    return [(one.then, one.now) for one in found]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        # Units and endings that conventions ask for.
        (
            metric("node_cpu", "counter", "Seconds the cpus spent in each mode.", '{cpu="0",mode="idle"}'),
            metric(
                "node_cpu_seconds_total", "counter", "Seconds the cpus spent in each mode.", '{cpu="0",mode="idle"}'
            ),
        ),
        (metric("node_boot_time", help_text="Node boot time."), metric("node_boot_time_seconds", help_text="Boot.")),
        # The HELP changed with the name.
        (
            metric("node_memory_Zswap", help_text="Memory information field Zswap."),
            metric("node_memory_Zswap_bytes", help_text="Memory information field Zswap_bytes."),
        ),
        # There is no HELP to go by.
        (metric("db_active_time", "untyped"), metric("db_active_time_seconds_total", "counter")),
        # Only the underscores are others.
        (metric("nginxexporter_build_info", help_text="Build."), metric("nginx_exporter_build_info", help_text="By.")),
        # A word was exchanged, and the text says what it is.
        (
            metric("mysql_slave_lag_seconds", help_text="How far the replication is behind."),
            metric("mysql_replica_lag_seconds", help_text="How far the replication is behind."),
        ),
    ],
)
def test_renamed(then: str, now: str) -> None:
    (pair,) = renamed(then, now)
    assert pair == (then.split("# TYPE ")[1].split()[0], now.split("# TYPE ")[1].split()[0])


@pytest.mark.parametrize(
    ("then", "now"),
    [
        # All but the telling word is the same.
        (
            metric("node_memory_Balloon_bytes", help_text="Memory information field Balloon_bytes."),
            metric("node_memory_Zswap_bytes", help_text="Memory information field Zswap_bytes."),
        ),
        # Nothing but a prefix.
        (metric("mysql_exporter_scrapes_total", "counter"), metric("mysql_exporter_collector_success")),
        (metric("a"), metric("b")),
    ],
)
def test_not_renamed(then: str, now: str) -> None:
    assert renamed(then, now) == []


def test_a_help_that_many_share_tells_nothing() -> None:
    said = "Generic metric from SHOW GLOBAL STATUS."
    then = "".join(metric(f"mysql_{name}", help_text=said) for name in ("opened_files", "opens", "aborts"))
    now = "".join(metric(f"mysql_{name}", help_text=said) for name in ("handlers", "locks", "waits"))
    assert renamed(then, now) == []


def test_each_has_one_at_most_and_the_best_wins() -> None:
    then = metric("x_queue_length", help_text="Jobs that wait.") + metric(
        "x_queue_size", help_text="Room of the queue."
    )
    now = metric("x_queue_length_jobs", help_text="Jobs that wait.")
    assert renamed(then, now) == [("x_queue_length", "x_queue_length_jobs")]
    assert renamed(now, then) == [("x_queue_length_jobs", "x_queue_length")]


def test_what_is_the_same() -> None:
    then, now = metric("a_wait", "histogram", "Waits."), metric("a_wait_seconds", "histogram", "Waits.", '{x="1"}')
    found = diff(parse_snapshot(then), parse_snapshot(now))
    assert found.renamed == (
        Rename("a_wait", "a_wait_seconds", 0.85, ("help", "type"), ("", "_bucket", "_count", "_sum")),
    )
    names = ("a_wait", "a_wait_bucket", "a_wait_sum", "a_wait_other", "a_waits", "b")
    assert [found.successor(name) for name in names] == [
        *("a_wait_seconds", "a_wait_seconds_bucket", "a_wait_seconds_sum"),
        *("", "", ""),
    ]


def test_another_type_has_other_parts() -> None:
    then, now = metric("a_wait", "summary", "Waits."), metric("a_wait_seconds", "histogram", "Waits.")
    found = diff(parse_snapshot(then), parse_snapshot(now))
    assert found.successor("a_wait") == "a_wait_seconds"
    assert found.successor("a_wait_sum") == ""


def test_thousands_of_metrics_take_no_long() -> None:
    then, now = (
        parse_snapshot(
            "".join(metric(f"{side}_{number}_{number // 40}x", help_text=f"No. {number}.") for number in range(4000))
        )
        for side in ("old", "new")
    )
    began = time.process_time()
    found = diff(then, now)
    assert time.process_time() - began < 10
    assert len(found.removed) == len(found.added) == 4000
