"""probe, against real exporters: what it writes, and when it writes nothing."""

import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.checks import CHECKS
from bot.commands import probe
from bot.commands.probe import run
from bot.errors import BotError, UsageError
from bot.runner import Options, validate
from tests.commands import exporter
from tests.commands.exporter import METRICS, serving
from tests.outside.test_scrape import command, free_port, url

ENTRY = """\
# yaml-language-server: $schema=../../schemas/exporter.schema.json
name: demo
title: Demo exporter
version: "1.2.4"   # the newest
endpoint:
  port: 9100
  path: /metrics
run:
  command: [demo_exporter]
scrape: {job: demo}
waivers: []
"""

SNAPSHOT = """\
snapshot:
  # on a quiet evening
  version: '1.2.3'
  captured: "2026-11-01"
  source: upstream
  url: https://example.com/golden
  path: /old
  flags:
    - --old   # why
  conditional:
    - {match: 'demo_x_*', why: needs x}   # sometimes
"""

TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a name and a user of its own, whatever this one's are."""
    monkeypatch.setattr(socket, "gethostname", lambda: "build-7.corp.lan")
    monkeypatch.setenv("LOGNAME", "alice")
    monkeypatch.delenv("SUDO_USER", raising=False)


def catalog(tmp_path: Path, text: str = ENTRY, name: str = "demo") -> Path:
    folder = tmp_path / "lists" / name
    folder.mkdir(parents=True)
    (folder / "exporter.yaml").write_text(text, encoding="utf-8", newline="")
    return folder


def read(folder: Path) -> str:
    return (folder / "exporter.yaml").read_bytes().decode()


def scrape(folder: Path, way: str = "metrics", path: str = "/metrics", **more: Any) -> None:
    """Probes an exporter that runs already."""
    with serving(way) as server:
        assert run("demo", root=folder.parents[1], url=url(server.server_port, path), timeout=20, **more) == 0


def refused(folder: Path, way: str = "metrics", **more: Any) -> BotError:
    """Probes an exporter that cannot be probed, and finds nothing changed."""
    before = {item.name: item.read_bytes() for item in folder.iterdir()}
    with pytest.raises(BotError) as caught:
        scrape(folder, way, **more)
    assert {item.name: item.read_bytes() for item in folder.iterdir()} == before
    return caught.value


def test_a_command_is_scraped_into_an_entry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    folder = catalog(tmp_path, ENTRY.replace("9100", str(port)))
    argv = [*command(port, "metrics"), "--peer=10.1.2.3:9100", "--uri=http://u:hunter22@build-7.corp.lan/x", "", "--x"]
    assert run("demo", root=tmp_path, timeout=30, command=argv, target="Demo server 7.0") == 0
    assert (folder / "metrics.prom").read_bytes() == (METRICS % 2).replace(b"10.1.2.3", b"192.0.2.1")
    assert read(folder) == ENTRY.replace("9100", str(port)).replace(
        "scrape: {job: demo}\n",
        f"""\
scrape: {{job: demo}}
snapshot:
  version: "1.2.4"
  captured: "{TODAY}"
  source: observed
  flags:
    - {exporter.__file__}
    - "{port}"
    - metrics
    - --peer=192.0.2.1:9100
    - --uri=http://u:redacted@example/x
    - --x
  target:
    product: Demo server
    version: "7.0"
""",
    )
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        "note: an argument is empty, or too long to be noted as a flag",
        "demo: 2 metrics, 2 series",
        "scrubbed: address 10.1.2.3 → 192.0.2.1, 2 times",
        "scrubbed: password or token *** → redacted",
        "scrubbed: host name build-7.corp.lan → example",
        "wrote lists/demo/metrics.prom and the snapshot in lists/demo/exporter.yaml",
    ]
    assert sorted(item.name for item in folder.iterdir()) == ["exporter.yaml", "metrics.prom"]


def test_what_is_written_has_no_finding_of_its_own(tmp_path: Path) -> None:
    folder = catalog(tmp_path)
    scrape(folder, target="Demo 1.0", command=())
    checks = tuple(check for check in CHECKS if check.id in ("metrics/load", "metrics/private", "entry/load"))
    assert validate(Options(tmp_path, None, TODAY, checks=checks)).findings == ()
    schema = tuple(check for check in CHECKS if check.id == "entry/schema")
    findings = validate(Options(tmp_path, None, TODAY, checks=schema)).findings
    assert [finding.message for finding in findings if "snapshot" in finding.message] == []


def test_an_application_of_prometheus_client(tmp_path: Path) -> None:
    port = free_port()
    folder = catalog(tmp_path)
    code = (
        "import threading, prometheus_client as client\n"
        "client.Info('demo_build', 'What this is.').info({'version': '1.2.4'})\n"
        f"client.start_http_server({port}, '127.0.0.1')\n"
        "threading.Event().wait()\n"
    )
    assert run("demo", root=tmp_path, url=url(port), timeout=30, command=[sys.executable, "-c", code]) == 0
    text = (folder / "metrics.prom").read_text()
    assert 'demo_build_info{version="1.2.4"} 1.0\n' in text
    assert "# TYPE python_info gauge\n" in text


