"""PromQL's functions, aggregations and keywords, and what each argument is.

Source: promql/parser/functions.go and lex.go of Prometheus 3.14, and holt_winters of Prometheus 2.
"""

from enum import StrEnum


class Type(StrEnum):
    """What an argument is."""

    VECTOR = "v"
    MATRIX = "m"
    SCALAR = "s"
    STRING = "t"


_FUNCTIONS = {
    # "+" repeats the last argument, "?" makes it optional.
    "v": "abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count "
    "histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad scalar sgn sin sinh sort sort_desc sqrt "
    "start_timestamp tan tanh timestamp",
    "v?": "day_of_month day_of_week day_of_year days_in_month hour minute month year",
    "m": "rate increase irate delta idelta deriv changes resets absent_over_time avg_over_time count_over_time "
    "first_over_time last_over_time mad_over_time max_over_time min_over_time present_over_time stddev_over_time "
    "stdvar_over_time sum_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time "
    "ts_of_min_over_time",
    "vs": "clamp_max clamp_min",
    "vs?": "round",
    "vss": "clamp",
    "sv": "histogram_quantile",
    "sm": "quantile_over_time",
    "ms": "predict_linear",
    "mss": "double_exponential_smoothing holt_winters",
    "ssv": "histogram_fraction",
    "vts+": "histogram_quantiles",
    "vv?": "info",
    "vtttt": "label_replace",
    "vttt+": "label_join",
    "vt+": "sort_by_label sort_by_label_desc",
    "s": "vector",
    "ss": "max_of min_of",
    "": "end pi range start step time",
}
_AGGREGATIONS = {
    "v": "sum avg count group max min stddev stdvar",
    "sv": "topk bottomk limit_ratio limitk quantile",
    "tv": "count_values",
}


def _by_name(table: dict[str, str]) -> dict[str, str]:
    return {name: signature for signature, names in table.items() for name in names.split()}


FUNCTIONS = _by_name(_FUNCTIONS)
AGGREGATIONS = _by_name(_AGGREGATIONS)

GROUPINGS = frozenset(("by", "without"))
"""Keywords with a list of labels, of an aggregation."""
MATCHINGS = frozenset(("on", "ignoring", "group_left", "group_right"))
"""Keywords with a list of labels, between two operands."""
SET_OPERATORS = frozenset(("and", "or", "unless"))
KEYWORDS = GROUPINGS | MATCHINGS | SET_OPERATORS | {"atan2", "bool", "offset"}
"""Words after which an operand or a list comes, never an operator. They may be written in capitals."""


def signature_of(name: str) -> str | None:
    """The types of a function's or an aggregation's arguments; None if there is no such function."""
    return FUNCTIONS[name] if name in FUNCTIONS else AGGREGATIONS.get(name.lower())


def argument_type(name: str, index: int) -> Type | None:
    """What the argument at an index from 0 is; None if there is no such function or argument."""
    signature = signature_of(name) or ""
    types = signature.rstrip("+?")
    if index >= len(types) and signature.endswith("+"):
        index = len(types) - 1
    return Type(types[index]) if index < len(types) else None


def accepts(signature: str, given: list[Type]) -> bool:
    """Whether a call with arguments that look like these can be right; a scalar may pass for a vector."""
    types = signature.rstrip("+?")
    fewest = len(types) - signature.endswith("?")
    if len(given) < fewest or (len(given) > len(types) and not signature.endswith("+")):
        return False
    wanted = [types[min(index, len(types) - 1)] for index in range(len(given))] if types else []
    return all(want == have for want, have in zip(wanted, given, strict=True))
