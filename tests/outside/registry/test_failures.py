"""Registries that fail, limit, or want to be left alone."""

import pytest

from bot.outside.registry import Registry
from bot.sync.model import Unknown
from tests.outside.registry.asking import APACHE, HIDDEN, NODE, reason
from tests.outside.test_scrape import free_port
from tests.registry import FAULTS, MANIFEST, TOKEN, Fault, RegistryDouble, status

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


def test_nobody_there() -> None:
    registry = Registry(endpoints={"quay.io": f"http://127.0.0.1:{free_port()}"})
    assert reason(registry.digest(NODE, "v1")).endswith(": it cannot be reached")


def test_tls_is_insisted_on(double: RegistryDouble) -> None:
    registry = Registry(endpoints={"quay.io": double.url.replace("http:", "https:")})
    assert reason(registry.digest(NODE, "v1")).endswith(": it cannot be trusted, TLS fails")
