"""Generated PromQL: whatever the grammar allows, of the types that each place asks for.

Each part is drawn as a list of tokens; `expressions` lays them out with blanks, line breaks and comments between.
"""

import re

from hypothesis import strategies as st

from bot.promql.functions import AGGREGATIONS, FUNCTIONS

METRICS = (
    "up",
    "http_requests_total",
    "a:b:rate5m",
    ":x",
    "_",
    "e5",
    "infinity",
    "by",
    "sum",
    "offset",
    "start",
    "fill",
)
LABELS = ("job", "le", "_", "on", "bool", "sum", "offset", "group_left", "and", "start", '"a.b"', "'ü'", '"by"')
NUMBERS = (
    "0",
    "1",
    "0.5",
    ".5",
    "5.",
    "1e3",
    "1E-2",
    "1.5e+3",
    "0x1F",
    "0xe",
    "017",
    "08",
    "inf",
    "Nan",
    "5m",
    "1h30m",
)
DURATIONS = ("5m", "1h30m", "1y2w3d4h5m6s7ms", "90", "0x10", "1e2", "017")
STRINGS = ('""', '"a"', "'b'", "`c`", r'"\"\\\n\x41\u00e4\101"', r"'it\'s'", r"`\d+`", '"# ("', "'`'", '"日本"', "'['")
REGEXES = ('".+"', "'5..|4..'", r"`a\.b`", '"(a|b)[^\\"]*"')
SPACES = ("", " ", "  ", "\n", "\t", "\r\n", " # a note (\n")
ARITHMETIC = ("+", "-", "*", "/", "%", "^", "atan2")
COMPARISONS = ("==", "!=", ">", "<", ">=", "<=")
SET_OPERATORS = ("and", "or", "unless")
# Of newer versions, or of older ones, than the embedded parser.
_UNKNOWN = {
    "end",
    "holt_winters",
    "histogram_quantiles",
    "max_of",
    "min_of",
    "range",
    "start",
    "start_timestamp",
    "step",
}
_CALLS = {name: signature for name, signature in FUNCTIONS.items() if name not in _UNKNOWN}
_SCALARS = ("scalar", "time", "pi")
_WORD = re.compile(r"[\w:.]")

Tokens = list[str]


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """The text of an expression."""
    tokens = draw(_vectors(depth) if draw(st.integers(0, 5)) else _scalars(depth))
    text = draw(st.sampled_from(SPACES))
    spaces = draw(st.lists(st.sampled_from(SPACES), min_size=1, max_size=7))
    for index, token in enumerate(tokens):
        space = spaces[index % len(spaces)]
        words = bool(text) and _WORD.match(text[-1]) and _WORD.match(token[0])
        text += (space or " " if words else space) + token
    return text


@st.composite
def _vectors(draw: st.DrawFn, depth: int) -> Tokens:
    if depth == 0:
        return draw(_selectors())
    below = _vectors(depth - 1)
    match draw(st.sampled_from(("selector", "aggregation", "call", "call", "binary", "binary", "sign", "brackets"))):
        case "aggregation":
            return draw(_aggregations(depth - 1))
        case "call":
            return draw(_calls(depth - 1, sorted(set(_CALLS) - set(_SCALARS))))
        case "binary":
            return draw(_binaries(depth - 1))
        case "sign":
            return [draw(st.sampled_from("+-")), *draw(below)]
        case "brackets":
            return ["(", *draw(below), ")"]
    return draw(_selectors())


@st.composite
def _scalars(draw: st.DrawFn, depth: int) -> Tokens:
    if depth == 0:
        return [draw(st.sampled_from(NUMBERS))]
    below = _scalars(depth - 1)
    match draw(st.sampled_from(("number", "number", "call", "binary", "comparison", "sign", "brackets"))):
        case "call":
            return draw(_calls(depth - 1, _SCALARS))
        case "binary":
            return [*draw(below), draw(_word(ARITHMETIC)), *draw(below)]
        case "comparison":
            return [*draw(below), draw(st.sampled_from(COMPARISONS)), draw(_word(("bool",))), *draw(below)]
        case "sign":
            return [draw(st.sampled_from("+-")), *draw(below)]
        case "brackets":
            return ["(", *draw(below), ")"]
    return [draw(st.sampled_from(NUMBERS))]


@st.composite
def _selectors(draw: st.DrawFn, after: Tokens | None = None) -> Tokens:
    matchers = draw(st.lists(_matchers(), max_size=3))
    closing = [","] if draw(st.booleans()) and matchers else []
    name = draw(st.sampled_from(METRICS))
    match draw(st.sampled_from(("name", "braces", "quoted", "matcher", "none"))):
        case "name":
            tokens = [name]
        case "braces":
            tokens = [name, "{", *_listed(matchers), *closing, "}"]
        case "quoted":
            tokens = ["{", *_listed([[f'"{name}.é"'], *matchers]), *closing, "}"]
        case "matcher":
            tokens = ["{", *_listed([["__name__", "=~", '"a.+"'], *matchers]), *closing, "}"]
        case _:
            tokens = ["{", *_listed([["job", "=", "'x'"], *matchers]), *closing, "}"]
    return [*tokens, *(after or []), *draw(_moves())]


