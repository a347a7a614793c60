"""What names say of what is measured, and how quantities are multiplied and divided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.promql.quantity import (
    BYTE,
    COUNT,
    EPOCH,
    PER_SECOND,
    RATIO,
    SECOND,
    Kind,
    Quantity,
    is_plural,
    measure,
    named,
    product,
    quotient,
    unknown,
)

BYTES, SECONDS = measure((BYTE, 1)), measure((SECOND, 1))
LIKELY_COUNT = COUNT._replace(certain=False)
WORDS = st.sampled_from(
    (
        *("x", "total", "sum", "count", "bucket", "info", "bytes", "seconds", "ms", "ratio", "percent", "per", "rate"),
        *("time", "last", "timestamp", "used", "requests", "micro", "start", "boot", "xid", "size", "Octets", "*", ""),
    )
)


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("node_memory_MemFree_bytes", BYTES),
        ("node_network_receive_bytes_total", BYTES),
        ("ifHCInOctets", BYTES),
        ("x_request_size_bytes_sum", BYTES),
        ("x_bits_total", BYTES._replace(scale=1 / 8)),
        ("x_kilobytes_total", BYTES._replace(scale=1024)),
        ("x_kilo_bytes", BYTES._replace(scale=1024)),
        ("process_cpu_seconds_total", SECONDS),
        ("disk_io_time_seconds_total", SECONDS),
        ("x_write_micro_seconds", SECONDS._replace(scale=1e-6)),
        ("x_milliseconds", SECONDS._replace(scale=1e-3)),
        ("x_duration_ms", SECONDS._replace(scale=1e-3, certain=False)),
        ("x_seconds_max", SECONDS._replace(certain=False)),
        ("memory_bytes_used", BYTES._replace(certain=False)),
        # A time may be a point in time.
        ("probe_dns_lookup_time_seconds", SECONDS._replace(certain=False)),
        ("app_last_success_seconds", unknown("app_last_success_seconds")),
        ("cert_not_after_seconds", unknown("cert_not_after_seconds")),
        ("process_start_time_seconds", measure((EPOCH, 1))),
        ("node_boot_time", measure((EPOCH, 1))),
        ("x_last_run_timestamp_seconds", measure((EPOCH, 1))),
        ("x_timestamp", measure((EPOCH, 1))),
        ("x_timestamp_ms", measure((EPOCH, 1), scale=1e-3)),
        ("x_timestamp_seconds_total", unknown("x_timestamp_seconds_total")),
        ("x_hit_ratio", RATIO._replace(certain=False)),
        ("x_used_bytes_percent", RATIO._replace(scale=0.01, certain=False)),
        ("http_requests_total", COUNT),
        ("x_errors_received_total", COUNT),
        ("x_failed_total", LIKELY_COUNT),
        ("x_cpu_usage_total", unknown("x_cpu_usage_total")),
        ("x_bytesin_total", unknown("x_bytesin_total")),
        ("x_seconds_bucket", COUNT),
        ("x_seconds_count", COUNT),
        ("x_request_count", LIKELY_COUNT),
        ("network_sent_bytes_count", unknown("network_sent_bytes_count")),
        ("go_info", COUNT),
        ("x_celsius", measure(("celsius", 1))),
        ("x_watts", measure((SECOND, -1), ("joule", 1))),
        ("cpu_frequency_hertz", PER_SECOND),
        # What nobody can tell.
        ("up", unknown("up")),
        ("redis_connected_clients", unknown("redis_connected_clients")),
        ("x_bytes_per_second", unknown("x_bytes_per_second")),
        ("x_bytes_rate", unknown("x_bytes_rate")),
        ("x_bytes_limit_errors", unknown("x_bytes_limit_errors")),
        ("hit_kbytes_out_bytes_total", unknown("hit_kbytes_out_bytes_total")),
        ("job:x_bytes:sum", unknown("job:x_bytes:sum")),
        ("pg_age_datfrozenxid_seconds", unknown("pg_age_datfrozenxid_seconds")),
        ("total_sum", unknown("total_sum")),
        ("", unknown("")),
    ],
)
def test_names(name: str, quantity: Quantity) -> None:
    assert named(name) == quantity


@given(st.lists(WORDS, max_size=6).map("_".join))
def test_every_name_says_something_or_nothing(name: str) -> None:
    found = named(name)
    assert found == unknown(name) or found.known
    assert found.scale > 0
    assert (found.kind == Kind.MEASURE) == bool(found.dims)


@pytest.mark.parametrize(
    ("left", "right", "quantity"),
    [
        (BYTES, SECONDS, measure((BYTE, 1), (SECOND, -1))),
        (BYTES, BYTES, RATIO),
        (BYTES, BYTES._replace(scale=1024), RATIO._replace(scale=1 / 1024)),
        (BYTES, COUNT, BYTES),
        (COUNT, SECONDS, PER_SECOND),
        (COUNT, COUNT, RATIO),
        (COUNT, RATIO, COUNT),
        (RATIO._replace(kind=Kind.SHARE), PER_SECOND, SECONDS),
        (RATIO._replace(kind=Kind.SHARE), COUNT, RATIO._replace(kind=Kind.SHARE)),
        (RATIO._replace(kind=Kind.SHARE), RATIO._replace(kind=Kind.SHARE), RATIO),
        (unknown("a"), unknown("a"), RATIO._replace(certain=False)),
    ],
)
def test_quotients(left: Quantity, right: Quantity, quantity: Quantity) -> None:
    assert quotient(left, right) == quantity


@pytest.mark.parametrize(
    ("left", "right", "quantity"),
    [
        (BYTES, COUNT, BYTES),
        (BYTES, RATIO, BYTES),
        (COUNT, RATIO, COUNT._replace(certain=False)),
        (RATIO, RATIO._replace(kind=Kind.SHARE), RATIO._replace(kind=Kind.SHARE, certain=False)),
        (RATIO._replace(bounded=True), RATIO._replace(bounded=True), RATIO._replace(bounded=True)),
        # As many at a time: nobody can be sure.
        (PER_SECOND, SECONDS, COUNT._replace(certain=False)),
    ],
)
def test_products(left: Quantity, right: Quantity, quantity: Quantity) -> None:
    assert product(left, right) == quantity


QUANTITIES = st.builds(
    measure,
    st.tuples(st.sampled_from((BYTE, SECOND, "=a")), st.sampled_from((-1, 1))),
    scale=st.sampled_from((1.0, 1024.0, 1e-3)),
)


@given(QUANTITIES, QUANTITIES)
def test_what_is_divided_by_a_factor_is_the_other(left: Quantity, right: Quantity) -> None:
    both = product(left, right)
    if both.dims:
        assert quotient(both, right).dims == left.dims
        assert quotient(both, right).is_in(left)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (BYTES._replace(scale=1024), BYTES._replace(scale=1000), True),
        (BYTES._replace(scale=1024**5), BYTES._replace(scale=1000**5), True),
        (BYTES._replace(scale=1024), BYTES, False),
        (SECONDS._replace(scale=1.1), SECONDS, False),
    ],
)
def test_scales(left: Quantity, right: Quantity, same: bool) -> None:
    assert left.is_in(right) == same
    assert right.is_in(left) == same


@pytest.mark.parametrize(
    ("word", "plural"),
    [("requests", True), ("fds", True), ("process", False), ("status", False), ("ps", False), ("times", False)],
)
def test_plurals(word: str, plural: bool) -> None:
    assert is_plural(word) == plural
