"""Upstream's own words in a pull request, where they must do nothing: notify nobody, refer to nothing, close nothing.

A fence keeps Markdown and HTML from meaning anything. What GitHub looks for in plain text is broken up besides: the
body of a pull request becomes a commit message when it is squashed, and e-mails are quoted into comments; neither
knows fences. Source: https://docs.github.com/en/get-started/writing-on-github
"""

import re

from bot.catalog.files import HIDDEN, LINE_BREAK
from bot.reporters.markdown import code
from bot.reporters.wording import visible

LONGEST = 10_000
"""Characters of a fenced text, with its fence."""
LONGEST_LINE = 200
"""Characters of a title; GitHub takes 256."""

ZWSP = "\u200b"
"""Zero width space: breaks a pattern, and shows nothing."""

_REFERENCE = r"\S*(?:#|gh-|://|github\.com)"
_LIVE = re.compile(
    rf"@(?!{ZWSP})"
    r"|\#(?=\d)"
    r"|gh-(?=\d)"
    r"|/(?:issues|pulls?|discussions|commit)/(?=\w)"
    rf"|\b(?:clos|fix|resolv)(?=(?:e[sd]?)?:?\s+{_REFERENCE})"
    r"|\[(?=(?:skip[ ](?:ci|actions)|(?:ci|actions)[ ]skip|no[ ]ci)\])"
    r"|\bskip-(?=checks:)",
    re.IGNORECASE,
)
"""What GitHub acts on, up to where it is broken: mentions, references, closing keywords, and orders to skip checks."""
_RUNS = re.compile(r"(`{3}|~{3})[`~]+")
"""A fence must be longer than what it holds, so a long run would cost its length thrice."""


def defused(text: str) -> str:
    """A text that shows as before and that nothing on GitHub acts on. Defusing it once more changes nothing."""
    return _LIVE.sub(lambda match: _broken(match.group()), text)


def span(text: str) -> str:
    """A code span, defused."""
    return defused(code(text))


def one_line(text: str) -> str:
    """For a title or a commit message: on one line, defused, of bounded length."""
    shown = defused(visible(text[: LONGEST_LINE + 1]))
    return shown if len(shown) <= LONGEST_LINE else f"{shown[: LONGEST_LINE - 1]}…"


def fenced(text: str, longest: int = LONGEST) -> str:
    """A block of code of at most that many characters that holds a text, defused, hidden characters written out."""
    lines = LINE_BREAK.sub("\n", text[:longest])
    shown = _RUNS.sub(r"\1…", HIDDEN.sub(lambda match: visible(match.group()), lines)).strip("\n")
    shown = defused(shown)
    fence = "`" * 4
    rest = "\n… and more"
    room = longest - 2 * len(fence) - len("text\n\n")
    if len(shown) > room or len(text) > longest:
        shown = shown[: room - len(rest)] + rest
    return f"{fence}text\n{shown}\n{fence}"


def _broken(live: str) -> str:
    if live == "#":
        return f"{ZWSP}#{ZWSP}"
    if live[0].isalpha() and not live.endswith("-"):
        # Inside the keyword: behind it, the rest would still be one.
        return f"{live[0]}{ZWSP}{live[1:]}"
    return f"{live}{ZWSP}"
