"""Images started and scraped, with processes in place of containers; and what docker itself makes of the options."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.metrics.snapshot import parse_snapshot
from bot.outside.images import Images
from bot.sync.doors import Scrapes
from bot.sync.model import Unknown
from tests.commands import exporter
from tests.commands.exporter import METRICS
from tests.live.programs import program, until
from tests.outside.programs import program as script

DIGEST = f"sha256:{'0' * 64}"
OLD, NEW = "quay.io/some/exporter:v1", f"quay.io/some/exporter:v2@{DIGEST}"
PULLED_NEW = f"quay.io/some/exporter@{DIGEST}"

STANDIN = Path(__file__).with_name("standin_docker.py")
NAME = re.compile(r"exporterhub-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Docker:
    """The stand-in, first on PATH."""

    state: Path

    def has(self, image: str, way: str | Sequence[str], *, stuck: str = "") -> None:
        """An image to pull: our little exporter in one of its ways, or a program."""
        command = [sys.executable, str(Path(exporter.__file__)), "{port}", way] if isinstance(way, str) else way
        images = json.loads((self.state / "images.json").read_text())
        images[image] = {"program": command, "stuck": stuck}
        (self.state / "images.json").write_text(json.dumps(images))

    def calls(self) -> list[dict[str, list[str]]]:
        return [json.loads(line) for line in (self.state / "calls").read_text().splitlines()]

    def commands(self) -> list[str]:
        """Without random names, and without the questions for ports, which are asked until there is one."""
        names: dict[str, str] = {}
        lines = []
        for call in self.calls():
            words = [
                names.setdefault(word, f"NAME{len(names)}") if NAME.fullmatch(word) else word for word in call["argv"]
            ]
            if words[0] != "port":
                lines.append(" ".join(words))
        return lines

    def left(self) -> list[str]:
        """Networks, images and containers that are there."""
        kinds = ("networks", "pulled", "containers")
        return [f"{kind}/{path.name}" for kind in kinds for path in sorted((self.state / kind).iterdir())]


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Docker]:
    state = tmp_path / "state"
    for kind in ("networks", "pulled", "containers"):
        (state / kind).mkdir(parents=True)
    (state / "images.json").write_text("{}")
    words = f'exec "{sys.executable}" -I "{STANDIN}" "{state}" "$@"'
    monkeypatch.setenv("PATH", f"{script(tmp_path / 'bin/docker', words).parent}{os.pathsep}{os.environ['PATH']}")
    yield Docker(state)
    for record in (state / "containers").iterdir():
        with suppress(ProcessLookupError):
            os.kill(json.loads(record.read_text())["pid"], signal.SIGKILL)


def probe(images: Images | None = None, arguments: Sequence[str] = (), path: str = "/metrics") -> Scrapes | Unknown:
    return (images or Images())(OLD, NEW, 9100, path, arguments)


def reason(answer: Scrapes | Unknown) -> str:
    assert isinstance(answer, Unknown), answer
    assert not answer.deferred
    assert answer.reason.isprintable()
    return answer.reason


def test_both_are_started_in_the_same_way_scraped_and_stopped(docker: Docker) -> None:
    docker.has(OLD, "metrics")
    docker.has(PULLED_NEW, "late")
    assert probe(arguments=["--flag", "-v", "$HOME; x y"]) == Scrapes((METRICS % 2).decode(), (METRICS % 4).decode())
    run = (
        "run --rm --pull never --name {} --network NAME0 --publish 127.0.0.1::9100 --read-only "
        "--tmpfs /tmp:rw,noexec,nosuid,nodev,size=16m --cap-drop ALL --security-opt no-new-privileges "
        "--memory 512m --memory-swap 512m --cpus 1 --pids-limit 256 --log-driver none --no-healthcheck "
        "--hostname exporter --dns 192.0.2.1 {} --flag -v $HOME; x y"
    )
    assert docker.commands() == [
        "network create --driver bridge --opt com.docker.network.bridge.enable_ip_masquerade=false "
        "--opt com.docker.network.bridge.enable_icc=false NAME0",
        "image inspect --format {{.Id}} " + OLD,
        f"pull --quiet {OLD}",
        "image inspect --format {{.Id}} " + PULLED_NEW,
        f"pull --quiet {PULLED_NEW}",
        run.format("NAME1", OLD),
        "rm --force --volumes NAME1",
        run.format("NAME2", PULLED_NEW),
        "rm --force --volumes NAME2",
        f"image rm {PULLED_NEW}",
        f"image rm {OLD}",
        "network rm NAME0",
    ]
    assert {tuple(call["argv"][2:]) for call in docker.calls() if call["argv"][0] == "port"} == {("9100/tcp",)}
    assert docker.left() == []


def test_real_exporters(docker: Docker) -> None:
    docker.has(OLD, [program("prometheus-node-exporter"), "--web.listen-address=127.0.0.1:{port}"])
    docker.has(PULLED_NEW, [program("prometheus-pushgateway"), "--web.listen-address=127.0.0.1:{port}"])
    scrapes = probe(arguments=["--log.level=error"])
    assert isinstance(scrapes, Scrapes)
    assert {"node_exporter_build_info", "node_load1"} <= parse_snapshot(scrapes.old).families.keys()
    assert {"pushgateway_build_info", "go_goroutines"} <= parse_snapshot(scrapes.new).families.keys()
    assert docker.left() == []


def test_an_image_that_was_there_stays(docker: Docker) -> None:
    docker.has(OLD, "metrics")
    docker.has(PULLED_NEW, "metrics")
    (docker.state / "pulled" / OLD.replace("/", "%")).touch()
    assert isinstance(probe(), Scrapes)
    assert docker.left() == [f"pulled/{OLD.replace('/', '%')}"]


def test_nothing_of_this_environment_but_where_docker_is(docker: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_TOKEN", "DOCKER_CONFIG", "http_proxy"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/user/1000/docker.sock")
    docker.has(OLD, "metrics")
    docker.has(PULLED_NEW, "metrics")
    assert isinstance(probe(), Scrapes)
    seen = {name for call in docker.calls() for name in call["env"]} - {
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
        "LC_CTYPE",
        "TMPDIR",
    }
    assert seen == {"PATH", "HOME", "LANG", "TZ", "DOCKER_HOST"}


def test_no_docker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reason(probe()) == "cannot start docker: No such file or directory; install it, or add its folder to PATH"


def test_no_engine(docker: Docker) -> None:
    (docker.state / "down").touch()
    assert reason(probe()) == (
        "docker network create fails: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. "
        "Is the docker daemon running?"
    )


def test_an_image_that_cannot_be_had(docker: Docker) -> None:
    docker.has(OLD, "metrics")
    assert reason(probe()) == (
        f"the image {NEW} cannot be had: docker pull fails: Error response from daemon: manifest for {PULLED_NEW} "
        "not found: manifest unknown: manifest unknown"
    )
    assert not any(line.startswith("run") for line in docker.commands())
    assert docker.left() == []


def test_an_image_that_does_not_arrive(docker: Docker) -> None:
    docker.has(OLD, "metrics", stuck="pull")
    said = reason(probe(Images(pull=0.3)))
    assert said == f"the image {OLD} cannot be had: docker did not finish within 0.3 s"
    assert docker.left() == []


@pytest.mark.parametrize(
    ("way", "seconds", "told"),
    [
        ("missing", 6, "gave no metrics within 6 s: HTTP status 404"),
        ("html", 30, "answers a page of HTML, not metrics"),
        ("latin", 30, "answers something that is not UTF-8"),
        # It might send whoever scrapes it to wherever it cannot go itself.
        ("round", 30, "leads elsewhere"),
    ],
)
def test_an_image_without_metrics(docker: Docker, way: str, seconds: float, told: str) -> None:
    docker.has(OLD, "metrics")
    docker.has(PULLED_NEW, way)
    said = reason(probe(Images(answer=seconds), path="/metrics?a=b"))
    assert said == f"the image {NEW}, asked for /metrics?a=b, {told}; it printed: listening"
    assert docker.left() == []


def test_an_image_that_ends_says_why_and_is_not_believed(docker: Docker) -> None:
    lines = [
        *("one", ""),
        "time=2026-11-23T06:33:01.123Z level=error msg=no",
        "2026/11/23 06:33:01 \\x1b[31mpanic\\u202e at 0xc000f00",
        f"exporterhub-{'0f' * 8} {'ab' * 32} {DIGEST} ::error::{'y' * 300}",
    ]
    code = "import sys; print(sys.argv[2].encode().decode('unicode_escape')); sys.exit(3)"
    docker.has(OLD, [sys.executable, "-c", code, "{port}", "\n".join(lines)])
    docker.has(PULLED_NEW, "metrics")
    assert reason(probe()) == (
        f"the image {OLD} ended with exit code 3 before it was scraped; it printed: time=… level=error msg=no | "
        f"… \\u{{1b}}[31mpanic\\u{{202e}} at … | … … {DIGEST} ::error::{'y' * 25}"
    )
    assert docker.left() == []


def test_an_image_that_ends_without_a_word(docker: Docker) -> None:
    docker.has(OLD, [sys.executable, "-c", ""])
    docker.has(PULLED_NEW, "metrics")
    assert reason(probe()) == f"the image {OLD} ended with exit code 0 before it was scraped"


def test_a_container_that_docker_does_not_start(docker: Docker) -> None:
    docker.has(OLD, "metrics", stuck="run")
    docker.has(PULLED_NEW, "metrics")
    assert reason(probe(Images(command=6))) == f"the image {OLD} was not started within 6 s"
    assert docker.left() == []


@pytest.mark.parametrize(
    ("old", "port", "path", "arguments", "told"),
    [
        ("--privileged", 9100, "/metrics", [], '"--privileged" names no image with its tag or digest'),
        ("-v/:/host:rw", 9100, "/metrics", [], '"-v/:/host:rw" names no image with its tag or digest'),
        ("quay.io/a/b", 9100, "/metrics", [], '"quay.io/a/b" names no image with its tag or digest'),
        ("quay.io/a/b:v1\n", 9100, "/metrics", [], '"quay.io/a/b:v1\\u{a}" names no image with its tag or digest'),
        (OLD, 0, "/metrics", [], "0 is not a port"),
        (OLD, 65536, "/metrics", [], "65536 is not a port"),
        (OLD, 9100, "metrics", [], '"metrics" is not the path of a URL'),
        (OLD, 9100, "@example.com/", [], '"@example.com/" is not the path of a URL'),
        (OLD, 9100, "/a b", [], '"/a b" is not the path of a URL'),
        (OLD, 9100, "/metrics\n", [], '"/metrics\\u{a}" is not the path of a URL'),
        (OLD, 9100, "/", ["a\0b"], '"a\\u{0}b" is too long for an argument, or has characters that do not show'),
        (OLD, 9100, "/", ["\ud800"], '"\\u{d800}" is too long for an argument, or has characters that do not show'),
        (
            OLD,
            9100,
            "/",
            ["x" * 1001],
            f'"{"x" * 120}…" is too long for an argument, or has characters that do not show',
        ),
        (OLD, 9100, "/", ["x"] * 101, "an image gets no more than 100 arguments"),
    ],
)
def test_what_does_not_get_to_docker(
    docker: Docker, old: str, port: int, path: str, arguments: list[str], told: str
) -> None:
    for images in ((old, NEW), (OLD, old)):
        assert reason(Images()(*images, port, path, arguments)) == told
    assert not (docker.state / "calls").exists()


def test_nothing_is_left_after_an_interruption(docker: Docker) -> None:
    docker.has(OLD, "missing")
    docker.has(PULLED_NEW, "metrics")
    code = (
        "from bot.outside.images import Images\n"
        "from bot.outside.process import ended_by_interrupt\n"
        "with ended_by_interrupt():\n"
        f"    Images()({OLD!r}, {NEW!r}, 9100, '/metrics', ())\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stderr=subprocess.PIPE, text=True) as running:
        containers = docker.state / "containers"
        until(lambda: any(path.suffix == "" for path in containers.iterdir()), "a container")
        (record,) = (json.loads(path.read_text()) for path in containers.iterdir())
        running.send_signal(signal.SIGINT)
        _, printed = running.communicate(timeout=60)
    assert printed.splitlines()[-1] == "KeyboardInterrupt"
    assert docker.left() == []
    with pytest.raises(ProcessLookupError):
        os.kill(record["pid"], 0)
