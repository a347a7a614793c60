"""The command line as people meet it: what it prints, and its exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.cli import REPORT_HELP, main
from bot.reporters import FORMATS
from tests.outside.programs import program
from tests.promtools import PROMTOOLS
from tests.tools.generated import write_catalog

WITHOUT_PROMTOOL = {"PATH": "/nonexistent", "PROMTOOL": "", "XDG_CACHE_HOME": "/nonexistent"}


def run(
    *arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(sys.path)
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": path, "PROMTOOL": str(PROMTOOLS[-1].path), **(env or {})},
    )


def plant(root: Path, entry: str, file: str, old: str, new: str) -> None:
    path = root / "lists" / entry / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


UNASKED = "demo0000, demo0001: listed, not loads: alerts/duplicate was not run (and 7 more)\n\n"
"""The proof of a clean catalog where only the checks of the metadata were run."""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    write_catalog(tmp_path, 2)
    return tmp_path


def test_clean(catalog: Path) -> None:
    done = run("validate", "--root", catalog, "--strict")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "demo0000, demo0001: observed\n\n2 entries: no findings\n",
        "",
    )


def test_findings(catalog: Path) -> None:
    plant(catalog, "demo0001", "exporter.yaml", "kind: exporter", "kind: exporters")
    done = run("validate", "--root", catalog)
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout == (
        'lists/demo0001/exporter.yaml:5:7: error[entry/schema] "exporters" is not a kind of this catalog\n'
        "    5 | kind: exporters\n"
        "      |       ^^^^^^^^^\n"
        '      = help: did you mean "exporter"?\n'
        "\n"
        "demo0000: observed\n"
        'demo0001: unproven, not listed: entry/schema: "exporters" is not a kind of this catalog\n'
        "\n"
        "2 entries: 1 error\n"
    )


def test_a_warning_does_not_fail(catalog: Path) -> None:
    plant(catalog, "demo0001", "exporter.yaml", "port: 10001", "port: 10000")
    done = run("validate", "--root", catalog)
    assert done.returncode == 0
    assert "warning[entry/unique] port 10000 is also the port of demo0000" in done.stdout


def test_only_skip_and_names(catalog: Path) -> None:
    plant(catalog, "demo0000", "exporter.yaml", "kind: exporter", "kind: exporters")
    assert run("validate", "--root", catalog, "demo0001").returncode == 0
    assert run("validate", "--root", catalog, catalog / "lists" / "demo0000" / "alerts.yaml").returncode == 1
    assert run("validate", "--root", catalog, "--skip", "entry/schema").returncode == 0
    assert run("validate", "--root", catalog, "--only", "alerts").returncode == 0
    assert run("validate", "--root", catalog, "--only", "entry/*").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("validate", "demo000"), 'error: there is no entry "demo000"\n  = help: did you mean "demo0001"?\n'),
        (
            ("validate", "--only", "alert/load"),
            'error: there is no check "alert/load"\n  = help: did you mean "alerts/load"?\n',
        ),
        (("validate", "--report", "jsn"), 'error: there is no report format "jsn"\n  = help: did you mean "json"?\n'),
        (
            ("explain", "entry/shema"),
            'error: there is no check "entry/shema"\n  = help: did you mean "entry/schema"?\n',
        ),
    ],
)
def test_usage(catalog: Path, arguments: tuple[str, ...], message: str) -> None:
    root = ("--root", catalog) if arguments[0] == "validate" else ()
    done = run(*arguments, *root)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


def test_no_catalog(tmp_path: Path) -> None:
    done = run("validate", "--root", tmp_path)
    assert done.returncode == 3
    assert done.stderr == (
        f"error: no catalog at {tmp_path}/lists: No such file or directory\n"
        "  = help: give the folder that holds lists/ as --root\n"
    )


def test_without_promtool_the_report_says_what_was_not_checked(catalog: Path) -> None:
    plant(
        catalog,
        "demo0001",
        "alerts.yaml",
        "ManyErrors3\n        expr: |\n          sum by",
        "ManyErrors3\n        expr: |\n          sum bye",
    )
    done = run("validate", "--root", catalog, env=WITHOUT_PROMTOOL)
    assert done.returncode == 1
    assert "error[alerts/syntax]" in done.stdout
    assert "skipped[alerts/load] promtool was not found\n      = help: run: python -m bot setup\n" in done.stdout
    assert done.stdout.endswith("2 entries: 1 error, 4 checks skipped\n")


def test_strict_turns_a_skip_into_exit_3(catalog: Path) -> None:
    assert run("validate", "--root", catalog, env=WITHOUT_PROMTOOL).returncode == 0
    assert run("validate", "--root", catalog, "--strict", env=WITHOUT_PROMTOOL).returncode == 3


def test_several_reports(catalog: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.sarif"
    done = run("validate", "--root", catalog, "--report", "json", "--report", f"sarif={out}")
    assert json.loads(done.stdout)["counts"] == {"error": 0, "warning": 0, "info": 0}
    assert json.loads(out.read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_the_same_bytes_whatever_the_number_of_processes(catalog: Path) -> None:
    plant(catalog, "demo0001", "exporter.yaml", "kind: exporter", "kind: exporters")
    plant(catalog, "demo0000", "exporter.yaml", "kind: exporter", "kind: exporters")
    outputs = {
        run("validate", "--root", catalog, "--report", "json", "--jobs", jobs).stdout for jobs in ("1", "2", "5")
    }
    assert len(outputs) == 1


def test_nothing_of_the_root_is_run_or_read_as_configuration(catalog: Path) -> None:
    for name in ("bot.py", "sitecustomize.py", "yaml.py"):
        (catalog / name).write_text("raise SystemExit(99)\n", encoding="utf-8")
    (catalog / "pyproject.toml").write_text("not toml", encoding="utf-8")
    assert run("validate", "--root", catalog).returncode == 0


def test_changed_since(catalog: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-C", catalog, "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments],
            check=True,
            capture_output=True,
        )

    git("init", "-q", "-b", "main")
    plant(catalog, "demo0001", "exporter.yaml", "kind: exporter", "kind: exporters")
    git("add", ".")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "change")
    assert run("validate", "--root", catalog, "--changed-since", "main").stdout == "0 entries: no findings\n"

    plant(catalog, "demo0000", "exporter.yaml", "aliases: [demo0000_exporter]", "aliases: [demo0001_exporter]")
    done = run("validate", "--root", catalog, "--changed-since", "main")
    assert done.returncode == 1
    assert done.stdout == (
        "lists/demo0000/exporter.yaml:8:11: error[entry/unique] "
        'the name "demo0001_exporter" is already used in lists/demo0001/exporter.yaml\n'
        "    8 | aliases: [demo0001_exporter]\n"
        "      |           ^^^^^^^^^^^^^^^^^\n"
        "      = help: choose another one, or merge the entries\n"
        "\n"
        'demo0000: unproven, not listed: entry/unique: the name "demo0001_exporter" is already used in '
        "lists/demo0001/exporter.yaml\n"
        "\n"
        "1 entry: 1 error\n"
    )
    missing = run("validate", "--root", catalog, "--changed-since", "nowhere")
    assert missing.returncode == 3
    assert 'git knows no commit "nowhere"' in missing.stderr


def test_git_starts_nothing_that_the_tree_names(catalog: Path, tmp_path: Path) -> None:
    git = ["git", "-C", str(catalog), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    (catalog / ".gitattributes").write_text("* filter=x\n", encoding="utf-8")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    started = tmp_path / "started"
    for key, value in (("clean", f"touch {started}; cat"), ("process", f"touch {started}"), ("required", "true")):
        subprocess.run([*git, "config", f"filter.x.{key}", value], check=True)
    # Newer than the index: git compares the contents.
    (catalog / "lists" / "demo0000" / "alerts.yaml").touch()
    done = run("validate", "--root", catalog, "--only", "entry", "--changed-since", "HEAD")
    assert (done.returncode, done.stdout) == (0, "0 entries: no findings\n")
    assert not started.exists()


def test_a_bare_repository_among_the_files(catalog: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", catalog], check=True)
    done = run("validate", "--root", catalog, "--changed-since", "HEAD")
    assert done.returncode == 3
    assert f"{catalog} is not in a git repository" in done.stderr


def test_a_report_that_cannot_be_written(catalog: Path) -> None:
    done = run("validate", "--root", catalog, "--only", "entry", f"--report=json={catalog}", "--report=text")
    assert (done.returncode, done.stdout) == (3, f"{UNASKED}2 entries: no findings\n")
    assert f"cannot write the report to {catalog}: Is a directory" in done.stderr


def test_standard_output_is_closed(catalog: Path) -> None:
    command = ["sh", "-c", '"$@" >&-', "sh", sys.executable, "-m", "bot"]
    arguments = ["validate", "--root", str(catalog), "--only", "entry"]
    done = subprocess.run([*command, *arguments], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("script", ["exit 0", "exit 1", "echo 'prometheus, version 3.5.0'"])
def test_what_is_no_promtool_judges_nothing(catalog: Path, tmp_path: Path, script: str) -> None:
    other = program(tmp_path / "other", script)
    done = run("validate", "--root", catalog, env={"PROMTOOL": str(other)})
    assert (done.returncode, done.stdout) == (3, "")
    assert f"error: {other} is not promtool" in done.stderr


@pytest.mark.parametrize("path", ["", "lists", "lists/"])
def test_the_catalog_as_a_path(catalog: Path, path: str) -> None:
    done = run("validate", "--root", catalog, "--only", "entry", catalog / path)
    assert (done.returncode, done.stdout) == (0, f"{UNASKED}2 entries: no findings\n")


def test_ctrl_c(catalog: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    hangs = program(
        tmp_path / "hangs",
        f'[ "$1" = --version ] && echo "promtool, version 3.5.0" && exit\necho $$ >> {begun}\nsleep 300',
    )
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot", "validate", "--root", str(catalog)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PROMTOOL": str(hangs)},
        process_group=0,
    )
    deadline = time.monotonic() + 30
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(bot.pid, signal.SIGINT)
    stdout, stderr = bot.communicate(timeout=10)
    assert (bot.returncode, stdout, stderr.strip()) == (130, "", "")
    for number in begun.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(number), 0)


def test_checks_and_explain() -> None:
    listed = run("checks")
    assert listed.returncode == 0
    assert "alerts/labels" in listed.stdout
    explained = run("explain", "alerts/labels")
    assert explained.stdout.startswith("alerts/labels (error)\n\nAn alert says how urgent it is")


def test_a_bug_is_never_blamed_on_the_contributor(
    catalog: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> int:
        raise ZeroDivisionError("here")

    monkeypatch.setattr("bot.commands.validate.run", broken)
    monkeypatch.setattr(sys, "argv", ["exporterhub", "validate", "--root", str(catalog)])
    with pytest.raises(SystemExit) as exit_:
        main()
    assert exit_.value.code == 4
    assert capsys.readouterr().err.endswith(
        "ZeroDivisionError: here\n\n"
        "This is a bug in the bot, not in the catalog. Please report it with the lines above.\n"
    )


def test_the_help_names_every_report_format() -> None:
    named = ", ".join(FORMATS)
    assert f"{named.rpartition(', ')[0]} or {named.rpartition(', ')[2]};" in REPORT_HELP
