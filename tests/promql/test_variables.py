import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.promql.expression import Expression
from bot.promql.grafana import NotAnalysable, read_query
from bot.promql.places import Place
from bot.promql.variables import Use, _by_places, _usual, replace


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        # The ways to write a variable.
        ("sum by ($g) (up)", "sum by (grafana_g) (up)"),
        ("sum by (${g}) (up)", "sum by (grafana_g) (up)"),
        ("sum by (${g:csv}) (up)", "sum by (grafana_g) (up)"),
        ("sum by (${g.text}) (up)", "sum by (grafana_g) (up)"),
        ("sum by ([[g]]) (up)", "sum by (grafana_g) (up)"),
        ("sum by ([[g:csv]]) (up)", "sum by (grafana_g) (up)"),
        # Durations.
        ("rate(x[$__rate_interval])", "rate(x[5m])"),
        ("rate(x[[[interval]]])", "rate(x[5m])"),
        ("rate(x[ $__interval ])", "rate(x[ 5m ])"),
        ("max_over_time(rate(x[5m])[$a:$b])", "max_over_time(rate(x[5m])[5m:5m])"),
        ("max_over_time(rate(x[5m])[$a:])", "max_over_time(rate(x[5m])[5m:])"),
        ("max_over_time(rate(x[5m])[1h:$b])", "max_over_time(rate(x[5m])[1h:5m])"),
        ("increase(x[${__range_s}s])", "increase(x[1s])"),
        ("increase(x[${n}ms])", "increase(x[1ms])"),
        ("increase(x[5$unit])", "increase(x[5m])"),
        ("increase(x[$n$unit])", "increase(x[1m])"),
        ("increase(x[1d$rest])", "increase(x[1d1ms])"),
        ("x offset $__interval", "x offset 5m"),
        ("increase(x[$__interval:] offset -$__interval)", "increase(x[5m:] offset -5m)"),
        ("increase(x[1d] offset 1d${__to:date:H}h${__to:date:m}m)", "increase(x[1d] offset 1d1h1m)"),
        # Numbers.
        ("topk($k, up)", "topk(1, up)"),
        ("topk by (job) ($k, up)", "topk by (job) (1, up)"),
        ("topk(($k * 2), up)", "topk((1 * 2), up)"),
        ("histogram_quantile(0.$p, x)", "histogram_quantile(0.1, x)"),
        ("histogram_quantile($p, x)", "histogram_quantile(1, x)"),
        ("clamp(x, $low, $high)", "clamp(x, 1, 1)"),
        ("vector($n) == 1", "vector(1) == 1"),
        ("x @ $__to", "x @ 1"),
        ("x @ -$__to", "x @ -1"),
        ("x / $__range_s * 100", "x / 1 * 100"),
        ("sum(x) > $threshold", "sum(x) > 1"),
        ("(1 - $share) * x", "(1 - 1) * x"),
        ("x * $cost or y", "x * 1 or y"),
        ("x > bool $threshold", "x > bool 1"),
        ("a + on (b) group_left $n * 2", "a + on (b) group_left 1 * 2"),
        # Strings whose quotes are part of the value.
        ("x{job=${job:doublequote}}", 'x{job="grafana_job"}'),
        ("count_values($label, x)", 'count_values("grafana_label", x)'),
        ('label_replace(x, $to, "$1", "a", "b")', 'label_replace(x, "grafana_to", "$1", "a", "b")'),
        # Labels.
        ('x{$label="a"}', 'x{grafana_label="a"}'),
        ('x{label_$label=~"a"}', 'x{label_grafana_label=~"a"}'),
        ("a * on($l) group_left($m) b", "a * on(grafana_l) group_left(grafana_m) b"),
        ("sum(x) without (le, $g)", "sum(x) without (le, grafana_g)"),
        ("sum by $labels (x)", "sum by (grafana_labels) (x)"),
        ("topk by $labels ($k, x)", "topk by (grafana_labels) (1, x)"),
        ("a / on $labels b", "a / on (grafana_labels) b"),
        # Whole matchers.
        ("x{$filters}", 'x{grafana_filters!=""}'),
        ("{$filters}", '{grafana_filters!=""}'),
        ('x{job="a", $filters}', 'x{job="a", grafana_filters!=""}'),
        ('x{$filters, job="a"}', 'x{grafana_filters!="", job="a"}'),
        ('x{job="a" $filters}', 'x{job="a" , grafana_filters!=""}'),
        ('x{$filters job="a"}', 'x{grafana_filters!="",  job="a"}'),
        ('x{job="a" or $filters}', 'x{job="a" or grafana_filters!=""}'),
        # Metrics.
        ("$metric", "grafana_metric"),
        ("sum($metric)", "sum(grafana_metric)"),
        ('$metric{a="b"}', 'grafana_metric{a="b"}'),
        ("rate($metric[5m])", "rate(grafana_metric[5m])"),
        ("rate(http_${what}_total[5m])", "rate(http_grafana_what_total[5m])"),
        ("job:${name}:rate5m", "job:grafana_name:rate5m"),
        ("$a$b", "grafana_agrafana_b"),
        ("$a or $b", "grafana_a or grafana_b"),
        ("rate($selector)", "rate(grafana_selector[5m])"),
        ("predict_linear($selector, 3600)", "predict_linear(grafana_selector[5m], 3600)"),
        ("vector(scalar($metric))", "vector(scalar(grafana_metric))"),
        # Functions and aggregations.
        ("$fn(x)", "sum(x)"),
        ("$fn(x[5m])", "rate(x[5m])"),
        ("${fn}_over_time(x[5m])", "sum_over_time(x[5m])"),
        ("sum_$fn(x[5m])", "sum_over_time(x[5m])"),
        ("$fn(5, x)", "topk(5, x)"),
        ("$fn($k, x)", "topk(1, x)"),
        ("$fn(0.5, x[5m])", "quantile_over_time(0.5, x[5m])"),
        ('$fn("version", x)', 'count_values("version", x)'),
        ("$agg by (job) (x)", "sum by (job) (x)"),
        ("$agg(x) by (job)", "sum(x) by (job)"),
        ("$agg without (job) ($k, x)", "topk without (job) (1, x)"),
        ("sum(${metric:value}(up))", "sum(sum(up))"),
        # Operators, and clauses that may be missing.
        ("a $op b", "a + b"),
        ("a $op 5", "a + 5"),
        ("a $op bool 5", "a == bool 5"),
        ("sum(a) $op sum(b)", "sum(a) + sum(b)"),
        ("sum(a) $op (b)", "sum(a) + (b)"),
        ('a{b="c"} $op on (d) e', 'a{b="c"} + on (d) e'),
        ("a $comparison", "a "),
        ("sum(a $offset)", "sum(a )"),
        ("rate(a[5m] $offset)", "rate(a[5m] )"),
        ("a $offset * 2", "a  * 2"),
        ("$prefix a", " a"),
        ("sum $by (job) (a)", "sum by (job) (a)"),
        ("sum $by (a)", "sum  (a)"),
        ("topk $by ($k, a)", "topk  (1, a)"),
        ("sum(x) by (job) $op 5", "sum(x) by (job) + 5"),
        ("a * on (b) $metric", "a * on (b) 1"),
        # Left alone.
        ('x{job=~"$job"}', 'x{job=~"$job"}'),
        ("x{job=~'${job:regex}.*$'}", "x{job=~'${job:regex}.*$'}"),
        ("x{job=`[[job]]`}", "x{job=`[[job]]`}"),
        ('label_replace(x, "a", "$1 ${2}", "b", "(.*)$")', 'label_replace(x, "a", "$1 ${2}", "b", "(.*)$")'),
        ("x # of $job\n+ y", "x # of $job\n+ y"),
        ("x", "x"),
    ],
)
def test_the_place_says_what_stands_for_a_variable(expr: str, text: str) -> None:
    assert replace(expr).text == text
    assert isinstance(read_query(expr), Expression)


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        ("sum($a * 2)", "sum(grafana_a * 2)"),
        ("1 > $a", "1 > grafana_a"),
        ("$a / ignoring (x) group_left $b", "grafana_a / ignoring (x) group_left grafana_b"),
    ],
)
def test_an_operand_that_cannot_be_a_number_is_a_metric(expr: str, text: str) -> None:
    query = read_query(expr)
    assert isinstance(query, Expression)
    assert query.replaced is not None
    assert query.replaced.text == text


