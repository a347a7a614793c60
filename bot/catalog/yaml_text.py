"""YAML as a catalog needs it: one document, YAML 1.2 core scalars, no anchors, aliases, tags or duplicate keys.

The events come from libyaml (PyYAML); the values are built here, without recursion, so that a hostile text
costs a flaw and no more.
"""

import math
import re
from typing import Any

import yaml

from bot.catalog.document import Document, Parsed, Value
from bot.catalog.files import HIDDEN, Flaw, Lines, describe_hidden
from bot.catalog.yaml_places import locate
from bot.model import Span

MAX_DEPTH = 50
MAX_VALUES = 50_000
MAX_DIGITS = 18

# https://yaml.org/spec/1.2.2/#103-core-schema
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_MAY_BE_TYPED = frozenset("~nNtTfF0123456789+-.")


def parse_yaml(text: str) -> Parsed:
    """The document that a text holds, and its flaws; no document where its structure cannot be told."""
    builder = _Builder(text)
    try:
        # Not yaml.parse: asking for each event costs a third of the time.
        next_event = yaml.CSafeLoader(text).get_event
        while type(event := next_event()) is not yaml.StreamEndEvent:
            builder.take(event)
    except _Stop:
        return Parsed(None, tuple(builder.flaws))
    except yaml.reader.ReaderError as error:
        return Parsed(None, (*builder.flaws, _refused_character(error, text)))
    except yaml.YAMLError as error:
        return Parsed(None, (*builder.flaws, _syntax(error, text)))
    if builder.has_alias:
        return Parsed(None, tuple(builder.flaws))
    if not builder.roots:
        return Parsed(
            None, (*builder.flaws, Flaw(Span(1, 1, 1, 1), "the file says nothing", "fill it in, or delete it"))
        )
    return Parsed(Document(text, builder.roots[0], locate), tuple(builder.flaws))


class _Stop(Exception):
    """Reading on makes no sense."""


class _Missing:
    """Stands where a mapping waits for its next key."""


_MISSING = _Missing()


