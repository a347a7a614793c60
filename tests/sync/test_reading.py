"""Surveys are read back as they were written; a survey that the bot would not write is refused, with the place."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings

from bot.checks.schemas import validator
from bot.errors import BotError
from bot.reporters.sync import FORMATS
from bot.reporters.sync.pull import proposal_of
from bot.sync import reading
from bot.sync.model import File, Kind, Note, Outcome, Topic
from bot.sync.plan import Settled, Standing, Synced
from bot.sync.reading import LABELS, outcomes_of
from tests.drift.drifts import DRIFTS
from tests.reporters.sync.samples import BUMP, DRY, FACTS, FILE, MOVE
from tests.sync.strategies import ENTRIES, SURVEYS, SYNCED, WANTED

HELP = "write it anew: python -m bot sync --dry-run --report json=FILE"
OUTCOMES = (
    Outcome("node", "1.11.1", None, (Note(Topic.WAITING, "1.12.0 rests", "wait", "1.12.0"),)),
    Outcome("redis", "1.88.0", proposal_of(BUMP, None), ()),
)

Change = Callable[[Any], object]


def written(*outcomes: Outcome, repository: str = "owner/catalog") -> str:
    several = tuple(Settled(outcome, Standing.NEW if outcome.proposal else Standing.NONE) for outcome in outcomes)
    return FORMATS["json"](Synced(repository, True, several))


def refusal(text: str) -> str:
    with pytest.raises(BotError) as raised:
        outcomes_of(text)
    assert raised.value.hint == HELP
    message = raised.value.message
    assert message.startswith("the survey cannot be carried out: ")
    assert "\n" not in message
    return message.removeprefix("the survey cannot be carried out: ")


@settings(max_examples=150)
@given(outcomes=SURVEYS)
def test_what_was_written_is_read_back(outcomes: tuple[Outcome, ...]) -> None:
    assert outcomes_of(written(*outcomes)) == ("owner/catalog", outcomes)


def test_the_repository_may_be_unknown() -> None:
    assert outcomes_of(written(*OUTCOMES, repository="")) == ("", OUTCOMES)


def test_only_outcomes_are_read() -> None:
    assert outcomes_of(FORMATS["json"](replace(DRY, settled=DRY.settled[:-1]))) == (
        "owner/catalog",
        tuple(one.outcome for one in DRY.settled[:-1]),
    )


@pytest.mark.parametrize("wanted", [BUMP, FACTS, MOVE])
def test_what_the_bot_proposes_passes(wanted: Any) -> None:
    outcome = Outcome("redis", "1.88.0", proposal_of(wanted, None), ())
    assert outcomes_of(written(outcome)) == ("owner/catalog", (outcome,))


@settings(max_examples=60)
@given(wanted=WANTED, drift=DRIFTS, entry=ENTRIES)
def test_whatever_upstream_says_what_the_bot_proposes_passes(wanted: Any, drift: Any, entry: str) -> None:
    wanted = replace(
        wanted, entry=entry, version="1.0", to="1.1", files=(File(f"lists/{entry}/exporter.yaml", "", "name: x\n"),)
    )
    outcome = Outcome(entry, "1.0", proposal_of(wanted, drift), ())
    assert outcomes_of(written(outcome)) == ("owner/catalog", (outcome,))


@settings(max_examples=60)
@given(synced=SYNCED)
def test_any_report_is_read_or_refused(synced: Synced) -> None:
    text = FORMATS["json"](synced)
    with suppress(BotError):
        _, outcomes = outcomes_of(text)
        assert [outcome.entry for outcome in outcomes] == [entry["entry"] for entry in json.loads(text)["entries"]]
        assert outcomes_of(written(*outcomes))[1] == outcomes


def proposal(data: Any) -> Any:
    return data["entries"][1]["proposal"]


def put(route: str, value: object) -> Change:
    """A change of what stands at a route; the route starts at redis' proposal where it starts with a dot."""

    def change(data: Any) -> None:
        *way, last = [int(part) if part.isdecimal() else part for part in route.removeprefix(".").split("/")]
        at = proposal(data) if route.startswith(".") else data
        for step in way:
            at = at[step]
        at[last] = value

    return change


