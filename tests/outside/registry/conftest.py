"""The registries that every test here asks."""

from collections.abc import Iterator

import pytest

from bot.outside.registry import Registry
from bot.outside.wire import Patience
from tests.registry import RegistryDouble


@pytest.fixture
def double() -> Iterator[RegistryDouble]:
    with RegistryDouble() as running:
        yield running


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def registry(double: RegistryDouble, slept: list[float]) -> Registry:
    return Registry(Patience(answer=30, sleep=slept.append), double.endpoints)


@pytest.fixture
def impatient(double: RegistryDouble) -> Registry:
    return Registry(Patience(answer=0.3, sleep=lambda _: None), double.endpoints)
