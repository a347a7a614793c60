"""For GitHub Actions: workflow commands, which become annotations at the lines of a pull request.

The escapes and limits are those of the runner (actions/runner, src/Runner.Common/ActionCommand.cs): a command's
data encodes % and line breaks, its properties also : and ; a message is cut at 4,096 characters; ten annotations
of each kind are shown for a step. Columns are dropped by GitHub where a span has several lines.
"""

from collections.abc import Mapping

from bot.model import SEVERITIES, Finding, Report, Severity, Skip
from bot.reporters.wording import proven, visible

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
LONGEST_MESSAGE = 4096


def render(report: Report) -> str:
    """One command a line, worst first; a skip comes before the warnings, as it must not be the eleventh."""
    lines: list[str] = []
    for severity in SEVERITIES:
        if severity is Severity.WARNING:
            lines.extend(_skip(skip) for skip in report.skipped)
        lines.extend(_annotation(finding) for finding in report.findings if finding.severity is severity)
    if report.proofs:
        title = {"title": "proof"}
        lines.append(_command(COMMANDS[Severity.INFO], title, "\n".join(proven(report)), "", lines_kept=True))
    return "".join(f"{line}\n" for line in lines)


def _annotation(finding: Finding) -> str:
    span = finding.span
    properties = {"file": visible(finding.file), "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:
        properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    properties["title"] = visible(finding.check)
    return _command(COMMANDS[finding.severity], properties, finding.message, finding.help)


def _skip(skip: Skip) -> str:
    return _command(COMMANDS[Severity.WARNING], {"title": f"{visible(skip.check)} skipped"}, skip.reason, skip.help)


def _command(
    name: str, properties: Mapping[str, str], message: str, help_text: str, *, lines_kept: bool = False
) -> str:
    text = (message if lines_kept else visible(message)) + (f"\nhelp: {visible(help_text)}" if help_text else "")
    if len(text) > LONGEST_MESSAGE:
        text = text[: LONGEST_MESSAGE - 1] + "…"
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {written}::{_data(text)}"


def _data(text: str) -> str:
    # The runner also obeys its old form of command, ##[name], wherever it stands in a line.
    harmless = text.replace("##[", "## [")
    return harmless.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
