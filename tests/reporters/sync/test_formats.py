"""What a sync did, or would do, as text, JSON and Markdown."""

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from bot.catalog.files import HIDDEN
from bot.reporters.sync import FORMATS, markdown, text
from bot.reporters.sync.phrases import is_quiet, summary
from bot.sync.model import Kind, Note, Topic
from bot.sync.plan import Settled, Standing, Synced
from bot.sync.state import ClosePull, EditPull, OpenPull, PushBranch, Relabel
from tests.reporters.reports import EVIL
from tests.reporters.sync.samples import BLOB, DONE, DRY, proposal, settled
from tests.reporters.test_markdown import tokens
from tests.sync.strategies import SYNCED

EXPECTED = Path(__file__).parent / "expected"
SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/sync.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
BUMP = proposal("redis", Kind.BUMP, "1.88.0", "1.92.1", "minor")
NOTHING = Synced("owner/catalog", True, ())


def of(*several: Settled) -> Synced:
    return replace(NOTHING, settled=several)


@pytest.mark.parametrize(
    ("name", "format_", "synced"),
    [("dry.txt", "text", DRY), ("done.txt", "text", DONE), ("dry.md", "markdown", DRY), ("dry.json", "json", DRY)],
)
def test_renders_exactly(name: str, format_: str, synced: Synced) -> None:
    assert FORMATS[format_](synced) == (EXPECTED / name).read_bytes().decode()


def test_every_expected_file_is_used() -> None:
    pulls = ("bump.md", "bump-drift.md", "facts.md", "move.md")
    names = ("dry.txt", "done.txt", "dry.md", "dry.json", "dashboard.md", *pulls)
    assert sorted(path.name for path in EXPECTED.iterdir()) == sorted(names)


def test_the_sample_shows_everything() -> None:
    assert {one.standing for one in DRY.settled} == set(Standing)
    assert {note.topic for one in DRY.settled for note in one.outcome.notes} >= set(Topic) - {Topic.DEFERRED}
    assert {one.outcome.proposal.kind for one in DRY.settled if one.outcome.proposal} == set(Kind)


@pytest.mark.parametrize(
    ("settled_", "dry", "expected"),
    [
        ([], True, "0 entries: nothing to do"),
        ([settled("a", "1", Standing.NONE)], True, "1 entry: 1 current"),
        (
            [
                redis := settled("redis", "1.88.0", Standing.NEW, None, BUMP),
                *(settled(f"w{n}", "1", Standing.NONE, None, None, Note(Topic.WAITING, "x")) for n in range(2)),
                *(settled(f"c{n}", "1", Standing.NONE) for n in range(12)),
            ],
            True,
            "15 entries: 1 would be opened, 2 wait, 12 current",
        ),
        ([redis], False, "1 entry: 1 opened"),
        ([settled("a", "1", Standing.NONE, None, None, Note(Topic.WAITING, "x"))], True, "1 entry: 1 waits"),
        (
            [settled("a", "1", Standing.NONE, None, None, Note(Topic.APPROVAL, "x"))] * 2,
            True,
            "2 entries: 2 want a tick",
        ),
        (
            [settled("a", "1", Standing.NONE, None, None, Note(Topic.ARCHIVED, "x"))],
            True,
            "1 entry: 1 archived upstream",
        ),
        (
            [
                settled("a", "1", Standing.DEFERRED),
                settled("b", "1", Standing.NONE, None, None, Note(Topic.DEFERRED, "")),
            ],
            True,
            "2 entries: 2 deferred",
        ),
        (
            [settled("a", "1", Standing.FAILED), settled("b", "1", Standing.CURRENT, 1, None, Note(Topic.FAILED, ""))],
            False,
            "2 entries: 2 failed",
        ),
        (
            [settled("a", "1", Standing.CURRENT, 1, None, Note(Topic.FAILED, ""), Note(Topic.SECURITY, ""))],
            False,
            "1 entry: 1 with a security finding",
        ),
        (
            [settled("a", "1", Standing.NONE, None, None, Note(Topic.WAITING, ""), Note(Topic.BLOCKED, ""))],
            False,
            "1 entry: 1 blocked",
        ),
        (
            [settled("a", "1", Standing.UPDATED, 2), settled("b", "1", Standing.CLOSING, 3)],
            False,
            "2 entries: 1 updated, 1 closed",
        ),
    ],
)
def test_last_line_sums_up(settled_: list[Settled], dry: bool, expected: str) -> None:
    synced = Synced("owner/catalog", dry, tuple(settled_))
    assert summary(synced) == expected
    assert text.render(synced).splitlines()[-1] == expected
    assert markdown.render(synced).splitlines()[0] == f"## {expected}"


