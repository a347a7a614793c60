"""The parts of an expression that drop labels, and how each can be made to keep one."""

from typing import TypeAlias

from bot.promql.labels import named
from bot.promql.tree import SET_OPERATORS, Aggregation, Binary, Call

Dropper: TypeAlias = Aggregation | Binary | Call


def written(node: Dropper) -> str:
    """The part without its operands: sum by (job), * on (instance), absent()."""
    if isinstance(node, Call):
        return f"{node.function.text}()"
    kind = node.grouping if isinstance(node, Aggregation) else node.matching
    return f"{node.op.text} {kind} ({', '.join(named(node.labels))})" if kind else node.op.text


def kept(node: Dropper, label: str, *, right: bool) -> str:
    """Help: what to write for the part to keep a label, which its right operand has or its left."""
    match node:
        case Aggregation() if node.grouping == "without":
            return f'leave "{label}" out of "{written(node)}"'
        case Aggregation():
            return f"keep it there: {node.op.text} by ({', '.join([*named(node.labels), label])})"
        case Binary() if node.op.text in SET_OPERATORS:
            return f"{node.op.text} returns only what stands on its left"
        case Binary():
            group = node.group or ("left" if right else "right")
            include = ", ".join([*named(node.include), label])
            return f"take it over: {written(node)} group_{group} ({include})"
        case Call() if node.function.text.startswith("absent"):
            return f"{node.function.text}() returns only the labels that its selector asks for with ="
        case _:
            return "leave it out"
