"""What `join`, `dead` and `absent` call impossible, asked of real Prometheus servers: each must return nothing."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.evidence import Evidence
from bot.catalog.queries import Query
from bot.checks.queries import absent, dead, join
from bot.checks.reading.remarks import Remark
from bot.metrics.snapshot import parse_snapshot
from bot.model import Severity
from bot.promql.expression import Expression
from bot.promql.labels import Algebra
from bot.promql.reader import read
from tests.prometheus import SERVERS, VERSIONS, Server, running
from tests.promql.evaluable import NOW, SERIES, Words, exposition, labels_of, vectors

_EXAMPLES = 250
_LABELS = ("job", "instance", "mode", "zone", "le", "missing")
_NUMBERS = ("0", "1", "5", "20", "-1", "0.5", "1e9")
_COMPARISONS = (">", ">=", "<", "<=", "==", "!=")
# Two scrapes of a snapshot would stand twice in it: the last is enough.
_SNAPSHOT = "".join(
    f"{line.rpartition(' ')[0]}\n" for line in exposition(SERIES).splitlines() if line.endswith(f" {NOW}")
)
_EVIDENCE = Evidence(parse_snapshot(_SNAPSHOT), "", (), {}, honors_labels=True)


def query_of(expr: str) -> Query:
    tree = read(expr)
    assert tree is not None, expr
    return Query("alerts.yaml", (), 0, Expression(expr, tree), Algebra(labels_of))


def part_of(query: Query, remark: Remark) -> str:
    """What returns nothing: the part that a remark points at, the operator's whole, or the `and` around it."""
    around = "is never true where" in remark.message
    for node, _ in query.expression.binaries:
        if (node.op.start, node.op.end) == (remark.start, remark.end) or (around and node.op.text == "and"):
            return query.expression.written(node.start, node.end)
    return query.expression.written(remark.start, remark.end)


def matchings() -> st.SearchStrategy[str]:
    listed = st.lists(st.sampled_from(_LABELS), max_size=3, unique=True).map(", ".join)
    return st.one_of(st.just(""), st.builds("{} ({})".format, st.sampled_from(("on", "ignoring")), listed))


def compared(vector: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("({}) {} {}".format, vector, st.sampled_from(_COMPARISONS), st.sampled_from(_NUMBERS))


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """Operators whose sides often have nothing in common, and conditions that often contradict each other."""
    vector = vectors(Words(), depth=1)
    kind = draw(st.integers(0, 3))
    if kind == 0:
        one = draw(vector)
        left, right = draw(compared(st.just(one))), draw(compared(st.just(one)))
        return f"{left} {draw(st.sampled_from(('and', 'unless', 'or')))} {right}"
    if kind == 1:
        return draw(compared(draw(st.sampled_from((vector, compared(vector).map("abs({})".format))))))
    op = draw(st.sampled_from(("+", "/", ">=", "and", "unless", "* ignoring (le) group_left ()")))
    matching = "" if "group" in op else draw(matchings())
    return f"({draw(vector)}) {op} {matching} ({draw(vector)})"


@pytest.mark.parametrize("index", range(len(SERVERS)), ids=VERSIONS)
def test_what_is_impossible_returns_nothing(index: int, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    with running(SERVERS[index], tmp_path, exposition(SERIES)) as server:

        @settings(max_examples=_EXAMPLES)
        @given(expressions())
        def claims(expr: str) -> None:
            _check(server, query_of(expr), seen)

        claims()
    assert seen["join"] > _EXAMPLES * 0.1, seen
    assert seen["dead"] > _EXAMPLES * 0.05, seen
    assert seen["fails"] > _EXAMPLES * 0.01, seen


def _check(server: Server, query: Query, seen: Counter[str]) -> None:
    for name, look in (("join", join.look), ("dead", dead.look), ("absent", absent.look)):
        for remark in look(query, _EVIDENCE):
            part = part_of(query, remark)
            fails = remark.message.endswith("so evaluation fails")
            if not fails and (remark.severity or Severity.ERROR) != Severity.ERROR:
                continue
            answer = server.query(part, NOW)
            seen["fails" if fails else name] += 1
            if fails:
                assert answer.error.startswith("execution: "), (part, remark)
            else:
                assert not answer.series, (part, remark, answer)
