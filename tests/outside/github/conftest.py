"""The double, and a session whose waiting takes no time."""

from collections.abc import Iterator

import pytest

from bot.outside.github.session import Session
from tests.github import GitHub
from tests.outside.github.pacing import Time


@pytest.fixture
def hub() -> Iterator[GitHub]:
    """Nothing that is asked or answered may leave GitHub's description."""
    with GitHub() as double:
        yield double
        assert double.violations == []


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def session(hub: GitHub, time: Time) -> Session:
    return Session("secret-token", hub.url, time.pace())
