"""The catalog's own repository: what is there, and the actions that change it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from bot.errors import UsageError
from bot.outside.github import catalog
from bot.outside.github.actions import HANDS_OFF, Actions, subject
from bot.outside.github.answer import Node, need
from bot.outside.github.failures import Unanswered, told
from bot.outside.github.published import is_name
from bot.outside.github.session import Session
from bot.sync.model import Unknown
from bot.sync.state import Action, Ahead, BranchState, Done, Overview, Pull

BATCH = 20
"""Branches a request."""
MOST_PAGES = 10
"""Of a hundred pull requests, most of them of forks, among which those of one branch are looked for."""
MOST_COMMITS = 100
"""Of a branch; one of ours has one, and so many make it the work of others."""


class GithubHub:
    """Implements `Hub` with a token."""

    def __init__(self, session: Session, repository: str) -> None:
        """`repository` is OWNER/NAME. Raises UsageError for anything else."""
        if not is_name(repository):
            raise UsageError(f'"{repository}" is no repository on GitHub', "write it as OWNER/NAME")
        self._catalog = catalog.Catalog(session, repository)
        self._actions = Actions(self._catalog)

    def overview(self) -> Overview | Unknown:
        """The base branch, the bot's branches and the dashboard."""
        return told(f"branches of {self._catalog.name}", self._overview)

    def branches(self, wanted: Mapping[str, Sequence[str]], base: str) -> Mapping[str, BranchState] | Unknown:
        """By branch, what is there of it. `base` is the commit, or its branch, whose blobs are looked up."""
        return told(f"pull requests of {self._catalog.name}", partial(self._branches, wanted, base))

    def ahead(self, base: str, head: str) -> Ahead | Unknown:
        """What a branch holds that the base does not, since they parted."""
        return told(f"commits of {head[:12]}", partial(self._ahead, base, head))

    def hands_off_said(self, number: int) -> bool | Unknown:
        """Whether the comment is there already that the bot leaves this pull request alone."""
        return told(f"comments of #{number}", partial(self._hands_off_said, number))

    def perform(self, action: Action) -> Done | Unknown:
        """Carries an action out; Unknown where it failed, or nobody can say whether it took effect."""
        return told(subject(action), partial(self._actions.perform, action))

    def _overview(self) -> Overview:
        branches: dict[str, str] = {}
        after: str | None = None
        first: Node | None = None
        while True:
            repository = self._catalog.ask(catalog.OVERVIEW, {"labels": [catalog.DASHBOARD], "after": after})
            first = first or repository
            refs = repository.node("refs")
            branches |= catalog.heads(refs)
            after = refs.node("pageInfo").text_or_none("endCursor")
            if after is None or not refs.node("pageInfo").flag("hasNextPage"):
                return catalog.overview(first, branches)

    def _branches(self, wanted: Mapping[str, Sequence[str]], base: str) -> dict[str, BranchState]:
        names = list(wanted)
        states: dict[str, BranchState] = {}
        for start in range(0, len(names), BATCH):
            batch = {name: wanted[name] for name in names[start : start + BATCH]}
            states |= self._states(batch, base)
        return states

    def _states(self, batch: Mapping[str, Sequence[str]], base: str) -> dict[str, BranchState]:
        """Of all of them by one request, or of each half by one where that is too much."""
        paths = [path for each in batch.values() for path in each]
        query = catalog.branches_query(len(batch), len(paths))
        variables = catalog.branches_variables(
            [(name, None) for name in batch], [f"{base}:{path}" for path in paths], catalog.FIRST_PULLS
        )
        try:
            repository = self._catalog.ask(query, variables, tries=1 if len(batch) > 1 else None)
        except Unanswered as error:
            if not error.heavy or len(batch) == 1:
                raise
            names, middle = list(batch), len(batch) // 2
            halves = ({name: batch[name] for name in half} for half in (names[:middle], names[middle:]))
            return {name: state for half in halves for name, state in self._states(half, base).items()}
        return self._read(repository, batch, paths)

    def _read(
        self, repository: Node, batch: Mapping[str, Sequence[str]], paths: Sequence[str]
    ) -> dict[str, BranchState]:
        found = catalog.blobs(repository, paths)
        base = repository.node("defaultBranchRef").text("name")
        states = {}
        for i, (name, wanted) in enumerate(batch.items()):
            page = catalog.pulls(repository.node(f"p{i}"), base)
            own = (*page.ours, *self._further(name, page, base))
            blobs = {path: found[path] for path in wanted if path in found}
            states[name] = BranchState(catalog.target(repository.node_or_none(f"r{i}")), own, blobs)
        return states

    def _further(self, branch: str, page: catalog.Pulls, base: str) -> Iterator[Pull]:
        """Our pull requests on later pages: however many strangers open, they must not push ours out of sight."""
        for _ in range(MOST_PAGES):
            if not (page.forks and page.after):
                return
            variables = catalog.branches_variables([(branch, page.after)], (), 100)
            repository = self._catalog.ask(catalog.branches_query(1, 0), variables)
            page = catalog.pulls(repository.node("p0"), base)
            yield from page.ours

    def _ahead(self, base: str, head: str) -> Ahead:
        comparison = self._catalog.rest().compare(base, head).complete()
        files: dict[str, str] = {}
        for file in comparison.files:
            if file.status == "renamed":
                files[need(file.previous_filename, str, "previous_filename")] = ""
            files[need(file.filename, str, "filename")] = "" if file.status == "removed" else need(file.sha, str, "sha")
        # GitHub lists three hundred files; more are the work of others, whatever they are.
        messages = [need(commit.commit.message, str, "message") for commit in islice(comparison.commits, MOST_COMMITS)]
        return Ahead(tuple(messages), files)

    def _hands_off_said(self, number: int) -> bool:
        comments = self._catalog.rest().get_issue(number).get_comments()
        return any((comment.body or "").startswith(HANDS_OFF) for comment in comments)
