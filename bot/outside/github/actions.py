"""Carries out what was decided. Whatever may have taken effect is never sent twice."""

from base64 import b64encode
from collections.abc import Mapping

from github.Repository import Repository

from bot.outside.github.answer import need
from bot.outside.github.catalog import DASHBOARD, HEADS, Catalog, Places
from bot.outside.github.failures import Refused, Unanswered
from bot.sync.memory import with_ticks
from bot.sync.state import (
    Action,
    ClosePull,
    DeleteBranch,
    Done,
    EditPull,
    OpenPull,
    PushBranch,
    Relabel,
    SayHandsOff,
    WriteDashboard,
)

HANDS_OFF = "<!-- catalog-bot:hands-off -->"
"""Starts the one comment by which the bot leaves a pull request alone."""
_STALE = "STALE_DATA"
_ABSENT = "0" * 40
"""Stands for a ref that is not there, before or after."""


class Actions:
    """Writes to one repository. Every method raises Unanswered and Refused."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def perform(self, action: Action) -> Done:
        """Carries one out."""
        repository = self._catalog.rest()
        match action:
            case PushBranch():
                return self._push(action)
            case DeleteBranch():
                return self._delete(action)
            case OpenPull():
                return _open(repository, action)
            case EditPull():
                return self._edit(repository, action)
            case Relabel(number, add, remove):
                return _relabel(repository, number, add, remove)
            case ClosePull():
                return _close(repository, action)
            case SayHandsOff(number, comment):
                repository.get_issue(number).create_comment(f"{HANDS_OFF}\n{comment}")
                return Done()
            case WriteDashboard():
                return self._write_dashboard(repository, action)

    def _push(self, action: PushBranch) -> Done:
        """A commit on the scratch branch, to which the branch is then pointed while the scratch branch goes."""
        places = self._catalog.places(action.branch, action.scratch)
        if places.branch != action.expected:
            raise Unanswered(f"{action.branch} moved meanwhile")
        if places.scratch != action.base_head:
            # Not there yet, or left by a run that broke off.
            self._move(places, {action.scratch: (places.scratch, action.base_head)})
        commit = self._commit(places, action)
        self._move(places, {action.branch: (action.expected, commit), action.scratch: (commit, None)})
        return Done()

    def _commit(self, places: Places, action: PushBranch) -> str:
        additions = [{"path": file.path, "contents": b64encode(file.text.encode()).decode()} for file in action.files]
        arguments = {
            "branch": {"repositoryNameWithOwner": places.repository, "branchName": action.scratch},
            "expectedHeadOid": action.base_head,
            "message": {"headline": action.headline, "body": action.message},
            "fileChanges": {"additions": additions},
        }
        try:
            made = self._catalog.session.mutate("createCommitOnBranch", arguments, "commit { oid }")
        except Refused as refusal:
            if refusal.kind == _STALE:
                raise Unanswered(f"{action.scratch} moved meanwhile") from refusal
            raise
        return made.node("commit").text("oid")

    def _delete(self, action: DeleteBranch) -> Done:
        places = self._catalog.places(action.branch, action.branch)
        if places.branch is None:
            return Done()
        if places.branch != action.head:
            raise Unanswered(f"{action.branch} moved meanwhile")
        self._move(places, {action.branch: (action.head, None)})
        return Done()

    def _move(self, places: Places, moves: Mapping[str, tuple[str | None, str | None]]) -> None:
        """Points branches elsewhere, from where they are to where they shall be: all of them, or none."""
        updates = [
            {
                "name": HEADS + branch,
                "beforeOid": before or _ABSENT,
                "afterOid": after or _ABSENT,
                "force": True,
            }
            for branch, (before, after) in moves.items()
        ]
        try:
            self._catalog.session.mutate(
                "updateRefs", {"repositoryId": places.id, "refUpdates": updates}, "clientMutationId"
            )
        except Refused as refusal:
            # GitHub documents no error of its own for a branch that is elsewhere.
            for branch, (before, _) in moves.items():
                if refusal.kind == _STALE or self._catalog.places(branch, branch).branch != before:
                    raise Unanswered(f"{branch} moved meanwhile") from refusal
            raise

    def _edit(self, repository: Repository, action: EditPull) -> Done:
        pull = repository.get_pull(action.number)
        # The body says what was meant, so it comes last: a run that breaks off before is taken up by the next one.
        if action.draft != action.was_draft:
            name = "convertPullRequestToDraft" if action.draft else "markPullRequestReadyForReview"
            arguments = {"pullRequestId": need(pull.node_id, str, "node_id")}
            self._catalog.session.mutate(name, arguments, "pullRequest { isDraft }")
        pull.edit(title=action.title, body=action.body)
        return Done()

    def _write_dashboard(self, repository: Repository, action: WriteDashboard) -> Done:
        # Lists lag, so that a new one may not have been listed; or it was written, and nobody said so.
        number = self._catalog.dashboard() if action.number is None else action.number
        if number is None:
            issue = repository.create_issue(action.title, action.body, labels=[DASHBOARD])
            return Done(need(issue.number, int, "number"))
        issue = repository.get_issue(number)
        # Somebody may have ticked a box since it was read: a run takes its time.
        body = with_ticks(action.body, issue.body or "")
        if (issue.title, issue.body) != (action.title, body):
            issue.edit(title=action.title, body=body)
        return Done()


def subject(action: Action) -> str:
    """What an action is about, in a few words."""
    match action:
        case PushBranch(branch=branch):
            return f"commit on {branch}"
        case DeleteBranch(branch=branch):
            return f"deletion of {branch}"
        case OpenPull(branch=branch):
            return f"new pull request of {branch}"
        case EditPull(number=number) | Relabel(number=number) | ClosePull(number=number) | SayHandsOff(number=number):
            return f"change of #{number}"
        case WriteDashboard():
            return "dashboard"


def _open(repository: Repository, action: OpenPull) -> Done:
    try:
        pull = repository.create_pull(
            action.base, action.branch, title=action.title, body=action.body, draft=action.draft
        )
    except Refused as refusal:
        if refusal.status == 422 and "already exists" in refusal.message:
            raise Unanswered("it exists already, and was not listed yet") from refusal
        raise
    number = need(pull.number, int, "number")
    if action.labels:
        repository.get_issue(number).add_to_labels(*action.labels)
    return Done(number)


def _relabel(repository: Repository, number: int, add: tuple[str, ...], remove: tuple[str, ...]) -> Done:
    issue = repository.get_issue(number)
    if add:
        issue.add_to_labels(*add)
    for label in remove:
        try:
            issue.remove_from_labels(label)
        except Refused as refusal:
            # Somebody else was faster.
            if refusal.status != 404:
                raise
    return Done()


def _close(repository: Repository, action: ClosePull) -> Done:
    issue = repository.get_issue(action.number)
    issue.add_to_labels(action.label)
    wanted = action.comment.split()
    if wanted and not any((comment.body or "").split() == wanted for comment in issue.get_comments()):
        issue.create_comment(action.comment)
    repository.get_pull(action.number).edit(state="closed")
    return Done()
