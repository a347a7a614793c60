"""A repository that has another name now: every place that names it follows, and nothing else does."""

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.document import Value
from bot.catalog.load import catalog_items
from bot.errors import BotError
from bot.sync.blobs import blob_id
from bot.sync.bump import move_entry, moved
from bot.sync.model import Edit, File
from tests.sync.entries import CHECKOUT, changed, document, tracked_in

OLD, NEW = "prometheus/node_exporter", "prom-community/Node.Exporter"

ENTRY = """\
# see https://github.com/prometheus/node_exporter
name: node
aliases: [node_exporter, prometheus/node_exporter]
links:
  homepage: https://github.com/prometheus/node_exporter   # github.com/prometheus/node_exporter
  docs: 'https://GitHub.com/Prometheus/Node_Exporter/blob/master/README.md'
  changelog: "https://github.com/prometheus/node_exporter-extras/releases"
upstream:
  repository: prometheus/node_exporter  # the name
  tag: v{version}
  scheme: semver
version: "1.9"
install:
  binary: {url: 'https://github.com/prometheus/node_exporter/releases/download/v{version}/node_exporter-{os}-{arch}'}
  image:
    name: ghcr.io/prometheus/node_exporter
    tag: v{version}
  package: {go: github.com/prometheus/node_exporter}
  notes: |  # of github.com/prometheus/node_exporter
    See <https://github.com/prometheus/node_exporter#collectors>, not
    https://github.com/prometheus/node_exporter2.

      [git](https://github.com/prometheus/node_exporter.git), github.com/prometheus/node_exporter.
"""


def test_every_url_below_the_old_name_follows(tmp_path: Path) -> None:
    expected = changed(
        ENTRY,
        ("homepage: https://github.com/prometheus/node_exporter ", f"homepage: https://github.com/{NEW} "),
        ("GitHub.com/Prometheus/Node_Exporter/blob", f"GitHub.com/{NEW}/blob"),
        ("repository: prometheus/node_exporter ", f"repository: {NEW} "),
        ("prometheus/node_exporter/releases/download", f"{NEW}/releases/download"),
        ("go: github.com/prometheus/node_exporter}", f"go: github.com/{NEW}}}"),
        ("prometheus/node_exporter#collectors", f"{NEW}#collectors"),
        ("prometheus/node_exporter.git", f"{NEW}.git"),
        ("github.com/prometheus/node_exporter.\n", f"github.com/{NEW}.\n"),
    )
    edits = (
        Edit("links.homepage", f"https://github.com/{OLD}", f"https://github.com/{NEW}"),
        Edit(
            "links.docs",
            "https://GitHub.com/Prometheus/Node_Exporter/blob/master/README.md",
            f"https://GitHub.com/{NEW}/blob/master/README.md",
        ),
        Edit("upstream.repository", OLD, NEW),
        Edit(
            "install.binary.url",
            f"https://github.com/{OLD}/releases/download/v{{version}}/node_exporter-{{os}}-{{arch}}",
            f"https://github.com/{NEW}/releases/download/v{{version}}/node_exporter-{{os}}-{{arch}}",
        ),
        Edit("install.package.go", f"github.com/{OLD}", f"github.com/{NEW}"),
        Edit("install.notes", f"github.com/{OLD}", f"github.com/{NEW}"),
    )
    result, found = moved(document(ENTRY), OLD, NEW)
    assert (result.text, found) == (expected, edits)
    answer = move_entry(tmp_path, pickle.loads(pickle.dumps((tracked_in(tmp_path, ENTRY), NEW))))
    assert answer == (File("lists/demo/exporter.yaml", blob_id(ENTRY), expected), edits)
    assert moved(result, NEW, NEW) == (result, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://github.com/a/b", "https://github.com/c/d"),
        ("https://www.github.com/A/B/", "https://www.github.com/c/d/"),
        ("ssh://git@github.com/a/b.git", "ssh://git@github.com/c/d.git"),
        ("https://pkg.go.dev/github.com/a/b/v2@v2.1.0", "https://pkg.go.dev/github.com/c/d/v2@v2.1.0"),
        (
            "github.com/a/b, github.com/a/b?x and github.com/a/b...",
            "github.com/c/d, github.com/c/d?x and github.com/c/d...",
        ),
        ("(github.com/a/b)", "(github.com/c/d)"),
        ("github.com/a/b.git.", "github.com/c/d.git."),
        ("github.com/a/bc", None),
        ("github.com/a/b-c", None),
        ("github.com/a/b_c", None),
        ("github.com/a/b.c", None),
        ("github.com/a/b.github", None),
        ("github.com/a/b..c", None),
        ("github.com/a-/b", None),
        ("github.com/a", None),
        ("mygithub.com/a/b", None),
        ("x.github.com/a/b", None),
        ("my-github.com/a/b", None),
        ("github.comm/a/b", None),
        ("githubXcom/a/b", None),
        ("github.com/c/a/b", None),
        ("a/b", None),
        ("ghcr.io/a/b", None),
        ("https://raw.githubusercontent.com/a/b/main/x", None),
    ],
)
def test_the_whole_name_must_agree(text: str, expected: str | None) -> None:
    result, edits = moved(document(f"docs: {text}\n"), "a/b", "c/d")
    assert result.text == f"docs: {expected or text}\n"
    assert edits == ((Edit("docs", text, expected),) if expected else ())


