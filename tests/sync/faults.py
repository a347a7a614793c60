"""Runs in which something fails: which request, how and how often; and what became of it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.outside.wire import Patience
from bot.sync.memory import memory_of
from bot.sync.model import Outcome
from bot.sync.plan import Synced
from bot.sync.run import synced
from tests import registry
from tests.github import Fault, Seen
from tests.github.threads import Thread
from tests.outside.github.pacing import Time
from tests.sync.fault_scenes import Scene
from tests.sync.stage import Shown, Stage, image_of

ALL = ""
"""Stands for what is about no single entry."""
LATER = timedelta(hours=5)
"""An entry that failed once is asked about again by then."""
TIMEOUT = 1
"""Seconds, of real time."""
_PATIENT = 60
_OF_ALL = frozenset(("Overview", "Releases", "Branches", "issues/create"))
_NUMBER = re.compile(r"/(?:pulls|issues)/(\d+)|PR_100_(\d+)")
_COMPARED = re.compile(r"/compare/\w+\.\.\.(\w+)")

View = Mapping[str, Sequence[object]]
"""By entry, what people see of it on GitHub; names stand for the numbers of issues and pull requests."""


@dataclass(frozen=True)
class Call:
    """A request that an undisturbed run makes."""

    at: int
    """Its place in the run, from 0."""
    operation: str
    about: str
    """The entry, or ALL."""
    nth: int
    """Of the same operation about the same."""
    write: bool


@dataclass(frozen=True)
class Trial:
    """A run in which something failed."""

    result: Synced
    view: View
    hits: int
    """How many requests failed."""
    seconds: float
    """Waited for answers that did not come, and between requests."""


@dataclass
class Rehearsal:
    """A scene that is played again and again."""

    stage: Stage
    scene: Scene
    calls: tuple[Call, ...] = ()
    wanted: View = field(default_factory=dict)
    """After an undisturbed run."""
    _given: tuple[Outcome, ...] | None = None

    def __post_init__(self) -> None:
        self.scene.play(self.stage)
        self._kept = self.stage.hub.catalog.kept()
        self._now = self.stage.now
        self._reset()
        if not self.scene.surveys:
            with self.stage.checkout() as root:
                survey = synced(replace(self.stage.run(root), dry=True))
            self._given = tuple(one.outcome for one in survey.settled)
            self._reset()
        subjects: list[str] = []
        self.stage.hub.on_request = lambda seen: subjects.append(about(self.stage, seen))
        self._played()
        self.stage.hub.on_request = lambda seen: None
        self.calls = tuple(_calls(self.stage.hub.seen, subjects))
        self.wanted = self._view()
        self._converged = {self._key()}

    def fails(self, call: Call, fault: Fault, *, lasting: bool, seconds: int) -> Trial:
        """A run in which a request to GitHub fails, or all like it from then on; `seconds` of limits."""
        self._reset()

        def alike(seen: Seen) -> bool:
            return seen.operation == call.operation and about(self.stage, seen) == call.about

        times, timeout = 10**6 if lasting else 1, TIMEOUT if fault is Fault.TIMEOUT else _PATIENT
        failure = self.stage.hub.fail(fault, at=call.at, matching=alike, times=times, seconds=seconds)
        result, seconds_slept = self._played(timeout)
        waited = failure.hits * timeout if fault is Fault.TIMEOUT else 0
        return Trial(result, self._view(), failure.hits, seconds_slept + waited)

    def registry_fails(self, entry: str, fault: registry.Fault, at: str, *, lasting: bool) -> Trial:
        """A run in which the registry fails with an entry's image, once or for good."""
        self._reset()
        images = self.stage.images
        assert images is not None
        image = image_of(entry)
        images.fail(image.partition("/")[0], fault, at=at, image=image, times=None if lasting else 1)
        result, slept = self._played()
        return Trial(result, self._view(), 1, slept)

    def converged(self) -> View:
        """What an undisturbed run makes of what is there now; of the same it is not made twice."""
        self.stage.hub.heal()
        if self.stage.images:
            self.stage.images.heal()
        key = self._key()
        if key not in self._converged:
            self.stage.now = self._now + LATER
            self._played()
            view = self._view()
            if view != self.wanted:
                return view
            self._converged.add(key)
        return self.wanted

    def _played(self, timeout: int = _PATIENT) -> tuple[Synced, float]:
        """What a run did, and how long it slept."""
        time = Time()
        started = time.now
        self.stage.pace = time.pace(timeout=timeout)
        self.stage.patience = Patience(answer=TIMEOUT, sleep=time.sleep)
        with self.stage.checkout() as root:
            return synced(replace(self.stage.run(root), given=self._given)), time.now - started

    def _view(self) -> View:
        stage = self.stage
        state = stage.state()
        names = {thread.number: _name(thread, stage) for thread in stage.threads().values()}
        view: dict[str, list[object]] = {entry: [] for entry in (*stage.names, ALL)}
        for branch, files in sorted(state.branches.items()):
            view[_entry(branch, stage)].append((branch, files))
        for shown in state.threads:
            view[_entry(shown.pull[0], stage) if shown.pull else ALL].append(_anonymous(shown, names))
        return view

    def _reset(self) -> None:
        stage = self.stage
        stage.hub.heal()
        stage.hub.catalog.put_back(self._kept)
        stage.now = self._now
        stage.hub.seen.clear()
        for bucket in (stage.hub.limits.core, stage.hub.limits.graphql):
            bucket.used = 0
        if stage.images:
            stage.images.heal()

    def _key(self) -> str:
        """What the next run depends on: all that people see, and what the bot's branches are made of.

        Of the dashboard it reads what it remembers, but for the reasons; any other text it writes anew.
        """
        catalog = self.stage.hub.catalog
        heads = catalog.heads()
        main = heads["main"]
        made = {
            branch: [(commit.message, commit.parents == (main,)) for commit in catalog.ahead(main, head)]
            for branch, head in heads.items()
        }
        state = self.stage.state()
        threads = [replace(one, body=_remembered(one.body)) if one.pull is None else one for one in state.threads]
        return repr((state.branches, threads, made, self._view()[ALL] == self.wanted[ALL]))


