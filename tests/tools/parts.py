"""Unpacks what the tests need beside `setup`: promtool and Prometheus, the oldest and the newest that Debian has.

And exporters, newest as well, with the services that they watch. python -m tests.tools.parts
"""

import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from bot.errors import BotError
from bot.outside import debian
from bot.outside.find_promtool import cache_folder

PARTS = (("bookworm", "prometheus"), ("sid", "promtool"), ("sid", "prometheus"))
"""Suite and package: both programs in 2.42, which come in one package, and in 3.5 or newer, which do not."""
LIVE_PARTS = (
    ("sid", "prometheus-node-exporter"),
    ("sid", "prometheus-process-exporter"),
    ("sid", "prometheus-blackbox-exporter"),
    ("sid", "prometheus-pushgateway"),
    ("sid", "prometheus-redis-exporter"),
    ("sid", "prometheus-apache-exporter"),
    *(("bookworm", package) for package in ("openssl", "libssl3")),
    *(("bookworm", package) for package in ("redis-tools", "libatomic1", "libjemalloc2", "liblzf1")),
    *(("bookworm", package) for package in ("apache2-bin", "libapr1", "libaprutil1", "libexpat1")),
)
"""What tests/live runs: programs, and of their libraries those that Debian's own base has not."""


def main() -> int:
    """0 also where there is no Debian: the tests then run with what is there."""
    try:
        if not debian.is_debian():
            _unpack(None, ["prometheus"])
            return 0
        suites: dict[str, list[str]] = {}
        for suite, package in (*PARTS, *LIVE_PARTS):
            suites.setdefault(suite, []).append(package)
        # Each suite has a state of its own, so they need not wait for each other.
        with ThreadPoolExecutor(len(suites)) as pool:
            for _ in pool.map(_unpack, suites.keys(), suites.values()):
                pass
    except BotError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        if debian.is_debian():
            return 3
        print("not on Debian: the tests run with what is there", file=sys.stderr)
    return 0


def _unpack(suite: str | None, packages: Iterable[str]) -> None:
    for package in packages:
        print(debian.unpack((package,), cache_folder(), suite=suite, say=_say), flush=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