@st.composite
def _matchers(draw: st.DrawFn) -> Tokens:
    op = draw(st.sampled_from(("=", "!=", "=~", "!~")))
    value = draw(st.sampled_from(REGEXES if "~" in op else STRINGS))
    return [draw(st.sampled_from(LABELS)), op, value]


@st.composite
def _moves(draw: st.DrawFn) -> Tokens:
    offset = [draw(_word(("offset",))), *draw(st.sampled_from(([], ["-"], ["+"]))), draw(st.sampled_from(DURATIONS))]
    at = ["@", *draw(st.sampled_from((["1.5e9"], ["-", "5"], ["start", "(", ")"], ["end", "(", ")"])))]
    return draw(st.sampled_from(([], [], [], offset, at, [*offset, *at], [*at, *offset])))


@st.composite
def _ranges(draw: st.DrawFn, depth: int) -> Tokens:
    length, step = draw(st.sampled_from(DURATIONS)), draw(st.sampled_from(("", *DURATIONS)))
    space = draw(st.sampled_from(("", " ", "\n")))
    if depth == 0 or draw(st.booleans()):
        return draw(_selectors([f"[{space}{length}{space}]"]))
    inner = draw(_vectors(depth - 1))
    range_ = f"[{length}{space}:{space}{step}]"
    return ["(", *inner, ")", range_, *draw(_moves())]


@st.composite
def _calls(draw: st.DrawFn, depth: int, names: tuple[str, ...] | list[str]) -> Tokens:
    name = draw(st.sampled_from(names))
    return [name, "(", *_listed(draw(_arguments(depth, _CALLS[name]))), ")"]


@st.composite
def _arguments(draw: st.DrawFn, depth: int, signature: str) -> list[Tokens]:
    types = signature.rstrip("+?")
    if signature.endswith("?") and draw(st.booleans()):
        types = types[:-1]
    if signature.endswith("+"):
        types += types[-1] * draw(st.integers(0, 2))
    made = {
        "v": _vectors(depth),
        "m": _ranges(depth),
        "s": _scalars(depth),
        "t": st.sampled_from(STRINGS[1:4]).map(lambda text: [text]),
    }
    return [draw(made[wanted]) for wanted in types]


@st.composite
def _aggregations(draw: st.DrawFn, depth: int) -> Tokens:
    name = draw(st.sampled_from(sorted(AGGREGATIONS)))
    operator = draw(_cased(name))
    arguments = ["(", *_listed(draw(_arguments(depth, AGGREGATIONS[name]))), ")"]
    if not draw(st.integers(0, 2)):
        return [operator, *arguments]
    grouping = [draw(_word(("by", "without"))), *draw(_label_lists(LABELS))]
    return [operator, *grouping, *arguments] if draw(st.booleans()) else [operator, *arguments, *grouping]


@st.composite
def _binaries(draw: st.DrawFn, depth: int) -> Tokens:
    left, right = draw(_vectors(depth)), draw(_vectors(depth))
    # Without brackets, an operand may fall to a neighbour that asks for another type.
    if draw(st.integers(0, 3)):
        left, right = ["(", *left, ")"], ["(", *right, ")"]
    kind = draw(st.sampled_from(("arithmetic", "comparison", "set", "scalar")))
    if kind == "scalar":
        operator = [draw(_word(ARITHMETIC + COMPARISONS))]
        scalar = draw(_scalars(depth))
        return [*scalar, *operator, *right] if draw(st.booleans()) else [*left, *operator, *scalar]
    if kind == "set":
        return [*left, draw(_word(SET_OPERATORS)), *draw(_matchings(groups=False)), *right]
    operator = [draw(_word(ARITHMETIC if kind == "arithmetic" else COMPARISONS))]
    if kind == "comparison" and draw(st.booleans()):
        operator.append(draw(_word(("bool",))))
    return [*left, *operator, *draw(_matchings(groups=True)), *right]


@st.composite
def _matchings(draw: st.DrawFn, *, groups: bool) -> Tokens:
    if draw(st.booleans()):
        return []
    tokens = [draw(_word(("on", "ignoring"))), *draw(_label_lists(LABELS[:5]))]
    if groups and draw(st.booleans()):
        tokens.append(draw(_word(("group_left", "group_right"))))
        # An operand in brackets would be read as a list of labels.
        tokens += draw(_label_lists(LABELS[5:]))
    return tokens


@st.composite
def _label_lists(draw: st.DrawFn, labels: tuple[str, ...]) -> Tokens:
    chosen = draw(st.lists(st.sampled_from(labels), max_size=3))
    return ["(", *_listed([[label] for label in chosen]), *([","] if draw(st.booleans()) and chosen else []), ")"]


def _listed(items: list[Tokens]) -> Tokens:
    return [token for index, item in enumerate(items) for token in ([","] if index else []) + item]


def _word(words: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(words).flatmap(_cased)


def _cased(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from((word, word, word.upper(), word.capitalize()))
