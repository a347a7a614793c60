"""Templates for tests: chosen ones, and any number of random ones, most of them nearly right."""

from random import Random

GOOD = (
    "",
    "plain text",
    "} }} { {",
    "{{ $value }}",
    "{{$value}}",
    "{{- $value -}}",
    "{{-  $value\n-}}",
    "{{ $labels.instance }}",
    "{{ .Labels.instance.x }}",
    "{{ $.Labels.job }}",
    "{{ . }}",
    "{{ $ }}",
    "{{ $externalLabels.region }} {{ $externalURL }}",
    "{{ $value | humanize | toUpper }}",
    "{{ .Value | }}",
    '{{ printf "%.2f" (humanize $value) }}',
    "{{ (index .Labels `a`).b }}",
    "{{ $x := 5 }}{{ $x = 6 }}{{ $x }}",
    "{{ if $value }}a{{ end }}",
    "{{ if gt $value 5.0 }}a{{ else if lt $value 1.0 }}b{{ else }}c{{ end }}",
    "{{ if $x := 1 }}{{ $x }}{{ else if $y := $x }}{{ $y }}{{ end }}",
    '{{ range query "up" }}{{ .Labels.job }}{{ break }}{{ else }}none{{ end }}',
    '{{ range $i, $e := query "up" }}{{ $i }}{{ $e }}{{ continue }}{{ end }}',
    '{{ range $i, $e = query "up" }}{{ end }}',
    '{{ with query "up" }}{{ . | first | value }}{{ else }}-{{ end }}',
    '{{ define "t" }}{{ . }}{{ end }}{{ template "t" $value }}{{ template `t` }}',
    '{{ define "t" }} {{ end }}{{ define "t" }}x{{ end }}',
    '{{ block "b" . }}x{{ end }}',
    "{{/* a comment */}}",
    "{{- /* a comment */ -}}",
    '{{ "\\n \\x41 \\101 \\u00e9 \\U0001F600 \\\\ \\"" }}',
    '{{ `raw \\d " }} text` }}',
    "{{ 'a' }}{{ '\\n' }}{{ '\\'' }}{{ '\"' }}{{ 'é' }}",
    "{{ 1 }}{{ -1 }}{{ +1.5 }}{{ .5 }}{{ 1e3 }}{{ 0x1F }}{{ 0b1 }}{{ 0o17 }}{{ 017 }}{{ 1_000 }}{{ 1i }}{{ 1+2i }}",
    "{{ 18446744073709551615 }}{{ -9223372036854775808 }}{{ 0x1p4 }}{{ 0x_1.8p-1 }}{{ 1_0.5e1_0 }}",
    "{{ true }}{{ false }}{{ print nil }}",
    '{{ reReplaceAll "(.*):.*" "$1" $labels.instance }}',
    "{{ stripPort .Labels.instance }}{{ stripDomain `a.b` }}{{ parseDuration `1h` | humanizeDuration }}",
    "{{ if 1 }}" * 100 + "{{ end }}" * 100,
)
BAD = (
    "{{",
    "{{ }}",
    "{{ $value",
    "{{ $value }",
    "{{ $foo }}",
    "{{ foo }}",
    "{{ $value | humanise }}",
    "{{ labels.instance }}",
    "{{ $labels.a-b }}",
    "{{ $labels['a'] }}",
    "{{ $value > 1 }}",
    "{{ $value - 1 }}",
    "{{ $value * 2 }}",
    "{{ if }}{{ end }}",
    "{{ if $value }}",
    "{{ if $value }}{{ else }}{{ else }}{{ end }}",
    "{{ end }}",
    "{{ else }}",
    "{{ end end }}",
    "{{ if $x := 1 }}{{ end }}{{ $x }}",
    "{{ range query `x` }}{{ else if 1 }}{{ end }}",
    "{{ range $i, 5 }}{{ end }}",
    "{{ range $a, $b, $c := . }}{{ end }}",
    "{{ $a, $b := . }}",
    "{{ break }}",
    "{{ range . }}{{ else }}{{ break }}{{ end }}",
    "{{ template t }}",
    "{{ define t }}{{ end }}",
    "{{ if 1 }}{{ define `t` }}{{ end }}{{ end }}",
    "{{ define `t` }}a{{ end }}{{ define `t` }}b{{ end }}",
    "{{ define `t` }}{{ $value }}{{ end }}",
    "{{ block `b` }}{{ end }}",
    "{{ (1 }}",
    "{{ 1) }}",
    "{{ () }}",
    "{{ 1 | 2 }}",
    "{{ 1.a }}",
    '{{ "a".b }}',
    '{{ "a }}',
    '{{ "\\d" }}',
    '{{ "\\ud800" }}',
    '{{ "\\400" }}',
    "{{ `a }}",
    "{{ 'ab' }}",
    "{{ '' }}",
    "{{ 1x }}{{ end }}",
    "{{ 089 }}",
    "{{ 1__0 }}",
    "{{ 1+2 }}",
    "{{ 1e999 }}",
    "{{ 18446744073709551616 }}",
    "{{ +9223372036854775808 }}",
    "{{ 0x1.8 }}",
    "{{ 0x1p99999 }}",
    "{{ $x : 1 }}",
    "{{ § }}",
    "{{ # }}",
    "{{/* a",
    "{{/* a */ b }}",
    "{{/* a */  -}}",
)
NEWER = ("{{ now }}", "{{ $value | toDuration }}", "{{ urlQueryEscape `a` }}", "{{ with 1 }}{{ else with 2 }}{{ end }}")
"""Good ones that one promtool or another does not know yet."""

