"""Data as YAML in all its styles."""

import json

from hypothesis import strategies as st

from bot.catalog.document import Value
from bot.catalog.yaml_text import parse_yaml


class Writer:
    """Writes data in styles that are drawn; each comment has a number, such as # c7."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.comments = 0

    def entry(self, data: dict[str, Value]) -> str:
        text = "".join(self.block(data, 0))
        if self.draw(st.booleans()):
            text = text.removesuffix("\n")
        return text.replace("\n", "\r\n") if self.draw(st.booleans()) else text

    def block(self, data: dict[str, Value], indent: int) -> list[str]:
        lines = []
        for key in self.draw(st.permutations(list(data))):
            value = data[key]
            if self.draw(st.integers(0, 4)) == 0:
                lines.append(" " * indent + self.comment() + "\n")
            name = " " * indent + self.scalar(key, single=True)
            if isinstance(value, dict) and value and self.draw(st.booleans()):
                lines += [
                    f"{name}:{self.aside()}\n",
                    *self.block(value, indent + self.draw(st.sampled_from([1, 2, 4]))),
                ]
            elif isinstance(value, str) and value and self.draw(st.integers(0, 7)) == 0:
                sign = self.draw(st.sampled_from(["|-", ">-"]))
                lines += [f"{name}: {sign}{self.aside()}\n", f"{' ' * indent}   {value}\n"]
            else:
                lines.append(f"{name}: {self.flow(value)}{self.aside()}\n")
        return lines

    def flow(self, value: Value) -> str:
        if isinstance(value, dict):
            pad = self.draw(st.sampled_from(["", " "]))
            return "{" + pad + ", ".join(f"{key}: {self.flow(value[key])}" for key in value) + pad + "}"
        return self.scalar(value) if isinstance(value, str) else json.dumps(value)

    def scalar(self, text: str, *, single: bool = False) -> str:
        styles = [json.dumps(text, ensure_ascii=False), "'" + text.replace("'", "''") + "'"]
        plain = parse_yaml(f"[{text}]")
        if not plain.flaws and plain.document and plain.document.data == [text]:
            styles.append(text)
        return styles[-1] if single and self.draw(st.booleans()) else self.draw(st.sampled_from(styles))

    def aside(self) -> str:
        return self.draw(st.sampled_from(["", "", "  "])) and f"  {self.comment()}"

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}: 'x' \"y\" {{"
