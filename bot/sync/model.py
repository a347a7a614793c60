"""What a sync knows and wants: plain values that every part understands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Scheme(StrEnum):
    """How an exporter's versions are compared. Declared in the entry, never guessed."""

    SEMVER = "semver"
    CALVER = "calver"
    PEP440 = "pep440"
    NUMERIC = "numeric"


class Step(StrEnum):
    """How far a version is from the one before it."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Tracked:
    """What an entry says about its releases."""

    entry: str
    path: str
    """The folder as a POSIX path below the root, such as lists/redis."""
    repository: str
    """OWNER/NAME on GitHub."""
    repository_id: int | None
    tag: str
    """Template such as v{version}."""
    scheme: Scheme
    version: str
    released: date | None = None
    commit: str | None = None
    """What the tag pointed to when the release was catalogued."""
    prereleases: bool = False
    cooldown_days: int | None = None
    """Of the entry; None where it declares none."""
    ignore: frozenset[str] = frozenset()
    binary: str | None = None
    """Template of the download's URL, with {version}, {os} and {arch}."""
    sha256: Mapping[str, str] | None = None
    """By os-arch; None where no checksum is listed."""
    image: str | None = None
    """Name with its registry, without a tag."""
    image_tag: str | None = None
    """Template such as v{version}."""
    digest: str | None = None
    """sha256:… of the image."""
    ended: bool = False
    """Whether the entry says already that upstream is archived, or deprecated."""
    alone: bool = False
    """Whether the exporter answers with its metrics when nothing but its image is started."""
    port: int = 0
    metrics_path: str = "/metrics"


@dataclass(frozen=True, slots=True)
class Release:
    """A release on GitHub, or a tag that has none."""

    tag: str
    published: datetime | None
    """Aware; None where upstream does not say."""
    commit: str | None
    """What the tag points to, 40 hexadecimal digits."""
    url: str
    draft: bool = False
    prerelease: bool = False
    """Whether upstream flags it as one."""
    latest: bool = False
    """Whether upstream shows it as its latest release."""


@dataclass(frozen=True, slots=True)
class Catalogued:
    """What upstream says today of the release that the entry lists."""

    commit: str | None
    assets_touched: datetime | None
    """When the last of its assets was uploaded or replaced; None where there are none."""


@dataclass(frozen=True, slots=True)
class Repository:
    """What upstream released, newest first as far as GitHub says."""

    name: str
    """OWNER/NAME as it is today: another one than was asked for where the repository moved."""
    id: int
    archived: bool
    releases: tuple[Release, ...]
    tags: tuple[Release, ...]
    """Tags as releases, whether or not they have one."""
    catalogued: Catalogued | None
    """None where upstream has no such tag."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The other side says that there is no such thing."""

    what: str
    """Such as: the image quay.io/a/b has no tag v1.2.3"""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The other side did not say: a failure, a limit, an answer that nobody understands. Never the same as Missing."""

    reason: str
    """What was asked, of whom, and what came back, in one line."""
    deferred: bool = False
    """Not asked at all, to stay within a limit: no failure."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of a release."""

    name: str
    sha256: str | None
    """64 hexadecimal digits; None where GitHub has none."""


@dataclass(frozen=True, slots=True)
class Published:
    """Details of one release, asked for when it was chosen."""

    assets: tuple[Asset, ...]
    notes: str
    """Upstream's own text, as hostile as any."""


class Kind(StrEnum):
    """What a pull request is for."""

    BUMP = "bump"
    FACTS = "facts"
    """Checksums, digests, ids of the version that is listed, which nobody had verified before."""
    MOVE = "move"
    """The repository has another name now."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One scalar of exporter.yaml, or one checksum, that changes."""

    what: str
    """The dotted place in exporter.yaml."""
    old: str
    """Empty where there was nothing."""
    new: str
    """Empty where it goes, because nobody could verify it for the new version."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it shall be."""

    path: str
    """POSIX path below the root."""
    before: str
    """Object id of the blob that it was made from, as git computes it; empty where there was none."""
    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should change in one entry, and everything that is known of it."""

    entry: str
    kind: Kind
    version: str
    """The one that the entry lists."""
    to: str
    """The one it shall list; for a move, the repository's new name."""
    repository: str
    """OWNER/NAME today."""
    edits: tuple[Edit, ...]
    files: tuple[File, ...]
    step: Step | None = None
    """None unless the version changes."""
    release: Release | None = None
    old_tag: str = ""
    notes: str = ""
    """Upstream's own text, as hostile as any."""
    faults: tuple[str, ...] = ()
    """What `validate` says of the result; nothing where it passes."""
    unchecked: tuple[str, ...] = ()
    """What nobody could check, in one sentence each."""


class Topic(StrEnum):
    """What a note on an entry is about."""

    SECURITY = "security"
    """Something that was catalogued is not what it was."""
    FAILED = "failed"
    """Could not be found out in this run."""
    BLOCKED = "blocked"
    """Nothing is proposed until somebody acts."""
    DRIFT = "drift"
    """The newest tags do not look as the entry says."""
    APPROVAL = "approval"
    """A release that is proposed only when somebody ticks it."""
    WAITING = "waiting"
    """A release that rests, or is not complete."""
    DEFERRED = "deferred"
    """Left for a later run, to stay within a limit."""
    ARCHIVED = "archived"
    """Upstream is archived."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say about an entry."""

    topic: Topic
    message: str
    """One line; the entry's name is not part of it."""
    help: str = ""
    version: str = ""
    """The release that this is about, where it is about one."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request as it should be."""

    entry: str
    kind: Kind
    branch: str
    version: str
    to: str
    title: str
    body: str
    """Markdown, without the marker in front."""
    labels: tuple[str, ...]
    draft: bool
    files: tuple[File, ...]
    compared: bool = False
    """Whether the text says what the new version's metrics break."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a survey found out about one entry, ready to be compared with what is open."""

    entry: str
    version: str
    """The one that the entry lists; empty where it does not tell."""
    proposal: Proposal | None
    notes: tuple[Note, ...]
