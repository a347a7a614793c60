"""Edits of YAML texts: what is asked for changes, every other byte stays."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.document import Document, Value
from bot.catalog.edit import put, remove, replace
from bot.catalog.yaml_text import parse_yaml
from bot.errors import BotError

ENTRY = """\
# yaml-language-server: $schema=../../schemas/exporter.schema.json
name: redis
version: "1.2.3"   # of the exporter
tags: [a, 'b', "c"]
endpoint: {port: 9121, path: /metrics}
install:
  notes: |  # shown on the page
    One.

    Two.
snapshot:
  # taken on a quiet evening
  version: '1.2.2'
  captured: 2026-11-01   # plain on purpose
  source: upstream
  url: https://example.com/golden
  flags:
    - --a   # why
    - --b
  conditional:
    - {match: 'redis_x_*', why: needs x}   # comment
    # - old

waivers: []
"""


def document(text: str) -> Document:
    parsed = parse_yaml(text)
    assert parsed.document is not None
    return parsed.document


@pytest.mark.parametrize(
    ("route", "value", "old", "new"),
    [
        (("name",), "valkey", "name: redis", "name: valkey"),
        (("name",), "true", "name: redis", 'name: "true"'),
        (("name",), "a: b # c", "name: redis", 'name: "a: b # c"'),
        (("version",), "1.2.4", '"1.2.3"', '"1.2.4"'),
        (("version",), 'a"b\\c\n', '"1.2.3"', '"a\\"b\\\\c\\n"'),
        (("version",), 3, '"1.2.3"', "3"),
        (("endpoint", "port"), 80, "9121", "80"),
        (("endpoint", "path"), "/a, b", "/metrics", '"/a, b"'),
        (("tags", 1), "it's", "'b'", "'it''s'"),
        (("tags", 0), "]", "[a,", '["]",'),
        (("snapshot", "version"), "1.2.3", "'1.2.2'", "'1.2.3'"),
        (("snapshot", "captured"), "2026-11-23", "2026-11-01 ", "2026-11-23 "),
        (("snapshot", "flags", 0), "--c", "--a ", "--c "),
        (("snapshot", "conditional", 0, "match"), "y", "'redis_x_*'", "'y'"),
        (
            ("install", "notes"),
            "Three.",
            "|  # shown on the page\n    One.\n\n    Two.",
            '"Three."  # shown on the page',
        ),
    ],
)
def test_replace(route: tuple[str | int, ...], value: str | int, old: str, new: str) -> None:
    assert ENTRY.count(old) == 1
    edited = replace(document(ENTRY), route, value)
    assert edited.text == ENTRY.replace(old, new)
    assert edited.get(*route) == value


@pytest.mark.parametrize(
    ("text", "route", "value", "expected"),
    [
        ("a:\nb: 1\n", ("a",), "x", "a: x\nb: 1\n"),
        ("a: \nb: 1\n", ("a",), True, "a: true \nb: 1\n"),
        ("a: 1", ("a",), 2, "a: 2"),
        ("a: 1\r\nb: x\r\n", ("b",), "y", "a: 1\r\nb: y\r\n"),
        ("a: one\n  two\nb: 1\n", ("a",), "three", "a: three\nb: 1\n"),
        ("a: 😀 # é\nb: '😀'\n", ("b",), "x", "a: 😀 # é\nb: 'x'\n"),
        ('"a b": 1\n', ("a b",), 2, '"a b": 2\n'),
        ("- - a\n  - b\n", (0, 1), "c", "- - a\n  - c\n"),
        ("a: >-\n  long\n  text\n# end\n", ("a",), "x", 'a: "x"\n# end\n'),
    ],
)
def test_replace_in_odd_places(text: str, route: tuple[str | int, ...], value: str | int, expected: str) -> None:
    assert replace(document(text), route, value).text == expected


@pytest.mark.parametrize(
    ("route", "message"),
    [
        (("nothing",), "there is no single value at nothing"),
        (("tags",), "there is no single value at tags"),
        (("tags", 7), "there is no single value at tags.7"),
        (("name", "x"), "there is no single value at name.x"),
        ((), "there is no single value at the top of the file"),
    ],
)
def test_replace_needs_a_scalar(route: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(BotError) as refused:
        replace(document(ENTRY), route, "x")
    assert refused.value.message == message


def test_what_cannot_be_proved_is_refused() -> None:
    with pytest.raises(BotError) as refused:
        replace(document(ENTRY), ("name",), "zero\u200bwidth")
    assert refused.value.message == "cannot change name without changing more than that"
    with pytest.raises(BotError):
        replace(document("a: 1\n"), ("a",), 10**20)
    with pytest.raises(BotError):
        put(document("a: &b 1\n"), ("c",), 1)


def test_put_leaves_alone_what_is_there_already() -> None:
    flags: Value = ["--a", "--b"]
    assert put(document(ENTRY), ("snapshot", "flags"), flags).text == ENTRY


def test_put_replaces_a_collection_and_keeps_what_stands_around_it() -> None:
    edited = put(document(ENTRY), ("snapshot", "flags"), ["--listen=127.0.0.1:9100", "--c", "2", "a: b"])
    assert edited.text == ENTRY.replace(
        "    - --a   # why\n    - --b\n", '    - --listen=127.0.0.1:9100\n    - --c\n    - "2"\n    - "a: b"\n'
    )
    assert put(document(ENTRY), ("tags",), ["z", "1"]).text == ENTRY.replace(
        """tags: [a, 'b', "c"]""", 'tags:\n  - z\n  - "1"'
    )
    assert put(document(ENTRY), ("endpoint", "port"), [1, 2]).text == ENTRY.replace("9121", "[1, 2]")


def test_put_inserts_behind_a_key() -> None:
    target: Value = {"product": "Redis", "version": "7.0"}
    edited = put(document(ENTRY), ("snapshot", "target"), target, after=("nothing", "source", "url", "version"))
    assert edited.text == ENTRY.replace("/golden\n", '/golden\n  target:\n    product: Redis\n    version: "7.0"\n')


def test_put_inserts_at_the_end_of_a_block_and_of_a_file() -> None:
    block: Value = {"version": "1.2.3", "flags": ["a"], "target": {"product": "x"}}
    edited = put(document("name: x\nendpoint: {port: 1}"), ("snapshot",), block)
    assert edited.text == (
        'name: x\nendpoint: {port: 1}\nsnapshot:\n  version: "1.2.3"\n  flags:\n    - a\n  target:\n    product: x\n'
    )
    assert put(document(ENTRY), ("snapshot", "z"), 1).text == ENTRY.replace("# comment\n", "# comment\n  z: 1\n")


def test_put_inserts_into_braces() -> None:
    text = "a: {b: 1}  # c\nd: {}\n"
    assert put(document(text), ("a", "x"), ["y z"]).text == "a: {b: 1, x: [y z]}  # c\nd: {}\n"
    assert put(document(text), ("d", "x"), "1").text == 'a: {b: 1}  # c\nd: {x: "1"}\n'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0" * 39 + "a", "0" * 39 + "a"),
        ("12" * 31 + "ef", "12" * 31 + "ef"),
        ("1" * 40, f'"{"1" * 40}"'),
        ("1" * 37 + "e10", f'"{"1" * 37}e10"'),
        ("0b" + "1" * 38, f'"0b{"1" * 38}"'),
        ("0" * 38 + "a", f'"{"0" * 38}a"'),
    ],
)
def test_an_object_id_has_quotes_only_where_it_could_be_a_number(value: str, written: str) -> None:
    edited = put(document("a: 1\n"), ("b",), value)
    assert edited.text == f"a: 1\nb: {written}\n"
    assert yaml.safe_load(edited.text) == {"a": 1, "b": value}


def test_put_keeps_the_line_breaks_of_the_file() -> None:
    edited = put(document("a: 1\r\nb: 2\r\n"), ("c",), {"d": "e"}, after=("a",))
    assert edited.text == "a: 1\r\nc:\r\n  d: e\r\nb: 2\r\n"


def test_put_needs_a_mapping() -> None:
    with pytest.raises(BotError) as refused:
        put(document(ENTRY), ("name", "x"), 1)
    assert refused.value.message == "there is no mapping at name"


def test_remove() -> None:
    assert remove(document(ENTRY), ("snapshot", "url")).text == ENTRY.replace("  url: https://example.com/golden\n", "")
    assert remove(document(ENTRY), ("endpoint", "port")).text == ENTRY.replace("port: 9121, ", "")
    assert remove(document(ENTRY), ("endpoint", "path")).text == ENTRY.replace(", path: /metrics", "")
    assert remove(document(ENTRY), ("snapshot", "nothing")).text == ENTRY


keys = st.text("abcdefgh", min_size=1, max_size=3)
words = st.one_of(
    st.text(st.characters(codec="utf-8", min_codepoint=32, max_codepoint=126), max_size=12),
    st.sampled_from(
        ["", " ", "1", "1.10", "true", "null", "~", "- a", "a: b", "a #b", "'", '"', "{", "é😀", "a\nb", "\t"]
    ),
)
scalars = st.one_of(words, st.integers(-(10**15), 10**15), st.booleans())
values: st.SearchStrategy[Value] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A mapping with comments and scalars of every style, and the keys of its scalars."""
    lines = []
    names = draw(st.lists(keys, unique=True, min_size=1, max_size=5))
    for name in names:
        value = draw(words)
        style = draw(st.sampled_from(["plain", "single", "double", "block"]))
        comment = draw(st.sampled_from(["", "", "  # comment: 'x' \"y\""]))
        if style == "single" and value.isprintable():
            lines.append(f"{name}: '" + value.replace("'", "''") + f"'{comment}")
        elif style == "block" and value.isalnum():
            lines += [f"{name}: |{comment}", f"    {value}", ""]
        elif style == "plain" and value.isalpha():
            lines.append(f"{name}: {value}{comment}")
        else:
            lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}{comment}")
        lines += draw(st.sampled_from([[], ["# between"], ["", "    # indented"]]))
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"])), names


