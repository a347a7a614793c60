import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.outside.process import Completed, ProcessTimeoutError, run, start

PYTHON = [sys.executable, "-I", "-c"]


@contextmanager
def held_by(fifo: Path) -> Iterator[int]:
    """A pipe that ends when nobody holds it open for writing any more."""
    os.mkfifo(fifo)
    handle = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield handle
    finally:
        os.close(handle)


def read(handle: int, ending: str = "") -> str:
    """What is written until the ending, or until every writer is gone; fails where one lives on."""
    text = b""
    while not (ending and text.decode().endswith(ending)):
        assert select.select([handle], [], [], 30)[0], "something still holds the pipe"
        chunk = os.read(handle, 4096)
        if not chunk:
            break
        text += chunk
    return text.decode()


def test_both_streams_and_the_exit_code() -> None:
    argv = ["sh", "-c", "echo out; echo err >&2; exit 3"]
    assert run(argv, timeout=20) == Completed(tuple(argv), 3, "out\n", "err\n", False)


def test_a_signal_is_a_negative_code() -> None:
    assert run(["sh", "-c", "kill -TERM $$"], timeout=20).code == -15


def test_standard_input_larger_than_a_pipe_comes_back() -> None:
    text = b"x" * 3_000_000
    done = run(["cat"], timeout=20, stdin=text)
    assert len(done.stdout) == len(text)
    assert not done.truncated


def test_input_that_nobody_reads_is_no_fault() -> None:
    assert run(["true"], timeout=20, stdin=b"x" * 3_000_000).code == 0


def test_without_input_the_program_reads_nothing() -> None:
    assert run(["cat"], timeout=20).stdout == ""


def test_more_output_than_is_kept_is_read_and_dropped() -> None:
    script = "import sys; sys.stderr.write('e' * 1_000_000); sys.stdout.write('o' * 1_000_000)"
    done = run([*PYTHON, script], timeout=20, max_output=1000)
    assert (done.code, done.stdout, done.stderr, done.truncated) == (0, "o" * 1000, "e" * 1000, True)


def test_exactly_as_much_output_as_is_kept() -> None:
    assert not run(["echo", "123"], timeout=20, max_output=4).truncated


def test_output_that_is_not_utf8() -> None:
    assert run(["printf", r"a\377b"], timeout=20).stdout == "a\ufffdb"


def test_a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    monkeypatch.setenv("TMPDIR", "/tmp")
    done = run(["/usr/bin/env"], timeout=20, env={"GOMAXPROCS": "1", "TZ": "Asia/Tokyo"})
    assert sorted(done.stdout.splitlines()) == sorted(
        [
            "GOMAXPROCS=1",
            "HOME=/nonexistent",
            "LANG=C.UTF-8",
            f"PATH={os.environ['PATH']}",
            "TMPDIR=/tmp",
            "TZ=Asia/Tokyo",
        ]
    )


def test_the_folder_to_run_in(tmp_path: Path) -> None:
    assert run(["pwd", "-P"], timeout=20, cwd=tmp_path).stdout == f"{tmp_path.resolve()}\n"


def test_arguments_are_no_shell() -> None:
    assert run(["echo", "$HOME; `id`", "a b"], timeout=20).stdout == "$HOME; `id` a b\n"


def test_too_long_kills_what_was_started_too(tmp_path: Path) -> None:
    with held_by(tmp_path / "fifo") as handle:
        script = f"echo begun; (echo child; exec sleep 1000) > {tmp_path}/fifo & wait"
        with pytest.raises(ProcessTimeoutError, match=r"^sh did not finish within 3 s$") as raised:
            run(["sh", "-c", script], timeout=3)
        assert raised.value.stdout == "begun\n"
        assert read(handle) == "child\n"


def test_closed_streams_do_not_hide_a_process_that_hangs() -> None:
    with pytest.raises(ProcessTimeoutError):
        run(["sh", "-c", "exec >&- 2>&-; exec sleep 1000"], timeout=0.5)


