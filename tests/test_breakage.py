"""Broken entries are noticed by the checks meant for what was broken; `python -m tests.breakage` tries more of them."""

from pathlib import Path

from tests.breakage.catalog import try_all
from tests.promtools import PROMTOOLS


def test_nearly_all_broken_entries_are_caught(tmp_path: Path) -> None:
    tried = try_all(tmp_path, PROMTOOLS[-1], of_each_kind=1)
    missed = [
        f"{item.entry}: {item.kind}: {item.broken.what}: {sorted(item.noticed)}" for item in tried if not item.caught
    ]
    assert len(tried) >= 300
    assert len(missed) / len(tried) <= 0.05, "\n".join(missed)
