"""The pipelines of a Go template: what stands between {{ and }}, apart from the words that steer."""

from dataclasses import dataclass, replace

from bot.promql.template_tokens import Kind, TemplateError, Token, tokens

# https://prometheus.io/docs/prometheus/latest/configuration/template_reference/ as of 3.14, and Go's own.
_FUNCTIONS = """
    and args call eq externalURL first ge graphLink gt html humanize humanize1024 humanizeDuration humanizePercentage
    humanizeTimestamp index js label le len lt match ne not now or parseDuration pathPrefix print printf println query
    reReplaceAll safeHtml slice sortByLabel stripDomain stripPort strvalue tableLink title toDuration toLower toTime
    toUpper urlQueryEscape urlquery value
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
VARIABLES = {"$labels": "Labels", "$value": "Value", "$externalLabels": "ExternalLabels", "$externalURL": "ExternalURL"}
"""What Prometheus declares in front of each template, and the field of the alert's data that each stands for."""
FIELDS = tuple(VARIABLES.values())
MAX_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Operand:
    """A variable, a field or a function that an action reads, at text[start:end]."""

    name: str
    """As written, up to the first dot: $labels, a function's name, or empty for a field of the cursor."""
    fields: tuple[str, ...]
    """The names behind dots: ("instance",) of $labels.instance."""
    start: int
    end: int
    path: tuple[str, ...] = ()
    """Which of the alert's data it is, such as ("Labels", "instance") or ("Value",); empty where it is not that."""
    in_condition: bool = False
    """It stands in the condition of an `if`: it decides what is written, and is not written itself."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds at one place of a template."""

    cursor_is_alert: bool = True
    """The dot is the alert's data: not inside with, range, define or block."""
    root_is_alert: bool = True
    in_range: bool = False
    in_condition: bool = False
    depth: int = 0


_OPERANDS = (Kind.LITERAL, Kind.STRING, Kind.DOT, Kind.FIELD, Kind.FUNCTION, Kind.VARIABLE, Kind.OPEN)
_CONSTANTS = (Kind.LITERAL, Kind.STRING, Kind.DOT)
_HELP = {
    "}": 'close the action with "}}"',
    "{": 'quote it, or write {{ "{" }}',
    ",": "separate arguments by spaces",
    "=": 'compare with eq: {{ if eq $labels.job "demo" }}',
    ":=": "declare one variable at the start of an action: {{ $name := … }}",
    **dict.fromkeys("<>", "compare with gt, ge, lt or le: {{ if gt $value 5.0 }}"),
    **dict.fromkeys("!&", "write not, and, or in front of their arguments"),
    **dict.fromkeys("+*/%^", "templates cannot calculate: do it in the expression"),
}


