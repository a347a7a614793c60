"""For programs: everything the report holds, as schemas/report.schema.json describes it."""

import json
import re

from bot.model import Finding, Report
from bot.reporters.wording import counts, page_of, visible

VERSION = 1
"""Raised when a program that reads the old form would be misled by the new one."""

_SURROGATES = re.compile("[\ud800-\udfff]+")


def render(report: Report) -> str:
    """One JSON object, in ASCII."""
    document = {
        "version": VERSION,
        "root": _encodable(report.root),
        "entries": [_encodable(entry) for entry in report.entries],
        "findings": [_finding(finding) for finding in report.findings],
        "skipped": [
            {"check": _encodable(skip.check), "reason": _encodable(skip.reason), "help": _encodable(skip.help)}
            for skip in report.skipped
        ],
        "counts": counts(report),
        "proof": {
            _encodable(proof.entry): {"level": proof.level, "reason": _encodable(proof.reason)}
            for proof in report.proofs
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, str | int]:
    span = finding.span
    return {
        "check": _encodable(finding.check),
        "severity": finding.severity,
        "message": _encodable(finding.message),
        "help": _encodable(finding.help),
        "url": _encodable(page_of(finding.check)),
        "entry": _encodable(finding.entry),
        "file": _encodable(finding.file),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _encodable(text: str) -> str:
    """Half a character, as a file name that is not UTF-8 has them, is something JSON parsers refuse or lose."""
    return _SURROGATES.sub(lambda match: visible(match.group()), text)
