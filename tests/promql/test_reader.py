"""Our reader against the embedded parser: both must understand each expression alike."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.promql.labels import Algebra
from bot.promql.limits import MAX_DEPTH, MAX_OPERATORS, excess
from bot.promql.literals import unquoted
from bot.promql.reader import read
from bot.promql.syntax import Fault, parse
from bot.promql.tree import Aggregation, Binary, Call, Name, Node, Number, Range, Selector, Subquery, Unary, walk
from bot.promql.variables import readings
from tests.promql.canonical import form_of_ours, form_of_theirs
from tests.promql.expressions import expressions

_LISTS = Path(__file__).parents[2] / "lists"
_HARD = r"""
a + b - c * d / e % f
a or b and c unless d
a and b or c and d
a < b == c
a == b + c
a ^ b ^ c
a * b ^ c * d
a * b atan2 c / d
2 ^ -3 ^ 2
-a ^ b
-a * b
- -a
-(-1)
--1
+1 - -1
-1 ^ 2
-x offset 5m
+x
- rate(x[5m]) + 1
a - -b
a > bool b
a==bool-1
1 > bool 2
a AND ON (x) b OR IGNORING (y) c UNLESS d
a ATAN2 b
a * on (x) b
a * ignoring () b
a and on () b
a * on (x) group_left b
a * on (x) group_left () b
a * on (x, y,) group_right (z,) b
a * ON (x) GROUP_LEFT (z) b
a * on (x) group_left (z) (b + c)
a > bool on (x) group_left b
a + fill (0) b
a + on (x) fill_right (-5) b
x==1	or(y)
x>-1	and y
(-x)[5m:] @ 1
a + on (x) fill_left (-1) fill_right (2) b
fill + fill
sum + by
sum / count * topk
start + end - step * range
by{by="by"} and offset offset 5m
or or or
x{on="a", by="b", bool="c", offset="d", and="e", sum="f", inf="g",}
sum by (bool, on, sum, offset, atan2, group_left, and, ignoring, by, start) (x)
sum(x) by (a)
sum (x)
SUM BY (a, b,) (x)
sum without () (x)
sum by () (x)
topk(5, x)
topk without (a) (5, x)
count_values("v", x) by (a)
quantile(0.5, sum by (le) (x))
limitk(2, x)
sum by ("a.b", 'ü', `c`) (x)
{"m.x"}
{"m.x", a="b", "a.b"=~"c"}
{a="b", "m.x"}
{'it\'s', "\"q\""!="é"}
{__name__="x"}
{__name__=~"a|b", a!~"c"}
x{a="1" , a!="2"}
x{a="\n\x41\u00e4\U0001F600\101\"'"}
x{a='"\'\\'}
x{a=~`\d+"'`}
x{a="}])", b="{[(", c="#"} # }])
x{a="日本", b="é"}
a:b:c{d="e"}
:x
_
x[5m]
x[ 5m ]
x[5m:1m]
x[5m:]
x[ 5m : 1m ]
x[90]
x[1e2:0x10]
x[1y2w3d4h5m6s]
x[2s500ms:250ms]
x offset 5m
x OFFSET -5m
x offset +5
x[5m] offset 1h30m
x @ 1609746000
x @ -5
x @ 1.5e9 offset 5m
x offset 5m @ end()
x[5m] @ start ()
x[5m:1m] @ end() offset -1m
(a + b)[5m:]
sum(x)[5m:1m]
max_over_time(rate(x[5m])[1h:1m])
((x))
-(a + b) * c
1
010
08
0x1F
0Xff
0xe-1
1e3
1E3
1e+3-1
1.5e-3
.5
5.
5m
1h30m
-5m
1y
inf
-Inf
+INF
NaN
"a string"
'it\'s'
`raw\n`
time()
vector(1) == vector(time())
label_replace(x, "a", "$1", "b", `(\w+)-.*`)
histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))
absent(x{a="b"})
absent_over_time(x{a="b"}[5m])
day_of_week()
round(x, 5)
clamp_max(x, -1)
1+1>bool 1*2
"""
_LINES = ("x # (", "# [\nx + # {\n  y", "\n\tx\r\n", "x{\n  a='b', # why\n  c='d'\n}", "(\r1\r)\n", "x[\n5m\n:\n1m\n]")


def _ours(expr: str) -> Node:
    tree = read(expr)
    assert tree is not None, expr
    return tree


def _agree(expr: str) -> None:
    theirs = parse(expr)
    assert not isinstance(theirs, Fault), (expr, theirs)
    assert form_of_ours(_ours(expr)) == form_of_theirs(theirs), expr


def _check_places(expr: str) -> int:
    """Whatever a node says of its place is what it was read from; the number of places."""
    checked = 0
    for node, _ in walk(_ours(expr)):
        assert form_of_ours(_ours(expr[node.start : node.end])) == form_of_ours(node), (expr, node)
        for name in _names(node):
            written = expr[name.start : name.end]
            quoted = written != name.text and written.lower() != name.text
            assert not quoted or unquoted(expr[name.start - 1 : name.end + 1]) == name.text, (expr, name)
            checked += 1
        if isinstance(node, Selector | Subquery) and node.range is not None:
            assert re.fullmatch(r"\[[^]]*\]", expr[node.range.start : node.range.end])
        checked += 1
    return checked


def _names(node: Node) -> tuple[Name, ...]:
    match node:
        case Selector():
            matchers = [name for matcher in node.matchers for name in (matcher.label, matcher.value)]
            return (*matchers, node.name) if node.name else tuple(matchers)
        case Call():
            return (node.function,)
        case Aggregation():
            return node.op, *node.labels
        case Binary():
            return node.op, *node.labels, *node.include
        case _:
            return ()


@pytest.mark.parametrize("expr", [*_HARD.strip().splitlines(), *_LINES])
def test_hard_expressions_are_read_as_the_parser_reads_them(expr: str) -> None:
    _agree(expr)
    _check_places(expr)


@pytest.mark.parametrize("entry", sorted(path.name for path in _LISTS.iterdir()))
def test_the_catalog_is_read_as_the_parser_reads_it(entry: str) -> None:
    exprs = [expr for file in ("alerts.yaml", "dashboard.json") for expr in _exprs(_LISTS / entry / file)]
    assert len(exprs) > 10
    for expr in exprs:
        _agree(expr)
        _check_places(expr)


def _exprs(path: Path) -> Iterator[str]:
    """Every text under a key "expr", with its variables replaced."""
    pending = [yaml.load(path.read_text(), yaml.CSafeLoader)] if path.exists() else []
    while pending:
        value = pending.pop()
        pending += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        if isinstance(value, dict) and isinstance(value.get("expr"), str):
            yield next(readings(value["expr"])).text


@settings(max_examples=300)
@given(expressions())
def test_generated_expressions_are_read_as_the_parser_reads_them(expr: str) -> None:
    _agree(expr)
    _check_places(expr)


# What the embedded parser refuses, or reads otherwise than Prometheus does: what our reader makes of it by itself.
@pytest.mark.parametrize(
    ("expr", "tree"),
    [
        ("+x", Unary("+", Selector(Name("x", 1, 2), (), 1, 2), 0, 2)),
        ("- 1", Number(-1, 0, 3)),
        ("1_000", Number(1000, 0, 5)),
        ("0x1_F", Number(31, 0, 5)),
        ("x[1.5]", Selector(Name("x", 0, 1), (), 0, 6, Range(1500, 1, 6))),
        ("x[step() * 2]", Selector(Name("x", 0, 1), (), 0, 13, Range(None, 1, 13))),
        ("x[5m] smoothed", Selector(Name("x", 0, 1), (), 0, 14, Range(300_000, 1, 5))),
        ("x ANCHORED @ 1", Selector(Name("x", 0, 1), (), 0, 14, moved=True)),
        ("x offset (1m * 2)", Selector(Name("x", 0, 1), (), 0, 17, moved=True)),
        ("x offset -step()", Selector(Name("x", 0, 1), (), 0, 16, moved=True)),
        ("x{a='1' or b='2'}", Selector(Name("x", 0, 1), (), 0, 17)),
        ("f(x,)", Call(Name("f", 0, 1), (Selector(Name("x", 2, 3), (), 2, 3),), 0, 5)),
        (
            "a </ 5",
            Binary(
                Name("</", 2, 4),
                Selector(Name("a", 0, 1), (), 0, 1),
                Number(5, 5, 6),
                returns_bool=False,
                matching="",
                labels=(),
                group="",
                include=(),
                filled=False,
                start=0,
                end=6,
            ),
        ),
    ],
)
def test_what_only_prometheus_reads(expr: str, tree: Node) -> None:
    assert read(expr) == tree


@pytest.mark.parametrize(
    "expr",
    [
        *(
            "",
            " ",
            "# x",
            "x y",
            "x)",
            "(x",
            "x{",
            "x{a}",
            "{a}",
            'x{a="b"',
            "x{a=b}",
            'x{a=="b"}',
            "x[",
            "x[5m",
            "x[5m][5m]",
        ),
        *("(x)[5m]", "x +", "* x", "x offset", "x offset )", "x @", "x @ {", "sum()", "sum(a, b, c)", "sum by x"),
        *("by (a) x", "f(", "f(x", "f(x y)", "x on (a) y", "x + on y", "x + on (1) y", "1.2.3", "1x", "0x", "a.b"),
        *("5m5", "'x", '"x', "`x", r'"\U00110000"', "x$y", "$x", "[[x]]", "x;y", "\0", "x\u00a0y", "(x) offset 5m"),
    ],
)
def test_what_cannot_be_read(expr: str) -> None:
    assert read(expr) is None


@pytest.mark.parametrize("opening", ["(", "-(", "sum by (a) (", "f(1, -(1 ^ ", "abs(2 ^ -", "x ^ (-"])
def test_deep_nesting_within_the_bounds_is_read(opening: str) -> None:
    times = min(MAX_DEPTH // max(opening.count("("), 1), MAX_OPERATORS // max(sum(map(opening.count, "-^")), 1)) - 1
    expr = opening * times + "x" + ")" * (times * (opening.count("(") - opening.count(")")))
    assert excess(expr) is None
    _check_places_of_ends(expr)


def _check_places_of_ends(expr: str) -> None:
    tree = _ours(expr)
    assert (tree.start, tree.end) == (0, len(expr))
    Algebra().returned(tree)


_PIECES = (
    *(
        "x",
        " ",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        "=",
        "=~",
        "!",
        "!=",
        ">",
        "<",
        "/",
        "-",
        "^",
        "@",
        "#",
        "\n",
        "\\",
        "é",
    ),
    *(
        "sum",
        "by",
        "on",
        "ignoring",
        "group_left",
        "bool",
        "offset",
        "and",
        "or",
        "fill",
        "smoothed",
        "start",
        "inf",
        "0x",
    ),
    *(
        '"a"',
        "'",
        "`",
        "[5m]",
        "[5m:]",
        "[",
        "5m",
        "1e",
        "1.2.3",
        "0777",
        r'"\U00110000"',
        "rate",
        "count_values",
        "$",
        "\0",
    ),
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_text_is_read_or_not(expr: str) -> None:
    tree = read(expr)
    if tree is not None:
        assert 0 <= tree.start < tree.end <= len(expr)
        Algebra().returned(tree)


def test_nesting_beyond_the_bounds_is_no_crash() -> None:
    for opening in ("(", "-", "x ^ ", "f(", "sum by (a) ("):
        assert read(opening * 10_000 + "x") is None
