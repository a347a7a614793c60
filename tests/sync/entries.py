"""Entries on disk, and facts of releases, for tests of what becomes of exporter.yaml."""

import pickle
from datetime import date
from pathlib import Path

from bot.catalog.document import Document
from bot.catalog.entry import Entry
from bot.catalog.load import load_entry
from bot.catalog.yaml_text import parse_yaml
from bot.sync.blobs import blob_id
from bot.sync.bump import Facts, edit_entry, edited
from bot.sync.model import Edit, File, Tracked
from bot.sync.tracked import tracked_of

CHECKOUT = Path(__file__).parents[2]

OLD_COMMIT, COMMIT = "1" * 39 + "a", "0123456789abcdef0123456789abcdef01234567"
OLD_SUM, OTHER_SUM, SUM = "a" * 64, "b" * 64, "0" * 63 + "c"
OLD_DIGEST, DIGEST = f"sha256:{OLD_SUM}", f"sha256:{SUM}"

FACTS = Facts("1.10", date(2026, 11, 20), COMMIT, {"linux-amd64": SUM, "linux-arm64": OTHER_SUM}, DIGEST, 4711)
NOTHING = Facts("1.10", None, None, {}, None, 4711)


def entry_of(root: Path, text: str | bytes, name: str = "demo") -> Entry:
    """An entry that has nothing but this exporter.yaml."""
    file = root / "lists" / name / "exporter.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_entry(root, name)


def tracked_in(root: Path, text: str, name: str = "demo") -> Tracked:
    tracked = tracked_of(entry_of(root, text, name))
    assert isinstance(tracked, Tracked), tracked
    return tracked


def document(text: str) -> Document:
    parsed = parse_yaml(text)
    assert parsed.document is not None
    assert parsed.flaws == ()
    return parsed.document


def after(root: Path, text: str, facts: Facts) -> tuple[str, tuple[Edit, ...]]:
    """What becomes of a text; the same by way of the file on disk, which stays as it is."""
    tracked = tracked_in(root, text)
    answer = edit_entry(root, pickle.loads(pickle.dumps((tracked, facts))))
    new, edits = edited(tracked, document(text), facts)
    assert answer == (File("lists/demo/exporter.yaml", blob_id(text), new.text), edits)
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert tracked_in(root, text) == tracked
    return new.text, edits


def changed(text: str, *pairs: tuple[str, str]) -> str:
    """A text in which each of these is replaced, which must stand there once."""
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