def test_what_is_left_behind_is_killed(tmp_path: Path) -> None:
    with held_by(tmp_path / "fifo") as handle:
        done = run(["sh", "-c", f"(echo child; exec sleep 1000) > {tmp_path}/fifo & echo done"], timeout=20)
        assert (done.code, done.stdout) == (0, "done\n")
        assert read(handle) == "child\n"


def test_a_child_that_keeps_the_streams_does_not_keep_us(tmp_path: Path) -> None:
    done = run(["sh", "-c", "sleep 1000 & echo done"], timeout=20)
    assert (done.code, done.stdout) == (0, "done\n")


@pytest.mark.skipif(sys.platform != "linux", reason="limits are set from outside on Linux only")
def test_the_memory_limit() -> None:
    script = "x = bytearray(300_000_000); print(len(x))"
    assert run([*PYTHON, script], timeout=20, memory=1 << 30).stdout == "300000000\n"
    done = run([*PYTHON, script], timeout=20, memory=100 << 20)
    assert (done.code, done.stderr.splitlines()[-1]) == (1, "MemoryError")


def test_a_missing_program() -> None:
    with pytest.raises(BotError) as raised:
        run(["no-such-program"], timeout=20)
    assert raised.value.message == "cannot start no-such-program: No such file or directory"
    assert raised.value.hint == "install it, or add its folder to PATH"


def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(BotError) as raised:
        run([str(path)], timeout=20)
    assert (raised.value.message, raised.value.hint) == (f"cannot start {path}: Permission denied", "")


def test_a_missing_folder_to_run_in(tmp_path: Path) -> None:
    with pytest.raises(BotError) as raised:
        run(["true"], timeout=20, cwd=tmp_path / "none")
    assert (raised.value.message, raised.value.hint) == (
        f"cannot start true in {tmp_path}/none: No such file or directory",
        "",
    )


def test_started_and_ended(tmp_path: Path) -> None:
    with held_by(tmp_path / "fifo") as handle:
        script = f"echo out; echo err >&2; (echo child; exec sleep 1000) > {tmp_path}/fifo & wait"
        with start(["sh", "-c", script]) as running:
            assert read(handle, "\n") == "child\n"
            before = running.code
        assert (before, running.code) == (None, -15)
        assert running.output() == "out\nerr\n"
        assert read(handle) == ""


def test_what_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    with held_by(tmp_path / "fifo") as handle:
        with start(["sh", "-c", f"trap '' TERM; echo ready > {tmp_path}/fifo; sleep 1000"], grace=0.2) as running:
            assert read(handle, "\n") == "ready\n"
        assert running.code == -9


def test_a_program_may_end_in_its_own_way(tmp_path: Path) -> None:
    with held_by(tmp_path / "fifo") as handle:
        script = f"trap 'echo bye; exit 7' TERM; echo ready > {tmp_path}/fifo; sleep 1000 & wait"
        with start(["sh", "-c", script]) as running:
            assert read(handle, "\n") == "ready\n"
    assert (running.code, running.output()) == (7, "bye\n")


def test_the_end_of_a_long_output_is_kept(tmp_path: Path) -> None:
    with held_by(tmp_path / "fifo") as handle:
        script = f"seq -f 'line %g' 0 999; echo ready > {tmp_path}/fifo; exec sleep 1000"
        with start(["sh", "-c", script], max_output=18) as running:
            assert read(handle, "\n") == "ready\n"
    assert running.output() == "line 998\nline 999\n"


def test_an_exception_ends_it_too() -> None:
    with pytest.raises(KeyError), start(["sleep", "1000"]) as running:
        raise KeyError
    assert running.code == -15


def test_nothing_to_start() -> None:
    with pytest.raises(BotError, match=r"^cannot start no-such-program: No such file or directory$"):
        start(["no-such-program"]).__enter__()