_NAMES = ("$value", "$labels", "$labels.a.b", "$", "$x", "$foo", ".", ".Value", ".Labels.job", "humanize", "len", "foo")
_NUMBERS = """
    1 -1 +2 1.5 .5 1. 1e3 1e999 0x1F 0x 0b11 0o17 0755 089 1i 1+2i 1+2 1_000 0x_1 1_ 0x1p4 0x1.8 1e 1_0.5 - +
    18446744073709551615 18446744073709551616 true nil
"""
_STRINGS = r"""
    "a" "\n" "\q" "\400" "\ud800" "'" `r` 'a' '\n' 'ab' '' "}}" "{{"
"""
_LITERALS = _NUMBERS.split() + _STRINGS.split()
_SPICE = ("", "", "|", "(", ")", " ", "{{", "}}", '"', "`", ".", "$", ":=", "\n", "-", "x", ",", "#", "\\", "/*")


def random_templates(seed: int, count: int) -> list[str]:
    """`count` different templates."""
    random = Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        text = _spoilt(random, _template(random, 0))
        if "{{" in text:
            found[text] = None
    return list(found)


def _template(random: Random, depth: int) -> str:
    return "".join(_part(random, depth) for _ in range(random.choice((1, 1, 2, 3))))


def _part(random: Random, depth: int) -> str:
    kind = random.random()
    if kind < 0.2:
        return random.choice(("text", " ", "é{", "}} ", "\n", "{{/* c */}}", "{{- /* c */ -}}", "{{/* c */x}}"))
    if kind < 0.6 or depth > 2:
        return _action(random, _pipeline(random, 0))
    if kind < 0.7:
        words = ('template "x"', "template `x` .", "template x", "break", "continue", "end", "else", 'define "x"')
        return _action(random, random.choice(words))
    return _block(random, depth)


def _block(random: Random, depth: int) -> str:
    word = random.choice(("if", "with", "range", "range", 'define "t"', 'block "b"'))
    head = word if word.startswith("define") else f"{word} {_pipeline(random, 0)}"
    if word == "range":
        head = f"range {random.choice(('', '$i, $x := ', '$x := ', '$i,$x = ', '$i, '))}{_command(random, 0)}"
    text = _action(random, head) + _template(random, depth + 1)
    if random.random() < 0.3:
        text += _action(random, random.choice(("else", "else", f"else if {_pipeline(random, 0)}")))
        text += _template(random, depth + 1)
    return text + (_action(random, "end") if random.random() < 0.95 else "")


def _action(random: Random, body: str) -> str:
    opening = random.choice(("{{", "{{ ", "{{- ", "{{-", "{{\n"))
    return opening + body + random.choice(("}}", " }}", " -}}", "-}}", "  -}}", "\n}}"))


def _pipeline(random: Random, depth: int) -> str:
    declared = random.choice(("", "", "", "$x := ", "$x = ", "$x:= ", "$x, $y := ")) if random.random() < 0.4 else ""
    stages = (_command(random, depth) for _ in range(random.choice((1, 1, 1, 2, 3))))
    return declared + random.choice((" | ", "|", " |")).join(stages)


def _command(random: Random, depth: int) -> str:
    function = random.choice(("", "", "", "humanize ", 'printf "%s" ', "eq ", "and ", "query "))
    return function + " ".join(_operand(random, depth) for _ in range(random.choice((1, 1, 2, 3))))


def _operand(random: Random, depth: int) -> str:
    kind = random.random()
    if kind < 0.5:
        return random.choice(_NAMES)
    if kind < 0.8 or depth > 2:
        return random.choice(_LITERALS)
    return f"({_pipeline(random, depth + 1)}){random.choice(('', '', '.x'))}"


def _spoilt(random: Random, text: str) -> str:
    if random.random() < 0.7:
        return text
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(_SPICE) + text[at + random.choice((0, 1, 2)) :]
