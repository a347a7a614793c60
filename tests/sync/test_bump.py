"""Edits of exporter.yaml: what a release changes, in every style of YAML; every other byte stays."""

import difflib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.catalog.load import catalog_items
from bot.checks.entry import schema, urls
from bot.sync.bump import edit_entry, move_entry
from bot.sync.downloads import PLATFORMS
from bot.sync.model import Edit
from bot.sync.tracked import tracked_of
from tests.sync.entries import (
    CHECKOUT,
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
    changed,
    document,
    entry_of,
    tracked_in,
)

BLOCK = f"""\
# comment above
name: demo
upstream:
  repository: o/r   # moved once
  # guards against a hijacked name
  repository_id: 4711
  tag: v{{version}}
  scheme: semver
version: "1.9"  # the release
released: '2026-01-02' # a Friday
commit: {OLD_COMMIT}
# comment between
install:
  binary:
    url: https://github.com/o/r/releases/download/v{{version}}/r.{{os}}-{{arch}}.gz
    sha256:
      linux-amd64: {OLD_SUM}   # by hand
      # the small ones
      linux-arm64: "{OLD_SUM}"
  image:
    name: quay.io/o/r
    digest: '{OLD_DIGEST}'
    tag: v{{version}}
snapshot: {{version: "1.9", captured: "2026-01-03", source: observed}}
"""
BARE = """\
name: demo
upstream: {repository: o/r, tag: 'v{version}', scheme: semver}
version: "1.9"
install:
  binary:
    url: https://github.com/o/r/releases/download/v{version}/r.{os}-{arch}.gz
  image: {name: quay.io/o/r, tag: 'v{version}'}
"""


def test_a_bump_takes_everything_over(tmp_path: Path) -> None:
    new, edits = after(tmp_path, BLOCK, FACTS)
    assert new == changed(
        BLOCK,
        ('version: "1.9"  #', 'version: "1.10"  #'),
        ("'2026-01-02'", "'2026-11-20'"),
        (OLD_COMMIT, COMMIT),
        (f"amd64: {OLD_SUM}", f"amd64: {SUM}"),
        (f'arm64: "{OLD_SUM}"', f'arm64: "{OTHER_SUM}"'),
        (OLD_DIGEST, DIGEST),
    )
    assert edits == (
        Edit("version", "1.9", "1.10"),
        Edit("released", "2026-01-02", "2026-11-20"),
        Edit("commit", OLD_COMMIT, COMMIT),
        Edit("install.image.digest", OLD_DIGEST, DIGEST),
        Edit("install.binary.sha256.linux-amd64", OLD_SUM, SUM),
        Edit("install.binary.sha256.linux-arm64", OLD_SUM, OTHER_SUM),
    )


def test_what_nobody_could_verify_of_the_new_release_goes(tmp_path: Path) -> None:
    new, edits = after(tmp_path, BLOCK, NOTHING)
    assert new == changed(
        BLOCK,
        ('version: "1.9"  #', 'version: "1.10"  #'),
        ("released: '2026-01-02' # a Friday\n", ""),
        (f"commit: {OLD_COMMIT}\n", ""),
        (
            f"    sha256:\n      linux-amd64: {OLD_SUM}   # by hand\n"
            f'      # the small ones\n      linux-arm64: "{OLD_SUM}"\n',
            "",
        ),
        (f"    digest: '{OLD_DIGEST}'\n", ""),
    )
    assert edits == (
        Edit("version", "1.9", "1.10"),
        Edit("released", "2026-01-02", ""),
        Edit("commit", OLD_COMMIT, ""),
        Edit("install.image.digest", OLD_DIGEST, ""),
        Edit("install.binary.sha256.linux-amd64", OLD_SUM, ""),
        Edit("install.binary.sha256.linux-arm64", OLD_SUM, ""),
    )


