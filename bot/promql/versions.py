"""Which Prometheus understands which PromQL, and which of it only behind a flag.

Source: for functions and aggregations, the first release whose promql/parser/functions.go or lex.go lists them, and
whether it is marked experimental there; for the rest, CHANGELOG.md. Both of Prometheus 3.14.
"""

from typing import NamedTuple, TypeAlias

Version: TypeAlias = tuple[int, int]
"""Major and minor."""

ASSUMED: Version = (2, 42)
"""What an entry that names no Prometheus is held to: that of Debian 12."""

FUNCTIONS_FLAG = "promql-experimental-functions"


class Since(NamedTuple):
    """When something came."""

    version: Version
    flag: str = ""
    """What --enable-feature must name; empty where nothing is needed."""
    stable: Version | None = None
    """From when on the flag is no longer needed."""

    def flag_for(self, lowest: Version) -> str:
        """The flag that at least one of a Prometheus and its successors needs."""
        return "" if self.stable is not None and lowest >= self.stable else self.flag


_NEW = {
    (2, 16): "absent_over_time",
    (2, 20): "group",
    (2, 26): "clamp last_over_time sgn",
    (2, 29): "present_over_time",
    (2, 31): "acos acosh asin asinh atan atanh cos cosh deg pi rad sin sinh tan tanh",
    (2, 36): "day_of_year",
    (2, 40): "histogram_count histogram_fraction histogram_sum",
    (2, 47): "histogram_stddev histogram_stdvar",
    (2, 51): "histogram_avg",
}
_EXPERIMENTAL = {
    (2, 49): "mad_over_time sort_by_label sort_by_label_desc",
    (2, 54): "limit_ratio limitk",
    (2, 55): "info",
    (3, 0): "double_exponential_smoothing",
    (3, 5): "ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time",
    (3, 7): "ts_of_first_over_time",
    (3, 11): "histogram_quantiles",
    (3, 12): "end range start step",
    (3, 13): "max_of min_of",
}

CALLS: dict[str, Since] = (
    {name: Since(version) for version, names in _NEW.items() for name in names.split()}
    | {name: Since(version, FUNCTIONS_FLAG) for version, names in _EXPERIMENTAL.items() for name in names.split()}
    | {
        "first_over_time": Since((3, 7), FUNCTIONS_FLAG, stable=(3, 14)),
        "start_timestamp": Since((3, 14), "use-start-timestamps"),
    }
)
"""Functions and aggregations; those that are not here have been there since Prometheus 2.15 or longer."""

REMOVED: dict[str, tuple[Version, str]] = {"holt_winters": ((3, 0), "double_exponential_smoothing")}
"""Since when a function is gone, and what it is called now."""

OPERATORS: dict[str, Since] = {
    "atan2": Since((2, 31)),
    "</": Since((3, 11)),
    ">/": Since((3, 11)),
}
FILL = Since((3, 10), "promql-binop-fill-modifiers")
"""fill(), fill_left() and fill_right() between two operands."""
EXTENT = Since((3, 7), "promql-extended-range-selectors")
"""anchored and smoothed."""
AT = Since((2, 25), "promql-at-modifier", stable=(2, 33))
NEGATIVE_OFFSET = Since((2, 26), "promql-negative-offset", stable=(2, 33))
LITERAL = Since((2, 54))
"""Durations as numbers, seconds as ranges, and underscores in numbers."""
COMPUTED_RANGE = Since((3, 4), "promql-duration-expr", stable=(3, 14))
"""Arithmetic in a range."""
QUOTED_NAME = Since((3, 0))
"""{"a.metric", "a.label"="x"} and quoted labels in lists."""

RULE_FIELDS: dict[str, Since] = {"keep_firing_for": Since((2, 42))}
GROUP_FIELDS: dict[str, Since] = {
    "limit": Since((2, 31)),
    "query_offset": Since((2, 53)),
    "labels": Since((3, 0)),
}
