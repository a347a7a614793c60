"""Answers that nobody should believe."""

import pytest

from bot.outside.registry import MEDIA_TYPES, Registry
from bot.outside.wire import Patience
from bot.sync.model import Missing
from tests.outside.registry.asking import APACHE, NODE, reason
from tests.registry import FAULTS, TOKEN, Fault, RegistryDouble, status
from tests.registry.faults import Way

NO_DIGEST = Fault(Way.NO_DIGEST)


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
