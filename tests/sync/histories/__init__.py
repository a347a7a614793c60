"""The table of real tag histories, each with the releases that are expected to be chosen at a given moment.

One YAML file a repository. `tags` holds what was read from a copy of it, newest first: the tag and its date in UTC (of
the tag, or of the commit that it points to), which is left out where it is not known. A long history is cut to the
stretches of time that the cases look at; nothing within them is left out. `cases` say what an entry lists, when it is
looked at (later tags are hidden) and what is expected: all candidates, highest first, and all notes. Flags that GitHub
keeps beside a tag are given where somebody wrote them down, with the address; they belong to the case, for they change.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot.sync.model import Release, Repository, Scheme, Step, Tracked

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One moment of one history."""

    repository: str
    tags: tuple[tuple[str, datetime | None], ...]
    rule: str
    """What decides."""
    why: str
    listed: str
    now: datetime
    tag: str
    scheme: Scheme
    candidates: tuple[str, ...]
    step: Step | None
    """Of the highest candidate."""
    notes: tuple[str, ...]
    prereleases: bool = False
    cooldown_days: int | None = None
    ignore: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()
    flags: dict[str, str] = field(default_factory=dict)
    """By tag, prerelease or latest; the tag * stands for all."""

    @property
    def tracked(self) -> Tracked:
        name = self.repository.rpartition("/")[2].lower()
        return Tracked(
            name,
            f"lists/{name}",
            self.repository,
            None,
            self.tag,
            self.scheme,
            self.listed,
            prereleases=self.prereleases,
            cooldown_days=self.cooldown_days,
            ignore=self.ignore,
        )

    def releases(self) -> tuple[Release, ...]:
        """What there was at that moment."""
        return tuple(
            Release(
                tag,
                date,
                None,
                f"https://github.com/{self.repository}/releases/tag/{tag}",
                prerelease=self.flags.get(tag, self.flags.get("*")) == "prerelease",
                latest=self.flags.get(tag) == "latest",
            )
            for tag, date in self.tags
            if date is None or date <= self.now
        )

    def as_releases(self) -> Repository:
        """Where upstream makes a release of every tag."""
        return Repository(self.repository, 1, False, self.releases(), self.releases(), None)

    def as_tags(self) -> Repository:
        """Where upstream only tags."""
        return Repository(self.repository, 1, False, (), self.releases(), None)


def cases() -> Iterator[Case]:
    """All cases of all files."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield from _cases(path)


def _cases(path: Path) -> Iterator[Case]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    tags = tuple(_tag(line) for line in document["tags"].splitlines())
    for case in document["cases"]:
        moment = {**document, **case}
        yield Case(
            repository=document["repository"],
            tags=tags,
            rule=case["rule"],
            why=case["why"],
            listed=case["listed"],
            now=datetime.fromisoformat(case["now"]).replace(tzinfo=UTC),
            tag=moment["tag"],
            scheme=Scheme(moment["scheme"]),
            candidates=tuple(case["candidates"].split()),
            step=Step(case["step"]) if "step" in case else None,
            notes=tuple(case.get("notes", ())),
            prereleases=case.get("prereleases", False),
            cooldown_days=case.get("cooldown_days"),
            ignore=frozenset(case.get("ignore", ())),
            approved=frozenset(case.get("approved", ())),
            flags=case.get("flags", {}),
        )


def _tag(line: str) -> tuple[str, datetime | None]:
    tag, _, date = line.partition(" ")
    return tag, datetime.fromisoformat(date) if date else None
