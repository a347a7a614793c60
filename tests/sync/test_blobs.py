"""Object ids are those of git itself."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sync.blobs import blob_id, files_key


def of_git(text: str) -> str:
    command = ["git", "hash-object", "--stdin", "--no-filters"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout.decode().strip()


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\r\nb\0c", "é😀", "x" * 100_000])
def test_a_blob_has_the_id_that_git_gives_it(text: str) -> None:
    assert blob_id(text) == of_git(text)


def test_known_ids() -> None:
    assert blob_id("") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert blob_id("test content\n") == "d670460b4b4aece5915caf5c68d12f560a9fe3e4"


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_any_text_has_the_id_that_git_gives_it(text: str) -> None:
    assert blob_id(text) == of_git(text)


paths = st.text(st.characters(codec="utf-8"), max_size=4)


def test_the_key_of_files_is_that_of_all_releases() -> None:
    """Branches made by an earlier release of the bot must stay ours."""
    assert files_key({"b": "2", "a": "1"}) == files_key({"a": "1", "b": "2"})
    assert files_key({"a": "1", "b": "2"}) == "ddc7523b594d0dff5bb4dc052a820fbcc7b651c1eff8c3b7945644d10952fd7e"


@given(st.dictionaries(paths, paths, max_size=3), st.dictionaries(paths, paths, max_size=3))
def test_other_files_have_another_key(one: dict[str, str], other: dict[str, str]) -> None:
    assert (files_key(one) == files_key(other)) is (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"ab": "c"}, {"a": "bc"}),
        ({"a": "b", "c": "d"}, {"a": "b\nc", "": "d"}),
        ({'a", "b': "c"}, {"a": 'b", "c'}),
        ({}, {"": ""}),
    ],
)
def test_nothing_can_be_moved_between_path_and_id(one: dict[str, str], other: dict[str, str]) -> None:
    assert files_key(one) != files_key(other)