def about(stage: Stage, seen: Seen) -> str:
    """The entry that a request is about, by its branch, its pull request or its repository."""
    if seen.operation in _OF_ALL:
        return ALL
    text = seen.path + seen.body.decode()
    numbered, compared = _NUMBER.search(text), _COMPARED.search(text)
    if numbered:
        thread = stage.threads().get(int(numbered[1] or numbered[2]))
        return _entry(thread.pull.branch, stage) if thread and thread.pull else ALL
    if compared:
        branches = [branch for branch, head in stage.hub.catalog.heads().items() if head == compared[1]]
        return _entry(branches[0], stage) if branches else ALL
    named = [name for name in stage.names if name in text]
    return named[0] if len(named) == 1 else ALL


def _calls(requests: Sequence[Seen], subjects: Sequence[str]) -> Iterator[Call]:
    times: Counter[tuple[str, str]] = Counter()
    for seen, subject in zip(requests, subjects, strict=True):
        times[seen.operation, subject] += 1
        yield Call(seen.number, seen.operation, subject, times[seen.operation, subject], seen.write)


def _remembered(body: str) -> str:
    memory = memory_of(body)
    failures = {entry: (failure.count, failure.last) for entry, failure in memory.failures.items()}
    return repr((sorted(memory.approved), sorted(memory.again), failures))


def _entry(branch: str, stage: Stage) -> str:
    entry = branch.rpartition("/")[2]
    return entry if entry in stage.names else ALL


def _name(thread: Thread, stage: Stage) -> str:
    if thread.pull is None:
        return "issue"
    same = [one.number for one in stage.threads().values() if one.pull and one.pull.branch == thread.pull.branch]
    return f"{thread.pull.branch}.{same.index(thread.number)}"


def _anonymous(shown: Shown, names: Mapping[int, str]) -> Shown:
    def named(text: str) -> str:
        return re.sub(r"#(\d+)\b", lambda match: f"#{names.get(int(match[1]), match[1])}", text)

    return replace(shown, number=0, body=named(shown.body), comments=tuple(map(named, shown.comments)))
