"""What an entry's evidence says of the labels of a metric."""

from bot.catalog.evidence import Evidence
from bot.metrics.snapshot import parse_snapshot

PUSHED = """\
# TYPE push_time_seconds gauge
push_time_seconds{job="report",instance=""} 1
push_time_seconds{job="backup",instance="db1"} 1
# TYPE pushgateway_build_info gauge
pushgateway_build_info{version="1.11.3"} 1
"""


def labels(metric: str, *, honors: bool) -> tuple[set[str], set[str]]:
    """Those that every series carries, and those that some carry, the metric's name aside."""
    known = Evidence(parse_snapshot(PUSHED), "", (), {}, honors).metric(metric).labels
    return set(known.always - {"__name__"}), set((known.possible or set()) - {"__name__"})


def test_an_empty_label_that_is_honored_takes_the_targets_away() -> None:
    assert labels("push_time_seconds", honors=True) == ({"job"}, {"job", "instance"})
    assert labels("pushgateway_build_info", honors=True) == (
        {"job", "instance", "version"},
        {"job", "instance", "version"},
    )


def test_a_label_that_is_not_honored_gets_another_name() -> None:
    assert labels("push_time_seconds", honors=False) == (
        {"job", "instance", "exported_job"},
        {"job", "instance", "exported_job", "exported_instance"},
    )
