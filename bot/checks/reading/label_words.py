"""How the checks of labels say what carries a label and what does not."""

from collections.abc import Iterable

from bot.catalog.evidence import is_of_deployment
from bot.checks.reading.label_uses import Source
from bot.checks.wording import nearest_of
from bot.promql.labels import NAME

_MOST = 12
"""Labels in one line."""


def lacking(sources: Iterable[Source], label: str) -> str:
    """That these metrics have no such label."""
    names = list(dict.fromkeys(source.name for source in sources if source.selector))
    if len(names) == 1:
        return f'{names[0]} has no label "{label}"'
    if len(names) == 2:
        return f'neither {names[0]} nor {names[1]} has a label "{label}"'
    which = ", ".join(names) if len(names) == 3 else f"the {len(names)} metrics here"
    return f'none of {which} has a label "{label}"'


def carried(sources: Iterable[Source], label: str) -> str:
    """Help: the label that was probably meant, else all that there are."""
    metrics = [source for source in sources if source.selector]
    known = frozenset[str]().union(*(source.labels or () for source in metrics)) - {NAME}
    names = {source.name for source in metrics}
    return meant(label, known, f"labels of {names.pop()}" if len(names) == 1 else "labels here")


def meant(label: str, known: Iterable[str], title: str) -> str:
    """The known label that is nearest, else all of them behind a title."""
    if is_of_deployment(label):
        return "leave it out, unless every scrape configuration adds it"
    labels = sorted(known)
    close = nearest_of(label, labels)
    if close:
        return f'did you mean "{close}"?'
    more = f" and {len(labels) - _MOST} more" if len(labels) > _MOST else ""
    return f"{title}: {', '.join(labels[:_MOST])}{more}" if labels else ""
