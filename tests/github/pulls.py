"""Pull requests: when GitHub opens, closes, merges and reopens them, and how they follow their branches."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from tests.github.conversation import Conversation
from tests.github.git import Git, Move
from tests.github.people import Person
from tests.github.refusal import invalid
from tests.github.threads import PullPart, Thread

HEADS = "refs/heads/"


class Branches(Protocol):
    """What pull requests need of their repository."""

    @property
    def owner(self) -> str:
        """The account it belongs to."""

    def heads(self) -> dict[str, str]:
        """Object ids by branch."""


class Pulls:
    """The pull requests of a repository."""

    def __init__(self, git: Git, talk: Conversation, repository: Branches) -> None:
        self._git = git
        self._talk = talk
        self._repository = repository

    def open(self, who: Person, head: str, base: str, title: str, body: str, draft: bool) -> Thread:
        """A pull request from a branch of this repository. Raises Refusal as GitHub does."""
        owner, _, branch = head.rpartition(":")
        heads = self._repository.heads()
        if branch not in heads or owner not in ("", self._repository.owner):
            raise invalid("PullRequest", "invalid", "head")
        if base not in heads:
            raise invalid("PullRequest", "invalid", "base")
        if not self._ahead(heads[base], heads[branch]):
            raise invalid("PullRequest", "custom", message=f"No commits between {base} and {branch}")
        if self._open_from(branch, base):
            message = f"A pull request already exists for {self._repository.owner}:{branch}."
            raise invalid("PullRequest", "custom", message=message)
        pull = PullPart(branch, heads[branch], base, heads[base], draft)
        thread = self._talk.open(who, title, body, pull=pull)
        self._git.move([Move(f"refs/pull/{thread.number}/head", pull.head)])
        return thread

    def reopen(self, number: int) -> Thread:
        """Opens a closed pull request again, where GitHub lets one."""
        _thread, pull = self._talk.pull(number)
        owner, heads = self._repository.owner, self._repository.heads()
        head = heads.get(pull.branch)
        reason = ""
        if pull.merged:
            reason = "The pull request was merged."
        elif self._open_from(pull.branch, pull.base):
            reason = f"A pull request already exists for {owner}:{pull.branch}."
        elif head is None:
            reason = f"The {pull.branch} branch has been deleted."
        elif not self._git.contains(head, pull.head):
            reason = f"The {pull.branch} branch was force-pushed or recreated."
        elif not self._ahead(heads[pull.base], head):
            reason = f"There are no new commits on the {owner}:{pull.branch} branch."
        if reason:
            raise invalid("PullRequest", "invalid", "state", f"state cannot be changed. {reason}")
        self._point(number, head or "")
        return self._talk.reopen(number)

    def set_draft(self, number: int, draft: bool) -> Thread:
        """Makes a draft of it, or makes it ready."""
        _, pull = self._talk.pull(number)
        what = "made a draft" if draft else "made ready"
        return self._talk.change(number, what, lambda one: replace(one, pull=replace(pull, draft=draft)))

    def mergeable(self, pull: PullPart) -> bool | None:
        """Whether it merges without conflict; None where there is nothing to merge."""
        base = self._repository.heads().get(pull.base)
        return None if pull.merged or base is None else self._git.merged_tree(base, pull.head) is not None

    def end(self, number: int, merged: str) -> None:
        """Closes a pull request as merged, with the commit that holds it."""

        def edit(thread: Thread) -> Thread:
            _, pull = self._talk.pull(number)
            when = self._git.commit(merged).committer[2]
            return replace(thread, closed=when, pull=replace(pull, merged=when, merge_commit=merged))

        self._talk.change(number, "merged", edit)

    def follow(self, before: Mapping[str, str], now: Mapping[str, str]) -> None:
        """Refs moved: pull requests get new heads, close with their branch, and are merged with their commits."""
        for thread in tuple(self._talk.threads.values()):
            pull = thread.pull
            if pull is None or not thread.open:
                continue
            base, head = now.get(HEADS + pull.base), pull.head if pull.fork else now.get(HEADS + pull.branch)
            if head is None or base is None:
                self._talk.close(thread.number)
                continue
            moved = head != pull.head
            if moved:
                self._point(thread.number, head)
            if before.get(HEADS + pull.base) != base and self._git.contains(base, head):
                self.end(thread.number, base)
            elif moved and self._git.contains(base, head):
                self._talk.close(thread.number)

    def _point(self, number: int, head: str) -> None:
        _, pull = self._talk.pull(number)
        if pull.head != head:
            self._talk.change(number, "got a new head", lambda one: replace(one, pull=replace(pull, head=head)))
            self._git.move([Move(f"refs/pull/{number}/head", head, force=True)])

    def _open_from(self, branch: str, base: str) -> bool:
        pulls = [thread.pull for thread in self._talk.threads.values() if thread.pull and thread.open]
        return any(one.branch == branch and one.base == base and one.fork is None for one in pulls)

    def _ahead(self, base: str, head: str) -> bool:
        return not self._git.contains(base, head)