@settings(max_examples=60)
@given(synced=SYNCED)
def test_every_entry_is_counted_once(synced: Synced) -> None:
    said = summary(synced).partition(": ")[2]
    counts = [int(part.split(" ", 1)[0]) for part in said.split(", ")] if synced.settled else []
    assert sum(counts) == len(synced.settled)


def test_unchanged_entries_are_only_counted() -> None:
    synced = of(settled("a", "1", Standing.NONE), settled("b", "1", Standing.NONE))
    assert text.render(synced) == "2 entries: 2 current\n"
    assert markdown.render(synced) == "## 2 entries: 2 current\n"


def test_that_nobody_said_which_repository_shows() -> None:
    synced = replace(of(settled("redis", "1.88.0", Standing.NEW, None, BUMP)), repository="")
    assert text.render(synced) == (
        "redis   1.88.0 → 1.92.1   minor   would open a pull request\n\n"
        "which pull requests are open is not known: no repository was named\n"
        "1 entry: 1 would be opened\n"
    )
    assert "\n\nWhich pull requests are open is not known: no repository was named.\n\n|" in markdown.render(synced)


def test_alignment_is_bounded() -> None:
    long = proposal("redis", Kind.BUMP, "1" * 60, "2" * 60, "patch")
    first, second, *_ = text.render(
        of(settled("redis", "1" * 60, Standing.CURRENT, 1, long), settled("a", "1", Standing.FAILED, reason="x"))
    ).splitlines()
    assert first == f"redis   {'1' * 60} → {'2' * 60}   patch   #1 is open"
    assert second == f"a       1{' ' * 47}           failed: x"


def test_what_is_done_where_nothing_is_proposed() -> None:
    push = PushBranch("bot/bump/a", "bot/scratch/a", BLOB, None, "", "", ())
    several = (
        push,
        OpenPull("bot/bump/a", "", "", "", False, ()),
        EditPull(1, "", "", False, False),
        Relabel(1, (), ()),
    )
    one = replace(settled("a", "1", Standing.NONE, reason="left as it is"), actions=(*several, ClosePull(1, "", "")))
    assert text.render(of(one)).splitlines()[0] == (
        "a   1      would push bot/bump/a, would open a pull request from bot/bump/a, would edit #1, would relabel #1, "
        "would close #1: left as it is"
    )


def test_colours() -> None:
    several = (
        settled("redis", "1.88.0", Standing.NEW, None, BUMP, Note(Topic.SECURITY, "m", "h"), Note(Topic.WAITING, "w")),
        settled("a", "1", Standing.FAILED, reason="r"),
    )
    assert text.render(replace(of(*several), trouble=("t",)), color=True) == (
        "\x1b[1mredis\x1b[0m   1.88.0 → 1.92.1   minor   \x1b[32mwould open a pull request\x1b[0m\n"
        "  = \x1b[31msecurity:\x1b[0m m\n"
        "  = help: h\n"
        "  = waiting: w\n"
        "\x1b[1ma\x1b[0m       1                         \x1b[31mfailed: r\x1b[0m\n\n"
        "\x1b[31mfailed:\x1b[0m t\n\n"
        "2 entries: 1 with a security finding, 1 failed\n"
    )


@settings(max_examples=60)
@given(synced=SYNCED)
def test_colours_change_no_text(synced: Synced) -> None:
    assert re.sub(r"\x1b\[\d+m", "", text.render(synced, color=True)) == text.render(synced)


