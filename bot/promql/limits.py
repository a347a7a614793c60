"""How large an expression may be before any parser is asked: they take quadratic time, and deep nesting kills them."""

import re

MAX_LENGTH = 8 * 1024
"""Characters of an expression, or of a template."""
MAX_DEPTH = 100
MAX_OPERATORS = 128
"""The embedded parser takes 3 ms for so many, and 40 for four times as many."""

_OPAQUE = re.compile(
    r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*""",
    re.DOTALL,
)
_OPERATOR = re.compile(r"[-+*/%^]|[<>]|==|!=|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)
_BRACKET = re.compile(r"[(\[{]|[)\]}]")


def bare(expr: str) -> str:
    """An expression of the same length, with blanks for what stands in strings and comments."""
    return _OPAQUE.sub(lambda match: " " * len(match.group()), expr)


def excess(expr: str) -> str | None:
    """What makes an expression too large to be parsed, in a few words; None where nothing does."""
    if len(expr) > MAX_LENGTH:
        return f"{len(expr)} characters long; {MAX_LENGTH} is the most"
    if sum(map(expr.count, "([{")) <= MAX_DEPTH and len(expr) <= MAX_OPERATORS:
        return None
    text = bare(expr)
    operators = len(_OPERATOR.findall(text))
    if operators > MAX_OPERATORS:
        return f"made of {operators} operators; {MAX_OPERATORS} is the most"
    depth = deepest = 0
    for match in _BRACKET.finditer(text):
        depth += 1 if match.group() in "([{" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        return f"nested {deepest} levels deep; {MAX_DEPTH} is the most"
    return None
