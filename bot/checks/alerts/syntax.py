"""alerts.yaml is a rule file by the rules of Prometheus, as far as that can be told without promtool.

Prometheus refuses to start, or to reload, over one unknown field or one unclosed bracket: every rule of every file is
lost, not only the one at fault. Where promtool is there it is the judge (alerts/load); this check stands in for it.

Bad:

    - alert: RedisDown
      exp: redis_up == 0
      for: 1 minute

Good:

    - alert: RedisDown
      expr: redis_up == 0
      for: 1m
"""

from collections.abc import Iterator

from bot.catalog.entry import ALERTS, Entry
from bot.checks.base import Check, Problem
from bot.checks.rule_files import expressions, structure
from bot.model import Severity


def check(entry: Entry) -> Iterator[Problem]:
    """The verdict on the structure, then on each expression."""
    document = entry.document(ALERTS)
    if document is not None:
        yield from structure(document)
        yield from expressions(entry)


CHECK = Check("alerts/syntax", Severity.ERROR, __doc__, run=check, only_without_promtool=True)
