"""PromQL to a syntax tree, by the embedded parser; what it refuses, and whether that is beyond doubt.

The parser (promql-parser) is native code: it recurses and takes quadratic time, so a text is measured first. It
follows Prometheus 3.8, knows nothing that is newer or behind a flag, and its regular expressions are Rust's.
"""

import json
import re
from dataclasses import dataclass
from itertools import pairwise

import promql_parser

from bot.promql.functions import signature_of
from bot.promql.limits import bare, excess
from bot.promql.tokens import Kind, Token, brackets_of, tokens_of

MAX_REPEATS = 500
"""Of one expression's regular expressions together: `\\pL{500}` alone takes the parser 0.7 s."""

_REPEAT = re.compile(r"(\))?\{(\d{1,5})(?:,(\d{0,5}))?\}")
_ILLEGAL_REGEX = "illegal regex for "
_LONG = 120
"""Characters of the parser's words that a message shows."""
_UNKNOWN_FUNCTION = re.compile(r"unknown function with name '(.*)'")
_NEWER_NUMBER = re.compile(r"[0-9]+_[0-9_]+")
_NEWER_WORDS = frozenset(("anchored", "smoothed"))
# Escapes and classes that RE2 takes and Rust's regular expressions do not.
_RE2_ONLY = re.compile(r"\[[^]]*\[|\\[QEC]")
_RAW = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|#[^\n]*)|`([^`]*)`""", re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]+")
_HUGE = re.compile(r"(?:\[(?:[^\]:]*:)?|\boffset)\s*[-+]?\s*(?:[0-9.]{16,}|[0-9.]+e\+?[0-9]{2,}|inf\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an expression has no syntax tree."""

    message: str
    """One line, starting in lower case."""
    within: tuple[int, int] | None = None
    """The characters (from, to) that are to blame; None where the parser names no place."""
    certain: bool = True
    """Whether Prometheus refuses it too; False where only the embedded parser may be at its end."""
    local: bool = False
    """Whether nothing that is written elsewhere in the expression can mend it."""
    regex: str = ""
    """The regular expression that is to blame."""


def parse(expr: str) -> promql_parser.Expr | Fault:
    """The syntax tree of an expression without variables, or why there is none."""
    too_large = excess(expr) or _too_many_repeats(expr)
    if too_large:
        return Fault(too_large, certain=False)
    if _HUGE.search(expr) and _HUGE.search(bare(expr)):
        return Fault("a duration is out of range")
    try:
        return promql_parser.parse(_without_raw(expr))
    except UnicodeEncodeError:
        half = _HALF.search(expr)
        return Fault("half a character, which no encoding knows", half.span() if half else None)
    except ValueError as error:
        return _fault(expr, str(error))
    except BaseException as error:
        # A panic of the native code is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        return Fault("the embedded parser gave up on it", certain=False)


def parse_error(expr: str) -> str | None:
    """What is wrong with an expression, in one line; None where it parses."""
    result = parse(expr)
    return result.message if isinstance(result, Fault) else None


def _without_raw(expr: str) -> str:
    """The parser takes escapes even in raw text, where there are none: it is given such text in other quotes."""
    return _RAW.sub(lambda match: match[1] or json.dumps(match[2], ensure_ascii=False), expr) if "`" in expr else expr


def _fault(expr: str, message: str) -> Fault:
    tokens = [token for token in tokens_of(expr) if token.kind != Kind.COMMENT]
    if not tokens:
        return Fault("there is no expression")
    imbalance = brackets_of(tokens).imbalance
    if imbalance:
        return Fault(imbalance.message, (imbalance.start, imbalance.end))
    newer = _newer(tokens)
    if newer:
        return Fault(f"{newer} is newer than the embedded parser", certain=False)
    unknown = _UNKNOWN_FUNCTION.match(message)
    if unknown:
        return _unknown_function(tokens, unknown[1])
    summary = " ".join(message.split())
    if summary.startswith(_ILLEGAL_REGEX):
        regex = message[len(_ILLEGAL_REGEX) :].strip()
        shown = summary if len(summary) <= _LONG else f"{summary[:_LONG]}…"
        return Fault(shown, certain=not _RE2_ONLY.search(regex), regex=regex)
    if summary.startswith("invalid promql query"):
        return Fault("invalid syntax")
    return Fault(summary[:1].lower() + summary[1:_LONG])


def _unknown_function(tokens: list[Token], name: str) -> Fault:
    message = f'there is no function "{name[:_LONG]}"'
    place = next(
        (
            (token.start, token.end)
            for token, following in pairwise(tokens)
            if token.text == name and following.text == "("
        ),
        None,
    )
    # Known here, but not to the parser: added since, behind a flag, or taken away by Prometheus 3.
    return Fault(message, place, certain=signature_of(name) is None, local=True)


def _newer(tokens: list[Token]) -> str:
    """Syntax that newer versions of Prometheus take, some of them behind a flag; empty where there is none."""
    in_range = False
    for index, token in enumerate(tokens):
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if token.kind == Kind.MARK:
            in_range = token.text == "[" or (in_range and token.text != "]")
            if in_range and token.text in ("+", "-", "*", "/", "%", "^", "("):
                return "arithmetic in a range"
            if token.text + after in ("</", ">/"):
                return f'the operator "{token.text + after}"'
        elif token.kind == Kind.WORD:
            if token.text.lower() in _NEWER_WORDS:
                return f'"{token.text}"'
            if token.text.lower() == "offset" and after == "(":
                return "arithmetic in an offset"
            if _NEWER_NUMBER.fullmatch(token.text):
                return f"a number such as {token.text}"
    return ""


def _too_many_repeats(expr: str) -> str | None:
    if not _REPEAT.search(expr):
        return None
    total = 0
    for token in tokens_of(expr):
        if token.kind != Kind.TEXT:
            continue
        single, nested = 1, 1
        for match in _REPEAT.finditer(token.text):
            count = int(match[3] or match[2])
            if match[1]:
                nested *= max(count, 1)
            else:
                single += count
        total += single * nested
    return f"more than {MAX_REPEATS} repetitions in regular expressions" if total > MAX_REPEATS else None
