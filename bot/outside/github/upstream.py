"""What upstream released, by GraphQL: many repositories a request."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from bot.outside.github.ahead import begun
from bot.outside.github.failures import Malformed, Unanswered
from bot.outside.github.published import is_name, published
from bot.outside.github.released import START, Cursors, Page, page, query, variables
from bot.outside.github.session import Answer, Session
from bot.sync.model import Missing, Published, Release, Repository, Tracked, Unknown
from bot.sync.templates import version_of

BATCH = 33
"""Repositories a request: three connections each make 99, which is one point of GitHub's limit."""
FIRST = 20
"""Releases and tags of each."""
FURTHER = 100
"""Of those where none of the first is of the entry's template."""
SMALLEST = 5
"""No fewer are asked for when GitHub takes too long; then there are fewer repositories a request."""
PAGES = 5

_Answered = tuple[Tracked, Repository | Missing | Unknown]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One repository, and what is known of it so far."""

    tracked: Tracked
    cursors: Cursors = START
    pages: int = 0
    releases: tuple[Release, ...] = ()
    tags: tuple[Release, ...] = ()

    @property
    def matches(self) -> bool:
        """Whether anything looks like a release of this entry."""
        found = (*self.releases, *self.tags)
        return any(version_of(release.tag, self.tracked.tag) is not None for release in found)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is asked for in one request."""

    asked: tuple[_Asked, ...]
    size: int = FIRST
    tries: int = 1
    """This one included."""


@dataclass(slots=True)
class _Queue:
    """What is still to be asked: for the first time, again, and for a further page."""

    asked: Iterator[_Asked]
    batches: deque[_Batch] = field(default_factory=deque)
    further: dict[int, list[_Asked]] = field(default_factory=dict)
    """By size of the page."""

    def ready(self) -> _Batch | None:
        """One that does not depend on answers that are still to come."""
        if first := tuple(islice(self.asked, BATCH)):
            return _Batch(first)
        return self.batches.popleft() if self.batches else None

    def take(self) -> _Batch | None:
        """The next one; further pages come when every repository has had its first."""
        if batch := self.ready():
            return batch
        further, self.further = self.further, {}
        self.batches.extend(batch for size, asked in further.items() for batch in _batches(asked, size))
        return self.ready()


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request that is under way."""

    batch: _Batch
    answer: "Future[Answer]"


class GithubUpstream:
    """Implements `Upstream` with a token: GraphQL answers nobody without one."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def repositories(self, asked: Iterable[Tracked]) -> Iterator[_Answered]:
        """Each one with its answer, in the order in which they come.

        One request at a time, as GitHub asks for. While it is under way, the caller works on the answers to the one
        before it, and whatever `asked` takes for the one after it is done.
        """
        nameless: list[Tracked] = []
        queue = _Queue(_named(asked, nameless))
        sent = self._send(queue.take())
        while sent:
            ready = queue.ready()
            wait((sent.answer,))
            after = self._send(ready)
            yield from self._answers(sent, queue)
            sent = after or self._send(queue.take())
        for tracked in nameless:
            yield tracked, Missing(f'"{tracked.repository}" is no name of a repository')

    def published(self, repository: str, tag: str) -> Published | Missing | Unknown:
        """Details of one release."""
        return published(self._session, repository, tag)

    def _send(self, batch: _Batch | None) -> _Sent | None:
        if batch is None:
            return None
        asked = [(one.tracked, one.cursors) for one in batch.asked]
        text, values = query(len(asked)), variables(asked, batch.size)
        return _Sent(batch, begun(partial(self._session.query, text, values, tries=1)))

    def _answers(self, sent: _Sent, queue: _Queue) -> Iterator[_Answered]:
        """The answers that one request gives; what is to be asked again, or further, joins the queue."""
        batch = sent.batch
        try:
            answer = sent.answer.result()
        except Unanswered as error:
            yield from self._again(batch, error, queue)
            return
        left = []
        for place, one in enumerate(batch.asked):
            outcome = _outcome(answer, f"r{place}", one.cursors)
            match outcome:
                case None:
                    left.append(one)
                case Missing():
                    yield one.tracked, Missing(f"GitHub has no repository {one.tracked.repository}")
                case Page():
                    yield from _arrived(one, outcome, batch.size, queue)
        if left:
            kinds = ", ".join(sorted({error.kind for error in answer.errors if error.kind})) or "no reason given"
            partly = Unanswered(f"an answer that lacks it ({kinds})", heavy=True)
            yield from self._again(replace(batch, asked=tuple(left)), partly, queue)

    def _again(self, batch: _Batch, error: Unanswered, queue: _Queue) -> Iterator[_Answered]:
        """Asks for less at once, as far as that goes; then gives up."""
        smaller = _smaller(batch, self._session.pace.tries) if error.heavy else ()
        queue.batches.extend(smaller)
        if not smaller:
            times = f", {batch.tries} times" if batch.tries > 1 else ""
            for one in batch.asked:
                reason = Unanswered(f"{error.came_back}{times}", deferred=error.deferred)
                yield one.tracked, reason.unknown(f"releases of {one.tracked.repository}")


def _named(asked: Iterable[Tracked], nameless: list[Tracked]) -> Iterator[_Asked]:
    """Those that can be asked for; `nameless` gets the others."""
    for tracked in asked:
        if is_name(tracked.repository):
            yield _Asked(tracked)
        else:
            nameless.append(tracked)


def _batches(asked: Iterable[_Asked], size: int) -> Iterator[_Batch]:
    waiting = tuple(asked)
    for start in range(0, len(waiting), BATCH):
        yield _Batch(waiting[start : start + BATCH], size)


def _smaller(batch: _Batch, tries: int) -> tuple[_Batch, ...]:
    """The same with smaller pages, else in two halves, else once more; nothing where it was tried often enough."""
    if batch.size > SMALLEST:
        return (replace(batch, size=max(batch.size // 2, SMALLEST)),)
    if len(batch.asked) > 1:
        middle = len(batch.asked) // 2
        return replace(batch, asked=batch.asked[:middle]), replace(batch, asked=batch.asked[middle:])
    return (replace(batch, tries=batch.tries + 1),) if batch.tries < tries else ()


def _outcome(answer: Answer, alias: str, before: Cursors) -> Page | Missing | None:
    """What an answer says of one repository; None where it says nothing of it, or only parts."""
    errors = [error for error in answer.errors if error.path[:1] == (alias,)]
    if any(error.kind == "NOT_FOUND" and len(error.path) == 1 for error in errors):
        return Missing("")
    try:
        repository = answer.data.node_or_none(alias)
        return page(repository, before) if repository and not errors else None
    except Malformed:
        return None


def _arrived(one: _Asked, found: Page, size: int, queue: _Queue) -> Iterator[_Answered]:
    """The repository, or nothing where a further page is needed to tell."""
    one = replace(
        one,
        cursors=found.next,
        pages=one.pages + 1,
        releases=one.releases + found.releases,
        tags=one.tags + found.tags,
    )
    # Pages that were made smaller must not hide what the first page shows otherwise.
    short = (found.more_releases and len(one.releases) < FIRST) or (found.more_tags and len(one.tags) < FIRST)
    more = found.more_releases or found.more_tags
    if one.pages < PAGES and more and (short or not one.matches):
        further = FURTHER if size >= FIRST else size
        queue.further.setdefault(further, []).append(one)
        return
    yield (
        one.tracked,
        Repository(found.name, found.id, found.archived, one.releases, one.tags, found.catalogued),
    )
