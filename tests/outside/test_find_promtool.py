"""Where promtool is found, and what setup says."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.setup import run
from bot.errors import BotError
from bot.outside import debian, download
from bot.outside.find_promtool import Found, cache_folder, every_promtool, find, find_promtool, install
from tests.outside.programs import program
from tests.outside.test_debian import DPKG_DEB, as_debian
from tests.promtools import PROMTOOLS, VERSIONS

PROMTOOL = 'echo "promtool, version 9.8.7 (branch: x)"'
HINT = 'set PROMTOOL to a promtool binary, or install the package "prometheus"'


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed, and nothing is in the cache."""
    monkeypatch.delenv("PROMTOOL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def nobody() -> Iterator[str]:
    """The address of a server that is not there."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{unused.getsockname()[1]}"


def test_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache_folder() == tmp_path / "cache/exporterhub"
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", "relative/is/ignored"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert cache_folder() == tmp_path / ".cache/exporterhub"


def test_nowhere(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    assert find_promtool(2) is None


def test_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = cache_folder()
    package = program(debian.folder("prometheus", cache) / "usr/bin/promtool", PROMTOOL)
    assert find(cache) == Found(package, "the cache")
    newer_package = program(debian.folder("promtool", cache) / "usr/bin/promtool", PROMTOOL)
    assert find(cache) == Found(newer_package, "the cache")
    release = program(download.kept_promtool(cache), PROMTOOL)
    assert find(cache) == Found(release, "the cache")
    installed = program(tmp_path / "bin/promtool", PROMTOOL)
    assert find(cache) == Found(installed, "PATH")
    monkeypatch.setenv("PROMTOOL", str(program(tmp_path / "mine", PROMTOOL)))
    assert find(cache) == Found(tmp_path / "mine", "$PROMTOOL")
    assert [found.path for found in every_promtool(cache)] == [
        tmp_path / "mine", installed, release, newer_package, package,
    ]  # fmt: skip
    promtool = find_promtool(2)
    assert promtool is not None
    assert (promtool.path, promtool.version) == (tmp_path / "mine", "9.8.7")


@pytest.mark.parametrize("kind", ["missing", "folder", "no program"])
def test_a_wrong_promtool_is_not_passed_over(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin/promtool", PROMTOOL)
    mine = tmp_path / "mine"
    if kind == "folder":
        mine.mkdir()
    if kind == "no program":
        mine.write_text("")
    monkeypatch.setenv("PROMTOOL", str(mine))
    with pytest.raises(BotError) as raised:
        find(tmp_path)
    assert (raised.value.message, raised.value.hint) == (
        f"$PROMTOOL is {mine}, which is no program",
        "correct it, or unset it",
    )


def test_an_empty_setting_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMTOOL", "")
    assert find(tmp_path) is None


def test_no_way_to_get_it(tmp_path: Path, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "this_platform", lambda: "linux-amd64")
    said: list[str] = []
    with pytest.raises(BotError) as raised:
        install(tmp_path, said.append, nobody)
    url = f"{nobody}/v3.15.0/prometheus-3.15.0.linux-amd64.tar.gz"
    assert raised.value.message == (
        f"{url}: cannot be reached; no Debian packages here: apt-get and dpkg-deb not found"
    )
    assert raised.value.hint == HINT
    assert said == [
        f"downloading {url}",
        f"{url}: cannot be reached",
        "no Debian packages here: apt-get and dpkg-deb not found",
    ]


def test_the_package_where_the_release_cannot_be_had(
    tmp_path: Path, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_debian(tmp_path, monkeypatch)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    script = f"""
case "$*" in
  *" download promtool") echo "E: Unable to locate package promtool" >&2; exit 100 ;;
  *" download prometheus") printf '#!/bin/sh\\n%s\\n' '{PROMTOOL}' > prometheus_1.deb ;;
esac"""
    program(tmp_path / "bin/apt-get", script)
    program(tmp_path / "bin/dpkg-deb", DPKG_DEB)
    said: list[str] = []
    found = install(cache_folder(), said.append, nobody)
    assert found == Found(debian.folder("prometheus", cache_folder()) / "usr/bin/promtool", "the cache")
    assert find(cache_folder()) == found
    assert said[-1] == "promtool 9.8.7 is ready"


def test_setup_with_promtool_does_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = program(tmp_path / "bin/promtool", PROMTOOL)
    assert run(print_path=False) == 0
    assert capsys.readouterr() == ("", f"promtool 9.8.7 from PATH: {path}\n")
    assert not cache_folder().exists()


def test_setup_prints_the_path_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = program(tmp_path / "bin/promtool", "exit 9")
    assert run(print_path=True) == 0
    assert capsys.readouterr() == (f"{path}\n", "")


def test_setup_has_no_path_to_print(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BotError) as raised:
        run(print_path=True)
    assert (raised.value.message, raised.value.hint) == (
        "there is no promtool",
        f"run: python -m bot setup; or {HINT}",
    )
    assert capsys.readouterr() == ("", "")


def test_setup_installs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = program(tmp_path / "got", PROMTOOL)
    monkeypatch.setattr("bot.commands.setup.install", lambda cache, say: Found(path, f"{cache}"))
    assert run(print_path=False) == 0
    assert capsys.readouterr() == ("", f"promtool 9.8.7 from {cache_folder()}: {path}\n")


@pytest.mark.skipif(not debian.is_debian(), reason="other versions are taken from Debian's packages")
def test_the_suite_runs_with_an_old_and_a_new_promtool() -> None:
    majors = {version.split(".")[0] for version in VERSIONS}
    assert majors >= {"2", "3"}, "run: python -m tests.tools.parts"
    assert len(PROMTOOLS) == len(set(VERSIONS))
