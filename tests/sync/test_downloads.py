"""Which assets of a release are the downloads of an entry; its image; its pages."""

import pickle
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sync.downloads import PLATFORMS, Checksums, checksums, image_of
from bot.sync.model import Asset, Scheme, Tracked

URL = "https://github.com/o/r/releases/download/v{version}/r-{version}.{os}-{arch}.tar.gz"


def tracked(
    binary: str | None = URL,
    sha256: Mapping[str, str] | None = None,
    tag: str = "v{version}",
    image: str | None = None,
    image_tag: str | None = None,
) -> Tracked:
    return Tracked(
        "demo", "lists/demo", "o/r", 1, tag, Scheme.SEMVER, "1.0.0",
        binary=binary, sha256=sha256, image=image, image_tag=image_tag,
    )  # fmt: skip


def digest(name: str) -> str:
    return name.encode().hex().ljust(64, "0")[:64]


def assets(*names: str) -> list[Asset]:
    return [Asset(name, digest(name)) for name in names]


def files(version: str, *platforms: str) -> list[Asset]:
    return assets(*(f"r-{version}.{platform}.tar.gz" for platform in platforms))


def test_an_entry_without_a_download_wants_none() -> None:
    assert checksums(tracked(None), "1.1.0", files("1.1.0", "linux-amd64")) == Checksums()


def test_where_none_is_listed_those_of_the_usual_platforms_are_taken() -> None:
    there = [
        *files("1.1.0", "windows-amd64", "linux-386", "linux-arm64", "linux-amd64", "darwin-arm64"),
        *files("1.0.0", "linux-armv7"),
        *assets(
            "sha256sums.txt",
            "r-1.1.0.linux-armv7.tar.gz.asc",
            "r-1.1.0.windows-amd64.zip",
            "R-1.1.0.darwin-amd64.tar.gz",
        ),
    ]
    found = checksums(tracked(), "1.1.0", there)
    assert found == Checksums(
        {
            platform: digest(f"r-1.1.0.{platform}.tar.gz")
            for platform in ("linux-amd64", "linux-arm64", "darwin-arm64", "windows-amd64")
        }
    )
    assert list(found.sha256) == ["linux-amd64", "linux-arm64", "darwin-arm64", "windows-amd64"]


def test_where_some_are_listed_exactly_those_are_wanted() -> None:
    listed = {"linux-mips64": "0" * 64, "linux-amd64": "0" * 64}
    there = files("1.1.0", "linux-amd64", "linux-arm64", "linux-mips64")
    found = checksums(tracked(sha256=listed), "1.1.0", there)
    assert found == Checksums(
        {
            "linux-mips64": digest("r-1.1.0.linux-mips64.tar.gz"),
            "linux-amd64": digest("r-1.1.0.linux-amd64.tar.gz"),
        }
    )
    assert list(found.sha256) == ["linux-mips64", "linux-amd64"]


def test_a_listed_platform_that_is_missing_makes_the_release_incomplete() -> None:
    listed = {"linux-amd64": "0" * 64, "linux-arm64": "0" * 64, "linux-armv7": "0" * 64}
    assert checksums(tracked(sha256=listed), "1.1.0", files("1.1.0", "linux-arm64")) == Checksums(
        {"linux-arm64": digest("r-1.1.0.linux-arm64.tar.gz")},
        missing=("r-1.1.0.linux-amd64.tar.gz", "r-1.1.0.linux-armv7.tar.gz"),
    )


@pytest.mark.parametrize(
    "there",
    [
        [],
        files("1.0.0", "linux-amd64"),
        assets("r-1.1.0.linux-amd64.tar.gz.sha256", "r-1.1.0.linux.amd64.tar.gz", "r-1.1.0.-.tar.gz"),
    ],
)
def test_a_release_without_any_download_is_incomplete(there: Sequence[Asset]) -> None:
    assert checksums(tracked(), "1.1.0", there) == Checksums(missing=("r-1.1.0.{os}-{arch}.tar.gz",))


def test_a_signature_is_no_download() -> None:
    binary = "https://github.com/o/r/releases/download/v{version}/r-{os}-{arch}"
    assert checksums(tracked(binary), "1.1.0", assets("r-linux-amd64.sha256")).missing == ("r-{os}-{arch}",)


