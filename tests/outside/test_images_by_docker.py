"""What docker's own client makes of the options that images are started with, in front of an engine that notes them."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.outside.images import Images
from bot.sync.model import Unknown
from tests.outside.engine import REFUSAL, Engine
from tests.outside.test_images import DIGEST, NAME, NEW, OLD, PULLED_NEW


def body_of(requests: Sequence[tuple[str, Any]], beginning: str) -> Mapping[str, Any]:
    (body,) = (body for line, body in requests if line.startswith(beginning))
    assert isinstance(body, dict)
    return body


@pytest.mark.skipif(shutil.which("docker") is None, reason="there is no docker client")
def test_what_docker_itself_makes_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Proxies of its configuration would get into containers.
    (tmp_path / "config.json").write_text('{"proxies": {"default": {"httpProxy": "http://user:secret@proxy:3128"}}}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with Engine(tmp_path / "socket") as engine:
        monkeypatch.setenv("DOCKER_HOST", engine.address)
        answer = Images()(OLD, NEW, 9100, "/metrics", ["--privileged", "-v/:/host"])
    assert isinstance(answer, Unknown)
    assert answer.reason.startswith(f"the image {OLD} ended with exit code 125 before it was scraped; it printed: ")
    assert REFUSAL in answer.reason
    assert [NAME.sub("NAME", line) for line, _ in engine.requests if not line.startswith("GET ")] == [
        "POST /networks/create",
        "POST /images/create?fromImage=quay.io%2Fsome%2Fexporter&tag=v1",
        f"POST /images/create?fromImage=quay.io%2Fsome%2Fexporter&tag={DIGEST.replace(':', '%3A')}",
        "POST /containers/create?name=NAME",
        "DELETE /containers/NAME?force=1&v=1",
        f"DELETE /images/{PULLED_NEW}",
        f"DELETE /images/{OLD}",
        "DELETE /networks/NAME",
    ]
    network = body_of(engine.requests, "POST /networks/create")
    assert (network["Driver"], network["Internal"], network["Options"]) == (
        "bridge",
        False,
        {
            "com.docker.network.bridge.enable_icc": "false",
            "com.docker.network.bridge.enable_ip_masquerade": "false",
        },
    )
    container = body_of(engine.requests, "POST /containers/create")
    assert (container["Image"], container["Cmd"]) == (OLD, ["--privileged", "-v/:/host"])
    assert not container["Env"]
    assert (container["Hostname"], container["Tty"], container["OpenStdin"]) == ("exporter", False, False)
    assert container["Healthcheck"] == {"Test": ["NONE"]}
    host = container["HostConfig"]
    wanted = {
        "NetworkMode": network["Name"],
        "PortBindings": {"9100/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]},
        "AutoRemove": True,
        "Privileged": False,
        "ReadonlyRootfs": True,
        "Binds": None,
        "CapAdd": None,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges"],
        "Tmpfs": {"/tmp": "rw,noexec,nosuid,nodev,size=16m"},
        "Memory": 512 << 20,
        "MemorySwap": 512 << 20,
        "NanoCpus": 1_000_000_000,
        "PidsLimit": 256,
        "Dns": ["192.0.2.1"],
        "LogConfig": {"Type": "none", "Config": {}},
    }
    assert {name: host[name] for name in wanted} == wanted
