"""Unpacking packages, with stand-ins for apt-get and dpkg-deb."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.outside import debian
from tests.outside.programs import program

# Knows every package but those whose name begins with "no".
APT_GET = """
echo "$*" >> {log}
case "$*" in
  *" update") {update} ;;
  *indextargets*) printf '%s\\n' {targets} ;;
  *" download no"*) echo "E: Unable to locate package no-such" >&2; exit 100 ;;
  *" download "*) for package do :; done; echo "$package" > "${{package}}_1_amd64.deb" ;;
esac
"""
DPKG_DEB = """
mkdir -p "$3/usr/bin" && cat "$2" > "$3/usr/bin/promtool" && chmod +x "$3/usr/bin/promtool"
"""
TARGETS = (
    '"bookworm main http://vendor.example/apt/" "bookworm-security main http://mirror.example/debian-security/" '
    '"bookworm contrib http://mirror.example/debian/" "bookworm main http://mirror.example/debian/"'
)


class System:
    """A machine with apt, and the calls of apt-get."""

    def __init__(self, folder: Path, *, update: str = ":", targets: str = TARGETS) -> None:
        self.cache = folder / "cache"
        self._log = folder / "log"
        program(folder / "bin/apt-get", APT_GET.format(log=self._log, update=update, targets=targets))
        program(folder / "bin/dpkg-deb", DPKG_DEB)

    @property
    def calls(self) -> list[str]:
        """The command and its arguments, without the options."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return [" ".join(line.split("=")[-1].split()[1:]) if " -o " in line else line for line in lines]

    @property
    def options(self) -> str:
        return self._log.read_text().splitlines()[0]


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    as_debian(tmp_path, monkeypatch)
    return System(tmp_path)


def as_debian(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "debian") -> None:
    (folder / "os-release").write_text(f'NAME="Some system"\nID={name}\nVERSION_CODENAME="bookworm"\n')
    (folder / "keyring.gpg").write_text("")
    monkeypatch.setattr(debian, "_OS_RELEASE", folder / "os-release")
    monkeypatch.setattr(debian, "KEYRING", folder / "keyring.gpg")


def fault(system: System, *packages: str, suite: str | None = None) -> str:
    with pytest.raises(BotError) as raised:
        debian.unpack(packages, system.cache, suite=suite)
    return raised.value.message


def test_a_package_of_this_system(system: System) -> None:
    said: list[str] = []
    folder = debian.unpack(("promtool",), system.cache, say=said.append)
    assert folder == debian.folder("promtool", system.cache)
    assert folder.parent.parent == system.cache / "debian"
    assert os.access(folder / "usr/bin/promtool", os.X_OK)
    assert system.calls == ["update", "download promtool"]
    assert said == [
        "reading the lists of packages of this system",
        "downloading the package promtool of this system",
    ]
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        ".lock", "apt.conf", "archives", "lists", "promtool", "sources", "updated",
    ]  # fmt: skip


def test_apt_stays_in_folders_of_ours(system: System) -> None:
    home = debian.unpack(("promtool",), system.cache).parent
    for option in (
        f"-c {home}/apt.conf",
        f"-o Dir::State::Lists={home}/lists",
        f"-o Dir::Cache={home}",
        "-o APT::Sandbox::User=root",
    ):
        assert option in system.options
    assert "SourceParts" not in system.options
    assert "#clear APT::Update::Post-Invoke;\n" in (home / "apt.conf").read_text()


def test_the_first_package_that_there_is(system: System) -> None:
    assert debian.unpack(("no-such", "prometheus"), system.cache).name == "prometheus"
    assert system.calls == ["update", "download no-such", "download prometheus"]


def test_once_is_enough(system: System) -> None:
    folder = debian.unpack(("no-such", "prometheus"), system.cache)
    shutil.rmtree(system.cache.parent / "bin")
    assert debian.unpack(("no-such", "prometheus"), system.cache, say=pytest.fail) == folder