def test_every_use_is_recorded_with_its_place() -> None:
    replaced = replace('topk($k, ${m:raw}{a="[[b]]"}) # ${c.d}')
    assert replaced.uses == (
        Use("k", "", "", 5, 7, Place.NUMBER),
        Use("m", "raw", "", 9, 17, Place.METRIC),
        Use("b", "", "", 21, 26, Place.TEXT),
        Use("c", "", "d", 32, 38, Place.COMMENT),
    )
    assert [replaced.original[use.start : use.end] for use in replaced.uses] == ["$k", "${m:raw}", "[[b]]", "${c.d}"]


def test_names_with_a_variable_are_wildcards() -> None:
    replaced = replace('sum by (label_$l) (rate(http_${what}_total{$f, a="b"}[5m])) + $metric')
    assert replaced.wildcards == {
        "label_grafana_l": "label_*",
        "http_grafana_what_total": "http_*_total",
        "grafana_f": "*",
    }
    assert replace("$metric").wildcards == {"grafana_metric": "*"}


def test_a_placeholder_is_no_name_that_is_there_already() -> None:
    replaced = replace("grafana_k + sum by ($k) (x)")
    assert replaced.text == "grafana_k + sum by (grafana__k) (x)"
    assert replaced.wildcards == {"grafana__k": "*"}


