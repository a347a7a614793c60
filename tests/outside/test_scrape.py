"""Scrapes of a little exporter, well-behaved and not."""

import socket
import sys
import time
from pathlib import Path

import pytest

from bot.errors import BotError, UsageError
from bot.outside.scrape import scrape
from tests.commands import exporter
from tests.commands.exporter import METRICS, serving


def url(port: int, path: str = "/metrics") -> str:
    return f"http://127.0.0.1:{port}{path}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(port: int, *words: str) -> list[str]:
    return [sys.executable, str(Path(exporter.__file__)), str(port), *words]


def refuses_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_second_answer_is_taken_in_the_format_that_prometheus_asks_for() -> None:
    with serving("metrics") as server:
        assert scrape(url(server.server_port, "/metrics?x=1"), timeout=20).encode() == METRICS % 2
        assert server.requests == [("/metrics?x=1", "text/plain;version=0.0.4")] * 2


@pytest.mark.parametrize(
    ("way", "text"),
    [
        ("unfinished", "up 1"),
        ("packed", "up 1\n"),
        ("chunked", "up 1\n"),
        ("broken", "up one\n" * 7 + "up 1\n"),
    ],
)
def test_any_text_with_samples_is_taken(way: str, text: str) -> None:
    with serving(way) as server:
        assert scrape(url(server.server_port), timeout=20) == text


def test_waits_until_the_exporter_is_ready() -> None:
    with serving("late") as server:
        assert scrape(url(server.server_port), timeout=20).encode() == METRICS % 4


def test_a_command_is_started_scraped_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    # Neither a proxy nor the environment's other habits stand in the way.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    port = free_port()
    assert scrape(url(port), timeout=20, command=command(port, "metrics")).encode() == METRICS % 2
    assert refuses_connections(port)


def test_a_command_is_configured_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPORTER_WAY", "metrics")
    port = free_port()
    code = f"import os, sys; os.execv(sys.executable, {command(port)!r} + [os.environ['EXPORTER_WAY']])"
    assert "demo_scrapes_total" in scrape(url(port), timeout=20, command=[sys.executable, "-c", code])


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("missing", "HTTP status 404"),
        ("empty", "it has no samples"),
        ("trickle", "it does not come to an end"),
        ("silent", "timed out"),
        ("spoiled", "Error -3 while decompressing data: incorrect header check"),
    ],
)
def test_what_gives_no_metrics_is_given_up_in_time(way: str, reason: str) -> None:
    with serving(way) as server:
        began = time.monotonic()
        with pytest.raises(BotError) as refused:
            scrape(url(server.server_port), timeout=0.5)
        assert time.monotonic() - began < 10
        assert refused.value.message.startswith(f"{url(server.server_port)} gave no metrics within 0.5 s: {reason}")
        assert refused.value.hint == "start the exporter, or name its address with --url"


def test_nobody_there() -> None:
    port = free_port()
    with pytest.raises(BotError) as refused:
        scrape(f"http://user:hunter22@127.0.0.1:{port}/metrics", timeout=0.3)
    assert refused.value.message == f"{url(port)} gave no metrics within 0.3 s: connection refused"


@pytest.mark.parametrize(
    ("way", "message"),
    [
        ("html", "answers a page of HTML, not metrics"),
        ("page", "answers a page of HTML, not metrics"),
        ("endless", "answers more than 8 MiB"),
        ("latin", "answers something that is not UTF-8"),
        ("moved", "leads elsewhere: No connection adapters were found for 'file:///etc/hostname'"),
        ("round", "leads elsewhere: Exceeded 3 redirects."),
    ],
)
def test_what_cannot_become_metrics_is_refused_at_once(way: str, message: str) -> None:
    with serving(way) as server, pytest.raises(BotError) as refused:
        # Were it tried again, this test would take an hour.
        scrape(url(server.server_port), timeout=3600)
    assert refused.value.message == f"{url(server.server_port)} {message}"


def test_a_command_that_dies() -> None:
    code = "import sys; print('one\\ntwo\\nthree'); sys.exit('no such flag')"
    with pytest.raises(BotError) as refused:
        scrape(url(free_port()), timeout=3600, command=[sys.executable, "-c", code])
    assert refused.value.message == f"{sys.executable} ended with exit code 1 before it was scraped"
    assert refused.value.hint == "it printed: two | three | no such flag"


def test_a_command_that_dies_without_a_word() -> None:
    with pytest.raises(BotError) as refused:
        scrape(url(free_port()), timeout=3600, command=[sys.executable, "-c", ""])
    assert refused.value.hint == "run it by hand to see why"


def test_a_command_that_never_answers_is_stopped() -> None:
    port = free_port()
    with pytest.raises(BotError) as refused:
        scrape(url(port), timeout=2, command=command(port, "missing"))
    assert refused.value.message.startswith(f"{url(port)} gave no metrics within 2 s: ")
    assert refuses_connections(port)


def test_a_command_that_cannot_be_started() -> None:
    with pytest.raises(BotError) as refused:
        scrape(url(free_port()), timeout=3600, command=["./no-such-exporter"])
    assert refused.value.message.startswith("cannot start ./no-such-exporter")


@pytest.mark.parametrize("way", ["metrics", "html", "missing", "silent"])
def test_another_exporter_at_the_same_address_is_not_mistaken_for_the_command(way: str) -> None:
    with serving(way) as server, pytest.raises(BotError) as refused:
        scrape(url(server.server_port), timeout=3600, command=command(server.server_port, "metrics"))
    assert refused.value.message == f"something answers at {url(server.server_port)} already"


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1:9100", "file:///etc/passwd", "ftp://x/", "http://", "http://[::1", "http://x:port/"]
)
def test_only_http_is_scraped(address: str) -> None:
    with pytest.raises(UsageError) as refused:
        scrape(address, timeout=1)
    assert refused.value.message == f'"{address}" is not the URL of an exporter'
