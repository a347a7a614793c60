"""What can go wrong that is neither a finding nor a bug."""


class BotError(Exception):
    """The work cannot be done: a reason for people, and how to mend it. Ends as exit code 3."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(BotError):
    """What was asked for makes no sense. Ends as exit code 2."""


class Bug(Exception):
    """Something here is wrong, not the catalog: carries the traceback of a worker. Ends as exit code 4."""
