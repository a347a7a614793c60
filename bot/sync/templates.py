"""Tags and the versions in them, by an entry's template such as v{version}."""

import re

PLACE = "{version}"
LONGEST = 60
"""Characters of a version; exporter.yaml allows no more."""

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]*")


def version_of(tag: str, template: str) -> str | None:
    """The version in a tag; None unless the whole tag is as the template says.

    A version is of ASCII letters, digits and `. + _ -`, starts with a letter or digit and has 60 characters at most.
    Everything else of the template stands for itself. Where the template names the version more than once, it must be
    the same each time.
    """
    places = template.count(PLACE)
    if not places:
        return None
    length, rest = divmod(len(tag) - (len(template) - places * len(PLACE)), places)
    start = template.index(PLACE)
    version = tag[start : start + length]
    if rest or not 0 < length <= LONGEST or not _VERSION.fullmatch(version):
        return None
    return version if tag_of(version, template) == tag else None


def tag_of(version: str, template: str) -> str:
    """The tag of a version."""
    return template.replace(PLACE, version)
