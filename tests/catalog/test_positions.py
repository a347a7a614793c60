"""Every value, key and character of a text stands where its span says."""

import json
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.catalog.document import Document, Route, Value
from bot.catalog.files import Lines
from bot.catalog.json_text import parse_json
from bot.catalog.yaml_text import parse_yaml
from bot.model import Span

TEXT = st.text(st.sampled_from("abc xyz:#'\"\\-{}[],\n\té漢😀|>"), max_size=40)
DATA = st.recursive(
    TEXT | st.integers(-(10**9), 10**9) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def read(document: Document, span: Span) -> str:
    lines = Lines(document.text)
    return document.text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


def leaves(value: Value, route: Route = ()) -> Iterator[tuple[Route, Value]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, (*route, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from leaves(member, (*route, index))
    else:
        yield route, value


def check_characters(document: Document, route: Route, value: str, escapes: str) -> None:
    for index, character in enumerate(value):
        if character not in " \n\t":
            shown = read(document, document.span(route, within=(index, index + 1)))
            assert shown == character or shown[0] in escapes


@given(DATA, st.sampled_from([None, "'", '"', "|", ">"]), st.sampled_from([20, 80]), st.booleans())
def test_yaml(data: Value, style: str | None, width: int, flow: bool) -> None:
    text = yaml.dump(data, default_style=style, width=width, default_flow_style=flow, allow_unicode=True)
    # Typed scalars get tags when a style is forced on them.
    assume("!!" not in text)
    parsed = parse_yaml(text)
    assert parsed.flaws == ()
    assert parsed.document is not None
    assert parsed.document.data == data
    for route, value in leaves(data):
        if isinstance(value, str):
            check_characters(parsed.document, route, value, "\\'")
        elif value is not None:
            assert read(parsed.document, parsed.document.span(route)) == json.dumps(value)


@given(DATA, st.sampled_from([None, 2]), st.booleans())
def test_json(data: Value, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    parsed = parse_json(text)
    assert parsed.flaws == ()
    assert parsed.document is not None
    assert parsed.document.data == data
    for route, value in leaves(data):
        assert json.loads(read(parsed.document, parsed.document.span(route))) == value
        if isinstance(value, str):
            check_characters(parsed.document, route, value, "\\")
        if route and isinstance(route[-1], str):
            assert json.loads(read(parsed.document, parsed.document.span(route, key=True))) == route[-1]


SAMPLE = """\
a:
  - expr: |
      foo
        + bar
    double: "x\\"y
      z\\
      w"
    single: 'it''s'
    folded: >-
      aa bb
      cc

      dd
  - plain
    more
"""


@pytest.mark.parametrize(
    ("route", "fragment", "place"),
    [
        (("a", 0, "expr"), "bar", Span(4, 11, 4, 14)),
        (("a", 0, "double"), '"y', Span(5, 15, 5, 18)),
        (("a", 0, "double"), "zw", Span(6, 7, 7, 8)),
        (("a", 0, "single"), "'s", Span(8, 16, 8, 19)),
        (("a", 0, "folded"), "cc", Span(11, 7, 11, 9)),
        (("a", 0, "folded"), "dd", Span(13, 7, 13, 9)),
        (("a", 1), "more", Span(15, 5, 15, 9)),
    ],
)
def test_a_fragment_of_each_style(route: Route, fragment: str, place: Span) -> None:
    document = parse_yaml(SAMPLE).document
    assert document is not None
    start = (document.text_at(*route) or "").index(fragment)
    assert document.span(route, within=(start, start + len(fragment))) == place


def test_values_keys_and_collections() -> None:
    document = parse_yaml("a:\r\n  b: [1, x]\r\n  c:\r\n    d: é\r\n").document
    assert document is not None
    assert document.span(("a", "b", 1)) == Span(2, 10, 2, 11)
    assert document.span(("a", "c"), key=True) == Span(3, 3, 3, 4)
    assert document.span(("a", "c")) == Span(4, 5, 4, 9)
    assert document.span(("a", "nowhere", 3)) == Span(2, 3, 4, 9)
    assert document.lines.line(4) == "    d: é"
