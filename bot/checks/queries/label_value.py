"""A matcher asks for a value that its label can have.

`state="Failed"` finds nothing where the exporter writes "failed", and with != it leaves nothing out: the alert stays
silent, or never stops. The snapshot proves the case of a value that it shows, and the whole set of values of a label
that lists every state at once, with 0 for those that do not hold. Of names, such as those of devices or databases, it
proves nothing.

Bad:

    expr: node_systemd_unit_state{state="Failed"} == 1

Good:

    expr: node_systemd_unit_state{state="failed"} == 1
"""

import re
from collections.abc import Iterator

from bot.catalog.evidence import TARGET_LABELS, Evidence, varies
from bot.catalog.queries import Query
from bot.checks.reading.remarks import Remark, both
from bot.checks.wording import nearest
from bot.metrics.snapshot import Sample
from bot.model import Severity
from bot.promql.labels import NAME
from bot.promql.tree import Matcher

_ALTERNATIVES = re.compile(r"[\w /:-]+(?:\|[\w /:-]+)*")
_OF_OTHERS = TARGET_LABELS | {NAME, "le", "quantile"}
_STATES = frozenset(("condition", "health", "mode", "phase", "state", "status"))
_FEWEST = 3


def look(query: Query, evidence: Evidence) -> Iterator[Remark]:
    """A remark for each value that never occurs."""
    for selector, _ in query.expression.selectors:
        for matcher in selector.matchers:
            if matcher.label.text in _OF_OTHERS or not matcher.value.text or varies(matcher):
                continue
            metrics = evidence.metrics_of(query.expression, selector)
            # Of several metrics, a value may be of any.
            if len(metrics) == 1 and metrics[0].samples:
                yield from _values(matcher, metrics[0].name, metrics[0].samples)


def _values(matcher: Matcher, metric: str, samples: tuple[Sample, ...]) -> Iterator[Remark]:
    label, asked = matcher.label.text, _asked(matcher)
    known: set[str] | None = None
    for value, start in asked:
        if any(sample.labels.get(label) == value for sample in samples):
            continue
        if known is None:
            known = {text for sample in samples if (text := sample.labels.get(label))}
        others = known.intersection(other for other, _ in asked)
        alike = min((text for text in known if text.lower() == value.lower()), default="")
        message = f'{metric} has no {label} "{value}"'
        if alike and alike not in others:
            yield Remark(start, start + len(value), message, f'write "{alike}": case counts')
        elif not alike and _are_states(label, known, samples):
            # Beside a value that occurs, it may be that of another system or version.
            severity = Severity.INFO if others else None
            yield Remark(start, start + len(value), message, nearest(value, sorted(known)), severity)


def _asked(matcher: Matcher) -> list[tuple[str, int]]:
    """The values that a matcher names, and where each starts."""
    text, start, end = matcher.value
    if end - start != len(text):
        # With escapes in it, nobody knows where a part of it stands.
        return []
    if matcher.op in ("=", "!="):
        return [(text, start)]
    bare = text[1:-1] if text[:1] == "(" and text[-1:] == ")" else text
    if not _ALTERNATIVES.fullmatch(bare):
        return []
    start += len(text) - len(bare) > 0
    found: list[tuple[str, int]] = []
    for value in bare.split("|"):
        found.append((value, start))
        start += len(value) + 1
    return found


def _are_states(label: str, known: set[str], samples: tuple[Sample, ...]) -> bool:
    """Whether a label's values are a closed set, all of which the exporter always shows.

    Each combination of the other labels must show all of them, with either the name of a state and zeros for states
    that do not hold, or, in more than one combination, exactly one 1 among zeros, as a state set of OpenMetrics.
    """
    named = label in _STATES
    # Codes and numbered things are open sets.
    if len(known) < _FEWEST or any(map(str.isdigit, (value[0] if named else value[-1] for value in known))):
        return False
    combinations: dict[frozenset[tuple[str, str]], dict[str, float]] = {}
    for sample in samples:
        others = frozenset(item for item in sample.labels.items() if item[0] != label)
        combinations.setdefault(others, {})[sample.labels.get(label, "")] = sample.value
    if any(shown.keys() != known for shown in combinations.values()):
        return False
    values = [sorted(shown.values()) for shown in combinations.values()]
    if named:
        return len(values) > 1 or values[0][0] == 0
    return len(values) > 1 and all(one[-1] == 1 and not any(one[:-1]) for one in values)


CHECKS = both("label-value", Severity.WARNING, __doc__, look)
