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
        "root": encodable(report.root),
        "entries": [encodable(entry) for entry in report.entries],
        "findings": [finding_object(finding) for finding in report.findings],
        "skipped": [
            {"check": encodable(skip.check), "reason": encodable(skip.reason), "help": encodable(skip.help)}
            for skip in report.skipped
        ],
        "counts": counts(report),
        "proof": {
            encodable(proof.entry): {"level": proof.level, "reason": encodable(proof.reason)} for proof in report.proofs
        },
    }
    return json.dumps(document, indent=2) + "\n"


def finding_object(finding: Finding) -> dict[str, str | int]:
    """A finding as the schema describes it."""
    span = finding.span
    return {
        "check": encodable(finding.check),
        "severity": finding.severity,
        "message": encodable(finding.message),
        "help": encodable(finding.help),
        "url": encodable(page_of(finding.check)),
        "entry": encodable(finding.entry),
        "file": encodable(finding.file),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def encodable(text: str) -> str:
    """Half a character, as a file name that is not UTF-8 has them, is something JSON parsers refuse or lose."""
    return _SURROGATES.sub(lambda match: visible(match.group()), text)
