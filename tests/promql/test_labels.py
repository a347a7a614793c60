import pytest

from bot.promql.expression import Expression
from bot.promql.grafana import read_query
from bot.promql.labels import (
    NAME,
    NOTHING,
    UNKNOWN,
    Algebra,
    Labels,
    matched,
    matches,
    matches_empty,
    named,
    selected,
    union,
)
from bot.promql.reader import read
from bot.promql.tree import Binary, Matcher, Name, Node, Selector
from tests.promql.evaluable import labels_of

# Expressions over the series of evaluable.py, and the labels of what they return: those of every series; ~ those of
# some; ! those of every series and of none, so that there is no series.
CASES = {
    # Selectors.
    "requests": "__name__ job instance mode",
    "errors": "__name__ job instance ~mode",
    'errors{job="x"}': "__name__ job instance mode",
    'errors{mode=""}': "__name__ job instance",
    "requests offset 5m": "__name__ job instance mode",
    '{__name__=~"requests|quota"}': "__name__ job ~instance ~mode",
    # What stands around an operand.
    "(requests)": "__name__ job instance mode",
    "+requests": "__name__ job instance mode",
    "-requests": "job instance mode",
    "-(-requests)": "job instance mode",
    # Aggregations.
    "sum(requests)": "",
    "sum by () (requests)": "",
    "sum by (job, mode) (requests)": "job mode",
    "sum by (job, zone) (requests)": "job",
    "sum by (mode) (errors)": "~mode",
    "sum by (__name__) (requests)": "__name__",
    "sum without () (requests)": "job instance mode",
    "sum without (mode, zone) (requests)": "job instance",
    "topk by (job) (1, errors)": "__name__ job instance ~mode",
    "bottomk without (job) (1, errors)": "__name__ job instance ~mode",
    "quantile by (job) (0.5, requests)": "job",
    'count_values("value", requests)': "value",
    'count_values by (job) (("value"), requests)': "job value",
    'count_values without (job) ("value", requests)': "instance mode value",
    'count_values without (value) ("value", quota)': "job",
    # Functions.
    "rate(requests[5m])": "job instance mode",
    "last_over_time(requests[5m])": "__name__ job instance mode",
    "max_over_time(requests[5m:1m])": "job instance mode",
    "last_over_time(requests[5m:1m] offset 1m)": "__name__ job instance mode",
    "max_over_time((-requests)[5m:1m])": "job instance mode",
    "quantile_over_time(0.5, requests[5m])": "job instance mode",
    "sort(requests)": "__name__ job instance mode",
    "sort_desc(requests)": "__name__ job instance mode",
    "timestamp(requests)": "job instance mode",
    "clamp(requests, 1, scalar(plain))": "job instance mode",
    "round(requests)": "job instance mode",
    "hour(requests)": "job instance mode",
    "hour()": "",
    "vector(1)": "",
    "vector(scalar(quota))": "",
    "histogram_quantile(0.5, size_bucket)": "job",
    "histogram_quantile(0.5, sum by (le) (rate(size_bucket[5m])))": "",
    # Absence.
    "absent(nothing)": "",
    'absent(nothing{job="x", mode=~"u", zone!="n", le=""})': "job",
    'absent((nothing{job="x"}))': "job",
    'absent(nothing{job="x", job!="y"})': "~job",
    'absent({__name__="nothing", job="x"})': "job",
    'absent(sum(nothing{job="x"}))': "",
    'absent_over_time(nothing{job="x"}[5m])': "job",
    'absent_over_time(nothing{job="x"}[5m:])': "",
    # A vector and a number.
    "requests * 2": "job instance mode",
    "requests != 2": "__name__ job instance mode",
    "2 != requests": "__name__ job instance mode",
    "requests >= bool 2": "job instance mode",
    "requests ^ scalar(plain)": "job instance mode",
    "requests atan2 2": "~__name__ job instance mode",
    "vector(1) * (1 + 1)": "",
    # One to one.
    "requests * requests": "job instance mode",
    "requests >= requests": "__name__ job instance mode",
    "requests == bool requests": "job instance mode",
    "requests + on (job, instance, mode) requests": "job instance mode",
    "requests + on (job, instance, mode, zone) requests": "job instance mode",
    "requests >= on (job, instance, mode) requests": "job instance mode",
    "requests >= on (__name__, job, instance, mode) requests": "__name__ job instance mode",
    "requests * on (__name__, job, instance, mode) requests": "job instance mode",
    "sum by (job, mode) (requests{mode='u'}) / ignoring (mode) sum by (job) (errors)": "job",
    'requests{mode="u"} >= ignoring (mode) sum without (mode) (errors)': "__name__ job instance",
    "errors * sum without () (errors)": "job instance ~mode",
    "quota + sum(requests)": "!job",
    "sum by (job) (requests) + on (job, mode) sum by (mode) (requests)": "!job !mode",
    # One to many.
    "requests * on (job) group_left quota": "job instance mode",
    "quota * on (job) group_right requests": "job instance mode",
    "requests >= on (job) group_left quota": "__name__ job instance mode",
    "requests * on (job, instance) group_left (version) build_info": "job instance mode version",
    "requests * on (job, instance) group_left (zone) build_info": "job instance mode ~zone",
    "requests{mode='u'} * on (job) group_left (mode) quota": "job instance",
    "requests * on (job) group_left (__name__) quota": "__name__ job instance mode",
    "requests * ignoring (instance, mode) group_left quota": "job instance mode",
    "errors * on (job, mode) group_left topk by (job, mode) (1, requests)": "job instance mode",
    "errors * on (job, mode) group_left quota": "job instance",
    # Sets.
    "requests and errors": "__name__ job instance mode",
    "errors and requests": "__name__ job instance mode",
    "requests and on (job) errors": "__name__ job instance mode",
    "requests and ignoring (mode) errors": "__name__ job instance mode",
    "errors and on (mode) quota": "__name__ job instance",
    "errors and on () quota": "__name__ job instance ~mode",
    "requests or quota": "__name__ job ~instance ~mode",
    "-requests or on (job) quota": "~__name__ job ~instance ~mode",
    "requests unless errors{mode='u'}": "__name__ job instance mode",
    "quota and on (zone) build_info{zone='n'}": "__name__ job !zone",
    # Labels that are written: what surely matches, what may, and what cannot.
    'label_replace(requests, "new", "$1", "job", "(.*)")': "__name__ job instance mode new",
    'label_replace(requests, "new", "${1}", "job", "^(.+)$")': "__name__ job instance mode new",
    'label_replace(requests, "new", "$0", "job", ".*")': "__name__ job instance mode new",
    'label_replace(requests, "new", "$1", "job", ".*")': "__name__ job instance mode ~new",
    'label_replace(requests, "new", "$1", "job", "(?s:.*)")': "__name__ job instance mode ~new",
    'label_replace(requests, "new", "$1", "job", "(x|y)")': "__name__ job instance mode ~new",
    'label_replace(errors, "new", "$1", "mode", "(.*)")': "__name__ job instance ~mode ~new",
    'label_replace(requests, "new", "a", "job", "(.*)")': "__name__ job instance mode new",
    'label_replace(requests, "new", "a-$1", "job", "(.*)")': "__name__ job instance mode new",
    'label_replace(requests, "new", "a", "job", "x")': "__name__ job instance mode ~new",
    'label_replace(errors, "new", "a", "mode", "(.+)")': "__name__ job instance ~mode ~new",
    'label_replace(requests, "new", "a", "zone", "z")': "__name__ job instance mode",
    'label_replace(requests, "new", "a", "", "")': "__name__ job instance mode new",
    'label_replace(requests, "new", "a", "zone", "z?")': "__name__ job instance mode new",
    'label_replace(requests, "new", "$1", "zone", "(z?)")': "__name__ job instance mode",
    'label_replace(requests, "new", "$1", "zone", "(.+)")': "__name__ job instance mode",
    'label_replace(requests{mode="u"}, "mode", "$1", "zone", "(.*)")': "__name__ job instance",
    'label_replace(requests{mode="u"}, "mode", "", "job", "x")': "__name__ job instance ~mode",
    'label_replace(requests{mode="u"}, "mode", "", "job", ".*")': "__name__ job instance",
    'label_replace(requests{mode="u"}, "mode", "a", "job", "x")': "__name__ job instance mode",
    'label_replace(requests{mode="u"}, "mode", "$1", "job", "(x)?.*")': "__name__ job instance ~mode",
    'label_replace(rate(requests[5m]), "__name__", "a", "", "")': "__name__ job instance mode",
    'label_replace(requests, ("new"), ("a"), (""), (""))': "__name__ job instance mode new",
    'label_join(requests, "new", "-", "job", "zone")': "__name__ job instance mode new",
    'label_join(requests, "new", "-", "le", "zone")': "__name__ job instance mode new",
    'label_join(requests, "new", "", "job", "zone")': "__name__ job instance mode new",
    'label_join(requests, "new", "-", "zone")': "__name__ job instance mode",
    'label_join(errors, "new", "", "mode", "zone")': "__name__ job instance ~mode ~new",
    'label_join(requests{mode="u"}, "mode", "-")': "__name__ job instance",
    # Scalars.
    "1": "",
    "scalar(quota)": "",
    "-time() + 1": "",
}


