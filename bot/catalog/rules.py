"""The rules of a Prometheus rule file, as far as they are well-formed; promtool judges the rest."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalog.document import Document, Route, Value


@dataclass(frozen=True, slots=True)
class Rule:
    """An alerting or a recording rule."""

    route: Route
    """Where it stands: ("groups", 0, "rules", 2)."""
    group: str
    alert: str | None
    record: str | None
    expr: str
    labels: dict[str, str]
    annotations: dict[str, str]
    for_: Value
    """As YAML gave it: "5m", 0, or None where there is none."""
    keep_firing_for: Value

    @property
    def name(self) -> str:
        """The alert's name, or the recorded metric's."""
        return self.alert or self.record or ""


def rules_of(document: Document) -> tuple[Rule, ...]:
    """Every rule with a name and an expression, in the order of the file."""
    return tuple(_rules(document))


def _rules(document: Document) -> Iterator[Rule]:
    groups = document.get("groups")
    for group_index, group in enumerate(groups if isinstance(groups, list) else ()):
        rules = group.get("rules") if isinstance(group, dict) else None
        name = document.text_at("groups", group_index, "name") or ""
        for rule_index, rule in enumerate(rules if isinstance(rules, list) else ()):
            if isinstance(rule, dict):
                built = _rule(("groups", group_index, "rules", rule_index), name, rule)
                if built.name and built.expr:
                    yield built


def _rule(route: Route, group: str, rule: dict[str, Value]) -> Rule:
    return Rule(
        route,
        group,
        _text(rule.get("alert")),
        _text(rule.get("record")),
        _text(rule.get("expr")) or "",
        _texts(rule.get("labels")),
        _texts(rule.get("annotations")),
        rule.get("for"),
        rule.get("keep_firing_for"),
    )


def _text(value: Value) -> str | None:
    """Prometheus reads any scalar as text: `alert: 3` and `expr: 1` are valid."""
    if value is None or isinstance(value, dict | list):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(value: Value) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(text, str)}
