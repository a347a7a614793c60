"""A generated catalog: as many entries as wanted, all of them clean."""

import json
from pathlib import Path

ALERTS = 10
TESTS = 3
PANELS = 12
FAMILIES = 50
CODES = ("200", "404", "500")


def write_catalog(root: Path, entries: int) -> None:
    """Entries with metadata, 10 rules, 3 unit tests, 12 panels and 150 series each, below root/lists."""
    for number in range(entries):
        name = f"demo{number:04}"
        folder = root / "lists" / name
        folder.mkdir(parents=True)
        for file, text in (
            ("exporter.yaml", _exporter(name, number)),
            ("alerts.yaml", _alerts(name)),
            ("alerts_test.yaml", _tests(name)),
            ("dashboard.json", _dashboard(name)),
            ("metrics.prom", _metrics(name)),
        ):
            (folder / file).write_text(text, encoding="utf-8")


def _exporter(name: str, number: int) -> str:
    return f"""# yaml-language-server: $schema=../../schemas/exporter.schema.json
name: {name}
title: {name.capitalize()} exporter
summary: Requests and errors of the {name} server.
kind: exporter
category: database
tags: [demo, generated]
aliases: [{name}_exporter]
origin: community
status: active
license: Apache-2.0
monitors: {{product: {name.capitalize()}, versions: ">=2.6"}}
links:
  homepage: https://example.org/{name}
  docs: https://example.org/{name}/docs
upstream:
  repository: example/{name}
  tag: 'v{{version}}'
  scheme: semver
  cooldown_days: 3
version: "1.10"
released: "2026-01-02"
endpoint: {{port: {10000 + number}, path: /metrics, registered: false}}
install:
  binary:
    url: 'https://example.org/{name}/v{{version}}/{name}-{{version}}.{{os}}-{{arch}}.tar.gz'
  image: {{name: example.org/demo/{name}, tag: 'v{{version}}'}}
run:
  command: [{name}]
  flags:
    - {{name: --web.listen-address, default: ":{10000 + number}", description: Where to serve metrics.}}
scrape: {{job: {name}, interval: 15s}}
snapshot:
  version: "1.10"
  captured: "2026-01-03"
  source: observed
  target: {{product: {name.capitalize()}, version: "7.0"}}
"""


def _alerts(name: str) -> str:
    rules = "".join(
        f"""      - alert: {name.capitalize()}ManyErrors{index}
        expr: |
          sum by (instance, job) (rate({name}_requests_{index}_total{{code="500"}}[5m])) > 0.{index + 1:02}
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: Requests of kind {index} fail on {{{{ $labels.instance }}}}
          description: "{{{{ $value | humanize }}}} requests a second of {{{{ $labels.job }}}} failed for five minutes."
"""
        for index in range(ALERTS)
    )
    return f"groups:\n  - name: {name}\n    rules:\n{rules}"


def _tests(name: str) -> str:
    """Each alert stays quiet before its time, fires after it, and not at half its threshold."""
    shares = [range(share, ALERTS, TESTS) for share in range(TESTS)]
    return "rule_files: [alerts.yaml]\nevaluation_interval: 1m\ntests:\n" + "".join(
        _test(name, share) for share in shares
    )


def _test(name: str, alerts: range) -> str:
    series = "".join(
        f"""      - series: '{name}_requests_{index}_total{{code="500", instance="{instance}:1", job="{name}"}}'
        values: 0+{step * (index + 1):.1f}x30
"""
        for index in alerts
        for instance, step in (("a", 1.2), ("b", 0.3))
    )
    cases = "".join(
        f"      - {{eval_time: {minutes}m, alertname: {name.capitalize()}ManyErrors{index}, "
        f"exp_alerts: [{expected}]}}\n"
        for index in alerts
        for minutes, expected in ((4, ""), (20, _alert(name, index)))
    )
    return f"  - interval: 1m\n    input_series:\n{series}    alert_rule_test:\n{cases}"


def _alert(name: str, index: int) -> str:
    return (
        f'{{exp_labels: {{severity: warning, instance: "a:1", job: {name}}}, exp_annotations: '
        f'{{summary: "Requests of kind {index} fail on a:1", '
        f'description: "{20 * (index + 1)}m requests a second of {name} failed for five minutes."}}}}'
    )


def _dashboard(name: str) -> str:
    source = {"type": "prometheus", "uid": "${datasource}"}
    panels = [
        {
            "id": index + 1,
            "type": "timeseries",
            "title": f"Requests {index}",
            "description": "Requests a second, by code.",
            "datasource": source,
            "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
            "gridPos": {"x": 12 * (index % 2), "y": 8 * (index // 2), "w": 12, "h": 8},
            "targets": [
                {
                    "refId": "A",
                    "datasource": source,
                    "expr": f"sum by (code) (rate({name}_requests_{index}_total"
                    '{job=~"$job", instance=~"$instance"}[$__rate_interval]))',
                    "legendFormat": "{{code}}",
                }
            ],
        }
        for index in range(PANELS)
    ]
    variables = [
        {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Data source"},
        *(
            {
                "name": label,
                "type": "query",
                "datasource": source,
                "query": f"label_values({name}_requests_0_total, {label})",
            }
            for label in ("job", "instance")
        ),
    ]
    board = {
        "uid": f"exporterhub-{name}",
        "title": name.capitalize(),
        "schemaVersion": 39,
        "tags": ["exporterhub"],
        "templating": {"list": variables},
        "panels": panels,
    }
    return json.dumps(board, indent=2) + "\n"


def _metrics(name: str) -> str:
    return "".join(
        f"# HELP {name}_requests_{index}_total Requests of kind {index} served so far.\n"
        f"# TYPE {name}_requests_{index}_total counter\n"
        + "".join(f'{name}_requests_{index}_total{{code="{code}",method="get"}} {index + 7}\n' for code in CODES)
        for index in range(FAMILIES)
    )
