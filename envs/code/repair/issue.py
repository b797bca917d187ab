"""What an agent is told is wrong, made from the package's own text: a knob of difficulty, and no answer in any of it."""

import ast
import textwrap
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Literal

from textgym.core import syntax
from textgym.envs.code.repair.asking import module_name
from textgym.envs.code.repair.problems import Problem
from textgym.envs.code.repair.reproduction import asserts, lines_of, reproduction
from textgym.envs.code.repair.starting import SHARED
from textgym.envs.code.repair.suites import Function, SuiteFile, SuiteTest, suite_file

Level = Literal["symptom", "repro", "vague", "none"]

_NAMED = 3
_MOST_LINES = 15
_MOST_CHARS = 1200


@lru_cache(SHARED)
def issue_text(problem: Problem, level: Level) -> str:
    """The issue at a level.

    `symptom` names failing tests and quotes what the first asserts; `repro` quotes code that should run through and does
    not; `vague` says what the damaged place is for; `none` says only that something is wrong. Where the text for a level
    cannot be made, that of the next is taken.
    """
    makers = {"symptom": (_symptom, _vague), "repro": (_repro, _symptom, _vague), "vague": (_vague,), "none": ()}
    for make in makers[level]:
        text = make(problem)
        if text:
            return text
    return "Something in this package is broken: a behaviour that worked is wrong now."


def _symptom(problem: Problem) -> str:
    names = [_shown(test) for test in problem.fail_to_pass[:_NAMED]]
    more = len(problem.fail_to_pass) - len(names)
    lines = ["These tests fail:" if len(problem.fail_to_pass) > 1 else "This test fails:"]
    lines += [f"  {name}" for name in names]
    if more:
        lines.append(f"  ... and {more} more")
    asserted = _quoted(problem, _assertions)
    if asserted:
        lines += ["", "It asserts:" if len(names) == 1 else "The first asserts:", "", textwrap.indent(asserted, "    ")]
    return "\n".join(lines)


def _repro(problem: Problem) -> str:
    files: dict[str, SuiteFile] = {}
    for path in {SuiteTest.parse(test).path for test in problem.fail_to_pass}:
        with suppress(KeyError, ValueError):
            files[path] = suite_file(problem.package.files[path])
    found = reproduction(files, problem.fail_to_pass)
    code = "" if found is None else _within_bounds(found.code.splitlines())
    if found is None or not code:
        return ""
    text = f"This should run through, and does not:\n\n{textwrap.indent(code, '    ')}"
    if found.left_out:
        names = ", ".join(f"`{name}`" for name in found.left_out)
        case = f" for its case {found.case[:200]}" if found.case else ""
        text += f"\n\nThe test suite sets up {names}{case}."
    return text


def _vague(problem: Problem) -> str:
    lines = []
    for bug in problem.bugs:
        module = module_name(problem.package, bug.path) or bug.path
        purpose = _purpose(problem, bug.path, bug.outer)
        lines.append(
            f'Something is wrong with what "{purpose}" says.' if purpose else f"Something in {module} is wrong."
        )
    return "\n".join(dict.fromkeys(lines))


def _purpose(problem: Problem, path: str, qualname: str) -> str:
    """The first line of the docstring of a function, or of what is around it."""
    try:
        node: ast.AST = syntax.parse(problem.package.files[path])
    except (KeyError, SyntaxError, ValueError):
        return ""
    found = ""
    for part in qualname.split("."):
        inner = [child for child in ast.walk(node) if getattr(child, "name", None) == part]
        if not inner:
            break
        node = inner[0]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found = next(iter((ast.get_docstring(node) or "").strip().splitlines()), "") or found
    return found[:200]


def _shown(test: str) -> str:
    return test if len(test) <= 160 else f"{test[:157]}..."


def _quoted(problem: Problem, take: Callable[[SuiteFile, Function], str]) -> str:
    """What `take` finds in the first failing test, within bounds; empty where the test is not to be found as text."""
    name = SuiteTest.parse(problem.fail_to_pass[0])
    try:
        file = suite_file(problem.package.files[name.path])
    except (KeyError, ValueError):
        return ""
    node = file.find(name)
    return "" if node is None else _within_bounds(take(file, node).splitlines())


def _within_bounds(lines: list[str]) -> str:
    lines = lines[:_MOST_LINES]
    while sum(len(line) + 1 for line in lines) > _MOST_CHARS:
        lines.pop()
    return "\n".join(lines)


def _assertions(file: SuiteFile, node: Function) -> str:
    found = [inner for inner in ast.walk(node) if isinstance(inner, ast.stmt) and asserts(inner)]
    found.sort(key=lambda inner: inner.lineno)
    return "\n".join(textwrap.dedent(lines_of(file, inner, inner)) for inner in found[:_NAMED])
