"""Go templates in the labels and annotations of alerts: whether they parse, and what they read.

Accepts and refuses what Prometheus does; newer functions and `else with` are accepted although older ones lack them.
"""

import re
from dataclasses import dataclass, replace

from bot.promql.template_pipelines import FIELDS, Operand, Pipelines, Scope, bound, is_word, unexpected
from bot.promql.template_tokens import Kind, TemplateError, Token

__all__ = ["FIELDS", "Operand", "Template", "TemplateError", "is_ordinary", "parse"]


@dataclass(frozen=True, slots=True)
class Template:
    """What a template reads up to its end, or up to its first error."""

    operands: tuple[Operand, ...]
    error: TemplateError | None


_ORDINARY = re.compile(
    r"(?:[^{]++|\{(?!\{)"
    r"|\{\{ *(?:\$labels\.[a-zA-Z_]\w*|\$value(?: *\| *humanize(?:1024|Duration|Percentage|Timestamp)?)?) *\}\})*+",
    re.ASCII,
)


def is_ordinary(text: str) -> bool:
    """Whether a template holds nothing but {{ $labels.name }} and {{ $value | humanize }}: most do, and are sound."""
    return _ORDINARY.fullmatch(text) is not None


def parse(text: str) -> Template:
    """Reads a template as Prometheus does; never raises."""
    flow = Pipelines(text)
    error = None
    try:
        _Structure(flow).whole()
    except TemplateError as raised:
        error = raised
    return Template(tuple(flow.operands), error)


class _Structure:
    """Texts, actions, and the blocks that if, range, with, define and block make of them."""

    def __init__(self, flow: Pipelines) -> None:
        self._flow = flow
        self._defined: dict[str, bool] = {}
        """Named templates, and whether each is blank."""

    def whole(self) -> None:
        """The template up to its end."""
        scope = Scope()
        while self._flow.peek().kind is not Kind.END:
            token = self._flow.take()
            if token.kind is Kind.LEFT and is_word(self._flow.peek_word(), "define"):
                self._definition(self._flow.take(), scope)
            elif stop := self._item(token, scope):
                raise TemplateError(stop.start, stop.end, f'"{stop.text}" belongs to no if, range or with', "delete it")

    def _items(self, opener: Token, scope: Scope) -> tuple[bool, Token]:
        """Everything up to `end` or `else`: whether it is blank, and the word it ended with."""
        bound(scope, opener)
        blank = True
        while (token := self._flow.take_word()).kind is not Kind.END:
            stop = self._item(token, scope)
            if stop:
                return blank, stop
            blank = blank and token.kind is Kind.TEXT and not token.text.strip()
        raise TemplateError(opener.start, opener.end, f'"{opener.text}" has no end', "add {{ end }}")

    def _item(self, token: Token, scope: Scope) -> Token | None:
        """The text or the action that starts with a token; its word where it is an `end` or `else`."""
        if token.kind is Kind.TEXT:
            return None
        if token.kind is not Kind.LEFT:
            raise unexpected(token)
        word = self._flow.take_word()
        match word.text if word.kind is Kind.KEYWORD else "":
            case "end":
                self._close(word)
                return word
            case "else":
                if not (is_word(self._flow.peek_word(), "if") or is_word(self._flow.peek_word(), "with")):
                    self._close(word)
                return word
            case "if" | "range" | "with":
                self._control(word, scope)
            case "template":
                self._template(word, scope)
            case "block":
                name = self._template(word, scope)
                self._body(word, name, scope)
            case "break" | "continue":
                self._close(word)
                if not scope.in_range:
                    raise TemplateError(word.start, word.end, f'"{word.text}" stands outside a range', "delete it")
            case _:
                self._flow.give_back()
                self._flow.run(token, Kind.RIGHT, scope)
        return None

    def _close(self, word: Token) -> None:
        token = self._flow.take_word()
        if token.kind is not Kind.RIGHT:
            raise TemplateError(
                token.start, token.end, f'"{token.text}" after "{word.text}"', f"write {{{{ {word.text} }}}} alone"
            )

    def _control(self, word: Token, scope: Scope) -> None:
        """if, range or with, up to its end."""
        variables = len(self._flow.variables)
        inner = replace(scope, depth=scope.depth + 1)
        body = inner if word.text == "if" else replace(inner, cursor_is_alert=False)
        if word.text == "range":
            body = replace(body, in_range=True)
        opener = word
        while True:
            self._flow.run(opener, Kind.RIGHT, replace(inner, in_condition=word.text == "if"))
            _, stop = self._items(opener, body)
            if stop.text == "end":
                break
            if word.text != "range" and is_word(self._flow.peek(), word.text):
                opener = self._flow.take()
                continue
            _, stop = self._items(stop, inner)
            if stop.text != "end":
                raise TemplateError(stop.start, stop.end, 'a second "else"', "an if has one else, at its end")
            break
        del self._flow.variables[variables:]

    def _template(self, word: Token, scope: Scope) -> Token:
        name = self._name(word)
        if word.text == "template" and self._flow.peek_word().kind is Kind.RIGHT:
            self._flow.take()
        else:
            self._flow.run(word, Kind.RIGHT, scope)
        return name

    def _definition(self, word: Token, scope: Scope) -> None:
        name = self._name(word)
        self._close(word)
        self._body(word, name, scope)

    def _body(self, word: Token, name: Token, scope: Scope) -> None:
        """The text of a named template: it knows nothing of the alert but what it is handed."""
        variables, self._flow.variables = self._flow.variables, ["$"]
        blank, stop = self._items(word, Scope(cursor_is_alert=False, root_is_alert=False, depth=scope.depth + 1))
        if stop.text != "end":
            raise TemplateError(stop.start, stop.end, f'"else" inside a {word.text}', "delete it")
        if not blank and not self._defined.get(name.text[1:-1], True):
            raise TemplateError(name.start, name.end, f"template {name.text} is defined twice", "rename one of them")
        self._defined[name.text[1:-1]] = blank and self._defined.get(name.text[1:-1], True)
        self._flow.variables = variables

    def _name(self, word: Token) -> Token:
        token = self._flow.take_word()
        if token.kind is not Kind.STRING:
            help_ = f'write {{{{ {word.text} "name" }}}}'
            raise TemplateError(word.start, word.end, f'"{word.text}" without a quoted name', help_)
        return token
