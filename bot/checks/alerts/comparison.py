"""An alert has a condition: a comparison, or something that has to be absent.

An alert fires for every series that its expression returns, whatever the value: a metric alone fires as long as it is
exposed, and with `bool` a comparison returns 0 in place of nothing. An expression that always returns something is
right only for an alert that tests the way to the receiver.

Bad:

    alert: RedisDown
    expr: redis_up == bool 0

Good:

    alert: RedisDown
    expr: redis_up == 0
"""

import re
from collections.abc import Iterator

from bot.catalog.entry import Entry
from bot.catalog.queries import Query
from bot.checks.base import Check, Problem
from bot.checks.reading.conditions import Conditions, Unconditional
from bot.checks.reading.excerpts import short
from bot.checks.reading.remarks import Remark, problem
from bot.model import Severity
from bot.promql.tree import COMPARISONS, Binary, bare

_ON_PURPOSE = re.compile(r"watchdog|dead.?man|heartbeat|alwaysfiring", re.IGNORECASE)


def check(entry: Entry) -> Iterator[Problem]:
    """One problem for each alert that fires whatever the values are."""
    for query in entry.rule_queries:
        if query.rule is None or query.rule.alert is None:
            continue
        found = Conditions(query, entry.evidence).lacking(query.expression.tree)
        if found is not None:
            remark = _remark(query, query.rule.alert, found)
            doubtful = found.doubtful or _is_test(query, found) or _ON_PURPOSE.search(query.rule.alert)
            yield problem(query, remark, Severity.INFO if doubtful else Severity.WARNING)


def _is_test(query: Query, found: Unconditional) -> bool:
    """Whether the whole expression is a constant: nobody writes that by mistake."""
    return found.constant and bare(found.node) is bare(query.expression.tree)


def _remark(query: Query, alert: str, found: Unconditional) -> Remark:
    node, tree = found.node, query.expression.tree
    core, text = bare(node), short(query, node)
    start, end = node.start, node.end
    if _is_test(query, found):
        return Remark(start, end, f"{alert} fires always", "right for an alert that tests the way to the receiver")
    if isinstance(core, Binary) and core.returns_bool:
        message = f'"{text}" returns 0 where it is not true, and 0 fires too'
        return Remark(start, end, message, f"leave bool out: {text.replace(' bool ', ' ', 1)}")
    if isinstance(core, Binary) and core.op.text in COMPARISONS:
        return Remark(start, end, f'"{text}" is always true: {alert} fires always', "mend the threshold")
    if core is not bare(tree):
        return Remark(start, end, f'"{text}" has no condition: {alert} fires always', "compare it too, or leave it out")
    message = f"{alert} compares nothing: it fires for every series, whatever the value"
    return Remark(start, end, message, "say which values are bad, as in … > 0")


CHECK = Check("alerts/comparison", Severity.WARNING, __doc__, run=check)
