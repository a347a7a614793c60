"""Tags and the versions in them, by an entry's template such as v{version}."""

import re

PLACE = "{version}"

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,59}")


def version_of(tag: str, template: str) -> str | None:
    """The version in a tag; None unless the whole tag is as the template says.

    What else the template holds stands for itself. Where the template names the version more than once, it must be
    the same each time.
    """
    places = template.count(PLACE)
    if not places:
        return None
    length = (len(tag) - (len(template) - places * len(PLACE))) // places
    start = template.index(PLACE)
    version = tag[start : start + length]
    return version if is_version(version) and tag_of(version, template) == tag else None


def is_version(text: str) -> bool:
    """Whether a text can be a version: ASCII letters, digits and `. + _ -`, a letter or digit first, 60 characters."""
    return _VERSION.fullmatch(text) is not None


def tag_of(version: str, template: str) -> str:
    """The tag of a version."""
    return template.replace(PLACE, version)
