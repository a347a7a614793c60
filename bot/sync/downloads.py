"""Which files and which image are those of a release, by an entry's templates."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from bot.sync.model import Asset, Tracked
from bot.sync.templates import PLACE, tag_of

PLATFORMS = ("linux-amd64", "linux-arm64", "linux-armv7", "darwin-amd64", "darwin-arm64", "windows-amd64")
"""Whose checksums are listed where an entry lists none yet, as os-arch."""

_RELEASE_FILE = re.compile(
    r"https://github\.com/([^/?#]+/[^/?#]+)/releases/download/([^?#]+)/([^/?#]+)(?:[?#].*)?", re.IGNORECASE | re.DOTALL
)
_PLACEHOLDER = re.compile(r"(\{(?:version|os|arch)\})")
_ANY = "[A-Za-z0-9_-]+"
"""Upstreams write Linux_x86_64, too; no dot, for a file may have a signature beside it."""


@dataclass(frozen=True, slots=True)
class Checksums:
    """What the files of a release say of the download that an entry describes."""

    sha256: Mapping[str, str] = field(default_factory=dict)
    """By os-arch, as GitHub has them."""
    missing: tuple[str, ...] = ()
    """Names of files that the entry describes, and that the release does not hold: it is not complete."""
    undigested: tuple[str, ...] = ()
    """Names of files that are there, of which GitHub has no checksum."""
    unchecked: tuple[str, ...] = ()
    """What nobody could find out, in one sentence each."""


def checksums(tracked: Tracked, version: str, assets: Sequence[Asset]) -> Checksums:
    """Which of the assets of a release are the downloads of an entry.

    Where the entry lists checksums, it wants those platforms, no more and no less; where it lists none, those of
    PLATFORMS that there are. Of files that are not assets of this very release nothing is known.
    """
    if tracked.binary is None:
        return Checksums()
    url = _RELEASE_FILE.fullmatch(tracked.binary)
    if not url or url[1].lower() != tracked.repository.lower():
        said = f"The download is no file of a release of {tracked.repository}, so nothing is known of it."
        return Checksums(unchecked=(said,))
    if _filled(url[2], {PLACE: version}) != tag_of(version, tracked.tag):
        return Checksums(unchecked=("The download is of another tag than upstream.tag, so nothing is known of it.",))
    return _of_files(tracked, url[3], version, {asset.name: asset.sha256 for asset in assets})


def _of_files(tracked: Tracked, template: str, version: str, assets: Mapping[str, str | None]) -> Checksums:
    names = {platform: _file(template, version, platform) for platform in tracked.sha256 or PLATFORMS}
    missing = [name for name in names.values() if name not in assets]
    if not tracked.sha256:
        pattern = _pattern(template, version)
        missing = [] if any(map(pattern.fullmatch, assets)) else [tag_of(version, template)]
    if not tracked.sha256 and not ("{os}" in template and "{arch}" in template):
        said = () if missing else ("Which file is for which platform, the URL of the download does not tell.",)
        return Checksums(missing=tuple(missing), unchecked=said)
    there = {platform: name for platform, name in names.items() if name in assets}
    undigested = tuple(dict.fromkeys(name for name in there.values() if not assets[name]))
    return Checksums(
        {platform: digest for platform, name in there.items() if (digest := assets[name])},
        tuple(dict.fromkeys(missing)),
        undigested,
        tuple(f"GitHub has no checksum of {name}." for name in undigested),
    )


def _file(template: str, version: str, platform: str) -> str:
    system, _, machine = platform.partition("-")
    return _filled(template, {PLACE: version, "{os}": system, "{arch}": machine})


def _filled(template: str, values: Mapping[str, str]) -> str:
    """A part of a URL with its placeholders filled in, and the rest no longer percent-encoded."""
    return "".join(values.get(part, unquote(part)) for part in _PLACEHOLDER.split(template))


def _pattern(template: str, version: str) -> re.Pattern[str]:
    """What the file is called on any platform; the same one wherever the name tells it more than once."""
    parts = []
    for part in _PLACEHOLDER.split(template):
        name = part[1:-1]
        if part in ("{os}", "{arch}"):
            parts.append(f"(?P={name})" if f"(?P<{name}>{_ANY})" in parts else f"(?P<{name}>{_ANY})")
        else:
            parts.append(re.escape(version if part == PLACE else unquote(part)))
    return re.compile("".join(parts))


def image_of(tracked: Tracked, version: str) -> tuple[str, str] | None:
    """Name and tag of the image of a version; None where the entry has no image, or one tag for all versions."""
    if tracked.image is None or tracked.image_tag is None or PLACE not in tracked.image_tag:
        return None
    return tracked.image, tag_of(version, tracked.image_tag)
