"""A generated catalog, each entry of which lists the newest release of its upstream repository, all facts filled in."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tests.github import Asset, Release, Upstream
from tests.github.clock import START
from tests.github.upstream import object_id

RELEASES = 25
"""Of each repository, with a tag each."""
NEWEST = f"1.{RELEASES - 1}.0"
PLATFORMS = ("linux-amd64", "linux-arm64")


def write_released(root: Path, entries: int) -> list[Upstream]:
    """Writes entries below root/lists, and returns the repositories that they name. They have no image."""
    upstreams = []
    for number in range(entries):
        name = f"demo{number:04}"
        folder = root / "lists" / name
        folder.mkdir(parents=True)
        (folder / "exporter.yaml").write_text(_exporter(name, number), encoding="utf-8")
        upstreams.append(Upstream(f"up/{name}", _id(number), releases=list(_releases(name))))
    return upstreams


def _id(number: int) -> int:
    return 1000 + number


def _releases(name: str) -> Iterator[Release]:
    for minor in range(RELEASES):
        version = f"1.{minor}.0"
        assets = tuple(
            Asset(f"{name}-{version}.{platform}.tar.gz", f"sha256:{_digest(name, version, platform)}")
            for platform in PLATFORMS
        )
        yield Release(f"v{version}", _date(minor), assets, f"Notes of {version}.", commit=_commit(name, version))


def _date(minor: int) -> datetime:
    """A release a month, the last of them 40 days ago."""
    return START - timedelta(days=40 + 30 * (RELEASES - 1 - minor))


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def _commit(name: str, version: str) -> str:
    return object_id(name, version)


def _exporter(name: str, number: int) -> str:
    """As long as those of the catalog are."""
    sums = "".join(f"      {platform}: {_digest(name, NEWEST, platform)}\n" for platform in PLATFORMS)
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
monitors:
  product: {name.capitalize()}
  versions: ">=2.6"
links:
  homepage: https://github.com/up/{name}
  docs: https://github.com/up/{name}/blob/main/README.md
  changelog: https://github.com/up/{name}/releases
upstream:
  repository: up/{name}
  repository_id: {_id(number)}
  tag: v{{version}}
  scheme: semver
  cooldown_days: 3
version: "{NEWEST}"
released: "{_date(RELEASES - 1).date()}"
commit: {_commit(name, NEWEST)}
endpoint:
  port: {10000 + number}
  path: /metrics
  registered: false
install:
  binary:
    url: https://github.com/up/{name}/releases/download/v{{version}}/{name}-{{version}}.{{os}}-{{arch}}.tar.gz
    sha256:
{sums}  notes: |
    The server has to offer its status page where the exporter looks for it, and to nobody else.

    `{name}_up` is 1 as soon as the server accepts the connection, even if it then refuses the page.
run:
  command: [{name}]
  flags:
    - name: --web.listen-address
      default: ":{10000 + number}"
      description: Where to serve metrics.
    - name: --web.telemetry-path
      default: /metrics
      description: Path of the metrics.
    - name: --{name}.uri
      default: http://localhost/status
      description: Where to read the status page; user and password may stand in front of the host.
    - name: --{name}.timeout
      default: 5s
      description: How long to wait for an answer.
  env:
    - name: {name.upper()}_URI
      description: The same as --{name}.uri.
scrape:
  job: {name}
  interval: 15s
"""
