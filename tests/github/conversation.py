"""Issues, pull requests, their labels and comments: what happens to them apart from branches."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from tests.github.journal import Journal
from tests.github.people import Person
from tests.github.refusal import invalid, missing
from tests.github.threads import Comment, PullPart, Thread

LONGEST_TITLE = 256
LONGEST_BODY = 65536


class Conversation:
    """Everything with a number, newest last."""

    def __init__(self, journal: Journal) -> None:
        self.threads: dict[int, Thread] = {}
        self._journal = journal
        self.comments = 0
        """How many there ever were."""

    def get(self, number: int) -> Thread:
        """An issue or a pull request. Raises Refusal where there is none."""
        if number not in self.threads:
            raise missing()
        return self.threads[number]

    def pull(self, number: int) -> tuple[Thread, PullPart]:
        """A pull request. Raises Refusal where there is none."""
        thread = self.get(number)
        if thread.pull is None:
            raise missing()
        return thread, thread.pull

    def open(
        self, author: Person, title: str, body: str, labels: Iterable[str] = (), pull: PullPart | None = None
    ) -> Thread:
        """A new issue or pull request."""
        number = len(self.threads) + 1
        kind = "pull" if pull else "issue"
        _checked(kind, title, body)
        when = self._journal.did(f"{kind} #{number} opened")
        thread = Thread(number, author, title, body, when, when, labels=tuple(dict.fromkeys(labels)), pull=pull)
        self.threads[number] = thread
        return thread

    def change(self, number: int, what: str, edit: Callable[[Thread], Thread]) -> Thread:
        """Edits a thread; what stays as it was leaves no trace."""
        before = self.threads[number]
        after = edit(before)
        if after != before:
            kind = "pull" if before.pull else "issue"
            _checked(kind, after.title, after.body)
            when = self._journal.did(f"{kind} #{number} {what}")
            self.threads[number] = replace(after, updated=when)
        return self.threads[number]

    def edit(self, number: int, title: str | None, body: str | None) -> Thread:
        """Writes title and body; None leaves one as it is."""
        thread = self.threads[number]
        title, body = thread.title if title is None else title, thread.body if body is None else body
        return self.change(number, "edited", lambda one: replace(one, title=title, body=body))

    def close(self, number: int) -> Thread:
        """Closes what is open."""
        now = self._journal.clock.now
        return self.change(number, "closed", lambda one: replace(one, closed=one.closed or now))

    def reopen(self, number: int) -> Thread:
        """Opens what is closed."""
        return self.change(number, "reopened", lambda one: replace(one, closed=None))

    def label(self, number: int, labels: Iterable[str]) -> Thread:
        """Says which labels a thread has."""
        wanted = tuple(dict.fromkeys(labels))
        self.get(number)
        return self.change(number, f"labelled {', '.join(wanted)}", lambda one: replace(one, labels=wanted))

    def comment(self, number: int, author: Person, body: str) -> Comment:
        """Adds a comment."""
        thread = self.get(number)
        _checked("IssueComment", "-", body)
        if not body.strip():
            raise invalid("IssueComment", "missing_field", "body")
        when = self._journal.did(f"{'pull' if thread.pull else 'issue'} #{number} commented")
        self.comments += 1
        comment = Comment(5000 + self.comments, author, body, when, when)
        self.threads[number] = replace(thread, comments=(*thread.comments, comment), updated=when)
        return comment

    def find_comment(self, comment_id: int) -> tuple[Thread, Comment]:
        """A comment and where it stands. Raises Refusal where there is none."""
        for thread in self.threads.values():
            for comment in thread.comments:
                if comment.id == comment_id:
                    return thread, comment
        raise missing()

    def edit_comment(self, comment_id: int, body: str | None) -> Comment | None:
        """Writes a comment anew; None deletes it."""
        thread, comment = self.find_comment(comment_id)
        if comment.body == body:
            return comment
        what = "deleted" if body is None else "edited"
        when = self._journal.did(f"comment {comment_id} of #{thread.number} {what}")
        after = None if body is None else replace(comment, body=body, updated=when)
        kept = tuple(after if one.id == comment_id else one for one in thread.comments)
        comments = tuple(one for one in kept if one is not None)
        self.threads[thread.number] = replace(thread, comments=comments, updated=when)
        return after


def _checked(kind: str, title: str, body: str) -> None:
    resource = {"pull": "PullRequest", "issue": "Issue"}.get(kind, kind)
    if not title.strip():
        raise invalid(resource, "missing_field", "title")
    if len(title) > LONGEST_TITLE:
        raise invalid(resource, "custom", "title", f"title is too long (maximum is {LONGEST_TITLE} characters)")
    if len(body) > LONGEST_BODY:
        raise invalid(resource, "custom", "body", f"body is too long (maximum is {LONGEST_BODY} characters)")