@pytest.mark.parametrize(
    ("expr", "found"),
    [
        ("sum(rate(x[$__rate_interval]) + up", "up"),
        ('{a="$b"} + up', "up"),
        ("topk($k, up)", "up"),
        ("$metric{} * up", "up"),
        ("x $op y", "y"),
    ],
)
def test_offsets_lead_back_to_the_original(expr: str, found: str) -> None:
    replaced = replace(expr)
    assert replaced.origin(replaced.text.index(found)) == expr.index(found)
    assert replaced.origin(0) == 0
    assert replaced.origin(len(replaced.text)) == len(expr)


@pytest.mark.parametrize(
    ("expr", "refused"),
    [
        # Whatever the variables hold, Prometheus refuses these.
        ('sum(rate(x{a="$b"}[$__rate_interval])', NotAnalysable('"(" is never closed', (3, 4), wrong=True)),
        ("topk($k, sum by ($g) (x)))", NotAnalysable('")" closes nothing', (25, 26), wrong=True)),
        ("rtae(x[$i])", NotAnalysable('there is no function "rtae"', (0, 4), wrong=True)),
        ("$a + rtae(x[5m])", NotAnalysable('there is no function "rtae"', (5, 9), wrong=True)),
        (
            "rate(x{a=~'$b'})",
            NotAnalysable("expected type matrix in call to function 'rate', got vector", None, wrong=True),
        ),
        # These may be right for some value.
        ("sum(rate($m[5m])", NotAnalysable('"(" is never closed', (3, 4), wrong=False)),
        ("rate($m{a='b'})", NotAnalysable("expected type matrix in call to function 'rate', got vector", None, False)),
        ("x{a=~'$b*('}", NotAnalysable("illegal regex for $b*(", None, wrong=False)),
        ("x $a y z", NotAnalysable("invalid syntax", None, wrong=False)),
        ("up" * 5000, NotAnalysable("10000 characters long; 8192 is the most", None, wrong=False)),
    ],
)
def test_what_does_not_parse_is_wrong_only_beyond_doubt(expr: str, refused: NotAnalysable) -> None:
    assert read_query(expr) == refused


_PARTS = [
    *("$a", "${b:csv}", "[[c]]", "${d", "$", "[[", "]]"),
    *("(", ")", "{", "}", "[", "]", '"', "'", "`", "#", "\n", " ", ","),
    *(
        "x",
        "rate",
        "sum",
        "topk",
        "by",
        "on",
        "offset",
        "bool",
        "or",
        "5m",
        "0.5",
        "1e9",
        ":",
        "-",
        "=~",
        "==",
        "@",
        "é",
    ),
]


@given(st.lists(st.sampled_from(_PARTS), max_size=30).map("".join))
def test_any_text_is_read_and_keeps_its_places(expr: str) -> None:
    replaced = replace(expr)
    origins = [replaced.origin(offset) for offset in range(len(replaced.text) + 1)]
    assert origins == sorted(origins)
    assert origins[-1] <= len(expr)
    assert [use.start for use in replaced.uses] == sorted({use.start for use in replaced.uses})
    assert isinstance(read_query(expr), Expression | NotAnalysable)


@given(st.text(string.ascii_letters + "{}()[] \"'`,.:=~+-*/<>!@#$0123456789\\\n"))
def test_a_text_without_variables_is_untouched(text: str) -> None:
    plain = text.replace("$", "").replace("[[", "")
    replaced = replace(plain)
    assert (replaced.text, replaced.uses, replaced.wildcards) == (plain, (), {})
    assert [replaced.origin(offset) for offset in range(len(plain) + 1)] == list(range(len(plain) + 1))


@pytest.mark.parametrize(
    "expr",
    [
        'rate(a{b="$c", d=~"${e:regex}"}[$__rate_interval])',
        "sum by (x) (increase(a[$__range])) / sum(b)",
        "label_replace(a, 'x', '$1', 'y', `(.*)$`) offset 5m",
        'a{b="\\"$c"}[$__interval]',
    ],
)
def test_the_short_way_comes_to_the_same(expr: str) -> None:
    assert _usual(expr) == _by_places(expr, Place.NUMBER)


@pytest.mark.parametrize("expr", ["rate(a[$b])", "$a", "a # $b", 'a{b="$c}', "a[[b]]", "topk($k, a[$__range])"])
def test_the_short_way_is_not_taken(expr: str) -> None:
    assert _usual(expr) is None
