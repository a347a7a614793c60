"""Starts the images of two versions, one after the other and as far from everything as Docker can, and scrapes them.

Nobody has looked at a new image yet. It gets no environment, no capabilities, no files of this machine, and bounded
memory, processes and processor time. Its network has no way back from outside: without masquerading, what it sends
beyond this machine comes from an address that nobody answers, while its one published port works. (A network made
with --internal publishes no ports: https://github.com/moby/moby/issues/36174.) Names are not resolved for it.
"""

import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bot.errors import BotError
from bot.outside.image_names import is_reference, shown
from bot.outside.process import Running, run, start
from bot.outside.scrape import scrape_running
from bot.sync.doors import Scrapes
from bot.sync.model import Unknown

NETWORK = (
    *("--driver", "bridge"),
    *("--opt", "com.docker.network.bridge.enable_ip_masquerade=false"),
    *("--opt", "com.docker.network.bridge.enable_icc=false"),
)
"""See https://docs.docker.com/engine/network/drivers/bridge/."""
LIMITS = (
    "--read-only",
    *("--tmpfs", "/tmp:rw,noexec,nosuid,nodev,size=16m"),  # noqa: S108  # in the container
    *("--cap-drop", "ALL"),
    *("--security-opt", "no-new-privileges"),
    # As much with swap as without: no swap.
    *("--memory", "512m", "--memory-swap", "512m"),
    *("--cpus", "1"),
    *("--pids-limit", "256"),
    # What it prints is read here as it comes, and need not fill a disk.
    *("--log-driver", "none"),
    # Health checks of the image's own would be counted as scrapes.
    "--no-healthcheck",
    # The same in both, since some exporters tell it.
    *("--hostname", "exporter"),
    # An address for documentation, RFC 5737: the questions go nowhere.
    *("--dns", "192.0.2.1"),
)
"""See https://docs.docker.com/reference/cli/docker/container/run/."""
# Not HOME and DOCKER_CONFIG: docker passes proxies, which may hold passwords, from its configuration into containers,
# and needs no login to pull what is public.
_ENVIRONMENT = ("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_API_VERSION")
_PATH = re.compile(r"/[!-~]{0,499}")
_MOST_ARGUMENTS = 100
_LONGEST_ARGUMENT = 1000
_PUBLISHED = re.compile(r"^127\.0\.0\.1:(\d{1,5})$", re.MULTILINE)
# What is another one in every run would make every report another one.
_VOLATILE = re.compile(
    r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
    # Addresses, our own names, ids of containers; a digest stays.
    r"|0x[0-9a-f]+|\bexporterhub-[0-9a-f]{16}\b|(?<!sha256:)\b[0-9a-f]{64}\b",
    re.ASCII,
)
_POLL = 0.2


