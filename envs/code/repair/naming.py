"""Functions of a module by their names."""

import ast
import copy
from typing import TypeVar

from textgym.core.syntax import parse

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


_Defined = TypeVar("_Defined", bound=Function | ast.ClassDef)


def head_of(node: _Defined) -> _Defined:
    """A function or class without its body: what is evaluated outside of it where it is defined."""
    head = copy.copy(node)
    head.body = []
    return head


def named(body: list[ast.stmt], qualname: str, prefix: str = "") -> list[Function]:
    """The functions of that name in a module or class, wherever in its statements they are defined."""
    found: list[Function] = []
    for node in body:
        if isinstance(node, FUNCTIONS):
            found += [node] if prefix + node.name == qualname else []
        elif isinstance(node, ast.ClassDef):
            found += named(node.body, qualname, f"{prefix}{node.name}.")
        else:
            for inner in ("body", "orelse", "finalbody", "handlers"):
                for one in getattr(node, inner, []):
                    found += named(one.body if isinstance(one, ast.ExceptHandler) else [one], qualname, prefix)
    return found


def arity(source: bytes, qualname: str) -> int | None:
    """How many arguments a function takes by position; None if it is not there, or there are several."""
    try:
        functions = named(parse(source).body, qualname)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    counts = {len(one.args.posonlyargs) + len(one.args.args) for one in functions}
    return counts.pop() if len(counts) == 1 else None


def beginning_with(source: str, qualname: str, statement: str) -> str:
    """A module in which a function begins with that statement, behind what it says of itself; as it is if there is none."""
    lines = source.splitlines(keepends=True)
    for function in named(parse(source).body, qualname)[-1:]:
        told = ast.get_docstring(function, clean=False) is not None and len(function.body) > 1
        first = function.body[told]
        line = min([first.lineno, *(one.lineno for one in getattr(first, "decorator_list", []))])
        if line > function.lineno:
            lines.insert(line - 1, f"{' ' * first.col_offset}{statement}\n")
    return "".join(lines)
