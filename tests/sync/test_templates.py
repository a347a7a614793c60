"""Templates of tags: what matches, and that nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sync.templates import tag_of, version_of

VERSIONS = st.from_regex(r"\A[0-9A-Za-z][0-9A-Za-z.+_-]{0,59}\Z")
TEMPLATES = st.tuples(st.text(max_size=10), st.text(max_size=10)).map(lambda ends: "{version}".join(ends))


@pytest.mark.parametrize(
    ("tag", "template", "version"),
    [
        ("v1.2.3", "v{version}", "1.2.3"),
        ("1.2.3", "{version}", "1.2.3"),
        ("v1.2.3", "{version}", "v1.2.3"),
        ("1.2.3", "v{version}", None),
        ("V1.2.3", "v{version}", None),
        ("parent-0.16.0", "parent-{version}", "0.16.0"),
        ("4.5.1-4.8.0", "{version}", "4.5.1-4.8.0"),
        ("v1.147.0-cluster", "v{version}-cluster", "1.147.0"),
        ("v1.147.0", "v{version}-cluster", None),
        ("v-cluster", "v{version}-cluster", None),
        ("v-cluster", "v{version}cluster", None),
        ("server/v3.6.4", "server/v{version}", "3.6.4"),
        ("server/v3.6.4", "v{version}", None),
        ("1.2/v1.2", "{version}/v{version}", "1.2"),
        ("1.2/v1.3", "{version}/v{version}", None),
        ("1.2/v1.22", "{version}/v{version}", None),
        # Nothing of a template is a pattern.
        ("v1.2", "..{version}", None),
        ("..1.2", "..{version}", "1.2"),
        ("a(b|c)*1.2", "a(b|c)*{version}", "1.2"),
        ("x", "(a+)+{version}", None),
        ("v1.2", "v", None),
        ("v", "v{version}", None),
        ("", "{version}", None),
        ("", "", None),
        # What a version may hold.
        ("v1.2\n", "v{version}", None),
        ("v1.2\r", "v{version}", None),
        ("\nv1.2", "v{version}", None),
        ("v1.\u0662", "v{version}", None),
        ("v\uff11.2", "v{version}", None),
        ("v1.2\u200b", "v{version}", None),
        ("v1.2\x00", "v{version}", None),
        ("v1 2", "v{version}", None),
        ("v-1.2", "v{version}", None),
        ("v.1", "v{version}", None),
        ("v1.2/3", "v{version}", None),
        ("v1{version}", "v{version}", None),
        ("v" + "1" * 60, "v{version}", "1" * 60),
        ("v" + "1" * 61, "v{version}", None),
        ("v" + "1" * 1_000_000, "v{version}", None),
        ("a" * 10_000, "a{version}a", None),
    ],
)
def test_version_of(tag: str, template: str, version: str | None) -> None:
    assert version_of(tag, template) == version


@given(VERSIONS, TEMPLATES)
def test_a_tag_holds_the_version_that_it_was_made_of(version: str, template: str) -> None:
    assert version_of(tag_of(version, template), template) == version


@given(st.text(alphabet="v1.-{version}\n\u0661", max_size=30), TEMPLATES)
def test_only_a_tag_of_the_template_matches(tag: str, template: str) -> None:
    version = version_of(tag, template)
    assert version is None or tag_of(version, template) == tag
