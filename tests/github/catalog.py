"""The catalog's own repository: branches and commits in a real bare repository, pull requests that follow them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.github.conversation import Conversation
from tests.github.git import ZERO, Commit, Git, Move
from tests.github.journal import Journal
from tests.github.people import MAINTAINER, STRANGER, WEB_FLOW, Person
from tests.github.pulls import HEADS, Pulls
from tests.github.refusal import Refusal, missing, stale, unprocessable
from tests.github.threads import PullPart, Thread


@dataclass(frozen=True, slots=True)
class State:
    """What lists show."""

    refs: Mapping[str, str]
    threads: Mapping[int, Thread]


@dataclass(frozen=True, slots=True)
class Kept:
    """A catalog at one moment."""

    refs: Mapping[str, str]
    threads: Mapping[int, Thread]
    comments: int
    history: tuple[State, ...]
    when: datetime


class Catalog:
    """A repository that the client under test writes to."""

    def __init__(self, name: str, repository_id: int, path: Path, journal: Journal) -> None:
        self.name = name
        self.id = repository_id
        self.default_branch = "main"
        self.created = journal.clock.now
        self.git = Git(path)
        self.talk = Conversation(journal)
        self.pulls = Pulls(self.git, self.talk, self)
        self.lag = 0
        """How many writes ago it is that lists show."""
        self._journal = journal
        self._known: dict[str, str] = {}
        self._history: list[State] = [State({}, {})]

    @property
    def owner(self) -> str:
        """The account it belongs to."""
        return self.name.split("/")[0]

    @property
    def clone_url(self) -> str:
        """What git can clone."""
        return self.git.path.as_uri()

    # What is there

    def refs(self) -> dict[str, str]:
        """Object ids by full name. What was pushed from outside is noticed here."""
        now = self.git.refs()
        if now != self._known:
            before, self._known = self._known, now
            self.pulls.follow(before, now)
        return now

    def heads(self) -> dict[str, str]:
        """Object ids by branch."""
        return {ref.removeprefix(HEADS): oid for ref, oid in self.refs().items() if ref.startswith(HEADS)}

    def read(self, branch: str, path: str) -> str | None:
        """The text of a file; None where there is none."""
        found = self.git.resolve(f"{HEADS}{branch}:{path}")
        return self.git.read(found[0]).decode() if found and found[1] == "blob" else None

    def listed(self) -> State:
        """What lists show: the present, unless they lag."""
        if not self.lag:
            return State(self.refs(), self.talk.threads)
        return self._history[max(0, len(self._history) - 1 - self.lag)]

    def remember(self) -> None:
        """Called after each write: keeps the state for lists that lag."""
        self._history.append(State(self.refs(), dict(self.talk.threads)))

    def ahead(self, base: str, head: str) -> list[Commit]:
        """Commits that one has and the other has not, oldest first."""
        return self.git.log("--reverse", f"{base}..{head}")

    def kept(self) -> Kept:
        """Everything that can change, to be put back; objects stay, and nobody sees them without refs."""
        talk, history = self.talk, tuple(self._history)
        return Kept(self.refs(), dict(talk.threads), talk.comments, history, self._journal.clock.now)

    def put_back(self, kept: Kept) -> None:
        """Everything as it was."""
        now = self.git.refs()
        moves = [Move(ref, kept.refs.get(ref, ZERO), force=True) for ref in {*now, *kept.refs}]
        self.git.move(move for move in moves if move.after != now.get(move.ref, ZERO))
        self.talk.threads, self.talk.comments = dict(kept.threads), kept.comments
        self._known, self._history = dict(kept.refs), [*kept.history]
        self._journal.clock.now = kept.when
        self._journal.take()

    # Branches

    def move(self, moves: Iterable[Move]) -> None:
        """Points refs elsewhere, all or none."""
        moves = tuple(moves)
        for move in moves:
            if move.after != ZERO and not self.git.resolve(f"{move.after}^{{commit}}"):
                raise unprocessable("Object does not exist")
        before = self.refs()
        self.git.move(moves)
        for move in moves:
            old = before.get(move.ref, ZERO)
            if old != move.after:
                word = "created" if old == ZERO else "deleted" if move.after == ZERO else "moved"
                self._journal.did(f"{move.ref} {word}")
        self.refs()

    def create(self, ref: str, oid: str) -> None:
        """A new ref."""
        if not ref.startswith("refs/") or ref.count("/") < 2:
            raise unprocessable("Reference name must start with 'refs/' and contain at least one slash.")
        if ref in self.refs():
            raise unprocessable("Reference already exists")
        self.move([Move(ref, oid, ZERO)])

    def delete(self, ref: str) -> None:
        """Takes a ref away."""
        if ref not in self.refs():
            raise unprocessable("Reference does not exist")
        self.move([Move(ref, ZERO)])

    def commit_on_branch(
        self, branch: str, expected: str, files: Mapping[str, bytes | None], message: str, who: Person
    ) -> str:
        """A commit as the API makes it: signed by GitHub, on a branch that must be where the client thinks."""
        ref = HEADS + branch
        head = self.refs().get(ref)
        if head is None:
            raise missing(f"Could not resolve to a branch with the name '{branch}'.")
        if head != expected:
            raise stale(expected)
        there = self.git.files(head)
        for path, content in files.items():
            if not path or any(part in ("", ".", "..", ".git") for part in path.split("/")):
                raise unprocessable("A path was requested for addition which is not valid.")
            if content is None and path not in there:
                raise unprocessable(f"A path was requested for deletion which does not exist as of commit oid `{head}`")
        oid = self.git.make_commit(head, files, message, (who, WEB_FLOW), self._journal.clock.tick())
        self.move([Move(ref, oid, head)])
        return oid

    # What people do

    def commit(
        self, branch: str, files: Mapping[str, str | None], message: str = "By hand", author: Person = MAINTAINER
    ) -> str:
        """A person pushes a commit, with None for a file to remove; the branch is made from the default one if new."""
        heads = self.heads()
        parent = heads.get(branch, heads.get(self.default_branch))
        content = {path: None if text is None else text.encode() for path, text in files.items()}
        return self._push(
            branch, self.git.make_commit(parent, content, message, (author, author), self._journal.clock.tick())
        )

    def commit_folder(self, branch: str, folder: Path, message: str = "The catalog") -> str:
        """A person pushes everything below a folder."""
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(folder).parts
        }
        parent = self.heads().get(branch)
        people = (MAINTAINER, MAINTAINER)
        return self._push(
            branch, self.git.make_commit(parent, dict(files), message, people, self._journal.clock.tick())
        )

    def amend(self, branch: str, files: Mapping[str, str | None], author: Person = MAINTAINER) -> str:
        """A person rewrites the last commit of a branch and pushes it by force."""
        last = self.git.commit(self.heads()[branch])
        content = {path: None if text is None else text.encode() for path, text in files.items()}
        made = self.git.make_commit(last.oid, content, last.message, (author, author), self._journal.clock.tick())
        tree = self.git.commit(made).tree
        people = (author, author)
        return self._push(
            branch, self.git.merge_commit(tree, last.parents, last.message, people, self._journal.clock.tick())
        )

    def reset(self, branch: str, oid: str) -> None:
        """A person points a branch at another commit, by force; zeros delete it."""
        self._push(branch, oid)

    def open_pull(self, branch: str, title: str, body: str = "", author: Person = MAINTAINER) -> Thread:
        """A person opens a pull request from a branch of the repository."""
        thread = self.pulls.open(author, branch, self.default_branch, title, body, draft=False)
        self._by_hand()
        return thread

    def open_issue(self, title: str, body: str = "", author: Person = MAINTAINER) -> Thread:
        """A person opens an issue."""
        thread = self.talk.open(author, title, body)
        self._by_hand()
        return thread

    def edit(self, number: int, title: str | None = None, body: str | None = None) -> None:
        """A person edits an issue or a pull request, such as by ticking a box."""
        self.talk.edit(number, title, body)
        self._by_hand()

    def comment(self, number: int, body: str, author: Person = MAINTAINER) -> None:
        """A person comments."""
        self.talk.comment(number, author, body)
        self._by_hand()

    def label(self, number: int, *labels: str) -> None:
        """A person sees to it that there are these labels and no others."""
        self.talk.label(number, labels)
        self._by_hand()

    def close(self, number: int) -> None:
        """A person closes an issue or a pull request."""
        self.talk.close(number)
        self._by_hand()

    def reopen(self, number: int) -> None:
        """A person opens one again. Raises Refusal where GitHub does."""
        if self.talk.get(number).pull:
            self.pulls.reopen(number)
        else:
            self.talk.reopen(number)
        self._by_hand()

    def merge(self, number: int, delete_branch: bool = True) -> str:
        """A person squashes a pull request into its base. Raises Refusal where it conflicts. Returns the new commit."""
        thread, pull = self.talk.pull(number)
        base = self.heads()[pull.base]
        tree = self.git.merged_tree(base, pull.head)
        if not thread.open or tree is None:
            raise Refusal("UNPROCESSABLE", "Pull Request is not mergeable", 405)
        message = f"{thread.title} (#{number})"
        oid = self.git.merge_commit(tree, [base], message, (MAINTAINER, WEB_FLOW), self._journal.clock.tick())
        self.pulls.end(number, oid)
        self.move([Move(HEADS + pull.base, oid, base)])
        if delete_branch and pull.fork is None and pull.branch in self.heads():
            self.delete(HEADS + pull.branch)
        self._by_hand()
        return oid

    def open_from_fork(self, branch: str, files: Mapping[str, str], title: str, author: Person = STRANGER) -> Thread:
        """A stranger opens a pull request from a branch of the same name in a fork."""
        base = self.heads()[self.default_branch]
        content = {path: text.encode() for path, text in files.items()}
        head = self.git.make_commit(base, dict(content), title, (author, author), self._journal.clock.tick())
        pull = PullPart(branch, head, self.default_branch, base, fork=author.login)
        thread = self.talk.open(author, title, "", pull=pull)
        self.git.move([Move(f"refs/pull/{thread.number}/head", head)])
        self._by_hand()
        return thread

    def _push(self, branch: str, oid: str) -> str:
        self.git.move([Move(HEADS + branch, oid, force=True)])
        self._by_hand()
        return oid

    def _by_hand(self) -> None:
        """What people do is not an effect of the next request."""
        self.remember()
        self._journal.take()
