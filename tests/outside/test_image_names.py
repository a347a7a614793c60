"""Names of images, taken apart and refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outside.image_names import image_name, is_digest, is_reference, is_tag, shown

DIGEST = f"sha256:{'0123456789abcdef' * 4}"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("quay.io/prometheus/node-exporter", "quay.io/prometheus/node-exporter"),
        ("registry.gitlab.com/a/b/c/d", "registry.gitlab.com/a/b/c/d"),
        ("haproxy", "docker.io/library/haproxy"),
        ("docker.io/haproxy", "docker.io/library/haproxy"),
        ("index.docker.io/a/b", "docker.io/a/b"),
        ("a/b", "docker.io/a/b"),
        ("xn--bcher-kva.example/a__b.c---d_e/1", "xn--bcher-kva.example/a__b.c---d_e/1"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert str(image_name(text)) == name


@given(st.from_regex(r"[a-z0-9.:/@_-]{1,40}", fullmatch=True) | st.text(max_size=40))
def test_a_name_is_nothing_but_itself(text: str) -> None:
    name = image_name(text)
    if name is not None:
        assert text in (str(name), name.repository, name.repository.removeprefix("library/")) or "docker.io/" in text
        assert image_name(str(name)) == name
        assert name.host.rpartition(".")[2][0].isalpha()
        assert not set(name.repository) - set("abcdefghijklmnopqrstuvwxyz0123456789._-/")
        assert ".." not in name.repository


@given(st.from_regex(r"-{0,2}[a-zA-Z0-9.:/@_-]{0,20}", fullmatch=True) | st.text(max_size=40))
def test_a_reference_is_never_an_option(text: str) -> None:
    for reference in (text, f"{text}:v1", f"{text}@{DIGEST}"):
        assert not is_reference(reference) or reference[0].isalnum()


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("quay.io/a/b:v1", True),
        (f"quay.io/a/b@{DIGEST}", True),
        (f"quay.io/a/b:v1@{DIGEST}", True),
        ("haproxy:3.2", True),
        ("quay.io/a/b", False),
        ("quay.io/a/b:", False),
        ("quay.io/a/b@", False),
        ("quay.io/a/b:@" + DIGEST, False),
        ("quay.io/a/b:v1@sha256:0", False),
        ("quay.io/a/b:v1@" + DIGEST.upper(), False),
        ("quay.io:443/a/b:v1", False),
        ("quay.io/a/b:v1\n", False),
        ("--volume=/:/x:v1", False),
        ("-v:v1", False),
        (":v1", False),
        ("", False),
    ],
)
def test_references(text: str, valid: bool) -> None:
    assert is_reference(text) is valid


def test_tags_and_digests() -> None:
    assert [tag for tag in ("v1", "_", "1.2-rc.1", "", ".1", "-1", "v" * 128, "v" * 129) if is_tag(tag)] == [
        *("v1", "_", "1.2-rc.1", "v" * 128)
    ]
    assert [is_digest(text) for text in (DIGEST, DIGEST + "0", DIGEST[:-1], f"{DIGEST}\n")] == [
        True,
        False,
        False,
        False,
    ]


def test_what_is_shown_is_short_and_harmless() -> None:
    assert shown("a\nb\x1b[2J\u202e::error::\t") == "a\\u{a}b\\u{1b}[2J\\u{202e}::error::\\u{9}"
    assert shown("x" * 200, 5) == "xxxxx…"
    assert shown("x" * 120) == "x" * 120
