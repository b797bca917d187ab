"""Reports of the red team as JUnit XML, for a build server: a suite for each environment, a case for each cheat."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from textgym.diagnostics.report import CheatRow, RedTeamReport

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(reports: Sequence[RedTeamReport]) -> str:
    """The reports as one XML document.

    A case fails if its cheat is paid or breaks something; a last case, `oracle`, if the oracle earns too little.
    """
    root = ElementTree.Element("testsuites", name="textgym redteam")
    for report in reports:
        cases = [_case(report, row) for row in report.cheats] + [_oracle(report)]
        failures = sum(case.find("failure") is not None for case in cases)
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=report.id,
            tests=str(len(cases)),
            failures=str(failures),
            errors="0",
            skipped="0",
            time=f"{report.seconds:.3f}",
        )
        suite.extend(cases)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(report: RedTeamReport, row: CheatRow) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=f"{report.id}.{row.family}", name=_clean(row.name))
    if row.paid or row.broken:
        what = f"earned {row.mean:.4g} ({row.low:.4g} to {row.high:.4g}), allowed {report.allowed:.4g}; {row.statuses}"
        failure = ElementTree.SubElement(case, "failure", type="paid" if row.paid else "broken", message=what)
        failure.text = _clean(row.example or "")
    return case


def _oracle(report: RedTeamReport) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=report.id, name="oracle")
    for reason in report.reasons:
        if reason.startswith("the oracle"):
            ElementTree.SubElement(case, "failure", type="oracle", message=reason)
    return case


def _clean(text: str) -> str:
    """The text without what no XML document may hold."""
    return _NOT_XML.sub("\ufffd", text)
