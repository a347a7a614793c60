"""Markers and trailers: what the bot wrote is read back, and nothing else is."""

import json
from dataclasses import asdict, replace
from hashlib import sha256

import pytest
from hypothesis import given

from bot.sync.marker import Marker, comment, comment_of, digest_of, facts_in, key_of, marked, marker_of, trailer
from bot.sync.model import Kind
from tests.reporters.test_markdown import tokens
from tests.sync.strategies import HOSTILE, KEYS, MARKERS

KEY = "0123456789abcdef" * 4
MARKER = Marker(
    "redis", Kind.BUMP, "1.88.0", "1.92.1", KEY, "0123456789abcdef", "aaaaaaaaaaaa+bbbbbbbbbbbb", compared=True
)
LINE = (
    '<!-- catalog-bot:v1 {"entry":"redis","kind":"bump","version":"1.88.0","to":"1.92.1",'
    f'"key":"{KEY}","body":"0123456789abcdef","facts":"aaaaaaaaaaaa+bbbbbbbbbbbb","compared":true}} -->'
)


def test_the_very_bytes() -> None:
    assert marked(MARKER, "Text\n") == f"{LINE}\nText\n"


@given(marker=MARKERS, body=HOSTILE)
def test_what_was_marked_is_read_back(marker: Marker, body: str) -> None:
    text = marked(marker, body)
    assert marker_of(text) == marker
    assert marker_of(text.replace("\n", "\r\n")) == marker
    assert text.endswith(f"-->\n{body}")


@given(marker=MARKERS, body=HOSTILE)
def test_no_value_ends_the_comment(marker: Marker, body: str) -> None:
    line, _, _ = marked(marker, body).partition("\n")
    assert line.isascii()
    assert (line.count("<"), line.count(">"), line.count("&")) == (1, 1, 0)
    (token,) = tokens(f"{line}\n")
    assert (token.type, token.content.rstrip("\n")) == ("html_block", line)


@given(marker=MARKERS, smuggled=MARKERS, body=HOSTILE)
def test_a_marker_in_the_body_is_nobodys(marker: Marker, smuggled: Marker, body: str) -> None:
    assert marker_of(marked(marker, marked(smuggled, body))) == marker
    assert marker_of(f"\n{marked(smuggled, body)}") is None
    assert marker_of(f" {marked(smuggled, body)}") is None


def line_with(**changed: object) -> str:
    data = {**asdict(MARKER), **changed}
    return f"<!-- catalog-bot:v1 {json.dumps(data, separators=(',', ':'))} -->"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "<!-- catalog-bot:v1 -->",
        "<!-- catalog-bot:v1 {} -->",
        "<!-- catalog-bot:v1 [] -->",
        '<!-- catalog-bot:v1 "x" -->',
        '<!-- catalog-bot:v1 {"entry": -->',
        f"<!-- catalog-bot:v1 {'[' * 1900}{']' * 1900} -->",
        f"<!-- catalog-bot:v1 {'9' * 3900} -->",
        '<!-- catalog-bot:v1 {"entry":NaN} -->',
        LINE.replace("v1", "v2"),
        LINE.replace("<!-- ", "<!--"),
        LINE.replace(" -->", "-->"),
        f"{LINE} ",
        f" {LINE}",
        f"{LINE}text",
        f"\ufeff{LINE}",
        f"{LINE}\u2028",
        f"{LINE}{LINE}",
        LINE.replace(",", ", "),
        LINE.replace("redis", "\\u0072edis"),
        LINE.replace('"entry":"redis"', '"entry":"node","entry":"redis"'),
        line_with(more="1"),
        line_with(entry="Redis"),
        line_with(entry="../redis"),
        line_with(entry=""),
        line_with(entry="r" * 61),
        line_with(entry=1),
        line_with(kind="merge"),
        line_with(kind=["bump"]),
        line_with(version=None),
        line_with(version=1.88),
        line_with(key="0" * 63),
        line_with(key="G" * 64),
        line_with(body="0" * 15),
        line_with(to="x" * 4_000),
        line_with(to="a>b"),
    ],
)
def test_what_the_bot_would_not_write_is_nothing(line: str) -> None:
    assert marker_of(f"{line}\nText\n") is None


def test_the_line_of_these_tests_is_one() -> None:
    assert line_with() == LINE
    assert marker_of(LINE) == MARKER
    assert marker_of(line_with(to="x" * 3_000)) == replace(MARKER, to="x" * 3_000)


def test_fields_in_another_order_are_nothing() -> None:
    turned = comment("catalog-bot:v1", dict(reversed(asdict(MARKER).items())))
    assert comment_of("catalog-bot:v1", turned, 4_000) is not None
    assert marker_of(turned) is None


@pytest.mark.parametrize("other", [("title", "body", "draft"), ("title", "bod", "y"), ("titleb", "ody"), ("title", "")])
def test_digests_tell_texts_apart(other: tuple[str, ...]) -> None:
    assert digest_of("title", "body") == sha256(b'["title", "body"]').hexdigest()[:16]
    assert digest_of(*other) != digest_of("title", "body")


@given(key=KEYS, text=HOSTILE)
def test_the_trailer_of_a_message_is_read_back(key: str, text: str) -> None:
    assert key_of(f"redis: {text}\n\n{text}\n\n{trailer(key)}") == key


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (f"title\n\n{trailer(KEY)}", KEY),
        (f"title\n\ntext\n\n{trailer(KEY)}\n", KEY),
        (f"title\r\n\r\ntext\r\n\r\n{trailer(KEY)}\r\n", KEY),
        (f"title\n\ntext\n\nSigned-off-by: somebody\n{trailer(KEY)}", KEY),
        (f"title\n\n{trailer(KEY)}\n\nmore text", None),
        (f"title\n\n{trailer(KEY)}\n  \nmore text", None),
        (trailer(KEY), None),
        (f"title\n{trailer(KEY)}", None),
        (f"title\n\n{trailer(KEY)}\n{trailer(KEY)}", None),
        (f"title\n\n{trailer(KEY)}\n{trailer('f' * 64)}", None),
        (f"title\n\n {trailer(KEY)}", None),
        (f"title\n\n{trailer(KEY)}0", None),
        (f"title\n\n{trailer(KEY[1:])}", None),
        (f"title\n\n{trailer(KEY).lower()}", None),
        (f"title\n\n{trailer(KEY.upper())}", None),
        (f"title\n\nBump-Key:{KEY}", None),
        ("title\n\ntext", None),
        ("", None),
    ],
)
def test_only_a_trailer_in_the_last_paragraph_counts(message: str, key: str | None) -> None:
    assert key_of(message) == key


def test_facts_are_ids_and_checksums() -> None:
    text = f"commit: {'c' * 40}\nlinux: {'b' * 64}\ndigest: sha256:{'a' * 64}\nno: {'d' * 41}\nagain: {'b' * 64}\n"
    assert facts_in(text) == f"{'a' * 12}+{'b' * 12}+{'c' * 12}"
    assert facts_in("version: 1.0.0\n") == ""
