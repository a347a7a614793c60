"""Expositions for hypothesis: sound ones, and ones that may be broken."""

from hypothesis import strategies as st

NAMES = ("a", "a_sum", "a_count", "a_bucket", "b_total", "c:d")
NUMBERS = ("0", "1", "-1.5", "+2", "NaN", "nan", "+Inf", "-Infinity", "1e5", "1.E-3", ".5", "5.")
NO_NUMBERS = ("x", "1_0", "0x1", "0x1p1", "1e400", "+nan", "1,5", "--1", ".", "")
PAIRS = ('le="1"', 'le="+Inf"', 'quantile="0.5"', 'x="1"', 'x=""', r'y="q\"z"', r'z="\n\\"', 'w="{,} #"', 'v = "é"')
BAD_PAIRS = ('le="x"', 'quantile="1e400"', r'y="\x"', '__name__="a"', '1="x"', "x='1'", "x", 'x="', '="1"', "")

_blank = st.sampled_from(["", "", "", " ", "\t"])
_gap = st.sampled_from([" ", " ", " ", "  ", "\t"])


@st.composite
def samples(draw: st.DrawFn, pairs: st.SearchStrategy[str], numbers: st.SearchStrategy[str]) -> str:
    """A line with a sample."""
    labels = draw(st.lists(pairs, max_size=3, unique_by=lambda pair: pair.partition("=")[0].strip()))
    braces = "{" + ",".join(labels) + draw(st.sampled_from(["", "", ","] if labels else [""])) + "}" if labels else ""
    timestamp = draw(st.sampled_from(["", "", "", " 0", " 1395066363000", "\t7"]))
    return draw(st.sampled_from(NAMES)) + draw(_blank) + braces + draw(_gap) + draw(numbers) + timestamp


_sound_sample = samples(st.sampled_from(PAIRS), st.sampled_from(NUMBERS))
_any_sample = samples(st.sampled_from(PAIRS * 3 + BAD_PAIRS), st.sampled_from(NUMBERS * 3 + NO_NUMBERS))
_type = st.builds(
    "# TYPE {} {}".format,
    st.sampled_from(NAMES),
    st.sampled_from(["counter", "gauge", "histogram", "summary", "untyped", "unknown", "stateset"]),
)
_help = st.builds(
    "# HELP {}{}".format,
    st.sampled_from(NAMES),
    st.sampled_from(["", " ", " Help.", "  a\\nb \\\\ c", " a\\q", " a\\"]),
)
_other = st.sampled_from(
    ["", "  ", "#", "# EOF", "# anything {", "\t# indented", "#no blank", "# HELP", "# TYPE 1 gauge"]
)

broken = st.builds(
    lambda lines, end: "\n".join(lines) + end,
    st.lists(st.one_of(_any_sample, _any_sample, _sound_sample, _type, _help, _other), min_size=1, max_size=6),
    st.sampled_from(["\n"] * 9 + [""]),
)
"""Lines in any order, each of which may be at fault."""


@st.composite
def sound(draw: st.DrawFn) -> str:
    """What a client would write: families one after another, no series twice, all of it accepted."""
    lines: list[str] = []
    for name in draw(st.lists(st.sampled_from(["up", "b_total", "c:d", "e_seconds"]), unique=True, max_size=4)):
        kind = draw(st.sampled_from(["counter", "gauge", "histogram", "summary", "untyped"]))
        help_text = draw(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=9))
        if draw(st.booleans()):
            lines.append(f"# HELP {name} {_escaped(help_text)}")
        lines.append(f"# TYPE {name} {kind}")
        for value in draw(st.lists(st.text('ab"\\\n é,{}=', max_size=5), unique=True, max_size=3)):
            label = "" if not value else 'x="' + _escaped(value).replace('"', '\\"') + '"'
            lines += _series(name, kind, label, draw(st.sampled_from(["0", "1", "2.5", "1e+09", "NaN", "+Inf"])))
    return "".join(f"{line}\n" for line in lines)


def _series(name: str, kind: str, label: str, value: str) -> list[str]:
    if kind not in ("histogram", "summary"):
        return [f"{name}{{{label}}} {value}" if label else f"{name} {value}"]
    part, bound = ("_bucket", 'le="{}"') if kind == "histogram" else ("", 'quantile="{}"')
    bounds = ("0.1", "+Inf") if kind == "histogram" else ("0.5", "0.99")
    return [
        *(f"{name}{part}{{{','.join(filter(None, (label, bound.format(at))))}}} {value}" for at in bounds),
        f"{name}_sum{{{label}}} {value}" if label else f"{name}_sum {value}",
        f"{name}_count{{{label}}} {value}" if label else f"{name}_count {value}",
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")
