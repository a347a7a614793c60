"""How large an expression may be."""

import pytest

from bot.promql.limits import bare, excess


def test_strings_and_comments_are_blanked() -> None:
    expr = """a{b="(\\"[",c='[',d=`\\`} # (time()\n + e"""
    assert bare(expr) == "a{b=" + " " * 6 + ",c=" + " " * 3 + ",d=" + " " * 3 + "} " + " " * 9 + "\n + e"


@pytest.mark.parametrize(
    "expr",
    [
        "",
        "up",
        "(" * 100 + "up" + ")" * 100,
        " + ".join(["up"] * 129),
        'up{a="' + "(+" * 4000 + '"}',
        "up # " + "(+" * 4000,
        ") " * 200,
        "up{" + ",".join(['a!="b"'] * 100) + "}",
    ],
)
def test_small_enough(expr: str) -> None:
    assert excess(expr) is None


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("x" * 8193, "8193 characters long; 8192 is the most"),
        ("([{" * 34, "nested 102 levels deep; 100 is the most"),
        (" + ".join(["up"] * 130), "made of 129 operators; 128 is the most"),
        (" AND ".join(["up"] * 130), "made of 129 operators; 128 is the most"),
        ("-" * 129 + "up", "made of 129 operators; 128 is the most"),
        ("up" + " >= 1" * 129, "made of 129 operators; 128 is the most"),
    ],
)
def test_too_large(expr: str, expected: str) -> None:
    assert excess(expr) == expected
