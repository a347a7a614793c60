"""absent() asks about series that can be there, patiently, and nobody counts to zero.

absent() returns 1 where there is no series, and nothing otherwise. One failed scrape is enough for it: an alert waits
with `for`. It knows no labels but those that its selector asks for with =, and it is true at all times of a metric
that exists only sometimes. count() of nothing returns nothing, never 0: a comparison with 0 never fires.

Bad:

    expr: count(redis_up == 1) == 0

Good:

    expr: absent(redis_up == 1)
    for: 5m
"""

from collections.abc import Iterator

from bot.catalog.evidence import Evidence, Origin
from bot.catalog.known_values import values_of
from bot.catalog.queries import Query
from bot.checks.reading.excerpts import number, short
from bot.checks.reading.remarks import Remark, both
from bot.model import Severity
from bot.promql.bounds import ZERO_OR_ONE
from bot.promql.tree import Aggregation, Binary, Call, Node, Selector, Subquery, bare, filters
from bot.promql.values import Values

_ABSENT = ("absent", "absent_over_time")


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each absent() and each count() that does not do what it seems to."""
    values: Values | None = None
    for node, parents in query.expression.binaries:
        if filters(node) and _is_asked(node.left, node.right):
            values = values or values_of(query, evidence)
            # Beside an absent() it is merely superfluous.
            beside = any(isinstance(parent, Binary) and parent.op.text == "or" for parent in parents)
            yield from (
                remark._replace(severity=Severity.WARNING if beside else None) for remark in _never(query, values, node)
            )
    for call, parents in query.expression.calls:
        if call.function.text in _ABSENT and len(call.args) == 1:
            yield from _absent(query, evidence, call, parents)


def _is_asked(*sides: Node) -> bool:
    return any(_is_count(bare(side)) or _is_absent(bare(side)) for side in sides)


def _is_count(node: Node) -> bool:
    return isinstance(node, Aggregation) and node.op.text == "count"


def _is_absent(node: Node) -> bool:
    return isinstance(node, Call) and node.function.text in _ABSENT


def _never(query: Query, values: Values, node: Binary) -> Iterator[Remark]:
    """Comparisons that are never true: of a count with 0, of absent() with anything but 1."""
    compared = values.comparison(node)
    if compared is None:
        return
    operand, op, limit = bare(compared[0]), *compared[1:]
    if not (_is_count(operand) or _is_absent(operand)) or values.of(operand).can(op, limit):
        return
    text = short(query, operand)
    if isinstance(operand, Aggregation):
        message = f'"{text}" is never {op} {number(limit)}: where there is nothing to count, count returns nothing'
        yield Remark(node.start, node.end, message, _uncounted(query, operand))
    elif isinstance(operand, Call):
        message = f'"{text}" is never {op} {number(limit)}: it is 1, or nothing'
        inner = short(query, operand.args[0]) if operand.args else ""
        help_ = f"to ask whether it is there, write count({inner}) > 0" if operand.function.text == "absent" else ""
        yield Remark(node.start, node.end, message, help_)


def _uncounted(query: Query, node: Aggregation) -> str:
    inner = bare(node.expr)
    if not node.labels:
        return f"write absent({short(query, inner)})"
    labels = ", ".join(label.text for label in node.labels)
    if isinstance(inner, Binary) and filters(inner):
        left, right = short(query, inner.left), short(query, inner.right)
        return f"count what is not so as 0: sum {node.grouping} ({labels}) ({left} {inner.op.text} bool {right}) == 0"
    return "compare with what was there before, as in … offset 1h unless …"


def _absent(query: Query, evidence: Evidence, call: Call, parents: tuple[Node, ...]) -> Iterator[Remark]:
    if query.rule is None or query.rule.alert is None or _takes_away(call, parents):
        return
    inner, alert = bare(call.args[0]), query.rule.alert
    below = [one for one, _ in query.expression.selectors if call.start <= one.start < call.end]
    if isinstance(inner, Aggregation | Call) and any(m.op == "=" and m.value.text for s in below for m in s.matchers):
        message = f'"{short(query, call)}" has no labels: only of a selector are those kept that it asks for with ='
        yield Remark(call.start, call.end, message, "ask about the selector alone", Severity.INFO)
    if isinstance(inner, Binary) and _is_all_well(query, evidence, inner):
        message = f'"{short(query, call)}" is true while all is well: then no series is 0'
        yield Remark(call.start, call.end, message, f"for what is down, write {short(query, inner)}", Severity.WARNING)
    for metric in evidence.metrics_of(query.expression, inner) if isinstance(inner, Selector) else ():
        if metric.origin == Origin.CONDITIONAL:
            message = f"{metric.name} exists only sometimes: where it never does, {call.function.text}() is always true"
            yield Remark(
                inner.start,
                inner.end,
                message,
                "ask only where something else says that it ought to be there",
                Severity.INFO,
            )
    # Where nothing looks back, alerts/for asks for patience.
    if query.rule.for_ is None and not any(one.range for one in below) and _looks_back(query):
        message = f"one scrape that fails is enough for {alert} to fire"
        yield Remark(
            call.start, call.end, message, "add for: 5m, or look back with absent_over_time(…[10m])", Severity.WARNING
        )


def _takes_away(call: Call, parents: tuple[Node, ...]) -> bool:
    """Whether it stands on the right of unless."""
    return any(
        isinstance(node, Binary) and node.op.text == "unless" and node.right.start <= call.start for node in parents
    )


def _is_all_well(query: Query, evidence: Evidence, node: Binary) -> bool:
    values = values_of(query, evidence)
    compared = None if node.returns_bool else values.comparison(node)
    return compared is not None and compared[1:] == ("==", 0) and values.of(compared[0]) == ZERO_OR_ONE


def _looks_back(query: Query) -> bool:
    return any(
        (isinstance(node, Selector) and node.range is not None)
        or isinstance(node, Subquery)
        or (isinstance(node, Call) and node.function.text == "time")
        for node, _ in query.expression.nodes
    )


CHECKS = both("absent", Severity.ERROR, __doc__, look, needs_snapshot=False)
