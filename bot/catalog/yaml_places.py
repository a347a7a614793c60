"""Where each value of a YAML text stands, down to the single character of a string."""

import re
from dataclasses import dataclass

import yaml

from bot.catalog.document import Place

# https://yaml.org/spec/1.2.2/#57-escaped-characters
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_CONTINUATION = re.compile(r"\\(?:\r\n|\r|\n)[ \t]*")
_SPACE = " \t\r\n"


def locate(text: str) -> Place:
    """The place of the outermost value of a text that `parse_yaml` accepted."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if root is None:
        raise ValueError("the text holds no YAML value")
    return _YamlPlace(text, root, None)


@dataclass(frozen=True, slots=True)
class _YamlPlace:
    text: str
    node: yaml.Node
    key_node: yaml.Node | None

    @property
    def start(self) -> int:
        start: int = self.node.start_mark.index
        if isinstance(self.node, yaml.ScalarNode) and self.node.style in ("|", ">"):
            return (self.origins() or [start])[0]
        return start

    @property
    def end(self) -> int:
        return _end(self.text, self.node)

    @property
    def key(self) -> tuple[int, int] | None:
        if self.key_node is None:
            return None
        return self.key_node.start_mark.index, self.key_node.end_mark.index

    def child(self, step: str | int) -> "_YamlPlace | None":
        if isinstance(self.node, yaml.MappingNode):
            for key, value in self.node.value:
                if key.value == step:
                    return _YamlPlace(self.text, value, key)
        elif isinstance(self.node, yaml.SequenceNode) and isinstance(step, int) and step < len(self.node.value):
            return _YamlPlace(self.text, self.node.value[step], None)
        return None

    def origins(self) -> list[int] | None:
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        start, end, style = self.node.start_mark.index, self.node.end_mark.index, self.node.style
        if style in ("'", '"'):
            return _align(self.text, start + 1, end - 1, self.node.value, style)
        if style in ("|", ">"):
            header = self.text.find("\n", start, end)
            return None if header < 0 else _align(self.text, header + 1, end, self.node.value, style)
        return _align(self.text, start, end, self.node.value, "")


def _end(text: str, node: yaml.Node) -> int:
    """Where a value ends; libyaml ends a block value only where the next one starts."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    start: int = node.start_mark.index
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return start + len(text[start:end].rstrip())
    return end


def _align(text: str, position: int, end: int, value: str, style: str) -> list[int] | None:
    """The offset of each character of `value` in text[position:end], and of its end.

    Folding and indentation change white space only, so everything else is met in the same order; a text that
    does not agree gives None, never a wrong place.
    """
    origins = []
    for character in value:
        if style == '"':
            while match := _CONTINUATION.match(text, position, end):
                position = match.end()
        if character not in _SPACE:
            while position < end and text[position] in _SPACE:
                position += 1
            if style == '"':
                while match := _CONTINUATION.match(text, position, end):
                    position = match.end()
        origins.append(position)
        if style == '"' and (escape := _ESCAPE.match(text, position, end)):
            position = escape.end()
        elif style == "'" and text.startswith("''", position) and character == "'":
            position += 2
        elif position < end and text[position] == character:
            position += 1
        elif character not in _SPACE:
            return None
    origins.append(position)
    return origins
