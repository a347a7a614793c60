"""Real releases: what each of them broke, as read in the two scrapes by eye."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.catalog.load import load_entry
from bot.drift.judge import drift_of
from bot.drift.model import Drift, Side
from bot.metrics.diff import Retyped, ValuesGone, diff
from bot.metrics.snapshot import parse_snapshot
from tests.drift.releases import BY_NAME, HERE, PAIRS, TODAY, Pair, expected

ROOT = Path(__file__).parents[2]
ENTRIES = sorted(path.parent.name for path in (ROOT / "lists").glob("*/metrics.prom"))
EVERY_REPORT = [
    pytest.param(pair, file, render, id=f"{pair.name}-{file}")
    for pair in PAIRS
    for file, render in expected(pair).items()
]


def broken(drift: Drift) -> set[tuple[str, str]]:
    return {(str(one.kind), one.name) for one in drift.broken}


def test_every_pair_is_listed() -> None:
    assert sorted(BY_NAME) == sorted(path.name for path in HERE.iterdir())
    for pair in PAIRS:
        assert {path.name for path in (pair.folder / "expected").iterdir()} == set(expected(pair))


@pytest.mark.parametrize(("pair", "file", "render"), EVERY_REPORT)
def test_reports(pair: Pair, file: str, render: Callable[[Drift], str]) -> None:
    assert render(pair.drift()) == (pair.folder / "expected" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_the_same_pairs_of_names_both_ways(pair: Pair) -> None:
    old, new = map(parse_snapshot, pair.scrapes())
    assert not old.faults
    assert not new.faults
    there, back = diff(old, new), diff(new, old)
    assert {(one.then, one.now) for one in there.renamed} == {(one.now, one.then) for one in back.renamed}
    assert (there.added, there.removed) == (back.removed, back.added)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("bind", {("alert", "BindMismatches"), ("alert", "BindSocketErrors"), ("panel", "Tasks")}),
        ("blackbox", set()),
        ("mysqld", {("alert", "MySQLScrapeFails"), ("panel", "Scrapes")}),
        ("nginx", {("alert", "NginxExporterOld"), ("panel", "Exporter")}),
        (
            "node",
            {
                *(("alert", "NodeReclaimableLow"), ("variable", "instance")),
                *(("panel", "Reclaimable"), ("panel", "Page tables"), ("panel", "Lookups")),
            },
        ),
        (
            "node-0.15",
            {
                *(("recording rule", "instance:node_cpu:used"), ("alert", "NodeCPUBusy"), ("alert", "NodeMemoryLow")),
                *(("alert", "NodeFilesystemFull"), ("alert", "NodeRebooted"), ("alert", "NodeICMPErrors")),
                *(("panel", "CPU"), ("panel", "Memory"), ("panel", "Uptime"), ("panel", "Context switches")),
            },
        ),
        (
            "postgres",
            {
                *(("alert", "PostgresSessionsMany"), ("alert", "PostgresStatisticsMissing")),
                *(("alert", "PostgresChecksumFailures"), ("alert", "PostgresBusy")),
                *(("variable", "server"), ("panel", "Sessions"), ("panel", "Buffers")),
            },
        ),
        (
            "redis",
            {
                *(("alert", "RedisExpiryBehind"), ("alert", "RedisExporterLeaks")),
                *(("panel", "Expiry"), ("panel", "Exporter")),
            },
        ),
    ],
)
def test_what_breaks(name: str, names: set[tuple[str, str]]) -> None:
    assert broken(BY_NAME[name].drift()) == names


def test_node_lost_fields_of_meminfo_in_1_9() -> None:
    """https://github.com/prometheus/node_exporter/pull/3049: only the fields that its library knows are left."""
    found = BY_NAME["node"].drift().diff
    fields = ("Balloon", "FileHugePages", "FilePmdMapped", "Hugetlb", "KReclaimable", "SecPageTables")
    assert [one.name for one in found.removed] == [
        "go_memstats_lookups_total",
        *(f"node_memory_{field}_bytes" for field in fields),
    ]
    assert found.renamed == ()
    assert found.retyped == ()


