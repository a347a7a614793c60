"""Every Prometheus server on this machine, each version once; each can be run on loopback with given series.

@pytest.mark.parametrize("binary", SERVERS, ids=VERSIONS)
def test_something(binary: Path, tmp_path: Path) -> None:
    with running(binary, tmp_path, samples) as server: ...
"""

import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bot.errors import BotError
from bot.outside import debian
from bot.outside.find_promtool import cache_folder
from bot.outside.process import Running, run, start
from tests.promtools import PROMTOOLS
from tests.tools.parts import PARTS

_VERSION = re.compile(r"prometheus, version (\S+)")
_LISTENING = re.compile(r'"Listening on".* address=(127\.0\.0\.1:[0-9]+)\s')
_READY_SECONDS = 60
_TICK = 0.02
_CONFIG = "global: {scrape_interval: 1m}\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Prometheus said to an instant query."""

    series: tuple[dict[str, str], ...]
    """The labels of each, with __name__."""
    scalar: bool
    """Whether it is a number, and no vector."""
    error: str
    """Such as "execution: many-to-many matching not allowed"; empty where all is well."""


class Server:
    """A Prometheus that answers."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def query(self, expr: str, at: float) -> Answer:
        """The result of an expression at a time in seconds."""
        response = self._session.post(f"{self._url}/api/v1/query", data={"query": expr, "time": str(at)}, timeout=30)
        body = json.loads(response.text)
        if body["status"] != "success":
            return Answer((), scalar=False, error=f"{body['errorType']}: {body['error']}")
        if body["data"]["resultType"] == "scalar":
            return Answer((), scalar=True, error="")
        return Answer(tuple(series["metric"] for series in body["data"]["result"]), scalar=False, error="")

    def get(self, path: str) -> Any:
        """The data that an address of the API returns, such as rules."""
        response = self._session.get(f"{self._url}/api/v1/{path}", timeout=30)
        response.raise_for_status()
        return json.loads(response.text)["data"]

    def close(self) -> None:
        """Lets go of the connection."""
        self._session.close()


@contextmanager
def running(binary: Path, folder: Path, samples: str) -> Iterator[Server]:
    """A Prometheus over these samples, in OpenMetrics; it ends with the block, and leaves its data in the folder."""
    text, data, config = folder / "samples.om", folder / "data", folder / "prometheus.yml"
    text.write_text(samples)
    config.write_text(_CONFIG)
    newest = max(PROMTOOLS, key=lambda promtool: _numbers(promtool.version))
    made = run([str(newest.path), "tsdb", "create-blocks-from", "openmetrics", str(text), str(data)], timeout=60)
    assert made.code == 0, made.stderr
    arguments = {
        "config.file": config,
        "storage.tsdb.path": data,
        "storage.tsdb.retention.time": "100y",
        # A free port, which it tells.
        "web.listen-address": "127.0.0.1:0",
    }
    command = [str(binary), *(f"--{name}={value}" for name, value in arguments.items())]
    with start(command, cwd=folder) as process:
        server = Server(_url_when_ready(process))
        try:
            yield server
        finally:
            server.close()


def _url_when_ready(process: Running) -> str:
    deadline = time.monotonic() + _READY_SECONDS
    pause = threading.Event()
    while process.code is None and time.monotonic() < deadline:
        listening = _LISTENING.search(process.output())
        if listening and requests.get(f"http://{listening[1]}/-/ready", timeout=30).status_code == requests.codes.ok:
            return f"http://{listening[1]}"
        pause.wait(_TICK)
    raise BotError(f"Prometheus did not start: {process.output()}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def _paths() -> Iterator[Path]:
    on_path = shutil.which("prometheus")
    if on_path:
        yield Path(on_path)
    for suite, package in ((None, "prometheus"), *PARTS):
        yield debian.folder(package, cache_folder(), suite) / "usr/bin/prometheus"


def _servers() -> dict[str, Path]:
    by_version: dict[str, Path] = {}
    for path in filter(Path.is_file, _paths()):
        found = _VERSION.search(run([str(path), "--version"], timeout=60).stdout)
        if found:
            by_version.setdefault(found[1], path)
    if not by_version and debian.is_debian():
        raise RuntimeError("no Prometheus on this machine: the tests are run by make test, which gets it")
    return by_version


_FOUND = _servers()
SERVERS = list(_FOUND.values())
VERSIONS = list(_FOUND)