@dataclass(frozen=True, slots=True)
class Images:
    """Implements bot.sync.doors.Prober with the program `docker`; times are in seconds."""

    answer: float = 30.0
    """For an image to answer with its metrics, once it is there."""
    pull: float = 300.0
    """For an image to arrive."""
    command: float = 60.0
    """For anything else that docker does."""

    def __call__(self, old: str, new: str, port: int, path: str, arguments: Sequence[str]) -> Scrapes | Unknown:
        """Expositions of two image references, with tag or digest, of a port and a path in the container.

        `arguments` go to what the image starts. Unknown where one of the two cannot be had, does not answer in time,
        or answers something else; nothing is left behind, also after Ctrl-C.
        """
        objection = _objection((old, new), port, path, arguments)
        if objection:
            return Unknown(objection)
        try:
            with self._network() as network, self._pulled(old), self._pulled(new):
                task = _Task(network, port, path, tuple(arguments))
                return Scrapes(self._scraped(old, task), self._scraped(new, task))
        except BotError as error:
            return Unknown(_stable(error.message + (f"; {error.hint}" if error.hint else "")))

    def _scraped(self, image: str, task: "_Task") -> str:
        with self._container(image, task) as (name, client):
            url = f"http://127.0.0.1:{self._published(name, image, task.port, client)}{task.path}"
            try:
                return scrape_running(url, f"the image {image}", client, timeout=self.answer)
            except BotError as error:
                # The port is another one each time.
                raise BotError(error.message.replace(url, f"the image {image}, asked for {task.path},")) from error

    @contextmanager
    def _network(self) -> Iterator[str]:
        name = _new_name()
        try:
            self._docker("network create", *NETWORK, name)
            yield name
        finally:
            self._undo("network", "rm", name)

    @contextmanager
    def _pulled(self, image: str) -> Iterator[None]:
        """An image that was not there before goes again: a catalog has more than a disk can hold."""
        known = self._is_known(image)
        try:
            self._pull(image)
            yield
        finally:
            if not known:
                self._undo("image", "rm", _exact(image))

    def _is_known(self, image: str) -> bool:
        try:
            return bool(self._docker("image inspect", "--format", "{{.Id}}", _exact(image)))
        except BotError:
            return False

    def _pull(self, image: str) -> None:
        try:
            self._docker("pull", "--quiet", _exact(image), seconds=self.pull)
        except BotError as error:
            raise BotError(f"the image {image} cannot be had: {error.message}", error.hint) from error

    @contextmanager
    def _container(self, image: str, task: "_Task") -> Iterator[tuple[str, Running]]:
        """A container and the client that is attached to it: that ends where it ends, and prints what it prints.

        Whatever fails within is raised with the end of that.
        """
        name = _new_name()
        place = ("--name", name, "--network", task.network, "--publish", f"127.0.0.1::{task.port}")
        options = ("--rm", "--pull", "never", *place, *LIMITS)
        argv = ["docker", "run", *options, _exact(image), *task.arguments]
        running: list[Running] = []
        try:
            with start(argv, env=_environment()) as client:
                running.append(client)
                try:
                    yield name, client
                finally:
                    self._undo("rm", "--force", "--volumes", name)
        except BotError as error:
            raise BotError(error.message, *map(_last_words, running)) from error

    def _published(self, name: str, image: str, port: int, client: Running) -> int:
        """The port of this machine that leads to the container's."""
        deadline = time.monotonic() + self.command
        while time.monotonic() < deadline and client.code is None:
            with suppress(BotError):  # it is not there yet
                found = _PUBLISHED.search(self._docker("port", name, f"{port}/tcp"))
                if found:
                    return int(found[1])
            client.wait(_POLL)
        if client.code is None:
            raise BotError(f"the image {image} was not started within {self.command:g} s")
        raise BotError(f"the image {image} ended with exit code {client.code} before it was scraped")

    def _docker(self, command: str, *arguments: str, seconds: float | None = None) -> str:
        """What a command of docker's prints. Raises BotError where it fails."""
        argv = ["docker", *command.split(), *arguments]
        done = run(argv, timeout=self.command if seconds is None else seconds, env=_environment())
        if done.code != 0:
            lines = done.stderr.strip().splitlines() or [f"exit code {done.code}"]
            raise BotError(f"docker {command} fails: {lines[-1]}")
        return done.stdout

    def _undo(self, *arguments: str) -> None:
        """Cleans up after an interruption, too, when `run` begins nothing any more; what is not there is no fault."""
        with suppress(BotError), start(["docker", *arguments], env=_environment()) as client:
            client.wait(self.command)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is the same for both images."""

    network: str
    port: int
    path: str
    arguments: tuple[str, ...]


def _objection(images: Sequence[str], port: int, path: str, arguments: Sequence[str]) -> str:
    """Why none of this goes to docker; empty where it may. What passes as an image cannot be taken for an option."""
    for image in images:
        if not is_reference(image):
            return f'"{shown(image)}" names no image with its tag or digest'
    if not 1 <= port <= 65535:
        return f"{port} is not a port"
    if not _PATH.fullmatch(path):
        return f'"{shown(path)}" is not the path of a URL'
    if len(arguments) > _MOST_ARGUMENTS:
        return f"an image gets no more than {_MOST_ARGUMENTS} arguments"
    for argument in arguments:
        if len(argument) > _LONGEST_ARGUMENT or not argument.isprintable():
            return f'"{shown(argument)}" is too long for an argument, or has characters that do not show'
    return ""


def _exact(image: str) -> str:
    """By digest alone where there is one: the tag says nothing more, and not every command of docker's takes both."""
    named, at, digest = image.partition("@")
    return f"{named.partition(':')[0]}@{digest}" if at else image


def _last_words(client: Running) -> str:
    """The end of what an image has printed."""
    lines = [line.strip()[:200] for line in client.output().splitlines() if line.strip()]
    return f"it printed: {' | '.join(lines[-3:])}" if lines else ""


def _new_name() -> str:
    return f"exporterhub-{secrets.token_hex(8)}"


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


def _stable(reason: str) -> str:
    """One line without what a terminal would act on, and without times and addresses."""
    return shown(_VOLATILE.sub("…", reason), most=600)