def test_a_block_that_is_there_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = catalog(tmp_path, ENTRY.replace("waivers", SNAPSHOT + "waivers"))
    scrape(folder)
    assert read(folder) == ENTRY.replace(
        "waivers",
        f"""\
snapshot:
  # on a quiet evening
  version: '1.2.4'
  captured: "{TODAY}"
  source: observed
  flags:
    - --old   # why
  conditional:
    - {{match: 'demo_x_*', why: needs x}}   # sometimes
waivers""",
    )
    scrape(folder, path="/probe?target=10.9.8.7", target="Demo 1.0")
    assert read(folder) == ENTRY.replace(
        "waivers",
        f"""\
snapshot:
  # on a quiet evening
  version: '1.2.4'
  captured: "{TODAY}"
  source: observed
  path: /probe?target=192.0.2.2
  flags:
    - --old   # why
  target:
    product: Demo
    version: "1.0"
  conditional:
    - {{match: 'demo_x_*', why: needs x}}   # sometimes
waivers""",
    ).replace("/probe?target=192.0.2.2", '"/probe?target=192.0.2.2"')
    before = read(folder)
    scrape(folder, path="/probe?target=10.9.8.7")
    assert read(folder) == before


def test_the_entry_says_what_is_scraped(tmp_path: Path) -> None:
    with serving("metrics") as server:
        text = ENTRY.replace("9100", str(server.server_port))
        catalog(tmp_path, text)
        catalog(tmp_path, text.replace("name: demo", "name: other") + "snapshot: {path: '/x?y=z'}\n", "other")
        assert run("demo", root=tmp_path, timeout=20) == 0
        assert run("other", root=tmp_path, timeout=20) == 0
        assert [path for path, _ in server.requests] == ["/metrics", "/metrics", "/x?y=z", "/x?y=z"]


def test_line_breaks_and_the_last_one(tmp_path: Path) -> None:
    folder = catalog(tmp_path, ENTRY.replace("\n", "\r\n"))
    scrape(folder, "unfinished")
    assert (folder / "metrics.prom").read_bytes() == b"up 1\n"
    assert read(folder).count("\n") == read(folder).count("\r\n") == ENTRY.count("\n") + 4


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    folder = catalog(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("untouched")
    (folder / "metrics.prom").symlink_to(elsewhere)
    scrape(folder)
    assert elsewhere.read_text() == "untouched"
    assert not (folder / "metrics.prom").is_symlink()
    assert (folder / "metrics.prom").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("text", "way", "asked", "version", "said"),
    [
        (ENTRY, "metrics", None, "1.2.4", []),
        (
            ENTRY.replace('"1.2.4"', '"1.2.5"'),
            "metrics",
            None,
            "1.2.4",
            ["warning: the entry lists version 1.2.5; the snapshot proves 1.2.4"],
        ),
        (
            ENTRY,
            "metrics",
            "1.3.0",
            "1.3.0",
            [
                "warning: the metrics say that they are of version 1.2.4, not of 1.3.0",
                "warning: the entry lists version 1.2.4; the snapshot proves 1.3.0",
            ],
        ),
        (
            ENTRY,
            "chunked",
            None,
            "1.2.4",
            ["note: the metrics do not say which version they are of; taken to be 1.2.4, as the entry lists"],
        ),
        (ENTRY, "chunked", "1.2.4", "1.2.4", []),
        (
            ENTRY.replace('version: "1.2.4"', "x: y"),
            "chunked",
            "1.2.4",
            "1.2.4",
            ["warning: the entry lists version (none); the snapshot proves 1.2.4"],
        ),
    ],
)
def test_which_version(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    way: str,
    asked: str | None,
    version: str,
    said: list[str],
) -> None:
    folder = catalog(tmp_path, text)
    scrape(folder, way, version=asked)
    assert f'\n  version: "{version}"\n' in read(folder)
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if line.startswith(("note", "warning"))] == said


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"name": "demo"}, True),
        ({"name": "x", "aliases": "[prometheus-demo-exporter]"}, True),
        ({"name": "x", "upstream": "{repository: someone/demo_exporter}"}, True),
        ({"name": "x", "run": "{command: [./demo]}"}, True),
        ({"name": "x", "aliases": "demo"}, False),
        ({"name": "prometheus"}, False),
    ],
)
def test_whose_build_info_counts(tmp_path: Path, names: dict[str, str], told: bool) -> None:
    folder = catalog(tmp_path, "".join(f"{key}: {value}\n" for key, value in names.items()) + 'version: "0.1"\n')
    scrape(folder)
    assert f'version: "{"1.2.4" if told else "0.1"}"\n  captured' in read(folder)


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        (["demo_exporter", "--a", "b"], ["--a", "b"]),
        (["python", "lists/demo/example/app.py", "--port=1"], ["--port=1"]),
        (["python", "other.py"], ["other.py"]),
        (["demo", "--web.password=x", "--token", "y", "--secret", "--z", "--password-file=/x"],
         ["--web.password=redacted", "--token", "redacted", "--secret", "--z", "--password-file=/x"]),
        (["demo", "line\nbreak", "/home/bob/x", "x" * 301, " y"], ["/home/user/x"]),
    ],
)  # fmt: skip
def test_which_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str], flags: Sequence[str]
) -> None:
    folder = catalog(tmp_path, ENTRY.replace("[demo_exporter]", "[python, example/app.py]"))
    monkeypatch.setattr(probe, "scrape", lambda url, timeout, command: "up 1\n")
    assert run("demo", root=tmp_path, command=words) == 0
    assert read(folder).partition("  flags:\n")[2].partition("waivers")[0] == "".join(
        f"    - {flag}\n" for flag in flags
    )


