"""The pinned promtool, from Prometheus's own releases, verified before anything is done with it."""

import hashlib
import platform
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import requests

from bot.errors import BotError
from bot.outside.lock import locked

VERSION = "3.15.0"
# SHA-256 of the archives. The release's own sha256sums.txt could not be reached when this was written: each value was
# found, with this version and this platform beside it, in at least five independent public repositories that name
# that file or the digest of GitHub's release as their source (linux-amd64: 10, linux-arm64: 9, darwin-amd64: 5,
# darwin-arm64: 9).
CHECKSUMS = {
    "linux-amd64": "2a542df32eac02ee17b9d844fb2aa1de00dafa5476579ba8a3ba862e9d572ea0",
    "linux-arm64": "f1f90ec08e849d494ca66c611470afc50192f0355f1a61c33f2cbde02d067823",
    "darwin-amd64": "2d79e744c2d7e505db936fbc898e05abc74fcb6e437c25befd26e9c9f00aa58b",
    "darwin-arm64": "920df4d17e78b3b0175af144eb318b0c74d1cf7b1d1251b326966f0e81977260",
}
RELEASES = "https://github.com/prometheus/prometheus/releases/download"
MAX_ARCHIVE = 256 * 1024 * 1024
"""Bytes; the archives have some 130 MB."""
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_CONNECT_SECONDS = 5
_READ_SECONDS = 30
_SECONDS = 600
_CHUNK = 1 << 20


def this_platform() -> str:
    """Such as linux-amd64, in Prometheus's words."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"


def kept_promtool(cache: Path) -> Path:
    """Where the pinned promtool lies once it has been fetched."""
    return cache / "promtool" / f"{VERSION}-{this_platform()}" / "promtool"


def fetch_promtool(cache: Path, say: Callable[[str], None], base: str = RELEASES) -> Path:
    """The pinned promtool, downloaded where it is not there yet; several processes may do so at once.

    Raises BotError where there is none for this platform, or it cannot be had whole and unaltered.
    """
    target = kept_promtool(cache)
    checksum = CHECKSUMS.get(this_platform())
    if checksum is None:
        raise BotError(f"Prometheus {VERSION} is not pinned for {this_platform()}")
    with locked(target.parent):
        if not target.exists():
            name = f"prometheus-{VERSION}.{this_platform()}"
            url = f"{base}/v{VERSION}/{name}.tar.gz"
            say(f"downloading {url}")
            with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
                archive = Path(scratch, "archive")
                _fetch(url, archive, checksum)
                _extract(archive, f"{name}/promtool", Path(scratch, "promtool"))
                Path(scratch, "promtool").replace(target)
    return target


def _fetch(url: str, target: Path, checksum: str) -> None:
    digest = hashlib.sha256()
    deadline = time.monotonic() + _SECONDS
    size = 0
    try:
        with (
            requests.get(url, stream=True, timeout=(_CONNECT_SECONDS, _READ_SECONDS)) as response,
            target.open("wb") as file,
        ):
            response.raise_for_status()
            for chunk in response.iter_content(_CHUNK):
                size += len(chunk)
                if size > MAX_ARCHIVE:
                    raise BotError(f"{url} is larger than {MAX_ARCHIVE >> 20} MiB")
                if time.monotonic() > deadline:
                    raise BotError(f"{url} did not arrive within {_SECONDS} s")
                digest.update(chunk)
                file.write(chunk)
    except requests.RequestException as error:
        raise BotError(f"{url}: {_reason(error)}") from error
    except OSError as error:
        raise BotError(f"cannot write {target}: {error.strerror}") from error
    if digest.hexdigest() != checksum:
        raise BotError(f"{url} has the checksum {digest.hexdigest()}, not {checksum}: it was not used")


def _reason(error: requests.RequestException) -> str:
    if error.response is not None:
        return f"HTTP {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off"
    return "cannot be reached"


def _extract(archive: Path, member: str, target: Path) -> None:
    """This one member, and nothing else of the archive."""
    with tarfile.open(archive, "r:gz") as tar:
        try:
            source: IO[bytes] | None = tar.extractfile(member)
        except KeyError:
            source = None
        if source is None:
            raise BotError(f"the archive holds no {member}")
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
    target.chmod(0o700)
