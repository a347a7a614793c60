"""A division says what happens where the denominator is zero, if that can be.

To divide by zero is no error in PromQL. Something divided by zero is +Inf, which is above every threshold: the alert
fires. Zero divided by zero is NaN, which no comparison accepts: the alert stays silent, and within a sum or an
average one NaN spoils the whole. A rate is zero wherever nothing happens; a gauge is in danger if the snapshot has
seen it at zero, as a limit that is not set. To filter the denominator leaves such series out.

Bad:

    expr: redis_memory_used_bytes / redis_memory_max_bytes > 0.9

Good:

    expr: redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 0.9
"""

from collections.abc import Iterator

from bot.catalog.evidence import Evidence
from bot.catalog.known_values import values_of
from bot.catalog.queries import Query
from bot.checks.reading.excerpts import short
from bot.checks.reading.quotients import Effect, effect_of, is_guarded, is_part_of
from bot.checks.reading.remarks import Remark, both
from bot.checks.reading.zeros import Zeros
from bot.model import Severity
from bot.promql.tree import COMPARISONS, SET_OPERATORS, Binary, Call, Node, Number, bare
from bot.promql.values import Values


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each denominator that may be zero, where that matters."""
    values: Values | None = None
    for node, parents in query.expression.binaries:
        if node.op.text != "/" or isinstance(node.right, Number):
            continue
        values = values or values_of(query, evidence)
        seen = Zeros(query, evidence, values).can_be(node.right)
        if not seen and not Zeros(query, evidence, values, limits=True).can_be(node.right):
            continue
        effect = effect_of(query, values, node, parents, is_nan=is_part_of(node.left, node.right))
        if effect is not None and (seen or not query.dashboard) and not is_guarded(query, values, node):
            yield _remark(query, node, effect, seen=seen)


def _remark(query: Query, node: Binary, effect: Effect, *, seen: bool) -> Remark:
    divisor = bare(node.right)
    where = f'where "{short(query, divisor)}" is 0' + (", as no limit often is" if not seen else "")
    help_ = f"leave those out: / {_filtered(query, divisor)}"
    severity = effect.severity if seen else Severity.INFO
    return Remark(divisor.start, divisor.end, f"{where}, {effect.words}", help_, severity)


def _filtered(query: Query, divisor: Node) -> str:
    """The denominator without its zeros; a scalar cannot be filtered, what it is made of can."""
    if isinstance(divisor, Call) and divisor.function.text == "scalar" and divisor.args:
        return f"scalar{_filtered(query, bare(divisor.args[0]))}"
    text = short(query, divisor)
    if text.endswith("…"):
        return "(… > 0)"
    binds_less = isinstance(divisor, Binary) and divisor.op.text in COMPARISONS | SET_OPERATORS
    return f"(({text}) > 0)" if binds_less else f"({text} > 0)"


CHECKS = both("ratio", Severity.WARNING, __doc__, look)
