"""An entry's exporter.yaml as it should be: only the spans that change, every other byte stays.

Pure, but for `edit_entry` and `move_entry`, which read the entry themselves: they are run in worker processes, so what
they take and give can be pickled.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.catalog.document import Document, Route, Value
from bot.catalog.edit import put, remove, replace
from bot.catalog.entry import EXPORTER
from bot.catalog.load import load_entry
from bot.catalog.yaml_text import parse_yaml
from bot.errors import BotError
from bot.sync.blobs import blob_id
from bot.sync.model import Edit, File, Tracked
from bot.sync.tracked import tracked_of

REPOSITORY: Route = ("upstream", "repository")
_SUMS: Route = ("install", "binary", "sha256")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")

Edited = tuple[Document, tuple[Edit, ...]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What was verified of one release. What is None, or no checksum of which is there, nobody could verify."""

    version: str
    released: date | None
    commit: str | None
    """What the tag points to, 40 hexadecimal digits."""
    sha256: Mapping[str, str]
    """By os-arch, 64 hexadecimal digits each."""
    digest: str | None
    """sha256:… of the image."""
    repository_id: int


def edit_entry(root: Path, work: tuple[Tracked, Facts]) -> tuple[File, tuple[Edit, ...]] | str:
    """exporter.yaml of an entry as `edited` makes it, no edits where nothing changes; or why not, in one line."""
    tracked, facts = work
    return _changed(root, tracked, lambda document: edited(tracked, document, facts))


def move_entry(root: Path, work: tuple[Tracked, str]) -> tuple[File, tuple[Edit, ...]] | str:
    """exporter.yaml of an entry whose repository has another name, OWNER/NAME, now; or why not, in one line."""
    tracked, new = work
    return _changed(root, tracked, lambda document: moved(document, tracked.repository, new))


def _changed(root: Path, tracked: Tracked, change: Callable[[Document], Edited]) -> tuple[File, tuple[Edit, ...]] | str:
    entry = load_entry(root, tracked.entry)
    found, document = tracked_of(entry), entry.exporter
    if isinstance(found, str):
        return found
    if found != tracked or document is None:
        return "it changed while upstream was asked"
    try:
        new, edits = change(document)
    except BotError as error:
        return error.message
    return File(f"{entry.path}/{EXPORTER}", blob_id(document.text), new.text), edits


def edited(tracked: Tracked, document: Document, facts: Facts) -> Edited:
    """exporter.yaml with the facts of a release, and what changed.

    Of a release other than the one that is listed, everything is taken over, and what nobody could verify goes: a
    checksum of the old release is wrong for the new one. Of the listed release, only what is missing is added: a value
    that differs from the one that is there is for people to look at. Raises BotError where an edit cannot be made.
    """
    new, edits = document, list[Edit]()
    for change in _changes(tracked, document, facts):
        new = remove(new, change.route) if change.value is None else put(new, change.route, change.value, change.after)
        edits += change.edits
    return _ended_like(document, new), tuple(edits)


@dataclass(frozen=True, slots=True)
class _Change:
    route: Route
    value: Value
    """None where it goes."""
    after: tuple[str, ...]
    edits: tuple[Edit, ...]


def _changes(tracked: Tracked, document: Document, facts: Facts) -> Iterator[_Change]:
    fresh = facts.version != tracked.version
    released = facts.released.isoformat() if facts.released else None
    wanted: list[tuple[Route, str | int | None, tuple[str, ...], bool]] = [
        (("version",), facts.version, (), fresh),
        (("released",), released, ("version",), fresh),
        (("commit",), facts.commit, ("version", "released"), fresh),
        (("upstream", "repository_id"), facts.repository_id, ("repository",), False),
    ]
    if tracked.image is not None:
        wanted.append((("install", "image", "digest"), facts.digest, ("name", "tag"), fresh))
    for route, value, after, over in wanted:
        old = document.get(*route)
        if (over or old is None) and value != old:
            yield _Change(route, value, after, (Edit(_dotted(route), _shown(old), _shown(value)),))
    if tracked.binary is not None:
        yield from _checksums(document, facts.sha256, fresh)


