"""Defects that people make, one planted into each of many clean entries, and what validate must say of each."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the one occurrence of `old`; a ‸ in `new` marks where the finding must point, and is taken out."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Defect:
    """Edits of one entry named `{name}`, and the one finding that they must bring."""

    name: str
    edits: tuple[Edit, ...]
    says: str
    """severity[check] message; {name} stands for the entry's."""


MARK = "‸"


def plant(defect: Defect, root: Path, name: str) -> tuple[str, int, int]:
    """Edits the entry; the file, line and column where the finding is expected."""
    place = None
    for edit in defect.edits:
        path = root / "lists" / name / edit.file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        old, new = (part.replace("{name}", name).replace("{Name}", name.capitalize()) for part in (edit.old, edit.new))
        assert text.count(old) == 1 or not path.exists(), f"{defect.name}: {old!r} stands {text.count(old)} times"
        text = text.replace(old, new, 1) if path.exists() else new
        if MARK in text:
            before = text[: text.index(MARK)]
            place = f"lists/{name}/{edit.file}", before.count("\n") + 1, len(before) - before.rfind("\n")
            text = text.replace(MARK, "")
        path.write_text(text, encoding="utf-8")
    assert place is not None
    return place


def one(name: str, file: str, old: str, new: str, says: str) -> Defect:
    """A defect of a single edit."""
    return Defect(name, (Edit(file, old, new),), says)


ENTRY, RULES, TESTS, BOARD, SCRAPE = (
    "exporter.yaml",
    "alerts.yaml",
    "alerts_test.yaml",
    "dashboard.json",
    "metrics.prom",
)

# What the generated entry says of its alert, test cases and panel number 3.
ALERT = "      - alert: {Name}ManyErrors3\n"
EXPR = 'sum by (instance, job) (rate({name}_requests_3_total{code="500"}[5m])) > 0.04'
FOR = EXPR + "\n        for: 5m\n"
LABELS = FOR + "        labels:\n          severity: warning\n"
SUMMARY = "          summary: Requests of kind 3 fail on {{ $labels.instance }}\n"
CASE = "      - {eval_time: 20m, alertname: {Name}ManyErrors3, exp_alerts: [{exp_labels: {severity: warning"
QUIET = "      - {eval_time: 4m, alertname: {Name}ManyErrors3, exp_alerts: []}\n"
PANEL = "sum by (code) (rate({name}_requests_3_total{"
JOB = """"name": "job",
        "type": "query",
        "datasource": {
          "type": "prometheus",
          "uid": "${datasource}\""""
SERIES = '{name}_requests_3_total{code="200",method="get"} 10\n'

