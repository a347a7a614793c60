"""What a sync knows and does: any of it that hypothesis can think of, and surveys as the bot itself makes them."""

from datetime import UTC, datetime
from typing import TypeVar

from hypothesis import strategies as st

from bot.catalog.files import NOT_ON_A_LINE
from bot.reporters.json import encodable
from bot.sync.marker import ENTRY, Marker
from bot.sync.memory import Memory
from bot.sync.model import Edit, File, Kind, Note, Outcome, Proposal, Release, Step, Topic, Wanted
from bot.sync.plan import Settled, Standing, Synced
from bot.sync.reading import LABELS
from bot.sync.reconcile import branch_of
from bot.sync.state import (
    ClosePull,
    DeleteBranch,
    EditPull,
    Failure,
    OpenPull,
    PushBranch,
    Relabel,
    SayHandsOff,
    WriteDashboard,
)
from tests.reporters.reports import TEXTS

_T = TypeVar("_T")

PIECES = (
    *("@", "#", "1", "you", "GH-", "gh-7", "fixes", "Closes:", "resolved", "owner/repo", "[skip ci]", "skip-checks:"),
    *("https://github.com/o/r/issues/", "github.com/o/r/pull/2", "```", "````", "~~~~", "`", "|", "\\", "<!--", "-->"),
    *("<img src=x>", "</details>", "![a](b)", "[a](https://x.example)", "-", "*", ">", "4.", "---", "- [x] "),
    *(" ", "    ", "\t", "\n", "\r\n", "\n\n", "\u200b", "<!-- approve:redis@2.0.0 -->", "<!-- catalog-bot:v1 {} -->"),
)
"""What GitHub acts on, and what Markdown is made of."""
HOSTILE = st.one_of(TEXTS, st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
WHOLE = HOSTILE.map(encodable)
"""Without half characters."""
LINES = WHOLE.map(lambda text: NOT_ON_A_LINE.sub("?", text)).filter(bool)
ENTRIES = st.one_of(st.sampled_from(("redis", "node", "a", "x-1")), st.from_regex(ENTRY, fullmatch=True))
_DIGITS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}", fullmatch=True)
VERSIONS = st.one_of(st.sampled_from(("1.88.0", "2.0.0", "1.0-rc.1")), _DIGITS)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
NUMBERS = st.integers(1, 10**6)
KEYS = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
IDS = st.one_of(st.just(""), st.from_regex(r"[0-9a-f]{40}", fullmatch=True))


def few(items: st.SearchStrategy[_T]) -> st.SearchStrategy[tuple[_T, ...]]:
    return st.lists(items, max_size=2).map(tuple)


MARKERS = st.builds(
    Marker,
    ENTRIES,
    st.sampled_from(Kind),
    HOSTILE,
    HOSTILE,
    KEYS,
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    st.sampled_from(("", "aaaaaaaaaaaa", "aaaaaaaaaaaa+0123456789ab")),
    st.booleans(),
)
FILES = st.builds(File, HOSTILE, HOSTILE, HOSTILE)
EDITS = st.builds(
    Edit,
    st.one_of(
        HOSTILE,
        st.sampled_from(("version", "commit", "install.image.digest", "upstream.repository", "upstream.repository_id")),
    ),
    HOSTILE,
    HOSTILE,
)
RELEASES = st.builds(Release, HOSTILE, st.none() | TIMES, st.none(), HOSTILE, st.booleans(), st.booleans())
WANTED = st.builds(
    Wanted,
    entry=st.one_of(ENTRIES, HOSTILE),
    kind=st.sampled_from(Kind),
    version=st.one_of(VERSIONS, HOSTILE),
    to=st.one_of(VERSIONS, HOSTILE),
    repository=st.one_of(st.just("oliver006/redis_exporter"), HOSTILE),
    edits=few(EDITS),
    files=few(FILES),
    step=st.none() | st.sampled_from(Step),
    release=st.none() | RELEASES,
    old_tag=HOSTILE,
    notes=HOSTILE,
    faults=few(HOSTILE),
    unchecked=few(HOSTILE),
)