@pytest.mark.parametrize(
    ("sums", "pairs", "edits"),
    [
        (
            {"linux-arm64": SUM},
            ((f"      linux-amd64: {OLD_SUM}   # by hand\n", ""), (f'arm64: "{OLD_SUM}"', f'arm64: "{SUM}"')),
            (("linux-arm64", OLD_SUM, SUM), ("linux-amd64", OLD_SUM, "")),
        ),
        (
            {"linux-amd64": OLD_SUM, "linux-arm64": OLD_SUM, "darwin-arm64": SUM},
            ((f'arm64: "{OLD_SUM}"\n', f'arm64: "{OLD_SUM}"\n      darwin-arm64: {SUM}\n'),),
            (("darwin-arm64", "", SUM),),
        ),
        (
            {"darwin-arm64": SUM},
            (
                (f"      linux-amd64: {OLD_SUM}   # by hand\n", ""),
                (f'      linux-arm64: "{OLD_SUM}"\n', f"      darwin-arm64: {SUM}\n"),
            ),
            (("darwin-arm64", "", SUM), ("linux-amd64", OLD_SUM, ""), ("linux-arm64", OLD_SUM, "")),
        ),
    ],
)
def test_single_checksums_come_and_go(
    tmp_path: Path, sums: dict[str, str], pairs: tuple[tuple[str, str], ...], edits: tuple[tuple[str, str, str], ...]
) -> None:
    facts = replace(FACTS, released=date(2026, 1, 2), commit=OLD_COMMIT, digest=OLD_DIGEST, sha256=sums)
    assert after(tmp_path, BLOCK, facts) == (
        changed(BLOCK, ('version: "1.9"  #', 'version: "1.10"  #'), *pairs),
        (
            Edit("version", "1.9", "1.10"),
            *(Edit(f"install.binary.sha256.{platform}", old, new) for platform, old, new in edits),
        ),
    )


ADDED = (
    Edit("released", "", "2026-11-20"),
    Edit("commit", "", COMMIT),
    Edit("upstream.repository_id", "", "4711"),
    Edit("install.image.digest", "", DIGEST),
    Edit("install.binary.sha256.linux-amd64", "", SUM),
    Edit("install.binary.sha256.linux-arm64", "", OTHER_SUM),
)
FILLED_IN = changed(
    BARE,
    ("repository: o/r, tag", "repository: o/r, repository_id: 4711, tag"),
    ('version: "1.9"\n', f'version: "1.9"\nreleased: "2026-11-20"\ncommit: {COMMIT}\n'),
    (".gz\n", f".gz\n    sha256:\n      linux-amd64: {SUM}\n      linux-arm64: {OTHER_SUM}\n"),
    ("tag: 'v{version}'}\n", f"tag: 'v{{version}}', digest: {DIGEST}}}\n"),
)


def test_what_is_missing_is_added_at_its_place(tmp_path: Path) -> None:
    listed = replace(FACTS, version="1.9")
    assert after(tmp_path, BARE, listed) == (FILLED_IN, ADDED)
    assert after(tmp_path, BARE, FACTS) == (
        FILLED_IN.replace('"1.9"', '"1.10"'),
        (Edit("version", "1.9", "1.10"), *ADDED),
    )


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    assert after(tmp_path, FILLED_IN, replace(FACTS, version="1.9")) == (FILLED_IN, ())
    bumped, _ = after(tmp_path, BLOCK, FACTS)
    assert after(tmp_path, bumped, FACTS) == (bumped, ())


def test_facts_of_the_listed_release_never_change_what_is_there(tmp_path: Path) -> None:
    assert after(tmp_path, BLOCK, replace(FACTS, version="1.9", repository_id=1)) == (BLOCK, ())
    assert after(tmp_path, BLOCK, replace(NOTHING, version="1.9")) == (BLOCK, ())
    odd = BLOCK.replace("'2026-01-02'", "[soon]")
    assert after(tmp_path, odd, replace(FACTS, version="1.9")) == (odd, ())
    some = changed(BLOCK, (f'      linux-arm64: "{OLD_SUM}"\n', ""))
    assert after(tmp_path, some, replace(FACTS, version="1.9")) == (
        changed(some, ("  image:", f"      linux-arm64: {OTHER_SUM}\n  image:")).replace(
            f"      # the small ones\n      linux-arm64: {OTHER_SUM}\n",
            f"      linux-arm64: {OTHER_SUM}\n      # the small ones\n",
        ),
        (Edit("install.binary.sha256.linux-arm64", "", OTHER_SUM),),
    )


