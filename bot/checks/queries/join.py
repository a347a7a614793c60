"""The two sides of an operator can match: by labels that both carry, and one to one unless the expression says more.

Prometheus matches series whose labels are the same, all of them or those named. A label that only one side carries
keeps them apart for good: the expression returns nothing, and an alert never fires. Where several series of a side
match the same one, evaluation fails, unless group_left or group_right says which side has the many. The snapshot
shows which labels and which series there are.

Bad:

    expr: rate(redis_commands_failed_calls_total[5m]) / rate(redis_commands_processed_total[5m]) > 0.05

Good:

    expr: >-
      sum by (instance, job) (rate(redis_commands_failed_calls_total[5m]))
      / rate(redis_commands_processed_total[5m]) > 0.05
"""

from collections.abc import Iterator

from bot.catalog.evidence import DEPLOYMENT_LABELS, TARGET_LABELS, Evidence
from bot.catalog.queries import Query
from bot.checks.reading.dead_sets import absent_and_there
from bot.checks.reading.excerpts import number, short
from bot.checks.reading.matching import Contradiction, contradiction, is_match
from bot.checks.reading.remarks import Remark, both, lower
from bot.checks.reading.series import series_of, signatures
from bot.model import Severity
from bot.promql.labels import NAME, matched
from bot.promql.tree import SET_OPERATORS, Binary, Call, Node, Number, bare, filters


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each operator whose sides cannot match; not for what follows from one further inside."""
    wrong: list[Binary] = []
    for node, _ in reversed(query.expression.binaries):
        if (
            isinstance(node.right, Number)
            or not is_match(query, node)
            or any(node.start <= inner.start < node.end for inner in wrong)
        ):
            continue
        found = None if absent_and_there(node) else contradiction(query, evidence, node)
        if found is not None:
            wrong.append(node)
            yield _apart(query, node, found)
        elif node.matching:
            yield from _one_side_only(query, evidence, node)
            yield from _too_many(query, evidence, node)


def _apart(query: Query, node: Binary, found: Contradiction) -> Remark:
    left, right = short(query, node.left, 40), short(query, node.right, 40)
    if found.carrier:
        carrier, other = (left, right) if found.carrier == "left" else (right, left)
        why = f'"{carrier}" has a label "{found.label}", "{other}" has none'
    else:
        why = f'{found.label} is "{found.values[0]}" on the left, "{found.values[1]}" on the right'
    effect = "so this takes nothing away" if node.op.text == "unless" else "so they never match"
    severity = lower(Severity.WARNING if node.op.text == "unless" else Severity.ERROR, found.doubt)
    return Remark(node.op.start, node.op.end, f"{why}, {effect}", _mended(query, node, found), severity)


def _mended(query: Query, node: Binary, found: Contradiction) -> str:
    """What to write in place of the operator."""
    for call in (bare(node.left), bare(node.right)):
        if isinstance(call, Call) and call.function.text == "vector" and node.op.text not in SET_OPERATORS:
            return f"write the number itself, without vector(): {short(query, call.args[0])}" if call.args else ""
    op = node.op.text
    if not found.carrier:
        listed = ", ".join(
            sorted({found.label, *(label.text for label in node.labels)} if node.matching != "on" else ())
        )
        return f"match without it: {op} ignoring ({listed})" if listed else f'leave "{found.label}" out of on (…)'
    mine, theirs = query.labels(node.left).possible, query.labels(node.right).possible
    if mine is None or theirs is None:
        return f'match by the labels of both, with on (…), or keep "{found.label}" on both sides'
    common = ", ".join(sorted((mine & theirs) - {NAME}))
    matching = f"{op} on ({common})"
    if op in SET_OPERATORS:
        return f"match by what both carry: {matching}"
    if mine - theirs - {NAME} and theirs - mine - {NAME}:
        return f"sum up the labels that only one side has, or say which side has the many: {matching} group_left ()"
    return f"match by what both carry: {matching} group_{found.carrier} ()"


def _one_side_only(query: Query, evidence: Evidence, node: Binary) -> Iterator[Remark]:
    """Labels in on () that some series of one side carry, and none of the other."""
    left, right = query.labels(node.left), query.labels(node.right)
    for label in node.labels if node.matching == "on" else ():
        if left.may_have(label.text) == right.may_have(label.text) or label.text in TARGET_LABELS | DEPLOYMENT_LABELS:
            continue
        with_, without = (node.left, node.right) if left.may_have(label.text) else (node.right, node.left)
        if _is_known(query, with_) and _is_known(query, without):
            message = f'"{short(query, without)}" has no label "{label.text}" to match by'
            severity = lower(Severity.WARNING, bool(evidence.doubt))
            yield Remark(label.start, label.end, message, f'leave "{label.text}" out, or keep it there too', severity)


def _is_known(query: Query, node: Node) -> bool:
    """Whether the labels of all metrics in a part are known."""
    below = [one for one, _ in query.expression.selectors if node.start <= one.start < node.end]
    return all(query.labels(selector).possible is not None for selector in below)


def _too_many(query: Query, evidence: Evidence, node: Binary) -> Iterator[Remark]:
    """Several series of one side that match the same one of the other, as the snapshot shows."""
    if node.op.text in SET_OPERATORS or not _can_repeat(query, node):
        return
    left = series_of(query, evidence, node.left)
    right = series_of(query, evidence, node.right) if left else None
    if not left or not right:
        return
    on_left, on_right = signatures(node, left), signatures(node, right)
    shared = on_left.keys() & on_right.keys()
    many_left = max((on_left[one] for one in shared), default=0)
    many_right = max((on_right[one] for one in shared), default=0)
    severity = lower(Severity.WARNING, bool(evidence.doubt))
    for side, many, other_many, operand in (
        ("left", many_left, many_right, node.left),
        ("right", many_right, many_left, node.right),
    ):
        if many > 1 and node.group != side:
            which = f'{number(many)} series of "{short(query, operand)}" match the same one'
            if other_many > 1:
                help_ = "match by more labels, or sum up one side first"
            else:
                help_ = f"say that this side has the many: {_written(node)} group_{side} ()"
            # What a comparison leaves out of the many cannot collide.
            kept = side == "left" and not node.group and filters(node)
            effect = "evaluation fails once it is true of two of them" if kept else "evaluation fails"
            yield Remark(node.op.start, node.op.end, f"{which}, so {effect}", help_, severity)
            return


def _can_repeat(query: Query, node: Binary) -> bool:
    """Whether some label is left out of the matching, so that series may look alike."""
    for side in (node.left, node.right):
        labels = query.labels(side)
        if labels.possible is None or (matched(node, labels).possible or frozenset()) != labels.possible - {NAME}:
            return True
    return False


def _written(node: Binary) -> str:
    return f"{node.op.text} {node.matching} ({', '.join(label.text for label in node.labels)})"


CHECKS = both("join", Severity.ERROR, __doc__, look, needs_snapshot=False)
