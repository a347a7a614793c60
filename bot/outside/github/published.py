"""Details of one release, by REST: only there are the digests of assets."""

import re

from github.GitReleaseAsset import GitReleaseAsset

from bot.outside.github.answer import need
from bot.outside.github.failures import Refused, told
from bot.outside.github.session import Session
from bot.sync.model import Asset, Missing, Published, Unknown

_SURELY_ALL = 30
"""Assets that come with a release; where there are as many or more, they are listed by themselves."""
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")
_NAME = re.compile(r"(?!\.)[A-Za-z0-9._-]+/(?!\.\.?$)[A-Za-z0-9._-]+")
# A part of what git forbids in the name of a ref; the rest cannot lead out of the path that it is part of.
_NO_TAG = re.compile(r"^$|^/|//|/$|(^|/)\.|\.\.|\.$|[\x00- ~^:?*[\\\x7f]")


def is_name(repository: str) -> bool:
    """Whether this can be the name of a repository: OWNER/NAME."""
    return _NAME.fullmatch(repository) is not None


def is_tag(tag: str) -> bool:
    """Whether git lets a tag have this name."""
    return _NO_TAG.search(tag) is None


def published(session: Session, repository: str, tag: str) -> Published | Missing | Unknown:
    """All assets and the notes of a release; Missing where the tag has none, or there is no such repository."""
    missing = Missing(f"{repository} has no release {tag}")
    if not is_name(repository) or not is_tag(tag):
        return missing

    def ask() -> Published | Missing:
        try:
            release = session.repository(repository).get_release(tag)
        except Refused as refusal:
            if refusal.status == 404:
                return missing
            raise
        assets = need(release.assets, list, "assets")
        if len(assets) >= _SURELY_ALL:
            assets = list(release.get_assets())
        return Published(tuple(map(_asset, assets)), release.body or "")

    return told(f"release {tag} of {repository}", ask)


def _asset(asset: GitReleaseAsset) -> Asset:
    found = _SHA256.fullmatch(asset.digest or "")
    return Asset(need(asset.name, str, "name"), found[1] if found else None)
