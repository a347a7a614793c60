"""Digests of images at registries that behave, each in its way."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.outside.registry import MEDIA_TYPES, Registry
from bot.sync.model import Missing
from tests.outside.registry.asking import APACHE, HIDDEN, NODE, asked, reason
from tests.registry import HOSTS, RegistryDouble
from tests.registry.faults import Fault, Way


def test_docker_hub_wants_a_token_that_anybody_may_have(double: RegistryDouble, registry: Registry) -> None:
    digest = double.put("docker.io/haproxy", "3.2", b"the image")
    double.put("docker.io/haproxy", "3.3", b"another")
    assert registry.digest("docker.io/library/haproxy", "3.2") == digest
    assert asked(double) == [
        "HEAD docker.io/v2/library/haproxy/manifests/3.2",
        "GET auth.docker.io/token?scope=repository%3Alibrary%2Fhaproxy%3Apull&service=registry.docker.io",
        "HEAD docker.io/v2/library/haproxy/manifests/3.2",
    ]
    first, token, second = double.seen
    assert (first.authorization, token.authorization) == ("", "")
    assert second.authorization == "Bearer docker.io.0.9635fd86b43f=="
    assert first.accept == second.accept == ", ".join(MEDIA_TYPES)
    assert token.accept == "application/json"
    assert {seen.encoding for seen in double.seen} == {"identity"}


@pytest.mark.parametrize(
    ("written", "asked_for"),
    [
        ("haproxy", "docker.io/v2/library/haproxy"),
        ("docker.io/haproxy", "docker.io/v2/library/haproxy"),
        ("index.docker.io/prom/statsd-exporter", "docker.io/v2/prom/statsd-exporter"),
        ("prom/statsd-exporter", "docker.io/v2/prom/statsd-exporter"),
        ("quay.io/haproxy", "quay.io/v2/haproxy"),
    ],
)
def test_where_a_name_leads(double: RegistryDouble, registry: Registry, written: str, asked_for: str) -> None:
    registry.digest(written, "v1")
    assert asked(double)[0] == f"HEAD {asked_for}/manifests/v1"


def test_quay_wants_no_token_for_what_is_public(double: RegistryDouble, registry: Registry) -> None:
    digest = double.put(NODE, "v1.12.1")
    assert registry.digest(NODE, "v1.12.1") == digest
    assert asked(double) == ["HEAD quay.io/v2/prometheus/node-exporter/manifests/v1.12.1"]


def test_ghcr_names_no_service(double: RegistryDouble, registry: Registry) -> None:
    digest = double.put("ghcr.io/some/exporter", "v1")
    assert registry.digest("ghcr.io/some/exporter", "v1") == digest
    assert asked(double)[1] == "GET ghcr.io/token?scope=repository%3Asome%2Fexporter%3Apull"


def test_a_token_by_its_other_name(double: RegistryDouble, registry: Registry) -> None:
    digest = double.put("gcr.io/some/exporter", "v1")
    assert registry.digest("gcr.io/some/exporter", "v1") == digest
    assert double.seen[-1].authorization.startswith("Bearer gcr.io.0.")


def test_a_registry_that_keeps_its_images_elsewhere(double: RegistryDouble, registry: Registry) -> None:
    digest = double.put("registry.k8s.io/kube-state-metrics", "v2")
    assert registry.digest("registry.k8s.io/kube-state-metrics", "v2") == digest
    assert registry.digest("registry.k8s.io/kube-state-metrics", "v3") == Missing(
        "the image registry.k8s.io/kube-state-metrics has no tag v3"
    )
    assert asked(double)[:2] == [
        "HEAD registry.k8s.io/v2/kube-state-metrics/manifests/v2",
        "HEAD us-docker.pkg.dev/v2/k8s-artifacts-prod/images/kube-state-metrics/manifests/v2",
    ]


def test_a_tag_that_moved(double: RegistryDouble, registry: Registry) -> None:
    before = double.put(NODE, "v1", b"one")
    assert registry.digest(NODE, "v1") == before
    after = double.put(NODE, "v1", b"two")
    assert after != before
    assert registry.digest(NODE, "v1") == after


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_no_such_tag(double: RegistryDouble, registry: Registry, host: str) -> None:
    image = f"{host}/some/exporter"
    double.put(image, "v1")
    double.put(image, "v2")
    double.remove(image, "v2")
    assert registry.digest(image, "v2") == Missing(f"the image {image} has no tag v2")


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("docker.io", f"HTTP status 401: {HIDDEN}"),
        ("quay.io", f"HTTP status 401: {HIDDEN}"),
        ("ghcr.io", f"HTTP status 403 instead of a token: {HIDDEN}"),
        ("us-docker.pkg.dev", f"HTTP status 403: {HIDDEN}"),
    ],
)
def test_an_image_that_is_private_or_does_not_exist(
    double: RegistryDouble, registry: Registry, host: str, told: str, private: bool
) -> None:
    image = f"{host}/some/exporter"
    if private:
        double.put(image, "v1", private=True)
    assert reason(registry.digest(image, "v1")) == f"{host} was asked for the image {image}:v1: {told}"
    # Asking once more with a new token is enough.
    assert [seen.method for seen in double.seen] == ["HEAD", "GET", "HEAD"][: 2 if host == "ghcr.io" else 3]


def test_a_registry_that_says_plainly_that_there_is_no_such_image(double: RegistryDouble, registry: Registry) -> None:
    assert registry.digest("gcr.io/some/exporter", "v1") == Missing("the image gcr.io/some/exporter has no tag v1")


def test_tokens_are_kept_for_their_image_alone(double: RegistryDouble, registry: Registry) -> None:
    for image in (APACHE, "docker.io/prom/other"):
        for tag in ("v1", "v2"):
            digest = double.put(image, tag, tag.encode())
            assert registry.digest(image, tag) == digest
    sent = [seen.authorization for seen in double.seen if seen.method == "HEAD"]
    assert [bool(token) for token in sent] == [False, True, True, False, True, True]
    assert sent[1] == sent[2] != sent[4] == sent[5]
    double.expire_tokens()
    assert registry.digest(APACHE, "v1") == double.put(APACHE, "v1", b"v1")
    assert [seen.method for seen in double.seen[-3:]] == ["HEAD", "GET", "HEAD"]


def test_a_digest_that_is_not_said_is_computed(double: RegistryDouble, registry: Registry) -> None:
    digest = double.put(APACHE, "v1", b"content")
    double.fail("docker.io", Fault(Way.NO_DIGEST))
    assert registry.digest(APACHE, "v1") == digest
    assert [seen.method for seen in double.seen] == ["HEAD", "GET", "HEAD", "GET"]
    assert double.seen[-1].accept == ", ".join(MEDIA_TYPES)


def test_several_threads(double: RegistryDouble, registry: Registry) -> None:
    images = [f"{host}/some/exporter-{number}" for number in range(10) for host in ("docker.io", "quay.io", "ghcr.io")]
    wanted = [double.put(image, "v1", image.encode()) for image in images]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(registry.digest, images, ["v1"] * len(images))) == wanted
