"""Report to text: one file a format."""

from collections.abc import Callable

from bot.model import Report
from bot.reporters import github, json, junit, markdown, sarif, text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": json.render,
    "github": github.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "markdown": markdown.render,
}
"""What --report offers. All are pure, take hostile text, and return what UTF-8 can encode."""
