"""A real bare repository, worked with by git's plumbing."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.github.people import Person
from tests.github.refusal import Refusal, unprocessable

ZERO = "0" * 40
MADE = "refs/double/made"
"""Holds a new commit until a branch does."""
_FIXED = re.compile(r"[0-9a-f]{40}(\^\{\w+\})?(:|$)")
"""Starts an expression that names the same object for ever."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as git has it."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    message: str
    author: tuple[str, str, datetime]
    """Name, address, time."""
    committer: tuple[str, str, datetime]


@dataclass(frozen=True, slots=True)
class Change:
    """A file that differs between two trees."""

    status: str
    """added, modified, removed or renamed, as GitHub says it."""
    path: str
    blob: str
    """Object id; of the old blob where the file was removed, as GitHub does it."""
    previous: str | None
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Move:
    """A ref that shall point elsewhere."""

    ref: str
    after: str
    """Zeros delete it."""
    before: str | None = None
    """Where it must be now; zeros where it must not exist; None for wherever it is."""
    force: bool = False


class Git:
    """Refs are read afresh each time, so that a push from outside is seen; objects never change and are remembered.

    Refs are read from git's own files, as a process for each look would take most of the time of a request.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        home = path.parent
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_DEFAULT_REF_FORMAT": "files",
            "LC_ALL": "C",
        }
        self._commits: dict[str, Commit] = {}
        self._resolved: dict[str, tuple[str, str]] = {}
        self._answers: dict[tuple[tuple[str, ...], bytes], bytes | None] = {}
        self.run("init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(path))

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git printed. Raises CalledProcessError where it failed."""
        where = [] if arguments[0] == "init" else ["--git-dir", str(self.path)]
        command = ["git", *where, *arguments]
        return subprocess.run(command, input=given, env=self._environment, check=True, capture_output=True).stdout

    def _ask(self, *arguments: str, given: bytes = b"") -> bytes | None:
        """What git printed; None for exit code 1. Asked once: only for what follows from object ids alone."""
        asked = arguments, given
        if asked not in self._answers:
            try:
                self._answers[asked] = self.run(*arguments, given=given)
            except subprocess.CalledProcessError as error:
                if error.returncode != 1:
                    raise
                self._answers[asked] = None
        return self._answers[asked]

    def _told(self, *arguments: str, given: bytes = b"") -> bytes:
        """The same where exit code 1 is a mistake."""
        answer = self._ask(*arguments, given=given)
        assert answer is not None, arguments
        return answer

    def refs(self) -> dict[str, str]:
        """Object ids by full name, in the order of names."""
        found = dict(self._packed())
        start = len(f"{self.path}/")
        for folder, _folders, names in os.walk(f"{self.path}/refs"):
            for name in names:
                if not name.endswith(".lock"):
                    with open(f"{folder}/{name}") as file:
                        found[f"{folder}/{name}"[start:]] = file.read().strip()
        return {ref: found[ref] for ref in sorted(found) if ref != MADE}

    def _packed(self) -> Iterator[tuple[str, str]]:
        """Full name and object id of refs that git keeps in one file; those in files of their own come before them."""
        path = self.path / "packed-refs"
        for line in path.read_text().splitlines() if path.exists() else ():
            if line[0] not in "#^":
                oid, _, ref = line.partition(" ")
                yield ref, oid

    def resolve(self, expression: str) -> tuple[str, str] | None:
        """Object id and kind of what an expression such as main:lists/redis names."""
        if expression.startswith("-") or "\n" in expression:
            return None
        name, colon, path = expression.partition(":")
        fixed = f"{self.refs().get(name, name)}{colon}{path}"
        if fixed not in self._resolved:
            said = self.run("cat-file", "--batch-check", given=f"{expression}\n".encode()).decode().rstrip("\n")
            if said.endswith((" missing", " ambiguous")):
                return None
            oid, kind, _size = said.rsplit(" ", 2)
            if not _FIXED.match(fixed):
                return oid, kind
            self._resolved[fixed] = oid, kind
        return self._resolved[fixed]

    def read(self, oid: str) -> bytes:
        """The content of a blob."""
        return self._told("cat-file", "blob", oid)

    def files(self, commit: str) -> dict[str, str]:
        """Blob ids by path."""
        entries = self._told("ls-tree", "-r", "-z", commit).decode().split("\0")[:-1]
        return {path: facts.split(" ")[2] for facts, path in (entry.split("\t", 1) for entry in entries)}

    def commit(self, oid: str) -> Commit:
        """What a commit says."""
        if oid not in self._commits:
            self.log(oid, "-1")
        return self._commits[oid]

    def log(self, *revisions: str) -> list[Commit]:
        """Commits of `git log`, newest first; revisions are object ids."""
        form = "%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%at%x1f%cn%x1f%ce%x1f%ct%x1f%B"
        found = []
        for entry in self._told("log", "-z", f"--format={form}", *revisions, "--").decode().split("\0"):
            if entry:
                oid, tree, parents, *author, name, mail, when, message = entry.split("\x1f", 9)
                commit = Commit(
                    oid, tree, tuple(parents.split()), message.rstrip("\n"), _person(*author), _person(name, mail, when)
                )
                self._commits[oid] = commit
                found.append(commit)
        return found

    def contains(self, descendant: str, ancestor: str) -> bool:
        """Whether one commit is, or comes from, another."""
        return self._ask("merge-base", "--is-ancestor", ancestor, descendant) is not None

    def merge_base(self, one: str, other: str) -> str | None:
        """Where two lines of commits parted; None where they never met."""
        answer = self._ask("merge-base", one, other)
        return answer.decode().strip() if answer else None

    def changes(self, old: str, new: str) -> tuple[Change, ...]:
        """Files that differ, by path."""
        facts = ("diff-tree", "-r", "-M", "-z", "--raw", "--numstat", "--no-abbrev", old, new)
        return tuple(_changes(self._told(*facts).decode().split("\0")[:-1]))

    def merged_tree(self, base: str, head: str) -> str | None:
        """The tree of a merge; None where it conflicts."""
        answer = self._ask("merge-tree", "--write-tree", base, head)
        return answer.decode().splitlines()[0] if answer else None

    def make_commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        people: tuple[Person, Person],
        when: datetime,
    ) -> str:
        """Commits files on top of a commit, None for a file to remove; no branch moves. Returns the commit's id."""
        author, committer = (f"{one.name} <{one.email}> {int(when.timestamp())} +0000".encode() for one in people)
        parts = [b"commit " + MADE.encode(), b"mark :1", b"author " + author, b"committer " + committer]
        parts.append(_data(message.encode()))
        if parent:
            parts.append(b"from " + parent.encode())
        for path, content in files.items():
            parts += (
                [b"D " + _quoted(path)] if content is None else [b"M 100644 inline " + _quoted(path), _data(content)]
            )
        given = b"\n".join([*parts, b"", b"get-mark :1", b"done", b""])
        # Whoever makes the same commit again gets the one that is there: the time is a part of it.
        return self._told("fast-import", "--quiet", "--done", "--force", given=given).decode().strip()

    def merge_commit(
        self, tree: str, parents: Iterable[str], message: str, people: tuple[Person, Person], when: datetime
    ) -> str:
        """A commit with this tree; no branch moves."""
        author, committer = (f"{one.name} <{one.email}> {int(when.timestamp())} +0000" for one in people)
        lines = [f"tree {tree}", *(f"parent {one}" for one in parents), f"author {author}", f"committer {committer}"]
        raw = "\n".join([*lines, "", message]).encode()
        return self._told("hash-object", "-t", "commit", "-w", "--stdin", given=raw).decode().strip()

    def move(self, moves: Iterable[Move]) -> None:
        """All of them, or none. Raises Refusal where a ref is not where it must be, or would lose commits unforced."""
        now = self.refs()
        lines = []
        for move in moves:
            current = now.get(move.ref, ZERO)
            if move.before is not None and move.before != current:
                raise Refusal("STALE_DATA", f"{move.ref} points to {current}, expected {move.before}")
            if ZERO in (move.after, current) or move.force or self.contains(move.after, current):
                lines.append(f"update {move.ref} {move.after} {current}")
            else:
                raise unprocessable("Update is not a fast forward")
        try:
            self.run("update-ref", "--stdin", given="\n".join(["start", *lines, "commit", ""]).encode())
        except subprocess.CalledProcessError as error:
            raise unprocessable(f"Reference update failed: {error.stderr.decode().strip()}") from error


def _person(name: str, email: str, when: str) -> tuple[str, str, datetime]:
    return name, email, datetime.fromtimestamp(int(when), UTC)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s" % (len(content), content)


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()


_STATUS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "T": "changed"}


def _changes(fields: list[str]) -> Iterable[Change]:
    """Reads `diff-tree -z --raw --numstat`: all raw entries, then all counts in the same order."""
    raw: list[tuple[str, str, str, str | None]] = []
    at = 0
    while at < len(fields) and fields[at].startswith(":"):
        _old_mode, _mode, old, new, letter = fields[at].split(" ")
        renamed = letter[0] == "R"
        path, previous = (fields[at + 2], fields[at + 1]) if renamed else (fields[at + 1], None)
        raw.append((_STATUS[letter[0]], path, old if letter[0] == "D" else new, previous))
        at += 3 if renamed else 2
    for status, path, blob, previous in raw:
        added, removed, _path = fields[at].split("\t", 2)
        at += 3 if previous else 1
        yield Change(status, path, blob, previous, *(0 if count == "-" else int(count) for count in (added, removed)))
