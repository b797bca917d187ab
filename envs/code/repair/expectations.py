"""Test files without what their tests expect: they do what they did, and compare it with nothing.

In a process that code under judgement shares with tests, what a test expects stands in its frames, to be read and given back.
Where it was cut out, there is nothing to read.
"""

import ast
from functools import lru_cache

from textgym.core import syntax

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@lru_cache(64)
def without_expectations(data: bytes, comparisons: bool = False) -> bytes | None:
    """A test file whose assertions evaluate what they call, and compare it with nothing.

    Constants that then have no use are gone, too, those among the parameters of a test as soon as it begins.

    Args:
        data: the file.
        comparisons: whether comparisons that are asserted stay, since they are what is looked at.

    Returns:
        The file's new text, which does what the old one did; None where it is no Python source.
    """
    try:
        module = syntax.parse(data.decode())
        cut = _Cutter(comparisons).visit(module)
        for node in ast.walk(cut):
            if isinstance(node, _Function) and node.name.startswith("test"):
                _forget_unused(node)
        return ast.unparse(ast.fix_missing_locations(cut)).encode()
    except (SyntaxError, ValueError, RecursionError):
        return None


class _Cutter(ast.NodeTransformer):
    """Cuts the sides of assertions that call nothing."""

    def __init__(self, comparisons: bool) -> None:
        self.comparisons = comparisons

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        if self.comparisons:
            return ast.Expr(node.test)
        sides = [node.test.left, *node.test.comparators] if isinstance(node.test, ast.Compare) else [node.test]
        return _evaluated(sides)

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        call = node.value
        if self.comparisons:
            return node
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            name = call.func.attr
            # Those that call what they are given, or look at a context, stay.
            if name.startswith("assert") and not name.startswith(
                ("assertRaises", "assertWarns", "assertLogs", "assert_")
            ):
                return _evaluated([*call.args, *(keyword.value for keyword in call.keywords)])
        return node


def _evaluated(sides: list[ast.expr]) -> ast.stmt:
    kept = [side.value if isinstance(side, ast.Starred) else side for side in sides if _calls(side)]
    if not kept:
        kept = [side for side in sides if not isinstance(side, ast.Starred) and not _constant(side)][:1]
    return ast.Expr(ast.Tuple(kept, ast.Load())) if kept else ast.Pass()


def _calls(node: ast.AST) -> bool:
    """Whether evaluating it may call something that matters; an operator on names may as well."""
    looked_for = ast.Call | ast.Subscript | ast.BinOp | ast.UnaryOp | ast.Await | ast.comprehension | ast.NamedExpr
    looked_for |= ast.Compare  # of an argument; those that an assertion is about were taken apart before
    return any(isinstance(inner, looked_for) for inner in ast.walk(node)) and not _constant(node)


def _constant(node: ast.AST) -> bool:
    return not any(isinstance(inner, ast.Name | ast.Call | ast.Attribute) for inner in ast.walk(node))


def _forget_unused(function: _Function) -> None:
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    function.body = [statement for statement in function.body if not _only_names(statement, used)] or [ast.Pass()]
    unused = [argument.arg for argument in function.args.args if argument.arg not in used | {"self", "cls"}]
    forgotten: list[ast.stmt] = [
        ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None), lineno=function.lineno) for name in unused
    ]
    function.body[:0] = forgotten


def _only_names(statement: ast.stmt, used: set[str]) -> bool:
    """Whether a statement only gives a constant a name that nothing uses."""
    return (
        isinstance(statement, ast.Assign)
        and all(isinstance(target, ast.Name) and target.id not in used for target in statement.targets)
        and not _calls(statement.value)
    )