def both(*changes: Change) -> Change:
    return lambda data: [change(data) for change in changes]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("version", 2), "version is not as schemas/sync.schema.json says (const)"),
        (put("more", 1), "it is not as schemas/sync.schema.json says (additionalProperties)"),
        (lambda data: data.pop("trouble"), "it is not as schemas/sync.schema.json says (required)"),
        (put("entries", {}), "entries is not as schemas/sync.schema.json says (type)"),
        (put("entries/0/more", 1), "entries/0 is not as schemas/sync.schema.json says (additionalProperties)"),
        (put("entries/0/entry", None), "entries/0/entry is not as schemas/sync.schema.json says (type)"),
        (put("entries/0/number", 0), "entries/0/number is not as schemas/sync.schema.json says (minimum)"),
        (put("entries/0/notes/0/topic", "x"), "entries/0/notes/0/topic is not as schemas/sync.schema.json says (enum)"),
        (put(".draft", 1), "entries/1/proposal/draft is not as schemas/sync.schema.json says (type)"),
        (put(".kind", "merge"), "entries/1/proposal/kind is not as schemas/sync.schema.json says (enum)"),
        (
            put(".files/0/mode", "100755"),
            "entries/1/proposal/files/0 is not as schemas/sync.schema.json says (additionalProperties)",
        ),
        (put("entries/1/proposal", []), "entries/1/proposal is not as schemas/sync.schema.json says (type)"),
        (put("repository", "owner"), "repository is no OWNER/NAME"),
        (put("repository", "owner/catalog/x"), "repository is no OWNER/NAME"),
        (put("repository", "owner/catalog\n"), "repository is no OWNER/NAME"),
        (put("entries/0/entry", ""), "entries/0/entry is no folder's name"),
        (put("entries/0/entry", "a/b"), "entries/0/entry is no folder's name"),
        (put("entries/0/entry", "a\nb"), "entries/0/entry is no folder's name"),
        (put("entries/0/entry", "a\u202eb"), "entries/0/entry is no folder's name"),
        (put("entries/0/entry", "x" * 256), "entries/0/entry is no folder's name"),
        (put("entries/0/entry", "redis"), "entries/1/entry is the name of another one, too"),
        (put("entries/1/entry", "Redis"), "entries/1/proposal is for what cannot be the name of an entry"),
        (put("entries/1/entry", ".."), "entries/1/proposal is for what cannot be the name of an entry"),
        (put("entries/1/entry", "node-2"), "entries/1/proposal/branch is not the entry's own"),
        (put(".branch", "main"), "entries/1/proposal/branch is not the entry's own"),
        (put(".branch", "bot/bump/node"), "entries/1/proposal/branch is not the entry's own"),
        (put(".branch", "bot/move/redis"), "entries/1/proposal/branch is not the entry's own"),
        (put(".branch", "refs/heads/bot/bump/redis"), "entries/1/proposal/branch is not the entry's own"),
        (put(".kind", "move"), "entries/1/proposal/branch is not the entry's own"),
        (put(".labels", ["automerge"]), "entries/1/proposal/labels are not those of the bot"),
        (put(".labels", ["bump", "withdrawn"]), "entries/1/proposal/labels are not those of the bot"),
        (put(".labels", ["bump", "bump"]), "entries/1/proposal/labels are not those of the bot"),
        (put(".files", []), "entries/1/proposal/files are none, or one of them twice"),
        (
            lambda data: proposal(data)["files"].append(proposal(data)["files"][0]),
            "entries/1/proposal/files are none, or one of them twice",
        ),
        *(
            (put(".files/0/path", path), "entries/1/proposal/files/0/path is not one that a sync changes")
            for path in (
                ".github/workflows/ci.yml",
                "lists/redis/alerts.yaml",
                "lists/node/exporter.yaml",
                "lists/redis/../node/exporter.yaml",
                "lists/redis//exporter.yaml",
                "./lists/redis/exporter.yaml",
                "/lists/redis/exporter.yaml",
                "lists/redis/exporter.yaml\n",
                "lists/redis/EXPORTER.yaml",
                "",
            )
        ),
        (put(".files/0/before", "HEAD"), "entries/1/proposal/files/0/before is no object id"),
        (put(".files/0/before", "A" * 40), "entries/1/proposal/files/0/before is no object id"),
        (put(".files/0/before", f"{'a' * 40}\n"), "entries/1/proposal/files/0/before is no object id"),
        (put(".files/0/text", "x" * 524_289), "entries/1/proposal/files/0/text is longer than 524,288 characters"),
        (put(".files/0/text", "é" * 300_000), "entries/1/proposal/files/0/text is longer than 512 KiB"),
        (put(".body", "x" * 60_001), "entries/1/proposal/body is longer than 60,000 characters"),
        (put(".title", "x" * 301), "entries/1/proposal/title is longer than 300 characters"),
        (put(".title", "a\nb"), "entries/1/proposal/title is not one line"),
        (put(".title", ""), "entries/1/proposal/title is not one line"),
        (put(".title", "a\u202eb"), "entries/1/proposal/title is not one line"),
        (put(".version", "1\r"), "entries/1/proposal/version is not one line"),
        (put(".to", ""), "entries/1/proposal/to is not one line"),
        (put("entries/0/version", "x" * 20_001), "entries/0/version is longer than 20,000 characters"),
        (put("entries/0/notes/0/message", "x" * 20_001), "entries/0/notes/0/message is longer than 20,000 characters"),
        (put("version", "\ud800"), "it holds half a character"),
        (put("entries/0/notes/0/message", "\ud800"), "entries/0/notes/0/message holds half a character"),
        (put(".files/0/text", "a\udfff"), "entries/1/proposal/files/0/text holds half a character"),
    ],
)
def test_what_the_bot_would_not_write_is_refused(change: Change, message: str) -> None:
    data = json.loads(written(*OUTCOMES))
    assert outcomes_of(json.dumps(data)) == ("owner/catalog", OUTCOMES)
    change(data)
    assert refusal(json.dumps(data)) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1 is not JSON: expecting value"),
        ('{\n"a": }', "2:6 is not JSON: expecting value"),
        ("[]", "it is not as schemas/sync.schema.json says (type)"),
        ('{"version": 1, "version": 1}', "it is not JSON that the bot writes: a key stands twice in an object"),
        ('{"version": NaN}', "it is not JSON that the bot writes: NaN is no number"),
        ('{"version": -Infinity}', "it is not JSON that the bot writes: -Infinity is no number"),
    ],
)
def test_what_is_no_json_of_the_bot_is_refused(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"trouble": ' + "[" * 900 + "]" * 900 + "}", "9" * 10_000]
)
def test_bombs_are_refused(text: str) -> None:
    assert re.match(r"it is not JSON that the bot writes|it is not as|trouble/", refusal(text))