def test_a_bump_leaves_the_id_of_the_repository_alone(tmp_path: Path) -> None:
    new, _ = after(tmp_path, BLOCK, replace(FACTS, repository_id=1))
    assert document(new).get("upstream", "repository_id") == 4711


def test_facts_of_what_the_entry_does_not_have_are_left_out(tmp_path: Path) -> None:
    text = "upstream: {repository: o/r, repository_id: 4711, tag: 'v{version}', scheme: semver}\nversion: '1.9'\n"
    assert after(tmp_path, text, FACTS) == (
        changed(text, ("'1.9'\n", f"'1.10'\nreleased: \"2026-11-20\"\ncommit: {COMMIT}\n")),
        (Edit("version", "1.9", "1.10"), *ADDED[:2]),
    )


def test_anchors_are_refused(tmp_path: Path) -> None:
    tracked = tracked_in(tmp_path, BLOCK)
    entry_of(tmp_path, BLOCK.replace("name: demo", "name: &a demo"))
    assert edit_entry(tmp_path, (tracked, FACTS)) == "exporter.yaml:2: anchor &a"


def test_an_entry_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    tracked = tracked_in(tmp_path, BLOCK)
    entry_of(tmp_path, BLOCK.replace('version: "1.9"  #', 'version: "1.9.1"  #'))
    assert edit_entry(tmp_path, (tracked, FACTS)) == "it changed while upstream was asked"
    assert move_entry(tmp_path, (tracked, "a/b")) == "it changed while upstream was asked"
    entry_of(tmp_path, "name: demo\n")
    assert edit_entry(tmp_path, (tracked, FACTS)) == "it changed while upstream was asked"
    (tmp_path / "lists/demo/exporter.yaml").unlink()
    assert edit_entry(tmp_path, (tracked, FACTS)) == "exporter.yaml is missing"


def test_what_cannot_be_edited_safely_is_a_reason(tmp_path: Path) -> None:
    tracked = tracked_in(tmp_path, BLOCK)
    facts = replace(FACTS, version="1.9\u202e")
    assert edit_entry(tmp_path, (tracked, facts)) == "cannot change version without changing more than that"
    assert move_entry(tmp_path, (tracked, 'a/b"\n')) == '"a/b\\"\\n" is no name of a repository'


def removed_and_added(old: str, new: str) -> tuple[list[str], list[str]]:
    lines = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


NAMES = [item.name for item in catalog_items(CHECKOUT)]


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_of_the_catalog_can_be_bumped(name: str, tmp_path: Path) -> None:
    text = (CHECKOUT / "lists" / name / "exporter.yaml").read_text(encoding="utf-8")
    tracked = tracked_in(tmp_path, text, name)
    facts = replace(FACTS, version="77.8.9", sha256=dict.fromkeys(PLATFORMS[:2], SUM), repository_id=99)
    answer = edit_entry(tmp_path, (tracked, facts))
    assert not isinstance(answer, str)
    file, edits = answer
    gone, come = removed_and_added(text, file.text)
    sums = [f"      {platform}: " for platform in tracked.sha256 or {}]
    assert gone == [
        line
        for line in text.splitlines()
        if line.startswith(("version: ", "released: ", "commit: ", "    digest: ", *sums))
    ]
    assert sorted(come) == sorted(
        [
            'version: "77.8.9"',
            'released: "2026-11-20"',
            f"commit: {COMMIT}",
            *(["  repository_id: 99"] if tracked.repository_id is None else []),
            *(["    sha256:"] if tracked.binary and not tracked.sha256 else []),
            *([f"      {platform}: {SUM}" for platform in facts.sha256] if tracked.binary else []),
            *([f"    digest: {DIGEST}"] if tracked.image else []),
        ]
    )
    assert ("version", tracked.version, "77.8.9") == (edits[0].what, edits[0].old, edits[0].new)
    entry = entry_of(tmp_path, file.text, name)
    assert [problem.message for check in (schema.check, urls.check) for problem in check(entry)] == []
    again = tracked_of(entry)
    assert again == replace(
        tracked,
        version="77.8.9",
        released=date(2026, 11, 20),
        commit=COMMIT,
        repository_id=tracked.repository_id or 99,
        sha256=None if tracked.binary is None else facts.sha256,
        digest=None if tracked.image is None else DIGEST,
    )
