"""The configuration of a Prometheus that scrapes entries as they say, only more often, and loads every rule file."""

import json
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from bot.catalog.document import Document, Value
from bot.catalog.entry import ALERTS, Entry
from bot.catalog.load import LISTS, load_entry
from tests.live.exporters import ROOT, Exporter

INTERVAL = 1
"""Seconds between scrapes, and between evaluations of rules."""
_OWN_METRICS = "-exporter"


def configuration(exporters: Sequence[Exporter]) -> str:
    """All of it, in JSON, which is YAML."""
    every = f"{INTERVAL}s"
    rule_files: list[Value] = [str(path) for path in sorted((ROOT / LISTS).glob(f"*/{ALERTS}"))]
    config: dict[str, Value] = {
        "global": {"scrape_interval": every, "scrape_timeout": every, "evaluation_interval": every},
        "rule_files": rule_files,
        "scrape_configs": [job for exporter in exporters for job in _jobs(exporter)],
    }
    return json.dumps(config)


def snapshot_url(exporter: Exporter) -> str:
    """Where the metrics of its first target are."""
    entry = _said_by(load_entry(ROOT, exporter.entry))
    parameters: list[tuple[str, str]] = []
    given = entry.get("scrape", "params")
    for name, values in given.items() if isinstance(given, dict) else ():
        parameters.extend((name, str(value)) for value in (values if isinstance(values, list) else ()))
    if exporter.targets:
        parameters.append((entry.text_at("scrape", "multi_target", "param") or "", exporter.targets[0]))
    return f"http://{exporter.address}{_path(entry)}" + (f"?{urlencode(parameters)}" if parameters else "")


def target_labels(exporter: Exporter) -> dict[str, str]:
    """The labels that a scrape of its first target adds."""
    job = _said_by(load_entry(ROOT, exporter.entry)).text_at("scrape", "job") or ""
    return {"job": job, "instance": (*exporter.targets, exporter.address)[0]}


def _jobs(exporter: Exporter) -> Iterator[Value]:
    entry = _said_by(load_entry(ROOT, exporter.entry))
    param = entry.text_at("scrape", "multi_target", "param")
    targets: list[Value] = [*exporter.targets] if param else [exporter.address]
    job: dict[str, Value] = {
        "job_name": entry.text_at("scrape", "job"),
        "metrics_path": _path(entry),
        "params": entry.get("scrape", "params") or {},
        "honor_labels": entry.get("scrape", "honor_labels") is True,
        "static_configs": [{"targets": targets}],
    }
    if not param:
        yield job
        return
    # https://prometheus.io/docs/guides/multi-target-exporter/
    yield job | {
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": f"__param_{param}"},
            {"source_labels": [f"__param_{param}"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": exporter.address},
        ]
    }
    yield {
        "job_name": f"{job['job_name']}{_OWN_METRICS}",
        "metrics_path": entry.text_at("endpoint", "path"),
        "static_configs": [{"targets": [exporter.address]}],
    }


def _path(entry: Document) -> str:
    return entry.text_at("scrape", "path") or entry.text_at("endpoint", "path") or ""


def _said_by(entry: Entry) -> Document:
    assert entry.exporter is not None, entry.path
    return entry.exporter