def test_labels_are_those_that_the_bot_gives() -> None:
    assert {"bump", "facts", "move", "patch", "minor", "major", "breaks-alerts"} == LABELS


def test_two_files_and_a_blank_before() -> None:
    readme = File("lists/redis/README.md", "", "# Redis\n")
    assert OUTCOMES[1].proposal
    outcome = replace(OUTCOMES[1], proposal=replace(OUTCOMES[1].proposal, files=(FILE, readme)))
    assert outcomes_of(written(outcome)) == ("owner/catalog", (outcome,))


def test_a_folder_that_is_no_entry_may_be_reported_on() -> None:
    outcome = Outcome("Not An Entry", "", None, (Note(Topic.BLOCKED, "exporter.yaml is missing"),))
    assert outcomes_of(written(outcome)) == ("owner/catalog", (outcome,))


def test_bounds_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = written(*OUTCOMES)
    monkeypatch.setattr(reading, "MOST_ENTRIES", 1)
    assert refusal(text) == "entries holds more than 1 entries"
    monkeypatch.setattr(reading, "LONGEST", len(text) - 1)
    assert refusal(text) == "it is longer than 0 Mi characters"


def test_the_same_schema_as_the_reporters() -> None:
    assert isinstance(validator("sync"), jsonschema_rs.Draft202012Validator)
    assert validator("sync").is_valid(json.loads(written(*OUTCOMES)))
    assert [str(kind) for kind in Kind] == ["bump", "facts", "move"]
