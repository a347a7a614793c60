"""A double with a catalog, and clients for it."""

from collections.abc import Iterator

import pytest
import requests
from github import Auth, Github
from github.Repository import Repository

from tests.github import GitHub


@pytest.fixture
def hub() -> Iterator[GitHub]:
    """A catalog with two files; what is not as GitHub describes it fails the test."""
    with GitHub() as double:
        double.catalog.commit("main", {"lists/redis/exporter.yaml": "version: 1\n", "README.md": "Hello\n"})
        yield double
    assert double.violations == []


@pytest.fixture
def careless() -> Iterator[GitHub]:
    """The same for tests in which something is not as GitHub describes it."""
    with GitHub() as double:
        double.catalog.commit("main", {"README.md": "Hello\n"})
        yield double


@pytest.fixture
def gh(hub: GitHub) -> Iterator[Github]:
    """PyGithub that neither waits nor tries again."""
    with Github(
        base_url=hub.url, auth=Auth.Token("t"), retry=None, seconds_between_requests=None, seconds_between_writes=None
    ) as client:
        yield client


@pytest.fixture
def repo(hub: GitHub, gh: Github) -> Repository:
    """The catalog as PyGithub has it; the request for it is forgotten."""
    found = gh.get_repo("exporterhub/exporterhub")
    hub.seen.clear()
    return found


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """Plain HTTP with a token."""
    with requests.Session() as session:
        session.headers["authorization"] = "bearer t"
        session.trust_env = False
        yield session