@given(drawn=documents(), value=scalars, data=st.data())
def test_any_scalar_can_be_replaced_by_any_other(
    drawn: tuple[str, list[str]], value: str | int, data: st.DataObject
) -> None:
    text, names = drawn
    name = data.draw(st.sampled_from(names))
    before = document(text)
    after = replace(before, (name,), value)
    assert after.data == {**before.data, name: value} if isinstance(before.data, dict) else False
    assert type(after.get(name)) is type(value)
    place = before.span((name,), key=True)
    head = before.lines.offset(place.end_line, place.end_column)
    assert after.text[:head] == text[:head]
    end = before.lines.offset(*_end(before, name))
    assert after.text.endswith(text[end:])
    assert after.text.count("# comment") == text.count("# comment")


def _end(before: Document, name: str) -> tuple[int, int]:
    span = before.span((name,))
    return span.end_line, span.end_column


@given(drawn=documents(), value=values, key=keys, data=st.data())
def test_any_value_can_be_put_and_removed_again(
    drawn: tuple[str, list[str]], value: Value, key: str, data: st.DataObject
) -> None:
    # Without its last line break, the text of a block would grow by one when something is put behind it.
    text, names = drawn[0].rstrip("\n") + "\n", drawn[1]
    before = document(text)
    if key in names:
        return
    after = put(before, (key,), value, after=data.draw(st.lists(st.sampled_from(names), max_size=2)))
    assert after.get(key) == value
    assert {name: after.get(name) for name in names} == before.data
    assert remove(after, (key,)).text == text
