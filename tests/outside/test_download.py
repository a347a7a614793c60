"""The verified download, against a small server on this machine."""

import hashlib
import io
import socket
import tarfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.outside import download
from bot.outside.download import fetch_promtool, kept_promtool

NAME = f"prometheus-{download.VERSION}.linux-amd64"
PATH = f"/v{download.VERSION}/{NAME}.tar.gz"
PROGRAM = b"#!/bin/sh\necho promtool, version 3.15.0\n"


def archive(members: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return raw.getvalue()


GOOD = archive({f"{NAME}/LICENSE": b"text", f"{NAME}/promtool": PROGRAM, "../evil": b"x"})


class Server(ThreadingHTTPServer):
    """Answers every request with what the test says."""

    daemon_threads = True
    answer: Callable[[BaseHTTPRequestHandler], None]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def gives(self, content: bytes, *, status: int = 200, length: int | None = None, location: str = "") -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            request.send_header("Content-Length", str(len(content) if length is None else length))
            if location:
                request.send_header("Location", location)
            request.end_headers()
            request.wfile.write(content)

        self.answer = answer


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.answer(self)

    def log_request(self, code: object = "", size: object = "") -> None:
        """Says nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "this_platform", lambda: "linux-amd64")
    monkeypatch.setattr(download, "CHECKSUMS", {"linux-amd64": hashlib.sha256(GOOD).hexdigest()})
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def left(cache: Path) -> list[str]:
    return sorted(str(path.relative_to(cache)) for path in cache.rglob("*") if path.is_file() and path.name != ".lock")


def fault(cache: Path, base: str) -> str:
    """What the download fails with; nothing is left behind."""
    with pytest.raises(BotError) as raised:
        fetch_promtool(cache, lambda _: None, base)
    assert left(cache) == []
    return raised.value.message


def test_promtool_alone_is_taken_out_of_the_archive(server: Server, tmp_path: Path) -> None:
    server.gives(GOOD)
    said: list[str] = []
    path = fetch_promtool(tmp_path / "cache", said.append, server.url)
    assert path == kept_promtool(tmp_path / "cache") == tmp_path / "cache/promtool/3.15.0-linux-amd64/promtool"
    assert path.read_bytes() == PROGRAM
    assert path.stat().st_mode & 0o777 == 0o700
    assert left(tmp_path) == ["cache/promtool/3.15.0-linux-amd64/promtool"]
    assert server.asked == [PATH]
    assert said == [f"downloading {server.url}{PATH}"]


def test_once_is_enough(server: Server, tmp_path: Path) -> None:
    server.gives(GOOD)
    first = fetch_promtool(tmp_path, lambda _: None, server.url)
    assert fetch_promtool(tmp_path, pytest.fail, server.url) == first
    assert server.asked == [PATH]


def test_several_at_once_share_one_download(server: Server, tmp_path: Path) -> None:
    server.gives(GOOD)
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: fetch_promtool(tmp_path, lambda _: None, server.url), range(4)))
    assert {path.read_bytes() for path in paths} == {PROGRAM}
    assert server.asked == [PATH]


def test_a_redirection_is_followed(server: Server, tmp_path: Path) -> None:
    server.gives(GOOD)
    give, redirected = server.answer, server.url + "/elsewhere"
    server.gives(b"", status=302, location=redirected)
    redirect = server.answer
    server.answer = lambda request: (give if request.path == "/elsewhere" else redirect)(request)
    assert fetch_promtool(tmp_path, lambda _: None, server.url).read_bytes() == PROGRAM


def test_another_checksum_is_refused(server: Server, tmp_path: Path) -> None:
    other = archive({f"{NAME}/promtool": b"evil"})
    server.gives(other)
    assert fault(tmp_path, server.url) == (
        f"{server.url}{PATH} has the checksum {hashlib.sha256(other).hexdigest()}, "
        f"not {hashlib.sha256(GOOD).hexdigest()}: it was not used"
    )


def test_cut_short(server: Server, tmp_path: Path) -> None:
    server.gives(GOOD[:50], length=len(GOOD))
    assert fault(tmp_path, server.url) == f"{server.url}{PATH}: the connection broke off"


@pytest.mark.parametrize("status", [404, 403, 500, 503])
def test_a_refusal(server: Server, tmp_path: Path, status: int) -> None:
    server.gives(b"no", status=status)
    assert fault(tmp_path, server.url) == f"{server.url}{PATH}: HTTP {status}"


def test_too_large(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MAX_ARCHIVE", 1 << 20)
    server.gives(bytes((1 << 20) + 1))
    assert fault(tmp_path, server.url) == f"{server.url}{PATH} is larger than 1 MiB"


def test_without_end(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_SECONDS", 0)
    server.gives(GOOD)
    assert fault(tmp_path, server.url) == f"{server.url}{PATH} did not arrive within 0 s"


def test_a_server_that_keeps_silent(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_READ_SECONDS", 0.2)
    over = threading.Event()

    def keep_silent(_: BaseHTTPRequestHandler) -> None:
        over.wait(60)

    server.answer = keep_silent
    try:
        assert fault(tmp_path, server.url) == f"{server.url}{PATH}: no answer in time"
    finally:
        over.set()


def test_nobody_there(server: Server, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert fault(tmp_path, base) == f"{base}{PATH}: cannot be reached"


@pytest.mark.parametrize("members", [{"promtool": PROGRAM}, {f"{NAME}/promtool/x": PROGRAM}])
def test_an_archive_without_promtool(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, members: dict[str, bytes]
) -> None:
    content = archive(members)
    monkeypatch.setattr(download, "CHECKSUMS", {"linux-amd64": hashlib.sha256(content).hexdigest()})
    server.gives(content)
    assert fault(tmp_path, server.url) == f"the archive holds no {NAME}/promtool"


def test_a_platform_without_a_pin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(download, "this_platform", lambda: "plan9-mips")
    assert fault(tmp_path, "http://127.0.0.1") == "Prometheus 3.15.0 is not pinned for plan9-mips"


def test_a_cache_that_cannot_be_written(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BotError) as raised:
        fetch_promtool(tmp_path / "file", lambda _: None, server.url)
    folder = tmp_path / "file/promtool/3.15.0-linux-amd64"
    assert raised.value.message == f"cannot write to {folder}: Not a directory"
    assert raised.value.hint == "set XDG_CACHE_HOME to a folder that you may write to"


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("Linux", "x86_64", "linux-amd64"),
        ("Linux", "aarch64", "linux-arm64"),
        ("Darwin", "arm64", "darwin-arm64"),
        ("Darwin", "x86_64", "darwin-amd64"),
    ],
)
def test_platforms(monkeypatch: pytest.MonkeyPatch, system: str, machine: str, name: str) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert download.this_platform() == name
    assert len(bytes.fromhex(download.CHECKSUMS[name])) == 32