@pytest.mark.parametrize("name", ["r-1.1.0.Linux-x86_64.tar.gz", "r-1.1.0.solaris-amd64.tar.gz"])
def test_downloads_for_other_platforms_only_are_complete_without_checksums(name: str) -> None:
    assert checksums(tracked(), "1.1.0", assets(name)) == Checksums()


def test_a_file_whose_checksum_github_does_not_know() -> None:
    there = [Asset("r-1.1.0.linux-amd64.tar.gz", None), *files("1.1.0", "linux-arm64")]
    expected = Checksums(
        {"linux-arm64": digest("r-1.1.0.linux-arm64.tar.gz")},
        undigested=("r-1.1.0.linux-amd64.tar.gz",),
        unchecked=("GitHub has no checksum of r-1.1.0.linux-amd64.tar.gz.",),
    )
    assert checksums(tracked(), "1.1.0", there) == expected
    listed = {"linux-amd64": "0" * 64, "linux-arm64": "0" * 64}
    assert checksums(tracked(sha256=listed), "1.1.0", there) == expected


@pytest.mark.parametrize(
    ("binary", "tag"),
    [
        ("https://GitHub.com/O/R/releases/download/v{version}/r-{os}-{arch}", "v{version}"),
        ("https://github.com/o/r/releases/download/v{version}/r-{os}-{arch}?raw=1#x", "v{version}"),
        ("https://github.com/o/r/releases/download/demo/v{version}/r-{os}-{arch}", "demo/v{version}"),
        ("https://github.com/o/r/releases/download/demo%2Fv{version}/r-{os}-{arch}", "demo/v{version}"),
        ("https://github.com/o/r/releases/download/%40o/r@{version}/r%2d{os}-{arch}", "@o/r@{version}"),
    ],
)
def test_ways_to_write_the_url_of_an_asset(binary: str, tag: str) -> None:
    assert checksums(tracked(binary, tag=tag), "1.1.0", assets("r-linux-amd64", "r-linux-amd64.sha256")) == Checksums(
        {"linux-amd64": digest("r-linux-amd64")}
    )


ELSEWHERE = "The download is no file of a release of o/r, so nothing is known of it."
OTHER_TAG = "The download is of another tag than upstream.tag, so nothing is known of it."


@pytest.mark.parametrize(
    ("binary", "said"),
    [
        ("https://dl.example.org/v{version}/r-{version}.{os}-{arch}.tar.gz", ELSEWHERE),
        ("https://github.com/o/r2/releases/download/v{version}/r-{version}.{os}-{arch}.tar.gz", ELSEWHERE),
        ("https://github.com.example.org/o/r/releases/download/v{version}/r-{os}-{arch}", ELSEWHERE),
        ("https://example.org/https://github.com/o/r/releases/download/v{version}/r-{os}-{arch}", ELSEWHERE),
        ("http://github.com/o/r/releases/download/v{version}/r-{version}.{os}-{arch}.tar.gz", ELSEWHERE),
        ("https://github.com/o/r/releases/latest/download/r-{version}.{os}-{arch}.tar.gz", ELSEWHERE),
        ("https://github.com/o/r/releases/download/r-{version}.{os}-{arch}.tar.gz", ELSEWHERE),
        ("https://github.com/o/r/archive/refs/tags/v{version}.tar.gz", ELSEWHERE),
        ("https://[", ELSEWHERE),
        ("", ELSEWHERE),
        ("https://github.com/o/r/releases/download/{version}/r-{version}.{os}-{arch}.tar.gz", OTHER_TAG),
        ("https://github.com/o/r/releases/download/v1.0.0/r-{version}.{os}-{arch}.tar.gz", OTHER_TAG),
        ("https://github.com/o/r/releases/download/v{version}/{os}/r-{version}-{arch}.tar.gz", OTHER_TAG),
        ("https://github.com/o/r/releases/download/v%7Bversion%7D/r-{version}.{os}-{arch}.tar.gz", OTHER_TAG),
    ],
)
@pytest.mark.parametrize("listed", [None, {"linux-amd64": "0" * 64}])
def test_of_other_urls_nothing_is_known(binary: str, said: str, listed: Mapping[str, str] | None) -> None:
    found = checksums(tracked(binary, listed), "1.1.0", files("1.1.0", "linux-amd64"))
    assert found == Checksums(unchecked=(said,))