DEFECTS: tuple[Defect, ...] = (
    one(
        "enum",
        ENTRY,
        "kind: exporter",
        "kind: ‸exporters",
        'error[entry/schema] "exporters" is not a kind of this catalog',
    ),
    one("key", ENTRY, "license:", "‸licence:", 'error[entry/schema] unknown key "licence"'),
    one(
        "number", ENTRY, '\nversion: "1.10"', "\nversion: ‸1.10", "error[entry/schema] version must be a quoted string"
    ),
    one(
        "list",
        ENTRY,
        "tags: [demo, generated]",
        "tags: ‸demo",
        "error[entry/schema] tags must be of type array, not string",
    ),
    one("http", ENTRY, "homepage: https:", "homepage: ‸http:", "error[entry/urls] not an https URL"),
    one("login", ENTRY, "docs: https://", "docs: ‸https://me:secret@", "error[entry/urls] the URL holds credentials"),
    one("template", ENTRY, "-{version}.{os}", "-‸{verison}.{os}", "error[entry/urls] unknown placeholder {verison}"),
    one(
        "literal",
        ENTRY,
        "demo/{name}, tag: 'v{version}'}",
        "demo/{name}, tag: 'v‸1.10'}",
        "error[entry/urls] the version 1.10 is written out",
    ),
    one(
        "name",
        ENTRY,
        "\nname: {name}\n",
        "\nname: ‸{name}-x\n",
        'error[entry/name] name "{name}-x" differs from the folder lists/{name}',
    ),
    one(
        "alias",
        ENTRY,
        "[{name}_exporter]",
        "[{name}_exporter, ‸{Name}_Exporter]",
        'error[entry/unique] the name "{Name}_Exporter" stands twice in this entry',
    ),
    one(
        "shared",
        ENTRY,
        "aliases: [",
        "aliases: [‸demo0000_exporter, ",
        'error[entry/unique] the name "demo0000_exporter" is already used in lists/demo0000/exporter.yaml',
    ),
    one("tag", ENTRY, "title: ", "title: ‸!!str ", "error[entry/load] tag tag:yaml.org,2002:str"),
    one(
        "hidden",
        ENTRY,
        "summary: Requests",
        "summary: ‸\u200bRequests",
        "error[entry/load] invisible or control character U+200B",
    ),
    one("stray", "alerts.yml", "", "‸groups: []\n", "error[entry/files] unexpected file"),
    one("twice", RULES, FOR, FOR + "        ‸for: 6m\n", 'error[alerts/load] duplicate key "for"'),
    one(
        "parenthesis",
        RULES,
        EXPR,
        EXPR.replace(") > ", ")‸) > "),
        "error[alerts/load] unexpected right parenthesis ')'",
    ),
    one("field", RULES, FOR, FOR.replace("for:", "‸fro:"), 'error[alerts/load] unknown field "fro"'),
    Defect(
        "severity",
        (
            Edit(RULES, LABELS, LABELS.replace("warning", "‸page")),
            Edit(TESTS, CASE, CASE.replace("warning", "page")),
        ),
        'error[alerts/labels] "page" is not a severity of this catalog',
    ),
    Defect(
        "summary",
        (
            Edit(RULES, ALERT, ALERT.replace("{Name}", "‸{Name}")),
            Edit(RULES, SUMMARY, ""),
            Edit(TESTS, '{summary: "Requests of kind 3 fail on a:1", ', "{"),
        ),
        "error[alerts/annotations] {Name}ManyErrors3 has no summary",
    ),
    one(
        "function",
        RULES,
        SUMMARY,
        SUMMARY.replace(" }}", " | ‸humanise }}"),
        'error[alerts/template] function "humanise" is not defined',
    ),
    one(
        "unclosed",
        RULES,
        SUMMARY,
        SUMMARY.replace("{{", "‸{{").replace(" }}", ""),
        'error[alerts/template] "{{" is not closed',
    ),
    Defect(
        "value",
        (
            Edit(RULES, LABELS, LABELS + "          size: '{{ ‸$value | printf \"%.0f\" }}'\n"),
            Edit(TESTS, CASE, CASE + ", size: 0"),
        ),
        'error[alerts/template] label size holds "$value": each value is another alert',
    ),
    Defect(
        "impatient",
        (
            Edit(RULES, FOR, FOR.replace("5m\n", "‸0s\n")),
            Edit(TESTS, QUIET, QUIET.replace("4m", "0m")),
        ),
        "warning[alerts/for] for: 0s waits for nothing",
    ),
    Defect(
        "untested",
        (Edit(RULES, ALERT, ALERT.replace("{Name}", "‸{Name}")), Edit(TESTS, QUIET, "")),
        "error[alerts/tested] no unit test shows {Name}ManyErrors3 quiet",
    ),
    one(
        "fails",
        TESTS,
        QUIET,
        QUIET + QUIET.replace("{Name}", "‸{Name}").replace("4m", "0m").replace("[]", "[{}]"),
        "error[alerts/test] {Name}ManyErrors3 at 0s: expected an alert, got no alert",
    ),
    one(
        "elsewhere",
        TESTS,
        "rule_files: [alerts.yaml]",
        "rule_files: [‸../demo0000/alerts.yaml]",
        'error[alerts/test] rule_files names "../demo0000/alerts.yaml"',
    ),
    one("comma", BOARD, '"panels": [', '"panels": [‸,', "error[dashboards/load] not JSON: expecting value"),
    one("nan", BOARD, '"tags": [', '"refresh": ‸NaN,\n  "tags": [', "error[dashboards/load] NaN is not a JSON number"),
    one(
        "uid", BOARD, '"exporterhub-{name}"', '"exporterhub‸ {name}"', 'error[dashboards/uid] " " cannot stand in a uid'
    ),
    one("untitled", BOARD, '"title": "{Name}"', '"title": ‸""', "error[dashboards/title] the title is empty"),
    one(
        "query",
        BOARD,
        PANEL,
        PANEL.replace("(code)", "‸(code"),
        'error[dashboards/promql] the query does not parse: "(" is never closed',
    ),
    one(
        "fixed",
        BOARD,
        JOB,
        JOB.replace('"$', '‸"$').replace("${datasource}", "P1809F7CD0C75ACF3"),
        'error[dashboards/datasource] the data source "P1809F7CD0C75ACF3" is hard-coded',
    ),
    one(
        "value-missing",
        SCRAPE,
        SERIES,
        SERIES.replace("10\n", "‸ten\n"),
        'error[metrics/load] expected a number as value, found "ten"',
    ),
    one(
        "mail",
        SCRAPE,
        SERIES,
        SERIES.replace("get", "‸joe@contoso.com"),
        'error[metrics/private] label method holds the e-mail address "joe@contoso.com"',
    ),
    one(
        "home",
        SCRAPE,
        SERIES,
        SERIES.replace("get", "‸/home/joe/x"),
        'error[metrics/private] label method holds the home directory "/home/joe"',
    ),
    one(
        "counter",
        SCRAPE,
        "# TYPE {name}_requests_3_total counter",
        "# TYPE ‸{name}_requests_3_total gauge",
        'info[metrics/lint] 1 metric: non-counter metrics should not have "_total" suffix: {name}_requests_3_total',
    ),
)
