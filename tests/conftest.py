"""Settings of the whole suite."""

from collections import Counter

from _pytest.terminal import TerminalReporter
from hypothesis import settings

# The same examples on every run, and no clock: a slow machine is no failure.
settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.load_profile("suite")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Counts that tests report about themselves, in sum."""
    sums: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        sums.update({name: value for name, value in report.user_properties if isinstance(value, int)})
    for name, total in sorted(sums.items()):
        terminalreporter.write_line(f"{name}: {total}")
