"""What the snapshot adds to what the names say."""

import pytest

from bot.catalog.evidence import Evidence
from bot.catalog.metric_quantity import MetricQuantities
from bot.metrics.snapshot import parse_snapshot
from bot.promql.expression import Expression
from bot.promql.grafana import read_query
from bot.promql.labels import UNKNOWN
from bot.promql.quantity import BYTE, COUNT, EPOCH, RATIO, SECOND, Quantity, measure, unknown
from bot.promql.reader import read

SNAPSHOT = """# TYPE x_boot_time_seconds gauge
x_boot_time_seconds 5
# TYPE config_time_seconds gauge
config_time_seconds 1700000000
# TYPE lookup_time_seconds gauge
lookup_time_seconds{phase="a"} 0.2
# TYPE cert_expiry gauge
cert_expiry 1800000000
# TYPE build_number gauge
build_number 1700000000
# TYPE last_backup gauge
last_backup 1700000000
# TYPE hit_ratio gauge
hit_ratio 0.9
# TYPE compression_ratio gauge
compression_ratio 3.5
# TYPE full_percent gauge
full_percent 45
# TYPE small_percent gauge
small_percent 0.4
# HELP ingress_bytes Traffic in bytes/sec.
# TYPE ingress_bytes gauge
ingress_bytes 5
# HELP sent_bytes_total Bytes sent, shown per second elsewhere.
# TYPE sent_bytes_total counter
sent_bytes_total 5
# HELP window Size of the window, in bytes.
# TYPE window gauge
window 5
# HELP clients Clients now.
# TYPE clients gauge
open_clients 5
# TYPE half_clients gauge
half_clients 0.5
# HELP done_total Seconds that it took.
# TYPE done_total counter
done_total 5
# TYPE nothing_ratio gauge
nothing_ratio NaN
# TYPE duration_seconds histogram
duration_seconds_bucket{le="+Inf"} 1
duration_seconds_sum 1
duration_seconds_count 1
"""


def measured(expression: str, **formulas: str) -> Quantity | None:
    trees = {name: tuple(tree for text in rule.split(";") if (tree := read(text))) for name, rule in formulas.items()}
    evidence = Evidence(parse_snapshot(SNAPSHOT), "", (), dict.fromkeys(formulas, UNKNOWN), formulas=trees)
    read_expression = read_query(expression)
    assert isinstance(read_expression, Expression)
    return MetricQuantities(evidence).of(read_expression)


@pytest.mark.parametrize(
    ("expression", "quantity"),
    [
        # Points in time and durations are told apart by their values.
        ("config_time_seconds", measure((EPOCH, 1))),
        ("lookup_time_seconds", measure((SECOND, 1))),
        ("x_boot_time_seconds", unknown("x_boot_time_seconds")),
        ("cert_expiry", measure((EPOCH, 1))),
        ("last_backup", measure((EPOCH, 1), certain=False)),
        ("build_number", unknown("build_number")),
        # Ratios and percentages likewise.
        ("hit_ratio", RATIO._replace(bounded=True)),
        ("compression_ratio", RATIO._replace(certain=False)),
        ("nothing_ratio", RATIO._replace(certain=False)),
        ("full_percent", RATIO._replace(scale=0.01)),
        ("small_percent", RATIO._replace(scale=0.01, certain=False)),
        # A HELP may know better than a name.
        ("ingress_bytes", unknown("ingress_bytes")),
        ("sent_bytes_total", measure((BYTE, 1))),
        ("window", measure((BYTE, 1), certain=False)),
        ("done_total", unknown("done_total")),
        ("open_clients", COUNT._replace(certain=False)),
        ("half_clients", unknown("half_clients")),
        ("histogram_quantile(0.9, rate(duration_seconds_bucket[5m]))", measure((SECOND, 1))),
        ("duration_seconds_count", COUNT),
        # By convention alone.
        ("other_bytes_total", measure((BYTE, 1))),
        ("other_bytes", measure((BYTE, 1), certain=False)),
        ("sent_${kind}_bytes", measure((BYTE, 1), certain=False)),
        ("sent_bytes_${kind}", unknown("sent_bytes_*")),
        ("other_bytes_total / $n", None),
        ("[[n]] * other_bytes_total", None),
        ("1 + 1", None),
    ],
)
def test_evidence(expression: str, quantity: Quantity | None) -> None:
    assert measured(expression) == quantity


@pytest.mark.parametrize(
    ("rule", "quantity"),
    [
        ("sum(rate(other_bytes_total[5m]))", measure((BYTE, 1), (SECOND, -1))),
        ("sum(other_bytes_total);sum(sent_bytes_total)", measure((BYTE, 1))),
        ("sum(other_bytes_total);sum(other_seconds_total)", unknown("job:x")),
        ("exp(other_bytes_total)", unknown("job:x")),
        # From itself.
        ("job:x", unknown("job:x")),
        ("job:x or other_bytes_total", unknown("job:x")),
        ("histogram_quantile(0.9, sum by (le) (rate(duration_seconds_bucket[5m])))", measure((SECOND, 1))),
    ],
)
def test_a_rule_hands_on_what_it_records(rule: str, quantity: Quantity) -> None:
    assert measured("job:x", **{"job:x": rule}) == quantity
