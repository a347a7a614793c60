"""Upstream's words do nothing on GitHub: whatever they are, one fence holds them, and no pattern of GitHub's fits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.files import HIDDEN
from bot.reporters.sync.upstream_text import LONGEST, LONGEST_LINE, ZWSP, defused, fenced, one_line, span
from tests.reporters.reports import EVIL
from tests.reporters.test_markdown import tokens
from tests.sync.strategies import HOSTILE, PIECES

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REPOSITORY = rf"{_NAME}/[A-Za-z0-9._-]+"
_ISSUE = (
    rf"(?:{_REPOSITORY})?#[0-9]+|GH-[0-9]+|(?:https?://)?github\.com/{_REPOSITORY}/(?:issues|pull|discussions)/[0-9]+"
)
ACTED_ON = re.compile(
    rf"@{_NAME}(?:/{_NAME})?"
    rf"|{_ISSUE}"
    rf"|\b(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?):?[ \t]+(?:{_ISSUE})"
    rf"|{_REPOSITORY}@[0-9a-f]{{7,40}}"
    r"|github\.com/[^/\s]+/[^/\s]+/commit/[0-9a-f]{7,40}"
    r"|\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|\bskip-checks:",
    re.IGNORECASE,
)
"""What GitHub makes a mention, a reference, a closing keyword or an order of, by its documentation of each."""

LIVE = (
    "@you",
    "thanks @you!",
    "@org/team",
    "(@you)",
    "#1",
    "see #123.",
    "owner/repo#1",
    "GH-26",
    "gh-26",
    "fixes #1",
    "Closes: #1",
    "closed owner/repo#1",
    "RESOLVES GH-7",
    "fix https://github.com/o/r/issues/1",
    "https://github.com/o/r/pull/12",
    "github.com/o/r/discussions/3",
    "o/r@0123456",
    "https://github.com/o/r/commit/0123456789abcdef0123456789abcdef01234567",
    "[skip ci]",
    "[CI skip]",
    "[no ci]",
    "[skip actions]",
    "[actions skip]",
    "skip-checks: true",
)
NOTES = (
    EVIL,
    "```\n@you\n```",
    "````\n````\n@you #1",
    "`" * 50 + "\n@you",
    "~~~~~~\n<b>\n~~~~~~",
    "\n\n</details>\n\n# fixes #1\n\n![x](https://x.example/y.png)",
    "<!-- catalog-bot:v1 {} -->\n@you",
    "\r\n````\r\n@you\r\n",
    "\u2028````\u2028@you",
    "\x0b````\x0c@you\x85#1",
    " ````\n  ````\n   ````\n@you",
    ">````\n- ````\n1. ````\n@you",
    "\t````\n@you",
    "@\u200byou #\u200b1 @@you ##1 #1#2#3",
    "`````text\n````\n@you",
    "@" * 30_000,
    "#1" * 30_000,
    "fixes #1 " * 3_000,
    "`" * 30_000,
    "`~" * 30_000,
    "\n" * 30_000,
    "\u202e" * 30_000,
    "fix " * 5_000 + "x" * 5_000,
    "fix" + " " * 20_000,
)


def content(text: str) -> str:
    """What the one fence holds that a text is rendered to, between two paragraphs as in a pull request."""
    before, fence, after = [
        token for token in tokens(f"<details>\n\n{fenced(text)}\n\n</details>\n") if token.type != "inline"
    ]
    assert (before.type, before.content) == ("html_block", "<details>\n")
    assert (after.type, after.content) == ("html_block", "</details>\n")
    assert (fence.type, fence.info, fence.level) == ("fence", "text", 0)
    return fence.content


@pytest.mark.parametrize("text", [*LIVE, *NOTES], ids=range(len(LIVE) + len(NOTES)))
def test_hostile_notes_do_nothing(text: str) -> None:
    assert not ACTED_ON.search(content(text))
    assert len(fenced(text)) <= LONGEST


@given(text=st.one_of(HOSTILE, st.text(), st.lists(st.sampled_from(PIECES), min_size=15, max_size=60).map("".join)))
def test_any_notes_do_nothing(text: str) -> None:
    held = content(text)
    assert not ACTED_ON.search(held)
    assert not HIDDEN.search(held.replace("\n", "").replace(ZWSP, ""))
    assert not re.search(r"`{4}|~{4}", held)


@pytest.mark.parametrize("text", LIVE)
def test_what_github_acts_on_is_broken_up_and_looks_the_same(text: str) -> None:
    assert ACTED_ON.search(text)
    assert not ACTED_ON.search(defused(text))
    assert defused(text).replace(ZWSP, "") == text
    assert content(text) == f"{defused(text)}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@you", "@|you"),
        ("a@b.example", "a@|b.example"),
        ("#123", "|#|123"),
        ("owner/repo#1", "owner/repo|#|1"),
        ("GH-1", "GH-|1"),
        ("fixes #1", "f|ixes |#|1"),
        ("Closes: https://github.com/o/r/issues/1", "C|loses: https://github.com/o/r/issues/|1"),
        ("resolved GH-7", "r|esolved GH-|7"),
        ("[skip ci]", "[|skip ci]"),
        ("skip-checks: true", "skip-|checks: true"),
        ("this fixes a bug, see # 1 and C# or gh-pages", "this fixes a bug, see # 1 and C# or gh-pages"),
        ("https://github.com/o/r/releases/tag/v1", "https://github.com/o/r/releases/tag/v1"),
        ("https://github.com/o/r/issues", "https://github.com/o/r/issues"),
    ],
)
def test_where_it_is_broken(text: str, expected: str) -> None:
    assert defused(text) == expected.replace("|", ZWSP)


@given(text=HOSTILE)
def test_defusing_adds_nothing_that_shows_and_is_done_once(text: str) -> None:
    assert defused(text).replace(ZWSP, "") == text.replace(ZWSP, "")
    assert defused(defused(text)) == defused(text)
    assert not ACTED_ON.search(defused(text))


def test_plain_notes_stay_as_they_are() -> None:
    notes = "## Changes\n\n* one `metric`\n\n\tindented\n```go\nx\n```\n"
    assert fenced(notes) == f"````text\n{notes.rstrip()}\n````"
    assert fenced("a\r\nb\rc") == "````text\na\nb\nc\n````"


def test_hidden_characters_show() -> None:
    assert fenced("a\u202eb\x1b[2J\u200b") == "````text\na\\u{202e}b\\u{1b}[2J\\u{200b}\n````"


def test_long_runs_are_cut() -> None:
    assert fenced("````` ~~~~ ``` ````\n") == "````text\n```… ~~~… ``` ```…\n````"


def test_long_notes_are_cut() -> None:
    assert fenced("x" * 200, 100) == "````text\n" + "x" * 75 + "\n… and more\n````"
    assert fenced("x" * 86, 100) == "````text\n" + "x" * 86 + "\n````"
    assert fenced("x" * 87, 100) == "````text\n" + "x" * 75 + "\n… and more\n````"
    assert len(fenced("x" * 20_000)) == LONGEST
    assert len(fenced("@" * LONGEST)) == LONGEST


@given(text=HOSTILE)
def test_a_title_is_one_line_that_does_nothing(text: str) -> None:
    line = one_line(text * 5)
    assert len(line) <= LONGEST_LINE
    assert not ACTED_ON.search(line)
    assert not re.search(r"[\n\r\t]", line)
    assert not HIDDEN.search(line.replace(ZWSP, ""))


def test_titles() -> None:
    assert one_line("redis: 1.88.0 → 1.92.1") == "redis: 1.88.0 → 1.92.1"
    assert one_line("x\n\nfixes #1") == f"x\\u{{a}}\\u{{a}}f{ZWSP}ixes {ZWSP}#{ZWSP}1"
    assert one_line("x" * 201) == "x" * 199 + "…"
    assert one_line("@" * 150) == f"@{ZWSP}" * 99 + "@…"


@given(text=HOSTILE)
def test_a_span_holds_it_all(text: str) -> None:
    found = list(tokens(f"a {span(text)} b\n"))
    assert [token.type for token in found if token.content] == (["text", "code_inline", "text"] if text else ["text"])
    assert not ACTED_ON.search(span(text))
