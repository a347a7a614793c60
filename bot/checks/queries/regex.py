"""A matcher uses a regular expression where one is needed, and the one that was meant.

Prometheus anchors every regular expression at both ends, so ^ and $ add nothing, and one without special characters
says what = says. A comma is no separator, a * repeats the character in front of it, a dot stands for any character:
such matchers are valid and select something else than they seem to. In a dashboard, a variable with several values
becomes a regular expression, which = compares as plain text.

Bad:

    expr: redis_commands_total{cmd=~"get,set"}

Good:

    expr: redis_commands_total{cmd=~"get|set"}
"""

import re
from collections.abc import Iterator

from bot.catalog.evidence import Evidence, varies
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, both
from bot.model import Severity
from bot.promql.labels import matches
from bot.promql.tokens import VARIABLE
from bot.promql.tree import Matcher, Selector

_LITERAL = re.compile(r"(?:[^.*+?()\[\]{}|^$\\]|\\[^\w\s])*+")
_EVERYTHING = frozenset((".*", "(.*)", ".*.*", "(.*|)", "|.*", ".*|"))
_LIST = re.compile(r"[\w.:/-]+(?:, ?[\w.:/-]+)+")
_ESCAPED = re.compile(r"\\(.)")
_ANCHOR = re.compile(r"(?:\A|(?<=\|)|(?<=\())\^|(?<!\\)\$(?=[|)]|\Z)")
_GLOB = re.compile(r"(?<!\\)[A-Za-z0-9_-]\*")
_DOTTED = re.compile(r"(?<!\\)(?<=[A-Za-z0-9])\.(?=[A-Za-z0-9])")
_NAME = re.compile(
    r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
    r"|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|local|internal|lan|service|socket|timer|mount|slice|conf|json|ya?ml|log|sh|py)",
)
"""Texts that look like an address, or the name of a host, a unit or a file."""
_NOT_REGULAR = frozenset(
    ("csv", "glob", "json", "distributed", "doublequote", "singlequote", "sqlstring", "lucene", "queryparam", "text")
)
"""Formats of a variable that make no regular expression of several values."""


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """One remark for a matcher, the gravest."""
    for selector, _ in query.expression.selectors:
        for matcher in selector.matchers:
            if varies(matcher):
                remark = _several(query, matcher) or _anchored(query, matcher)
            else:
                remark = _suspicious(query, evidence, selector, matcher) if "~" in matcher.op else None
            if remark is not None:
                yield remark


def _several(query: Query, matcher: Matcher) -> Remark | None:
    """A variable with several values, compared as if it had one."""
    several = query.dashboard.several if query.dashboard else frozenset[str]()
    for use in VARIABLE.finditer(matcher.value.text) if several else ():
        name, format_ = use["plain"] or use["square"] or use["braced"], use["format"] or use["square_format"] or ""
        if name not in several:
            continue
        if "~" not in matcher.op:
            message = f'"{name}" can have several values, and {matcher.op} compares with all of them as one text'
            regular = "=~" if matcher.op == "=" else "!~"
            help_ = f"write {matcher.label.text}{regular}{_quoted(matcher.value.text)}"
            return _about(matcher, message, help_, Severity.WARNING)
        if format_ in _NOT_REGULAR:
            message = f"{use.group()} makes no regular expression of several values"
            meant = matcher.value.text.replace(use.group(), f"${{{name}:regex}}")
            return _about(matcher, message, f"write {_with(matcher, meant)}", Severity.WARNING)
    return None


def _suspicious(query: Query, evidence: Evidence, selector: Selector, matcher: Matcher) -> Remark | None:
    text = matcher.value.text
    if text.removeprefix("^").removesuffix("$") in _EVERYTHING:
        return _everything(query, matcher)
    if _LIST.fullmatch(text) and not any("," in value for value in _known(query, evidence, selector, matcher)):
        meant = "|".join(part.strip() for part in text.split(","))
        message = f'"{text}" is one value with a comma in it, not several'
        return _about(matcher, message, f"write {_with(matcher, meant)}", Severity.WARNING)
    if _LITERAL.fullmatch(text):
        message = f"{_written(query, matcher)} has nothing of a regular expression"
        return _about(matcher, message, f"write {_with(matcher, text)}")
    if _GLOB.search(text) and "[" not in text:
        if not any(_hits(matcher, value) for value in _known(query, evidence, selector, matcher)):
            message = f'"{text}" is no glob: * repeats the character in front of it'
            meant = _GLOB.sub(lambda star: f"{star.group()[0]}.*", text)
            return _about(matcher, message, f"write {_with(matcher, meant)}", Severity.WARNING)
    elif any(_NAME.fullmatch(part) for part in text.split("|")):
        known = _known(query, evidence, selector, matcher)
        if not any(_hits(matcher, value) and "." not in value for value in known):
            # Without its dots, such a name is often a plain text.
            plain = _LITERAL.fullmatch(text.replace(".", "")) is not None
            meant = text.replace(".", "\\.") if plain else _DOTTED.sub("[.]", text)
            message = f'a dot in "{text}" stands for any character'
            return _about(matcher, message, f"write {_with(matcher, meant)}")
    return _anchored(query, matcher)


def _everything(query: Query, matcher: Matcher) -> Remark:
    written = _written(query, matcher)
    if matcher.op == "!~":
        message = f"{written} selects nothing: every value matches, and so does having none"
        return _about(matcher, message, "leave it out, or say what must not match", Severity.ERROR)
    message = f"{written} selects every series, also those without the label"
    return _about(matcher, message, f'leave it out, or write {matcher.label.text}!="" for those that have the label')


def _anchored(query: Query, matcher: Matcher) -> Remark | None:
    text = matcher.value.text
    if "~" not in matcher.op or ("^" not in text and not text.endswith("$")):
        return None
    stripped = _ANCHOR.sub("", text)
    if stripped == text:
        return None
    message = f"{_written(query, matcher)} needs no anchors: a regular expression always has to match the whole value"
    return _about(matcher, message, f"write {_with(matcher, stripped)}")


def _known(query: Query, evidence: Evidence, selector: Selector, matcher: Matcher) -> set[str]:
    """The values that the label has in the snapshot."""
    metrics = evidence.metrics_of(query.expression, selector)
    return {sample.labels.get(matcher.label.text, "") for metric in metrics for sample in metric.samples} - {""}


def _hits(matcher: Matcher, value: str) -> bool:
    return matches(matcher, value) is (matcher.op == "=~")


def _about(matcher: Matcher, message: str, help_: str, severity: Severity | None = None) -> Remark:
    return Remark(matcher.label.start, matcher.value.end + 1, message, help_, severity)


def _written(query: Query, matcher: Matcher) -> str:
    return query.expression.written(matcher.label.start, matcher.value.end + 1)


def _with(matcher: Matcher, text: str) -> str:
    """The matcher with another text; with = or != where nothing of a regular expression is left."""
    if "$" not in text and _LITERAL.fullmatch(text):
        return f"{matcher.label.text}{'!=' if matcher.op == '!~' else '='}{_quoted(_ESCAPED.sub(lambda m: m[1], text))}"
    return f"{matcher.label.text}{matcher.op}{_quoted(text)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


CHECKS = both("regex", Severity.INFO, __doc__, look, needs_snapshot=False)
