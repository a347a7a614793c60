import pytest

from bot.catalog.files import hidden_characters
from bot.catalog.yaml_text import parse_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("1:20", "1:20"),
        ("2026-01-01", "2026-01-01"),
        ("0o17", 15),
        ("017", 17),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("+12", 12),
        ("-0", 0),
        ("1.10", 1.1),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("~", None),
        ("null", None),
        ("", None),
        ("nUll", "nUll"),
        ("true", True),
        ("False", False),
        ("tRue", "tRue"),
        ("1.2.3", "1.2.3"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("=", "="),
        ("9" * 18, int("9" * 18)),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    parsed = parse_yaml(f"a: {text}\n")
    assert parsed.flaws == ()
    assert parsed.document is not None
    read = parsed.document.get("a")
    assert read == value
    assert type(read) is type(value)


def test_keys_are_text_whatever_they_look_like() -> None:
    document = parse_yaml("1: a\nno: b\n~: c\n1.0: d\n").document
    assert document is not None
    assert document.data == {"1": "a", "no": "b", "~": "c", "1.0": "d"}


def test_all_flaws_are_told_at_once() -> None:
    parsed = parse_yaml("a: &x 1\na: !t 2\nb: .inf\n")
    assert [(flaw.span.line, flaw.span.column, flaw.message) for flaw in parsed.flaws] == [
        (1, 4, "anchor &x"),
        (2, 1, 'duplicate key "a"'),
        (2, 4, "tag !t"),
        (3, 4, ".inf is not a finite number"),
    ]
    assert parsed.document is not None
    assert parsed.document.data == {"a": 1, "b": None}


def test_an_alias_leaves_no_document() -> None:
    assert parse_yaml("a: *x\n").document is None


def test_a_character_that_yaml_refuses_is_told_in_the_words_of_the_reader() -> None:
    text = "a: 1\nb: x\0y\n"
    assert list(parse_yaml(text).flaws) == hidden_characters(text)
