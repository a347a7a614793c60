"""Bounds as Prometheus 3 stores them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.queries.quantile_literal import as_stored


@pytest.mark.parametrize(
    ("number", "stored"),
    # What Prometheus 3.5 stored of a scrape, where 2.42 kept the text.
    [
        ("1", "1.0"),
        ("0.5", "0.5"),
        ("5e-5", "5e-05"),
        ("100000", "100000.0"),
        ("1000000", "1e+06"),
        ("1234567", "1.234567e+06"),
        # What the Go rule adds to that.
        ("0", "0.0"),
        ("2.50", "2.5"),
        ("1e3", "1000.0"),
        ("0.0001", "0.0001"),
        ("123456.7", "123456.7"),
    ],
)
def test_as_stored(number: str, stored: str) -> None:
    assert as_stored(number) == stored


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False))
def test_nothing_is_lost_and_twice_is_once(value: float) -> None:
    stored = as_stored(repr(value))
    assert float(stored) == value
    assert as_stored(stored) == stored
    assert re.fullmatch(r"[0-9]+\.[0-9]+|[0-9](?:\.[0-9]+)?e[-+][0-9]{2,3}", stored)
