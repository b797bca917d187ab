"""Functions that do nothing: what a comparison has to tell from the original, or it says nothing about anyone."""

import ast

from textgym.core.syntax import parse
from textgym.envs.code.repair.naming import FUNCTIONS, named


def idle(source: bytes, qualname: str) -> bytes | None:
    """A module in which a function of that name, or each of several, has `pass` for its body; None if there is none."""
    try:
        module = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = named(module.body, qualname)
    starts = [0]
    for text in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(text))
    for function in sorted(found, key=lambda one: -one.lineno):
        first, last = function.body[0], function.body[-1]
        line, column = first.lineno, first.col_offset
        if isinstance(first, (*FUNCTIONS, ast.ClassDef)) and first.decorator_list:
            line = first.decorator_list[0].lineno
        start = starts[line - 1] + column
        end = starts[(last.end_lineno or last.lineno) - 1] + (last.end_col_offset or 0)
        source = source[:start] + b"pass" + source[end:]
    return source if found else None
