"""Real pairs: the same exporter in two releases, scraped in front of the same service, and an entry for the older one.

pairs/NAME holds old.prom and new.prom, exporter.yaml, alerts.yaml and dashboard.json as somebody may have written them
for the old release, and in expected/ what the reports say when the entry meets the new one. After a change that is
meant, `python -m tests.drift.releases` writes them anew: read every line of the difference.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.catalog.load import load_entry
from bot.drift.judge import drift_of
from bot.drift.model import Drift, Side
from bot.reporters.drift import FORMATS

HERE = Path(__file__).parent / "pairs"
TODAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two releases of an exporter."""

    name: str
    entry: str
    old: str
    new: str
    new_file: str = ""
    """Where the newer scrape is, below pairs/, if not in the pair's own folder."""

    @property
    def folder(self) -> Path:
        """Where everything of the pair is."""
        return HERE / self.name

    def scrapes(self) -> tuple[str, str]:
        """The texts of the old release and of the new one."""
        new = HERE / (self.new_file or f"{self.name}/new.prom")
        return (self.folder / "old.prom").read_text(encoding="utf-8"), new.read_text(encoding="utf-8")

    def drift(self) -> Drift:
        """What the new release breaks."""
        with tempfile.TemporaryDirectory() as root:
            return self.drift_in(Path(root))

    def drift_in(self, root: Path) -> Drift:
        """The same, of a catalog that is written below a folder."""
        lists = root / "lists" / self.entry
        lists.mkdir(parents=True)
        for file in ("exporter.yaml", "alerts.yaml", "dashboard.json"):
            shutil.copy(self.folder / file, lists)
        old, new = self.scrapes()
        (lists / "metrics.prom").write_text(old, encoding="utf-8")
        found = drift_of(root, load_entry(root, self.entry), new, Side("new.prom", self.new), TODAY)
        assert found is not None
        return found


PAIRS = (
    # Debian's bookworm, but for 0.15.2, which is built from the tag; the newer ones are those of the catalog.
    Pair("bind", "bind", "0.6.1", "0.8.0"),
    Pair("blackbox", "blackbox", "0.23.0", "0.28.0"),
    Pair("mysqld", "mysqld", "0.14.0", "0.20.0"),
    Pair("nginx", "nginx", "0.11.0", "1.5.3"),
    Pair("node", "node", "1.5.0", "1.12.1"),
    Pair("node-0.15", "node", "0.15.2", "1.12.1", "node/new.prom"),
    Pair("postgres", "postgres", "0.11.1", "0.20.1"),
    Pair("redis", "redis", "1.45.0", "1.88.0"),
)
BY_NAME = {pair.name: pair for pair in PAIRS}

IN_FULL = ("bind", "nginx")
"""Pairs that are expected as JSON, too: small ones."""


def expected(pair: Pair) -> dict[str, Callable[[Drift], str]]:
    """The files below expected/, and what makes each of them."""
    files = {"report.txt": FORMATS["text"], "report.md": FORMATS["markdown"]}
    return files | {"report.json": FORMATS["json"]} if pair.name in IN_FULL else files


def _write() -> None:
    for pair in PAIRS:
        drift = pair.drift()
        (pair.folder / "expected").mkdir(exist_ok=True)
        for file, render in expected(pair).items():
            (pair.folder / "expected" / file).write_text(render(drift), encoding="utf-8")


if __name__ == "__main__":
    _write()
