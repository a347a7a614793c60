"""Where nobody goes, whoever asks for it, and what is not taken along."""

from pathlib import Path

import pytest

from bot.outside.registry import Registry
from bot.outside.wire import Patience, Wire
from tests.outside.registry.asking import APACHE, NODE, asked, reason
from tests.registry import Fault, RegistryDouble
from tests.registry.faults import Way


@pytest.mark.parametrize("challenge", ["", 'Basic realm="x"', "Bearer", 'Bearer service="x"'])
def test_a_challenge_that_nobody_can_meet(double: RegistryDouble, registry: Registry, challenge: str) -> None:
    double.fail("quay.io", Fault(Way.CHALLENGE, value=challenge))
    assert reason(registry.digest(NODE, "v1")).endswith(": HTTP status 401, and it does not say where to get a token")


def test_a_challenge_without_scope(double: RegistryDouble, registry: Registry) -> None:
    digest = double.put(APACHE, "v1")
    realm = f"{double.url}/auth.docker.io/token"
    double.fail(
        "docker.io", Fault(Way.CHALLENGE, value=f'Bearer realm="{realm}", service="registry.docker.io"'), times=1
    )
    assert registry.digest(APACHE, "v1") == digest


@pytest.mark.parametrize(
    "realm",
    ["http://169.254.169.254/token", "https://10.0.0.1/token", "https://example.com/token", "file:///etc/passwd", "/"],
)
def test_tokens_are_not_asked_for_anywhere(double: RegistryDouble, registry: Registry, realm: str) -> None:
    double.fail("quay.io", Fault(Way.CHALLENGE, value=f'Bearer realm="{realm}"'))
    assert reason(registry.digest(NODE, "v1")).endswith(f": it wants tokens from {realm}, which is not its own")


@pytest.mark.parametrize("location", ["http://example.com/", "https://10.0.0.1/", "https://u:p@quay.io/", "file:///"])
def test_redirects_are_not_followed_anywhere(double: RegistryDouble, registry: Registry, location: str) -> None:
    double.fail("quay.io", Fault(Way.REDIRECT, 307, location))
    assert reason(registry.digest(NODE, "v1")).endswith(f": it redirects to {location}, where nobody goes")


def test_redirects_have_an_end(double: RegistryDouble, registry: Registry) -> None:
    double.fail("quay.io", Fault(Way.REDIRECT, 302, "again"))
    assert reason(registry.digest(NODE, "v1")).endswith(": it redirects more than 5 times")
    assert asked(double)[-2:] == ["HEAD quay.io/v2/prometheus/node-exporter/manifests/again"] * 2
    assert len(double.seen) == 6


def test_a_token_stays_with_its_origin(double: RegistryDouble, registry: Registry) -> None:
    double.put(APACHE, "v1")
    assert isinstance(registry.digest(APACHE, "v1"), str)
    with RegistryDouble() as other:
        digest = other.put(APACHE, "v1", b"elsewhere")
        there = f"{other.url}/docker.io/v2/lusotycoon/apache-exporter/manifests/v1"
        double.fail("docker.io", Fault(Way.REDIRECT, 308, there))
        assert registry.digest(APACHE, "v1") == digest
        assert double.seen[-1].authorization.startswith("Bearer docker.io.0.")
        # It says for itself what it wants.
        assert [bool(seen.authorization) for seen in other.seen] == [False, False, True]


def test_neither_netrc_nor_proxy(
    double: RegistryDouble, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password hunter22\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    digest = double.put(APACHE, "v1")
    assert registry.digest(APACHE, "v1") == digest
    # Where the registry is out on the internet, proxies stand; what is in .netrc is still not meant for it.
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    url = f"{double.endpoints['docker.io']}/v2/lusotycoon/apache-exporter/manifests/v1"
    assert Wire(Patience(), "https://registry-1.docker.io").send("HEAD", url).status == 401
    assert not any(seen.authorization.startswith("Basic") for seen in double.seen)


@pytest.mark.parametrize(
    "image",
    [
        *("", "/", "quay.io/", "quay.io//x", "quay.io/x/", "quay.io/../x", "quay.io/x..y", "Quay.io/x"),
        *("127.0.0.1/x", "2130706433.0/x", "0x7f.0x1/x", "10.0.0.1/x", "[::1]/x", "localhost.5/x", "quay.io:443/x"),
        *(
            "-quay.io/x",
            "quay-.io/x",
            ".io/x",
            "quay..io/x",
            "user@quay.io/x",
            "quay.io/x?y",
            "quay.io/x#y",
            "quay.io/x:v1",
        ),
        *("quay.io/X", "quay.io/-x", "quay.io/x y", "quay.io/x\n", "--privileged", f"quay.io/{'x' * 300}"),
    ],
)
def test_what_is_no_image_is_asked_for_nowhere(double: RegistryDouble, registry: Registry, image: str) -> None:
    said = reason(registry.digest(image, "v1"))
    assert said.endswith(" is not the name of an image in a public registry")
    assert said.isprintable()
    assert double.seen == []


@pytest.mark.parametrize(
    "tag", ["", "..", "-v", ".v", "v 1", "v1\n", "../../_catalog", "v1?x", "v" * 129, "v1@sha256:0"]
)
def test_what_is_no_tag_is_asked_for_nowhere(double: RegistryDouble, registry: Registry, tag: str) -> None:
    said = reason(registry.digest(NODE, tag))
    assert said.endswith(f" is not a tag that the image {NODE} could have")
    assert said.isprintable()
    assert double.seen == []
