"""What is different, as text, JSON and Markdown: hostile names and texts, and bounded lengths."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from bot.catalog.files import HIDDEN
from bot.drift.model import Broken, Drift, Kind, Side
from bot.metrics.diff import Count, Diff, Exposed, Relabelled, Retyped, ValuesGone
from bot.metrics.renames import LIKELY, Rename
from bot.model import START, Finding, Severity
from bot.reporters.drift import FORMATS, markdown, text
from bot.reporters.drift.phrases import breaks
from tests.drift.drifts import DRIFTS
from tests.drift.releases import PAIRS, Pair
from tests.reporters.reports import EVIL
from tests.reporters.test_markdown import tokens

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/diff.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
SAME = Diff((), (), (), (), (), (), (), Count("", 1, 1), Count("", 2, 2))
NOTHING = Drift("demo", Side("lists/demo/metrics.prom", "1.0"), Side("new.prom"), SAME, ())


def broken(kind: Kind, name: str, file: str = "a") -> Broken:
    return Broken(kind, name, Finding(file, START, Severity.ERROR, "alerts/metric", "message", "help", "demo"))


def of(name: str) -> Exposed:
    return Exposed(name, "gauge", "", (), 1)


def test_the_schema_is_closed_and_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    objects = [SCHEMA, *(part for part in SCHEMA["$defs"].values() if part.get("type") == "object")]
    objects += [part["items"] for part in SCHEMA["properties"].values() if "properties" in part.get("items", {})]
    assert len(objects) == 9
    for part in objects:
        assert part["additionalProperties"] is False
        assert sorted(part["required"]) == sorted(part["properties"])
    assert SCHEMA["$defs"]["rename"]["properties"]["likeness"]["minimum"] == LIKELY
    assert SCHEMA["$defs"]["broken"]["properties"]["kind"]["enum"] == list(Kind)


@settings(max_examples=40)
@given(drift=DRIFTS)
def test_json_is_what_the_schema_says(drift: Drift) -> None:
    document = json.loads(FORMATS["json"](drift))
    VALIDATOR.validate(document)
    assert FORMATS["json"](drift).isascii()
    assert len(document["broken"]) == len(drift.broken)


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_every_report_of_a_real_pair(pair: Pair) -> None:
    drift = pair.drift()
    document = json.loads(FORMATS["json"](drift))
    VALIDATOR.validate(document)
    assert [one["name"] for one in document["removed"]] == [one.name for one in drift.diff.removed]
    assert [(one["file"], one["line"]) for one in document["broken"]] == [
        (one.finding.file, one.finding.span.line) for one in drift.broken
    ]
    assert len(FORMATS["markdown"](drift)) <= markdown.LONGEST


@settings(max_examples=40)
@given(drift=DRIFTS)
def test_whatever_is_rendered_can_be_written(drift: Drift) -> None:
    for render in FORMATS.values():
        rendered = render(drift)
        assert rendered.encode("utf-8").decode("utf-8") == rendered
        assert rendered.endswith("\n")
        assert not HIDDEN.search(rendered.replace("\n", ""))


OURS = re.compile(
    r"[\d.→,;: ()…-]"
    r"|\b(?:nothing|the|metrics?|are|same|and|with|lost|gained|left|more|others?|probably|renamed|to|removed|added|of"
    r"|another|type|labels?|without|a|value|likeness|breaks?|name|place|why|help|error|warning|series|counter|gauge"
    r"|histogram|summary|untyped|alerts?|recording|rules?|panels?|variables?|annotations?|files?)\b"
)
"""The only texts that stand outside code spans."""


@settings(max_examples=40)
@given(drift=DRIFTS)
def test_strangers_speak_only_in_code(drift: Drift) -> None:
    found = list(tokens(markdown.render(drift)))
    assert [token.content for token in found if token.type == "text" and OURS.sub("", token.content)] == []
    assert {token.content for token in found if token.type == "html_inline"} <= {"<br>"}
    assert not {"link_open", "image", "fence", "code_block"} & {token.type for token in found}
    blocks = {token.content for token in found if token.type == "html_block"}
    assert all(re.fullmatch(r"<details>\n<summary>[\w ]+\(\d+\)</summary>\n|</details>\n", block) for block in blocks)


def test_hostile_names_in_text() -> None:
    diff = replace(SAME, removed=(of(EVIL),), renamed=(Rename(EVIL, "b\x1b[2J", 0.7, ()),), added=(of("b\x1b[2J"),))
    rendered = text.render(replace(NOTHING, entry=EVIL, diff=diff, broken=(broken(Kind.PANEL, EVIL),)))
    assert "\x1b" not in rendered
    assert "\r" not in rendered
    assert "\n::error" not in rendered


def test_nothing_breaks() -> None:
    assert text.render(NOTHING) == (
        "lists/demo/metrics.prom (1.0) → new.prom: 1 metric with 2 series → 1 metric with 2 series\n"
        "the metrics are the same\n"
        "demo: nothing breaks\n"
    )
    assert markdown.render(NOTHING) == (
        "## `demo`: nothing breaks\n"
        "\n"
        "`1.0` (`lists/demo/metrics.prom`) → `new.prom`: 1 metric with 2 series → 1 metric with 2 series; "
        "the metrics are the same.\n"
    )


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([(Kind.ALERT, "A")], "1 alert breaks"),
        ([(Kind.ALERT, "A"), (Kind.ALERT, "A")], "1 alert breaks"),
        ([(Kind.ALERT, "A"), (Kind.ALERT, "B")], "2 alerts break"),
        ([(Kind.PANEL, "A"), (Kind.ALERT, "A")], "1 alert and 1 panel break"),
        (
            [(Kind.FILE, ""), (Kind.RECORD, "x"), (Kind.RECORD, "y"), (Kind.ALERT, "A")],
            "1 alert, 2 recording rules and 1 file break",
        ),
    ],
)
def test_how_much_breaks(several: list[tuple[Kind, str]], expected: str) -> None:
    assert breaks(replace(NOTHING, broken=tuple(broken(*one) for one in several))) == expected


def test_colours() -> None:
    rendered = text.render(replace(NOTHING, diff=replace(SAME, added=(of("a"),))), color=True)
    assert "\x1b[1madded (1):\x1b[0m\n  a (gauge)\n" in rendered


def test_long_sections_are_cut_and_counted() -> None:
    names = [f"demo_{number:04}" for number in range(2000)]
    diff = replace(
        SAME,
        removed=tuple(map(of, names)),
        added=tuple(of(f"x{name}") for name in names),
        renamed=tuple(Rename(name, f"x{name}", 0.9, ("help",)) for name in names[:500]),
        retyped=tuple(Retyped(name, "gauge", "counter") for name in names),
        relabelled=tuple(Relabelled(name, ("a",), ()) for name in names),
        values_gone=tuple(ValuesGone(name, "mode", ("x",), 1) for name in names),
        series=tuple(Count(name, 1, 2) for name in names),
    )
    drift = replace(NOTHING, diff=diff, broken=tuple(broken(Kind.ALERT, f"{name}{'|' * 300}") for name in names))
    short = text.render(replace(drift, broken=()))
    assert short.count("\n") < 8 * (text.MOST + 3)
    assert "removed (1500):\n  demo_0500 (gauge)\n" in short
    assert f"\n  … and {1500 - text.MOST} more\n\nadded (1500):\n" in short
    assert "with other labels (1):\n  lost a: demo_0000, demo_0001, demo_0002, demo_0003 and 1996 more\n" in short
    rendered = markdown.render(drift)
    assert markdown.LONGEST * 0.75 < len(rendered) <= markdown.LONGEST
    assert rendered.count("<details>") == rendered.count("</details>") == 6
    rest = re.findall(r"^(?:- )?(\d+) more$", rendered, re.MULTILINE)
    assert rendered.count("| alert |") + int(rest[0]) == 2000
    assert len(rest) == 7


def test_the_longest_names_do_not_burst_it() -> None:
    name = "|`" * 5000
    side = Side(name, name)
    diff = replace(SAME, removed=(of(name),) * 50, relabelled=(Relabelled(name, (name,) * 30, (name,) * 30),) * 5)
    drift = Drift(name, side, side, diff, (broken(Kind.PANEL, name, name),) * 50)
    assert len(markdown.render(drift)) <= markdown.LONGEST
