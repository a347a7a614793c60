"""Packages of Debian and its like, unpacked without being installed: no root, no service, no change to the system.

apt verifies what it downloads against the distribution's keys, as ever; it only keeps its lists in a folder of ours.
"""

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import BotError
from bot.outside.lock import locked
from bot.outside.process import Completed, run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_OS_RELEASE = Path("/etc/os-release")
_PROXIES = {"http_proxy", "https_proxy", "no_proxy", "all_proxy"}
_FRESH_SECONDS = 12 * 3600
_UPDATE_SECONDS = 300
_DOWNLOAD_SECONDS = 900
# Hooks of the system's own apt would act on the system's own caches.
_CONFIG = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""


def _quiet(_: str) -> None:
    """Says nothing."""


def folder(package: str, cache: Path, suite: str | None = None) -> Path:
    """Where a package lies once it has been unpacked."""
    return _home(cache, suite) / package


def unpack(
    packages: Sequence[str], cache: Path, *, suite: str | None = None, say: Callable[[str], None] = _quiet
) -> Path:
    """The folder that holds the first of these packages that there is; its usr/bin holds the programs.

    `suite` is one of Debian's, such as sid; without it the system's own sources are used. Several processes may ask at
    once. Raises BotError where the system is no Debian or its like, or the package cannot be had.
    """
    done = _unpacked(packages, cache, suite)
    if done:
        return done
    missing = [program for program in ("apt-get", "dpkg-deb") if shutil.which(program) is None]
    if missing:
        raise BotError(f"no Debian packages here: {' and '.join(missing)} not found")
    home = _home(cache, suite)
    with locked(home):
        # Another process may have been faster.
        done = _unpacked(packages, cache, suite)
        return done or _Apt(home, _foreign(suite)).unpack_first(packages, say)


def _unpacked(packages: Sequence[str], cache: Path, suite: str | None) -> Path | None:
    folders = (folder(package, cache, suite) for package in packages)
    return next((path for path in folders if path.is_dir()), None)


def is_debian() -> bool:
    """Debian itself: its suites are at hand."""
    return _os_release().get("ID") == "debian" and KEYRING.is_file()


class _Apt:
    """apt-get with its state in a folder of ours."""

    def __init__(self, home: Path, suite: str | None) -> None:
        self._home = home
        self._suite = suite
        for name in ("lists/partial", "archives/partial", "sources"):
            (home / name).mkdir(parents=True, exist_ok=True)
        (home / "apt.conf").write_text(_CONFIG)

    def unpack_first(self, packages: Sequence[str], say: Callable[[str], None]) -> Path:
        """Unpacks the first package that there is. Raises BotError."""
        self._update(say)
        tried = []
        for package in packages:
            say(f"downloading the package {package} of {self._suite or 'this system'}")
            try:
                return self._unpack(package)
            except BotError as error:
                tried.append(error.message)
        raise BotError("; ".join(tried))

    def _update(self, say: Callable[[str], None]) -> None:
        """Reads the lists of packages, unless they are fresh."""
        stamp = self._home / "updated"
        if stamp.exists() and time.time() - stamp.stat().st_mtime < _FRESH_SECONDS:
            return
        if self._suite:
            (self._home / "sources/debian.sources").write_text(
                f"Types: deb\nURIs: {_archive()}\nSuites: {self._suite}\nComponents: main\nSigned-By: {KEYRING}\n"
            )
        say(f"reading the lists of packages of {self._suite or 'this system'}")
        done = self._run(["update"], self._home, _UPDATE_SECONDS)
        if done.code != 0:
            raise BotError(f"apt-get update failed: {_complaint(done)}")
        stamp.touch()

    def _unpack(self, package: str) -> Path:
        with tempfile.TemporaryDirectory(dir=self._home) as scratch:
            done = self._run(["download", package], Path(scratch), _DOWNLOAD_SECONDS)
            archives = list(Path(scratch).glob("*.deb"))
            if done.code != 0 or len(archives) != 1:
                raise BotError(f"apt-get download {package} failed: {_complaint(done)}")
            files = Path(scratch, "files")
            done = run(["dpkg-deb", "-x", str(archives[0]), str(files)], timeout=_UPDATE_SECONDS)
            if done.code != 0:
                raise BotError(f"dpkg-deb -x {archives[0].name} failed: {_complaint(done)}")
            return files.rename(self._home / package)

    def _run(self, command: list[str], cwd: Path, seconds: float) -> Completed:
        options = {
            "Dir::State::Lists": self._home / "lists",
            "Dir::Cache": self._home,
            "Dir::Cache::archives": "archives",
            "Dir::Cache::pkgcache": "",
            "Dir::Cache::srcpkgcache": "",
            # As root, apt would drop to a user who may not write here.
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "20",
            "Acquire::https::Timeout": "20",
        }
        if self._suite:
            options |= {"Dir::Etc::SourceList": "/dev/null", "Dir::Etc::SourceParts": self._home / "sources"}
        settings = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return run(
            ["apt-get", "-q", "-c", str(self._home / "apt.conf"), *settings, *command],
            cwd=cwd,
            timeout=seconds,
            env=_proxies(),
        )


def _home(cache: Path, suite: str | None) -> Path:
    return cache / "debian" / f"{_foreign(suite) or 'system'}-{platform.machine()}"


def _foreign(suite: str | None) -> str | None:
    """The suite, unless it is the system's own."""
    return None if is_debian() and suite == _os_release().get("VERSION_CODENAME") else suite


def _archive() -> str:
    """The URI of Debian's own archive, or of its mirror, that this system uses. Raises BotError."""
    if not is_debian():
        raise BotError("other suites can be had on Debian only")
    # No matter how sources are written down: apt has read them. The keyring guards against a wrong guess.
    done = run(
        ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"],
        timeout=_UPDATE_SECONDS,
    )
    codename = _os_release().get("VERSION_CODENAME", "")
    rows = [row for row in map(str.split, done.stdout.splitlines()) if len(row) == 3]
    for release, component, uri in rows:
        if release in {codename, "stable"} and component == "main" and "/debian/" in uri and uri.startswith("http"):
            return uri
    raise BotError("apt has no Debian archive among its sources")


def _complaint(done: Completed) -> str:
    errors = [line.removeprefix("E: ") for line in done.stderr.splitlines() if line.startswith(("E: ", "dpkg-deb: "))]
    return errors[0] if errors else f"exit code {done.code}"


def _proxies() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.lower() in _PROXIES}


def _os_release() -> dict[str, str]:
    # Format: https://www.freedesktop.org/software/systemd/man/latest/os-release.html
    try:
        lines = _OS_RELEASE.read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip("\"'") for name, _, value in (line.partition("=") for line in lines)}