def labels_from(notation: str) -> Labels:
    """What the notation of the cases says."""
    always, possible = set[str](), set[str]()
    for word in notation.split():
        label = word.lstrip("~!")
        if not word.startswith("~"):
            always.add(label)
        if not word.startswith("!"):
            possible.add(label)
    return Labels(frozenset(always), frozenset(possible))


def _tree(expr: str) -> Node:
    tree = read(expr)
    assert tree is not None, expr
    return tree


@pytest.mark.parametrize(("expr", "notation"), CASES.items())
def test_what_an_expression_returns(expr: str, notation: str) -> None:
    assert Algebra(labels_of).returned(_tree(expr)) == labels_from(notation)


# Of series that nobody knows.
@pytest.mark.parametrize(
    ("expr", "always", "possible"),
    [
        ("x", {NAME}, None),
        ('x{a="b", c=~"d|e", f!="", g!~".*h", i=~".*", j="", k!="l"}', {NAME, "a", "c", "f"}, None),
        ('x{a=~"[[:alpha:]]"}', {NAME}, None),
        ('-x{a="b"}', {"a"}, None),
        ('sum by (a, c) (x{a="b"})', {"a"}, {"a", "c"}),
        ('sum without (a) (x{a="b", c="d"})', {"c"}, None),
        ('x{a="b"} * on (a) group_left (c) y', {"a"}, None),
        ('x * on (a) group_left (c) y{c="d"}', {"c"}, None),
        ('x{a="b"} + y{c="d"}', {"a", "c"}, None),
        ('x + on (a) y{a="b", c="d"}', {"a"}, {"a"}),
        ('x{a="b"} or y{c="d"}', {NAME}, None),
        ('x{a="b"} and on (c) y{c="d", e="f"}', {NAME, "a", "c"}, None),
        ("x + on (a) fill (0) y", set(), None),
        ('label_replace(x, "a", "$1", "b", "(.*)")', {NAME}, None),
        ('label_replace(x{b="c"}, "a", "$1", "b", "(.*)")', {NAME, "a", "b"}, None),
        ('label_join(x{a="b"}, "c", "", "a", "d")', {NAME, "a", "c"}, None),
        # What only newer versions know.
        ("info(x, {data=~'.+'})", {NAME}, None),
        ("first_over_time(x[5m])", {NAME}, None),
        ("histogram_fraction(0, 1, x{le='1', a='b'})", {"a"}, None),
        ('histogram_quantiles(x{a="b"}, "quantile", 0.5, 0.9)', {"a", "quantile"}, None),
        ("x{a='b'} </ 5", {NAME, "a"}, None),
        ("there_is_no_function(x{a='b'})", set(), None),
        ("step() + max_of(1, 2)", set(), set()),
        # What is no expression: no label is claimed.
        ("rate()", set(), set()),
        ("absent()", set(), set()),
        ("label_replace(x)", set(), None),
        ('label_replace(x, "a")', set(), None),
        ("label_replace(x, y, z, a, b)", set(), None),
        ('label_join(x, "a")', set(), None),
        ("label_join(x)", set(), None),
        ("count_values(x, y{a='b'})", set(), None),
        ('"text"', set(), set()),
    ],
)
def test_what_can_be_known_without_any_series(expr: str, always: set[str], possible: set[str] | None) -> None:
    expected = Labels(frozenset(always), None if possible is None else frozenset(possible))
    assert Algebra().returned(_tree(expr)) == expected


