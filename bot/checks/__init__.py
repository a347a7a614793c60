"""Every check of the catalog, in reading order."""

from bot.checks.alerts import labels as alerts_labels
from bot.checks.base import Check

CHECKS: tuple[Check, ...] = (alerts_labels.CHECK,)
