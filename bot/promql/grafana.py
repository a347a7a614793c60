"""A query of a dashboard to a syntax tree: replaces the variables, and says what can be made of the result."""

from dataclasses import dataclass

from bot.promql.expression import Expression
from bot.promql.limits import excess
from bot.promql.reader import read
from bot.promql.syntax import Fault, parse
from bot.promql.tokens import holds_variable
from bot.promql.variables import Replaced, readings


@dataclass(frozen=True, slots=True)
class NotAnalysable:
    """A query without a syntax tree."""

    reason: str
    """One line, starting in lower case."""
    within: tuple[int, int] | None
    """The characters of the query (from, to) that are to blame; None where that is not known."""
    wrong: bool
    """Whether Prometheus refuses it whatever the variables hold; False where there is doubt."""


def read_query(expr: str) -> Expression | NotAnalysable:
    """The first reading of a query that parses; else what is wrong with the likeliest one."""
    # Before anything else: to replace variables takes time, too.
    too_large = excess(expr)
    if too_large:
        return NotAnalysable(too_large, None, wrong=False)
    refused: NotAnalysable | None = None
    for replaced in readings(expr):
        result = parse(replaced.text)
        tree = None if isinstance(result, Fault) else read(replaced.text)
        if tree is not None:
            return Expression(expr, tree, replaced)
        fault = result if isinstance(result, Fault) else Fault("it has no tree", certain=False)
        refused = refused or _refusal(replaced, fault)
    return refused or NotAnalysable("there is nothing to read", None, wrong=False)


def _refusal(replaced: Replaced, fault: Fault) -> NotAnalysable:
    within = None
    if fault.within is not None:
        start, end = fault.within
        # The last character's own end: behind it, a variable may begin.
        within = (replaced.origin(start), replaced.origin(max(end - 1, start)) + 1)
    # With the variable's value in it, it is another regular expression.
    settled = (replaced.certain or fault.local) and not holds_variable(fault.regex)
    return NotAnalysable(fault.message, within, wrong=fault.certain and settled)
