"""What git knows of a tree: only which files changed."""

import os
from collections.abc import Mapping
from pathlib import Path

from bot.errors import BotError, UsageError
from bot.outside.process import Completed, run

SECONDS = 60.0
# The tree is a stranger's: nothing that its configuration names is started.
_SAFE = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.quotePath=false"),
    # Files of a tree may look like a bare repository, with a configuration of its own.
    *("-c", "safe.bareRepository=explicit"),
)


def changed_files(root: Path, revision: str) -> tuple[str, ...]:
    """The files below `root` that differ from the merge base of HEAD and `revision`: POSIX paths, sorted.

    Uncommitted changes and untracked files count. Raises UsageError for what is no revision, BotError where git does
    not know it or shares no history with it.
    """
    if revision.startswith("-") or not revision:
        raise UsageError(f'"{revision}" is no revision', "name a branch, a tag or a commit")
    commit = _answer(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not commit:
        raise BotError(f'git knows no commit "{revision}" at {root}', "fetch it first: git fetch origin")
    base = _answer(root, "merge-base", commit, "HEAD")
    if not base:
        raise BotError(
            f"HEAD and {revision} have no common history here", "fetch the whole history: git fetch --unshallow"
        )
    changed = _git(
        root,
        _unfiltered(root),
        "diff",
        "--name-only",
        "--relative",
        "--no-renames",
        "--no-ext-diff",
        "-z",
        base,
        "--",
        ".",
    )
    untracked = _git(root, {}, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return tuple(sorted({*changed.split("\0"), *untracked.split("\0")} - {""}))


def _unfiltered(root: Path) -> dict[str, str]:
    """An environment in which git starts none of the filters of contents that a configuration names."""
    keys = _answer(root, "config", "--null", "--name-only", "--get-regexp", r"^filter\.").split("\0")
    settings = {"GIT_CONFIG_COUNT": str(len(keys) - 1)}
    for index, key in enumerate(keys[:-1]):
        settings |= {f"GIT_CONFIG_KEY_{index}": key, f"GIT_CONFIG_VALUE_{index}": ""}
    return settings


def _git(root: Path, settings: Mapping[str, str], *arguments: str) -> str:
    """What git prints. Raises BotError where it fails."""
    done = _run(root, arguments, settings)
    if done.code != 0:
        raise BotError(f"git {arguments[0]} failed at {root}: {done.stderr.strip()}")
    return done.stdout


def _answer(root: Path, *arguments: str) -> str:
    """What git prints; empty where the answer is no."""
    done = _run(root, arguments)
    return done.stdout.strip() if done.code == 0 else ""


def _run(root: Path, arguments: tuple[str, ...], settings: Mapping[str, str] | None = None) -> Completed:
    # The user's own configuration counts: it says which trees of other users git may trust.
    env = {"HOME": os.environ.get("HOME", ""), **(settings or {})}
    done = run(["git", *_SAFE, "-C", str(root), *arguments], timeout=SECONDS, max_output=64 << 20, env=env)
    if done.code == 128 and ("not a git repository" in done.stderr or "safe.bareRepository" in done.stderr):
        raise BotError(f"{root} is not in a git repository", "leave out --changed-since, or give another --root")
    if "dubious ownership" in done.stderr:
        raise BotError(
            f"git does not trust {root}: it belongs to somebody else", "git config --global safe.directory …"
        )
    return done
