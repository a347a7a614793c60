"""Go's words and promtool's, put plainly; what is not known stays as it is."""

import ast
import re
from collections.abc import Iterator

QUOTED = r'"(?:[^"\\]|\\.)*"'
"""A string as Go's %q prints it."""

_YAML_LINE = re.compile(r"(?:yaml: )?line (\d+): ")
_UNKNOWN_FIELD = re.compile(r"field (.*) not found in type (\S+)")
_WRONG_TYPE = re.compile(r"cannot unmarshal (!!\S+)(?: `(.*)`)? into (\S+)")
_TYPES = {
    "ruleGroups": "a rule file",
    "RuleGroups": "a rule file",
    "RuleGroup": "a group",
    "Rule": "a rule",
    "unitTestFile": "a test file",
    "testGroup": "a test",
    "series": "an input series",
    "alertTestCase": "an item of alert_rule_test",
    "promqlTestCase": "an item of promql_expr_test",
    "alert": "an item of exp_alerts",
    "sample": "an item of exp_samples",
    "string": "text",
    "int": "a whole number",
    "float64": "a number",
    "bool": "true or false",
    "Duration": "a duration",
}
_KINDS = {"!!seq": "a list", "!!map": "a mapping", "!!null": "nothing"}


def one_line(text: str) -> str:
    """Without line breaks."""
    return re.sub(r"\s*\n\s*", " ", text.strip())


def unquoted(text: str) -> str:
    """A string that stands in quotes, with its escapes read."""
    try:
        return str(ast.literal_eval(text))
    except (SyntaxError, ValueError):
        return text[1:-1]


def yaml_errors(error: str) -> Iterator[tuple[int, str]]:
    """Line (0 where none is named) and message of each error of Go's YAML decoder."""
    head, _, rest = error.partition("\n")
    for line in rest.split("\n") if head == "yaml: unmarshal errors:" else [error]:
        text = line.strip()
        match = _YAML_LINE.match(text)
        message = text[match.end() :] if match else text.removeprefix("yaml: ")
        yield int(match.group(1)) if match else 0, plainly(one_line(message))


def plainly(message: str) -> str:
    """Without the names of Go's types."""
    unknown = _UNKNOWN_FIELD.fullmatch(message)
    if unknown:
        return f'{_type(unknown.group(2))} has no field "{unknown.group(1)}"'
    wrong = _WRONG_TYPE.fullmatch(message)
    if wrong:
        kind, value, wanted = wrong.groups()
        found = _KINDS.get(kind) or (f'text "{value}"' if kind == "!!str" else value or kind)
        return f"{found} stands where {_type(wanted)} belongs"
    return message


def _type(name: str) -> str:
    if name.startswith("[]"):
        return "a list"
    if name.startswith("map["):
        return "a mapping"
    return _TYPES.get(name.rpartition(".")[2].removesuffix("Node"), name)
