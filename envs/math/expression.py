"""Arithmetic expressions as trees, and how they are written; `exact` reads what `written` writes."""

from dataclasses import dataclass

_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}
_ATOM = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number of at least 0."""

    value: int


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign in front of an expression."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions joined by one of `+ - * /`."""

    operator: str
    left: "Expression"
    right: "Expression"


Expression = Number | Negative | Binary


def written(tree: Expression) -> str:
    """The expression as text, with the parentheses that the shape of the tree needs and no others.

    What stands to the right of an operator of the same rank is put in parentheses also where leaving them out would not
    change the value: `a + (b + c)` is another shape than `a + b + c`.
    """
    return _write(tree)[0]


def _write(tree: Expression) -> tuple[str, int]:
    """The text, and how tightly its outermost operator binds; 0 for a minus sign in front."""
    if isinstance(tree, Number):
        return str(tree.value), _ATOM
    if isinstance(tree, Negative):
        text, binds = _write(tree.of)
        return f"-{text}" if binds == _ATOM else f"-({text})", 0
    binds = _BINDS[tree.operator]
    left, left_binds = _write(tree.left)
    right, right_binds = _write(tree.right)
    if left_binds < binds:
        left = f"({left})"
    if right_binds <= binds:
        right = f"({right})"
    return f"{left} {tree.operator} {right}", binds
