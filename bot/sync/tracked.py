"""What an entry says about its releases; a reason where a sync could not rely on it."""

import re
from datetime import date

from bot.catalog.document import Document, Route, Value
from bot.catalog.entry import EXPORTER, Entry
from bot.checks.base import Problem
from bot.checks.entry import schema
from bot.sync.marker import ENTRY
from bot.sync.model import Scheme, Tracked

LONGEST_REASON = 200

_NEEDED: tuple[Route, ...] = (("version",), ("commit",), ("upstream",), ("install", "binary"), ("install", "image"))
"""What steers or guards a sync. A fault anywhere else is not its business."""
_TEMPLATES: tuple[tuple[Route, frozenset[str]], ...] = (
    (("upstream", "tag"), frozenset({"{version}"})),
    (("install", "binary", "url"), frozenset({"{version}", "{os}", "{arch}"})),
    (("install", "image", "tag"), frozenset({"{version}"})),
)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}?|\}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PATH = re.compile(r"/[!-~]*")
_NO_NAMES = (".", "..")


def tracked_of(entry: Entry) -> Tracked | str | None:
    """What exporter.yaml says; None where it names no upstream.

    A reason of one line where the file has a flaw, or a value that is needed is not as the schema says: rather nothing
    is proposed than something that a misspelt `ignore` should have prevented. Never raises.
    """
    parsed = entry.parsed.get(EXPORTER)
    if parsed is None:
        return f"{EXPORTER} is missing"
    if parsed.flaws:
        return _reason(parsed.flaws[0].span.line, parsed.flaws[0].message)
    document = parsed.document
    if document is None or not isinstance(document.data, dict):
        return f"{EXPORTER} is not a mapping"
    if "upstream" not in document.data:
        return None
    if not ENTRY.fullmatch(entry.name):
        # It becomes the name of a branch, and part of what the bot reads back.
        return f'the folder cannot be that of an entry: its name does not match "{ENTRY.pattern}"'
    return _fault(entry, document) or _tracked(entry, document)


def _fault(entry: Entry, document: Document) -> str | None:
    if document.get("version") is None:
        return _reason(1, 'missing key "version"')
    for problem in schema.check(entry):
        if _is_needed(problem):
            where = problem.where
            span = document.span(where, key=problem.key) if isinstance(where, tuple) else where
            return _reason(span.line, problem.message)
    repository = _text(document, "upstream", "repository")
    if repository.partition("/")[2] in _NO_NAMES:
        return _reason(document.span(("upstream", "repository")).line, f'"{repository}" is no repository')
    for route, known in _TEMPLATES:
        for match in _PLACEHOLDER.finditer(_text(document, *route)):
            if match.group() not in known:
                return _reason(document.span(route).line, f"unknown placeholder {match.group()}")
    return None


def _is_needed(problem: Problem) -> bool:
    route = problem.where
    return route == ("install",) or any(isinstance(route, tuple) and route[: len(one)] == one for one in _NEEDED)


def _tracked(entry: Entry, document: Document) -> Tracked:
    ignored = document.get("upstream", "ignore")
    sums = document.get("install", "binary", "sha256")
    return Tracked(
        entry=entry.name,
        path=entry.path,
        repository=_text(document, "upstream", "repository"),
        repository_id=_integer(document.get("upstream", "repository_id")),
        tag=_text(document, "upstream", "tag"),
        scheme=Scheme(_text(document, "upstream", "scheme")),
        version=_text(document, "version"),
        released=_day(document.text_at("released")),
        commit=document.text_at("commit"),
        prereleases=document.get("upstream", "prereleases") is True,
        cooldown_days=_integer(document.get("upstream", "cooldown_days")),
        ignore=frozenset(map(str, ignored)) if isinstance(ignored, list) else frozenset(),
        binary=document.text_at("install", "binary", "url"),
        sha256={key: str(value) for key, value in sums.items()} if isinstance(sums, dict) and sums else None,
        image=document.text_at("install", "image", "name"),
        image_tag=document.text_at("install", "image", "tag"),
        digest=document.text_at("install", "image", "digest"),
        ended=document.text_at("status") in ("archived", "deprecated"),
        alone=document.get("install", "image", "alone") is True,
        port=_port(document.get("endpoint", "port")),
        metrics_path=_path(document.text_at("endpoint", "path")),
    )


def _text(document: Document, *route: str | int) -> str:
    return document.text_at(*route) or ""


def _integer(value: Value) -> int | None:
    """To JSON Schema, 3.0 is an integer, too."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _port(value: Value) -> int:
    port = _integer(value)
    return port if port is not None and 0 < port < 65536 else 0


def _path(text: str | None) -> str:
    return text if text and _PATH.fullmatch(text) else "/metrics"


def _day(text: str | None) -> date | None:
    if not text or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _reason(line: int, message: str) -> str:
    text = f"{EXPORTER}:{line}: {' '.join(message.split())}"
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"
