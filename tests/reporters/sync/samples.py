"""What a sync wants and did, as the reports of these tests show it."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.drift.model import Broken, Drift, Side
from bot.drift.model import Kind as Breaks
from bot.metrics.diff import Count, Diff, Exposed
from bot.model import Finding, Severity, Span
from bot.sync.memory import Memory
from bot.sync.model import Edit, File, Kind, Note, Outcome, Proposal, Release, Step, Topic, Wanted
from bot.sync.plan import Settled, Standing, Synced
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
from tests.reporters.reports import EVIL

OLD_SUM, NEW_SUM = "3a" * 32, "c5" * 32
BLOB = "0123456789abcdef0123456789abcdef01234567"
PUBLISHED = datetime(2026, 8, 19, 22, 30, tzinfo=UTC)
FILE = File("lists/redis/exporter.yaml", BLOB, 'name: redis\nversion: "1.92.1"\n')

BUMP = Wanted(
    entry="redis",
    kind=Kind.BUMP,
    version="1.88.0",
    to="1.92.1",
    repository="oliver006/redis_exporter",
    edits=(
        Edit("version", "1.88.0", "1.92.1"),
        Edit("released", "2026-07-23", "2026-08-19"),
        Edit("install.binary.sha256.linux-amd64", OLD_SUM, NEW_SUM),
        Edit("install.binary.sha256.linux-arm64", OLD_SUM, ""),
        Edit("install.image.digest", "", f"sha256:{NEW_SUM}"),
    ),
    files=(FILE,),
    step=Step.MINOR,
    release=Release("v1.92.1", PUBLISHED, BLOB, "https://github.com/oliver006/redis_exporter/releases/tag/v1.92.1"),
    old_tag="v1.88.0",
    notes="## What's Changed\n\n* Fix by @you in https://github.com/o/r/pull/1\n* ![x](y) fixes #2\n\n```go\nx\n```\n",
    unchecked=("The download for linux-arm64 has no digest.",),
)
FACTS = replace(
    BUMP,
    kind=Kind.FACTS,
    to="1.88.0",
    edits=(
        Edit("install.binary.sha256", "", f"linux-amd64: {NEW_SUM}"),
        Edit("install.image.digest", "", f"sha256:{NEW_SUM}"),
        Edit("commit", "", BLOB),
        Edit("upstream.repository_id", "", "39473838"),
    ),
    step=None,
    release=None,
    notes="",
    unchecked=(),
)
MOVE = replace(
    FACTS,
    kind=Kind.MOVE,
    to="new-owner/redis_exporter",
    repository="new-owner/redis_exporter",
    edits=(
        Edit("upstream.repository", "oliver006/redis_exporter", "new-owner/redis_exporter"),
        Edit(
            "links.homepage",
            "https://github.com/oliver006/redis_exporter",
            "https://github.com/new-owner/redis_exporter",
        ),
    ),
    faults=("lists/redis/exporter.yaml:14:13: error[entry/urls] the link is dead",),
)

DRIFT = Drift(
    "redis",
    Side("quay.io/oliver006/redis_exporter:v1.88.0", "1.88.0"),
    Side("quay.io/oliver006/redis_exporter:v1.92.1", "1.92.1"),
    Diff(
        (),
        (Exposed("redis_memory_used_bytes", "gauge", "Memory.", (), 1),),
        (),
        (),
        (),
        (),
        (Count("redis_memory_used_bytes", 1, 0),),
        Count("", 190, 189),
        Count("", 412, 411),
    ),
    (
        Broken(
            Breaks.ALERT,
            "RedisOutOfMemory",
            Finding(
                "lists/redis/alerts.yaml",
                Span(14, 15, 14, 38),
                Severity.ERROR,
                "alerts/metric",
                'redis_exporter exposes no metric "redis_memory_used_bytes"',
                "do without it, or declare it under snapshot.conditional if it exists only sometimes",
                "redis",
            ),
        ),
    ),
)


def proposal(entry: str, kind: Kind, version: str, to: str, *labels: str, draft: bool = False) -> Proposal:
    branch = f"bot/{'move' if kind is Kind.MOVE else 'bump'}/{entry}"
    file = File(f"lists/{entry}/exporter.yaml", BLOB, f'name: {entry}\nversion: "{to}"\n')
    title = f"{entry}: {version} → {to}"
    return Proposal(entry, kind, branch, version, to, title, "Body of `it`.\n", (str(kind), *labels), draft, (file,))


def settled(
    entry: str,
    version: str,
    standing: Standing,
    number: int | None = None,
    proposed: Proposal | None = None,
    *notes: Note,
    reason: str = "",
) -> Settled:
    return Settled(Outcome(entry, version, proposed, notes), standing, number, (), reason)


_NEW = proposal("redis", Kind.BUMP, "1.88.0", "1.92.1", "minor", "breaks-alerts")
_DRAFT = proposal("statsd", Kind.BUMP, "0.28.0", "1.0.0", "major", draft=True)
_RESTS = Note(Topic.WAITING, "1.93.0 rests until 2026-08-27", "", "1.93.0")
_PUSH = PushBranch("bot/bump/redis", "bot/scratch/bump/redis", BLOB, None, "redis", "Bump-Key", (FILE,))
_OPEN = OpenPull("bot/bump/redis", "main", "redis", "Body", False, ("bump", "minor"))

DRY = Synced(
    "owner/catalog",
    True,
    (
        replace(settled("apache", "1.1.1", Standing.NONE)),
        settled("bind", "0.8.0", Standing.CURRENT, 3, proposal("bind", Kind.BUMP, "0.8.0", "0.8.1", "patch")),
        replace(
            settled("blackbox", "0.27.0", Standing.CLOSING, 4, reason="the base has it already"),
            actions=(ClosePull(4, "withdrawn", "why"), DeleteBranch("bot/bump/blackbox", BLOB)),
        ),
        settled(
            "haproxy",
            "3.4.7",
            Standing.NONE,
            None,
            None,
            Note(
                Topic.DRIFT,
                "the newest tags look like v3.5-dev1",
                "correct upstream.tag",
            ),
            Note(Topic.ARCHIVED, "haproxy/haproxy is archived"),
        ),
        settled(
            "memcached",
            "0.15.3",
            Standing.NONE,
            None,
            None,
            Note(Topic.APPROVAL, "1.0.0 is a major release", "tick it on the dashboard", "1.0.0"),
        ),
        settled(
            "mysqld",
            "0.20.0",
            Standing.REFUSED,
            9,
            proposal("mysqld", Kind.BUMP, "0.20.0", "0.21.0", "minor"),
            reason="#9 was closed by a person",
        ),
        settled(
            "nginx",
            "1.4.0",
            Standing.NONE,
            None,
            None,
            Note(Topic.SECURITY, f"the tag v1.4.0 pointed to {BLOB[:7]}, and now points to fedcba9", "find out why"),
        ),
        settled(
            "node",
            "1.11.1",
            Standing.HANDS_OFF,
            5,
            proposal("node", Kind.BUMP, "1.11.1", "1.12.0", "minor"),
            reason="bot/bump/node holds commits of others",
        ),
        settled("pgbouncer", "0.12.1", Standing.NONE, None, None, Note(Topic.FAILED, "GitHub answered 502")),
        settled(
            "postgres",
            "0.20.1",
            Standing.DEFERRED,
            None,
            proposal("postgres", Kind.BUMP, "0.20.1", "0.20.2", "patch"),
            reason="at most 5 new pull requests a run, and 10 open ones",
        ),
        replace(settled("redis", "1.88.0", Standing.NEW, None, _NEW, _RESTS), actions=(_PUSH, _OPEN)),
        replace(
            settled("snmp", "0.30.1", Standing.UPDATED, 6, proposal("snmp", Kind.FACTS, "0.30.1", "0.30.1")),
            actions=(EditPull(6, "t", "b", False, False), Relabel(6, ("facts",), ())),
        ),
        settled("statsd", "0.28.0", Standing.NEW, None, _DRAFT),
        settled("squid", "1.13.0", Standing.NONE),
        replace(
            settled("unbound", "0.4.6", Standing.NONE),
            actions=(DeleteBranch("bot/bump/unbound", BLOB),),
        ),
        settled(
            "zookeeper",
            "0.9.0",
            Standing.FAILED,
            None,
            proposal("zookeeper", Kind.MOVE, "0.9.0", "new/zookeeper_exporter"),
            Note(Topic.BLOCKED, f"blocked {EVIL}", f"help {EVIL}", "1"),
            reason="GitHub answered 502 to createCommitOnBranch",
        ),
    ),
    (DeleteBranch("bot/scratch/bump/old", BLOB), WriteDashboard(7, "Releases", "Body"), SayHandsOff(5, "comment")),
    ("GitHub answered 502 to updateRefs",),
)
"""Every standing and every topic."""
DONE = replace(
    DRY,
    dry=False,
    settled=tuple(replace(one, number=12) if one.standing is Standing.NEW else one for one in DRY.settled),
)
MEMORY = Memory(
    frozenset({("statsd", "1.0.0"), ("memcached", "0.16.0")}),
    frozenset({("redis", "1.90.0")}),
    {"pgbouncer": Failure(3, datetime(2026, 8, 20, 12, 7, 30, tzinfo=UTC)), "graphite": Failure(1, PUBLISHED, "404")},
)
