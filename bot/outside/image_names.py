"""Names of images, as strangers write them: taken apart, or refused.

The grammar is that of https://github.com/distribution/reference, without ports, which entries may not have.
"""

import re
from dataclasses import dataclass

from bot.catalog.files import NOT_ON_A_LINE

_MAX_NAME = 255
# The last part begins with a letter: no IP address does, however it is written.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_PART}(?:/{_PART})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_HUB = "docker.io"


@dataclass(frozen=True, slots=True)
class ImageName:
    """Where an image is."""

    host: str
    """The registry's DNS name."""
    repository: str
    """The path there."""

    def __str__(self) -> str:
        return f"{self.host}/{self.repository}"


def image_name(text: str) -> ImageName | None:
    """None for what is no name of an image. Without a registry it is Docker Hub's, as for `docker pull`."""
    first, slash, rest = text.partition("/")
    host, repository = (first, rest) if slash and "." in first else (_HUB, text)
    if host == "index.docker.io":
        host = _HUB
    if host == _HUB and "/" not in repository:
        repository = f"library/{repository}"
    valid = len(text) <= _MAX_NAME and is_host(host) and _REPOSITORY.fullmatch(repository)
    return ImageName(host, repository) if valid else None


def is_host(text: str) -> bool:
    """Whether this is a DNS name of two parts or more, and so no IP address, and no machine of the own network."""
    return bool(_HOST.fullmatch(text))


def is_tag(text: str) -> bool:
    """Whether an image may have this tag."""
    return bool(_TAG.fullmatch(text))


def is_digest(text: str) -> bool:
    """Whether this is an SHA-256, with its name in front."""
    return bool(_DIGEST.fullmatch(text))


def is_reference(text: str) -> bool:
    """Whether this is a name with a tag, a digest, or both; it does not begin with a dash, then."""
    named, at, digest = text.partition("@")
    name, colon, tag = named.partition(":")
    return (
        bool(at or colon)
        and image_name(name) is not None
        and (is_digest(digest) or not at)
        and (is_tag(tag) or not colon)
    )


def shown(text: str, most: int = 120) -> str:
    r"""A stranger's text for one line of a message: cut short, and with what does not show written as \u{202e}."""
    plain = NOT_ON_A_LINE.sub(lambda match: f"\\u{{{ord(match.group()):x}}}", text[:most])
    return f"{plain}…" if len(text) > most else plain
