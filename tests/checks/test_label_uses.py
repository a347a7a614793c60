"""One wrong label planted into an expression: it is found, at its place, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.evidence import Evidence, is_of_deployment
from bot.catalog.queries import Query
from bot.checks.queries.label import look
from bot.checks.queries.label_value import look as look_at_values
from bot.metrics.snapshot import parse_snapshot
from bot.promql.expression import Expression
from bot.promql.grafana import read_query
from bot.promql.reader import read

EVIDENCE = Evidence(
    parse_snapshot('keys{db="a",kind="x"} 1\nkeys{db="b",kind="y"} 2\nhits_total{db="a",kind="x"} 3\n'), "", (), {}
)
WRONG = "slot"

# Each takes an operand as {0}, and has one place for a label: ‸.
SHAPES = st.sampled_from(
    (
        "sum by (job, ‸) ({0})",
        "sum ({0}) by (‸)",
        "avg without (‸, job) ({0})",
        "topk by (‸) (3, {0})",
        "{0} / on (‸, instance) {0}",
        "{0} * ignoring (‸) hits_total",
        "{0} * on (instance) group_left (kind, ‸) keys",
        "keys * on (instance) group_right (‸) {0}",
        'label_replace({0}, "new", "$1", "‸", "(.+)")',
        'label_join({0}, "new", "-", "db", "‸")',
        'keys{{db="a", ‸=~"x|y"}} - {0}',
        '{0} > rate(hits_total{{"‸"!=""}}[5m] offset 1h)',
    )
)
OPERANDS = st.recursive(
    st.sampled_from(("keys", "hits_total", 'keys{db="a"}', "rate(hits_total[5m])", 'hits_total{job="j"} offset 5m')),
    lambda inner: st.builds(lambda shape, operand: shape.format(f"({operand})").replace("‸", "kind"), SHAPES, inner),
    max_leaves=4,
)


def query(text: str) -> Query:
    tree = read(text)
    assert tree is not None
    expression = Expression(text, tree)
    return Query("alerts.yaml", (), 0, expression, EVIDENCE.algebra(expression))


@given(SHAPES, OPERANDS)
def test_a_wrong_label_is_found_at_its_place_and_right_ones_are_not(shape: str, operand: str) -> None:
    text = shape.format(operand)
    assert list(look(query(text.replace("‸", "kind")), EVIDENCE)) == []
    (remark,) = look(query(text.replace("‸", WRONG)), EVIDENCE)
    assert (remark.start, remark.end) == (text.index("‸"), text.index("‸") + len(WRONG))
    assert f'label "{WRONG}"' in remark.message


@given(SHAPES, OPERANDS)
def test_a_variable_may_be_any_label(shape: str, operand: str) -> None:
    text = shape.format(operand)
    result = read_query(text.replace("‸", "$label"))
    assert isinstance(result, Expression), text
    asked = Query("dashboard.json", (), 0, result, EVIDENCE.algebra(result))
    assert list(look(asked, EVIDENCE)) == []
    assert list(look_at_values(asked, EVIDENCE)) == []


def test_labels_of_deployments() -> None:
    assert all(map(is_of_deployment, ("cluster", "kubernetes_pod_name", "exported_namespace", "redis_cluster", "app")))
    assert not any(map(is_of_deployment, ("db", "device", "mode", "role", "state", "clusters", "exported_job", "job")))
