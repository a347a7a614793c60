"""What people do wrong to an expression, in a rule or in a panel."""

from collections.abc import Iterator

from bot.catalog.entry import Entry
from bot.catalog.evidence import TARGET_LABELS, Origin, varies
from bot.catalog.queries import Query
from bot.promql.expression import metric_of
from bot.promql.tree import COMPARISONS, Binary, Call, Node, Number, Paren, Selector, bare, is_scalar, walk
from tests.breakage.edits import Break, family, misspelt, spliced, text_of, title

RATES = ("rate", "irate", "increase")


def queries(entry: Entry) -> Iterator[Query]:
    """The rules, then the panels; a variable's query is no place for most mistakes."""
    yield from entry.rule_queries
    yield from (query for query in entry.dashboard_queries if isinstance(query, Query) and query.panel)


def metric_misspelt(entry: Entry) -> Iterator[Break]:
    for query in (*queries(entry), *_of_variables(entry)):
        for selector, _ in query.expression.selectors:
            name = selector.name
            if name and entry.evidence.metric(name.text).origin == Origin.SNAPSHOT:
                wrong = misspelt(name.text)
                files = spliced(entry, query, name.start, name.end, wrong)
                yield Break(f"{title(query)}: {name.text} → {wrong}", files, (f"{family(query)}/metric",))


def _of_variables(entry: Entry) -> Iterator[Query]:
    return (query for query in entry.dashboard_queries if isinstance(query, Query) and query.variable)


