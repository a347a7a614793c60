"""Stands in for docker, with processes of this machine for containers: `standin_docker.py STATE COMMAND …`.

STATE is a folder. In it: images.json, what there is to pull: by reference, the program with its arguments, in which
{port} is the port that it shall listen on, and the command that takes for ever, if any. Then calls, where each call is
noted in a line of JSON, with its environment; and networks, pulled and containers, with a file for each that exists.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

STATE = Path(sys.argv[1])
PLAIN = {"--rm", "--read-only", "--no-healthcheck"}
"""The options of `run` without a value, among those that are used."""


def main(arguments: Sequence[str]) -> int:
    with (STATE / "calls").open("a") as calls:
        calls.write(json.dumps({"argv": arguments, "env": sorted(os.environ)}) + "\n")
    if (STATE / "down").exists():
        return fail("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?")
    match list(arguments):
        case ["network", "create", *_, name]:
            (STATE / "networks" / name).touch(exist_ok=False)
        case ["network", "rm", name]:
            (STATE / "networks" / name).unlink()
        case ["image", "inspect", "--format", "{{.Id}}", image]:
            return say(f"sha256:{'1' * 64}") if there("pulled", image) else fail(f"No such image: {image}")
        case ["image", "rm", image]:
            named("pulled", image).unlink()
        case ["pull", "--quiet", image]:
            return pull(image)
        case ["run", *words]:
            return run(words)
        case ["port", name, port]:
            return published(name, port)
        case ["rm", "--force", "--volumes", name]:
            return remove(name)
        case _:
            return fail(f"unknown command: {arguments}")
    return 0


def pull(image: str) -> int:
    known = json.loads((STATE / "images.json").read_text()).get(image)
    if known is None:
        return fail(f"Error response from daemon: manifest for {image} not found: manifest unknown: manifest unknown")
    if known["stuck"] == "pull":
        time.sleep(1000)
    named("pulled", image).touch()
    return say(image)


def run(words: list[str]) -> int:
    options: dict[str, str] = {}
    while words[0].startswith("-"):
        name = words.pop(0)
        options[name] = "" if name in PLAIN else words.pop(0)
    image, *arguments = words
    if not there("pulled", image) or not there("networks", options["--network"]):
        return fail(f"docker: Error response from daemon: No such image: {image}", 125)
    known = json.loads((STATE / "images.json").read_text())[image]
    if known["stuck"] == "run":
        time.sleep(1000)
    port = free_port()
    with subprocess.Popen([*(word.format(port=port) for word in known["program"]), *arguments]) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        address, _, inside = options["--publish"].rpartition(":")
        record = {"pid": process.pid, "address": f"{address.removesuffix(':')}:{port}", "port": f"{inside}/tcp"}
        part = named("containers", options["--name"]).with_suffix(".part")
        part.write_text(json.dumps(record))
        part.rename(named("containers", options["--name"]))
        code = process.wait()
    named("containers", options["--name"]).unlink()
    return code if code >= 0 else 128 - code


def published(name: str, port: str) -> int:
    if not there("containers", name):
        return fail(f"Error response from daemon: No such container: {name}")
    record = json.loads(named("containers", name).read_text())
    return say(record["address"]) if record["port"] == port else fail(f"no public port '{port}' published for {name}")


def remove(name: str) -> int:
    if not there("containers", name):
        return fail(f"Error response from daemon: No such container: {name}")
    os.kill(json.loads(named("containers", name).read_text())["pid"], signal.SIGKILL)
    wait_for(lambda: not there("containers", name))
    return say(name)


def wait_for(reached: Callable[[], bool]) -> None:
    while not reached():
        time.sleep(0.01)


def named(kind: str, name: str) -> Path:
    return STATE / kind / name.replace("/", "%")


def there(kind: str, name: str) -> bool:
    return named(kind, name).exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def say(text: str) -> int:
    print(text)
    return 0


def fail(text: str, code: int = 1) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
