"""Environments: matrices, determinants, and rows after a brace."""

from textgym.graders.math.expressions import Expressions
from textgym.graders.math.tree import Interval, Matrix, Node, NotMath, Relation, Sequence, Word

_MATRICES = frozenset(
    ["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "cases"]
)
_CONDITIONS = frozenset(["if", "for", "when", "where"])
"""Words before the condition of a row after a brace."""


class Matrices(Expressions):
    """Reads environments; their entries are left to the class that knows lists."""

    def items(self) -> Node:
        """Things with commas, semicolons or words between them, or one thing."""
        raise NotImplementedError

    def environment(self) -> Node:
        """A matrix or the like, after its `begin`; equations after a brace are a list of them."""
        name = self._environment_name()
        if name not in _MATRICES:
            raise NotMath(f"the environment {name!r} is not read")
        if name == "array" and self.at("{"):
            while not self.accept("}"):
                if self.take().kind == "end":
                    raise NotMath("a brace is not closed")
        rows: list[tuple[Node, ...]] = []
        while not self.at_command("end"):
            if self.at_command("newrow", "hline"):
                self.place += 1
                continue
            row = [self.items()]
            while self.accept("&"):
                if name == "cases" and self.token.kind in ("word", "text") and self.token.text in _CONDITIONS:
                    self.place += 1
                row.append(self.items())
            rows.append(tuple(row))
            if not self.at_command("newrow", "end"):
                raise NotMath("a matrix is not closed")
        self.place += 1
        if self._environment_name() != name or not rows or (len({len(row) for row in rows}) > 1 and name != "cases"):
            raise NotMath("a matrix whose rows do not fit")
        if name in ("vmatrix", "Vmatrix"):
            return Matrix(tuple(rows), "det")
        if name != "cases":
            return Matrix(tuple(rows))
        width = max(map(len, rows))
        return system(rows) or Matrix(tuple((*row, *[Word("")] * (width - len(row))) for row in rows), "cases")

    def _environment_name(self) -> str:
        self.expect("{")
        name = self.take().text
        self.accept("*")
        self.expect("}")
        return name


def system(rows: list[tuple[Node, ...]] | tuple[tuple[Node, ...], ...]) -> Node | None:
    """Equations or inequalities one below the other, which all hold; None where the rows are something else."""
    if not all(len(row) == 1 and isinstance(row[0], Relation) for row in rows):
        return None
    return Sequence("list", tuple(row[0] for row in rows), "and") if len(rows) > 1 else rows[0][0]


def rows_of(found: list[Node]) -> tuple[tuple[Node, ...], ...] | None:
    """The rows of a matrix that is written as a list of lists, such as [[1, 2], [3, 4]]."""
    rows: list[tuple[Node, ...]] = []
    for item in found:
        if isinstance(item, Interval) and item.low_in and item.high_in:
            rows.append((item.low, item.high))
        elif isinstance(item, Sequence) and item.kind == "square":
            rows.append(item.items)
        else:
            return None
    return tuple(rows) if len({len(row) for row in rows}) == 1 else None
