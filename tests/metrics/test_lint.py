"""promlint says the same of the exposition that stands for all metrics as of the files themselves."""

import random
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings

from bot.catalog.document import Parsed, plain_document
from bot.catalog.entry import METRICS, Entry
from bot.catalog.load import LISTS, load_entry
from bot.checks.base import Gathered, MetricFault, Problem
from bot.checks.metrics.lint import MAX_METRICS, Linted, batches, exposition, gather, is_exemplary, judge
from bot.metrics.snapshot import Snapshot
from bot.outside.promtool import PromtoolBinary
from tests.metrics.expositions import sound
from tests.promtools import PROMTOOLS, VERSIONS

ROOT = Path(__file__).parents[2]
SCRAPED = [folder.name for folder in sorted((ROOT / LISTS).iterdir()) if (folder / METRICS).is_file()]


def entry(text: str, name: str = "demo") -> Entry:
    return Entry(name, Path(name), f"{LISTS}/{name}", (), {METRICS: Parsed(plain_document(text), ())})


def said_of(promtool: PromtoolBinary, text: str) -> set[tuple[str, str]]:
    return {(fault.family, fault.message) for fault in promtool.check_metrics(text)}


def said_of_gathered(promtool: PromtoolBinary, *entries: Entry) -> list[set[tuple[str, str]]]:
    """What promtool says of each batch of the metrics of some entries."""
    linted = dict.fromkeys(linted for one in entries for linted, _, _ in gather(one) or ())
    return [said_of(promtool, exposition(batch)) for batch in batches(linted)]


def problems(promtool: PromtoolBinary | SimpleNamespace, **texts: str) -> list[tuple[str, Problem]]:
    found = {name: gather(entry(text, name)) for name, text in texts.items()}
    material = {name: each for name, each in found.items() if each is not None}
    return list(judge(Gathered(ROOT, material, (), frozenset(texts), promtool)))


def test_there_are_scrapes() -> None:
    assert "node" in SCRAPED


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
@pytest.mark.parametrize("name", SCRAPED)
def test_the_same_is_said_of_the_scrape_itself(promtool: PromtoolBinary, name: str) -> None:
    one = load_entry(ROOT, name)
    document = one.sound(METRICS)
    assert document
    assert said_of_gathered(promtool, one) == [said_of(promtool, document.text)]


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_the_same_is_said_of_all_scrapes_at_once(promtool: PromtoolBinary) -> None:
    entries = [load_entry(ROOT, name) for name in SCRAPED]
    texts = [document.text for one in entries if (document := one.sound(METRICS))]
    together = set().union(*said_of_gathered(promtool, *entries))
    assert together == set().union(*(said_of(promtool, text) for text in texts))


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
@settings(max_examples=30)
@given(text=sound())
def test_the_same_is_said_of_generated_scrapes(promtool: PromtoolBinary, text: str) -> None:
    assert set().union(*said_of_gathered(promtool, entry(text))) == said_of(promtool, text)


PARTS = """\
h_count 1
# TYPE h_bucket histogram
h_bucket_sum{aB="1"} 1
# TYPE h histogram
h_sum{le="1",quantile="2"} 1
# TYPE s_sum_count summary
s_sum_count 1
# TYPE s_sum summary
s_sum{le="1",quantile="2"} 1
# TYPE s summary
s{quantile="2"} 1
# TYPE nothing gauge
# HELP nothing
"""


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_names_that_look_like_parts_of_others_keep_their_verdict(promtool: PromtoolBinary) -> None:
    said = said_of(promtool, PARTS)
    assert ("h", 'non-summary metrics should not have "quantile" label') in said
    assert said_of_gathered(promtool, entry(PARTS)) == [said]
    apart = [entry("# TYPE h histogram\nh_sum 1\n"), entry("# TYPE h_sum gauge\nh_sum 1\n")]
    assert said_of_gathered(promtool, *apart) == [
        {
            ("h", "no help text"),
            ("h_sum", "no help text"),
            ("h_sum", 'non-histogram and non-summary metrics should not have "_sum" suffix'),
        }
    ]


