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

    Tags of other products in the same repository do not count: those that look like one from before the entry's newest
    tag, up to their numbers, unless they would be the entry's but for a v.
    """
    newest = sorted(pool, key=_age, reverse=True)
    if any(_parsed(release.tag, tracked.tag, tracked) for release in newest[:LOOKED_AT]):
        return
    fits = [_parsed(release.tag, tracked.tag, tracked) is not None for release in newest]
    before = newest[fits.index(True) :] if True in fits else []
    neighbours = {_shape(release.tag) for release in before}
    looked_at = [
        (release.tag, fit)
        for release, fit in zip(newest, fits, strict=True)
        if fit or _shape(release.tag) not in neighbours or _newer_but_for_v(release.tag, tracked, listed)
    ][:LOOKED_AT]
    if not looked_at or any(fit for _, fit in looked_at):
        return
    tags = [tag for tag, _ in looked_at]
    named = ", ".join(map(shown, tags))
    message = f"the newest tags do not match {shown(tracked.tag)} with a version of scheme {tracked.scheme}: {named}"
    yield Note(Topic.DRIFT, message, _help(tags, tracked, listed))


def shown(text: str) -> str:
    """A text of strangers, quoted, in one line of bounded length."""
    line = " ".join(text[: 2 * SHOWN].split())
    return f'"{line}"' if line == text and len(line) <= SHOWN else f'"{line[:SHOWN]}…"'


def _parsed(tag: str, template: str, tracked: Tracked) -> Parsed | None:
    version = version_of(tag, template)
    return parse(version, tracked.scheme) if version else None


def _age(release: Release) -> tuple[datetime, str]:
    return (release.published, release.tag) if release.published else (_BEGINNING, "")


def _shape(tag: str) -> str:
    return re.sub("[0-9]+", "0", tag)


def _newer_but_for_v(tag: str, tracked: Tracked, listed: Parsed) -> bool:
    version = _parsed(tag, _but_for_v(tracked.tag), tracked)
    return version is not None and listed < version


def _but_for_v(template: str) -> str:
    with_v = f"v{PLACE}"
    return template.replace(with_v, PLACE) if with_v in template else template.replace(PLACE, with_v)


def _help(tags: Sequence[str], tracked: Tracked, listed: Parsed) -> str:
    for template in _templates(tags[0], tracked.tag):
        versions = [version for tag in tags if (version := _parsed(tag, template, tracked))]
        if len(versions) == len(tags) and any(listed < version for version in versions):
            return f'set upstream.tag to "{template}"'
    return "mend upstream.tag or upstream.scheme in exporter.yaml"


def _templates(tag: str, declared: str) -> Iterator[str]:
    """What the template may be now: with a v or without it, or with another name in front."""
    yield _but_for_v(declared)
    if match := _NAME_BEFORE_NUMBERS.match(tag[:100]):
        yield match[1] + PLACE