# A variable of a dashboard may stand for any label, or for several.
@pytest.mark.parametrize(
    ("query", "always", "possible"),
    [
        ("requests{$l='x'}", {NAME, "job", "instance", "mode"}, {NAME, "job", "instance", "mode"}),
        ("sum by ($g) (requests)", set(), {NAME, "job", "instance", "mode"}),
        ("sum by (job, [[g]]) (requests)", {"job"}, {NAME, "job", "instance", "mode"}),
        ("sum without ($g) (requests)", set(), {"job", "instance", "mode"}),
        ('count_values("$v", requests)', set(), None),
        ('count_values by ($g) ("v", requests)', {"v"}, {NAME, "job", "instance", "mode", "v"}),
        ("requests + on ($g) requests", set(), {"job", "instance", "mode"}),
        ("requests + ignoring ($g) quota", set(), {"job", "instance", "mode"}),
        ("requests and on ($g) quota", {NAME, "job", "instance", "mode"}, {NAME, "job", "instance", "mode"}),
        ("requests * on (job) group_left ($g) quota", set(), None),
        ('label_replace(requests, "$v", "$1", "job", "(.*)")', set(), None),
        ('label_replace(quota, "new", "$1", "$v", "(.*)")', {NAME, "job"}, {NAME, "job", "new"}),
        ('label_replace(quota, "job", "$1", "mode", "$v")', {NAME}, {NAME, "job"}),
        ('label_join(quota, "new", "-", "${v}")', {NAME, "job"}, {NAME, "job", "new"}),
        ('absent(nothing{$l="a", b="c"})', {"b"}, None),
    ],
)
def test_variables_in_the_place_of_labels(query: str, always: set[str], possible: set[str] | None) -> None:
    expression = read_query(query)
    assert isinstance(expression, Expression)
    algebra = Algebra(labels_of, varies=lambda label: expression.glob(label) is not None)
    known = algebra.returned(expression.tree)
    assert known == Labels(frozenset(always), None if possible is None else frozenset(possible))


