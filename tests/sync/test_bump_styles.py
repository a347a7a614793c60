"""Edits of exporter.yaml in every style of YAML: only what is meant changes, and no other byte."""

import re
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.document import Document, Value
from bot.sync.bump import Facts, edited
from bot.sync.model import Edit, Scheme, Tracked
from tests.sync.entries import (
    COMMIT,
    DIGEST,
    FACTS,
    NOTHING,
    OLD_COMMIT,
    OLD_DIGEST,
    OLD_SUM,
    OTHER_SUM,
    SUM,
    after,
    document,
)
from tests.sync.styles import Writer

START = "upstream: {repository: o/r, repository_id: 4711, tag: 'v{version}', scheme: semver}\n"
URL = "https://github.com/o/r/releases/download/v{version}/r.{os}-{arch}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # quotes
        ("version: a1.9\n", "version: 1.10b\n"),
        ("version: 'a1.9'\n", "version: '1.10b'\n"),
        ('version: "a1.9"\n', 'version: "1.10b"\n'),
        ('"version": "a1.9"\n', '"version": "1.10b"\n'),
        ("version:   a1.9   # why\n", "version:   1.10b   # why\n"),
        ("version:\n  a1.9\n", "version:\n  1.10b\n"),
        ("version: >-  # why\n  a1.9\n\n", 'version: "1.10b"  # why\n\n'),
        ("? version\n: a1.9\n", "? version\n: 1.10b\n"),
        # plain days stay plain
        ("version: a1.9\nreleased: 2026-01-02\n", "version: 1.10b\nreleased: 2026-11-20\n"),
        # no final line break
        ("version: a1.9", "version: 1.10b"),
        ("version: a1.9\nreleased: '2026-01-02'", "version: 1.10b\nreleased: '2026-11-20'"),
        # CRLF
        ("version: a1.9\r\nreleased: 2026-01-02\r\n", "version: 1.10b\r\nreleased: 2026-11-20\r\n"),
        # nothing in it yet
        ("version: a1.9\nreleased:\n", "version: 1.10b\nreleased: 2026-11-20\n"),
        ("version: a1.9\nreleased: # unknown\n", "version: 1.10b\nreleased: 2026-11-20 # unknown\n"),
    ],
)
def test_styles_of_single_values(tmp_path: Path, text: str, expected: str) -> None:
    facts = Facts("1.10b", date(2026, 11, 20) if "released" in text else None, None, {}, None, 4711)
    assert after(tmp_path, START + text, facts)[0] == START + expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 'a'", f"version: '1.10'\nreleased: \"2026-11-20\"\ncommit: {COMMIT}"),
        ("x: 1\nversion: 'a'  # end", f"x: 1\nversion: '1.10'  # end\nreleased: \"2026-11-20\"\ncommit: {COMMIT}"),
        ("commit: 'X'\nversion: 'a'", f"commit: '{COMMIT}'\nversion: '1.10'\nreleased: \"2026-11-20\""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_new_last_line_ends_as_the_file_did(tmp_path: Path, text: str, expected: str, end: str) -> None:
    text, expected = (one.replace("X", OLD_COMMIT).replace("\n", end) for one in (START + text, START + expected))
    assert after(tmp_path, text, FACTS)[0] == expected
    assert after(tmp_path, text + end, FACTS)[0] == expected + end


def test_a_removed_last_line_leaves_the_end_as_it_was(tmp_path: Path) -> None:
    assert after(tmp_path, START + "version: 'a'\nreleased: x", NOTHING)[0] == START + "version: '1.10'"


@pytest.mark.parametrize(
    ("install", "sums", "expected"),
    [
        # block
        (
            "install:\n    binary:\n        url: U  # where\n        sha256: {}\n",
            {"linux-amd64": SUM},
            "install:\n    binary:\n        url: U  # where\n        sha256:\n          linux-amd64: S\n",
        ),
        (
            "install:\n  binary:\n    url: U  # where\n",
            {"linux-amd64": SUM},
            "install:\n  binary:\n    url: U  # where\n    sha256:\n      linux-amd64: S\n",
        ),
        # flow
        (
            "install: {binary: {url: 'U'}}\n",
            {"linux-amd64": SUM, "linux-arm64": OTHER_SUM},
            "install: {binary: {url: 'U', sha256: {linux-amd64: S, linux-arm64: B}}}\n",
        ),
        (
            "install: {binary: {sha256: {linux-amd64: A}, url: 'U'}}  # why\n",
            {},
            "install: {binary: {url: 'U'}}  # why\n",
        ),
        (
            "install: {binary: {url: 'U', sha256: {linux-amd64: A, linux-arm64: 'A'}}}\n",
            {"linux-arm64": SUM},
            "install: {binary: {url: 'U', sha256: {linux-arm64: 'S'}}}\n",
        ),
        (
            "install: {binary: {url: 'U', sha256: {linux-amd64: A, linux-arm64: 'A'}}}\n",
            {"linux-amd64": SUM},
            "install: {binary: {url: 'U', sha256: {linux-amd64: S}}}\n",
        ),
        (
            "install: {\n  binary: {\n    url: 'U',\n    sha256: { linux-amd64: 'A' },\n  },\n}\n",
            {"linux-amd64": SUM, "linux-arm64": OTHER_SUM},
            "install: {\n  binary: {\n    url: 'U',\n    sha256: { linux-amd64: 'S', linux-arm64: B },\n  },\n}\n",
        ),
        # a checksum that would be a number is quoted
        (
            "install:\n  binary:\n    url: U\n    sha256:\n      linux-amd64: A\n",
            {"linux-amd64": "1" * 64, "linux-arm64": "2" * 64},
            f"install:\n  binary:\n    url: U\n    sha256:\n"
            f'      linux-amd64: "{"1" * 64}"\n      linux-arm64: "{"2" * 64}"\n',
        ),
        (
            "install:\n  binary:\n    url: U\n    sha256:\n      linux-amd64: A\n",
            {"linux-amd64": "1" * 60 + "e123", "linux-arm64": "0" * 60 + "e123"},
            f"install:\n  binary:\n    url: U\n    sha256:\n"
            f'      linux-amd64: "{"1" * 60}e123"\n      linux-arm64: "{"0" * 60}e123"\n',
        ),
    ],
)
def test_styles_of_checksums(tmp_path: Path, install: str, sums: dict[str, str], expected: str) -> None:
    def written(text: str) -> str:
        for short, value in ((" A", OLD_SUM), (" S", SUM), (" B", OTHER_SUM), ("'A", OLD_SUM), ("'S", SUM)):
            for end in ("'", "\n", ",", "}", " "):
                text = text.replace(short + end, short[0] + value + end)
        return text.replace("U", URL)

    facts = Facts("1.10", None, None, sums, None, 4711)
    new, _ = after(tmp_path, f"{START}version: '1.9'\n{written(install)}", facts)
    assert new == f"{START}version: '1.10'\n{written(expected)}"


SUMS = st.dictionaries(
    st.sampled_from(["linux-amd64", "linux-arm64", "linux-armv7"]),
    st.sampled_from([OLD_SUM, SUM, OTHER_SUM, "1" * 64, "1" * 60 + "e100"]),
    max_size=3,
)
TAG = "v{version}"


def _listed(draw: st.DrawFn) -> dict[str, Value]:
    """What an entry lists: this and that may be missing."""
    data: dict[str, Value] = {
        "name": "demo",
        "upstream": {"repository": "o/r", "tag": TAG, "scheme": "semver", **draw(_some({"repository_id": 1}))},
        "version": draw(st.sampled_from(["1.9", "1.9.0", "v2"])),
        "title": draw(st.sampled_from(["Demo", "it's", 'a "b" c', "1.9", OLD_COMMIT, "true", "é😀 # no: {"])),
        **draw(_some({"released": "2026-01-02", "commit": OLD_COMMIT, "endpoint": {"port": 1}})),
    }
    install: dict[str, Value] = {}
    if draw(st.booleans()):
        install["binary"] = {"url": URL, **({"sha256": dict(draw(SUMS))} if draw(st.booleans()) else {})}
    if draw(st.booleans()):
        install["image"] = {"name": "x.org/a", "tag": TAG, **draw(_some({"digest": OLD_DIGEST}))}
    return {**data, "install": install} if install else data


def _some(data: dict[str, Value]) -> st.SearchStrategy[dict[str, Value]]:
    return st.sets(st.sampled_from(sorted(data))).map(lambda keys: {key: data[key] for key in sorted(keys)})


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, dict[str, Value], Facts]:
    """An entry as text and as data, and facts of the listed or another release."""
    data = _listed(draw)
    facts = Facts(
        draw(st.sampled_from([str(data["version"]), "1.10", "2.0", "it's", 'a"b'])),
        draw(st.none() | st.just(date(2026, 11, 20))),
        draw(st.none() | st.sampled_from([COMMIT, "1" * 40])),
        draw(SUMS),
        draw(st.none() | st.just(DIGEST)),
        4711,
    )
    return Writer(draw).entry(data), data, facts