def test_node_0_16_renamed_nearly_everything() -> None:
    """The breaking changes of https://github.com/prometheus/node_exporter/blob/master/CHANGELOG.md, 0.16.0."""
    found = BY_NAME["node-0.15"].drift().diff
    renamed = {one.then: one.now for one in found.renamed}
    memory = {then: now for then, now in renamed.items() if then.startswith("node_memory_")}
    network = {then: now for then, now in renamed.items() if then.startswith("node_network_")}
    assert len(memory) == 44
    assert all(now == f"{then}_bytes" for then, now in memory.items())
    assert len(network) == 14
    assert all(now == f"{then}_total" for then, now in network.items())
    others = {then: now for then, now in renamed.items() if then not in memory | network}
    assert others == {
        "node_boot_time": "node_boot_time_seconds",
        "node_context_switches": "node_context_switches_total",
        "node_cpu": "node_cpu_seconds_total",
        "node_filesystem_avail": "node_filesystem_avail_bytes",
        "node_filesystem_free": "node_filesystem_free_bytes",
        "node_filesystem_size": "node_filesystem_size_bytes",
        "node_forks": "node_forks_total",
        "node_intr": "node_intr_total",
        "node_time": "node_time_seconds",
    }
    assert min(one.likeness for one in found.renamed) > 0.8


def test_postgres_dropped_a_label_of_nearly_everything() -> None:
    found = BY_NAME["postgres"].drift().diff
    assert [(one.then, one.now) for one in found.renamed] == [
        ("pg_stat_database_active_time", "pg_stat_database_active_time_seconds_total")
    ]
    lost = [one for one in found.relabelled if one.lost == ("server",)]
    assert (len(lost), len(found.relabelled)) == (291, 292)
    assert found.values_gone == (
        ValuesGone("pg_scrape_collector_duration_seconds", "collector", ("bgwriter",), 1),
        ValuesGone("pg_scrape_collector_success", "collector", ("bgwriter",), 1),
    )


def test_redis_corrected_a_type_and_left_out_the_metrics_of_go() -> None:
    found = BY_NAME["redis"].drift().diff
    assert found.retyped == (Retyped("redis_expired_time_cap_reached_total", "gauge", "counter"),)
    assert len(found.removed) == 27
    assert all(one.name.startswith("go_") for one in found.removed)
    assert found.renamed == ()


def test_bind_names_only_the_errors_that_occurred() -> None:
    found = BY_NAME["bind"].drift().diff
    assert found.values_gone == (
        ValuesGone("bind_resolver_query_errors_total", "error", ("QueryAbort", "QuerySockFail"), 1),
        ValuesGone("bind_resolver_response_errors_total", "error", ("OtherError", "REFUSED"), 3),
    )


@pytest.mark.parametrize(
    ("entry", "pair", "some"),
    [
        ("bind", "bind", {("panel", "Rewritten by policy zones")}),
        ("mysqld", "mysqld", {("alert", "MySQLCollectorFailed")}),
        ("nginx", "nginx", {("panel", "Exporter version")}),
        ("node", "node", {("alert", "NodeKernelHungTasks")}),
        ("postgres", "postgres", {("alert", "PostgresWraparoundNear"), ("panel", "Write-ahead log")}),
        ("redis", "redis", {("alert", "RedisConnectionsNearLimit")}),
    ],
)
def test_an_entry_of_the_catalog_on_an_old_release(entry: str, pair: str, some: set[tuple[str, str]]) -> None:
    old, _ = BY_NAME[pair].scrapes()
    found = drift_of(ROOT, load_entry(ROOT, entry), old, Side("old.prom"), TODAY)
    assert found is not None
    assert broken(found) >= some


@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_breaks_by_an_entrys_own_scrape(entry: str) -> None:
    text = (ROOT / "lists" / entry / "metrics.prom").read_text(encoding="utf-8")
    found = drift_of(ROOT, load_entry(ROOT, entry), text, Side("metrics.prom"), date(2026, 1, 1))
    assert found is not None
    assert found.broken == ()
    assert found.diff.empty
    assert found.diff.renamed == ()
