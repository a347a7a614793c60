"""Scrubbed expositions: nothing private is left, and nothing else has changed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.document import Parsed, plain_document
from bot.catalog.entry import METRICS, Entry
from bot.checks.metrics.private import check
from bot.metrics.private import private_in
from bot.metrics.private_rules import Kind
from bot.metrics.scrub import Machine, Replacement, Scrubber, neutral
from bot.metrics.snapshot import parse_snapshot

SCRAPE = r"""# HELP up_info Seen from 10.1.2.3, version 1.2.3.4, "for example" \\ and \n so on.
# TYPE up_info gauge
up_info{instance="10.1.2.3:9100",peer="10.1.2.4", mac="52:54:00:12:34:56",broadcast="ff:ff:ff:ff:ff:ff"} 1
up_info{instance="10.1.2.4:9100",peer="10.1.2.3",dsn="http://u:hunter22@db.corp.lan:5432/x"} 1 1395066363000
up_info{nodename="vm",domainname="(none)",ip="fe80::5054:ff:fe12:3456",release="6.1.0.1"}   1
up_info{dir="C:\\Users\\bob\\x\"y\"",home="/home/alice/x",root="/root/.cache",also="/home/alice"} 1
up_info{target="vm:9100",setting="vm.swappiness",mail="bob@corp.com",disk="vm"} 1
# scraped on vm by alice@corp.com
bad line {
"""

SCRUBBED = r"""# HELP up_info Seen from 192.0.2.1, version 1.2.3.4, "for example" \\ and \n so on.
# TYPE up_info gauge
up_info{instance="192.0.2.1:9100",peer="192.0.2.2", mac="00:00:5e:00:53:00",broadcast="ff:ff:ff:ff:ff:ff"} 1
up_info{instance="192.0.2.2:9100",peer="192.0.2.1",dsn="http://u:redacted@example2:5432/x"} 1 1395066363000
up_info{nodename="example",domainname="(none)",ip="2001:db8::3",release="6.1.0.1"}   1
up_info{dir="C:\\Users\\user\\x\"y\"",home="/home/user2/x",root="/home/user3/.cache",also="/home/user2"} 1
up_info{target="example:9100",setting="vm.swappiness",mail="user@example.com",disk="vm"} 1
# scraped on vm by user2@example.com
bad line {
"""


def left_private(text: str) -> list[str]:
    """What the check says of an exposition."""
    entry = Entry("demo", Path("demo"), "lists/demo", (), {METRICS: Parsed(plain_document(text), ())})
    return [problem.message for problem in check(entry)]


def test_scrubbed() -> None:
    scrubber = Scrubber(Machine(("vm", "localhost"), ("root", "alice")))
    assert scrubber.exposition(SCRAPE) == SCRUBBED
    assert scrubber.replacements == (
        Replacement(Kind.HOST, "vm", "example", 2),
        Replacement(Kind.ADDRESS, "10.1.2.3", "192.0.2.1", 3),
        Replacement(Kind.ADDRESS, "10.1.2.4", "192.0.2.2", 2),
        Replacement(Kind.HARDWARE, "52:54:00:12:34:56", "00:00:5e:00:53:00", 1),
        Replacement(Kind.CREDENTIAL, "hunter22", "redacted", 1),
        Replacement(Kind.HOST, "db.corp.lan", "example2", 1),
        Replacement(Kind.ADDRESS, "fe80::5054:ff:fe12:3456", "2001:db8::3", 1),
        Replacement(Kind.HOME, "C:\\Users\\bob", "C:\\Users\\user", 1),
        Replacement(Kind.HOME, "/home/alice", "/home/user2", 2),
        Replacement(Kind.HOME, "/root", "/home/user3", 1),
        Replacement(Kind.EMAIL, "bob@corp.com", "user@example.com", 1),
        Replacement(Kind.EMAIL, "alice@corp.com", "user2@example.com", 1),
    )


def test_the_same_value_gets_the_same_replacement_in_the_arguments_of_the_command() -> None:
    scrubber = Scrubber()
    scrubber.exposition('up{peer="10.1.2.3"} 1\n')
    assert scrubber.plain("--peer=10.1.2.3:80") == "--peer=192.0.2.1:80"
    assert scrubber.plain("--listen=127.0.0.1:9100") == "--listen=127.0.0.1:9100"
    assert scrubber.plain("--uri=http://u:hunter22@10.1.2.9") == "--uri=http://u:redacted@192.0.2.2"


@pytest.mark.parametrize(
    ("machine", "line", "expected"),
    [
        # a name that cannot be a word counts anywhere
        (Machine(("web-1",)), 'a{x="on web-1, since"} 1', 'a{x="on example, since"} 1'),
        (Machine(("web-1",)), 'a{x="web-10",y="web-1.b",z="a.web-1"} 1', 'a{x="web-10",y="web-1.b",z="a.web-1"} 1'),
        (Machine(("web-1.b", "web-1")), 'a{x="web-1.b",y="web-1"} 1', 'a{x="example",y="example2"} 1'),
        # a plain word counts where the label speaks of hosts
        (Machine(("redis",)), 'a{name="redis",instance="redis:1"} 1', 'a{name="redis",instance="example:1"} 1'),
        (Machine(("redis",)), 'a{addr="redis://redis:6379"} 1', 'a{addr="redis://example:6379"} 1'),
        (Machine(("redis",)), 'a{x="u@redis",y="redis@x"} 1', 'a{x="u@example",y="redis@x"} 1'),
        # users
        (Machine(users=("alice",)), 'a{user="alice",x="alice"} 1', 'a{user="user",x="alice"} 1'),
        (Machine(users=("alice",)), 'a{x="alice@box"} 1', 'a{x="user@box"} 1'),
        (Machine(users=("root",)), 'a{user="root"} 1', 'a{user="root"} 1'),
        # a replacement that a label holds already is not taken
        (Machine(), 'a{x="192.0.2.1",y="10.1.1.1"} 1', 'a{x="192.0.2.1",y="192.0.2.2"} 1'),
        (Machine(), 'a{x="/home/user/x",y="/home/bob/x"} 1', 'a{x="/home/user/x",y="/home/user2/x"} 1'),
        (Machine(("web-1",)), 'a{x="example:80",y="web-1:80"} 1', 'a{x="example:80",y="example2:80"} 1'),
        # nothing to do
        (Machine(("example",)), "# HELP a An example.", "# HELP a An example."),
    ],
)  # fmt: skip
def test_names_of_the_machine(machine: Machine, line: str, expected: str) -> None:
    assert Scrubber(machine).exposition(line) == expected


@pytest.mark.parametrize(
    ("kind", "old", "number", "expected"),
    [
        (Kind.ADDRESS, "10.0.0.1", 254, "192.0.2.254"),
        (Kind.ADDRESS, "10.0.0.1", 255, "198.51.100.1"),
        (Kind.ADDRESS, "10.0.0.1", 763, "240.0.2.251"),
        (Kind.ADDRESS, "fd00::1", 17, "2001:db8::11"),
        (Kind.HARDWARE, "52:54:00:12:34:56", 256, "00:00:5e:00:53:ff"),
        (Kind.HARDWARE, "52:54:00:12:34:56", 257, "01:00:5e:00:01:01"),
        (Kind.MACHINE, "c9a646d3-9c61-4cb7-bfcd-ee2522c8f633", 10, "00000000-0000-4000-8000-00000000000a"),
        (Kind.MACHINE, "0b7c8f5e7f1f4d3e9d1c2b3a4f5e6d7c", 10, "0000000000000000000000000000000a"),
        (Kind.MACHINE, "WD-WX1234567", 12345, "0012345"),
        (Kind.USER, "alice", 1, "user"),
    ],
)
def test_neutral_values(kind: Kind, old: str, number: int, expected: str) -> None:
    assert neutral(kind, old, number) == expected


def test_there_are_enough_neutral_values_for_any_scrape() -> None:
    lines = [f'a{{ip="10.1.{n >> 8}.{n & 255}",mac="52:54:00:00:{n >> 8:02x}:{n & 255:02x}"}} 1\n' for n in range(1000)]
    scrubbed = Scrubber().exposition("".join(lines))
    assert left_private(scrubbed) == []
    assert len(set(scrubbed.splitlines())) == 1000


tokens = st.sampled_from(
    [
        *("10.1.2.3", "10.1.2.4", "192.0.2.1", "192.0.2.2", "fe80::1:2", "2001:db8::1", "1.2.3.4.5", "v1.2.3.4"),
        *("52:54:00:12:34:56", "00:00:5e:00:53:00", "c9a646d3-9c61-4cb7-bfcd-ee2522c8f633"),
        *("bob@corp.com", "user@example.com", "/home/alice", "/home/user", "/root", "C:\\Users\\bob", "user", "alice"),
        *("http://u:hunter22@", "redacted", "password=hunter23", "ghp_" + "a1B2" * 9, "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"),
        *("db.corp.lan", "example", "example2", "vm", "web-1", "localhost", "0b7c8f5e7f1f4d3e9d1c2b3a4f5e6d7c"),
        *(":9100", "/", "-", " ", ".", '"', "\\", "\n", "@"),
    ]
)  # fmt: skip
texts = st.one_of(
    st.lists(tokens, max_size=4).map("".join),
    st.lists(tokens, max_size=3).map(" ".join),
    st.text("0123456789abcdef:.-/@= ", max_size=24),
)
labels = st.sampled_from(["x", "instance", "nodename", "version", "token", "machine_id", "serial", "user", "path"])


@st.composite
def scrapes(draw: st.DrawFn) -> str:
    """A sound exposition full of private and neutral values."""
    lines = [f"# HELP a {_escaped(draw(texts))}"]
    series = draw(st.lists(st.dictionaries(labels, texts, max_size=3), unique_by=_identity, max_size=6))
    for pairs in series:
        inside = ",".join(f"{name}=" + '"' + _escaped(text).replace('"', '\\"') + '"' for name, text in pairs.items())
        lines.append(f"a{{{inside}}} 1")
    lines += [f"# {text}" for text in draw(st.lists(texts, max_size=1)) if "\n" not in text]
    return "".join(f"{line}\n" for line in lines)


def _identity(pairs: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(item for item in pairs.items() if item[1]))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


MACHINE = Machine(("vm", "web-1"), ("alice",))


@settings(max_examples=400)
@given(text=scrapes())
def test_nothing_private_is_left_and_everything_else_is(text: str) -> None:
    before = parse_snapshot(text)
    assert before.faults == ()
    scrubbed = Scrubber(MACHINE).exposition(text)
    assert left_private(scrubbed) == []
    after = parse_snapshot(scrubbed)
    assert after.faults == ()
    assert list(after.families) == list(before.families)
    for name, family in before.families.items():
        assert after.families[name].type == family.type
        assert [(sample.name, list(sample.labels), sample.line) for sample in after.families[name].samples] == [
            (sample.name, list(sample.labels), sample.line) for sample in family.samples
        ]
    assert Scrubber(MACHINE).exposition(scrubbed) == scrubbed


@settings(max_examples=200)
@given(text=scrapes())
def test_a_value_without_anything_private_is_kept(text: str) -> None:
    scrubbed = parse_snapshot(Scrubber(MACHINE).exposition(text)).families
    for name, family in parse_snapshot(text).families.items():
        for before, after in zip(family.samples, scrubbed[name].samples, strict=True):
            for label, value in before.labels.items():
                if not private_in(value, label) and not any(own in value for own in ("vm", "web-1", "alice")):
                    assert after.labels[label] == value