NOTES = st.builds(Note, st.sampled_from(Topic), HOSTILE, HOSTILE, st.one_of(st.just(""), VERSIONS, HOSTILE))
_LABELS = st.lists(st.sampled_from(sorted(LABELS)), unique=True).map(tuple)
PROPOSALS = st.builds(
    Proposal,
    entry=HOSTILE,
    kind=st.sampled_from(Kind),
    branch=HOSTILE,
    version=st.one_of(VERSIONS, HOSTILE),
    to=st.one_of(VERSIONS, HOSTILE),
    title=HOSTILE,
    body=HOSTILE,
    labels=st.one_of(_LABELS, few(HOSTILE)),
    draft=st.booleans(),
    compared=st.booleans(),
    files=few(FILES),
)
OUTCOMES = st.builds(
    Outcome, st.one_of(ENTRIES, HOSTILE), st.one_of(VERSIONS, HOSTILE), st.none() | PROPOSALS, few(NOTES)
)
ACTIONS = st.one_of(
    st.builds(PushBranch, HOSTILE, *map(st.just, ("", "", None, "", "", ()))),
    st.builds(OpenPull, HOSTILE, *map(st.just, ("", "", "", False, ()))),
    st.builds(EditPull, NUMBERS, *map(st.just, ("", "", False, False))),
    st.builds(Relabel, NUMBERS, st.just(()), st.just(())),
    st.builds(ClosePull, NUMBERS, st.just(""), st.just("")),
    st.builds(SayHandsOff, NUMBERS, st.just("")),
    st.builds(DeleteBranch, HOSTILE, st.just("")),
    st.builds(WriteDashboard, st.none() | NUMBERS, st.just(""), st.just("")),
)
"""With those values that reports show."""
SETTLED = st.builds(Settled, OUTCOMES, st.sampled_from(Standing), st.none() | NUMBERS, few(ACTIONS), HOSTILE)
SYNCED = st.builds(
    Synced,
    repository=st.one_of(st.just(""), HOSTILE),
    dry=st.booleans(),
    settled=st.lists(SETTLED, max_size=3, unique_by=lambda one: one.outcome.entry).map(tuple),
    others=few(ACTIONS),
    trouble=few(HOSTILE),
)

FAILURES = st.dictionaries(ENTRIES, st.builds(Failure, st.integers(1, 9), TIMES, HOSTILE), max_size=3)
WISHES = st.frozensets(st.tuples(ENTRIES, VERSIONS), max_size=3)
MEMORIES = st.builds(Memory, WISHES, WISHES, FAILURES)


@st.composite
def _surveyed(draw: st.DrawFn, entry: str) -> Outcome:
    """An outcome such as a survey makes."""
    if not draw(st.booleans()):
        return Outcome(entry, draw(WHOLE), None, draw(few(_WHOLE_NOTES)))
    kind = draw(st.sampled_from(Kind))
    names = draw(st.lists(st.sampled_from(("exporter.yaml", "README.md")), min_size=1, unique=True))
    proposal = Proposal(
        entry=entry,
        kind=kind,
        branch=branch_of(kind, entry),
        version=draw(LINES),
        to=draw(LINES),
        title=draw(LINES),
        body=draw(WHOLE),
        labels=draw(_LABELS),
        draft=draw(st.booleans()),
        compared=draw(st.booleans()),
        files=tuple(File(f"lists/{entry}/{name}", draw(IDS), draw(WHOLE)) for name in names),
    )
    return Outcome(entry, draw(WHOLE), proposal, draw(few(_WHOLE_NOTES)))


_WHOLE_NOTES = st.builds(Note, st.sampled_from(Topic), WHOLE, WHOLE, WHOLE)
SURVEYS = st.lists(ENTRIES, max_size=3, unique=True).flatmap(
    lambda entries: st.tuples(*(_surveyed(entry) for entry in entries))
)
"""Outcomes such as surveys make."""
