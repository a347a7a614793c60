"""For systems that show test results: a suite an entry, which fails where the entry has an error.

A test case carries one failure that lists every error, since most readers of the format keep only the first.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET  # writes; nothing is parsed here

from bot.model import Finding, Proof, Report, Severity, Skip
from bot.reporters.wording import number, place, visible

NAME = "exporterhub"
CATALOG = "whole catalog"
"""The suite of findings that belong to no entry."""
SKIPPED = "skipped checks"


def render(report: Report) -> str:
    """An XML document."""
    entries = list(report.entries)
    entries.extend(sorted({finding.entry for finding in report.findings}.difference(entries)))
    root = ET.Element("testsuites", name=NAME)
    by_entry: dict[str, list[Finding]] = {entry: [] for entry in entries}
    for finding in report.findings:
        by_entry[finding.entry].append(finding)
    proofs = {proof.entry: proof for proof in report.proofs}
    for entry, findings in by_entry.items():
        name = visible(entry) or CATALOG
        root.append(_suite(name, [*_proof(proofs.get(entry)), _entry(name, findings)]))
    if report.skipped:
        root.append(_suite(SKIPPED, map(_skip, report.skipped)))
    _count(root)
    ET.indent(root)
    # ElementTree would declare the encoding of the locale.
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(name: str, cases: Iterable[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    suite.extend(cases)
    _count(suite)
    return suite


def _proof(proof: Proof | None) -> list[ET.Element]:
    """The properties of a suite: how far the entry is proven, and why not further."""
    if proof is None:
        return []
    properties = ET.Element("properties")
    for name, value in (("proof", proof.level.value), ("proof.reason", visible(proof.reason))):
        if value:
            ET.SubElement(properties, "property", name=name, value=value)
    return [properties]


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    element.set("failures", str(len(element.findall(".//failure"))))
    element.set("errors", "0")
    element.set("skipped", str(len(element.findall(".//skipped"))))


def _entry(name: str, findings: list[Finding]) -> ET.Element:
    case = ET.Element("testcase", classname=NAME, name=name)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    others = [finding for finding in findings if finding.severity is not Severity.ERROR]
    if errors:
        failure = ET.SubElement(case, "failure", message=number(len(errors), "error"), type="error")
        failure.text = _lines(errors)
    if others:
        ET.SubElement(case, "system-out").text = _lines(others)
    return case


def _skip(skip: Skip) -> ET.Element:
    case = ET.Element("testcase", classname=NAME, name=visible(skip.check))
    skipped = ET.SubElement(case, "skipped", message=visible(skip.reason))
    if skip.help:
        skipped.text = f"help: {visible(skip.help)}"
    return case


def _lines(findings: list[Finding]) -> str:
    lines = []
    for finding in findings:
        label = f"{finding.severity}[{visible(finding.check)}]"
        lines.append(f"{place(finding)}: {label} {visible(finding.message)}")
        if finding.help:
            lines.append(f"  = help: {visible(finding.help)}")
    return "\n".join(lines)
