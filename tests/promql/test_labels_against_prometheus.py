"""The label algebra against real Prometheus servers: where they disagree, the algebra is wrong."""

from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.promql.labels import Algebra, matches
from bot.promql.reader import read
from bot.promql.tree import Selector
from tests.prometheus import SERVERS, VERSIONS, Server, running
from tests.promql.evaluable import (
    NOW,
    REGEXES,
    REPLACEMENTS,
    SERIES,
    TEXTS,
    UTF8_SERIES,
    UTF8_WORDS,
    Words,
    exposition,
    labels_of,
    vectors,
)
from tests.promql.test_labels import CASES

_EXAMPLES = 400
_PATTERNS = (
    *(
        "a",
        "a.*",
        ".",
        "a|b",
        "a||b",
        "|",
        "",
        ".+",
        "(a|b)?",
        "^a$",
        "a$|^b",
        "a.b",
        r"a\.b",
        "[a-z]",
        "[^a]",
        "[^[]+",
    ),
    *(r"\d+", r"[\d.]+:\d+", r"\D", r"\w+", r"\W", r"\s", r"\S+", "(?i)a", "(?i:é)", "(?i)A(?-i)B?", r"\pL", r"\p{L}+"),
    *(r"\x41", r"\x{e9}", r"\-", r"\[", r"x\{,3\}", "5.?", "5{1,2}", "a{1}b{0,1}", "..?", r"\bab\b", ".*?", "(?U)a.*"),
    *(
        r"[0-9]{1,3}(\.[0-9]{1,3}){3}:\d+",
        ".+:.+",
        r"[\w.:-]+",
        r"\\",
        r"[\\\[]",
        "é|É",
        "(?P<x>a)b",
        "[[]",
        r"\"",
        "٣",
    ),
)
# RE2 has these, the engine at hand has not, or reads them otherwise: then nothing is said.
_BEYOND = ("[[:alpha:]]+", r"\Qa.b\E", r"[[:^digit:]]", "[a&&b]", r"\a|a", "x{,3}")


@pytest.mark.parametrize("index", range(len(SERVERS)), ids=VERSIONS)
def test_labels_and_matchers(index: int, tmp_path: Path) -> None:
    utf8 = int(VERSIONS[index].partition(".")[0]) >= 3
    with running(SERVERS[index], tmp_path, exposition(SERIES + UTF8_SERIES if utf8 else SERIES)) as server:
        _check_cases(server)
        _check_matchers(server)
        _check_label_replace(server)
        seen = _check_generated(server, UTF8_WORDS if utf8 else Words())
    # Neither refused nor empty, or they would prove little.
    assert seen["answered"] > _EXAMPLES * 0.5, seen
    assert seen["exact"] > _EXAMPLES * 0.3, seen
    assert seen["impossible"] > _EXAMPLES * 0.05, seen
    assert seen["refused"] < _EXAMPLES * 0.25, seen


def _check_cases(server: Server) -> None:
    """Every case of the algebra's own tests returns series, but those that say they cannot."""
    seen: Counter[str] = Counter()
    for expr, notation in CASES.items():
        before = seen["answered"] + seen["scalar"]
        _compare(server, expr, seen)
        assert (seen["answered"] + seen["scalar"] > before) == ("!" not in notation), expr
    assert seen["refused"] == 0


def _check_matchers(server: Server) -> None:
    for op in ("=~", "!~"):
        for pattern in (*_PATTERNS, *_BEYOND):
            tree = read(f"texts{{text{op}`{pattern}`, __name__=`texts`}}")
            assert isinstance(tree, Selector)
            answer = server.query(f"texts{{text{op}`{pattern}`}}", NOW)
            assert not answer.error, (pattern, answer.error)
            accepted = {text: matches(tree.matchers[0], text) for text in TEXTS}
            if pattern in _BEYOND:
                assert set(accepted.values()) == {None}, pattern
            else:
                found = {series["text"] for series in answer.series}
                assert {text for text, accepts in accepted.items() if accepts} == found, (op, pattern)


def _check_label_replace(server: Server) -> None:
    """Every rule over a label that some series lack, and over one that none has."""
    seen: Counter[str] = Counter()
    for regex, replacement, source in product(REGEXES, REPLACEMENTS, ("job", "mode", "zone")):
        _compare(server, f'label_replace(errors, "new", "{replacement}", "{source}", "{regex}")', seen)
    assert seen["refused"] == 0
    assert seen["answered"] == len(REGEXES) * len(REPLACEMENTS) * 3


def _check_generated(server: Server, words: Words) -> Counter[str]:
    seen: Counter[str] = Counter()

    @settings(max_examples=_EXAMPLES)
    @given(st.one_of(vectors(words, depth=1), vectors(words, depth=2)))
    def compare(expr: str) -> None:
        _compare(server, expr, seen)

    compare()
    return seen


def _compare(server: Server, expr: str, seen: Counter[str]) -> None:
    """Asks the server and the algebra alike, and counts what there was to see."""
    tree = read(expr)
    assert tree is not None, expr
    labels = Algebra(labels_of).returned(tree)
    answer = server.query(expr, NOW)
    # Expressions are well-formed and of the right types; only the labels' values can be at odds.
    assert not answer.error or answer.error.startswith("execution: "), (expr, answer.error)
    seen["refused"] += bool(answer.error)
    seen["scalar"] += answer.scalar
    seen["impossible"] += bool(labels.impossible)
    seen["answered"] += bool(answer.series)
    seen["exact"] += bool(answer.series) and labels.exact
    for names in map(frozenset, answer.series):
        assert labels.always <= names, (expr, labels, names)
        assert labels.possible is None or names <= labels.possible, (expr, labels, names)
