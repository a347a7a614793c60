"""What the double was asked, and what came of it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Seen:
    """One request. Its effect and status are there once it was answered."""

    number: int
    """From 0, in the order of arrival."""
    method: str
    path: str
    """With its query."""
    operation: str
    """Of REST the operation's id, such as pulls/create; of GraphQL a mutation's field or the query's name."""
    write: bool
    effects: tuple[str, ...] = ()
    """What it changed, in words such as "refs/heads/bot/bump/redis moved"; nothing where it changed nothing."""
    status: int = 0
    """Of the answer; 0 where none was given."""
    points: int = 0
    """What it cost of the limit on GraphQL."""
    body: bytes = b""
    """What came with it."""
    fault: str = ""
    """Name of the fault that it ran into."""
