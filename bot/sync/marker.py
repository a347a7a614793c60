"""What the bot writes about its own pull requests, for itself to read: a comment on the first line, and a trailer.

Read strictly: a comment counts only if it stands on the very first line, byte for byte as the bot would write it. In
front of a pull request's body stands the bot's own, so no text of others can be taken for it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.catalog.document import Value
from bot.sync.model import Kind

LONGEST_BODY = 60_000
"""Characters of a body without its marker. Source: GitHub takes 65,536 with it."""
ENTRY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
"""An entry's name, as the schema of exporter.yaml has it."""

_MARK = "catalog-bot:v1"
_LONGEST = 4_000
"""Characters of the first line of a pull request."""
_KEY = re.compile(r"[0-9a-f]{64}")
_DIGEST = re.compile(r"[0-9a-f]{16}")
_FIELDS = ["entry", "kind", "version", "to", "key", "body", "facts", "compared"]
_FACTS = re.compile(r"(?:[0-9a-f]{12}(?:\+[0-9a-f]{12})*)?")
_FACT = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])")
_MOST_FACTS = 200
_TRAILER = "Bump-Key"
_TRAILER_LINE = re.compile(rf"{_TRAILER}: ([0-9a-f]{{64}})")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a pull request of the bot was made from."""

    entry: str
    kind: Kind
    version: str
    """The one that the entry listed."""
    to: str
    """The one it is to list; for a move, the repository's new name."""
    key: str
    """Digest of the files, 64 hexadecimal digits."""
    body: str
    """Digest of the text as the bot wrote it, so that what a person changes in it stays while nothing else changes."""
    facts: str = ""
    """Beginnings of the checksums and ids that the files hold, joined by +: what must not change while it is open."""
    compared: bool = False
    """Whether the text says what the new version's metrics break."""


def digest_of(*texts: str) -> str:
    """A short digest of some texts, 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]


def facts_in(*texts: str) -> str:
    """The checksums and ids of commits in some texts, as a marker holds them."""
    found = sorted({fact[:12] for text in texts for fact in _FACT.findall(text)})
    return "+".join(found[:_MOST_FACTS])


def marked(marker: Marker, body: str) -> str:
    """A body with its marker in front."""
    data: dict[str, Value] = {
        "entry": marker.entry,
        "kind": str(marker.kind),
        "version": marker.version,
        "to": marker.to,
        "key": marker.key,
        "body": marker.body,
        "facts": marker.facts,
        "compared": marker.compared,
    }
    return f"{comment(_MARK, data)}\n{body}"


def marker_of(text: str) -> Marker | None:
    """The marker of a pull request's body; None where there is none, or one that the bot would not write."""
    data = comment_of(_MARK, text, _LONGEST)
    if data is None or list(data) != _FIELDS:
        return None
    texts = [value for value in data.values() if isinstance(value, str)]
    compared = data["compared"]
    if len(texts) != len(_FIELDS) - 1 or not isinstance(compared, bool):
        return None
    entry, kind, version, to, key, body, facts = texts
    if kind not in tuple(Kind) or not (ENTRY.fullmatch(entry) and _KEY.fullmatch(key) and _DIGEST.fullmatch(body)):
        return None
    return Marker(entry, Kind(kind), version, to, key, body, facts, compared) if _FACTS.fullmatch(facts) else None


def trailer(key: str) -> str:
    """The last line of a commit message."""
    return f"{_TRAILER}: {key}"


def key_of(message: str) -> str | None:
    """The key in the last paragraph of a commit message that has more than one; None unless there is exactly one."""
    paragraphs = _PARAGRAPHS.split(message.replace("\r\n", "\n").strip())
    lines = paragraphs[-1].split("\n") if len(paragraphs) > 1 else []
    keys = [line.rstrip() for line in lines if line.casefold().startswith(_TRAILER.casefold())]
    match = _TRAILER_LINE.fullmatch(keys[0]) if len(keys) == 1 else None
    return match.group(1) if match else None


def comment(mark: str, data: Mapping[str, Value]) -> str:
    """An invisible line of Markdown that holds JSON, in ASCII; nothing in it can end the comment."""
    written = json.dumps(data, separators=(",", ":"))
    for character in "<>&":
        # They can stand in strings only, where JSON may write them out.
        written = written.replace(character, f"\\u{ord(character):04x}")
    return f"<!-- {mark} {written} -->"


def comment_of(mark: str, text: str, longest: int) -> Mapping[str, Value] | None:
    """What the comment on the first line of a text holds; None unless it is one that `comment` writes."""
    line = first_line(text, longest)
    start, end = f"<!-- {mark} ", " -->"
    if line is None or not (line.startswith(start) and line.endswith(end)):
        return None
    try:
        data: Value = json.loads(line[len(start) : -len(end)])
        # Anything written otherwise was not written by the bot: other spacing, a key twice, another escape.
        return data if isinstance(data, dict) and comment(mark, data) == line else None
    except (ValueError, RecursionError):
        return None


def first_line(text: str, longest: int) -> str | None:
    """The first line of a text, without its line break; None where it is longer than that."""
    line, found, _ = text[: longest + 2].partition("\n")
    line = line.removesuffix("\r") if found else line
    return line if len(line) <= longest else None
