"""diff on the command line: its exit codes, and what it says when it cannot compare."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import DIFF_REPORT_HELP
from bot.commands.diff import Request, run
from bot.errors import BotError, UsageError
from bot.reporters.drift import FORMATS
from tests.drift.test_judge import OLD, catalog, without

HINT = "name a file that holds what the exporter's /metrics answers"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return catalog(tmp_path, rules="alert DemoDown demo_up == 0", panels="demo_up\ndemo_level")


def new(root: Path, text: str | bytes) -> str:
    path = root / "new.prom"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def diff(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "diff", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_nothing_breaks(root: Path) -> None:
    done = diff("demo", "--root", root, "--to", "-", stdin=OLD.replace("demo_up 1", "demo_up 0"))
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "lists/demo/metrics.prom (1.0) → standard input: 5 metrics with 12 series → 5 metrics with 12 series\n"
        "the metrics are the same\n"
        "demo: nothing breaks\n",
        "",
    )


def test_something_breaks(root: Path) -> None:
    to = new(root, without("demo_level"))
    page = root / "out.md"
    done = diff("demo", "--root", root, "--to", to, "--report", "json", "--report", f"markdown={page}")
    assert (done.returncode, done.stderr) == (1, "")
    (broken,) = json.loads(done.stdout)["broken"]
    assert (broken["kind"], broken["name"], broken["line"]) == ("panel", "Panel 2", 28)
    assert page.read_text(encoding="utf-8").startswith("## `demo`: 1 panel breaks\n")


def test_usage(root: Path) -> None:
    with pytest.raises(UsageError) as caught:
        run(Request("dem", "-", root, ()))
    assert (caught.value.message, caught.value.hint) == ('there is no entry "dem"', 'did you mean "demo"?')
    with pytest.raises(UsageError) as caught:
        run(Request("demo", "-", root, ("jsn",)))
    assert (caught.value.message, caught.value.hint) == ('there is no report format "jsn"', 'did you mean "json"?')


def test_could_not_compare(root: Path) -> None:
    done = diff("demo", "--root", root, "--to", "/nowhere")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"error: /nowhere cannot be read: No such file or directory\n  = help: {HINT}\n"


def test_without_to(root: Path) -> None:
    done = diff("demo", "--root", root)
    assert done.returncode == 2
    assert "Missing option '--to'" in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "<html>\n<body>Not found</body>\n",
            '{} is no exposition: 1:1: "<html>" is not a metric name; 2:1: "<body>Not" is not a metric name',
        ),
        ("a 1\n" * 2, '{} is no exposition: 2:1: the series "a" stands twice, first in line 1'),
        (
            "a b\n" * 7,
            "{} is no exposition: "
            + "; ".join(f'{n}:3: expected a number as value, found "b"' for n in range(1, 6))
            + "; 2 more",
        ),
        ("# a comment\n", "{} holds no metric"),
        ("", "{} holds no metric"),
        (b"a 1\n# \xff\n", "{} is not UTF-8: byte 0xff at offset 6"),
        (b"#" * (8 * 2**20 + 1), "{} is larger than 8 MiB, the most that is read of a scrape"),
    ],
)
def test_what_is_no_scrape(root: Path, text: str | bytes, message: str) -> None:
    to = new(root, text)
    with pytest.raises(BotError) as caught:
        run(Request("demo", to, root, ()))
    assert not isinstance(caught.value, UsageError)
    assert caught.value.message == message.format(to)
    assert caught.value.hint == ("" if "larger" in message else HINT)


def test_no_such_file_and_no_file(root: Path) -> None:
    for to, why in ((str(root / "nowhere"), "No such file or directory"), (str(root), "Is a directory")):
        with pytest.raises(BotError) as caught:
            run(Request("demo", to, root, ()))
        assert (caught.value.message, caught.value.hint) == (f"{to} cannot be read: {why}", HINT)


def test_a_link_and_a_missing_line_break_do_no_harm(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = root / "link.prom"
    link.symlink_to(new(root, OLD.rstrip("\n")))
    assert run(Request("demo", str(link), root, ())) == 0
    assert capsys.readouterr().out.endswith("demo: nothing breaks\n")


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("metrics.prom", None, "there is no lists/demo/metrics.prom to compare with"),
        ("metrics.prom", "", "lists/demo/metrics.prom cannot be read, so nobody can say what breaks"),
        ("alerts.yaml", "a: [", "lists/demo/alerts.yaml cannot be read, so nobody can say what breaks"),
        ("dashboard.json", "{", "lists/demo/dashboard.json cannot be read, so nobody can say what breaks"),
        ("exporter.yaml", None, "lists/demo/exporter.yaml cannot be read, so nobody can say what breaks"),
        ("exporter.yaml", "- a", "lists/demo/exporter.yaml cannot be read, so nobody can say what breaks"),
    ],
)
def test_an_entry_that_cannot_be_compared(root: Path, file: str, text: str | None, message: str) -> None:
    path = root / "lists" / "demo" / file
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    with pytest.raises(BotError) as caught:
        run(Request("demo", new(root, OLD), root, ()))
    assert (caught.value.message, caught.value.hint) == (message, "run: python -m bot validate demo")


def test_unit_tests_do_not_matter(root: Path) -> None:
    (root / "lists" / "demo" / "alerts_test.yaml").write_text("a: [", encoding="utf-8")
    assert run(Request("demo", new(root, OLD), root, ())) == 0


def test_a_report_that_cannot_be_written(root: Path) -> None:
    with pytest.raises(BotError, match="cannot write the report"):
        run(Request("demo", new(root, OLD), root, (f"json={root}",)))


def test_the_help_names_every_format() -> None:
    first, *others, last = FORMATS
    assert DIFF_REPORT_HELP.startswith(f"{', '.join((first, *others))} or {last};")
