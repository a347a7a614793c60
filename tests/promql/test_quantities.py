"""What expressions measure."""

import pytest

from bot.promql.expression import metric_of
from bot.promql.quantities import Quantities, Value
from bot.promql.quantity import BYTE, COUNT, EPOCH, PER_SECOND, RATIO, SECOND, Kind, Quantity, measure, named, unknown
from bot.promql.reader import read
from bot.promql.tree import Number, Selector

BYTES, SECONDS, NOW = measure((BYTE, 1)), measure((SECOND, 1)), measure((EPOCH, 1))
BYTES_PER_SECOND = measure((BYTE, 1), (SECOND, -1))
SHARE, PART = RATIO._replace(kind=Kind.SHARE), RATIO._replace(bounded=True)
MAYBE_BYTES, MAYBE_SECONDS = BYTES._replace(certain=False), SECONDS._replace(certain=False)


def measured(expression: str) -> Value:
    """7777 stands for a variable."""

    def of_selector(selector: Selector, observed: bool) -> Quantity:
        name = metric_of(selector)
        return named(name.removesuffix("_bucket") if observed else name)

    def varies(number: Number) -> bool:
        return number.value == 7777

    tree = read(expression)
    assert tree is not None
    return Quantities(of_selector, varies).of(tree)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a_bytes", BYTES),
        ("-a_bytes", BYTES),
        ("sum by (x) (a_bytes)", BYTES),
        ("topk(3, a_bytes)", BYTES),
        ("quantile(0.9, a_bytes)", BYTES),
        ("quantile_over_time(0.9, a_bytes[1h])", BYTES),
        ("clamp_max(a_bytes, 5)", BYTES),
        ('label_replace(a_bytes, "a", "b", "c", "d")', BYTES),
        ("avg_over_time(a_bytes[1h:1m])", BYTES),
        ("predict_linear(a_bytes[1h], 3600)", BYTES),
        ("count(a_bytes)", COUNT),
        ("count_over_time(a_bytes[1h])", COUNT),
        ("absent(a_bytes)", COUNT),
        ("a_bytes > 5", BYTES),
        ("5 < a_bytes", BYTES),
        ("a_bytes > bool 5", None),
        ("a_bytes + 5", BYTES),
        ("a_bytes or vector(0)", BYTES),
        ("vector(0) or a_bytes", BYTES),
        ("a_bytes and b_seconds", BYTES),
        ("a_bytes or b_bytes", BYTES),
        ("a_bytes or b_seconds", None),
        ("a_bytes % 1024", BYTES),
        ("a_bytes ^ 2", None),
        ("exp(a_bytes)", None),
        ("stdvar(a_bytes)", None),
        ("1 + 2 * 3 - 4 / 2", 5.0),
        ("2 ^ 10", 1024.0),
        ("2 ^ 100000", None),
        ("1 / 0", None),
        ("Inf", None),
        ('"text"', None),
    ],
)
def test_kept_or_not(expression: str, value: Value) -> None:
    assert measured(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("rate(a_bytes_total[5m])", BYTES_PER_SECOND),
        ("deriv(a_bytes[5m])", BYTES_PER_SECOND),
        ("rate(a_requests_total[5m])", PER_SECOND),
        ("rate(a_cpu_seconds_total[5m])", SHARE),
        ("rate(a_joules_total[5m])", measure(("joule", 1), (SECOND, -1))),
        ("increase(a_bytes_total[5m])", BYTES._replace(window=300)),
        ("sum(increase(a_requests_total[1m]))", COUNT._replace(window=60)),
        ("delta(a_timestamp_seconds[5m])", SECONDS),
        ("rate(a_timestamp_seconds[5m])", None),
        ("rate(a_hit_ratio[5m])", None),
        ("rate(a_seconds_sum[5m]) / rate(a_seconds_count[5m])", SECONDS),
        ("histogram_quantile(0.9, sum by (le) (rate(a_seconds_bucket[5m])))", SECONDS),
        ("histogram_quantile(0.9, rate(a_bytes[5m]))", BYTES),
        ("histogram_quantile(0.9, a_seconds_bucket or b_bytes_bucket)", None),
        ("histogram_avg(rate(a_seconds[5m]))", SECONDS),
        ("histogram_sum(rate(a_seconds[5m]))", SHARE),
        ("histogram_sum(a_seconds)", SECONDS),
        ("histogram_count(rate(a_seconds[5m]))", PER_SECOND),
        ("histogram_count(a_seconds)", COUNT),
        ("histogram_fraction(0, 1, rate(a_seconds[5m]))", PART),
    ],
)
def test_rates_and_histograms(expression: str, value: Value) -> None:
    assert measured(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a_bytes * 8", BYTES._replace(scale=1 / 8)),
        ("8 * a_bytes", BYTES._replace(scale=1 / 8)),
        ("a_bytes / 1024 / 1024", BYTES._replace(scale=1024**2)),
        ("a_bytes / 1024 ^ 2", BYTES._replace(scale=1024**2)),
        ("a_seconds * 1000", SECONDS._replace(scale=1e-3)),
        ("a_bytes * 0", None),
        ("a_bytes / 0", None),
        ("a_bytes * 7777", None),
        ("a_bytes / 7777", None),
        ("rate(a_requests_total[5m]) * 60", PER_SECOND._replace(scale=1 / 60)),
        # So many pages, times the size of a page.
        ("a_pages_total * 4096", None),
        ("rate(a_sectors_total[5m]) * 512", None),
        # What nobody knows becomes bytes.
        ("a_size * 1024", MAYBE_BYTES),
        ("rate(a_size[5m]) * 1024", BYTES_PER_SECOND._replace(certain=False)),
        ("a_kilobytes * 1024", BYTES),
        ("1 / a_seconds", measure((SECOND, -1), scale=1.0, certain=False)),
        ("0 / a_seconds", None),
        ("a_bytes * on (x) group_left (y) b_info", BYTES),
        ("a_bytes / b_bytes * on (x) group_left (y) c_info", RATIO),
        ("c_info * on (x) group_right () (a_bytes / b_bytes)", RATIO),
        ("a_bytes / b_bytes * c_requests_total", COUNT._replace(certain=False)),
    ],
)
def test_factors(expression: str, value: Value) -> None:
    assert measured(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a_bytes / b_bytes", RATIO),
        ("100 * a_bytes / b_bytes", RATIO._replace(scale=0.01)),
        ("a_bytes / a_bytes * 100", RATIO._replace(scale=0.01)),
        ("1 - a_bytes / b_bytes", PART),
        ("100 - 100 * (a_bytes / b_bytes)", PART._replace(scale=0.01)),
        ("1 - avg(rate(a_cpu_seconds_total[5m]))", PART),
        ("100 - avg(rate(a_cpu_seconds_total[5m])) * 100", PART._replace(scale=0.01)),
        ("1 - a_free / a_all", PART._replace(certain=False)),
        ("2 - a_bytes / b_bytes", RATIO),
        ('a_bytes{x="1"} / a_bytes', PART),
        ('sum(rate(a_total{x="1"}[5m])) / (sum(rate(a_total[5m])) > 0)', PART),
        ('(sum(a_total{x="1"}) or vector(0)) / sum(a_total)', PART),
        ("a_hits / (a_hits + a_misses)", PART),
        ("rate(a_hits[5m]) / (rate(a_hits[5m]) + rate(a_misses[5m]) > 0)", PART),
        ("100 * a_hits / (a_hits + a_misses)", PART._replace(scale=0.01)),
        ("7777 * a_hits / (a_hits + a_misses)", None),
        ("(a_accepted - a_handled) / a_accepted", PART),
        ("a_used_bytes / a_max_bytes", RATIO._replace(limited=True)),
        ("a_MemFree_bytes / a_MemTotal_bytes", RATIO._replace(limited=True)),
        ("sum(rate(a_bytes_total[5m])) / sum(rate(a_max_bytes_total[5m]))", RATIO),
        ("a_used_bytes / b_max_bytes", RATIO),
        ("a_bytes / (a_bytes + b_bytes + c_bytes)", PART),
        ("(a_bytes - b_bytes) / a_bytes", PART),
        # One metric that measures two things, parts that are not of each other, and means.
        ('a_value{kind="size"} / a_value{kind="count"}', None),
        ('a_value{kind="size"} / a_value', PART),
        ('a_bytes{x="1"} / a_bytes{x="2"}', RATIO),
        ('sum(a_bytes{x="1"}) / max(a_bytes)', RATIO),
        ('avg(a_bytes{x="1"}) / avg(a_bytes)', RATIO),
        ("sum(a_bytes / (a_bytes + b_bytes))", RATIO),
        # What is left by what goes in a day is a number of days.
        ("a_bytes / increase(b_bytes[1d])", None),
        ("a_bytes / (b_bytes - b_bytes offset 1d)", None),
        ("rate(a_bytes_total[5m]) / rate(b_total[5m])", MAYBE_BYTES),
        # The mean of a summary.
        ("a_bytes_sum / a_bytes_count", BYTES),
        ("1000 * rate(a_bytes_sum[5m]) / (sum(rate(a_bytes_count[5m])) > 0)", BYTES._replace(scale=1e-3)),
        (
            "rate(a_bytes_sum[5m]) / b_bytes_count",
            measure(("=b_bytes_count", -1), (BYTE, 1), (SECOND, -1), certain=False),
        ),
    ],
)
def test_ratios(expression: str, value: Value) -> None:
    assert measured(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("time()", NOW),
        ("timestamp(a_bytes)", NOW),
        ("time() - a_timestamp_seconds", SECONDS),
        ("(time() - a_timestamp_seconds) / 3600", SECONDS._replace(scale=3600)),
        ("a_timestamp_seconds - b_timestamp_seconds", SECONDS),
        ("a_timestamp_seconds * 1000", NOW._replace(scale=1e-3)),
        ("a_timestamp_seconds * 1000 - b_timestamp_seconds", None),
        # What is taken from now is a moment, whatever its name.
        ("time() - a_start", MAYBE_SECONDS),
        ("time() - a_last_run_seconds", MAYBE_SECONDS),
        ("a_expiry - time()", MAYBE_SECONDS),
        ("time() - a_bytes", None),
        ("a_timestamp_seconds + b_timestamp_seconds", None),
        ("sum(a_timestamp_seconds)", None),
        ("time() - 3600", NOW),
    ],
)
def test_moments(expression: str, value: Value) -> None:
    assert measured(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a_bytes + b_bytes", BYTES),
        ("a_bytes - b_seconds", None),
        ("a_bytes + b_kilobytes", None),
        # What is added is of the same unit, or it makes no sense.
        ("a_bytes + b", MAYBE_BYTES),
        ("a - b_bytes", MAYBE_BYTES),
        ("a + b", None),
        ("a_bytes - a_bytes offset 1h", BYTES._replace(window=0.0)),
        ("a_bytes + b / c", None),
        ("b * 2 + a_bytes", None),
        ("up", unknown("up")),
    ],
)
def test_sums(expression: str, value: Value) -> None:
    assert measured(expression) == value
