"""Details of one release."""

import pytest

from bot.outside.github.anonymous import AnonymousUpstream
from bot.outside.github.published import published
from bot.outside.github.session import Session
from bot.outside.github.upstream import GithubUpstream
from bot.sync import model
from bot.sync.model import Missing, Published, Unknown
from tests.github import Asset, Fault, GitHub, Release, Upstream

NAME = "prometheus/node_exporter"


def test_assets_and_notes(hub: GitHub, session: Session) -> None:
    assets = (
        Asset("a.tar.gz", f"sha256:{'a' * 64}"),
        Asset("before-digests"),
        Asset("another-kind", f"sha512:{'b' * 128}"),
        Asset("capitals", f"sha256:{'A' * 64}"),
    )
    hub.add(Upstream(NAME, 11, releases=[Release("v1.0.0", assets=assets, notes="## What\r\n@you")]))
    found = Published(
        (
            model.Asset("a.tar.gz", "a" * 64),
            model.Asset("before-digests", None),
            model.Asset("another-kind", None),
            model.Asset("capitals", None),
        ),
        "## What\r\n@you",
    )
    assert GithubUpstream(session).published(NAME, "v1.0.0") == found
    assert AnonymousUpstream(session).published(NAME, "v1.0.0") == found
    assert [seen.operation for seen in hub.seen] == ["repos/get-release-by-tag"] * 2


def test_all_pages_of_assets(hub: GitHub, session: Session) -> None:
    assets = tuple(Asset(f"{i}.tar.gz", f"sha256:{i:064x}") for i in range(250))
    hub.add(Upstream(NAME, 11, releases=[Release("v1.0.0", assets=assets)]))
    found = published(session, NAME, "v1.0.0")
    assert found == Published(tuple(model.Asset(f"{i}.tar.gz", f"{i:064x}") for i in range(250)), "")
    assert [seen.operation for seen in hub.seen] == ["repos/get-release-by-tag"] + ["repos/list-release-assets"] * 3


@pytest.mark.parametrize("tag", ["pkg/v1.0.0", "v1.0.0+build", "v1#%2F&a=b", "v1/assets"])
def test_tags_are_data(hub: GitHub, session: Session, tag: str) -> None:
    hub.add(Upstream(NAME, 11, releases=[Release(tag, notes="it")]))
    assert published(session, NAME, tag) == Published((), "it")


def test_a_repository_that_moved(hub: GitHub, session: Session) -> None:
    hub.add(Upstream(NAME, 11, releases=[Release("v1.0.0", notes="it")]))
    hub.world.rename(NAME, "new/name")
    assert published(session, NAME, "v1.0.0") == Published((), "it")


def test_what_is_not_there(hub: GitHub, session: Session) -> None:
    hub.add(Upstream(NAME, 11, releases=[Release("v1.0.0")]))
    for name, tag in ((NAME, "v2.0.0"), ("no/body", "v1.0.0"), ("a/../user", "v1"), (NAME, "")):
        assert published(session, name, tag) == Missing(f"{name} has no release {tag}")
    assert len(hub.seen) == 2


@pytest.mark.parametrize(
    "tag", ["", "..", "../../../user", "a/../b", ".a", "/a", "a/", "a//b", "a.", "a b", "a?b=c", "a\nb"]
)
def test_what_is_no_tag_is_not_asked_for(hub: GitHub, session: Session, tag: str) -> None:
    """Such a name could lead to another place than the releases of this repository."""
    assert published(session, NAME, tag) == Missing(f"{NAME} has no release {tag}")
    assert hub.seen == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.BAD_GATEWAY, "HTTP 502, 4 times"),
        (Fault.HTML, "HTTP 200 with an answer that is cut off, or no JSON, 4 times"),
        (Fault.CUT, "the connection broke off, or none was made, 4 times"),
    ],
)
def test_trouble_is_never_an_absence(hub: GitHub, session: Session, fault: Fault, words: str) -> None:
    hub.add(Upstream(NAME, 11, releases=[Release("v1.0.0")]))
    hub.fail(fault, times=4)
    assert published(session, NAME, "v1.0.0") == Unknown(f"GitHub: release v1.0.0 of {NAME}: {words}")
    assert len(hub.seen) == 4
