"""Defects that people make, one planted into each of many clean entries, and what validate must say of each."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the one occurrence of `old`; a ‸ in `new` marks where the finding must point, and is taken out."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Defect:
    """Edits of one entry named `{name}`, and the one finding that they must bring."""

    name: str
    edits: tuple[Edit, ...]
    says: str
    """severity[check] message; {name} stands for the entry's."""


MARK = "‸"


def plant(defect: Defect, root: Path, name: str) -> tuple[str, int, int]:
    """Edits the entry; the file, line and column where the finding is expected."""
    place = None
    for edit in defect.edits:
        path = root / "lists" / name / edit.file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        old, new = edit.old.replace("{name}", name), edit.new.replace("{name}", name).replace("{Name}", name.capitalize())
        assert text.count(old) == 1 or not path.exists(), f"{defect.name}: {old!r} stands {text.count(old)} times"
        text = text.replace(old, new, 1) if path.exists() else new
        if MARK in text:
            before = text[: text.index(MARK)]
            place = f"lists/{name}/{edit.file}", before.count("\n") + 1, len(before) - before.rfind("\n")
            text = text.replace(MARK, "")
        path.write_text(text, encoding="utf-8")
    assert place is not None
    return place


def one(name: str, file: str, old: str, new: str, says: str) -> Defect:
    """A defect of a single edit."""
    return Defect(name, (Edit(file, old, new),), says)


ENTRY, RULES, TESTS, BOARD, SCRAPE = "exporter.yaml", "alerts.yaml", "alerts_test.yaml", "dashboard.json", "metrics.prom"

DEFECTS: tuple[Defect, ...] = (
    one("enum", ENTRY, "kind: exporter", "kind: ‸exporters", 'error[entry/schema] "exporters" is not a kind of this catalog'),
    one("key", ENTRY, "license:", "‸licence:", 'error[entry/schema] unknown key "licence"'),
    one("number", ENTRY, '\nversion: "1.10"', "\nversion: ‸1.10", "error[entry/schema] version must be a quoted string"),
    one("missing", ENTRY, "{port:", "‸{prot:", 'error[entry/schema] missing key "port"'),
    one("http", ENTRY, "homepage: https:", "homepage: ‸http:", "error[entry/urls] not an https URL"),
)
