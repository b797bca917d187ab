"""Which class stands for which `type`."""

from typing import TYPE_CHECKING

from textgym.graders.errors import GraderSpecError

if TYPE_CHECKING:
    from textgym.graders.base import Grader

TYPES: dict[str, "type[Grader]"] = {}
"""The classes of graders that have been imported, by type."""


def register(kind: str, cls: "type[Grader]") -> None:
    """Note the class of a type; called when the class is made.

    Raises:
        GraderSpecError: another class has the type already.
    """
    known = TYPES.get(kind)
    if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
        raise GraderSpecError(f"there is a grader type {kind!r} already, {known.__module__}.{known.__qualname__}")
    TYPES[kind] = cls
