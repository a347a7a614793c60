"""Changes to a YAML text that touch what they mean to, and leave every other byte alone: comments, quotes, order.

Each change is proved before it is handed out: the new text is read back, and must say what was asked for and nothing
else. A change that cannot be proved raises BotError, and nothing is lost.
"""

import copy
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from bot.catalog.document import Document, Route, Value
from bot.catalog.files import HIDDEN
from bot.catalog.yaml_text import parse_yaml
from bot.errors import BotError

Scalar = str | int | bool

# Text that every reader of YAML takes for text: no word for true or null, nothing that starts like a number.
_PLAIN = re.compile(
    r"(?!(?i:true|false|null|yes|no|on|off|y|n)\Z)"
    r"(?:--?)?[A-Za-z/](?:[A-Za-z0-9_./=+@%-]|:(?=[A-Za-z0-9_/]))*(?: [A-Za-z0-9_./-]+)*"
    # The id of a commit or a checksum: with one of these letters it is no number, whatever it starts with.
    r"|(?=[0-9a-f]*[acdf])[0-9a-f]{40,64}"
)
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*([ \t]+#[^\r\n]*)?")


def replace(document: Document, route: Route, value: Scalar) -> Document:
    """The document with another scalar at a route that holds one; in the quotes of the old one where they fit.

    Raises BotError where the route holds no scalar, or the change cannot be made.
    """
    member = _find(document, route)
    if not member or not isinstance(member.value, yaml.ScalarNode):
        raise BotError(f"there is no single value at {_shown(route)}", "the entry may have changed; look at the file")
    start, end = _span(document.text, member.value)
    texts = []
    for scalar in _scalars(value, member.value.style or ""):
        glue = " " if start and start == end and document.text[start - 1] == ":" else ""
        texts.append(document.text[:start] + glue + scalar + _comment(document.text[start:end]) + document.text[end:])
    return _proved(document, route, value, texts)


def put(document: Document, route: Route, value: Value, after: Sequence[str] = ()) -> Document:
    """The document with a value at a route, whether or not there was one; nothing changes where it is there already.

    A new key of a mapping goes behind the last of the keys named in `after`, else to the end of it. Comments inside a
    list or mapping that is replaced go with it. Raises BotError where the change cannot be made.
    """
    member = _find(document, route)
    if member:
        if _canonical(document.get(*route)) == _canonical(value):
            return document
        if isinstance(member.value, yaml.ScalarNode) and isinstance(value, str | int):
            return replace(document, route, value)
        text = _with_value(document.text, member, value)
    else:
        parent = _find(document, route[:-1])
        if not parent or not isinstance(parent.value, yaml.MappingNode):
            raise BotError(
                f"there is no mapping at {_shown(route[:-1])}", "the entry may have changed; look at the file"
            )
        text = _with_key(document.text, parent.value, str(route[-1]), value, after)
    return _proved(document, route, value, [text])


def remove(document: Document, route: Route) -> Document:
    """The document without a key of a mapping; nothing changes where it is not there.

    Raises BotError where the change cannot be made.
    """
    member = _find(document, route)
    if not member or member.parent is None or member.key is None:
        return document
    text = document.text
    start, end = member.key.start_mark.index, _span(text, member.value)[1]
    if member.parent.flow_style:
        pairs = member.parent.value
        index = next(at for at, pair in enumerate(pairs) if pair[0] is member.key)
        if index + 1 < len(pairs):
            end = pairs[index + 1][0].start_mark.index
        elif index:
            start = _span(text, pairs[index - 1][1])[1]
    else:
        start, end = text.rfind("\n", 0, start) + 1, _next_line(text, member.value)
    return _proved(document, route, _Nothing, [text[:start] + text[end:]])


@dataclass(frozen=True, slots=True)
class _Member:
    """A value of the text, and how it hangs in the value around it."""

    value: yaml.Node
    key: yaml.Node | None
    parent: yaml.CollectionNode | None


class _Nothing:
    """Stands for a value that is to be gone."""


def _find(document: Document, route: Route) -> _Member | None:
    root = yaml.compose(document.text, Loader=yaml.CSafeLoader)
    member = _Member(root, None, None) if root is not None else None
    for step in route:
        if member is None:
            return None
        node = member.value
        member = None
        if isinstance(node, yaml.MappingNode):
            member = next((_Member(value, key, node) for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
            member = _Member(node.value[step], None, node)
    return member


def _span(text: str, node: yaml.Node) -> tuple[int, int]:
    """From the first character of a value to behind its last; libyaml ends a block only where the next one starts."""
    start = node.start_mark.index
    last = node
    while isinstance(last, yaml.CollectionNode) and not last.flow_style and last.value:
        last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
    end = last.end_mark.index
    if isinstance(last, yaml.ScalarNode) and last.style not in ("'", '"'):
        end = max(last.start_mark.index, last.start_mark.index + len(text[last.start_mark.index : end].rstrip()))
    return start, end


def _next_line(text: str, node: yaml.Node) -> int:
    """Where the line behind a value starts; a comment beside the value belongs to it."""
    end = text.find("\n", _span(text, node)[1])
    return len(text) if end < 0 else end + 1


def _comment(old: str) -> str:
    """The comment in the first line of a block scalar, which goes when the block goes."""
    match = _BLOCK_HEADER.match(old)
    return (match[1] or "") if match else ""


def _scalars(value: Scalar, style: str) -> Iterator[str]:
    """Ways to write a scalar, the one most like the old style first."""
    if isinstance(value, str):
        if style == "'":
            yield "'" + value.replace("'", "''") + "'"
        elif not style:
            yield value
        yield json.dumps(value, ensure_ascii=False)
    else:
        yield json.dumps(value)


def _with_value(text: str, member: _Member, value: Value) -> str:
    start, end = _span(text, member.value)
    if member.key is not None and member.parent is not None and not member.parent.flow_style:
        colon = text.index(":", _span(text, member.key)[1]) + 1
        written = _written(value, member.key.start_mark.column)
        return text[:colon] + written.replace("\n", _line_break(text)) + text[end:]
    return text[:start] + _inline(value) + text[end:]


def _with_key(text: str, parent: yaml.MappingNode, key: str, value: Value, after: Sequence[str]) -> str:
    known = [name.value for name, _ in parent.value]
    behind = max((known.index(name) for name in after if name in known), default=len(known) - 1)
    if parent.flow_style:
        written = f"{_inline(key)}: {_inline(value)}"
        if not known:
            start = parent.start_mark.index + 1
            return f"{text[:start]}{written}{text[start:]}"
        end = _span(text, parent.value[behind][1])[1]
        return f"{text[:end]}, {written}{text[end:]}"
    indent = parent.start_mark.column
    at = _next_line(text, parent.value[behind][1])
    written = f"{' ' * indent}{_inline(key)}:{_written(value, indent)}\n"
    glue = "\n" if at and text[at - 1] != "\n" else ""
    return text[:at] + (glue + written).replace("\n", _line_break(text)) + text[at:]


def _written(value: Value, indent: int) -> str:
    """What stands behind a key and its colon: a list or a mapping takes lines of its own."""
    if not value or not isinstance(value, dict | list):
        return f" {_inline(value)}"
    pad = "\n" + " " * (indent + 2)
    if isinstance(value, list):
        return "".join(f"{pad}- {_inline(item)}" for item in value)
    return "".join(f"{pad}{_inline(key)}:{_written(item, indent + 2)}" for key, item in value.items())


def _inline(value: Value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_inline(key)}: {_inline(item)}' for key, item in value.items())}}}"
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _proved(document: Document, route: Route, value: "Value | type[_Nothing]", texts: Sequence[str]) -> Document:
    """The first of the texts that says what was asked for, and nothing else."""
    wanted = _canonical(_changed(document.data, route, value))
    for text in texts:
        parsed = parse_yaml(text)
        if (
            parsed.document
            and not parsed.flaws
            and not HIDDEN.search(text)
            and _canonical(parsed.document.data) == wanted
        ):
            return parsed.document
    raise BotError(f"cannot change {_shown(route)} without changing more than that", "edit the file by hand")


def _canonical(data: Value) -> str:
    """Equal for data that is equal to the type: 1 is neither true nor "1"."""
    return json.dumps(data, sort_keys=True)


def _changed(data: Value, route: Route, value: "Value | type[_Nothing]") -> Value:
    if not route:
        return None if isinstance(value, type) else value
    result = copy.copy(data)
    step = route[0]
    if isinstance(result, dict) and isinstance(step, str):
        if isinstance(value, type) and len(route) == 1:
            del result[step]
        else:
            result[step] = _changed(result.get(step), route[1:], value)
    elif isinstance(result, list) and isinstance(step, int):
        result[step] = _changed(result[step], route[1:], value)
    return result


def _shown(route: Route) -> str:
    return ".".join(map(str, route)) or "the top of the file"
