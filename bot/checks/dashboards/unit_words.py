"""Whether a unit suits a quantity, and what to say where it does not."""

from math import isclose
from typing import NamedTuple

from bot.checks.dashboards.grafana_units import (
    BYTES,
    BYTES_PER_SECOND,
    MOMENT,
    PLAIN,
    SECONDS,
    UNITS,
    usual_unit,
    words_for,
)
from bot.model import Severity
from bot.promql.expression import Expression
from bot.promql.quantity import PER_SECOND, Kind, Quantity
from bot.promql.tree import Node, Number

_UNREADABLE = (BYTES.dims, BYTES_PER_SECOND.dims, SECONDS.dims)


class Mismatch(NamedTuple):
    """What a unit does to values that it does not suit."""

    returned: str
    """What the values are."""
    shown: str
    """What the unit makes of them."""
    better: str
    """The id of a unit that suits them."""
    remedy: str
    """How to mend it, as an imperative."""
    severity: Severity


def mismatch(quantity: Quantity, unit: str) -> Mismatch | None:
    """What is wrong with a unit; None where it suits, or where nobody can tell."""
    returned = words_for(quantity) if quantity.known else ""
    if not returned:
        return None
    severity = Severity.WARNING if quantity.certain else Severity.INFO
    if unit in PLAIN:
        plain = _unread(quantity, severity)
        shown = f'the unit "{unit}" shows a plain number' if unit else "the panel names no unit"
        return _mismatch(quantity, returned, shown, plain, unit) if plain else None
    wanted = UNITS.get(unit)
    if wanted is None or _suits(quantity, wanted) or _may_be_data(quantity, wanted):
        return None
    if _is_growth_shown_as_rate(quantity, wanted):
        if isclose(quantity.scale, wanted.scale * (quantity.window or 0), rel_tol=1e-6):
            return None
        severity = Severity.INFO
    return _mismatch(quantity, returned, f'the unit "{unit}" is for {words_for(wanted)}', severity, unit)


def unscaled(expression: Expression, quantity: Quantity, unit: str) -> Mismatch | None:
    """A quotient of what nobody knows, shown as a percentage although nothing multiplies it by 100."""
    divided = any(base.startswith("=") and power < 0 for base, power in quantity.dims)
    if unit != "percent" or not divided or any(_is_hundred(found.node) for found in expression.nodes):
        return None
    shown = f'the unit "{unit}" is for {words_for(UNITS[unit])}'
    return Mismatch("a quotient", shown, "percentunit", "write percentunit, or multiply by 100", Severity.INFO)


def _is_hundred(node: Node) -> bool:
    return isinstance(node, Number) and node.value in (100, 0.01)


def _mismatch(quantity: Quantity, returned: str, shown: str, severity: Severity, unit: str) -> Mismatch:
    better = usual_unit(quantity)
    if quantity.dims == MOMENT.dims and not better:
        remedy = "multiply by 1000"
        if UNITS.get(unit, quantity).dims != MOMENT.dims or unit in PLAIN:
            remedy += " and write dateTimeFromNow, or show time() minus it"
        return Mismatch(returned, shown, "dateTimeFromNow", remedy, severity)
    if quantity.kind == Kind.SHARE:
        better = "percentunit" if quantity.scale == 1 else "percent"
    better = better or "short"
    remedy = (
        f"write {better}, or multiply by 100" if (better, unit) == ("percentunit", "percent") else f"write {better}"
    )
    return Mismatch(returned, shown, better, remedy, severity)


def _unread(quantity: Quantity, severity: Severity) -> Severity | None:
    """How bad it is to show a plain number."""
    if quantity.kind == Kind.RATIO:
        likely = Severity.INFO if quantity.limited else None
        return None if quantity.scale != 1 else severity if quantity.bounded else likely
    if quantity.kind != Kind.MEASURE or quantity.dims == PER_SECOND.dims:
        return None
    if quantity.dims == MOMENT.dims or (quantity.dims in _UNREADABLE and quantity.scale == 1):
        return severity
    # What was turned into MiB is short enough to be read, if a title says so.
    return None if quantity.dims[0] == BYTES.dims[0] and quantity.scale > 1 else Severity.INFO


def _suits(quantity: Quantity, wanted: Quantity) -> bool:
    if quantity.kind == Kind.SHARE and wanted.dims == SECONDS.dims:
        # Seconds in each second may be read as seconds.
        return quantity.is_in(wanted)
    if quantity.dims != wanted.dims or (not wanted.dims and quantity.kind == Kind.COUNT):
        return False
    return quantity.is_in(wanted)


def _may_be_data(quantity: Quantity, wanted: Quantity) -> bool:
    """Whether what seems to be counted may be bytes that are not called so."""
    counted = quantity.kind == Kind.COUNT or quantity.dims == PER_SECOND.dims
    return counted and not quantity.certain and wanted.dims[:1] == BYTES.dims


def _is_growth_shown_as_rate(quantity: Quantity, wanted: Quantity) -> bool:
    if quantity.window is None:
        return False
    powers = dict(quantity.dims)
    powers["second"] = powers.get("second", 0) - 1
    return wanted.dims == tuple(sorted((base, power) for base, power in powers.items() if power))
