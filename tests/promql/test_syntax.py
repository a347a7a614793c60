import promql_parser
import pytest

from bot.promql.functions import AGGREGATIONS, FUNCTIONS, Type, argument_type
from bot.promql.syntax import Fault, parse, parse_error


@pytest.mark.parametrize(
    "expr",
    [
        "up",
        'sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) > 0.1',
        "x # a comment",
        '{"a.metric", "a.label"="b"}',
        "x @ end() offset -5m",
        "x and on (a) y",
        "cluster:infra + x offset 5m",
        r"x{a=~`\d+`}",
        "x{a=`\"`, b='`'} # `",
    ],
)
def test_what_parses_has_a_tree(expr: str) -> None:
    assert isinstance(parse(expr), promql_parser.Expr)
    assert parse_error(expr) is None


@pytest.mark.parametrize(
    ("expr", "fault"),
    [
        ("", Fault("there is no expression")),
        ("# only this", Fault("there is no expression")),
        ("sum(up", Fault('"(" is never closed', (3, 4))),
        ("sum(up))", Fault('")" closes nothing', (7, 8))),
        ("sum(up]", Fault('"]" where ")" should come', (6, 7))),
        ('up{a="b}', Fault("a quote that is never closed", (5, 6))),
        ('sum({a="("}', Fault('"(" is never closed', (3, 4))),
        ("up + rtae(up[5m])", Fault('there is no function "rtae"', (5, 9), local=True)),
        ("up +", Fault("invalid syntax")),
        ("rate(up)", Fault("expected type matrix in call to function 'rate', got vector")),
        ("{}", Fault("vector selector must contain at least one non-empty matcher")),
        ('up{a=~"("}', Fault("illegal regex for (", regex="(")),
        ("x[1e30]", Fault("a duration is out of range")),
        ("x[5m:1e30]", Fault("a duration is out of range")),
        ("x[5m:+inf]", Fault("a duration is out of range")),
        ("x offset inf", Fault("a duration is out of range")),
    ],
)
def test_what_prometheus_refuses(expr: str, fault: Fault) -> None:
    assert parse(expr) == fault
    assert parse_error(expr) == fault.message


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        ("1_000 * up", "a number such as 1_000 is newer than the embedded parser"),
        ("rate(x[5m + 1m])", "arithmetic in a range is newer than the embedded parser"),
        ("x offset (1m * 2)", "arithmetic in an offset is newer than the embedded parser"),
        ("rate(x[5m] smoothed)", '"smoothed" is newer than the embedded parser'),
        ("x </ 5", 'the operator "</" is newer than the embedded parser'),
        ("holt_winters(x[5m], 0.5, 0.5)", 'there is no function "holt_winters"'),
        ('x{a=~"[^[]+"}', "illegal regex for [^[]+"),
        ("+".join(["up"] * 300), "made of 299 operators; 128 is the most"),
        ("(" * 200 + "up" + ")" * 200, "nested 200 levels deep; 100 is the most"),
        (r'x{a=~"\\pL{501}"}', "more than 500 repetitions in regular expressions"),
        (r'x{a=~"((a{20}){20}){20}"}', "more than 500 repetitions in regular expressions"),
    ],
)
def test_what_only_the_embedded_parser_refuses_is_in_doubt(expr: str, message: str) -> None:
    result = parse(expr)
    assert isinstance(result, Fault)
    assert (result.message, result.certain) == (message, False)


def test_counted_repetition_in_moderation_is_fine() -> None:
    uuid = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"
    assert parse_error(f'x{{id=~"{uuid}"}}') is None


_NO_PARSER_KNOWS = {
    *("end", "holt_winters", "histogram_quantiles", "max_of", "min_of", "range", "start", "start_timestamp", "step"),
}
_SAMPLES = {Type.VECTOR: "x", Type.MATRIX: "x[5m]", Type.SCALAR: "1", Type.STRING: '"a"'}


@pytest.mark.parametrize("name", [name for name in (AGGREGATIONS | FUNCTIONS) if name not in _NO_PARSER_KNOWS])
def test_the_table_of_functions_agrees_with_the_parser(name: str) -> None:
    signature = (AGGREGATIONS | FUNCTIONS)[name]
    types = [Type(letter) for letter in signature.rstrip("+?")]
    call = f"{name}({', '.join(_SAMPLES[wanted] for wanted in types)})"
    assert parse_error(call) is None
    for index, wanted in enumerate(types):
        assert argument_type(name, index) == wanted
        wrong = [_SAMPLES[given] for given in types]
        wrong[index] = _SAMPLES[Type.STRING if wanted != Type.STRING else Type.VECTOR]
        if name not in ("info", "limitk", "limit_ratio"):
            assert parse_error(f"{name}({', '.join(wrong)})") is not None


@pytest.mark.parametrize(
    ("name", "index", "wanted"),
    [
        ("TOPK", 0, Type.SCALAR),
        ("label_join", 9, Type.STRING),
        ("rate", 1, None),
        ("pi", 0, None),
        ("nothing", 0, None),
    ],
)
def test_arguments_beyond_the_table(name: str, index: int, wanted: Type | None) -> None:
    assert argument_type(name, index) == wanted


def test_half_a_character() -> None:
    assert parse('up{a="\ud800"}') == Fault("half a character, which no encoding knows", (6, 7))
