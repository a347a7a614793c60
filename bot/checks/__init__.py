"""Every check of the catalog, in reading order."""

from bot.checks.alerts import labels as alerts_labels
from bot.checks.base import Check
from bot.checks.entry import files as entry_files
from bot.checks.entry import load as entry_load
from bot.checks.entry import name as entry_name
from bot.checks.entry import schema as entry_schema
from bot.checks.entry import unique as entry_unique
from bot.checks.entry import urls as entry_urls

CHECKS: tuple[Check, ...] = (
    entry_load.CHECK,
    entry_schema.CHECK,
    entry_name.CHECK,
    entry_files.CHECK,
    entry_unique.CHECK,
    entry_urls.CHECK,
    alerts_labels.CHECK,
)
