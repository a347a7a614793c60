"""Entries as they would be, validated in a scratch folder.

promtool is not asked again: it judges rules, unit tests and metrics, and a sync changes none of those.
"""

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from bot.catalog.load import LISTS, folder_items
from bot.checks import CHECKS
from bot.model import Severity
from bot.runner import Options, validate
from bot.sync.doors import Prove
from bot.sync.model import File


def prove_with(jobs: int, today: date) -> Prove:
    """The real thing: every check that reads what a sync changes."""
    checks = tuple(
        check for check in CHECKS if not (check.across and (check.across.slow or check.across.needs_promtool))
    )

    def prove(root: Path, files: Iterable[tuple[str, File]]) -> Mapping[str, tuple[str, ...]]:
        changed = list(files)
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder)
            for entry, file in changed:
                _copy(root / LISTS / entry, scratch / LISTS / entry)
                (scratch / file.path).write_text(file.text, encoding="utf-8", newline="")
            report = validate(Options(root=scratch, promtool=None, today=today, checks=checks, jobs=jobs))
        errors: dict[str, tuple[str, ...]] = {}
        for finding in report.findings:
            if finding.severity is Severity.ERROR:
                place = f"{finding.file}:{finding.span.line}:{finding.span.column}"
                errors[finding.entry] = (
                    *errors.get(finding.entry, ()),
                    f"{place}: [{finding.check}] {finding.message}",
                )
        return errors

    return prove


def _copy(source: Path, target: Path) -> None:
    """Regular files only: a link, or worse, is for the validation of the entry itself to speak of."""
    target.mkdir(parents=True, exist_ok=True)
    for item in folder_items(source):
        if item.kind == "file":
            (target / item.name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / item.name, target / item.name, follow_symlinks=False)
