"""URLs are https, hold no credentials, and hold {version} where a version stands.

People and the site follow them. A version written out goes stale with the next release; a template does not.

Bad:

    url: http://github.com/o/r/releases/download/v1.2.3/r-1.2.3.tar.gz

Good:

    url: https://github.com/o/r/releases/download/v{version}/r-{version}.tar.gz
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.catalog.document import Document, Route
from bot.catalog.entry import EXPORTER, Entry
from bot.checks.base import Check, Problem
from bot.checks.wording import nearest
from bot.model import Severity

_HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_UNENCODED = re.compile(r"\s|[\\<>\"]")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}?|\}")
_DIRECT = (
    ("links", "homepage"),
    ("links", "docs"),
    ("links", "changelog"),
    ("install", "helm", "repository"),
    ("snapshot", "url"),
)
_TEMPLATES: tuple[tuple[Route, tuple[str, ...]], ...] = (
    (("install", "binary", "url"), ("version", "os", "arch")),
    (("install", "image", "tag"), ("version",)),
    (("upstream", "tag"), ("version",)),
)


def check(entry: Entry) -> Iterator[Problem]:
    """Plain URLs, then templates."""
    document = entry.exporter
    if document is None:
        return
    for route in (*_DIRECT, ("install", "binary", "url"), *_conditional(document)):
        url = document.text_at(*route)
        if url is not None:
            yield from _url(route, url)
    version = document.text_at("version") or ""
    for route, known in _TEMPLATES:
        text = document.text_at(*route)
        if text is not None:
            yield from _template(route, text, known, version)


def _conditional(document: Document) -> Iterator[Route]:
    declared = document.get("snapshot", "conditional")
    for index in range(len(declared) if isinstance(declared, list) else 0):
        yield ("snapshot", "conditional", index, "source")


def _url(route: Route, url: str) -> Iterator[Problem]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        yield Problem(EXPORTER, route, f"not a URL: {error}")
        return
    if parts.scheme != "https":
        yield Problem(EXPORTER, route, "not an https URL", "write https://…")
    elif "@" in parts.netloc:
        yield Problem(
            EXPORTER, route, "the URL holds credentials", "delete everything up to the @; change the password"
        )
    elif not _HOST.fullmatch(host):
        yield Problem(
            EXPORTER, route, f'"{host}" is no public host name', "write a host name in ASCII, with its domain"
        )
    elif _UNENCODED.search(url):
        yield Problem(EXPORTER, route, "the URL holds a character that must be percent-encoded")


def _template(route: Route, text: str, known: tuple[str, ...], version: str) -> Iterator[Problem]:
    names = []
    for match in _PLACEHOLDER.finditer(text):
        name = match.group(1)
        names.append(name)
        if name not in known or not match.group().endswith("}"):
            yield Problem(
                EXPORTER, route, f"unknown placeholder {match.group()}", nearest(name or "", known), within=match.span()
            )
    literal = (
        re.search(rf"(?<![0-9.]){re.escape(version)}(?![0-9]|\.[0-9])", text) if version and version in text else None
    )
    if literal:
        yield Problem(
            EXPORTER, route, f"the version {version} is written out", "write {version}", within=literal.span()
        )
    elif "version" not in names and "upstream" not in route:
        yield Problem(EXPORTER, route, "no {version} in it", "write {version} where the version stands")


CHECK = Check("entry/urls", Severity.ERROR, __doc__, run=check)
