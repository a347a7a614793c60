"""Each kind of failure at each kind of request: the run ends in time, does the rest, and says what it could not do.

The rule by which the matrix is made: requests that differ in nothing but the entry are one kind; faults that differ in
nothing but a status, or in how an answer is spoilt or lost, are a pair. Each kind of request meets each fault, of a
pair one of the two by turns; and the entry whose request fails changes by turns, too. A fault is met once, and by all
requests of the kind from then on; where one request is all that there is, that is the same and tried once. How reads
are made again does not depend on what they ask, so that in the later scenes they fail for good only. Time-outs, which
take real time, are met at the first kind of an operation: by reads once, by writes once or for good by turns.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import workers
from bot.commands.sync import has_failed
from bot.reporters.sync import json as sync_json
from bot.reporters.sync import text
from bot.sync.plan import Synced
from tests.github import Fault
from tests.registry import FAULTS, MANIFEST, TOKEN, RegistryDouble
from tests.sync.fault_scenes import ENTRIES, SCENES
from tests.sync.faults import ALL, Call, Rehearsal, Trial
from tests.sync.stage import Shown, Stage, inline

LONGEST = 300
"""Seconds that a run may take beyond its own work."""
BRIEF, LONG = 2, 3000
"""Seconds that a limit lasts where it is met once, and where it is met from then on."""

_CAME_BACK = {
    Fault.TIMEOUT: "no answer within 1 s",
    Fault.CUT: "the connection broke off",
    Fault.CUT_AFTER: "the connection broke off",
    Fault.BAD_GATEWAY: "HTTP 502",
    Fault.BAD_GATEWAY_AFTER: "HTTP 502",
    Fault.UNAVAILABLE: "HTTP 503",
    Fault.FORBIDDEN_RETRY_AFTER: "HTTP 403, a limit is reached until",
    Fault.FORBIDDEN_EXHAUSTED: "HTTP 403, a limit is reached until",
    Fault.FORBIDDEN_SECONDARY: "HTTP 403, a limit is reached until",
    Fault.TOO_MANY_RETRY_AFTER: "HTTP 429, a limit is reached until",
    Fault.TOO_MANY_EXHAUSTED: "HTTP 429, a limit is reached until",
    Fault.TOO_MANY_SECONDARY: "HTTP 429, a limit is reached until",
    Fault.GRAPHQL_LIMITED: "HTTP 200, a limit is reached until",
    Fault.GRAPHQL_LIMIT: "HTTP 200, a limit is reached until",
    Fault.GRAPHQL_SECONDARY: "HTTP 200, a limit is reached until",
    Fault.HTML: "an answer that is cut off, or no JSON",
    Fault.EMPTY: "an answer that is cut off, or no JSON",
    Fault.TRUNCATED: "an answer that is cut off, or no JSON",
    Fault.CUT_WITHIN: "an answer that is cut off",
    Fault.BAD_CREDENTIALS: "HTTP 401, the token is not accepted",
    Fault.NOT_FOUND: "HTTP 404|listed, and yet not found",
    Fault.STALE: "moved meanwhile",
    Fault.PARTIAL: "Something went wrong|an answer that lacks it|not as documented",
    Fault.MOVED: "HTTP 307",
    Fault.LAGGING: "nothing: nobody can tell that a list lags",
}
"""What the report says of each fault; a pattern."""
_PAIRS = (
    (Fault.BAD_GATEWAY, Fault.UNAVAILABLE),
    (Fault.FORBIDDEN_RETRY_AFTER, Fault.TOO_MANY_RETRY_AFTER),
    (Fault.FORBIDDEN_EXHAUSTED, Fault.TOO_MANY_EXHAUSTED),
    (Fault.FORBIDDEN_SECONDARY, Fault.TOO_MANY_SECONDARY),
    (Fault.GRAPHQL_LIMIT, Fault.GRAPHQL_SECONDARY),
    (Fault.HTML, Fault.EMPTY),
    (Fault.TRUNCATED, Fault.CUT_WITHIN),
    (Fault.CUT_AFTER, Fault.BAD_GATEWAY_AFTER),
)
_LIMITS = frozenset(fault for fault, came_back in _CAME_BACK.items() if "limit" in came_back)
_STOPS_ALL = _LIMITS | {Fault.BAD_CREDENTIALS}
_LISTS = frozenset(("Overview", "Branches", "Dashboard"))
_MOVES = frozenset(("createCommitOnBranch", "updateRefs"))
_OF_ENTRIES = frozenset(("Overview", "Releases", "Branches"))
"""What asks about all entries at once."""


@dataclass
class Rehearsals:
    """Made once in a process: each run begins as if it were the first."""

    stack: ExitStack
    made: dict[str, Rehearsal] = field(default_factory=dict)

    def of(self, name: str) -> Rehearsal:
        """Of a scene."""
        if name not in self.made:
            scene = SCENES[name]
            images = self.stack.enter_context(RegistryDouble()) if scene.surveys else None
            self.made[name] = Rehearsal(self.stack.enter_context(Stage(ENTRIES, images=images)), scene)
        return self.made[name]


@pytest.fixture(scope="module")
def rehearsals() -> Iterator[Rehearsals]:
    with ExitStack() as stack:
        yield Rehearsals(stack)


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run", inline)
    # At each request, whoever makes it looks through all variables for proxies: a tenth of the time.
    for name in frozenset(os.environ) - {"PATH", "HOME", "TMPDIR", "PYTEST_CURRENT_TEST"}:
        monkeypatch.delenv(name)


def test_every_kind_of_request_is_tried(rehearsals: Rehearsals) -> None:
    made = {call.operation for name in SCENES for call in rehearsals.of(name).calls}
    for name, scene in SCENES.items():
        assert scene.operations <= {call.operation for call in rehearsals.of(name).calls}
    assert made == frozenset[str]().union(*(scene.operations for scene in SCENES.values()))


@pytest.mark.parametrize(
    "fault", [fault for fault in Fault if fault is not Fault.TIMEOUT], ids=lambda fault: fault.name
)
@pytest.mark.parametrize("scene", SCENES)
def test_a_request_fails(
    scene: str, fault: Fault, rehearsals: Rehearsals, record_property: Callable[[str, object], None]
) -> None:
    rehearsal = rehearsals.of(scene)
    tried = 0
    for call in _turns(_kinds(rehearsal), fault):
        for lasting in (True, False) if call.write or not rehearsal.scene.later else (True,):
            trial = rehearsal.fails(call, fault, lasting=lasting, seconds=LONG if lasting else BRIEF)
            tried += 1
            assert trial.hits
            one_is_all = trial.hits == 1 and fault not in _LIMITS
            _judge(rehearsal, trial, _expected(call, fault, lasting and not one_is_all))
            if one_is_all:
                break
    record_property("fault combinations", tried)


@pytest.mark.parametrize("scene", SCENES)
def test_a_request_is_never_answered(
    scene: str, rehearsals: Rehearsals, record_property: Callable[[str, object], None]
) -> None:
    rehearsal = rehearsals.of(scene)
    kinds = {kind[0].operation: kind for kind in reversed(_kinds(rehearsal))}
    for place, kind in enumerate(kinds.values()):
        call = kind[place % len(kind)]
        lasting = call.write and place % 2 == 0
        trial = rehearsal.fails(call, Fault.TIMEOUT, lasting=lasting, seconds=0)
        assert trial.hits
        _judge(rehearsal, trial, _expected(call, Fault.TIMEOUT, lasting))
    record_property("fault combinations", len(kinds))


@pytest.mark.parametrize("at", [MANIFEST, TOKEN])
@pytest.mark.parametrize("name", FAULTS)
def test_a_registry_fails(
    name: str, at: str, rehearsals: Rehearsals, record_property: Callable[[str, object], None]
) -> None:
    rehearsal = rehearsals.of("surveys")
    turn = list(FAULTS).index(name)
    for lasting in (True, False):
        entry = ENTRIES[(turn + lasting) % 2]
        trial = rehearsal.registry_fails(entry, FAULTS[name], at, lasting=lasting)
        where = f"{name} at the {at} of {entry}, {'lasting' if lasting else 'once'}"
        came_back = f"ghcr.io was asked for the image ghcr.io/up/{entry}:"
        _judge(rehearsal, trial, Expected(where, entry, came_back, stops_all="429" in name))
    record_property("fault combinations", 2)


@dataclass(frozen=True)
class Expected:
    """What a run may lack after something failed, and has to say of it."""

    where: str
    about: str
    came_back: str
    made_good: bool = False
    """Whether it ends as if nothing had failed."""
    stops_all: bool = False
    """Whether other entries may be left undone, too."""
    believed: bool = False
    """Whether it is an answer that nobody can doubt, so that only the next run makes it good."""


def _expected(call: Call, fault: Fault, lasting: bool) -> Expected:
    believed = fault is Fault.LAGGING or (fault, call.operation) == (Fault.NOT_FOUND, "issues/remove-label")
    final = fault is Fault.BAD_CREDENTIALS or (fault is Fault.NOT_FOUND and not call.write)
    return Expected(
        f"{fault.name} at {call}, {'lasting' if lasting else 'once'}",
        call.about,
        _CAME_BACK[fault],
        made_good=not (lasting or final or believed) or (fault is Fault.MOVED and not call.write),
        stops_all=fault in _STOPS_ALL or call.operation in _OF_ENTRIES,
        believed=believed,
    )


def _kinds(rehearsal: Rehearsal) -> list[list[Call]]:
    """Requests that are to fail, those of one kind together."""
    kinds: dict[object, list[Call]] = {}
    for call in rehearsal.calls:
        if call.operation in rehearsal.scene.operations:
            alone = call.about if call.about == ALL or not rehearsal.scene.alike else None
            kinds.setdefault((call.operation, call.nth, alone), []).append(call)
    return list(kinds.values())


def _turns(kinds: Sequence[Sequence[Call]], fault: Fault) -> Iterator[Call]:
    """The requests that meet a fault."""
    turn = list(Fault).index(fault)
    rivals = next((pair for pair in _PAIRS if fault in pair), (fault,))
    for place, kind in enumerate(kinds):
        if rivals[place % len(rivals)] is fault and _matters(fault, kind[0]):
            yield kind[(turn + place // 2) % len(kind)]


def _matters(fault: Fault, call: Call) -> bool:
    """Whether a fault can happen to a request, and makes a difference."""
    rest = "/" in call.operation
    match fault:
        case Fault.LAGGING:
            return call.operation in _LISTS
        case Fault.STALE:
            return call.operation in _MOVES
        case Fault.MOVED:
            return rest
    return not rest if fault is Fault.PARTIAL or fault.name.startswith("GRAPHQL") else True


def _judge(rehearsal: Rehearsal, trial: Trial, expected: Expected) -> None:
    wanted, view = rehearsal.wanted, trial.view
    undone = [entry for entry in wanted if view[entry] != wanted[entry]]
    where = f"{expected.where}: of {undone} in {trial.seconds} s\n{text.render(trial.result)}"
    assert trial.seconds <= LONGEST, where
    assert rehearsal.stage.hub.violations == [], where
    assert expected.made_good <= (not undone), where
    assert expected.stops_all or set(undone) <= {expected.about, ALL}, where
    assert all(_threads(view[entry]) <= _threads(wanted[entry]) for entry in wanted), where
    if not expected.believed:
        assert has_failed(trial.result) is bool(undone), where
        if undone:
            _judge_report(trial.result, undone, expected.came_back, where)
    assert rehearsal.converged() == wanted, where


def _judge_report(result: Synced, undone: Sequence[str], came_back: str, where: str) -> None:
    """Whatever is not done is named, with a reason, in every report."""
    report, shown = json.loads(sync_json.render(result)), text.render(result)
    reasons = {one["entry"]: list(_reasons(one)) for one in report["entries"]}
    said = [*report["trouble"], *(reason for each in reasons.values() for reason in each)]
    assert all(reasons[entry] for entry in undone if entry != ALL), where
    assert all(reason in shown for reason in said), where
    assert re.search(came_back, "\n".join(said)), where


def _reasons(entry: Mapping[str, Any]) -> Iterator[str]:
    if entry["standing"] in ("failed", "deferred"):
        assert entry["reason"]
        yield entry["reason"]
    yield from (note["message"] for note in entry["notes"] if note["topic"] in ("failed", "deferred"))


def _threads(seen: Sequence[object]) -> int:
    return sum(isinstance(one, Shown) for one in seen)
