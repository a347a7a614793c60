"""What the double refuses, in the terms of both of GitHub's interfaces."""

from collections.abc import Mapping


class Refusal(Exception):
    """Said by REST as a status with a message, by GraphQL as an error with a type."""

    def __init__(self, kind: str, message: str, status: int = 422, errors: tuple[Mapping[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        """The type of the GraphQL error."""
        self.message = message
        self.status = status
        self.errors = errors
        """Of a failed validation, what REST says of each field."""


def missing(message: str = "Not Found") -> Refusal:
    """There is no such thing."""
    return Refusal("NOT_FOUND", message, 404)


def invalid(resource: str, code: str, field: str = "", message: str = "") -> Refusal:
    """A value that cannot be taken; REST says "Validation Failed" and names the field."""
    error = {"resource": resource, "code": code}
    if field:
        error["field"] = field
    if message:
        error["message"] = message
    return Refusal("UNPROCESSABLE", "Validation Failed", 422, (error,))


def unprocessable(message: str) -> Refusal:
    """Cannot be done, in one sentence."""
    return Refusal("UNPROCESSABLE", message, 422)


def stale(expected: str) -> Refusal:
    """A branch is not where the client thought; GitHub's words, two spaces included."""
    return Refusal("STALE_DATA", f'Expected branch to point to "{expected}" but it did not.  Pull and try again.')