class _Builder:
    """Takes events, holds the open collections on a stack of its own."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_escapes = "\\" in text
        self.roots: list[Value] = []
        self.flaws: list[Flaw] = []
        self.has_alias = False
        self._open: list[list[Value] | dict[str, Value]] = []
        self._keyed = False
        """Whether the innermost open collection is a mapping."""
        self._key: str | _Missing = _MISSING
        self._left = MAX_VALUES

    def take(self, event: Any) -> None:
        """The next event of libyaml's."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                self._refuse_decoration(event)
            self._scalar(event)
        elif kind is yaml.MappingStartEvent:
            self._start({}, event)
        elif kind is yaml.SequenceStartEvent:
            self._start([], event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._open.pop()
            self._keyed = bool(self._open) and type(self._open[-1]) is dict
            self._key = _MISSING
        elif kind is yaml.AliasEvent:
            self.has_alias = True
            self.flaws.append(Flaw(_span(event), f"alias *{event.anchor}", "write the value out; aliases are not read"))
            self._value(None, event)
        elif kind is yaml.DocumentStartEvent and self.roots:
            self.flaws.append(Flaw(_span(event), "a second document starts here", "one file holds one document"))
            raise _Stop

    def _scalar(self, event: Any) -> None:
        if self._keyed and self._key is _MISSING:
            self._take_key(event)
        elif event.implicit[0]:
            self._value(self._resolve(event), event)
        else:
            hidden = HIDDEN.search(event.value) if self._has_escapes and event.style == '"' else None
            # One that stands in the file as it is has been told already; this one is written as an escape.
            if hidden and hidden.group() not in self._text[event.start_mark.index : event.end_mark.index]:
                self.flaws.append(Flaw(_span(event), *describe_hidden(hidden.group())))
            self._value(event.value, event)

    def _take_key(self, event: Any) -> None:
        container = self._open[-1]
        if event.value in container:
            self.flaws.append(
                Flaw(
                    _span(event),
                    f'duplicate key "{event.value}"',
                    "keep one of them; YAML readers disagree on which wins",
                )
            )
        if event.value == "<<":
            self.flaws.append(Flaw(_span(event), "merge key <<", "write the keys out; merge keys are not read"))
        self._key = event.value

    def _start(self, container: list[Value] | dict[str, Value], event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_decoration(event)
        if len(self._open) == MAX_DEPTH:
            self.flaws.append(Flaw(_span(event), f"nested more than {MAX_DEPTH} levels deep", "flatten it"))
            raise _Stop
        if self._keyed and self._key is _MISSING:
            self.flaws.append(Flaw(_span(event), "a collection stands where a key belongs", "a key is plain text"))
            raise _Stop
        self._value(container, event)
        self._open.append(container)
        self._keyed = type(container) is dict
        self._key = _MISSING

    def _value(self, value: Value, event: Any) -> None:
        self._left -= 1
        if not self._left:
            self.flaws.append(Flaw(_span(event), f"more than {MAX_VALUES} values", "split the file"))
            raise _Stop
        if not self._open:
            self.roots.append(value)
            return
        container = self._open[-1]
        if type(container) is list:
            container.append(value)
        elif type(container) is dict:
            if isinstance(self._key, str):
                container.setdefault(self._key, value)
                self._key = _MISSING
            else:
                self.flaws.append(Flaw(_span(event), "an alias stands where a key belongs", "a key is plain text"))
                raise _Stop

    def _resolve(self, event: Any) -> Value:
        text: str = event.value
        if text and text[0] not in _MAY_BE_TYPED:
            return text
        if _NULL.match(text):
            return None
        if _BOOL.match(text):
            return text[0] in "tT"
        if _INT.match(text) or _OCTAL.match(text) or _HEX.match(text):
            return self._integer(text, event)
        if _NOT_FINITE.match(text):
            self.flaws.append(Flaw(_span(event), f"{text} is not a finite number", "quote it, or leave it out"))
            return None
        if _FLOAT.match(text):
            number = float(text)
            if math.isfinite(number):
                return number
            self.flaws.append(Flaw(_span(event), f"{text[:20]} is too large a number", "quote it, or correct it"))
            return None
        return text

    def _integer(self, text: str, event: Any) -> Value:
        if len(text) > MAX_DIGITS:
            self.flaws.append(Flaw(_span(event), f"an integer of {len(text)} characters", "quote it, or correct it"))
            return None
        if text.startswith("0o"):
            return int(text[2:], 8)
        return int(text, 16) if text.startswith("0x") else int(text)

    def _refuse_decoration(self, event: Any) -> None:
        if event.anchor is not None:
            self.flaws.append(Flaw(_span(event), f"anchor &{event.anchor}", "delete it; aliases are not read"))
        if event.tag is not None:
            self.flaws.append(Flaw(_span(event), f"tag {event.tag}", "delete it; tags are not read"))


def _span(event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _refused_character(error: yaml.reader.ReaderError, text: str) -> Flaw:
    """In the words of `hidden_characters`, which has told of it already: equal findings are one."""
    return Flaw(Lines(text).span(error.position, error.position + 1), *describe_hidden(text[error.position]))


def _syntax(error: yaml.YAMLError, text: str) -> Flaw:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    message = ", ".join(part for part in (getattr(error, "context", None), getattr(error, "problem", None)) if part)
    if mark is None:
        return Flaw(Span(1, 1, 1, 1), message or str(error))
    line, column = mark.line + 1, mark.column + 1
    return Flaw(Span(line, column, line, column + 1), f"not YAML: {message}", _advice(Lines(text).line(line), message))


def _advice(line: str, message: str) -> str:
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in message:
        return "indent with spaces; YAML knows no tabs"
    if "mapping values are not allowed" in message:
        return "quote a value that holds ': '"
    return ""
