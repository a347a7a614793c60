"""What an expression asks for: its selectors, calls, aggregations and operators, each with what it stands in."""

from dataclasses import dataclass
from functools import cached_property

from bot.promql.labels import NAME
from bot.promql.tokens import holds_variable
from bot.promql.tree import Aggregation, Binary, Call, Found, Name, Node, Selector, walk
from bot.promql.variables import Replaced


@dataclass(frozen=True)
class Expression:
    """An expression and its tree. Where variables were replaced, the tree is that of the text without them."""

    text: str
    """As it was written."""
    tree: Node
    replaced: Replaced | None = None
    """None where no variables are expected, as in a rule."""

    @cached_property
    def nodes(self) -> tuple[Found, ...]:
        """Every node with its parents, in the order of the text."""
        return tuple(walk(self.tree))

    @cached_property
    def selectors(self) -> tuple[tuple[Selector, tuple[Node, ...]], ...]:
        """Every selector with its parents. Calls, aggregations and operators likewise."""
        return tuple((node, parents) for node, parents in self.nodes if isinstance(node, Selector))

    @cached_property
    def calls(self) -> tuple[tuple[Call, tuple[Node, ...]], ...]:
        """Every call of a function."""
        return tuple((node, parents) for node, parents in self.nodes if isinstance(node, Call))

    @cached_property
    def aggregations(self) -> tuple[tuple[Aggregation, tuple[Node, ...]], ...]:
        """Every aggregation."""
        return tuple((node, parents) for node, parents in self.nodes if isinstance(node, Aggregation))

    @cached_property
    def binaries(self) -> tuple[tuple[Binary, tuple[Node, ...]], ...]:
        """Every operator with two operands."""
        return tuple((node, parents) for node, parents in self.nodes if isinstance(node, Binary))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the tree's text stands in the text as it was written."""
        if self.replaced is None or not self.replaced.uses:
            return start, end
        first = self.replaced.origin(start)
        return first, self.replaced.origin_end(end) if end > start else first

    def written(self, start: int, end: int) -> str:
        """That stretch as it was written."""
        start, end = self.origin(start, end)
        return self.text[start:end]

    def varies(self, start: int, end: int) -> bool:
        """Whether a variable stood in that stretch, which holds no quoted text."""
        written = self.written(start, end)
        return "$" in written or "[[" in written

    def glob(self, name: str) -> str | None:
        """What a name that holds variables may be, with * for each; None where it holds none."""
        return self.replaced.wildcards.get(name) if self.replaced else None

    def is_variable(self, label: str) -> bool:
        """Whether a label holds a variable, in quotes or not, and so may be any."""
        return self.glob(label) is not None or holds_variable(label)


def place_of(selector: Selector) -> Name:
    """The metric's name where the selector gives one, else the whole of it, without a text."""
    return selector.name or Name("", selector.start, selector.end)


def metric_of(selector: Selector) -> str:
    """The metric that a selector names, be it by a matcher; empty where it names none."""
    if selector.name is not None:
        return selector.name.text
    return next((value.text for label, op, value in selector.matchers if label.text == NAME and op == "="), "")
