"""What a promtool that hangs, crashes or speaks in riddles makes of the verdicts: stand-ins written for each test."""

import os
from pathlib import Path

import pytest

from bot.checks.base import MetricFault, RuleFault, UnitTestFault
from bot.errors import BotError
from bot.outside.promtool import PromtoolBinary
from tests.outside.programs import program


def fake(folder: Path, script: str, *, jobs: int = 1, timeout: float = 60) -> PromtoolBinary:
    return PromtoolBinary(program(folder / "bin/promtool", script), jobs=jobs, timeout=timeout)


def patience(text: str) -> float:
    """Seconds; few for what never ends."""
    return 1.5 if "hang" in text or "sleep" in text else 60


def files(folder: Path, *texts: str) -> list[Path]:
    paths = [folder / f"{number}.yaml" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return paths


def rule_messages(promtool: PromtoolBinary, paths: list[Path]) -> list[tuple[str, str]]:
    return [(fault.file.name, fault.message) for fault in promtool.check_rules(paths)]


def unit_test_messages(promtool: PromtoolBinary, paths: list[Path]) -> list[tuple[str, str]]:
    return [(fault.file.name, fault.message) for fault in promtool.test_rules(paths)]


# Says "Checking FILE" as promtool does, then does what the file says.
CHECK_RULES = """
echo "$#" >> {log}
code=0
shift 3
for file do
  echo "Checking $file"
  case $(cat "$file") in
    hang) exec sleep 1000 ;;
    crash) echo "goroutine 1 [running]:" >&2; echo "fatal error: stack overflow" >&2; exit 2 ;;
    memory) echo "fatal error: runtime: out of memory" >&2; exit 2 ;;
    killed) kill -KILL $$ ;;
    bad) echo "  FAILED:" >&2; echo "$file: 3:4: group \\"a\\", rule 2, \\"B\\": some fault" >&2; code=1 ;;
    odd) echo "odd words" >&2; code=1 ;;
    silent) code=1 ;;
    lint) exit 3 ;;
    good) echo "  SUCCESS: 1 rules found" ;;
    flood) echo "$file: flood" >&2; yes | head -c 5000000 >&2; code=1 ;;
    warn) echo "  SUCCESS: 1 rules found"; echo "time=2026-11-22T00:00:00Z level=WARN msg=x" >&2 ;;
  esac
done
exit $code
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hang", "promtool did not finish within 1.5 s on this file"),
        ("crash", "promtool ended with exit code 2: fatal error: stack overflow"),
        ("memory", "promtool needs more than 1024 MiB for this file"),
        ("killed", "promtool ended with signal 9"),
        ("odd", "promtool ended with exit code 1: odd words"),
        ("silent", "promtool ended with exit code 1"),
        ("lint", "promtool ended with exit code 3"),
    ],
)
def test_trouble_with_one_rule_file_is_that_file_s(text: str, message: str, tmp_path: Path) -> None:
    promtool = fake(tmp_path, CHECK_RULES.format(log=tmp_path / "log"), timeout=patience(text))
    paths = files(tmp_path, "good", "bad", text, "good", "bad", "warn")
    assert rule_messages(promtool, paths) == [("1.yaml", "some fault"), ("2.yaml", message), ("4.yaml", "some fault")]


def test_all_rule_files_go_to_one_process(tmp_path: Path) -> None:
    promtool = fake(tmp_path, CHECK_RULES.format(log=tmp_path / "log"))
    assert rule_messages(promtool, files(tmp_path, *["warn", "bad"] * 100)) == [
        (f"{number}.yaml", "some fault") for number in range(1, 200, 2)
    ]
    assert (tmp_path / "log").read_text() == "203\n"


def test_the_argument_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sysconf", lambda name: {"SC_ARG_MAX": 0}[name])
    promtool = fake(tmp_path, CHECK_RULES.format(log=tmp_path / "log"))
    assert rule_messages(promtool, files(tmp_path, *["good"] * 2048, "bad")) == [("2048.yaml", "some fault")]
    assert (tmp_path / "log").read_text() == "2051\n4\n"


def test_a_rule_file_with_more_faults_than_are_read(tmp_path: Path) -> None:
    promtool = fake(tmp_path, CHECK_RULES.format(log=tmp_path / "log"))
    found = rule_messages(promtool, files(tmp_path, "bad", "flood"))
    assert (found[0], found[-1]) == (
        ("0.yaml", "some fault"),
        ("1.yaml", "promtool has more to say of this file than is shown"),
    )


def test_what_promtool_says_of_a_rule(tmp_path: Path) -> None:
    promtool = fake(tmp_path, CHECK_RULES.format(log=tmp_path / "log"))
    (path,) = files(tmp_path, "bad")
    assert list(promtool.check_rules([path])) == [RuleFault(path, 3, 4, "a", 1, (), "some fault", None)]


TEST_RULES = """
echo "$# $GOMAXPROCS $TMPDIR" >> {log}
code=0
shift 2
for file do
  case $(cat "$file") in
    hang) touch "$TMPDIR/left"; exec sleep 1000 ;;
    crash) echo "panic: runtime error: index out of range" >&2; echo "goroutine 0x123" >&2; exit 2 ;;
    bad) printf '  FAILED:\\n    alertname: A, time: 5m, \\n        exp:[], \\n        got:[]\\n' >&2; code=1 ;;
    odd) printf '  FAILED:\\n    something    odd\\nnobody knows\\n' >&2; code=1 ;;
    silent) code=1 ;;
    *) echo "  SUCCESS" ;;
  esac