def test_metrics_that_differ_go_into_different_batches() -> None:
    one, other, third = (Linted("a", kind, False, ()) for kind in ("gauge", "counter", "untyped"))
    beside = Linted("b", "gauge", False, ())
    assert batches([one, other, beside, third]) == [[one, beside], [other], [third]]
    many = [Linted(f"m{index}", "gauge", True, ()) for index in range(MAX_METRICS + 1)]
    assert [len(batch) for batch in batches(many)] == [MAX_METRICS, 1]


def test_one_process_for_all_entries_that_do_not_contradict_each_other() -> None:
    asked = []

    def check_metrics(text: str) -> list[MetricFault]:
        asked.append(text)
        return [MetricFault("a", "is odd")]

    told = problems(
        SimpleNamespace(check_metrics=check_metrics),
        one='# HELP a Help.\na{x="1",y="2"} 1\n',
        other='# HELP a Other help.\na{y="2"} 1\na{x="1"} 1\n',
        third="b 1\n",
    )
    assert asked == ['# HELP a x\n# TYPE a untyped\na{x="x",y="x"} 1\n# TYPE b untyped\nb{} 1\n']
    assert [(name, problem.message) for name, problem in told] == [
        ("one", "1 metric: is odd: a"),
        ("other", "1 metric: is odd: a"),
    ]


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_each_entry_is_told_of_its_own_metrics_only(promtool: PromtoolBinary) -> None:
    told = problems(
        promtool,
        one="# HELP a Help.\n# TYPE a counter\na 1\n",
        other="# HELP a Help.\n# TYPE a gauge\na 1\n",
    )
    assert [(name, problem.message) for name, problem in told] == [
        ("one", '1 metric: counter metrics should have "_total" suffix: a')
    ]


def test_what_promtool_says_of_no_metric_is_passed_on() -> None:
    tool = SimpleNamespace(check_metrics=lambda text: [MetricFault("", "promtool ended with signal 9")])
    ((name, problem),) = problems(tool, one="a 1\n", other="b 1\n")
    assert (name, problem.message) == ("one", "promtool ended with signal 9")


@pytest.mark.parametrize("text", ["a 1", "a 1\na 1\n", "a x\n"])
def test_a_scrape_at_fault_is_not_linted(text: str) -> None:
    assert gather(entry(text)) is None


def test_quoted_names_are_not_linted() -> None:
    assert [linted.name for linted, _, _ in gather(entry('{"a.b"} 1\nc{"d.e"="f"} 1\ng{"h"="i"} 1\n')) or ()] == ["g"]


def test_hostile_labels_are_bounded() -> None:
    labels = ",".join(f'label_{index}="x"' for index in range(1000))
    found = gather(entry(f"a{{{labels}}} 1\n"))
    assert found
    linted, _, _ = found[0]
    assert len(linted.labels) == 100
    assert re.fullmatch("(?:label_[0-9]+,?)+", ",".join(linted.labels))


WORDS = re.findall(
    r"\w+",
    """
    requests queries http total size bytes seconds ratio ms milliseconds kilobytes bits minutes hours days celsius 1 42
    meters joules volts grams counter gauge histogram summary count sum bucket info s b kb gb mb per cpu state 5m s3
    kelvin miles inches percent amperes temperature errors failures megabits sec usec pibibytes
    """,
)


@pytest.mark.parametrize("promtool", PROMTOOLS, ids=VERSIONS)
def test_promlint_has_nothing_to_say_of_what_is_exemplary(promtool: PromtoolBinary) -> None:
    chance = random.Random(20261122)
    made = [
        Linted("_".join(chance.sample(WORDS, chance.randint(1, 4))) + chance.choice(("", "_total")), kind, True, labels)
        for kind in ("counter", "gauge")
        for labels in ((), ("code",), ("method", "code"))
        for _ in range(2000)
    ]
    scraped = [
        Linted(
            family.name,
            family.type,
            True,
            tuple(sorted({label for sample in family.samples for label in sample.labels})),
        )
        for name in SCRAPED
        for family in (load_entry(ROOT, name).snapshot or Snapshot({}, ())).families.values()
    ]
    exemplary = list(dict.fromkeys(linted for linted in (*made, *scraped) if is_exemplary(linted)))
    assert len(exemplary) > 800
    assert [said_of(promtool, exposition(batch)) for batch in batches(exemplary)] == [set()] * len(batches(exemplary))
