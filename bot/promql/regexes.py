"""Prometheus's regular expressions (RE2), matched in linear time whoever wrote them, as Python's own are not."""

import re
from functools import lru_cache

import jsonschema_rs

# What RE2 and the engine at hand read differently: [[:alpha:]], && inside a class, the escapes \< and \>.
_READ_DIFFERENTLY = re.compile(r"\[:|&&|\\[<>]")


@lru_cache(maxsize=4096)
def _compiled(regex: str) -> jsonschema_rs.Draft202012Validator | None:
    if _READ_DIFFERENTLY.search(regex):
        return None
    try:
        return jsonschema_rs.Draft202012Validator(
            {"pattern": f"^(?s:{regex})$"}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except ValueError:
        return None


def fullmatch(regex: str, text: str) -> bool | None:
    """Whether a regular expression matches the whole of a text; None where it is beyond the engine at hand."""
    compiled = _compiled(regex)
    try:
        return None if compiled is None else compiled.is_valid(text)
    except UnicodeEncodeError:
        return None
