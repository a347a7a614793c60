"""What two scrapes have in common, and what not."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.diff import Count, Diff, Exposed, Relabelled, Retyped, ValuesGone, diff
from bot.metrics.snapshot import Snapshot, parse_snapshot
from tests.metrics.expositions import broken


def of(*lines: str) -> Snapshot:
    return parse_snapshot("".join(f"{line}\n" for line in lines))


def compared(then: Sequence[str], now: Sequence[str]) -> Diff:
    return diff(of(*then), of(*now))


def test_added_and_removed() -> None:
    found = compared(
        ["# HELP b_total Bees.", "# TYPE b_total counter", 'b_total{y="1",x="2"} 1', 'b_total{y="2"} 1', "a 1"],
        ["a 2", "# HELP c Waits.", "# TYPE c histogram", 'c_bucket{le="+Inf",z="1"} 1', 'c_sum{z="1"} 1', "d 1"],
    )
    assert found.removed == (Exposed("b_total", "counter", "Bees.", ("x", "y"), 2),)
    assert found.added == (Exposed("c", "histogram", "Waits.", ("z",), 2), Exposed("d", "untyped", "", (), 1))
    assert found.series == (Count("a", 1, 1), Count("b_total", 2, 0), Count("c", 0, 2), Count("d", 0, 1))
    assert (found.metrics, found.total) == (Count("", 2, 3), Count("", 3, 4))
    assert not found.empty


def test_retyped() -> None:
    found = compared(["# TYPE b counter", "b 1", "a 1"], ["# TYPE b gauge", "b 1", "# TYPE a counter", "a 1"])
    assert found.retyped == (Retyped("a", "untyped", "counter"), Retyped("b", "counter", "gauge"))


def test_only_the_number_of_series_differs() -> None:
    found = compared(['a{device="x"} 1'], ['a{device="x"} 5', 'a{device="y"} 1'])
    assert found.empty
    assert found.series == (Count("a", 1, 2),)


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        (['a{x="1",y="1"} 1'], ['a{y="1",z="1"} 1'], [Relabelled("a", ("x",), ("z",))]),
        # What one series still has is not lost; what one has already is not gained.
        (['a{x="1"} 1', 'a{y="1"} 1'], ['a{x="1",y="1"} 1'], []),
        # An empty label is none.
        (['a{x=""} 1'], ["a 1"], []),
        (['a{x="1"} 1'], ['a{x=""} 1'], [Relabelled("a", ("x",), ())]),
        # Without a series, nobody knows.
        (['a{x="1"} 1'], ["# TYPE a gauge"], []),
        # The bounds of a histogram are no labels of its own.
        (
            ["# TYPE a histogram", 'a_bucket{le="+Inf"} 1', "a_sum 1"],
            ["# TYPE a summary", 'a{quantile="0.5"} 1', "a_sum 1"],
            [],
        ),
        (['a{le="1"} 1'], ["a 1"], [Relabelled("a", ("le",), ())]),
    ],
)
def test_relabelled(then: list[str], now: list[str], expected: list[Relabelled]) -> None:
    assert list(compared(then, now).relabelled) == expected


def modes(*modes: str, cpus: int = 2, label: str = "mode", metric: str = "cpu_seconds_total") -> list[str]:
    return [f'{metric}{{cpu="{cpu}",{label}="{mode}"}} 1' for cpu in range(cpus) for mode in modes]


def test_a_value_of_an_enumeration_is_gone() -> None:
    found = compared(modes("idle", "system", "user"), modes("idle", "user", "guest"))
    assert found.values_gone == (ValuesGone("cpu_seconds_total", "mode", ("system",), 2),)


@pytest.mark.parametrize(
    ("then", "now"),
    [
        # Names of things are other ones on every machine.
        (modes("sda", "sdb", label="device"), modes("sda", label="device")),
        # Codes, and whatever is numbered: only those that occurred.
        (modes("200", "404", label="code"), modes("200", label="code")),
        (modes("q1", "q2", label="queue"), modes("q1", label="queue")),
        # Not every combination has every value: they come as they occur.
        ([*modes("read", "write", label="op"), 'cpu_seconds_total{cpu="2",op="sync"} 1'], modes("read", label="op")),
        # One combination proves nothing, unless the name of the label says so.
        (modes("reset", "refused", label="error", cpus=1), modes("reset", label="error", cpus=1)),
        # One value alone may be the one that holds just now.
        (modes("up", label="state"), modes("down", label="state")),
        # An info metric tells what is so at the time.
        (modes("a", "b", metric="x_info"), modes("a", metric="x_info")),
        # A label that is not there any more is not a matter of values.
        (modes("idle", "user"), ['cpu_seconds_total{cpu="1"} 1']),
    ],
)
def test_values_of_which_nothing_is_said(then: list[str], now: list[str]) -> None:
    assert compared(then, now).values_gone == ()


@pytest.mark.parametrize("label", ["collector", "state", "mode"])
def test_labels_whose_name_is_enough(label: str) -> None:
    found = compared(modes("a", "b", label=label, cpus=1), modes("a", label=label, cpus=1))
    assert found.values_gone == (ValuesGone("cpu_seconds_total", label, ("b",), 1),)


def test_bounds_are_compared_as_numbers() -> None:
    kind, bucket = "# TYPE a histogram", 'a_bucket{{le="{}"}} 1'.format
    found = compared([kind, *map(bucket, ("0.5", "1", "10", "2", "+Inf"))], [kind, *map(bucket, ("1.0", "+Inf", "3"))])
    assert found.values_gone == (ValuesGone("a", "le", ("0.5", "2", "10"), 2),)
    kind, quantile = "# TYPE a summary", 'a{{quantile="{}"}} 1'.format
    found = compared([kind, quantile("0.5"), quantile("0.99")], [kind, quantile("0.99")])
    assert found.values_gone == (ValuesGone("a", "quantile", ("0.5",), 1),)


WORDS = ("node", "cpu", "memory", "free", "seconds", "bytes", "total", "info")
TYPES = ("counter", "gauge", "histogram", "summary", "untyped")


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Metrics with much in common."""
    lines: list[str] = []
    names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map("_".join)
    for name in draw(st.lists(names, unique=True, max_size=6)):
        if draw(st.booleans()):
            lines.append(
                f"# HELP {name} {draw(st.sampled_from(['Time.', 'Free memory in bytes.', 'Seconds, by CPU.']))}"
            )
        lines.append(f"# TYPE {name} {draw(st.sampled_from(TYPES))}")
        for label in draw(st.lists(st.sampled_from(["mode", "state", "device", "le"]), max_size=2, unique=True)):
            lines += [
                f'{name}{{{label}="{value}"}} 1' for value in draw(st.lists(st.sampled_from("abc1"), unique=True))
            ]
    return of(*lines)


