"""The package's tree on disk: texts, replacements in them, and the code objects of their functions."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import types
from typing import Any, NamedTuple

HOME = os.getcwd()
REPO = os.path.join(HOME, "repo")
_FUNCTION = 0x0001 | 0x0002  # CO_OPTIMIZED and CO_NEWLOCALS: a class body has neither


class Labelled(NamedTuple):
    """A function's code object, its name in the module (the second of a name is `name#2`), and the names around it."""

    label: str
    line: int
    code: types.CodeType
    around: tuple[str, ...]


def text_of(path: str) -> str:
    """The text of a file of the tree, line ends as they are."""
    with open(os.path.join(REPO, path), encoding="utf-8", newline="") as file:
        return file.read()


def spliced(text: str, splices: list[Any]) -> str:
    """The text after replacements `[start, end, replacement]`, the last one first."""
    for start, end, replacement in sorted(splices, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def code_of(text: str, path: str) -> types.CodeType:
    """The code of a module, as an import of the file at this place would compile it."""
    return compile(text, os.path.join(REPO, path), "exec", dont_inherit=True)


def labelled(module: types.CodeType) -> list[Labelled]:
    """Every function below a module, from outside in, in the order of the text."""
    found: list[Labelled] = []
    _collect(module, "", (), found, {})
    return found


def _collect(
    code: types.CodeType, prefix: str, around: tuple[str, ...], found: list[Labelled], seen: dict[str, int]
) -> None:
    for constant in code.co_consts:
        if not isinstance(constant, types.CodeType) or constant.co_name.startswith("<"):
            continue
        name = prefix + constant.co_name
        if constant.co_flags & _FUNCTION == _FUNCTION:
            seen[name] = seen.get(name, 0) + 1
            label = name if seen[name] == 1 else f"{name}#{seen[name]}"
            found.append(Labelled(label, constant.co_firstlineno, constant, around))
            _collect(constant, f"{name}.<locals>.", (*around, label), found, seen)
        else:
            _collect(constant, f"{name}.", around, found, seen)


@contextlib.contextmanager
def changed(changes: dict[str, list[Any]]) -> Any:
    """Have the files of the tree changed for a while."""
    originals: dict[str, bytes] = {}
    for path, splices in changes.items():
        full = os.path.join(REPO, path)
        with open(full, "rb") as original:
            originals[full] = original.read()
        text = spliced(text_of(path), splices)
        _forget(full)
        with open(full, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    try:
        yield
    finally:
        for full, data in originals.items():
            _forget(full)
            with open(full, "wb") as whole:
                whole.write(data)


def _forget(path: str) -> None:
    """Remove what was compiled of a file: its time stamp may not tell the old text from the new."""
    with contextlib.suppress(OSError):
        os.unlink(importlib.util.cache_from_source(path))
