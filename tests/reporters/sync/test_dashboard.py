"""The dashboard: what it lists, which boxes it offers and keeps, and that it reads its own writing back."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.reporters.sync.dashboard import TITLE, dashboard
from bot.sync.memory import LONGEST_REASON, Memory, Wish, memory_of
from bot.sync.model import Kind, Note, Outcome, Topic
from bot.sync.plan import Settled, Standing, Synced
from bot.sync.remarks import another_day
from bot.sync.state import Failure
from tests.reporters.reports import EVIL
from tests.reporters.sync.samples import DONE, MEMORY, proposal, settled
from tests.reporters.sync.test_upstream_text import ACTED_ON
from tests.reporters.test_markdown import tokens
from tests.sync.strategies import MEMORIES, SYNCED

EXPECTED = Path(__file__).parent / "expected"
NOW = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
BUMP = proposal("redis", Kind.BUMP, "1.88.0", "2.0.0", "major")
WISH = frozenset({("redis", "2.0.0")})
APPROVAL = Note(Topic.APPROVAL, "2.0.0 is a major release", "", "2.0.0")
EMPTY = Memory()
RESTS = Note(Topic.WAITING, "2.0.0 rests until 2026-08-27", "", "2.0.0")


def of(*several: Settled, dry: bool = False) -> Synced:
    return Synced("owner/catalog", dry, several)


def body_of(*several: Settled, memory: Memory = EMPTY) -> str:
    return dashboard(of(*several), memory)[1]


def redis(standing: Standing, number: int | None, *notes: Note, proposed: bool = True, reason: str = "") -> Settled:
    return settled("redis", "1.88.0", standing, number, BUMP if proposed else None, *notes, reason=reason)


def test_the_very_text() -> None:
    title, body = dashboard(DONE, MEMORY)
    assert title == TITLE == "Releases: what is open, and what waits"
    assert body == (EXPECTED / "dashboard.md").read_bytes().decode()


def test_nothing_to_say() -> None:
    assert body_of(settled("redis", "1.88.0", Standing.NONE)) == (
        '<!-- catalog-bot-dashboard:v1 {"failures":{}} -->\n'
        "The bot writes this issue after every run and reads the boxes before the next one. "
        "Tick one to have it done; all other text is overwritten.\n"
        "\n"
        "Nothing is open, and nothing waits.\n"
    )


@pytest.mark.parametrize(
    ("one", "approved"),
    [
        # Offered, and taken up.
        (redis(Standing.NONE, None, APPROVAL, proposed=False), True),
        (redis(Standing.NONE, None, RESTS, proposed=False), True),
        (redis(Standing.NEW, None), True),
        (redis(Standing.NEW, 12), True),
        (redis(Standing.CURRENT, 12), True),
        (redis(Standing.REFUSED, 11), True),
        (redis(Standing.FAILED, None), True),
        # Nobody knows.
        (redis(Standing.NONE, None, Note(Topic.FAILED, "502"), proposed=False), True),
        (redis(Standing.NONE, None, Note(Topic.DEFERRED, "limit"), proposed=False), True),
        (redis(Standing.NONE, None, Note(Topic.SECURITY, "altered"), proposed=False), True),
        (redis(Standing.FAILED, None, proposed=False), True),
        (settled("redis", "1.88.0", Standing.NEW, 1, proposal("redis", Kind.MOVE, "1.88.0", "new/redis")), True),
        # No longer on offer.
        (redis(Standing.NONE, None, proposed=False), False),
        (redis(Standing.NONE, None, replace(APPROVAL, version="2.0.1"), proposed=False), False),
        (settled("redis", "1.88.0", Standing.NEW, 1, proposal("redis", Kind.BUMP, "1.88.0", "1.9.0")), False),
        (settled("node", "1.88.0", Standing.NONE, None, None, APPROVAL), False),
    ],
)
def test_an_approval_stays_until_it_is_of_no_use(one: Settled, approved: bool) -> None:
    assert memory_of(body_of(one, memory=Memory(approved=WISH))).approved == (WISH if approved else frozenset())
    assert memory_of(body_of(one)).approved == frozenset()


@pytest.mark.parametrize(
    ("one", "again"),
    [
        (redis(Standing.NEW, None), True),
        (redis(Standing.DEFERRED, None, reason="limit"), True),
        (redis(Standing.FAILED, None, reason="502"), True),
        (redis(Standing.REFUSED, 11), True),
        (redis(Standing.NONE, None, Note(Topic.FAILED, "502"), proposed=False), True),
        (redis(Standing.DEFERRED, None, proposed=False), True),
        # Its pull request is open, or it is not on offer.
        (redis(Standing.NEW, 12), False),
        (redis(Standing.CURRENT, 12), False),
        (redis(Standing.FAILED, 12), False),
        (redis(Standing.NONE, None, proposed=False), False),
        (settled("redis", "1.88.0", Standing.NEW, None, proposal("redis", Kind.BUMP, "1.88.0", "2.0.1")), False),
        (settled("node", "1.88.0", Standing.REFUSED, 1, proposal("node", Kind.BUMP, "1.88.0", "2.0.0")), False),
    ],
)
def test_a_second_chance_stays_ticked_until_it_is_open(one: Settled, again: bool) -> None:
    assert memory_of(body_of(one, memory=Memory(again=WISH))).again == (WISH if again else frozenset())
    assert memory_of(body_of(one)).again == frozenset()


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (
            redis(Standing.NONE, None, APPROVAL, proposed=False),
            "- [ ] <!-- approve:redis@2.0.0 --> `redis`: `2.0.0 is a major release`",
        ),
        (
            redis(Standing.NONE, None, replace(APPROVAL, help="tick it"), proposed=False),
            "- [ ] <!-- approve:redis@2.0.0 --> `redis`: `2.0.0 is a major release`<br>help: `tick it`",
        ),
        (
            redis(Standing.NONE, None, replace(APPROVAL, version="2 0"), proposed=False),
            "- `redis`: `2.0.0 is a major release`",
        ),
        (
            redis(Standing.REFUSED, 11),
            "- [ ] <!-- again:redis@2.0.0 --> `redis`: propose `1.88.0 → 2.0.0` again (#11)",
        ),
        (redis(Standing.NEW, 12), "- #12 `redis`: `1.88.0 → 2.0.0` (major)"),
        (redis(Standing.UPDATED, 12), "- #12 `redis`: `1.88.0 → 2.0.0` (major)"),
        (redis(Standing.CURRENT, 12), "- #12 `redis`: `1.88.0 → 2.0.0` (major)"),
        (redis(Standing.CURRENT, 12, proposed=False), "- #12 `redis`"),
        (redis(Standing.HANDS_OFF, 12), "- #12 `redis`: `1.88.0 → 2.0.0` (major), left to its people"),
        (redis(Standing.HANDS_OFF, None, proposed=False), "- `redis`, left to its people"),
        (redis(Standing.DEFERRED, None, reason="limit"), "- `redis`: `1.88.0 → 2.0.0`; `limit`"),
        (redis(Standing.DEFERRED, 12, reason="limit"), "- #12 `redis`: `1.88.0 → 2.0.0` (major)"),
        (redis(Standing.FAILED, None, reason="502"), "- `redis`: `502`"),
    ],
)
def test_how_an_entry_is_listed(one: Settled, line: str) -> None:
    assert [listed for listed in body_of(one).split("\n") if listed.startswith("- ")] == [line]


@pytest.mark.parametrize(
    "one",
    [
        redis(Standing.NONE, None, proposed=False),
        redis(Standing.CLOSING, 12),
        redis(Standing.NEW, None),
        redis(Standing.NONE, None, another_day(), proposed=False),
    ],
)
def test_what_is_not_listed(one: Settled) -> None:
    assert not re.search(r"^- ", body_of(one), re.MULTILINE)


def test_each_topic_has_its_section_and_security_comes_first() -> None:
    topics = [topic for topic in Topic if topic is not Topic.FAILED]
    body = body_of(redis(Standing.NONE, None, *(Note(topic, f"about {topic}") for topic in topics), proposed=False))
    assert re.findall(r"^## (.*) \(1\)\n\n- .*`about (\w+)`$", body, re.MULTILINE) == [
        ("Security: no longer what was catalogued", "security"),
        ("To approve", "approval"),
        ("Blocked", "blocked"),
        ("Tags of another form", "drift"),
        ("Waiting", "waiting"),
        ("Deferred", "deferred"),
        ("Archived upstream", "archived"),
    ]


def test_a_second_run_writes_the_same() -> None:
    opened = [redis(standing, 12) for standing in (Standing.NEW, Standing.UPDATED, Standing.CURRENT)]
    assert len({body_of(one) for one in opened}) == 1
    body = dashboard(DONE, MEMORY)[1]
    once_more = replace(memory_of(body), failures=memory_of(body).failures)
    assert dashboard(DONE, once_more)[1] == body


def test_an_entry_that_rests_keeps_its_reason() -> None:
    failure = Failure(2, NOW)
    failed = redis(Standing.NONE, None, Note(Topic.FAILED, f"502 {'x' * 500}"), proposed=False)
    rests = redis(Standing.NONE, None, Note(Topic.DEFERRED, "failed in the last runs"), proposed=False)
    first = body_of(failed, memory=Memory(failures={"redis": failure}))
    second = body_of(rests, memory=memory_of(first))
    reason = f"502 {'x' * 500}"[:LONGEST_REASON]
    assert (
        f"## Failing (1)\n\n- `redis`: 2 times in a row, last at 2026-08-20 12:00 UTC, asked again after "
        f"2026-08-20 20:00 UTC: `{reason}`\n"
    ) in first
    assert second == first


def test_the_order_of_entries_does_not_matter() -> None:
    assert dashboard(replace(DONE, settled=DONE.settled[::-1]), MEMORY) == dashboard(DONE, MEMORY)


def known(synced: Synced, wishes: frozenset[Wish]) -> frozenset[Wish]:
    return frozenset(wish for wish in wishes if wish[0] in {one.outcome.entry for one in synced.settled})


@settings(max_examples=60)
@given(synced=SYNCED, memory=MEMORIES)
def test_nothing_but_people_ticks_boxes(synced: Synced, memory: Memory) -> None:
    after = memory_of(dashboard(synced, memory)[1])
    assert after.approved <= known(synced, memory.approved)
    assert after.again <= known(synced, memory.again)
    assert {entry: (one.count, one.last.replace(microsecond=0)) for entry, one in memory.failures.items()} == {
        entry: (one.count, one.last) for entry, one in after.failures.items()
    }
    assert dashboard(synced, after)[1] == dashboard(synced, replace(memory, failures=after.failures))[1]


OURS = re.compile(
    r"The bot writes this issue after every run and reads the boxes before the next one\. Tick one to have it done; "
    r"all other text is overwritten\.|Nothing is open, and nothing waits\.|Security: no longer what was catalogued|To "
    r"approve|Open|Refused|Blocked|Tags of another form|Failing|Waiting|Deferred|Archived upstream"
    r"|\(#?\d+\)|#\d+|\[[ x]\]|:|;|is approved|comes again|propose|again|help:|, left to its people|draft"
    r"|(?:once|\d+ times in a row, last) at [\d-]+ [\d:]+ UTC, asked again after [\d-]+ [\d:]+ UTC"
    r"|\((?:patch|minor|major|bump|facts|move)(?:, )?\)?|\)| "
)
"""The only texts that stand outside code spans."""


@settings(max_examples=60)
@given(synced=SYNCED, memory=MEMORIES)
def test_strangers_speak_only_in_code(synced: Synced, memory: Memory) -> None:
    body = dashboard(synced, memory)[1]
    found = list(tokens(body))
    assert [token.content for token in found if token.type == "text" and OURS.sub("", token.content)] == []
    inline = {token.content for token in found if token.type == "html_inline"} - {"<br>"}
    assert all(re.fullmatch(r"<!-- (approve|again):[a-z0-9-]+@[\w.!+/-]+ -->", content) for content in inline)
    assert [token.content for token in found if token.type == "html_block"] == [body.partition("\n")[0] + "\n"]
    assert not {"link_open", "image", "fence", "code_block"} & {token.type for token in found}
    assert not any(ACTED_ON.search(token.content) for token in found if token.type == "code_inline")
    assert body.encode("utf-8").decode("utf-8") == body


def test_a_large_catalog_fits_and_keeps_its_ticks() -> None:
    names = [f"entry-{number:04}" for number in range(3_000)]
    notes = tuple(Note(topic, f"{EVIL} {'x' * 300}", EVIL, "2.0.0") for topic in Topic)
    synced = of(
        *(
            Settled(
                Outcome(name, "1.0.0", proposal(name, Kind.BUMP, "1.0.0", "2.0.0", "major"), notes),
                tuple(Standing)[number % len(Standing)],
                number + 1,
                (),
                EVIL,
            )
            for number, name in enumerate(names)
        )
    )
    failures = {name: Failure(number + 1, NOW, "x" * 200) for number, name in enumerate(names)}
    ticked = frozenset((name, "2.0.0") for name in names[-20:])
    body = dashboard(synced, Memory(ticked, frozenset(), failures))[1]
    assert 45_000 < len(body) <= 60_000
    assert body.isascii() is False
    assert memory_of(body).approved == ticked
    assert len(memory_of(body).failures) > 100
    assert len(re.findall(r"^- \d+ more$", body, re.MULTILINE)) == 9
