"""What another release breaks, to text: one file a format."""

from collections.abc import Callable

from bot.drift.model import Drift
from bot.reporters.drift import json, markdown, text

FORMATS: dict[str, Callable[[Drift], str]] = {
    "text": text.render,
    "json": json.render,
    "markdown": markdown.render,
}
"""What --report offers. All are pure, take hostile text, and return what UTF-8 can encode."""
