"""Python source as a tree, one parse at a time.

In CPython 3.11 the parser counts the depth of its trees in a place that all threads share: two parses side by side can end in
`SystemError: AST constructor recursion depth mismatch` (python/cpython#106905), and so can every one after them.
"""

import ast
import os
import threading

_lock = threading.Lock()


def parse(source: str | bytes) -> ast.Module:
    """`ast.parse`, safe beside other threads.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`.
    """
    with _lock:
        return ast.parse(source)


def _forget_lock() -> None:
    """A lock that another thread held when this process was forked would never be released here."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_forget_lock)
