"""What a sync did, or would do, to text: one file a format; and the pull requests and the dashboard that it writes."""

from collections.abc import Callable

from bot.reporters.sync import json, markdown, text
from bot.sync.plan import Synced

FORMATS: dict[str, Callable[[Synced], str]] = {
    "text": text.render,
    "json": json.render,
    "markdown": markdown.render,
}
"""What --report offers. All are pure, take hostile text, and return what UTF-8 can encode."""
