"""Tags that no longer look as an entry says."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.sync.model import Note, Release, Topic, Tracked
from bot.sync.schemes import Parsed, parse
from bot.sync.templates import PLACE, version_of

LOOKED_AT = 3
SHOWN = 60
"""Characters of a tag."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_NAME_BEFORE_NUMBERS = re.compile(r"([0-9A-Za-z._/-]*?)[0-9]+[._-][0-9]")


def drift(pool: Sequence[Release], tracked: Tracked, listed: Parsed) -> Iterator[Note]:
    """A note if the newest three tags all miss the entry's template or scheme; `pool` is newest first where undated.

    No note where tags of others are the habit, as in a repository of many products: where there is a tag of the entry,
    and at least half of those that are older miss, too.
    """
    newest = sorted(pool, key=lambda release: release.published or _BEGINNING, reverse=True)
    fits = [_parsed(release.tag, tracked.tag, tracked) is not None for release in newest]
    if not newest or any(fits[:LOOKED_AT]):
        return
    since = fits[fits.index(True) :] if True in fits else []
    if since and since.count(False) >= since.count(True):
        return
    tags = [release.tag for release in newest[:LOOKED_AT]]
    named = ", ".join(shown(tag) for tag in tags)
    yield Note(
        Topic.DRIFT,
        f"the newest tags are not as {shown(tracked.tag)} of scheme {tracked.scheme} says: {named}",
        _help(tags, tracked, listed),
    )


def shown(text: str) -> str:
    """A text of strangers, quoted, in one line of bounded length."""
    line = " ".join(text[: 2 * SHOWN].split())
    return f'"{line}"' if line == text and len(line) <= SHOWN else f'"{line[:SHOWN]}…"'


def _parsed(tag: str, template: str, tracked: Tracked) -> Parsed | None:
    version = version_of(tag, template)
    return parse(version, tracked.scheme) if version else None


def _help(tags: Sequence[str], tracked: Tracked, listed: Parsed) -> str:
    for template in _templates(tags[0], tracked.tag):
        versions = [_parsed(tag, template, tracked) for tag in tags]
        if all(versions) and any(version and listed < version for version in versions):
            return f'set upstream.tag to "{template}"'
    return "mend upstream.tag or upstream.scheme in exporter.yaml"


def _templates(tag: str, declared: str) -> Iterator[str]:
    """What the template may be now: with a v or without it, or with another name in front."""
    yield declared.replace(f"v{PLACE}", PLACE) if f"v{PLACE}" in declared else declared.replace(PLACE, f"v{PLACE}")
    yield PLACE
    yield f"v{PLACE}"
    if match := _NAME_BEFORE_NUMBERS.match(tag[:100]):
        yield match[1] + PLACE
