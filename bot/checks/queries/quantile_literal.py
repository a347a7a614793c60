"""A matcher on `le` or `quantile` names its bound as Prometheus stores it, in every release.

Prometheus 3 writes these bounds as floats when it scrapes: what an exporter calls le="1" is stored as le="1.0", and
le="1000000" as le="1e+06". Prometheus 2 stores the exporter's own text. A matcher for one spelling finds nothing on
the other, silently. A regular expression that takes both works everywhere; fractions such as "0.5" are the same in
both.

Bad:

    expr: rate(http_request_duration_seconds_bucket{le="1"}[5m])

Good:

    expr: rate(http_request_duration_seconds_bucket{le=~"1([.]0)?"}[5m])
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.catalog.evidence import Evidence, Metric, varies
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, both
from bot.model import Severity
from bot.promql.expression import metric_of
from bot.promql.labels import matches
from bot.promql.tree import Matcher, Selector
from bot.promql.versions import ASSUMED, Version

_NUMBER = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?")
_FLOATS_SINCE: Version = (3, 0)
_TYPES = {"le": "histogram", "quantile": "summary"}


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each bound that not every Prometheus stores in that spelling."""
    for selector, _ in query.expression.selectors:
        for matcher in selector.matchers:
            if matcher.label.text in _TYPES and not varies(matcher):
                yield from _bounds(query, selector, matcher, evidence)


def _bounds(query: Query, selector: Selector, matcher: Matcher, evidence: Evidence) -> Iterator[Remark]:
    label, op, value = matcher.label.text, matcher.op, matcher.value
    alternatives = value.text.removeprefix("(").removesuffix(")").split("|") if "~" in op else [value.text]
    numbers = [text for text in alternatives if _NUMBER.fullmatch(text)]
    metrics = evidence.metrics_of(query.expression, selector) if numbers else ()
    if not numbers or not _is_bound(metric_of(selector), metrics, label):
        return
    exposed = {sample.labels.get(label, "") for metric in metrics for sample in metric.samples}
    for number in numbers:
        stored = as_stored(number)
        said = f"{_shown(matcher, number)} {'leaves out' if matcher.op[0] == '!' else 'finds'} nothing"
        if number != stored and not _names(matcher, stored):
            own = stored in exposed and number not in exposed
            yield Remark(
                value.start,
                value.end,
                f'{said}: the exporter writes "{stored}"'
                if own
                else f'{said} on Prometheus 3, which stores "{stored}"',
                _advice(matcher, stored if own else _either(number, stored), literal=own),
            )
        elif number == stored and (evidence.prometheus or ASSUMED) < _FLOATS_SINCE:
            kept = next((text for text in exposed if text and text != stored and _is_same(text, stored)), "")
            if kept and not _names(matcher, kept):
                yield Remark(
                    value.start,
                    value.end,
                    f'{said} on Prometheus 2, which keeps the "{kept}" of the exporter',
                    _advice(matcher, _either(kept, stored), literal=False),
                    Severity.INFO,
                )


def _shown(matcher: Matcher, number: str) -> str:
    others = "…" if matcher.value.text != number else ""
    return f'{matcher.label.text}{matcher.op}"{others}{number}{others}"'


def _is_bound(name: str, metrics: tuple[Metric, ...], label: str) -> bool:
    """Whether Prometheus takes the label for a bound: the TYPE decides, and an unknown metric's name."""
    of_bucket = label == "le" and name.endswith("_bucket")
    return all(metric.family.type == _TYPES[label] if metric.family else of_bucket for metric in metrics) and (
        bool(metrics) or of_bucket
    )


def _names(matcher: Matcher, value: str) -> bool:
    """Whether a matcher means a value, be it to keep or to leave out."""
    return matches(matcher, value) is (matcher.op in ("=", "=~"))


def _is_same(text: str, stored: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and as_stored(text) == stored


def _either(written: str, stored: str) -> str:
    """A regular expression for both spellings."""
    first, second = (text.replace(".", "[.]").replace("+", "[+]") for text in (written, stored))
    return f"{first}([.]0)?" if stored == f"{written}.0" else f"{first}|{second}"


def _advice(matcher: Matcher, better: str, *, literal: bool) -> str:
    if "~" in matcher.op:
        return f"write {better} for it"
    op = matcher.op if literal else {"=": "=~", "!=": "!~"}[matcher.op]
    return f'write {matcher.label.text}{op}"{better}"'


def as_stored(number: str) -> str:
    """A bound as Prometheus 3 writes it: formatOpenMetricsFloat of model/textparse, for a finite number."""
    value = float(number)
    digits = Decimal(repr(value)).normalize()
    if value and not -4 <= digits.adjusted() < 6:
        mantissa, _, exponent = f"{digits:e}".partition("e")
        return f"{mantissa}e{int(exponent):+03d}"
    text = f"{digits:f}"
    return text if "." in text else f"{text}.0"


CHECKS = both("quantile-literal", Severity.WARNING, __doc__, look, needs_snapshot=False)
