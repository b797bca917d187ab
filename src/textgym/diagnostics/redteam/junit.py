"""Reports of the red team as JUnit XML, for a build server: a suite for each environment, a case for each cheat."""

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from textgym.diagnostics.report import CheatRow, RedTeamReport

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(reports: Sequence[RedTeamReport], left_out: Mapping[str, str] | None = None) -> str:
    """The reports as one XML document.

    A case fails if its cheat is paid or breaks something, and is skipped if the cheat was not played; a last case, `oracle`,
    fails if the oracle earns too little or guessing fails. An environment that could not be attacked at all (`left_out`, with
    the reason) is a suite with one case that is an error.
    """
    root = ElementTree.Element("testsuites", name="textgym redteam")
    for report in reports:
        cases = [_case(report, row) for row in report.cheats]
        cases += [_not_played(report, name) for name in report.not_played]
        _add_suite(root, report.id, [*cases, _oracle(report)], report.seconds)
    for name, reason in (left_out or {}).items():
        case = ElementTree.Element("testcase", classname=_clean(name), name="make")
        ElementTree.SubElement(case, "error", type="left_out", message=_clean(reason))
        _add_suite(root, name, [case], 0.0)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_suite(root: ElementTree.Element, name: str, cases: Sequence[ElementTree.Element], seconds: float) -> None:
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counts = {kind: str(sum(case.find(tag) is not None for case in cases)) for kind, tag in kinds.items()}
    attributes = {"name": _clean(name), "tests": str(len(cases)), **counts, "time": f"{seconds:.3f}"}
    suite = ElementTree.SubElement(root, "testsuite", attributes)
    suite.extend(cases)


def _not_played(report: RedTeamReport, name: str) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=f"{report.id}.not_played", name=_clean(name))
    ElementTree.SubElement(case, "skipped", message="not played: the time was over")
    return case


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
        if reason.startswith(("the oracle", "the episodes of guessing")):
            ElementTree.SubElement(case, "failure", type="oracle", message=_clean(reason))
    return case


def _clean(text: str) -> str:
    """The text without what no XML document may hold."""
    return _NOT_XML.sub("\ufffd", text)
