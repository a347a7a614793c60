"""For code scanning: SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).

Numbers of sections in the comments are of that standard. A place is relative to SRCROOT, the root of the catalog,
whose own place the reader knows.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from urllib.parse import quote

from bot import __version__
from bot.checks import CHECKS
from bot.checks.base import Check
from bot.model import Finding, Report, Severity, Skip
from bot.reporters.wording import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
ROOT = "SRCROOT"
FINGERPRINT = "findingHash/v1"
"""Beside it stays room for primaryLocationLineHash, which GitHub's upload computes from the files."""

_Object = dict[str, object]


def render(report: Report, checks: Sequence[Check] = CHECKS) -> str:
    """One run; its rules are the checks that the report names, described from `checks`."""
    named = {finding.check for finding in report.findings} | {skip.check for skip in report.skipped}
    rules = {rule: index for index, rule in enumerate(sorted(named))}
    known = {check.id: check for check in checks}
    run: _Object = {
        "tool": {
            "driver": {
                "name": "exporterhub",
                "version": __version__,
                "rules": [_rule(rule, known.get(rule)) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the catalog."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(skip, rules[skip.check]) for skip in report.skipped],
            }
        ],
        "results": [
            _result(finding, rules[finding.check], fingerprint)
            for finding, fingerprint in zip(report.findings, _fingerprints(report.findings), strict=True)
        ],
    }
    if report.proofs:
        run["properties"] = {
            "proof": {
                visible(proof.entry): {"level": proof.level, "reason": visible(proof.reason)} for proof in report.proofs
            }
        }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str, check: Check | None) -> _Object:
    rule: _Object = {"id": visible(name)}
    if check:
        text = check.doc.strip()
        rule["shortDescription"] = {"text": text.partition("\n")[0]}
        rule["help"] = {"text": text, "markdown": text}
        rule["defaultConfiguration"] = {"level": LEVELS[check.severity]}
    return rule


def _result(finding: Finding, rule: int, fingerprint: str) -> _Object:
    span = finding.span
    return {
        "ruleId": visible(finding.check),
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": _message(finding.message, finding.help),
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.file, errors="surrogatepass"), "uriBaseId": ROOT},
                    "region": {
                        "startLine": span.line,
                        "startColumn": span.column,
                        "endLine": span.end_line,
                        "endColumn": span.end_column,
                    },
                }
            }
        ],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }


def _notification(skip: Skip, rule: int) -> _Object:
    return {
        "level": "warning",
        "message": _message(f"not checked: {skip.reason}", skip.help),
        "associatedRule": {"id": visible(skip.check), "index": rule},
    }


def _message(message: str, help_text: str) -> _Object:
    """A plain text message, in which braces stand for arguments (3.11.5) and [text](target) for links (3.11.6)."""
    text = visible(message) + (f"\nhelp: {visible(help_text)}" if help_text else "")
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _fingerprints(findings: Iterable[Finding]) -> list[str]:
    """What stays the same where lines are added above a finding; equal ones are told apart by their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    fingerprints = []
    for finding in findings:
        identity = (finding.check, finding.file, finding.message, finding.source.strip())
        fingerprints.append(sha256(json.dumps([*identity, seen[identity]]).encode()).hexdigest())
        seen[identity] += 1
    return fingerprints
