"""How a registry says where its tokens are had, and which of that is believed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.outside.image_names import is_host

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_WORD = re.compile(
    rf'(?P<name>{_TOKEN})(?:\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s",]+)))?|[\s,]+|.', re.S
)
# What fits into a header; RFC 6750 allows less, but registries need not mind.
_SENDABLE = re.compile(r"[!-~]{1,16384}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a token is to be asked for with, and where."""

    realm: str
    """A URL."""
    service: str | None
    scope: str | None


def bearer_challenge(header: str) -> Challenge | None:
    """What WWW-Authenticate says of Bearer; None where it says nothing useful.

    RFC 9110, section 11.6.1: several challenges in one header are separated as their parameters are, by commas.
    """
    scheme = ""
    found: dict[str, str] = {}
    for name, value in _words(header):
        if value is None:
            scheme = name.lower()
        elif scheme == "bearer":
            found.setdefault(name.lower(), value)
    return Challenge(found["realm"], found.get("service"), found.get("scope")) if "realm" in found else None


def _words(header: str) -> Iterator[tuple[str, str | None]]:
    """Names with their values; the name of a scheme has none."""
    for match in _WORD.finditer(header):
        if match["quoted"] is not None:
            yield match["name"], re.sub(r"\\(.)", r"\1", match["quoted"])
        elif match["name"]:
            yield match["name"], match["plain"]


def token_in(body: bytes) -> str | None:
    """The token of an answer, under either of the two names that it may have; None where there is none to send."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    token = answer.get("token") or answer.get("access_token")
    return token if isinstance(token, str) and _SENDABLE.fullmatch(token) else None


def may_lead_to(url: str, before: str) -> bool:
    """Whether to go where a registry points: from https to https, and to nothing but public names.

    A stranger names the registry, and the registry the rest: neither may send requests into the network that this
    runs in. A DNS name may still stand for an address there, but who answers must have a certificate for that name.
    Only a registry on loopback may point to loopback, without TLS, too.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018  # raises where it is no number
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None:
        return False
    if is_loopback(host):
        return parts.scheme in ("http", "https") and is_loopback(urlsplit(before).hostname or "")
    return parts.scheme == "https" and is_host(host)


def is_realm(url: str, registry: str) -> bool:
    """Whether tokens for a registry may be asked for there: at its own host, or at one of the same parent.

    registry-1.docker.io has auth.docker.io, registry.gitlab.com has gitlab.com, quay.io and ghcr.io have themselves.
    No secret is sent there, so it does no harm that the parent of a name like example.co.uk is too wide.
    """
    if not may_lead_to(url, registry):
        return False
    host, own = urlsplit(url).hostname or "", urlsplit(registry).hostname or ""
    parent = own.partition(".")[2]
    families = [own, parent] if "." in parent else [own]
    return is_loopback(host) or any(host == family or host.endswith(f".{family}") for family in families)


def is_loopback(host: str) -> bool:
    """Whether this is an IP address of this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
