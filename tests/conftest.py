"""Settings of the whole suite."""

from hypothesis import settings

# The same examples on every run, and no clock: a slow machine is no failure.
settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.load_profile("suite")
