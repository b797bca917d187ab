"""Python source as a tree, and its scopes: one parse at a time, and without a word about the source.

In CPython 3.11 the parser counts the depth of its trees in a place that all threads share: two parses side by side can end in
`SystemError: AST constructor recursion depth mismatch` (python/cpython#106905), and so can every one after them.

A literal such as `"\\d"` makes the parser warn, and where warnings are errors it would refuse the source. Whether a source
parses must not hang on that, so warnings are off meanwhile. They are a setting of the whole process too, and what parses
side by side would restore them in the wrong order: one more reason for one at a time.
"""

import ast
import os
import symtable
import threading
import warnings

_lock = threading.Lock()


def parse(source: str | bytes) -> ast.Module:
    """`ast.parse`, safe beside other threads, and the same under any filter of warnings.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`.
    """
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def scopes(source: str | bytes) -> symtable.SymbolTable:
    """The scopes of a module, and what each name means in them; nothing is run.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`.
    """
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return symtable.symtable(source, "<source>", "exec")  # type: ignore[arg-type]  # bytes have their encoding looked up


def _forget_lock() -> None:
    """A lock that another thread held when this process was forked would never be released here."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_forget_lock)