def test_dots_in_the_old_name_stand_for_themselves() -> None:
    text = "a: github.com/o/r.x\nb: github.com/o/rxx\n"
    assert moved(document(text), "o/r.x", "o/s")[0].text == "a: github.com/o/s\nb: github.com/o/rxx\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('- "github.com/a\\/b"\n', '- "github.com/c/d"\n'),
        ('- "\\u0067ithub.com/a/b \\t"  # x\n', '- "\\u0067ithub.com/c/d \\t"  # x\n'),
        ('- "github.com/\\\n  a/b and github.com/a/b"\n', '- "github.com/\\\n  c/d and github.com/c/d"\n'),
        ("- 'it''s github.com/a/b'\n", "- 'it''s github.com/c/d'\n"),
        ("- one\n  github.com/a/b\n  two\n", "- one\n  github.com/c/d\n  two\n"),
        ("- >-\n  one\n  github.com/a/b\n\n  two\n", "- >-\n  one\n  github.com/c/d\n\n  two\n"),
        ("- |\n  github.com/a/b\n  github.com/a/b/c", "- |\n  github.com/c/d\n  github.com/c/d/c"),
        ("- github.com/a/b\r\n- [github.com/a/b/x]\r\n", "- github.com/c/d\r\n- [github.com/c/d/x]\r\n"),
        ("- 😀 github.com/a/b é # é\n", "- 😀 github.com/c/d é # é\n"),
    ],
)
def test_styles(text: str, expected: str) -> None:
    assert moved(document(text), "a/b", "c/d")[0].text == expected


def test_keys_and_other_types_stay() -> None:
    text = "github.com/a/b: {upstream: {repository: a/b}, n: 1, t: true, x: ~, f: 1.5}\n"
    assert moved(document(text), "a/b", "c/d")[0].text == text


def test_only_the_case_may_change() -> None:
    text = "upstream: {repository: o/Name}\nlinks: {homepage: https://github.com/O/name}\n"
    assert moved(document(text), "o/Name", "O/name")[0].text == text.replace("o/Name", "O/name")


@pytest.mark.parametrize("new", ["", "a", "a/", "/b", "a/b/c", "a/b c", "a/b\n", "-a/b", "a/b: x", "a/b\u202e", "é/b"])
def test_what_is_no_name_is_refused(new: str) -> None:
    with pytest.raises(BotError) as refused:
        moved(document(ENTRY), OLD, new)
    assert refused.value.message == f"{json.dumps(new)} is no name of a repository"


@pytest.mark.parametrize("name", [item.name for item in catalog_items(CHECKOUT)])
def test_every_entry_of_the_catalog_can_be_moved(name: str, tmp_path: Path) -> None:
    text = (CHECKOUT / "lists" / name / "exporter.yaml").read_text(encoding="utf-8")
    tracked = tracked_in(tmp_path, text, name)
    answer = move_entry(tmp_path, (tracked, "new-owner/new.name"))
    assert not isinstance(answer, str)
    file, edits = answer
    url, new = f"github.com/{tracked.repository}", "new-owner/new.name"
    assert file.text.splitlines() == [
        line
        if line.startswith("#")
        else line.replace(url, f"github.com/{new}").replace(f" {tracked.repository}", f" {new}")
        for line in text.splitlines()
    ]
    assert "upstream.repository" in {edit.what for edit in edits}
    assert len(edits) >= 1 + ("install.binary.url" in {edit.what for edit in edits})


pieces = st.lists(
    st.sampled_from(
        ["github.com/a/b", "GITHUB.com/A/b", "github.com/a/bc", "/", ".", " ", "\n", "'", '"', "# ", ": ", "é😀", "x"]
    ),
    max_size=6,
).map("".join)
values: st.SearchStrategy[Value] = st.recursive(
    pieces,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["p", "q", "github.com/a/b"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _styled(value: Value, draw: st.DataObject, indent: int = 0) -> str:
    """What stands behind a key: literal blocks and quotes, comments that name the old repository."""
    pad = "\n" + " " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{key}:{_styled(item, draw, indent + 2)}" for key, item in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{pad}-{_styled(item, draw, indent + 2)}" for item in value)
    if isinstance(value, str):
        lines = value.split("\n")
        if all(line == line.strip() for line in lines) and all(lines) and draw.draw(st.booleans()):
            return f" |-  # see github.com/a/b{''.join(f'{pad}{line}' for line in lines)}"
        if "\n" not in value and draw.draw(st.booleans()):
            return " '" + value.replace("'", "''") + "'  # see github.com/a/b"
    return f" {json.dumps(value, ensure_ascii=False)}  # see github.com/a/b"


def _renamed(value: Value) -> Value:
    """What the value shall be, told in another way than the one that is tested."""
    if isinstance(value, dict):
        return {key: _renamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    if not isinstance(value, str):
        return value
    result, rest = "", value
    while rest:
        name = rest[:14]
        behind = rest[14:].lstrip(".")[:1]
        before = result[-1:]
        if name.lower() == "github.com/a/b" and before != "." and not (before.isalnum() and before.isascii()):
            if not (behind.isalnum() and behind.isascii()):
                name = f"{name[:11]}c/d"
            result, rest = result + name, rest[14:]
        else:
            result, rest = result + rest[0], rest[1:]
    return result


@given(value=st.dictionaries(st.sampled_from("stuv"), values, min_size=1, max_size=3), data=st.data())
def test_only_the_name_changes(value: dict[str, Value], data: st.DataObject) -> None:
    text = _styled(value, data).removeprefix("\n") + "\n"
    old = document(text)
    assert old.data == value
    new, edits = moved(old, "a/b", "c/d")
    assert new.data == _renamed(value)
    assert new.data == document(new.text).data
    assert bool(edits) is (new.text != text)
    # Whatever differs is the name: nothing else was written anew, and no comment changed.
    assert new.text.lower().replace("c/d", "a/b") == text.lower()
    assert new.text.count("# see github.com/a/b\n") == text.count("# see github.com/a/b\n")