def matcher_label_misspelt(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for selector, _ in query.expression.selectors:
            for label, _op, value in selector.matchers:
                if label.text not in TARGET_LABELS and value.text and _is_known(entry, selector):
                    wrong = misspelt(label.text)
                    files = spliced(entry, query, label.start, label.end, wrong)
                    yield Break(f"{title(query)}: {{{label.text}}} → {wrong}", files, (f"{family(query)}/label",))


def _is_known(entry: Entry, selector: Selector) -> bool:
    return entry.evidence.metric(metric_of(selector)).origin == Origin.SNAPSHOT


def grouping_label_misspelt(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for node, _ in query.expression.aggregations:
            for label in node.labels if node.grouping == "by" else ():
                if label.text not in TARGET_LABELS and query.labels(node.expr).possible is not None:
                    wrong = misspelt(label.text)
                    files = spliced(entry, query, label.start, label.end, wrong)
                    yield Break(f"{title(query)}: by ({label.text}) → {wrong}", files, (f"{family(query)}/label",))


def value_in_wrong_case(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for selector, _ in query.expression.selectors:
            metric = entry.evidence.metric(metric_of(selector))
            values = {sample.labels.get(name) for sample in metric.samples for name in sample.labels}
            for matcher in selector.matchers:
                value = matcher.value
                wrong = value.text.swapcase()
                if matcher.op == "=" and value.text in values and wrong not in values and not varies(matcher):
                    files = spliced(entry, query, value.start, value.end, wrong)
                    yield Break(
                        f'{title(query)}: {matcher.label.text}="{wrong}"', files, (f"{family(query)}/label-value",)
                    )


def rate_of_a_gauge(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for selector, parents in query.expression.selectors:
            inside = any(not isinstance(parent, Binary | Paren) for parent in parents)
            if entry.evidence.metric(metric_of(selector)).type == "gauge" and not selector.range and not inside:
                window = "[5m]" if query.rule else "[$__rate_interval]"
                files = spliced(entry, query, selector.start, selector.end, f"rate({text_of(query, selector)}{window})")
                yield Break(f"{title(query)}: rate({metric_of(selector)})", files, (f"{family(query)}/rate",))


def rate_forgotten(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for call, parents in query.expression.calls:
            argument = call.args[0] if call.args else None
            if call.function.text in RATES and isinstance(argument, Selector) and argument.range:
                metric = entry.evidence.metric(metric_of(argument))
                graphed = query.panel is None or query.panel.type == "timeseries"
                divided = any(isinstance(parent, Binary) and parent.op.text == "/" for parent in parents)
                if metric.type == "counter" and not metric.name.endswith("_bucket") and graphed and not divided:
                    bare_text = query.expression.written(argument.start, argument.range.start)
                    files = spliced(entry, query, call.start, call.end, bare_text)
                    yield Break(f"{title(query)}: {metric.name} without rate", files, (f"{family(query)}/counter",))


def sum_before_rate(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for node, _ in query.expression.aggregations:
            call = bare(node.expr)
            text = text_of(query, node)
            if node.op.text == "sum" and getattr(call, "function", None) and not isinstance(call, Paren):
                inner = text_of(query, call)
                name, _, rest = inner.partition("(")
                if name in RATES and rest.count("[") == 1:
                    bare_selector = rest[: rest.index("[")] + rest[rest.index("]") + 1 : -1]
                    window = rest[rest.index("[") + 1 : rest.index("]")]
                    changed = f"{name}({text.replace(inner, bare_selector)}[{window}:])"
                    files = spliced(entry, query, node.start, node.end, changed)
                    yield Break(
                        f"{title(query)}: {name}(sum({bare_selector}))",
                        files,
                        (f"{family(query)}/aggregate-before-rate",),
                    )


def le_lost(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for node, parents in query.expression.aggregations:
            for label in node.labels:
                quantile = any(
                    getattr(getattr(p, "function", None), "text", "") == "histogram_quantile" for p in parents
                )
                if label.text == "le" and quantile:
                    files = spliced(entry, query, label.start, label.end, "job")
                    yield Break(f"{title(query)}: by (le) → by (job)", files, (f"{family(query)}/histogram",))


def guard_lost(entry: Entry) -> Iterator[Break]:
    """Where the denominator is zero at times: a limit that never is needs no guard."""
    for query in entry.rule_queries:
        for node, _ in query.expression.binaries:
            guard = bare(node.right)
            if (
                node.op.text == "/"
                and isinstance(guard, Binary)
                and guard.op.text in (">", "!=")
                and _is_zero(guard.right)
                and not is_scalar(guard.left)
                and _may_be_zero(entry, guard.left)
            ):
                files = spliced(entry, query, node.right.start, node.right.end, text_of(query, guard.left))
                yield Break(f"{title(query)}: / {text_of(query, guard.left)}", files, ("alerts/ratio",))


def _may_be_zero(entry: Entry, node: Node) -> bool:
    """Whether something in it counts events, or was zero in the snapshot."""
    below = [found for found, _ in walk(node)]
    names = [metric_of(found) for found in below if isinstance(found, Selector)]
    counts = any(isinstance(found, Call) and found.function.text in RATES for found in below)
    return counts or any(sample.value == 0 for name in names for sample in entry.evidence.metric(name).samples)


def _is_zero(node: object) -> bool:
    return isinstance(node, Number) and node.value == 0


def comparison_lost(entry: Entry) -> Iterator[Break]:
    for query in entry.rule_queries:
        tree = query.expression.tree
        if isinstance(tree, Binary) and tree.op.text in COMPARISONS and is_scalar(tree.right):
            files = spliced(entry, query, tree.start, tree.end, text_of(query, tree.left))
            others = any(node.op.text in COMPARISONS for node, parents in query.expression.binaries if parents)
            if not others:
                yield Break(f"{title(query)}: no comparison", files, ("alerts/comparison",))


def job_hard_coded(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for selector, _ in query.expression.selectors:
            if selector.name and not any(m.label.text == "job" for m in selector.matchers):
                name = selector.name
                rest = query.expression.written(name.end, name.end + 1)
                changed = f'{name.text}{{job="prod"{", " if rest == "{" else "}"}'
                files = spliced(entry, query, name.start, name.end + (rest == "{"), changed)
                yield Break(f'{title(query)}: job="prod"', files, (f"{family(query)}/hard-coded",))


def join_without_on(entry: Entry) -> Iterator[Break]:
    for query in queries(entry):
        for node, _ in query.expression.binaries:
            if node.matching == "on" and not node.group:
                left, right = (query.labels(side) for side in (node.left, node.right))
                if left.possible is None or right.possible is None:
                    continue
                if (left.always - right.possible - {"__name__"}) or (right.always - left.possible - {"__name__"}):
                    files = spliced(entry, query, node.op.end, node.right.start, " ")
                    meant = (f"{family(query)}/join", f"{family(query)}/dead")
                    yield Break(f"{title(query)}: {node.op.text} without on", files, meant)


def another_function(entry: Entry) -> Iterator[Break]:
    """What takes an instant vector where a range stands: promtool's own verdict, and the embedded parser's."""
    for query in queries(entry):
        for call, _ in query.expression.calls:
            if call.function.text == "rate":
                files = spliced(entry, query, call.function.start, call.function.end, "rates")
                meant = ("alerts/load",) if query.rule else ("dashboards/promql",)
                yield Break(f"{title(query)}: rates()", files, meant)
