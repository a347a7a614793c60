"""The world outside, as the environment says how to reach it; GitHub Actions sets these variables."""

import os

from bot.errors import BotError
from bot.outside.github.anonymous import AnonymousUpstream
from bot.outside.github.hub import GithubHub
from bot.outside.github.session import Pace, Session
from bot.outside.github.upstream import GithubUpstream
from bot.outside.registry import Registry
from bot.sync.run import Doors

API = "https://api.github.com"


def doors(repository: str | None, *, dry: bool) -> Doors:
    """GitHub by $GITHUB_API_URL and $GITHUB_TOKEN, the catalog by `repository` or $GITHUB_REPOSITORY.

    Raises BotError where something is to be written, and a token or the repository is missing.
    """
    token = os.environ.get("GITHUB_TOKEN") or None
    named = repository or os.environ.get("GITHUB_REPOSITORY") or ""
    if not dry and not named:
        raise BotError(
            "nobody said which repository holds the catalog", "name it: --repository OWNER/NAME, or --dry-run"
        )
    if not dry and not token:
        raise BotError("pull requests need a token", "set GITHUB_TOKEN, or only look: --dry-run")
    session = Session(token, os.environ.get("GITHUB_API_URL") or API, Pace())
    upstream = GithubUpstream(session) if token else AnonymousUpstream(session)
    # GraphQL, by which the catalog is read, answers nobody without a token.
    hub = GithubHub(session, named) if token and named else None
    return Doors(upstream, Registry(), hub, named if hub else "")