@settings(max_examples=60)
@given(synced=SYNCED)
def test_nothing_hostile_reaches_the_terminal(synced: Synced) -> None:
    rendered = text.render(synced)
    controls = {character for character in rendered if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")}
    assert controls <= {"\n"}
    assert not HIDDEN.search(rendered)
    shown = [one for one in synced.settled if not is_quiet(one)]
    lines = sum(1 + sum(1 + bool(note.help) for note in one.outcome.notes) for one in shown)
    several = sum(map(bool, (shown, synced.others, synced.trouble)))
    lines += len(synced.others) + len(synced.trouble) + several + 1 + (not synced.repository)
    assert rendered.count("\n") == lines


@settings(max_examples=60)
@given(synced=SYNCED)
def test_whatever_is_rendered_can_be_written(synced: Synced) -> None:
    for render in FORMATS.values():
        rendered = render(synced)
        assert rendered.encode("utf-8").decode("utf-8") == rendered
        assert rendered.endswith("\n")


OURS = re.compile(
    r"\d+ (?:entry|entries): .*|entry|version|step|pull request|notes|failed:|help:|:"
    r"|Which pull requests are open is not known: no repository was named\."
    r"|bump|facts|move|patch|minor|major|security|failed|blocked|drift|approval|waiting|deferred|archived"
)
"""The only texts that stand outside code spans."""


@settings(max_examples=60)
@given(synced=SYNCED)
def test_strangers_speak_only_in_code(synced: Synced) -> None:
    found = list(tokens(markdown.render(synced)))
    assert [t.content for t in found if t.type == "text" and OURS.sub("", t.content).strip(" ")] == []
    assert {token.content for token in found if token.type == "html_inline"} <= {"<br>"}
    assert not {"html_block", "link_open", "image", "fence", "code_block"} & {token.type for token in found}
    rows = sum(not is_quiet(one) for one in synced.settled)
    assert sum(token.type == "tr_open" for token in found) == (rows + 1 if rows else 0)


def test_too_much_is_cut_and_counted() -> None:
    notes = (Note(Topic.BLOCKED, EVIL * 5, EVIL), Note(Topic.SECURITY, "|" * 900, EVIL))
    several = tuple(settled(f"e{n}", "1", Standing.FAILED, None, None, *notes, reason=EVIL) for n in range(500))
    rendered = markdown.render(replace(of(*several), trouble=("`|" * 500,) * 500, others=DRY.others * 500))
    assert 40_000 < len(rendered) <= markdown.LONGEST
    assert len(re.findall(r"^(?:- )?\d+ more$", rendered, re.MULTILINE)) == 3


def test_the_schema_is_closed_and_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    objects = [SCHEMA, *(part for part in SCHEMA["$defs"].values() if "object" in part["type"])]
    objects.append(SCHEMA["$defs"]["actions"]["items"])
    assert len(objects) == 6
    for part in objects:
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
    definitions = SCHEMA["$defs"]
    assert definitions["entry"]["properties"]["standing"]["enum"] == list(Standing)
    assert definitions["note"]["properties"]["topic"]["enum"] == list(Topic)
    assert definitions["proposal"]["properties"]["kind"]["enum"] == list(Kind)


@settings(max_examples=60)
@given(synced=SYNCED)
def test_json_is_what_the_schema_says(synced: Synced) -> None:
    rendered = FORMATS["json"](synced)
    document = json.loads(rendered)
    VALIDATOR.validate(document)
    assert rendered.isascii()
    assert len(document["entries"]) == len(synced.settled)
    assert list(document) == list(SCHEMA["properties"])


def test_json_of_every_action() -> None:
    document = json.loads(FORMATS["json"](DRY))
    actions = [*(action for entry in document["entries"] for action in entry["actions"]), *document["others"]]
    assert [(action["kind"], action["target"]) for action in actions] == [
        ("close-pull", "#4"),
        ("delete-branch", "bot/bump/blackbox"),
        ("push-branch", "bot/bump/redis"),
        ("open-pull", "bot/bump/redis"),
        ("edit-pull", "#6"),
        ("relabel", "#6"),
        ("delete-branch", "bot/bump/unbound"),
        ("delete-branch", "bot/scratch/bump/old"),
        ("write-dashboard", "#7"),
        ("say-hands-off", "#5"),
    ]
    kinds = SCHEMA["$defs"]["actions"]["items"]["properties"]["kind"]["enum"]
    assert {action["kind"] for action in actions} == set(kinds)
