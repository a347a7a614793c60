"""Pull requests: title, labels and text, whatever upstream and the entry say."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.drift.model import Broken, Drift, Side
from bot.drift.model import Kind as Breaks
from bot.metrics.diff import Count, Exposed, Relabelled, Retyped
from bot.metrics.renames import Rename
from bot.model import START, Finding, Severity
from bot.reporters.drift import markdown as drift_markdown
from bot.reporters.sync.pull import proposal_of
from bot.reporters.sync.upstream_text import ZWSP, defused, fenced
from bot.sync.marker import LONGEST_BODY, Marker, marked
from bot.sync.model import Edit, Kind, Step, Wanted
from tests.drift.drifts import DRIFTS
from tests.reporters.sync.samples import BUMP, DRIFT, FACTS, FILE, MOVE
from tests.reporters.sync.test_upstream_text import ACTED_ON
from tests.reporters.test_markdown import tokens
from tests.sync.strategies import WANTED

EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize(
    ("name", "wanted", "drift"),
    [("bump", BUMP, None), ("bump-drift", BUMP, DRIFT), ("facts", FACTS, None), ("move", MOVE, None)],
)
def test_the_very_text(name: str, wanted: Wanted, drift: Drift | None) -> None:
    assert proposal_of(wanted, drift).body == (EXPECTED / f"{name}.md").read_bytes().decode()


@pytest.mark.parametrize(
    ("wanted", "drift", "title", "labels"),
    [
        (BUMP, None, "redis: 1.88.0 → 1.92.1", ("bump", "minor")),
        (BUMP, DRIFT, "redis: 1.88.0 → 1.92.1", ("bump", "minor", "breaks-alerts")),
        (BUMP, replace(DRIFT, broken=()), "redis: 1.88.0 → 1.92.1", ("bump", "minor")),
        (
            BUMP,
            replace(DRIFT, broken=(replace(DRIFT.broken[0], kind=Breaks.PANEL),)),
            "redis: 1.88.0 → 1.92.1",
            ("bump", "minor"),
        ),
        (replace(BUMP, step=Step.MAJOR), None, "redis: 1.88.0 → 1.92.1", ("bump", "major")),
        (
            FACTS,
            None,
            "redis: checksums, digest and commit of 1.88.0, and the repository's id",
            ("facts",),
        ),
        (replace(FACTS, edits=FACTS.edits[:2]), None, "redis: checksums and digest of 1.88.0", ("facts",)),
        (replace(FACTS, edits=FACTS.edits[3:]), None, "redis: the repository's id", ("facts",)),
        (replace(FACTS, edits=(Edit("released", "", "2026-08-19"),)), None, "redis: date of 1.88.0", ("facts",)),
        (replace(FACTS, edits=()), None, "redis: facts of 1.88.0", ("facts",)),
        (MOVE, None, "redis: the repository moved to new-owner/redis_exporter", ("move",)),
        (
            replace(BUMP, to="2.0@you\n#1"),
            None,
            f"redis: 1.88.0 → 2.0@{ZWSP}you\\u{{a}}{ZWSP}#{ZWSP}1",
            ("bump", "minor"),
        ),
        (replace(BUMP, to="x" * 300), None, f"redis: 1.88.0 → {'x' * 183}…", ("bump", "minor")),
    ],
)
def test_title_and_labels(wanted: Wanted, drift: Drift | None, title: str, labels: tuple[str, ...]) -> None:
    proposal = proposal_of(wanted, drift)
    assert (proposal.title, proposal.labels) == (title, labels)


def test_what_is_proposed() -> None:
    bump, move = proposal_of(BUMP, None), proposal_of(MOVE, None)
    assert (bump.entry, bump.kind, bump.branch) == ("redis", Kind.BUMP, "bot/bump/redis")
    assert (bump.version, bump.to, bump.draft, bump.files) == ("1.88.0", "1.92.1", False, (FILE,))
    assert proposal_of(FACTS, None).branch == "bot/bump/redis"
    assert (move.branch, move.draft) == ("bot/move/redis", True)


def test_links_go_to_upstream_alone() -> None:
    assert BUMP.release
    tag = "v1 (x)@y#1/../../z?a=b&c\"'>\u202e"
    wanted = replace(BUMP, repository="o/r/issues/1", old_tag="a/v1", release=replace(BUMP.release, tag=tag))
    body = proposal_of(wanted, None).body
    quoted = "v1%20%28x%29%40y%231%2F..%2F..%2Fz%3Fa%3Db%26c%22%27%3E%E2%80%AE"
    assert f"(https://github.com/o/r%2Fissues%2F1/releases/tag/{quoted})" in body
    assert f"(https://github.com/o/r%2Fissues%2F1/compare/a%2Fv1...{quoted})" in body


def test_half_characters_in_links() -> None:
    assert BUMP.release
    body = proposal_of(replace(BUMP, release=replace(BUMP.release, tag="v\udc80")), None).body
    assert "/releases/tag/v%3F)" in body


def test_without_a_release_nothing_is_linked_but_the_repository() -> None:
    body = proposal_of(replace(BUMP, release=None), None).body
    assert body.startswith(
        "[`oliver006/redis_exporter`](https://github.com/oliver006/redis_exporter) released `1.92.1`: "
        "a **minor** release after `1.88.0`.\n\n| exporter.yaml | old | new |\n"
    )


def test_a_flagged_prerelease_is_told() -> None:
    assert BUMP.release
    body = proposal_of(replace(BUMP, release=replace(BUMP.release, prerelease=True)), None).body
    assert "release after `1.88.0`, which upstream marks as a prerelease.\n" in body.replace("\n\n", "\n")


def test_the_date_is_that_of_utc() -> None:
    assert BUMP.release
    assert BUMP.release.published
    local = BUMP.release.published.astimezone(tz=None)
    body = proposal_of(replace(BUMP, release=replace(BUMP.release, published=local)), None).body
    assert body == proposal_of(BUMP, None).body


def skeleton(body: str) -> list[tuple[str, str, object]]:
    """Everything but what stands in code, and where links lead."""
    return [
        (token.type, "" if token.type in ("code_inline", "fence", "inline") else token.content, token.map)
        for token in tokens(body)
    ]


def tamed(wanted: Wanted) -> Wanted:
    """The same with an x for every text of others."""

    def x(text: str) -> str:
        return "x" if text else ""

    release = wanted.release
    return replace(
        wanted,
        entry=x(wanted.entry),
        version=x(wanted.version),
        to=x(wanted.to),
        repository=x(wanted.repository),
        old_tag=x(wanted.old_tag),
        edits=tuple(
            Edit(edit.what if edit.what == "upstream.repository" else x(edit.what), x(edit.old), x(edit.new))
            for edit in wanted.edits
        ),
        notes="\n".join("x" for _ in fenced(wanted.notes).splitlines()[2:]) if wanted.notes.strip() else "",
        faults=tuple(map(x, wanted.faults)),
        unchecked=tuple(map(x, wanted.unchecked)),
        release=replace(release, tag="x", url="") if release else None,
    )


@settings(max_examples=200)
@given(wanted=WANTED)
def test_no_text_of_others_makes_or_moves_anything(wanted: Wanted) -> None:
    body = proposal_of(wanted, None).body
    assert skeleton(body) == skeleton(proposal_of(tamed(wanted), None).body)
    assert not ACTED_ON.search(re.sub(r"\]\(https://github\.com/[A-Za-z0-9._~%/-]*\)", "]", body))
    hrefs = [str(token.attrs["href"]) for token in tokens(body) if token.type == "link_open"]
    assert all(href.startswith("https://github.com/") for href in hrefs)
    assert len(hrefs) == {Kind.BUMP: 1 + bool(wanted.release) * (1 + bool(wanted.old_tag))}.get(wanted.kind, 1)


@settings(max_examples=40)
@given(wanted=WANTED, drift=DRIFTS)
def test_whatever_is_wanted_can_be_written(wanted: Wanted, drift: Drift) -> None:
    proposal = proposal_of(wanted, drift)
    for text in (proposal.title, proposal.body):
        assert text.encode("utf-8").decode("utf-8") == text
    assert (defused(drift_markdown.render(drift)) in proposal.body) is (wanted.kind is Kind.BUMP)
    assert not ACTED_ON.search(re.sub(r"\]\(https://github\.com/[A-Za-z0-9._~%/-]*\)", "]", proposal.body))
    assert proposal.draft is bool(wanted.faults)


BURSTING = "@`" * 5_000
MONSTER = replace(
    BUMP,
    entry=BURSTING,
    version=BURSTING,
    to=BURSTING,
    repository=f"{BURSTING}/{BURSTING}",
    edits=(Edit(BURSTING, BURSTING, BURSTING),) * 3 + (Edit("x" * 60, "#1" * 100, "#1" * 100),) * 500,
    old_tag=BURSTING,
    notes="@" * 1_000_000,
    faults=("#1" * 400,) * 500,
    unchecked=("#1" * 400,) * 500,
)


@pytest.mark.parametrize("kind", Kind)
def test_the_longest_texts_do_not_burst_it(kind: Kind) -> None:
    assert BUMP.release
    finding = Finding(BURSTING, START, Severity.ERROR, "alerts/metric", BURSTING, BURSTING, "redis")
    side = Side(BURSTING, BURSTING)
    diff = replace(DRIFT.diff, removed=tuple(Exposed("@1" * 400, "gauge", "", (), 1) for _ in range(500)))
    drift = Drift(BURSTING, side, side, diff, (Broken(Breaks.ALERT, BURSTING, finding),) * 500)
    wanted = replace(MONSTER, kind=kind, release=replace(BUMP.release, tag=BURSTING))
    body = proposal_of(wanted, drift).body
    assert len(body) <= LONGEST_BODY
    marker = Marker("r" * 60, kind, "1" * 60, "<" * 250, "0" * 64, "0" * 16)
    assert len(marked(marker, body)) <= 65_536
    assert body.endswith("until there is something else to propose.\n")
    assert body.count("<details>") == body.count("</details>")
    assert re.search(r"\n\d+ more\n", body)
    assert [line for line in body.split("\n") if line.startswith("- ") and line.endswith(" more")]


def test_a_long_comparison_takes_the_room_that_is_left() -> None:
    names = [f"redis_metric_{number:04}" for number in range(3_000)]
    removed = tuple(Exposed(name, "gauge", "", ("db",), 1) for name in names)
    diff = replace(
        DRIFT.diff,
        removed=removed,
        added=tuple(replace(one, name=f"x{one.name}") for one in removed),
        renamed=tuple(Rename(name, f"x{name}", 0.9, ("help",)) for name in names[:500]),
        relabelled=tuple(Relabelled(name, (name,), ()) for name in names),
    )
    drift = replace(DRIFT, diff=diff, broken=DRIFT.broken * 2_000)
    body = proposal_of(replace(BUMP, notes="x" * 20_000), drift).body
    assert len(body) <= LONGEST_BODY
    assert "## `redis`: 1 alert breaks\n" in body
    assert body.count("| alert | `RedisOutOfMemory` |") > 50
    assert body.count("<details>") == body.count("</details>") == 4
    short = proposal_of(replace(BUMP, notes=""), drift).body
    assert body.count("| alert | ") < short.count("| alert | ")
    assert len(short) <= LONGEST_BODY


def test_a_comparison_that_bursts_the_room_is_summed_up() -> None:
    names = [f"{number}{'@' * 900}" for number in range(100)]
    removed = tuple(Exposed(name, "gauge", "", (), 1) for name in names)
    diff = replace(
        DRIFT.diff,
        removed=removed,
        added=tuple(replace(one, name=f"x{one.name}") for one in removed),
        retyped=tuple(Retyped(name, "gauge", "counter") for name in names),
        relabelled=tuple(Relabelled(name, (name,), ()) for name in names),
        series=tuple(Count(name, 1, 2) for name in names),
    )
    finding = replace(DRIFT.broken[0].finding, message="@" * 900, help="@" * 900)
    broken = tuple(Broken(Breaks.ALERT, name, finding) for name in names)
    side = Side("a")
    body = proposal_of(BUMP, Drift("redis", side, side, diff, broken)).body
    assert (
        "## `redis`: 100 alerts break\n\n"
        "Metrics: 100 removed, 100 added, 100 of another type, 100 with other labels. "
        "There is no room for all of it here: `curl -s URL | python -m bot diff redis --to -` tells.\n"
    ) in body
    assert "| alert |" not in body
