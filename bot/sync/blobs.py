"""Object ids as git computes them, without git."""

import hashlib
import json
from collections.abc import Mapping


def blob_id(text: str) -> str:
    """The id of the blob that holds a text as UTF-8, 40 hexadecimal digits.

    Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    content = text.encode()
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content), usedforsecurity=False).hexdigest()


def files_key(files: Mapping[str, str]) -> str:
    """One digest over paths and the ids of their blobs, whatever their order: 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()
