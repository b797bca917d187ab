"""Small graders, composed into expressive ones; in Python and in JSON at once.

    from textgym.graders import load, math_equal

    grader = load('{"type": "exact", "reference": "{{ item.answer }}"}')
    grader.grade({"answer": "4"}, "4").value      # 1.0

Importing this package is light: names are imported from their modules when they are first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textgym.graders.base import Grader as Grader
    from textgym.graders.base import Node as Node
    from textgym.graders.base import OnInvalid as OnInvalid
    from textgym.graders.base import settle as settle
    from textgym.graders.catalogue import load as load
    from textgym.graders.code.python import PythonGrader as PythonGrader
    from textgym.graders.code.sql import SqlResult as SqlResult
    from textgym.graders.code.tests import StdioTests as StdioTests
    from textgym.graders.code.tests import UnitTests as UnitTests
    from textgym.graders.errors import GraderSpecError as GraderSpecError
    from textgym.graders.errors import Invalid as Invalid
    from textgym.graders.sample import Item as Item
    from textgym.graders.sample import Sample as Sample

_HOME = {
    "code.python": "PythonGrader",
    "code.sql": "SqlResult",
    "code.tests": "StdioTests UnitTests",
    "base": "Grader Node OnInvalid settle",
    "catalogue": "load",
    "errors": "GraderSpecError Invalid",
    "sample": "Item Sample",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = sorted(_MODULE_OF)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        value = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | _MODULE_OF.keys())