@given(snapshots())
def test_a_scrape_and_itself(snapshot: Snapshot) -> None:
    found = diff(snapshot, snapshot)
    assert found.empty
    assert found.renamed == ()
    assert all(count.then == count.now for count in (*found.series, found.metrics, found.total))


@given(snapshots(), snapshots())
def test_turned_round(then: Snapshot, now: Snapshot) -> None:
    there, back = diff(then, now), diff(now, then)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert {(one.then, one.now, one.likeness) for one in there.renamed} == {
        (one.now, one.then, one.likeness) for one in back.renamed
    }
    assert [(one.name, one.then, one.now) for one in there.retyped] == [
        (one.name, one.now, one.then) for one in back.retyped
    ]
    assert [(one.name, one.lost, one.gained) for one in there.relabelled] == [
        (one.name, one.gained, one.lost) for one in back.relabelled
    ]
    assert [(one.name, one.then, one.now) for one in there.series] == [
        (one.name, one.now, one.then) for one in back.series
    ]
    assert there.total.then - there.total.now == back.total.now - back.total.then


@given(snapshots(), snapshots())
def test_it_adds_up(then: Snapshot, now: Snapshot) -> None:
    found = diff(then, now)
    assert len(found.added) - len(found.removed) == found.metrics.now - found.metrics.then
    assert found.metrics == Count("", len(then.families), len(now.families))
    assert found.total == Count("", sum(one.then for one in found.series), sum(one.now for one in found.series))
    removed, added = {one.name for one in found.removed}, {one.name for one in found.added}
    assert {one.then for one in found.renamed} <= removed
    assert {one.now for one in found.renamed} <= added
    assert len({one.then for one in found.renamed}) == len({one.now for one in found.renamed}) == len(found.renamed)
    for names in ([one.name for one in every] for every in (found.added, found.removed, found.retyped, found.series)):
        assert names == sorted(names)


@given(broken, broken)
def test_whatever_was_scraped(then: str, now: str) -> None:
    found = diff(parse_snapshot(then), parse_snapshot(now))
    assert found.total.then >= 0
    assert found == diff(parse_snapshot(then), parse_snapshot(now))
