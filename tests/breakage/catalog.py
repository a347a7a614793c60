"""Breaks every entry, validates all of them at once, and says what was not noticed."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.catalog.entry import TESTS, Entry
from bot.catalog.load import load_entry
from bot.checks import CHECKS
from bot.checks.base import Promtool
from bot.runner import Options, validate
from tests.breakage import others, queries
from tests.breakage.edits import Break, Kind

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        queries.metric_misspelt,
        queries.matcher_label_misspelt,
        queries.grouping_label_misspelt,
        queries.value_in_wrong_case,
        queries.rate_of_a_gauge,
        queries.rate_forgotten,
        queries.sum_before_rate,
        queries.le_lost,
        queries.guard_lost,
        queries.comparison_lost,
        queries.job_hard_coded,
        queries.join_without_on,
        queries.another_function,
        others.template_label_misspelt,
        others.grouping_label_dropped,
        others.legend_misspelt,
        others.unit_wrong,
        others.unit_forgotten,
        others.literal_window,
        others.variable_misspelt,
        others.panel_emptied,
        others.threshold_of_another_unit,
        others.metric_gone_upstream,
        others.label_gone_upstream,
        others.version_without_snapshot,
        others.declaration_dropped,
        others.declaration_too_wide,
        others.of_another_exporter,
    )
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One broken entry, and the checks that had something to say which they did not say of the whole one."""

    entry: str
    kind: str
    broken: Break
    noticed: frozenset[str]

    @property
    def caught(self) -> bool:
        """Whether a check that is meant for it noticed."""
        return not self.noticed.isdisjoint(self.broken.meant)


def breaks(of_each_kind: int) -> Iterator[tuple[Entry, str, Break]]:
    """The same few of each kind in each entry every time: chosen by chance, from a fixed seed."""
    folders = sorted(path for path in (ROOT / "lists").iterdir() if (path / "exporter.yaml").is_file())
    for folder in folders:
        entry = load_entry(ROOT, folder.name)
        for name, kind in KINDS.items():
            possible = list(kind(entry))
            chance = random.Random(f"{folder.name}/{name}")
            for broken in chance.sample(possible, min(of_each_kind, len(possible))):
                yield entry, name, broken


def try_all(root: Path, promtool: Promtool, of_each_kind: int) -> list[Tried]:
    """Writes every broken entry below `root`, and validates them together."""
    every = list(breaks(of_each_kind))
    for number, (entry, _, broken) in enumerate(every):
        folder = root / "lists" / f"broken-{number:04}"
        shutil.copytree(entry.folder, folder)
        if "alerts/test" not in broken.meant:
            # Only to be quick: the unit tests have nothing to say of it.
            (folder / TESTS).unlink(missing_ok=True)
        for file, text in broken.files.items():
            (folder / file).write_text(text, encoding="utf-8")
    checks = tuple(check for check in CHECKS if check.id != "alerts/mutation" and not check.id.startswith("entry/"))
    report = validate(Options(root, promtool, TODAY, checks=checks, jobs=2))
    noticed: dict[str, set[str]] = {}
    for finding in report.findings:
        noticed.setdefault(finding.entry, set()).add(finding.check)
    return [
        Tried(entry.name, kind, broken, frozenset(noticed.get(f"broken-{number:04}", ())))
        for number, (entry, kind, broken) in enumerate(every)
    ]
