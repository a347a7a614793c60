"""The catalog against the real thing: Prometheus with every rule file, exporters of several entries, their panels.

What the checks say is judged by a snapshot of the very exporters that Prometheus scrapes. Where the two disagree, the
checks are wrong. `pytest -n0 -s tests/live` shows the account, with each panel that rightly stays empty.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.catalog.entry import METRICS, Entry
from bot.catalog.load import LISTS, load_entry
from bot.outside import debian
from bot.outside.scrape import scrape
from tests.live.account import Account, Auditor
from tests.live.claims import Claims
from tests.live.configuration import INTERVAL, configuration, snapshot_url, target_labels
from tests.live.exporters import EXPORTERS, ROOT, Exporter
from tests.live.programs import HOST, answers, listening, until
from tests.prometheus import SERVERS, VERSIONS, Server

_SCRAPES = 3
_ROUND = 0.25
"""Seconds between two rounds of using the services."""
_PROVEN = 0.7
"""The least share; other expressions depend on the machine, such as on whether it tells of its pressure stalls."""

pytestmark = pytest.mark.skipif(not debian.is_debian(), reason="exporters and services come from Debian's packages")


@pytest.mark.parametrize("binary", SERVERS, ids=VERSIONS)
def test_catalog(binary: Path, tmp_path: Path) -> None:
    account = Account()
    with ExitStack() as stack:
        exporters = [stack.enter_context(make(_folder(tmp_path, make.__name__))) for make in EXPORTERS]
        _use(exporters)
        server = stack.enter_context(_prometheus(binary, tmp_path, configuration(exporters)))
        _wait_for_scrapes(server, exporters, time.time())
        entries = [_with_snapshot(tmp_path, exporter) for exporter in exporters]
        settled = time.time()
        at = _wait_for_scrapes(server, exporters, settled, use=False)
        targets, rules = _healthy_targets(server, exporters), _healthy_rules(server, settled)
        for entry, exporter in zip(entries, exporters, strict=True):
            Auditor(server, at, entry, Claims(entry.evidence, target_labels(exporter)), account).audit()
    print(f"\n{len(exporters)} entries, {targets} targets, {rules} rules of all entries", account.text(), sep="\n")
    assert account.disagreements == []
    assert account.panels.filled > account.panels.all * _PROVEN
    assert account.rules.filled + account.rules.without_conditions > account.rules.all * _PROVEN


@contextmanager
def _prometheus(binary: Path, folder: Path, config: str) -> Iterator[Server]:
    file = folder / "prometheus.json"
    file.write_text(config)
    options = [f"--config.file={file}", f"--storage.tsdb.path={folder / 'data'}", "--log.level=warn"]
    with listening(
        lambda port: [str(binary), *options, f"--web.listen-address={HOST}:{port}"],
        lambda port: answers(port, "/-/ready"),
    ) as port:
        server = Server(f"http://{HOST}:{port}")
        yield server
        server.close()


def _use(exporters: Sequence[Exporter]) -> None:
    for exporter in exporters:
        exporter.use()


def _wait_for_scrapes(server: Server, exporters: Sequence[Exporter], since: float, *, use: bool = True) -> float:
    """A time at which each target was scraped several times, the last time after `since`."""
    at = 0.0
    good = f"up == 1 and sum_over_time(up[10s]) >= {_SCRAPES} and timestamp(up) > {since}"

    def done() -> bool:
        nonlocal at
        if use:
            _use(exporters)
        # Whatever was scraped then has been stored by now.
        at = time.time() - INTERVAL
        return len(server.query(good, at).series) == _targets(exporters)

    until(done, f"{_SCRAPES} scrapes of each target", tick=_ROUND)
    return at


def _targets(exporters: Sequence[Exporter]) -> int:
    """Where there is something to probe, the exporter itself is a target, too."""
    return sum(len(exporter.targets) + 1 for exporter in exporters)


def _with_snapshot(folder: Path, exporter: Exporter) -> Entry:
    """The exporter's entry, with what it exposes now as its snapshot."""
    path = f"{LISTS}/{exporter.entry}"
    shutil.copytree(ROOT / path, folder / path)
    (folder / path / METRICS).write_text(scrape(snapshot_url(exporter), timeout=10))
    return load_entry(folder, exporter.entry)


def _healthy_targets(server: Server, exporters: Sequence[Exporter]) -> int:
    targets: list[dict[str, str]] = []

    def all_up() -> bool:
        targets[:] = server.get("targets?state=active")["activeTargets"]
        return all(target["health"] == "up" and not target["lastError"] for target in targets)

    until(all_up, "every target up")
    assert len(targets) == _targets(exporters)
    return len(targets)


def _healthy_rules(server: Server, since: float) -> int:
    rules: list[dict[str, Any]] = []

    def evaluated() -> bool:
        rules[:] = [rule for group in server.get("rules")["groups"] for rule in group["rules"]]
        return all(datetime.fromisoformat(rule["lastEvaluation"]).timestamp() > since for rule in rules)

    until(evaluated, "every rule evaluated")
    assert [rule for rule in rules if rule["health"] != "ok" or rule.get("lastError")] == []
    texts = [text for rule in rules for alert in rule.get("alerts", ()) for text in alert["annotations"].values()]
    assert [text for text in texts if "error expanding template" in text] == []
    assert len(rules) == sum(len(load_entry(ROOT, path.name).rules) for path in (ROOT / LISTS).iterdir())
    return len(rules)


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name.strip("_")
    folder.mkdir()
    return folder
