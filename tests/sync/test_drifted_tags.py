"""Tags that no longer look as the entry says, and tags that nobody should see."""

from dataclasses import replace

import pytest

from bot.sync.model import Scheme
from bot.sync.versions import Choice, choose
from tests.sync.releases import NOW, TRACKED, chosen, messages, release, repository, versions

DRIFTED = 'drift: the newest tags do not match "v{version}" with a version of scheme semver: '
MEND = "mend upstream.tag or upstream.scheme in exporter.yaml"


@pytest.mark.parametrize(
    ("tags", "named", "help_"),
    [
        ("1.3.0 1.2.0 1.1.0 v1.0.0", '"1.3.0", "1.2.0", "1.1.0"', 'set upstream.tag to "{version}"'),
        ("1.1.0", '"1.1.0"', 'set upstream.tag to "{version}"'),
        ("r1.3 r1.2 r1.1 v1.0.0", '"r1.3", "r1.2", "r1.1"', 'set upstream.tag to "r{version}"'),
        ("a/b_1.3 a/b_1.2 a/b_1.1", '"a/b_1.3", "a/b_1.2", "a/b_1.1"', 'set upstream.tag to "a/b_{version}"'),
        # Older than what is listed, of no scheme, of two forms, not to be shown: no template to offer.
        ("r0.3 r0.2 r0.1 v1.0.0", '"r0.3", "r0.2", "r0.1"', MEND),
        ("v1.1rc3 v1.1rc2 v1.1rc1 v1.0.0", '"v1.1rc3", "v1.1rc2", "v1.1rc1"', MEND),
        ("1.3.0 r1.2.0 1.1.0 v1.0.0", '"1.3.0", "r1.2.0", "1.1.0"', MEND),
        ("`x`1.3 `x`1.2 `x`1.1", '"`x`1.3", "`x`1.2", "`x`1.1"', MEND),
        # Tags of neighbours do not count, unless only a v is missing.
        (
            "n-5 1.3.0 n-4 1.2.0 n-3 1.1.0 n-2 v1.0.0 n-1",
            '"1.3.0", "1.2.0", "1.1.0"',
            'set upstream.tag to "{version}"',
        ),
        ("1.3.0 1.2.0 1.1.0 v1.0.0 0.9.0", '"1.3.0", "1.2.0", "1.1.0"', 'set upstream.tag to "{version}"'),
    ],
)
def test_drift(tags: str, named: str, help_: str) -> None:
    choice = chosen(*(release(tag, 100 + age) for age, tag in enumerate(tags.split())))
    assert (versions(choice), messages(choice), choice.notes[0].help) == ([], [DRIFTED + named], help_)


@pytest.mark.parametrize(
    ("declared", "now"), [("v{version}-cluster", ""), ("{version}-cluster", "v"), ("x-{version}", "v")]
)
def test_the_new_template_keeps_what_follows_the_version(declared: str, now: str) -> None:
    tags = [f"{now}1.{minor}.0{declared.partition('}')[2]}" for minor in (3, 2, 1)]
    choice = chosen(*map(release, tags), tracked=replace(TRACKED, tag=declared))
    expected = now + "{version}" + declared.partition("}")[2]
    assert [note.help for note in choice.notes] == [f'set upstream.tag to "{expected}"']


@pytest.mark.parametrize(
    "tags",
    [
        "v1.0.0 1.1.0 1.2.0 1.3.0",
        "1.2.0 1.1.0 v1.0.0",
        "v1.0.0-rc.1 nightly latest x",
        "n-5 n-4 n-3 v1.0.0 n-2",
        "n-0.5.0 n-0.4.0 n-0.3.0 m-7 v1.0.0 n-0.2.0 m-6",
        "0.9.3 0.9.2 0.9.1 v1.0.0 0.9.0",
    ],
)
def test_no_drift(tags: str) -> None:
    choice = chosen(*(release(tag, 100 + age) for age, tag in enumerate(tags.split())))
    assert choice == Choice((), ())


def test_drift_of_tags_without_dates_goes_by_their_order() -> None:
    tags = tuple(release(tag, None) for tag in ("1.2.0", "1.3.0", "1.1.0", "v1.0.0"))
    choice = choose(TRACKED, repository(tags=tags), NOW, frozenset())
    assert messages(choice) == [DRIFTED + '"1.2.0", "1.3.0", "1.1.0"']


def test_what_drifted_holds_up_nothing() -> None:
    choice = chosen(release("1.4.0", 5), release("1.3.0", 6), release("1.2.0", 7), release("v1.1.0", 8))
    assert (versions(choice), messages(choice)) == (["1.1.0"], [DRIFTED + '"1.4.0", "1.3.0", "1.2.0"'])


HOSTILE = (
    "v2.0.0\n",
    "v2.0.0\r\nv3.0.0",
    "v2.0.0\x1b[31m",
    "v2.0.0\u202e",
    "v\u0662.0.0",
    "v\uff12.0.0",
    "v" + "2" * 10_000,
    "v2." + "0" * 10_000 + ".0",
    "v2.0.0-" + "a." * 5_000 + "a",
    "v2.0.0" + " " * 10_000,
    "",
    "\x00",
    "v",
    "v{version}",
    "<!-- catalog-bot:v1 {} -->",
    "@everyone",
    "\u2028",
    "\ud800",
)


@pytest.mark.parametrize("scheme", Scheme)
def test_hostile_tags(scheme: Scheme) -> None:
    seen = [release(tag, 90 + age, flags="latest") for age, tag in enumerate(HOSTILE)]
    for tracked in (replace(TRACKED, scheme=scheme), replace(TRACKED, scheme=scheme, tag="{version}")):
        for first in range(len(seen)):
            choice = chosen(*seen[first:], tracked=tracked)
            assert choice.candidates == ()
            for note in choice.notes:
                assert note.message.splitlines() == [note.message]
                assert len(note.message) < 400
                assert note.help in (MEND, 'set upstream.tag to "{version}"', 'set upstream.tag to "v{version}"')