done
exit $code
"""


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("hang", ["promtool did not finish within 1.5 s on this file"]),
        ("crash", ["promtool ended with exit code 2: panic: runtime error: index out of range"]),
        ("odd", ["nobody knows", "something    odd"]),
        ("silent", ["promtool ended with exit code 1"]),
        ("bad", ["A at 5m: expected no alert, got no alert"]),
    ],
)
def test_trouble_with_one_test_file_is_that_file_s(text: str, messages: list[str], tmp_path: Path) -> None:
    promtool = fake(tmp_path, TEST_RULES.format(log=tmp_path / "log"), timeout=patience(text))
    paths = files(tmp_path, *["good"] * 9, "bad", text, *["good"] * 5)
    assert unit_test_messages(promtool, paths) == [
        ("9.yaml", "A at 5m: expected no alert, got no alert"),
        *(("10.yaml", message) for message in messages),
    ]
    folders = {line.split()[2] for line in (tmp_path / "log").read_text().splitlines()}
    assert [folder for folder in folders if Path(folder).exists()] == []


def test_batches_of_test_files(tmp_path: Path) -> None:
    promtool = fake(tmp_path, TEST_RULES.format(log=tmp_path / "log"))
    assert unit_test_messages(promtool, files(tmp_path, *["good"] * 70)) == []
    calls = [line.split()[:2] for line in (tmp_path / "log").read_text().splitlines()]
    assert calls == [["18", "1"]] * 4 + [["8", "1"]]


def test_few_test_files_are_spread(tmp_path: Path) -> None:
    promtool = fake(tmp_path, TEST_RULES.format(log=tmp_path / "log"), jobs=2)
    assert unit_test_messages(promtool, files(tmp_path, *["good"] * 15)) == []
    assert [line.split()[0] for line in (tmp_path / "log").read_text().splitlines()] == ["3"] * 15


def test_only_a_batch_with_faults_is_run_again(tmp_path: Path) -> None:
    promtool = fake(tmp_path, TEST_RULES.format(log=tmp_path / "log"))
    assert len(unit_test_messages(promtool, files(tmp_path, *["good"] * 20, "bad", *["good"] * 43))) == 1
    calls = [line.split()[0] for line in (tmp_path / "log").read_text().splitlines()]
    assert calls == ["18", "18", *["3"] * 16, "18", "18"]


def test_what_is_not_understood_keeps_its_words(tmp_path: Path) -> None:
    promtool = fake(tmp_path, TEST_RULES.format(log=tmp_path / "log"))
    (path,) = files(tmp_path, "odd")
    assert list(promtool.test_rules([path])) == [
        UnitTestFault(path, "nobody knows", "nobody knows", "", "", "", None),
        UnitTestFault(path, "something    odd", "    something    odd", "", "", "", None),
    ]


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("cat; exec sleep 1000", "promtool did not finish within 1.5 s"),
        ("echo 'fatal error: oops' >&2; exit 2", "promtool ended with exit code 2: fatal error: oops"),
        ("exit 3", "promtool ended with exit code 3"),
        ("echo 'odd, very odd' >&2; exit 1", "odd, very odd"),
    ],
)
def test_trouble_with_metrics(script: str, fault: str, tmp_path: Path) -> None:
    assert list(fake(tmp_path, script, timeout=patience(script)).check_metrics("a 1\n")) == [MetricFault("", fault)]


def test_the_version(tmp_path: Path) -> None:
    script = '[ "$*" = --version ] && echo "promtool, version 3.5.3+ds1 (branch: debian/sid)" >&2'
    assert fake(tmp_path, script).version == "3.5.3"


def test_not_promtool(tmp_path: Path) -> None:
    with pytest.raises(BotError) as raised:
        _ = fake(tmp_path, "echo what?; exit 4").version
    assert raised.value.message == (
        f"{tmp_path}/bin/promtool is not promtool: asked for its version, it printed: what?"
    )


def test_no_promtool(tmp_path: Path) -> None:
    promtool = PromtoolBinary(tmp_path / "promtool")
    (path,) = files(tmp_path, "good")
    for ask in (
        lambda: list(promtool.check_rules([path])),
        lambda: list(promtool.test_rules([path])),
        lambda: list(promtool.check_metrics("a 1\n")),
        lambda: promtool.version,
    ):
        with pytest.raises(BotError, match=f"^cannot start {tmp_path}/promtool: No such file or directory$"):
            ask()