def test_a_part_is_worked_out_once() -> None:
    asked: list[str] = []

    def of_selector(selector: Selector) -> Labels:
        asked.append(selector.name.text if selector.name else "")
        return NOTHING

    tree = _tree("sum(x) / sum(y)")
    algebra = Algebra(of_selector)
    assert algebra.returned(tree) is algebra.returned(tree)
    assert asked == ["x", "y"]


_AB = Labels(frozenset("a"), frozenset("ab"))
_OPEN = Labels(frozenset("a"), None)


def test_what_can_be_asked_of_labels() -> None:
    assert (_AB.exact, NOTHING.exact, UNKNOWN.exact) == (False, True, False)
    assert (_AB.may_have("b"), _AB.may_have("c"), _OPEN.may_have("c")) == (True, False, True)
    assert (_AB.impossible, _OPEN.impossible) == (frozenset(), frozenset())
    assert Labels(frozenset("ac"), frozenset("ab")).impossible == frozenset("c")
    assert not Labels(frozenset("ac"), frozenset("ab")).exact


def test_labels_set_and_removed() -> None:
    assert _AB.without("a") == Labels(frozenset(), frozenset("b"))
    assert _OPEN.without("ac") == UNKNOWN
    assert _AB.only("ac") == Labels(frozenset("a"), frozenset("a"))
    assert _OPEN.only("bc") == Labels(frozenset(), frozenset("bc"))
    assert _AB.with_label("c", always=True) == Labels(frozenset("ac"), frozenset("abc"))
    assert _AB.with_label("a", always=False) == Labels(frozenset(), frozenset("ab"))
    assert _OPEN.with_label("c", always=False) == _OPEN


