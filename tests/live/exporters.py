"""Real exporters of the catalog's entries, in front of real services, with somebody who uses these."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from bot.catalog.load import LISTS
from tests.live import services
from tests.live.programs import HOST, answers, listening, program

ROOT = Path(__file__).parents[2]
_WAIT = 5


def _nothing() -> None:
    """There is nobody to serve."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """One that answers."""

    entry: str
    address: str
    """Host and port."""
    use: Callable[[], None] = _nothing
    """Makes the service do something that counts."""
    targets: tuple[str, ...] = ()
    """What a scrape asks it to probe."""


@contextmanager
def _node(folder: Path) -> Iterator[Exporter]:
    with _exporter("prometheus-node-exporter", "--web.listen-address") as port:
        yield Exporter("node", f"{HOST}:{port}")


@contextmanager
def _process(folder: Path) -> Iterator[Exporter]:
    config = folder / "groups.json"
    groups = [{"name": "exporters", "cmdline": ["prometheus-.*-exporter"]}, {"name": "redis", "comm": ["redis-server"]}]
    config.write_text(json.dumps({"process_names": groups}))
    with _exporter("prometheus-process-exporter", "-web.listen-address", "-config.path", str(config)) as port:
        yield Exporter("process", f"{HOST}:{port}")


@contextmanager
def _blackbox(folder: Path) -> Iterator[Exporter]:
    certificate, config = services.certificate(folder), folder / "modules.json"
    http = {"preferred_ip_protocol": "ip4", "tls_config": {"ca_file": str(certificate)}}
    config.write_text(json.dumps({"modules": {"http_2xx": {"prober": "http", "http": http}}}))
    with (
        services.site(certificate) as site,
        _exporter("prometheus-blackbox-exporter", "--web.listen-address", f"--config.file={config}") as port,
    ):
        pages = f"https://{HOST}:{site}/", f"https://{HOST}:{site}/missing"
        yield Exporter("blackbox", f"{HOST}:{port}", targets=pages)


@contextmanager
def _pushgateway(folder: Path) -> Iterator[Exporter]:
    with _exporter("prometheus-pushgateway", "--web.listen-address") as port:

        def push() -> None:
            url = f"http://{HOST}:{port}/metrics/job"
            for group in ("backup/instance/db1", "backup/instance/db2", "report"):
                requests.put(f"{url}/{group}", data="rows_processed 7\n", timeout=_WAIT).raise_for_status()
            # It may not come with a time of its own.
            assert requests.post(f"{url}/report", data="rows_processed 7 1\n", timeout=_WAIT).status_code == 400

        yield Exporter("pushgateway", f"{HOST}:{port}", push)


@contextmanager
def _client_python(folder: Path) -> Iterator[Exporter]:
    example = str(ROOT / LISTS / "client-python/example/app.py")
    with listening(lambda port: [sys.executable, example, "--port", str(port)], _metrics) as port:

        def browse() -> None:
            for path in ("/", "/", "/fail", "/nowhere"):
                requests.get(f"http://{HOST}:{port}{path}", timeout=_WAIT)
            requests.post(f"http://{HOST}:{port}/", timeout=_WAIT)

        yield Exporter("client-python", f"{HOST}:{port}", browse)


@contextmanager
def _redis(folder: Path) -> Iterator[Exporter]:
    with services.redis(folder) as redis:
        address = f"--redis.addr=redis://{HOST}:{redis}"
        with _exporter("prometheus-redis-exporter", "--web.listen-address", address) as port:

            def ask() -> None:
                services.tell_redis(
                    redis, "SET a 1", "SET b 2 EX 600", "GET a", "GET nothing", "LPUSH a 1", "GET", "NOSUCH"
                )

            yield Exporter("redis", f"{HOST}:{port}", ask)


@contextmanager
def _apache(folder: Path) -> Iterator[Exporter]:
    with services.site() as site, services.apache(folder, site) as apache:
        page = f"--scrape_uri=http://{HOST}:{apache}/server-status?auto"
        with _exporter("prometheus-apache-exporter", "--web.listen-address", page) as port:

            def browse() -> None:
                for path in ("/", "/shop/"):
                    requests.get(f"http://{HOST}:{apache}{path}", timeout=_WAIT)

            yield Exporter("apache", f"{HOST}:{port}", browse)


EXPORTERS: tuple[Callable[[Path], AbstractContextManager[Exporter]], ...] = (
    *(_node, _process, _blackbox, _pushgateway, _client_python, _redis, _apache),
)
"""Each keeps what it needs in the folder that it is given."""


def _exporter(package: str, listen: str, *arguments: str) -> AbstractContextManager[int]:
    path = program(package)
    return listening(lambda port: [path, f"{listen}={HOST}:{port}", *arguments], _metrics)


def _metrics(port: int) -> bool:
    return answers(port, "/metrics")