def _wanted(data: dict[str, Value], facts: Facts) -> dict[str, Value]:
    """What the entry shall say, told in another way than the one that is tested."""
    new = deepcopy(data)
    fresh = facts.version != data["version"]
    upstream, install = new["upstream"], new.get("install", {})
    assert isinstance(upstream, dict)
    assert isinstance(install, dict)
    upstream.setdefault("repository_id", facts.repository_id)
    image, binary = install.get("image"), install.get("binary")
    released = facts.released.isoformat() if facts.released else None
    for holder, key, value in (
        (new, "released", released),
        (new, "commit", facts.commit),
        (image, "digest", facts.digest),
    ):
        if isinstance(holder, dict):
            if fresh:
                holder.pop(key, None)
            if value:
                holder.setdefault(key, value)
    if isinstance(binary, dict):
        listed = binary.get("sha256") or {}
        assert isinstance(listed, dict)
        sums: dict[str, Value] = {**facts.sha256, **({} if fresh else listed)}
        if sums:
            binary["sha256"] = sums
        elif listed:
            del binary["sha256"]
    new["version"] = facts.version
    return new


@given(cases())
def test_only_what_is_meant_changes(case: tuple[str, dict[str, Value], Facts]) -> None:
    text, data, facts = case
    old = document(text)
    assert old.data == data
    tracked = _tracked(data)
    new, edits = edited(tracked, old, facts)
    assert new.data == _wanted(data, facts)
    assert new.data == document(new.text).data
    assert [edit for edit in edits if edit.old == edit.new] == []
    touched = _touched(old, edits)
    left = iter(new.text.splitlines())
    kept = [line for number, line in enumerate(text.splitlines(), 1) if number not in touched]
    assert [line for line in kept if line not in left] == [], "lines that nobody touched are there, in their order"
    assert new.text.endswith("\n") is text.endswith("\n")
    assert new.text.count("\n") == new.text.count("\r\n" if "\r\n" in text else "\n")
    gone = set(re.findall(r"# c\d+", text)) - set(re.findall(r"# c\d+", new.text))
    assert gone <= {mark for line in _not_in(kept, text) for mark in re.findall(r"# c\d+", line)}
    assert edited(replace(tracked, version=facts.version), new, facts) == (new, ())


def _not_in(kept: list[str], text: str) -> list[str]:
    return [line for line in text.splitlines() if line not in kept]


def _tracked(data: dict[str, Value]) -> Tracked:
    install = data.get("install", {})
    assert isinstance(install, dict)
    return Tracked(
        "demo", "lists/demo", "o/r", None, TAG, Scheme.SEMVER, str(data["version"]),
        binary=URL if "binary" in install else None,
        image="x.org/a" if "image" in install else None,
    )  # fmt: skip


def _touched(old: Document, edits: tuple[Edit, ...]) -> set[int]:
    """The lines of what is edited: the key and its value, or else the braces that it goes into."""
    lines: set[int] = set()
    for edit in edits:
        route: tuple[str, ...] = tuple(edit.what.split("."))
        if "sha256" in route and not any(other.new for other in edits if "sha256" in other.what):
            route = route[:-1]
        if old.get(*route) is not None:
            lines |= set(range(old.span(route, key=True).line, old.span(route).end_line + 1))
        while old.get(*route) is None:
            route = route[:-1]
        span = old.span(route)
        if old.lines.line(span.line)[span.column - 1 :].startswith("{"):
            lines |= set(range(span.line, span.end_line + 1))
    return lines
