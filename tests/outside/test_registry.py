"""Digests of images, asked for at registries that behave, and at ones that do not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.outside.registry import MEDIA_TYPES, Registry
from bot.outside.wire import Patience, Wire
from bot.sync.model import Missing, Unknown
from tests.outside.test_scrape import free_port
from tests.registry import FAULTS, HOSTS, MANIFEST, TOKEN, Fault, RegistryDouble, status
from tests.registry.faults import Way

NODE = "quay.io/prometheus/node-exporter"
APACHE = "docker.io/lusotycoon/apache-exporter"
HIDDEN = "the image is private, or does not exist"
NO_DIGEST = Fault(Way.NO_DIGEST)


@pytest.fixture
def double() -> Iterator[RegistryDouble]:
    with RegistryDouble() as running:
        yield running


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def registry(double: RegistryDouble, slept: list[float]) -> Registry:
    return Registry(Patience(answer=30, sleep=slept.append), double.endpoints)


@pytest.fixture
def impatient(double: RegistryDouble) -> Registry:
    return Registry(Patience(answer=0.3, sleep=lambda _: None), double.endpoints)


def asked(double: RegistryDouble) -> list[str]:
    return [str(seen) for seen in double.seen]


def reason(answer: str | Missing | Unknown) -> str:
    """Why nobody knows, and that somebody was asked."""
    assert isinstance(answer, Unknown), answer
    assert not answer.deferred
    return answer.reason


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


TOLD = {
    "429": "HTTP status 429, too many requests",
    "429, in a second": "HTTP status 429, too many requests, it asks to wait 1 s",
    "429, in an hour": "HTTP status 429, too many requests, it asks to wait 3600 s",
    "500": "HTTP status 500",
    "502": "HTTP status 502",
    "503, in a second": "HTTP status 503",
    "time-out": "no answer within 0.3 s",
    "cut": "the connection broke off",
}
MANIFEST_TOLD = {
    "403": f"HTTP status 403: {HIDDEN}",
    "truncated": "the connection broke off",
    "wrong digest": 'it says that the digest is "sha256:f00"',
    "page": 'it answers no manifest, but "text/html"',
}
TOKEN_TOLD = {
    "403": f"HTTP status 403 instead of a token: {HIDDEN}",
    "truncated": "the connection broke off",
    "page": "no token came, but HTTP status 200",
}


@pytest.mark.parametrize(
    ("fault", "at", "told"),
    [
        *((fault, MANIFEST, told) for fault, told in (TOLD | MANIFEST_TOLD).items()),
        *((fault, TOKEN, told) for fault, told in (TOLD | TOKEN_TOLD).items()),
    ],
)
def test_failures_are_never_taken_for_a_missing_tag(
    double: RegistryDouble, impatient: Registry, fault: str, at: str, told: str
) -> None:
    digest = double.put(APACHE, "v1")
    double.fail("docker.io", FAULTS[fault], at=at)
    assert reason(impatient.digest(APACHE, "v1")) == f"docker.io was asked for the image {APACHE}:v1: {told}"
    double.heal()
    assert Registry(endpoints=double.endpoints).digest(APACHE, "v1") == digest


def test_every_failure_was_tried() -> None:
    assert set(TOLD | MANIFEST_TOLD) == set(FAULTS)


@pytest.mark.parametrize(
    ("fault", "pause"),
    [("429, in a second", 1.0), ("500", 1.0), ("502", 1.0), ("503, in a second", 1.0), ("cut", 1.0)],
)
@pytest.mark.parametrize("at", [MANIFEST, TOKEN])
def test_what_passes_is_waited_for(
    double: RegistryDouble, registry: Registry, slept: list[float], fault: str, pause: float, at: str
) -> None:
    digest = double.put(APACHE, "v1")
    double.fail("docker.io", FAULTS[fault], at=at, times=1)
    assert registry.digest(APACHE, "v1") == digest
    assert slept == [pause]


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (status(429, "7"), 7.0),
        (status(503, "Wed, 21 Oct 2026 07:28:30 GMT", Date="Wed, 21 Oct 2026 07:28:00 GMT"), 30.0),
        (status(503, "Wed, 21 Oct 2026 07:28:00 GMT", Date="Wed, 21 Oct 2026 07:28:30 GMT"), 0.0),
        (status(503, "soon"), 1.0),
        (status(503, "Wed, 21 Oct 2026 07:28:30 -0000"), 1.0),
        (status(503, "9" * 400), 1.0),
        (status(503, "Wed, 21 Oct 99999 07:28:30 GMT"), 1.0),
    ],
)
def test_how_long_a_registry_wants_to_be_left_alone(
    double: RegistryDouble, registry: Registry, slept: list[float], fault: Fault, pause: float
) -> None:
    digest = double.put(NODE, "v1")
    double.fail("quay.io", fault, times=1)
    assert registry.digest(NODE, "v1") == digest
    assert slept == [pause]


def test_the_pauses_of_a_run_have_an_end(double: RegistryDouble, registry: Registry, slept: list[float]) -> None:
    digest = double.put(NODE, "v1")
    for pause in ("25", "35"):
        double.fail("quay.io", status(429, pause), times=1)
        assert registry.digest(NODE, "v1") == digest
    double.fail("quay.io", status(429, "1"), times=1)
    assert reason(registry.digest(NODE, "v1")).endswith("too many requests, it asks to wait 1 s")
    assert slept == [25.0, 35.0]
    assert registry.digest(NODE, "v1") == Unknown(
        f"quay.io was not asked for the image {NODE}:v1, since it wants to be left alone: "
        "HTTP status 429, too many requests, it asks to wait 1 s",
        deferred=True,
    )


def test_a_registry_that_wants_to_be_left_alone_is(double: RegistryDouble, registry: Registry) -> None:
    other = double.put(APACHE, "v1")
    double.fail("quay.io", FAULTS["429, in an hour"], times=1)
    double.put(NODE, "v1")
    reason(registry.digest(NODE, "v1"))
    answer = registry.digest("quay.io/some/other", "v1")
    assert answer == Unknown(
        "quay.io was not asked for the image quay.io/some/other:v1, since it wants to be left alone: "
        "HTTP status 429, too many requests, it asks to wait 3600 s",
        deferred=True,
    )
    assert len(double.seen) == 1
    assert registry.digest(APACHE, "v1") == other


@pytest.mark.parametrize("fault", ["429", "500", "time-out", "cut"])
def test_three_failures_in_a_row_are_enough(double: RegistryDouble, impatient: Registry, fault: str) -> None:
    double.put(NODE, "v1")
    double.fail("quay.io", FAULTS[fault])
    for _ in range(3):
        reason(impatient.digest(NODE, "v1"))
    before = len(double.seen)
    assert impatient.digest(NODE, "v1") == Unknown(
        f"quay.io was not asked for the image {NODE}:v1, since it failed 3 times in a row: {TOLD[fault]}", deferred=True
    )
    assert len(double.seen) == before


def test_failures_that_are_not_in_a_row(double: RegistryDouble, registry: Registry) -> None:
    digest = double.put(NODE, "v1")
    for _ in range(3):
        double.fail("quay.io", FAULTS["429"], times=2)
        answers = [registry.digest(NODE, "v1") for _ in range(3)]
        assert [type(answer) for answer in answers] == [Unknown, Unknown, str]
    # One image that nobody may see says nothing of the others.
    for _ in range(5):
        reason(registry.digest("quay.io/some/secret", "v1"))
    assert registry.digest(NODE, "v1") == digest


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
    double.fail("docker.io", NO_DIGEST)
    assert registry.digest(APACHE, "v1") == digest
    assert [seen.method for seen in double.seen] == ["HEAD", "GET", "HEAD", "GET"]
    assert double.seen[-1].accept == ", ".join(MEDIA_TYPES)


def body(text: str, kind: str = MEDIA_TYPES[0], **headers: str) -> Fault:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(Way.BODY, value=text, headers={"Content-Type": kind, **given})


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (FAULTS["truncated"], "the connection broke off"),
        (FAULTS["page"], 'it answers no manifest, but "text/html"'),
        (body("{}", "application/vnd.docker.distribution.manifest.v1+prettyjws"), "it answers no manifest, but"),
        (body(""), "it answers no manifest, but"),
        (body("[]"), "it answers no manifest, but"),
        (body("[" * 100_000), "it answers no manifest, but"),
        (body('{"a": "' + "x" * (4 << 20) + '"}'), "the answer is larger than 4 MiB"),
        (body("{}", Content_Encoding="gzip", Docker_Content_Digest="sha256:0"), 'the digest is "sha256:0"'),
        (Fault(Way.DIGEST, value=f"sha256:{'0' * 64}"), f"it says that the digest is sha256:{'0' * 64}, but its mani"),
    ],
)
def test_only_a_manifest_has_a_digest(double: RegistryDouble, registry: Registry, fault: Fault, told: str) -> None:
    double.put(NODE, "v1")
    double.fail("quay.io", NO_DIGEST, times=1)
    double.fail("quay.io", fault)
    assert told in reason(registry.digest(NODE, "v1"))
    assert [seen.method for seen in double.seen][:2] == ["HEAD", "GET"]


def test_a_manifest_that_trickles(double: RegistryDouble) -> None:
    double.put(NODE, "v1")
    double.fail("quay.io", NO_DIGEST)
    times = iter([0.0, 0.0, 11.0])
    registry = Registry(Patience(clock=lambda: next(times)), double.endpoints)
    assert reason(registry.digest(NODE, "v1")).endswith(": no answer within 10 s")


@pytest.mark.parametrize("digest", ["", "sha256:", f"sha256:{'g' * 64}", f"SHA256:{'0' * 64}", f"sha512:{'0' * 128}"])
def test_what_is_no_digest(double: RegistryDouble, registry: Registry, digest: str) -> None:
    double.put(NODE, "v1")
    double.fail("quay.io", Fault(Way.DIGEST, value=digest))
    assert "it says that the digest is" in reason(registry.digest(NODE, "v1"))


ABSENT = '{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "no"}, {"code": "NAME_UNKNOWN"}]}'


@pytest.mark.parametrize(
    "fault",
    [status(404), status(404, body=ABSENT), status(404, Content_Type=""), status(404, body='{"errors": []}')],
)
def test_what_says_that_there_is_no_such_tag(double: RegistryDouble, registry: Registry, fault: Fault) -> None:
    double.put(NODE, "v1")
    double.fail("quay.io", NO_DIGEST, times=1)
    double.fail("quay.io", fault)
    assert registry.digest(NODE, "v1") == Missing(f"the image {NODE} has no tag v1")


@pytest.mark.parametrize(
    "fault",
    [
        status(404, Content_Type="text/html; charset=utf-8"),
        status(404, Content_Type="text/plain", body="404 page not found"),
        status(404, body="404 page not found"),
        status(404, body='{"errors": [{"code": "DENIED"}]}'),
        status(404, body='{"errors": [{"code": ["NAME_UNKNOWN"]}]}'),
        status(404, body='{"errors": [{}]}'),
        status(404, body='{"errors": null}'),
        status(404, body="[" * 100_000),
        status(404, body="null"),
    ],
)
def test_404_that_may_mean_something_else(double: RegistryDouble, registry: Registry, fault: Fault) -> None:
    double.put(NODE, "v1")
    double.fail("quay.io", NO_DIGEST, times=1)
    double.fail("quay.io", fault)
    assert reason(registry.digest(NODE, "v1")).endswith(": HTTP status 404")


@pytest.mark.parametrize("code", [204, 304, 400, 405, 410, 418])
def test_other_answers_say_nothing(double: RegistryDouble, registry: Registry, code: int) -> None:
    double.fail("quay.io", status(code))
    assert reason(registry.digest(NODE, "v1")).endswith(f": HTTP status {code}")


@pytest.mark.parametrize(
    "token",
    ["", "{", "[]", '{"token": 1}', '{"token": ""}', '{"token": "a b"}', '{"token": "a\\r\\nX: y"}', "[" * 100_000],
)
def test_what_is_no_token(double: RegistryDouble, registry: Registry, token: str) -> None:
    double.put(APACHE, "v1")
    double.fail("docker.io", Fault(Way.BODY, value=token), at=TOKEN)
    assert reason(registry.digest(APACHE, "v1")).endswith(": no token came, but HTTP status 200")


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


def test_nobody_there() -> None:
    registry = Registry(endpoints={"quay.io": f"http://127.0.0.1:{free_port()}"})
    assert reason(registry.digest(NODE, "v1")).endswith(": it cannot be reached")


def test_tls_is_insisted_on(double: RegistryDouble) -> None:
    registry = Registry(endpoints={"quay.io": double.url.replace("http:", "https:")})
    assert reason(registry.digest(NODE, "v1")).endswith(": it cannot be trusted, TLS fails")


def test_several_threads(double: RegistryDouble, registry: Registry) -> None:
    images = [f"{host}/some/exporter-{number}" for number in range(10) for host in ("docker.io", "quay.io", "ghcr.io")]
    wanted = [double.put(image, "v1", image.encode()) for image in images]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(registry.digest, images, ["v1"] * len(images))) == wanted
