"""What GitHub did not say, and why: raised below this package's doors, and never let out of them."""

from collections.abc import Callable
from typing import TypeVar

from github.GithubException import BadAttributeException, GithubException

from bot.sync.model import Unknown

T = TypeVar("T")

LONGEST_WORDS = 300


class Unanswered(Exception):
    """GitHub did not say what it was asked, or not whether it did what it was told."""

    def __init__(self, came_back: str, *, deferred: bool = False, heavy: bool = False) -> None:
        super().__init__(came_back)
        self.came_back = came_back
        """What came back instead, in a few words."""
        self.deferred = deferred
        """Not asked, to stay within a limit."""
        self.heavy = heavy
        """Whether it may have been too much to ask for at once."""

    def unknown(self, asked: str) -> Unknown:
        """As a value that tells what was asked."""
        return Unknown(one_line(f"GitHub: {asked}: {self.came_back}"), self.deferred)


class Refused(Unanswered):
    """GitHub said no, for good: nothing took effect."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        said = f"{kind}: {message}" if kind and message else kind or message
        status_words = f"HTTP {status}" if status != 200 else ""
        super().__init__(one_line(", ".join(filter(None, (status_words, said)))))
        self.status = status
        """200 where GraphQL refused."""
        self.kind = kind
        """GraphQL's type of the error, such as STALE_DATA; empty for REST."""
        self.message = message


class Malformed(Unanswered):
    """An answer that is well-formed, and not what GitHub documents."""

    def __init__(self, name: str) -> None:
        super().__init__(f"an answer that is not as documented, see {name}")


def told(asked: str, call: Callable[[], T]) -> T | Unknown:
    """What a call returns; Unknown where GitHub did not answer it. `asked` says what it asks, in a few words."""
    try:
        return call()
    except Unanswered as error:
        return error.unknown(asked)
    except (GithubException, BadAttributeException):
        # All of HTTP's errors are Unanswered; these are about objects that lack what they need.
        return Malformed("PyGithub's objects").unknown(asked)


def one_line(text: str) -> str:
    """Fit to be shown: no control characters, no line breaks, not longer than people read."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= LONGEST_WORDS else f"{line[: LONGEST_WORDS - 1]}…"
