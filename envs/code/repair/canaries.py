"""Tests that must fail: copies of passing ones, under names nobody knows, whose assertion is negated or impossible.

Where one passes, something stands between assertion and verdict: an object equal to everything, a runner that was tampered
with, code that reports what it likes. They are no proof that nothing does.
"""

import ast
from collections.abc import Container, Sequence
from dataclasses import dataclass

from textgym.core import Random
from textgym.envs.code.repair.suites import SuiteFile, SuiteTest, suite_file
from textgym.envs.code.repair.test_names import FreshNames

NUMBER = 4
_LOOKED_AT = 60


@dataclass(frozen=True)
class Canaries:
    """Test files with canaries in them.

    Attributes:
        files: the files that got some, by path.
        tests: the canaries' ids.
    """

    files: dict[str, bytes]
    tests: tuple[str, ...]


def place_canaries(
    files: dict[str, bytes],
    passing: Sequence[str],
    rng: Random,
    names: FreshNames,
    *,
    number: int = NUMBER,
    near: Container[str] = (),
) -> Canaries:
    """Put canaries beside passing tests.

    Args:
        files: the test files, by path.
        passing: ids of tests that pass on the right package, and may be copied.
        rng: picks the tests that are copied.
        names: gives the canaries their names.
        number: how many, at the most.
        near: files of tests that decide; half of the canaries are made of tests in them, if there are any, since what
            turns one kind of test need not turn another.

    Returns:
        At least two: where too few tests can be copied, some that assert something absurd.
    """
    chosen: dict[str, list[tuple[SuiteTest, ast.FunctionDef, SuiteFile]]] = {}
    parsed: dict[str, SuiteFile | None] = {}
    count = 0
    candidates = [name for name in map(SuiteTest.parse, passing) if name.function and not name.parameters]
    rng.shuffle(candidates)
    beside = [name for name in candidates if name.path in near][: _LOOKED_AT // 2]
    tried = [*beside, *(name for name in candidates[: _LOOKED_AT * number // NUMBER] if name not in beside)]
    for place, name in enumerate(tried):
        if count == number:
            break
        if place < len(beside) and count >= number // 2:
            continue
        if name.path not in parsed:
            try:
                parsed[name.path] = suite_file(files[name.path])
            except (KeyError, ValueError):
                parsed[name.path] = None
        file = parsed[name.path]
        node = None if file is None else file.find(name)
        if file is None or not isinstance(node, ast.FunctionDef) or _assertion(node) is None:
            continue
        chosen.setdefault(name.path, []).append((name, node, file))
        count += 1
    changed: dict[str, bytes] = {}
    tests = []
    impossible = False
    for path, copies in chosen.items():
        file = copies[0][2]
        lines = list(file.lines)
        # From the last to the first, so that the places of those above stay as they are.
        for name, node, _ in sorted(copies, key=lambda copy: copy[1].lineno, reverse=True):
            impossible = not impossible
            fresh = names.function()
            _, end = file.lines_of(node)
            if lines[end - 1 : end] and not lines[end - 1].endswith("\n"):
                lines[end - 1] += "\n"
            absurd = names.word() * 3 if impossible else ""
            lines[end:end] = ["\n", *_copy(file, node, fresh, absurd)]
            tests.append("::".join([path, *name.scope, fresh]))
        changed[path] = "".join(lines).encode()
    while len(tests) < 2:
        path, fresh = names.module(), names.function()
        folder = next((name.path.rpartition("/")[0] for name in candidates), "")
        path = f"{folder}/{path}" if folder else path
        changed[path] = f"def {fresh}():\n    assert [{names.word()!r}] == [{names.word() * 2!r}]\n".encode()
        tests.append(f"{path}::{fresh}")
    return Canaries(changed, tuple(tests))


def _assertion(node: ast.FunctionDef) -> ast.stmt | None:
    """The first equality that a test's own body asserts, if the test may stop there.

    It may not where something other than assertions follows: that could put back what the test changed, and the copy,
    which never comes to it, would spoil the tests that are run after it.
    """
    for place, statement in enumerate(node.body):
        if _sides(statement) is not None:
            return statement if all(map(_only_looks, node.body[place + 1 :])) else None
    return None


def _only_looks(statement: ast.stmt) -> bool:
    """Whether a statement asserts something, or gives a local name to something for the assertions after it."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        called = statement.value.func
        return isinstance(called, ast.Attribute) and called.attr.startswith("assert")
    if isinstance(statement, ast.Assign):
        return all(isinstance(target, ast.Name) for target in statement.targets)
    return isinstance(statement, ast.Assert)


def _sides(statement: ast.stmt) -> tuple[ast.expr, ast.expr] | None:
    """What a statement asserts to be equal to what; None if it does nothing of the kind."""
    if isinstance(statement, ast.Assert):
        test = statement.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            return test.left, test.comparators[0]
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if isinstance(call.func, ast.Attribute) and call.func.attr == "assertEqual" and len(call.args) >= 2:
            left, right = call.args[:2]
            if not isinstance(left, ast.Starred) and not isinstance(right, ast.Starred):
                return left, right
    return None


def _copy(file: SuiteFile, node: ast.FunctionDef, fresh: str, absurd: str) -> list[str]:
    """The lines of a copy of a test that stops at an assertion which cannot hold: of `absurd`, or else of the contrary."""
    statement = _assertion(node)
    assert statement is not None
    sides = _sides(statement)
    assert sides is not None
    left, right = (file.source_of(side) for side in sides)
    first, _ = file.lines_of(node)
    head = file.lines[first : statement.lineno - 1]
    if not head or node.body[0].lineno == node.lineno:
        head = [f"{file.lines[node.lineno - 1][: node.col_offset]}def {fresh}{_parameters(file, node)}:\n"]
        indent = file.lines[node.lineno - 1][: node.col_offset] + "    "
    else:
        indent = file.lines[statement.lineno - 1][: statement.col_offset]
        at = node.lineno - 1 - first
        head[at] = head[at].replace(f"def {node.name}", f"def {fresh}", 1)
    asserted = f"(({left}) == {absurd!r})" if absurd else f"not (({left}) == ({right}))"
    return [*head, f"{indent}assert {asserted}\n"]


def _parameters(file: SuiteFile, node: ast.FunctionDef) -> str:
    return f"({ast.unparse(node.args)})"