def test_labels_of_one_kind_or_another() -> None:
    assert union([]) == UNKNOWN
    assert union([_AB]) == _AB
    assert union([_AB, Labels(frozenset("bc"), frozenset("bc"))]) == Labels(frozenset(), frozenset("abc"))
    assert union([_AB, _OPEN]) == _OPEN


@pytest.mark.parametrize(
    ("matching", "always", "possible"),
    [
        ("", "a", "ab"),
        ("on (b, c)", "", "b"),
        ("ignoring (a)", "", "b"),
        ("on (__name__, a)", f"a {NAME}", f"a {NAME}"),
    ],
)
def test_the_labels_that_are_matched_by(matching: str, always: str, possible: str) -> None:
    node = _tree(f"x + {matching} y")
    assert isinstance(node, Binary)
    given = Labels(_AB.always | {NAME}, frozenset((*"ab", NAME)))
    of = Labels(frozenset(always.split()), frozenset(possible.split() if " " in possible else possible))
    assert matched(node, given) == of


@pytest.mark.parametrize(
    ("op", "pattern", "value", "accepted"),
    [
        ("=", "a", "a", True),
        ("=", "a", "", False),
        ("!=", "a", "", True),
        ("!=", "", "", False),
        ("=~", "a|bc", "bc", True),
        ("=~", "a|bc", "abc", False),
        ("=~", "a.c", "a\nc", True),
        ("=~", r"\d+", "5", True),
        ("=~", r"\d+", "٣", False),
        ("=~", "(?i)straße", "STRAßE", True),
        ("=~", "", "", True),
        ("!~", ".+", "", True),
        ("!~", "a.*", "abc", False),
        ("=~", "[[:alpha:]]+", "a", None),
        ("!~", "(", "a", None),
        ("=~", "(?=a)", "a", None),
        ("=~", "a", "\ud800", None),
        ("=~", "\ud800", "a", None),
        # A backtracking engine would not return from these.
        ("=~", "(a+)+b", "a" * 10_000, False),
        ("=~", "(a|a)*(a|a)*(a|a)*b", "a" * 10_000, False),
        ("=~", "((a{100}){100}){100}", "a", None),
    ],
)
def test_what_a_matcher_accepts(op: str, pattern: str, value: str, accepted: bool | None) -> None:
    matcher = Matcher(Name("label", 0, 5), op, Name(pattern, 7, 7 + len(pattern)))
    assert matches(matcher, value) is accepted
    assert matches_empty(matcher) is matches(matcher, "")


def test_names_and_what_a_selector_asks_for() -> None:
    selector = _tree('x{a="b", c!="d"}')
    assert isinstance(selector, Selector)
    assert named(matcher.label for matcher in selector.matchers) == ["a", "c"]
    assert selected(selector) == Labels(frozenset(("a", NAME)), None)