def test_lists_are_read_once_for_several_packages(system: System) -> None:
    debian.unpack(("a",), system.cache)
    debian.unpack(("b",), system.cache)
    assert system.calls == ["update", "download a", "download b"]


def test_old_lists_are_read_again(system: System) -> None:
    home = debian.unpack(("a",), system.cache).parent
    os.utime(home / "updated", (0, 0))
    debian.unpack(("b",), system.cache)
    assert system.calls == ["update", "download a", "update", "download b"]


def test_several_at_once_share_one_download(system: System) -> None:
    with ThreadPoolExecutor(4) as pool:
        folders = list(pool.map(lambda _: debian.unpack(("no-such", "prometheus"), system.cache), range(4)))
    assert len(set(folders)) == 1
    assert system.calls == ["update", "download no-such", "download prometheus"]


def test_no_such_package(system: System) -> None:
    assert fault(system, "no-such", "nowhere") == (
        "apt-get download no-such failed: Unable to locate package no-such; "
        "apt-get download nowhere failed: Unable to locate package no-such"
    )


def test_lists_that_cannot_be_read(system: System, tmp_path: Path) -> None:
    System(tmp_path, update="echo 'W: slow' >&2; echo 'E: Temporary failure' >&2; exit 100")
    assert fault(system, "promtool") == "apt-get update failed: Temporary failure"
    System(tmp_path, update="exit 5")
    assert fault(system, "promtool") == "apt-get update failed: exit code 5"


def test_a_package_that_does_not_unpack(system: System, tmp_path: Path) -> None:
    program(tmp_path / "bin/dpkg-deb", 'mkdir -p "$3/usr"; echo "dpkg-deb: error: no archive" >&2; exit 2')
    assert fault(system, "promtool") == "dpkg-deb -x promtool_1_amd64.deb failed: dpkg-deb: error: no archive"
    assert not debian.folder("promtool", system.cache).exists()


def test_no_apt(system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fault(system, "promtool") == "no Debian packages here: apt-get and dpkg-deb not found"


def test_a_package_of_another_suite(system: System) -> None:
    folder = debian.unpack(("promtool",), system.cache, suite="sid")
    assert folder == debian.folder("promtool", system.cache, "sid")
    assert folder != debian.folder("promtool", system.cache)
    sources = folder.parent / "sources"
    assert (sources / "debian.sources").read_text() == (
        f"Types: deb\nURIs: http://mirror.example/debian/\nSuites: sid\nComponents: main\nSigned-By: {debian.KEYRING}\n"
    )
    assert system.calls[0].startswith("indextargets ")
    assert system.calls[1:] == ["update", "download promtool"]
    assert f"-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts={sources} update" in log(system)


def log(system: System) -> str:
    return (system.cache.parent / "log").read_text()


def test_the_system_s_own_suite_is_the_system_s(system: System) -> None:
    assert debian.unpack(("a",), system.cache, suite="bookworm") == debian.folder("a", system.cache)
    assert system.calls == ["update", "download a"]


def test_another_suite_elsewhere(system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_debian(tmp_path, monkeypatch, "ubuntu")
    assert fault(system, "promtool", suite="sid") == "other suites can be had on Debian only"


def test_no_debian_archive_among_the_sources(system: System, tmp_path: Path) -> None:
    System(tmp_path, targets='"bookworm main http://vendor.example/apt/" "bookworm main cdrom://debian/debian/" "x"')
    assert fault(system, "promtool", suite="sid") == "apt has no Debian archive among its sources"


def test_proxies_are_handed_on(system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("SECRET", "1")
    System(tmp_path, update='env >&2; echo "E: $https_proxy ${SECRET-none}" >&2; exit 1')
    assert fault(system, "promtool") == "apt-get update failed: http://proxy.example:3128 none"


def test_a_system_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "_OS_RELEASE", tmp_path / "none")
    assert not debian.is_debian()
