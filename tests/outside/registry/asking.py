"""Images that are asked for, and what comes of it."""

from bot.sync.model import Missing, Unknown
from tests.registry import RegistryDouble

NODE = "quay.io/prometheus/node-exporter"
APACHE = "docker.io/lusotycoon/apache-exporter"
HIDDEN = "the image is private, or does not exist"


def asked(double: RegistryDouble) -> list[str]:
    return [str(seen) for seen in double.seen]


def reason(answer: str | Missing | Unknown) -> str:
    """Why nobody knows, and that somebody was asked."""
    assert isinstance(answer, Unknown), answer
    assert not answer.deferred
    return answer.reason