class Pipelines:
    """The tokens of a template, taken one after the other, and whole pipelines at once."""

    def __init__(self, text: str) -> None:
        self.operands: list[Operand] = []
        self.variables = ["$", *VARIABLES]
        self._source = tokens(text)
        self._seen: list[Token] = []
        self._at = 0

    def peek(self) -> Token:
        """The next token."""
        while len(self._seen) <= self._at:
            self._seen.append(next(self._source))
        return self._seen[self._at]

    def take(self) -> Token:
        """The next token, which is then the past; the end stays."""
        token = self.peek()
        if token.kind is not Kind.END:
            self._at += 1
        return token

    def give_back(self) -> None:
        """Unread the last token."""
        self._at -= 1

    def peek_word(self) -> Token:
        """The next token that is no space."""
        while self.peek().kind is Kind.SPACE:
            self._at += 1
        return self.peek()

    def take_word(self) -> Token:
        """The same, which is then the past."""
        self.peek_word()
        return self.take()

    def run(self, opener: Token, closing: Kind, scope: Scope) -> None:
        """Commands up to a }} or a closing parenthesis; `opener` is what they belong to."""
        self._declarations(opener)
        stages = 0
        while True:
            token = self.take_word()
            if token.kind is closing:
                break
            if token.kind not in _OPERANDS:
                raise unexpected(token)
            if stages and token.kind in _CONSTANTS:
                raise TemplateError(
                    token.start, token.end, f'"|" hands its value to {token.text}', "put a function behind the |"
                )
            self._at -= 1
            self._command(scope)
            stages += 1
        if not stages:
            raise TemplateError(opener.start, opener.end, f'"{opener.text}" has no value', "name what to read")

    def _declarations(self, opener: Token) -> None:
        for place in (1, 2):
            before = self._at
            variable = self.peek_word()
            if variable.kind is not Kind.VARIABLE:
                return
            self._at += 1
            token = self.take_word()
            if token.kind is Kind.ASSIGN:
                self.variables.append(variable.text)
                return
            if token.text != ",":
                self._at = before
                return
            if not is_word(opener, "range") or place == 2:
                raise unexpected(token)
            self.variables.append(variable.text)
            word = self.peek_word()
            if word.kind not in (Kind.VARIABLE, Kind.RIGHT, Kind.CLOSE):
                help_ = "declare two variables: {{ range $index, $item := … }}"
                raise TemplateError(word.start, word.end, f'"{word.text}" does not belong here', help_)

    def _command(self, scope: Scope) -> None:
        """Operands up to the end of the pipeline, or past a |."""
        while True:
            self._operand(scope)
            token = self.peek()
            if token.kind is Kind.SPACE:
                self._at += 1
            elif token.kind in (Kind.RIGHT, Kind.CLOSE):
                return
            elif token.kind is Kind.PIPE:
                self._at += 1
                return
            else:
                raise unexpected(token)

    def _operand(self, scope: Scope) -> None:
        token = self.peek_word()
        if token.kind not in _OPERANDS:
            return
        self._at += 1
        if token.kind is Kind.FUNCTION:
            _known("function", token, FUNCTIONS)
        elif token.kind is Kind.VARIABLE:
            _known("variable", token, self.variables)
        elif token.kind is Kind.OPEN:
            inner = replace(scope, depth=scope.depth + 1)
            bound(inner, token)
            self.run(token, Kind.CLOSE, inner)
        fields = [token.text[1:]] if token.kind is Kind.FIELD else []
        end = token.end
        while (field := self.peek()).kind is Kind.FIELD:
            if token.kind in _CONSTANTS:
                raise unexpected(field)
            fields.append(field.text[1:])
            end = self.take().end
        if token.kind in (Kind.FUNCTION, Kind.VARIABLE, Kind.FIELD):
            name = "" if token.kind is Kind.FIELD else token.text
            path = _path(name, tuple(fields), scope) if token.kind is not Kind.FUNCTION else ()
            self.operands.append(Operand(name, tuple(fields), token.start, end, path, scope.in_condition))


def _path(name: str, fields: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
    if name in VARIABLES:
        return (VARIABLES[name], *fields)
    if name == "$":
        return fields if scope.root_is_alert else ()
    return fields if not name and scope.cursor_is_alert else ()


def is_word(token: Token, keyword: str) -> bool:
    """Whether a token is this keyword."""
    return token.kind is Kind.KEYWORD and token.text == keyword


def _known(what: str, token: Token, names: "frozenset[str] | list[str]") -> None:
    if token.text in names:
        return
    help_ = f'write "${token.text}"' if f"${token.text}" in VARIABLES else ""
    known = tuple(sorted(name for name in names if name != "$"))
    raise TemplateError(token.start, token.end, f'{what} "{token.text}" is not defined', help_, token.text, known)


def bound(scope: Scope, opener: Token) -> None:
    """Raises TemplateError where a template nests too deep."""
    if scope.depth > MAX_DEPTH:
        raise TemplateError(opener.start, opener.end, f"nested more than {MAX_DEPTH} levels deep", "flatten it")


def unexpected(token: Token) -> TemplateError:
    """A token at the wrong place."""
    help_ = _HELP.get(token.text, "")
    if token.kind is Kind.RIGHT:
        return TemplateError(token.start, token.end, "the action ends too early", help_)
    return TemplateError(token.start, token.end, f'"{token.text}" does not belong here', help_)
