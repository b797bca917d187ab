"""Matrices, columns and rows after a brace, compared entry by entry."""

from collections.abc import Sequence as Items
from typing import TYPE_CHECKING

from textgym.graders.math.tree import Matrix, Node, Sequence

if TYPE_CHECKING:
    from textgym.graders.math.comparison import Comparison

_Rows = tuple[tuple[Node, ...], ...]


def same_matrix(comparison: "Comparison", a: Node, b: Node) -> bool:
    """Whether a matrix is another one, or the tuple or the value that it is written for."""
    if isinstance(a, Matrix) and isinstance(b, Matrix):
        if a.kind != b.kind or [len(row) for row in a.rows] != [len(row) for row in b.rows]:
            return False
        if a.kind == "cases":
            return _same_cases(comparison, a.rows, b.rows)
        return all(_same_row(comparison, row, other) for row, other in zip(a.rows, b.rows, strict=True))
    matrix, other = (a, b) if isinstance(a, Matrix) else (b, a)
    assert isinstance(matrix, Matrix)
    if matrix.kind == "matrix" and len(matrix.rows) == len(matrix.rows[0]) == 1:
        return comparison.same(matrix.rows[0][0], other)
    if not isinstance(other, Sequence) or other.kind not in ("tuple", "square"):
        return False
    if all(len(row) == 1 for row in matrix.rows):
        return _same_row(comparison, [row[0] for row in matrix.rows], other.items)
    return len(matrix.rows) == 1 and _same_row(comparison, matrix.rows[0], other.items)


def _same_row(comparison: "Comparison", a: Items[Node], b: Items[Node]) -> bool:
    return len(a) == len(b) and all(comparison.answers(x, y) for x, y in zip(a, b, strict=True))


def _same_cases(comparison: "Comparison", a: _Rows, b: _Rows) -> bool:
    """Rows with their conditions, in any order."""
    left = list(b)
    for row in a:
        for place, other in enumerate(left):
            if _same_row(comparison, row, other):
                del left[place]
                break
        else:
            return False
    return True
