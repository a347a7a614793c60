"""What exporter.yaml says about releases, and the reasons where a sync could not rely on it."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.document import Value
from bot.catalog.load import catalog_items, load_entry
from bot.checks.schemas import schema
from bot.sync.model import Scheme, Tracked
from bot.sync.tracked import LONGEST_REASON, tracked_of
from tests.sync.entries import CHECKOUT, entry_of, tracked_in

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SUM = "5f" * 32

FULL = f"""\
name: demo
title: Demo
status: deprecated
upstream:
  repository: Some-One/demo.exporter
  repository_id: 4711
  tag: demo/v{{version}}
  scheme: pep440
  prereleases: true
  cooldown_days: 0
  ignore: ["1.9", '1.10']
version: "1.8"
released: 2026-07-14
commit: {COMMIT}
endpoint: {{port: 9100, path: /probe}}
install:
  binary:
    url: https://github.com/some-one/demo.exporter/releases/download/v{{version}}/demo-{{version}}.{{os}}-{{arch}}.tar.gz
    sha256: {{linux-amd64: {SUM}}}
  image: {{name: ghcr.io/some-one/demo, tag: 'v{{version}}', digest: 'sha256:{SUM}', alone: true}}
"""
LEAST = """\
upstream: {repository: a/b, tag: "{version}", scheme: semver}
version: "1.0"
"""


def test_everything_that_an_entry_can_say(tmp_path: Path) -> None:
    assert tracked_in(tmp_path, FULL) == Tracked(
        entry="demo",
        path="lists/demo",
        repository="Some-One/demo.exporter",
        repository_id=4711,
        tag="demo/v{version}",
        scheme=Scheme.PEP440,
        version="1.8",
        released=date(2026, 7, 14),
        commit=COMMIT,
        prereleases=True,
        cooldown_days=0,
        ignore=frozenset({"1.9", "1.10"}),
        binary=(
            "https://github.com/some-one/demo.exporter/releases/download/v{version}/demo-{version}.{os}-{arch}.tar.gz"
        ),
        sha256={"linux-amd64": SUM},
        image="ghcr.io/some-one/demo",
        image_tag="v{version}",
        digest=f"sha256:{SUM}",
        ended=True,
        alone=True,
        port=9100,
        metrics_path="/probe",
    )


def test_the_least_that_an_entry_must_say(tmp_path: Path) -> None:
    least = Tracked("demo", "lists/demo", "a/b", None, "{version}", Scheme.SEMVER, "1.0")
    assert tracked_in(tmp_path, LEAST) == least
    assert tracked_in(tmp_path, LEAST + "install: {binary: {url: 'https://x.org/{version}', sha256: {}}}\n") == (
        Tracked("demo", "lists/demo", "a/b", None, "{version}", Scheme.SEMVER, "1.0", binary="https://x.org/{version}")
    )


@pytest.mark.parametrize(
    ("line", "released"),
    [
        ('released: "2026-02-28"', date(2026, 2, 28)),
        ('released: "2026-02-30"', None),
        ('released: "20260228"', None),
        ("released: 2026", None),
        ("released: [2026-02-28]", None),
        ("released:", None),
    ],
)
def test_a_day_that_is_none_is_not_known(tmp_path: Path, line: str, released: date | None) -> None:
    assert tracked_in(tmp_path, f"{LEAST}{line}\n").released == released


@pytest.mark.parametrize(
    ("line", "port", "path"),
    [
        ("endpoint: {port: 9100, path: /x?y=1}", 9100, "/x?y=1"),
        ("endpoint: {port: 70000, path: metrics}", 0, "/metrics"),
        ('endpoint: {port: true, path: "/a b"}', 0, "/metrics"),
        ("endpoint: [9100]", 0, "/metrics"),
    ],
)
def test_an_endpoint_that_is_none_is_not_known(tmp_path: Path, line: str, port: int, path: str) -> None:
    tracked = tracked_in(tmp_path, f"{LEAST}{line}\n")
    assert (tracked.port, tracked.metrics_path) == (port, path)


def test_numbers_that_are_whole_are_integers(tmp_path: Path) -> None:
    text = LEAST.replace("scheme: semver", "scheme: semver, repository_id: 12.0, cooldown_days: 3.0")
    tracked = tracked_in(tmp_path, text)
    assert (tracked.repository_id, tracked.cooldown_days) == (12, 3)
    assert isinstance(tracked.repository_id, int)


def test_faults_that_do_not_matter_to_a_sync_are_left_to_validate(tmp_path: Path) -> None:
    text = LEAST + "title: 3\ncategory: none\nunknown: 1\nendpoint: []\nrun: 7\ninstall: {notes: 3, package: []}\n"
    assert tracked_in(tmp_path, text).repository == "a/b"


@pytest.mark.parametrize("text", ["name: demo\n", "{}\n", "version: [1]\nupstreams: {}\n"])
def test_no_upstream_is_no_fault(tmp_path: Path, text: str) -> None:
    assert tracked_of(entry_of(tmp_path, text)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "exporter.yaml:1: the file is empty"),
        (b"a: \xff\n", "exporter.yaml:1: byte 0xff is not UTF-8"),
        (b"\xef\xbb\xbf" + LEAST.encode(), "exporter.yaml:1: the file starts with a byte order mark"),
        ("a: 1\nb: [\n", "exporter.yaml:3: not YAML: while parsing a flow node, did not find expected node content"),
        ("- a\n", "exporter.yaml is not a mapping"),
        ("a\n", "exporter.yaml is not a mapping"),
        ("null\n", "exporter.yaml is not a mapping"),
        (LEAST + "tags: &x [a]\n", "exporter.yaml:3: anchor &x"),
        (LEAST + "tags: &x [a]\naliases: *x\n", "exporter.yaml:3: anchor &x"),
        (LEAST + 'version: "1.1"\n', 'exporter.yaml:3: duplicate key "version"'),
        (LEAST + 'title: "\\u202e"\n', "exporter.yaml:3: invisible or control character U+202E"),
        (LEAST + "---\na: 1\n", "exporter.yaml:3: a second document starts here"),
    ],
)
def test_a_text_that_cannot_be_edited_is_a_reason(tmp_path: Path, text: str | bytes, reason: str) -> None:
    assert tracked_of(entry_of(tmp_path, text)) == reason


def test_a_file_that_is_not_there_is_a_reason(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, LEAST)
    (entry.folder / "exporter.yaml").unlink()
    assert tracked_of(load_entry(tmp_path, "demo")) == "exporter.yaml is missing"
    (entry.folder / "exporter.yaml").symlink_to("/dev/null")
    assert tracked_of(load_entry(tmp_path, "demo")) == "exporter.yaml:1: is a symbolic link, not a regular file"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('version: "1.8"\n', "", '1: missing key "version"'),
        ('version: "1.8"\n', "version:\n", '1: missing key "version"'),
        ('version: "1.8"', "version: 1.8", "12: version must be a quoted string"),
        ('version: "1.8"', 'version: "1.8 "', '12: "1.8 " is not a valid version'),
        ("  tag: demo/v{version}\n", "", '4: missing key "tag"'),
        ("  scheme: pep440\n", "", '4: missing key "scheme"'),
        ("scheme: pep440", "scheme: pep", '8: "pep" is not a scheme of this catalog'),
        ("scheme: pep440", "scheme: [pep440]", '8: "[pep440]" is not a scheme of this catalog'),
        ("Some-One/demo.exporter\n", "demo.exporter\n", '5: "demo.exporter" is not a valid repository'),
        ("Some-One/demo.exporter\n", "a/b/c\n", '5: "a/b/c" is not a valid repository'),
        (
            "Some-One/demo.exporter\n",
            "https://github.com/a/b\n",
            '5: "https://github.com/a/b" is not a valid repository',
        ),
        ("Some-One/demo.exporter\n", "a/..\n", '5: "a/.." is no repository'),
        ("repository_id: 4711", 'repository_id: "4711"', "6: repository_id must be of type integer, not string"),
        ("repository_id: 4711", "repository_id: 0", "6: repository_id: 0 is less than the minimum of 1"),
        ("v{version}\n", "v\n", '7: "demo/v" is not a valid tag'),
        ("demo/v{version}", "'{name}/v{version}'", "7: unknown placeholder {name}"),
        ("demo/v{version}", "v{version}}", "7: unknown placeholder }"),
        ("prereleases: true", "prereleases: yes", "9: prereleases must be of type boolean, not string"),
        ("cooldown_days: 0", "cooldown_days: 366", "10: cooldown_days: 366 is greater than the maximum of 365"),
        ("cooldown_days", "cooldown_dayz", '10: unknown key "cooldown_dayz"'),
        ('"1.9"', "1.9", "11: ignore must be a quoted string"),
        ("""["1.9", '1.10']""", '"1.9"', "11: ignore must be of type array, not string"),
        (COMMIT, COMMIT[:-1], f'14: "{COMMIT[:-1]}" is not a valid commit'),
        ("linux-amd64", "linux_amd64", '19: "linux_amd64" is not a valid key of sha256'),
        (f"{{linux-amd64: {SUM}}}", "[]", "19: sha256 must be of type object, not array"),
        ("    url: https", "    urls: https", '18: unknown key "urls"'),
        ("    url: https", "    # url: https", '17: missing key "url"'),
        ("{os}", "{system}", "18: unknown placeholder {system}"),
        ("'v{version}'", "'v{version}-{arch}'", "20: unknown placeholder {arch}"),
        ("ghcr.io/some-one/demo", "demo", '20: "demo" is not a valid name'),
        ("digest: 'sha256", "digest: 'sha512", f'20: "sha512:{SUM}" is not a valid digest'),
        ("alone: true", "alone: 1", "20: alone must be of type boolean, not number"),
        ("upstream:\n", "upstream: []\nup:\n", "4: upstream must be of type object, not array"),
        ("upstream:\n", "upstream:\nup:\n", "4: upstream has no value; it must be a object"),
        ("install:\n", "install: 3\nin:\n", "16: install must be of type object, not number"),
    ],
)
def test_a_value_that_steers_or_guards_must_be_right(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert FULL.count(old) >= 1
    answer = tracked_of(entry_of(tmp_path, FULL.replace(old, new, 1)))
    assert answer == f"exporter.yaml:{reason}"


@pytest.mark.parametrize("name", ["Redis", "red is", "x~", "-x", "a..b", "a" * 61])
def test_a_folder_that_could_not_be_an_entry_has_no_branch(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "lists" / name
    folder.mkdir(parents=True)
    (folder / "exporter.yaml").write_text(LEAST)
    reason = 'the folder cannot be that of an entry: its name does not match "[a-z0-9][a-z0-9-]{0,59}"'
    assert tracked_of(load_entry(tmp_path, name)) == reason


def test_a_reason_is_one_line_of_bounded_length(tmp_path: Path) -> None:
    text = LEAST.replace("scheme: semver", 'scheme: "a\\n\\tb' + "c" * 1000 + '"')
    reason = tracked_of(entry_of(tmp_path, text))
    assert reason == 'exporter.yaml:1: "a b' + "c" * (LONGEST_REASON - 22) + "…"
    assert len(reason) == LONGEST_REASON


def test_the_schemes_are_those_of_the_schema() -> None:
    assert schema("exporter")["properties"]["upstream"]["properties"]["scheme"]["enum"] == [*Scheme]


def test_every_entry_of_the_catalog_is_tracked() -> None:
    names = [item.name for item in catalog_items(CHECKOUT)]
    answers = {name: tracked_of(load_entry(CHECKOUT, name)) for name in names}
    assert [answer for answer in answers.values() if not isinstance(answer, Tracked)] == []


scalars: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["a/b", "v{version}", "{os}", "semver", "1.0", COMMIT, SUM, "2026-01-01", "https://[", "\n"]),
)
values: st.SearchStrategy[Value] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=5,
)
PLACES: list[tuple[str, ...]] = [
    *((key,) for key in ("version", "released", "commit", "status", "upstream", "endpoint", "install")),
    *(("upstream", key) for key in schema("exporter")["properties"]["upstream"]["properties"]),
    ("endpoint", "port"),
    ("install", "binary"),
    ("install", "binary", "url"),
    ("install", "binary", "sha256"),
    ("install", "image"),
    *(("install", "image", key) for key in ("name", "tag", "digest", "alone")),
]


def _sound() -> dict[str, Value]:
    return {
        "version": "1.0",
        "upstream": {"repository": "a/b", "tag": "v{version}", "scheme": "semver"},
        "endpoint": {"port": 1, "path": "/"},
        "install": {"binary": {"url": "https://x.org/{version}"}, "image": {"name": "x.org/a", "tag": "{version}"}},
    }


def _put(data: Value, route: tuple[str, ...], value: Value) -> None:
    for step in route[:-1]:
        data = data.get(step) if isinstance(data, dict) else None
    if isinstance(data, dict):
        data[route[-1]] = value


@given(changes=st.dictionaries(st.sampled_from(PLACES), values, max_size=4), whole=st.none() | values)
def test_whatever_the_file_says_there_is_an_answer(changes: dict[tuple[str, ...], Value], whole: Value) -> None:
    data = whole if whole is not None else _sound()
    for route, value in changes.items():
        _put(data, route, value)
    with TemporaryDirectory() as folder:
        answer = tracked_of(entry_of(Path(folder), json.dumps(data)))
    if isinstance(answer, str):
        assert answer == answer.strip()
        assert len(answer.splitlines()) == 1
    elif isinstance(answer, Tracked):
        _is_typed(answer)


def _is_typed(tracked: Tracked) -> None:
    """Every value is of the type that it is declared with."""
    owner, _, name = tracked.repository.partition("/")
    assert owner
    assert name not in ("", ".", "..")
    assert isinstance(tracked.version, str)
    assert "{version}" in tracked.tag
    assert isinstance(tracked.scheme, Scheme)
    texts = (tracked.commit, tracked.binary, tracked.image, tracked.image_tag, tracked.digest)
    assert all(text is None or isinstance(text, str) for text in texts)
    for number in (tracked.repository_id, tracked.cooldown_days):
        assert number is None or type(number) is int
    assert all(isinstance(version, str) for version in tracked.ignore)
    assert tracked.sha256 is None or all(isinstance(value, str) for value in tracked.sha256.values())
    assert tracked.released is None or type(tracked.released) is date
