"""Templates in labels and annotations parse, and a label does not hold the value.

Prometheus refuses a rule file over one misspelt function, and an unknown field turns the text of a page at night into
`<error expanding template>`. Labels are an alert's identity: with `$value` in one, each evaluation makes another
alert, so that `for` never ends and every one of them notifies.

Bad:

    labels:
      load: "{{ $value }}"
    annotations:
      summary: "{{ $labels.instance }} is at {{ $value | humanise }}"

Good:

    annotations:
      summary: "{{ $labels.instance }} is at {{ $value | humanize }}"
"""

from collections.abc import Iterator

from bot.catalog.document import Route
from bot.catalog.entry import ALERTS, Entry
from bot.catalog.rules import Rule
from bot.checks.base import Check, Problem
from bot.checks.wording import nearest
from bot.model import Severity
from bot.promql.templates import FIELDS, Operand, is_ordinary, parse

_VALUE = "write the value in an annotation; a label stays the same as long as the alert lasts"


def check(entry: Entry) -> Iterator[Problem]:
    """The first error of each template, or all that it reads and should not."""
    for rule in entry.rules:
        if rule.alert is not None:
            for part, texts in (("labels", rule.labels), ("annotations", rule.annotations)):
                for name, text in texts.items():
                    if "{{" in text and (part == "labels" or not is_ordinary(text)):
                        yield from _problems(rule, (part, name), text)


def _problems(rule: Rule, part: tuple[str, str], text: str) -> Iterator[Problem]:
    route: Route = (*rule.route, *part)
    template = parse(text)
    if error := template.error:
        help_ = error.help or nearest(error.word, error.known)
        yield Problem(ALERTS, route, error.message, help_, within=(error.start, error.end))
        return
    for operand in template.operands:
        within = (operand.start, operand.end)
        if operand.path and operand.path[0] not in FIELDS:
            field = operand.path[0]
            yield Problem(ALERTS, route, f'an alert has no field "{field}"', nearest(field, FIELDS), within=within)
        elif part[0] == "labels" and _is_value(operand):
            written = text[operand.start : operand.end]
            if operand.in_condition:
                yield Problem(
                    ALERTS,
                    route,
                    f'label {part[1]} depends on "{written}": when that changes, it is another alert',
                    "make two alerts of it, each with its own threshold",
                    within=within,
                    severity=Severity.WARNING,
                )
            else:
                yield Problem(
                    ALERTS,
                    route,
                    f'label {part[1]} holds "{written}": each value is another alert',
                    _VALUE,
                    within=within,
                )


def _is_value(operand: Operand) -> bool:
    """The alert's value, or that of a query in the template."""
    return operand.path == ("Value",) or operand.name == "value" or (not operand.name and operand.fields == ("Value",))


CHECK = Check("alerts/template", Severity.ERROR, __doc__, run=check)