def _checksums(document: Document, verified: Mapping[str, str], fresh: bool) -> Iterator[_Change]:
    listed = document.get(*_SUMS)
    old: dict[str, Value] = listed if isinstance(listed, dict) else {}
    new: dict[str, Value] = {**verified} if fresh else {**verified, **old}
    edits = [
        Edit(_dotted((*_SUMS, platform)), _shown(old.get(platform)), _shown(new.get(platform)))
        for platform in dict.fromkeys((*old, *new))
        if old.get(platform) != new.get(platform)
    ]
    if edits and not (old and new):
        yield _Change(_SUMS, new or None, ("url",), tuple(edits))
        return
    for edit in sorted(edits, key=lambda edit: not edit.new):  # the mapping is never without a key
        platform = edit.what.rpartition(".")[2]
        yield _Change((*_SUMS, platform), new.get(platform), (), (edit,))


def _ended_like(old: Document, new: Document) -> Document:
    """Without the line break that a new last line brings along, where the old text had none."""
    if old.text.endswith("\n") or not new.text.endswith("\n"):
        return new
    parsed = parse_yaml(new.text.removesuffix("\n").removesuffix("\r"))
    return parsed.document if parsed.document and parsed.document.data == new.data else new


def moved(document: Document, old: str, new: str) -> Edited:
    """exporter.yaml with another OWNER/NAME of the repository, there and in every URL below github.com/OLD.

    Case makes no difference to what is replaced; github.com/OLD-more is another repository. Comments, keys and names of
    images stay. Raises BotError where `new` is no such name, or an edit cannot be made.
    """
    if not _NAME.fullmatch(new):
        raise BotError(f"{json.dumps(new)} is no name of a repository", "look at where upstream moved to")
    url = re.compile(
        rf"(?<![\w.-])(?:www\.)?github\.com/({re.escape(old)})(?=(?:\.git)?\.*(?![\w.-]))", re.IGNORECASE | re.ASCII
    )
    changes = {}
    for route, text in document.strings():
        spans = [(0, len(text))] if route == REPOSITORY else [match.span(1) for match in url.finditer(text)]
        if any(text[start:end] != new for start, end in spans):
            changes[route] = _Renamed(text, spans, _spliced(text, spans, new))
    edits = (
        # Of a text of several lines, only what changes in it.
        Edit(_dotted(route), *((f"github.com/{old}", f"github.com/{new}") if "\n" in one.old else (one.old, one.new)))
        for route, one in changes.items()
    )
    return _renamed(document, changes, new), tuple(edits)


@dataclass(frozen=True, slots=True)
class _Renamed:
    """A string in which the repository's name changes, at spans that follow one another."""

    old: str
    spans: list[tuple[int, int]]
    new: str


def _renamed(document: Document, changes: Mapping[Route, _Renamed], new: str) -> Document:
    root = document.locate(document.text)
    in_place: list[tuple[int, int]] = []
    rest = {}
    for route, one in changes.items():
        place = root
        for step in route:
            place = place.child(step) or place
        origins = place.origins()
        spans = [(origins[start], origins[end - 1] + 1) for start, end in one.spans] if origins else []
        if [document.text[start:end] for start, end in spans] == [one.old[start:end] for start, end in one.spans]:
            in_place += spans
        else:
            rest[route] = one  # escaped or folded: it has to be written anew
    parsed = parse_yaml(_spliced(document.text, sorted(in_place), new))
    wanted = _with_strings(
        document.data, (), lambda route, old: changes[route].new if route in changes and route not in rest else old
    )
    if parsed.document is None or parsed.flaws or parsed.document.data != wanted:
        raise BotError("cannot change the repository's name without changing more than that", "edit the file by hand")
    result = parsed.document
    for route, one in rest.items():
        result = replace(result, route, one.new)
    return result


def _spliced(text: str, spans: Sequence[tuple[int, int]], new: str) -> str:
    """A text with other characters at spans that follow one another."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return new.join(text[end:start] for end, start in zip(ends, starts, strict=True))


def _with_strings(data: Value, route: Route, change: Callable[[Route, str], str]) -> Value:
    if isinstance(data, str):
        return change(route, data)
    if isinstance(data, list):
        return [_with_strings(item, (*route, index), change) for index, item in enumerate(data)]
    if isinstance(data, dict):
        return {key: _with_strings(item, (*route, key), change) for key, item in data.items()}
    return data


def _dotted(route: Route) -> str:
    return ".".join(map(str, route))


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