def test_a_command_without_arguments_leaves_no_flags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = catalog(tmp_path, ENTRY.replace("waivers", SNAPSHOT + "waivers"))
    monkeypatch.setattr(probe, "scrape", lambda url, timeout, command: "up 1\n")
    assert run("demo", root=tmp_path, command=["demo"]) == 0
    assert "flags" not in read(folder)


def test_what_is_no_exposition_is_not_written(tmp_path: Path) -> None:
    error = refused(catalog(tmp_path), "broken")
    assert error.message == (
        '/metrics answers no exposition: line 1: expected a number as value, found "one"; '
        'line 2: expected a number as value, found "one"; line 3: expected a number as value, found "one"; '
        'line 4: expected a number as value, found "one"; line 5: expected a number as value, found "one"; 2 more'
    )
    assert error.hint == "report it to whoever makes the exporter; Prometheus does not read it either"


@pytest.mark.parametrize(
    ("way", "message"),
    [
        ("html", "answers a page of HTML, not metrics"),
        ("endless", "answers more than 8 MiB"),
        ("latin", "answers something that is not UTF-8"),
    ],
)
def test_what_else_is_not_written(tmp_path: Path, way: str, message: str) -> None:
    assert refused(catalog(tmp_path), way).message.endswith(message)


def test_an_exporter_that_dies(tmp_path: Path) -> None:
    folder = catalog(tmp_path)
    with pytest.raises(BotError) as caught:
        run("demo", root=tmp_path, url=url(free_port()), timeout=3600, command=[sys.executable, "-c", "1/0"])
    assert caught.value.message == f"{sys.executable} ended with exit code 1 before it was scraped"
    assert caught.value.hint.endswith("ZeroDivisionError: division by zero")
    assert sorted(item.name for item in folder.iterdir()) == ["exporter.yaml"]


@pytest.mark.parametrize(
    ("more", "message", "hint"),
    [
        ({"target": "Redis"}, '"Redis" is not a product and its version', "write it as --target 'Redis 7.0.15'"),
        (
            {"target": "Redis (7)"},
            '"Redis (7)" is not a product and its version',
            "write it as --target 'Redis 7.0.15'",
        ),
        ({"version": "one two"}, '"one two" is not a version', "write it as --version 1.2.3"),
    ],
)
def test_arguments_that_make_no_sense(tmp_path: Path, more: dict[str, str], message: str, hint: str) -> None:
    error = refused(catalog(tmp_path), **more)
    assert isinstance(error, UsageError)
    assert (error.message, error.hint) == (message, hint)


def test_no_such_entry(tmp_path: Path) -> None:
    catalog(tmp_path)
    for name in ("dema", "../lists/demo", "", "."):
        with pytest.raises(UsageError) as caught:
            run(name, root=tmp_path)
        assert caught.value.message == f'there is no entry "{name}"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: demo\nname: demo\n", "lists/demo/exporter.yaml cannot be read"),
        ("- demo\n", "lists/demo/exporter.yaml cannot be read"),
        ("name: demo\n", "lists/demo/exporter.yaml names no port and path"),
        ("name: demo\nendpoint: {port: '9100', path: /metrics}\n", "lists/demo/exporter.yaml names no port and path"),
    ],
)
def test_an_entry_that_cannot_be_written_to(tmp_path: Path, text: str, message: str) -> None:
    catalog(tmp_path, text)
    with pytest.raises(BotError) as caught:
        run("demo", root=tmp_path)
    assert caught.value.message == message


def test_an_entry_without_a_version_needs_one(tmp_path: Path) -> None:
    error = refused(catalog(tmp_path, "name: demo\n"), "chunked")
    assert (error.message, error.hint) == ("nothing says which version was scraped", "add --version 1.2.3")