@pytest.mark.parametrize(
    "name", ["r-{version}.jar", "r-{version}.linux-{arch}.tar.gz", "r-{version}.{os}-amd64.tar.gz"]
)
def test_a_url_that_does_not_tell_the_platform(name: str) -> None:
    binary = f"https://github.com/o/r/releases/download/v{{version}}/{name}"
    there = assets("r-1.1.0.jar", "r-1.1.0.linux-amd64.tar.gz")
    assert checksums(tracked(binary), "1.1.0", there) == Checksums(
        unchecked=("Which file is for which platform, the URL of the download does not tell.",)
    )
    assert checksums(tracked(binary), "1.1.0", []) == Checksums(missing=(name.replace("{version}", "1.1.0"),))


def test_one_file_for_two_listed_platforms() -> None:
    binary = "https://github.com/o/r/releases/download/v{version}/r.jar"
    listed = {"linux-amd64": "0" * 64, "linux-arm64": "0" * 64}
    assert checksums(tracked(binary, listed), "1.1.0", assets("r.jar")) == Checksums(
        {"linux-amd64": digest("r.jar"), "linux-arm64": digest("r.jar")}
    )
    assert checksums(tracked(binary, listed), "1.1.0", []) == Checksums(missing=("r.jar",))
    assert checksums(tracked(binary, listed), "1.1.0", [Asset("r.jar", None)]).undigested == ("r.jar",)


def test_signs_of_regular_expressions_stand_for_themselves() -> None:
    binary = "https://github.com/o/r/releases/download/v{version}/r.(+)-{os}-{arch}"
    assert checksums(tracked(binary), "1.1.0", assets("rx(+)-linux-amd64")).missing == ("r.(+)-{os}-{arch}",)
    assert checksums(tracked(binary), "1.1.0", assets("r.(+)-linux-amd64")).missing == ()
    assert checksums(tracked(), "1.1.0", files("1x1x0", "linux-amd64")).missing == ("r-1.1.0.{os}-{arch}.tar.gz",)


def test_a_name_that_tells_the_platform_twice_tells_the_same_one() -> None:
    binary = "https://github.com/o/r/releases/download/v{version}/{os}-{arch}-{os}"
    assert checksums(tracked(binary), "1.1.0", assets("linux-amd64-darwin")).missing == ("{os}-{arch}-{os}",)
    assert list(checksums(tracked(binary), "1.1.0", assets("linux-amd64-linux")).sha256) == ["linux-amd64"]


@pytest.mark.parametrize("middle", ["{os}{arch}" * 40, "a{os}a{arch}" * 40])
def test_a_hostile_template_costs_little(middle: str) -> None:
    binary = f"https://github.com/o/r/releases/download/v{{version}}/{middle}!"
    assert checksums(tracked(binary), "1.1.0", assets(*("a" * 250 + str(i) for i in range(50)))).missing == (
        f"{middle}!",
    )


names = st.text("abr-.{}01%_", max_size=12)


@given(
    template=st.lists(
        st.sampled_from(["{os}", "{arch}", "{version}", "-", ".", "r", "%2F", "%zz", "{", "}"]), max_size=8
    ),
    there=st.lists(st.builds(Asset, names, st.none() | st.just("0" * 64)), max_size=4),
    listed=st.none() | st.dictionaries(st.sampled_from(PLATFORMS), st.just("1" * 64), min_size=1, max_size=3),
)
def test_whatever_the_template_only_digests_of_assets_are_listed(
    template: list[str], there: list[Asset], listed: dict[str, str] | None
) -> None:
    binary = f"https://github.com/o/r/releases/download/v{{version}}/{''.join(template)}"
    found = checksums(tracked(binary, listed), "1.1.0", there)
    assert set(found.sha256) <= set(listed or PLATFORMS)
    assert set(found.sha256.values()) <= {asset.sha256 for asset in there}
    assert not set(found.missing) & {asset.name for asset in there}
    assert set(found.undigested) <= {asset.name for asset in there if asset.sha256 is None}
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("image", "tag", "expected"),
    [
        ("quay.io/o/r", "v{version}", ("quay.io/o/r", "v1.1.0")),
        ("quay.io/o/r", "{version}-{version}", ("quay.io/o/r", "1.1.0-1.1.0")),
        # The digest of a tag that does not name the version would be that of any version.
        ("quay.io/o/r", "latest", None),
        ("quay.io/o/r", None, None),
        (None, "v{version}", None),
    ],
)
def test_image_of(image: str | None, tag: str | None, expected: tuple[str, str] | None) -> None:
    assert image_of(tracked(image=image, image_tag=tag), "1.1.0") == expected
