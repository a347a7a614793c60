"""Schemes of versions: what is one, which is newer, and by how far."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sync.model import Scheme, Step
from bot.sync.schemes import Parsed, parse, step

TEXTS = st.one_of(
    st.from_regex(r"\A[0-9]{1,2}([.][0-9]{1,2}){0,3}([-._]?(rc|dev|alpha|b|x)?[.-]?[0-9]{0,2}){0,2}\Z"),
    st.from_regex(r"\A(0|1|10)[.](0|9|10)([.](0|2|10))?(-(rc|0|1|a-b|rc1|rc10)([.](0|2|10|x))?)?([+](a|1))?\Z"),
    st.text(alphabet="0129.-_+rcdevT:Z", max_size=12),
)


def parsed(version: str, scheme: Scheme) -> Parsed:
    found = parse(version, scheme)
    assert found is not None, version
    return found


@pytest.mark.parametrize(
    ("scheme", "ascending"),
    [
        # The example of section 11 of SemVer 2.0.0.
        (
            Scheme.SEMVER,
            "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 2.0 "
            "2.1.0 2.1.1 2.9 2.10",
        ),
        (Scheme.SEMVER, "1.0.0-0 1.0.0-1 1.0.0-10 1.0.0--1 1.0.0-01a 1.0.0-RC10 1.0.0-RC9 1.0.0-rc10 1.0.0-rc9 1.0"),
        (Scheme.CALVER, "0.9.0 20.4.0 24.9.1 24.10.0-dev 24.10.0-alpha1 24.10.0-beta 24.10.0-beta2 24.10.0-rc1 24.10"),
        (
            Scheme.CALVER,
            "2023-12-31 2024-01-01rc2 2024-01-01rc10 2024-01-01 2024-01-01.1 2024-01-01-2 2024_10",
        ),
        (Scheme.CALVER, "2025-07-23T15-54-02Z 2025-09-06T17-38-46Z 2025-09-07T16-13-09Z 2025-09-07T16-13-10"),
        (Scheme.CALVER, "20240101 20240102 20241001"),
        (
            Scheme.PEP440,
            "1.0.dev1 1.0a1.dev1 1.0a1 1.0b2 1.0b10 1.0rc1 1.0 1.0+local 1.0.post1 1.0.1 1.9 1.10 2024.1.0b0 2024.1",
        ),
        (
            Scheme.NUMERIC,
            "0.1-20170610 0.20181120 4.5-4.9.0 4.5.1 4.5.1-4.8.0 4.5.1-4.10.0 4.5.2-4.1 4.5.2_4.1.1 4.10",
        ),
        (Scheme.NUMERIC, "1_9_0 1_23_0 1_23_1 1_24 2-0-1 2-1"),
        (Scheme.NUMERIC, "6.8.23.0 7.9.0.1 7.17.0.0 7.17.0.1 7.17.0.1.1"),
    ],
)
def test_order(scheme: Scheme, ascending: str) -> None:
    versions = [parsed(version, scheme) for version in ascending.split()]
    for index, older in enumerate(versions):
        assert not older < older
        for newer in versions[index + 1 :]:
            assert older < newer
            assert not newer < older


@pytest.mark.parametrize(
    ("scheme", "alike"),
    [
        (Scheme.SEMVER, "1.0 1.0.0 1.0.0+a 1.0+b.2"),
        (Scheme.SEMVER, "1.0.0-rc.1 1.0-rc.1 1.0-rc.1+git"),
        (Scheme.CALVER, "24.9 24.9.0 24.09 24-09-00 24_9"),
        (Scheme.CALVER, "24.9.0-rc1 24.9rc1 24.9.0.RC.01 24.09-c1"),
        (Scheme.PEP440, "1.0 1.0.0 01.0"),
        (Scheme.PEP440, "1.0rc1 1.0.0-RC.1 1.0c1 1.0_pre1"),
        (Scheme.NUMERIC, "4.5-4.8 4.5.0-4.8.0 4.05_4.8"),
    ],
)
def test_equally_new(scheme: Scheme, alike: str) -> None:
    for one, other in pairwise([parsed(version, scheme) for version in alike.split()]):
        assert not one < other
        assert not other < one


@pytest.mark.parametrize(
    ("scheme", "none"),
    [
        (
            Scheme.SEMVER,
            "1 1.2.3.4 01.2.3 1.02.3 1.2.03 1.2.3-01 1.2.3- 1.2.3+ 1.2.3-a..b 1.0rc1 1.0.0.RC5 v1.0.0",
        ),
        (Scheme.SEMVER, "1.2.3-a_b 1.2.3+a_b 1.0. .1.0 2025-07-23T15-54-02Z \uff11.2.3 1.2.3\n 1.\u0662.3"),
        (
            Scheme.CALVER,
            "v24.9 24.9. 24..9 24.9-1a 24.9.1a 24.9b 24.9-abc1234 24.9-rc-1-2 24.9-4.rc+1 nightly T1",
        ),
        (Scheme.CALVER, "24.9\n 2\u0664.9 24.9.post1 24.9-r\u0661 24.9-\u017fnapshot"),
        (Scheme.PEP440, "v1.0 V1.0 1.0.0-nightly 4.5.1-4.8.0 1.0-x 1_0 latest 1.0\n 1.\u0662"),
        (Scheme.NUMERIC, "1.0rc1 v1 1.0. 1..0 1.0- -1 1.0-dev 1.0+1 1_23_1-fixed 1.0\n 1.\u0662"),
    ],
)
def test_no_version(scheme: Scheme, none: str) -> None:
    for version in none.split(" "):
        assert parse(version, scheme) is None, version


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("version", ["", " ", "-", "+", ".", "1" * 61, "0" * 5_000, "1" * 1_000_000, "1." * 500_000])
def test_absurd(scheme: Scheme, version: str) -> None:
    assert parse(version, scheme) is None


@pytest.mark.parametrize("scheme", [Scheme.CALVER, Scheme.PEP440, Scheme.NUMERIC])
def test_sixty_digits(scheme: Scheme) -> None:
    assert parsed("9" * 59, scheme) < parsed("9" * 60, scheme)


@pytest.mark.parametrize(
    ("scheme", "version", "prerelease"),
    [
        (Scheme.SEMVER, "1.0.0-rc.1", True),
        (Scheme.SEMVER, "3.5-dev1", True),
        (Scheme.SEMVER, "4.5.1-4.8.0", True),
        (Scheme.SEMVER, "1.0.0+rc.1", False),
        (Scheme.CALVER, "22.7.0-beta", True),
        (Scheme.CALVER, "2024.10.0b2", True),
        (Scheme.CALVER, "2024.10.0-Preview", True),
        (Scheme.CALVER, "2024.10.0-1", False),
        (Scheme.PEP440, "1.0.dev0", True),
        (Scheme.PEP440, "1.1.0rc1", True),
        (Scheme.PEP440, "1.0.post1", False),
        (Scheme.NUMERIC, "4.5.1-4.8.0", False),
    ],
)
def test_prereleases(scheme: Scheme, version: str, prerelease: bool) -> None:
    assert parsed(version, scheme).prerelease is prerelease


@pytest.mark.parametrize(
    ("scheme", "old", "new", "expected"),
    [
        (Scheme.SEMVER, "1.9.9", "2.0", Step.MAJOR),
        (Scheme.SEMVER, "0.18.1", "1.0.0", Step.MAJOR),
        (Scheme.SEMVER, "0.18.1", "0.19.0", Step.MINOR),
        (Scheme.SEMVER, "0.18", "0.18.1", Step.PATCH),
        (Scheme.SEMVER, "1.0.0-rc.1", "1.0.0", Step.PATCH),
        (Scheme.CALVER, "24.9.1", "25.1.0", Step.MINOR),
        (Scheme.CALVER, "24.9.1", "24.10.0", Step.PATCH),
        (Scheme.CALVER, "24.9", "24.9.1", Step.PATCH),
        (Scheme.CALVER, "20240131", "20240201", Step.MINOR),
        (Scheme.PEP440, "1.9", "2.0", Step.MAJOR),
        (Scheme.PEP440, "1", "1.1", Step.MINOR),
        (Scheme.PEP440, "1.0", "1.0.post1", Step.PATCH),
        (Scheme.NUMERIC, "3.3.9-3.6.1", "4.0.0-4.0.1", Step.MAJOR),
        (Scheme.NUMERIC, "4.4.2-4.7.1", "4.5.1-4.8.0", Step.MINOR),
        (Scheme.NUMERIC, "4.4.1-4.5.2", "4.4.1-5.0.0", Step.PATCH),
        (Scheme.NUMERIC, "1_23_1", "1_24_0", Step.MINOR),
        (Scheme.NUMERIC, "0", "0.0.1", Step.PATCH),
        (Scheme.NUMERIC, "7", "8", Step.MAJOR),
    ],
)
def test_step(scheme: Scheme, old: str, new: str, expected: Step) -> None:
    assert step(parsed(old, scheme), parsed(new, scheme), scheme) is expected


@given(st.sampled_from(Scheme), st.lists(TEXTS, min_size=3, max_size=3))
def test_total_order(scheme: Scheme, texts: list[str]) -> None:
    one, two, three = (parse(text, scheme) or parsed("1.0", scheme) for text in texts)
    assert not one < one
    assert not (one < two and two < one)
    if one < two and two < three:
        assert one < three
    if not one < two and not two < one:
        assert (one < three) is (two < three)
        assert (three < one) is (three < two)


@given(st.sampled_from(Scheme), st.one_of(st.text(max_size=70), TEXTS))
def test_any_text_is_a_version_or_none(scheme: Scheme, text: str) -> None:
    found = parse(text, scheme)
    assert found is None or (text[0] in "0123456789" and found.numbers != ())
