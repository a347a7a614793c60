"""What the series of an entry measure: by their names, and by what the snapshot says of them."""

import re

from bot.catalog.evidence import Evidence, Metric, Origin
from bot.metrics.snapshot import Family
from bot.promql.expression import Expression, metric_of
from bot.promql.quantities import Quantities
from bot.promql.quantity import COUNT, EPOCH, SECOND, Kind, Quantity, measure, named, names_things, unknown
from bot.promql.tree import Node, Number, Selector

_UNITS_IN_HELP = re.compile(
    r"\b(?:\w*bytes?|octets|\w*seconds?|percent\w*|ratio|unix|epoch|timestamp|duration)\b", re.IGNORECASE
)
_IN_HELP = re.compile(r"\bin ((?:kilo|mega|giga)?bytes|(?:milli|micro|nano)?seconds)\b", re.IGNORECASE)
_PER_SECOND = re.compile(r"per sec|/s(?:ec(?:ond)?)?\b", re.IGNORECASE)
_COUNTERS = ("_total", "_sum", "_count", "_bucket", "_info")
_MOMENT = re.compile(r"time|date|expir|last|created|_after|until")
_SURE_MOMENT = re.compile(r"time|expir|_seconds$")
_RECENT = (1e9, 5e9)
"""Seconds since 1970: from 2001 to 2128."""


class MetricQuantities:
    """What the metrics of one entry measure, as far as its evidence tells."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._known: dict[tuple[str, bool], Quantity] = {}

    def of(self, expression: Expression) -> Quantity | None:
        """What an expression returns; None where nobody knows, or where it is a mere number."""

        def varies(number: Number) -> bool:
            return "$" in (text := expression.written(number.start, number.end)) or "[[" in text

        def of_selector(selector: Selector, observed: bool) -> Quantity:
            name = metric_of(selector)
            return self._metric(expression.glob(name) or name, observed)

        value = Quantities(of_selector, varies).of(expression.tree)
        return value if isinstance(value, Quantity) else None

    def _metric(self, name: str, observed: bool) -> Quantity:
        name = name.removesuffix("_bucket") if observed else name
        found = self._known.get((name, observed))
        if found is None:
            # For the time being: a rule may record a metric from itself.
            self._known[name, observed] = unknown(name)
            found = self._known[name, observed] = self._found(name, observed)
        return found

    def _found(self, name: str, observed: bool) -> Quantity:
        metric = self._evidence.metric(name)
        if metric.origin == Origin.RECORDED:
            formulas = {self._formula(formula) for formula in self._evidence.formulas.get(name, ())}
            return formulas.pop() or unknown(name) if len(formulas) == 1 else unknown(name)
        if metric.family is None and not observed and not name.endswith(_COUNTERS):
            # By convention alone, and a gauge may be anything's.
            return named(name)._replace(certain=False)
        return named(name) if metric.family is None else _corrected(metric, metric.family, named(name))

    def _formula(self, formula: Node) -> Quantity | None:
        def of_selector(selector: Selector, observed: bool) -> Quantity:
            return self._metric(metric_of(selector), observed)

        value = Quantities(of_selector, lambda number: False).of(formula)
        return value if isinstance(value, Quantity) else None


def _corrected(metric: Metric, family: Family, quantity: Quantity) -> Quantity:
    """The quantity that a name tells, corrected by what the snapshot shows of it."""
    values = [sample.value for sample in metric.samples if sample.value]
    text = family.help or ""
    if family.type in ("histogram", "summary") and metric.name == f"{family.name}_count":
        return COUNT
    if _PER_SECOND.search(text) and metric.type != "counter":
        return unknown(metric.name)
    if metric.type != "counter" and (not quantity.known or quantity.dims == ((SECOND, 1),)):
        if values and all(_RECENT[0] <= value <= _RECENT[1] for value in values) and _MOMENT.search(metric.name):
            return measure((EPOCH, 1), certain=quantity.known or _SURE_MOMENT.search(metric.name) is not None)
        if quantity.known and values:
            return quantity._replace(certain=True)
    if quantity.dims == ((EPOCH, 1),) and quantity.scale == 1 and not all(value >= _RECENT[0] for value in values):
        return unknown(metric.name)
    if quantity.kind == Kind.RATIO:
        return _ratio(quantity, values)
    if quantity.kind == Kind.COUNT and family.type not in ("histogram", "summary"):
        return unknown(metric.name) if _UNITS_IN_HELP.search(text) else quantity
    if quantity.known:
        return quantity
    return _by_help(metric, text)


def _ratio(quantity: Quantity, values: list[float]) -> Quantity:
    """A ratio or a percentage; sure if the values are such as only that has."""
    shown = [value * quantity.scale for value in values]
    fits = bool(shown) and all(0 <= value <= 1 for value in shown)
    if quantity.scale == 1:
        return quantity._replace(bounded=fits, certain=fits and any(value != 1 for value in shown))
    return quantity._replace(certain=fits and any(value > 1 for value in values))


def _by_help(metric: Metric, text: str) -> Quantity:
    match = _IN_HELP.search(text)
    if match:
        return named(f"x_{match[1].lower()}")._replace(certain=False)
    counts = names_things(metric.name) and all(sample.value.is_integer() for sample in metric.samples)
    if counts and not _UNITS_IN_HELP.search(f"{metric.name} {text}"):
        return COUNT._replace(certain=False)
    return unknown(metric.name)
