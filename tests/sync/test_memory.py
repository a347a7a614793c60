"""What the dashboard remembers: boxes, failures and their back-off. Nothing unreadable is believed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sync.memory import (
    LONGEST_MARK,
    LONGEST_REASON,
    Memory,
    box,
    memory_line,
    memory_of,
    remembered,
    resting,
    rests_until,
    with_ticks,
)
from bot.sync.state import Failure
from tests.sync.strategies import ENTRIES, FAILURES, HOSTILE, MEMORIES, TIMES, VERSIONS

NOW = datetime(2026, 8, 20, 12, 0, 30, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
MARK = '<!-- catalog-bot-dashboard:v1 {"failures":{}} -->'


def ago(hours: float, count: int = 1) -> Failure:
    return Failure(count, NOW - hours * HOUR)


def said(failures: object, *, separators: tuple[str, str] = (",", ":")) -> Mapping[str, Failure]:
    data = failures if isinstance(failures, str) else json.dumps({"failures": failures}, separators=separators)
    return memory_of(f"<!-- catalog-bot-dashboard:v1 {data} -->\n").failures


@given(failures=FAILURES)
def test_failures_are_read_back(failures: Mapping[str, Failure]) -> None:
    line = memory_line(failures)
    assert line.isascii()
    assert line.count(">") == 1
    seconds = {
        entry: Failure(one.count, one.last.replace(microsecond=0), one.reason) for entry, one in failures.items()
    }
    assert memory_of(line) == memory_of(f"{line}\r\nText") == Memory(failures=seconds)


def test_the_very_bytes() -> None:
    failures = {"redis": Failure(3, NOW, "502"), "node": Failure(1, NOW.astimezone(timezone(2 * HOUR)), "<b>")}
    assert memory_line(failures) == (
        '<!-- catalog-bot-dashboard:v1 {"failures":{"node":[1,"2026-08-20T12:00:30Z","\\u003cb\\u003e"],'
        '"redis":[3,"2026-08-20T12:00:30Z","502"]}} -->'
    )


@pytest.mark.parametrize(
    "failure",
    [
        [0, "2026-08-20T12:00:30Z", ""],
        [-1, "2026-08-20T12:00:30Z", ""],
        [True, "2026-08-20T12:00:30Z", ""],
        [1.0, "2026-08-20T12:00:30Z", ""],
        [10**9, "2026-08-20T12:00:30Z", ""],
        ["1", "2026-08-20T12:00:30Z", ""],
        [1, "2026-08-20T12:00:30", ""],
        [1, "2026-08-20T12:00:30+02:00", ""],
        [1, "2026-8-20T12:00:30Z", ""],
        [1, "2026-02-30T12:00:30Z", ""],
        [1, 1787227230, ""],
        [1, "2026-08-20T12:00:30Z", None],
        [1, "2026-08-20T12:00:30Z"],
        [1, "2026-08-20T12:00:30Z", "", ""],
        {"count": 1, "last": "2026-08-20T12:00:30Z"},
        None,
    ],
)
def test_a_failure_that_cannot_be_read_is_none(failure: object) -> None:
    fine = [1, "2026-08-20T12:00:30Z", "why"]
    known = {"node": Failure(1, NOW.replace(microsecond=0), "why")}
    assert said({"node": fine, "redis": failure}) == known
    assert said({"node": fine, "Redis": fine, "../x": fine, "": fine}) == known


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[]",
        "{}",
        '{"failures":[]}',
        '{"failures":{"redis":[1,"2026-08-20T12:00:30Z",""]},"more":1}',
        '{"failures":{},"failures":{"redis":[1,"2026-08-20T12:00:30Z",""]}}',
        '{"failures": {"redis":[1,"2026-08-20T12:00:30Z",""]}}',
        '{"failures":{"redis":[1,"2026-08-20T12:00:30Z",""]}',
        "[" * 5_000,
        "9" * 5_000,
    ],
)
def test_failures_written_by_others_are_none(data: str) -> None:
    assert said(data) == {}


def test_a_long_reason_is_cut_when_it_is_read() -> None:
    fine = [1, "2026-08-20T12:00:30Z", "x" * 500]
    assert said({"node": fine})["node"].reason == "x" * LONGEST_REASON


def test_too_many_failures_lose_their_reasons_then_the_fewest_go() -> None:
    few = {f"e{number:04}": Failure(1, NOW, "x" * 100) for number in range(50)}
    many = {f"e{number:04}": Failure(number + 1, NOW, "x" * 200) for number in range(150)}
    too_many = {f"e{number:04}": Failure(number + 1, NOW, "x" * 200) for number in range(2_000)}
    assert {one.reason for one in memory_of(memory_line(few)).failures.values()} == {"x" * 100}
    assert {entry: one.count for entry, one in memory_of(memory_line(many)).failures.items()} == {
        entry: one.count for entry, one in many.items()
    }
    assert {one.reason for one in memory_of(memory_line(many)).failures.values()} == {""}
    line = memory_line(too_many)
    kept = memory_of(line).failures
    assert len(line) <= LONGEST_MARK
    assert len(kept) > 150
    assert list(kept) == list(too_many)[-len(kept) :]


@pytest.mark.parametrize(
    ("line", "approved"),
    [
        ("- [x] <!-- approve:redis@2.0.0 --> `redis`: 1.88.0", True),
        ("- [X] <!-- approve:redis@2.0.0 --> `redis`", True),
        ("* [x] <!-- approve:redis@2.0.0 --> `redis`", True),
        ("- [x] <!-- approve:redis@2.0.0 -->", True),
        ("- [x] <!-- approve:redis@2.0.0 --> \r", True),
        ("- [ ] <!-- approve:redis@2.0.0 --> `redis`", False),
        ("- [] <!-- approve:redis@2.0.0 --> `redis`", False),
        ("- [y] <!-- approve:redis@2.0.0 --> `redis`", False),
        ("  - [x] <!-- approve:redis@2.0.0 --> `redis`", False),
        ("+ [x] <!-- approve:redis@2.0.0 --> `redis`", False),
        ("> - [x] <!-- approve:redis@2.0.0 --> `redis`", False),
        ("text - [x] <!-- approve:redis@2.0.0 --> `redis`", False),
        ("`- [x] <!-- approve:redis@2.0.0 -->`", False),
        ("- [x] text <!-- approve:redis@2.0.0 -->", False),
        ("- [x] <!-- approve:redis@2.0.0 -->text", False),
        ("- [x] <!--approve:redis@2.0.0-->", False),
        ("- [x] <!-- approve:Redis@2.0.0 -->", False),
        ("- [x] <!-- approve:redis@ -->", False),
        ("- [x] <!-- approve:@2.0.0 -->", False),
        ("- [x] <!-- approve:redis@2.0.0@3.0.0 -->", False),
        ("- [x] <!-- approve:redis@../../x -->", False),
        ("- [x] <!-- approve:redis@2.0.0\u2028 -->", False),
        (f"- [x] <!-- approve:redis@{'2' * 141} -->", False),
        ("- [x] <!-- Approve:redis@2.0.0 -->", False),
        ("- [x] <!-- merge:redis@2.0.0 -->", False),
        ("\u2028- [x] <!-- approve:redis@2.0.0 -->", False),
        ("text\x0b- [x] <!-- approve:redis@2.0.0 -->", False),
    ],
)
def test_which_boxes_count(line: str, approved: bool) -> None:
    expected = frozenset({("redis", "2.0.0")} if approved else ())
    assert memory_of(f"{MARK}\n\n{line}\n") == Memory(approved=expected)
    assert memory_of(f"{MARK}\r\n\r\n{line}\r\n") == Memory(approved=expected)


def test_boxes_of_both_kinds() -> None:
    body = (
        f"{MARK}\n"
        "- [x] <!-- approve:redis@2.0.0 --> a\n"
        "- [x] <!-- approve:node@3.0.0-rc.1 --> b\n"
        "- [ ] <!-- approve:bind@1 --> c\n"
        "* [X] <!-- again:snmp@new-owner/new_name.x --> d\n"
    )
    assert memory_of(body) == Memory(
        frozenset({("redis", "2.0.0"), ("node", "3.0.0-rc.1")}), frozenset({("snmp", "new-owner/new_name.x")})
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "- [x] <!-- approve:redis@2.0.0 -->",
        f"\n{MARK}\n- [x] <!-- approve:redis@2.0.0 -->",
        f" {MARK}\n- [x] <!-- approve:redis@2.0.0 -->",
        f"{MARK.replace('v1', 'v2')}\n- [x] <!-- approve:redis@2.0.0 -->",
        f"{MARK}\n- [x] <!-- approve:redis@2.0.0 -->\n{'x' * 200_000}",
        f"{MARK[:-4]}{' ' * LONGEST_MARK}-->\n- [x] <!-- approve:redis@2.0.0 -->",
    ],
)
def test_what_is_not_the_dashboard_says_nothing(body: str) -> None:
    assert memory_of(body) == Memory()


def test_boxes_are_read_where_the_failures_cannot_be() -> None:
    body = "<!-- catalog-bot-dashboard:v1 broken -->\n- [x] <!-- approve:redis@2.0.0 -->\n"
    assert memory_of(body) == Memory(approved=frozenset({("redis", "2.0.0")}))


@given(what=st.sampled_from(("approve", "again")), entry=ENTRIES, release=VERSIONS, ticked=st.booleans(), text=HOSTILE)
def test_boxes_are_read_back(what: str, entry: str, release: str, ticked: bool, text: str) -> None:
    written = box(what, entry, release, ticked=ticked)
    memory = memory_of(f"{MARK}\n- {written}{text.splitlines()[0] if text.splitlines() else ''}\n")
    wishes = frozenset({(entry, release)} if ticked else ())
    assert (memory.approved, memory.again) == ((wishes, frozenset()) if what == "approve" else (frozenset(), wishes))


def test_ticks_are_kept_in_boxes_that_there_still_are() -> None:
    def dashboard(*boxes: tuple[str, bool]) -> str:
        lines = [f"- {box(what, 'redis', '2.0.0', ticked=ticked)}`redis`" for what, ticked in boxes]
        return "\n".join((memory_line({}), *lines))

    stored = dashboard(("approve", True), ("again", True))
    assert with_ticks(dashboard(("approve", False)), stored.replace("\n", "\r\n")) == dashboard(("approve", True))
    assert with_ticks(dashboard(), stored) == dashboard()
    assert with_ticks(dashboard(("approve", False)), "- [x] <!-- approve:redis@2.0.0 --> `redis`") == dashboard(
        ("approve", False)
    )


@given(entry=HOSTILE, release=HOSTILE)
def test_there_is_no_box_that_could_not_be_read(entry: str, release: str) -> None:
    written = box("approve", entry, release, ticked=True)
    assert memory_of(f"{MARK}\n- {written}\n").approved == frozenset({(entry, release)} if written else ())


@given(body=HOSTILE)
def test_any_text_can_be_read(body: str) -> None:
    assert memory_of(body) == Memory()
    assert memory_of(f"{MARK}\n{body}").failures == {}


@pytest.mark.parametrize(
    ("count", "hours"), [(1, 4), (2, 8), (3, 16), (4, 32), (5, 64), (6, 128), (7, 128), (1_000, 128)]
)
def test_the_rest_doubles_up_to_a_bound(count: int, hours: int) -> None:
    failure = Failure(count, NOW)
    assert rests_until(failure) == NOW + hours * HOUR
    assert resting(failure, NOW) == NOW + hours * HOUR
    assert resting(failure, NOW + hours * HOUR - timedelta(seconds=1)) == NOW + hours * HOUR
    assert resting(failure, NOW + hours * HOUR) is None


def test_nothing_rests_without_a_failure_or_by_a_wrong_clock() -> None:
    assert resting(None, NOW) is None
    assert resting(Failure(1, NOW + timedelta(seconds=1)), NOW) is None


def test_what_is_remembered_after_a_run() -> None:
    memory = Memory(
        failures={
            "again": Failure(2, NOW - 9 * HOUR, "502"),
            "mended": ago(9),
            "not-asked": ago(1, 3),
            "gone": ago(24 * 31),
        }
    )
    last = NOW.replace(microsecond=0)
    assert remembered(memory, {"new", "again"}, {"mended", "again", "new", "fine"}, NOW) == {
        "again": Failure(3, last, "502"),
        "new": Failure(1, last),
        "not-asked": ago(1, 3),
    }


def test_in_the_order_of_names() -> None:
    assert list(remembered(Memory(failures={"m": ago(1)}), ["z", "a"], ["z", "a"], NOW)) == ["a", "m", "z"]


@given(memory=MEMORIES, failed=st.frozensets(ENTRIES, max_size=3), asked=st.frozensets(ENTRIES, max_size=3), now=TIMES)
def test_a_run_counts_each_failure_once(
    memory: Memory, failed: frozenset[str], asked: frozenset[str], now: datetime
) -> None:
    after = remembered(memory, failed, asked | failed, now)
    for entry in failed:
        assert after[entry].count == (memory.failures[entry].count if entry in memory.failures else 0) + 1
        assert after[entry].last == now.replace(microsecond=0)
    assert {entry: one for entry, one in after.items() if entry not in failed}.items() <= memory.failures.items()
    assert not (asked - failed) & set(after)


def test_counting_ends_somewhere() -> None:
    failures: Mapping[str, Failure] = {"redis": Failure(9_999, NOW)}
    for _ in range(3):
        failures = remembered(Memory(failures=failures), ["redis"], ["redis"], NOW)
        assert said(json.loads(memory_line(failures).split(" ", 2)[2].rsplit(" ", 1)[0])["failures"]) == {
            "redis": Failure(10_000, NOW.replace(microsecond=0))
        }
