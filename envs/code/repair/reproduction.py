"""Code that shows a bug, taken from a failing test: with the values of its parameters and what is set up for it."""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textgym.envs.code.repair.suites import Function, SuiteFile, SuiteTest

_SET_UP = ("setUp", "setup_method", "setup")
_LOOKED_AT = 10
_LONGEST_VALUE = 300


@dataclass(frozen=True)
class Reproduction:
    """Code that should run through, and does not.

    Attributes:
        code: the code.
        left_out: names in it whose values are not to be had as text: fixtures, and what a base class sets up.
        case: what pytest calls the case, where it is one of several and its values are among those.
    """

    code: str
    left_out: tuple[str, ...]
    case: str = ""


def reproduction(files: dict[str, SuiteFile], tests: Sequence[str]) -> Reproduction | None:
    """The most complete one of the first failing tests; None where none of them is to be found as text.

    Args:
        files: test files by path.
        tests: ids of failing tests.
    """
    found: list[Reproduction] = []
    for test in tests[:_LOOKED_AT]:
        name = SuiteTest.parse(test)
        node = files[name.path].find(name) if name.path in files else None
        made = None if node is None else _of(files[name.path], name, node)
        if made is not None:
            found.append(made)
            if not made.left_out:
                break
    return min(found, key=lambda one: len(one.left_out), default=None)


def _of(file: SuiteFile, name: SuiteTest, node: Function) -> Reproduction | None:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    last = next((inner for inner in body if asserts(inner)), body[-1] if body else None)
    if last is None or body[0].lineno == node.lineno:
        return None
    lines, known = [], {"self", "cls"} if name.scope else set()
    for argument, value in _parameters(file, name, node).items():
        lines.append(f"{argument} = {value}\n")
        known.add(argument)
    shown = [inner for inner in body if inner.lineno <= last.lineno]
    used = {own for inner in shown for own in _own_attributes(inner)}
    set_up = _set_up(file, name) if used else None
    if set_up is not None:
        lines.append(textwrap.dedent(lines_of(file, set_up.body[0], set_up.body[-1])))
        used -= {own for inner in set_up.body for own in _own_attributes(inner)}
    lines.append(textwrap.dedent(lines_of(file, body[0], last)))
    arguments = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    left_out = [argument for argument in arguments if argument not in known]
    case = name.parameters[1:-1] if left_out else ""
    return Reproduction("".join(lines), (*left_out, *(f"self.{own}" for own in sorted(used))), case)


def _own_attributes(statement: ast.stmt) -> Iterator[str]:
    """The attributes of `self` that a statement mentions, without those that only assert or are called."""
    called = {id(node.func) for node in ast.walk(statement) if isinstance(node, ast.Call)}
    for node in ast.walk(statement):
        of_self = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
        if isinstance(node, ast.Attribute) and of_self and id(node) not in called:
            yield node.attr


def _set_up(file: SuiteFile, name: SuiteTest) -> Function | None:
    for function in _SET_UP:
        node = file.find(SuiteTest(name.path, name.scope, function, ""))
        if node is not None and node.body[0].lineno != node.lineno:
            return node
    return None


def _parameters(file: SuiteFile, name: SuiteTest, node: Function) -> dict[str, str]:
    """The parameters of a test's case as Python text; empty where they cannot be told."""
    marks = [mark for one in node.decorator_list if (mark := _parametrize(file, one)) is not None]
    if not name.parameters or len(marks) != 1:
        return {}
    names, rows = marks[0]
    wanted = name.parameters[1:-1]
    found = [row for place, row in enumerate(rows) if _case_id(names, row, place) == wanted]
    if len(found) != 1:
        return {}
    values = [file.source_of(value) for value in _values(names, found[0])]
    if len(values) != len(names) or any(not value or len(value) > _LONGEST_VALUE for value in values):
        return {}
    return dict(zip(names, values, strict=True))


def _parametrize(file: SuiteFile, decorator: ast.expr) -> tuple[list[str], list[ast.expr]] | None:
    """The names and the cases of a `pytest.mark.parametrize` that spells them out and does not name them otherwise."""
    if not isinstance(decorator, ast.Call) or len(decorator.args) != 2 or decorator.keywords:
        return None
    named, rows = decorator.args
    if not (isinstance(decorator.func, ast.Attribute) and decorator.func.attr == "parametrize"):
        return None
    if isinstance(rows, ast.Name):
        rows = file.value_of(rows.id) or rows
    if not isinstance(rows, ast.List | ast.Tuple):
        return None
    if isinstance(named, ast.Constant) and isinstance(named.value, str):
        return [one.strip() for one in named.value.split(",") if one.strip()], rows.elts
    if isinstance(named, ast.List | ast.Tuple):
        names = [one.value for one in named.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        return (names, rows.elts) if len(names) == len(named.elts) else None
    return None


def _values(names: Sequence[str], row: ast.expr) -> list[ast.expr]:
    if isinstance(row, ast.Call):  # pytest.param
        return row.args
    if len(names) == 1:
        return [row]
    return row.elts if isinstance(row, ast.Tuple | ast.List) else []


def _case_id(names: Sequence[str], row: ast.expr, place: int) -> str:
    """What pytest calls a case."""
    if isinstance(row, ast.Call) and isinstance(row.func, ast.Attribute | ast.Name):
        called = row.func.attr if isinstance(row.func, ast.Attribute) else row.func.id
        if called == "param":
            for keyword in row.keywords:
                if keyword.arg == "id" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
        elif len(names) != 1:
            return ""
        else:
            return f"{names[0]}{place}"
    return "-".join(_value_id(name, value, place) for name, value in zip(names, _values(names, row), strict=False))


def _value_id(name: str, value: ast.expr, place: int) -> str:
    negative = isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub)
    constant = value.operand if isinstance(value, ast.UnaryOp) and negative else value
    if not isinstance(constant, ast.Constant) or constant.value is Ellipsis:
        return f"{name}{place}"
    one = constant.value
    if isinstance(one, str):
        return one.encode("unicode_escape").decode("ascii")
    if isinstance(one, bytes):
        return one.decode("ascii", "backslashreplace")
    return f"-{one}" if negative else str(one)


def asserts(node: ast.stmt) -> bool:
    """Whether a statement asserts something, in the manner of pytest or of unittest."""
    if isinstance(node, ast.Assert):
        return True
    expressions = [item.context_expr for item in node.items] if isinstance(node, ast.With) else []
    if isinstance(node, ast.Expr):
        expressions.append(node.value)
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr.startswith(("assert", "raises"))
        for call in expressions
    )


def lines_of(file: SuiteFile, first: ast.stmt, last: ast.stmt) -> str:
    """The lines from one statement to another."""
    assert last.end_lineno is not None
    return "".join(file.lines[first.lineno - 1 : last.end_lineno])
