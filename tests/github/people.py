"""Who does something on GitHub."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """An account."""

    login: str
    id: int
    name: str
    kind: str = "User"
    """User, Organization or Bot."""

    @property
    def email(self) -> str:
        """The address that GitHub writes into commits."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


BOT = Person("exporterhub-bot", 1001, "exporterhub-bot")
"""Whose token the client under test holds."""
MAINTAINER = Person("maintainer", 1002, "Mina Tainer")
STRANGER = Person("stranger", 1003, "Sam Stranger")
WEB_FLOW = Person("web-flow", 19864447, "GitHub")
"""Commits what is made through the API."""
_BY_ADDRESS = {one.email: one for one in (BOT, MAINTAINER, STRANGER, WEB_FLOW)}


def known_by(address: str) -> Person | None:
    """Whose commits these are; None for an address that no account has."""
    return _BY_ADDRESS.get(address)
