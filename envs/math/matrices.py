"""Exact matrices of rational numbers: arithmetic, elimination, and the strict reader of what a policy writes."""

from collections.abc import Sequence
from fractions import Fraction

from textgym.core import Random
from textgym.envs.math.answer_parts import rational

Vector = list[Fraction]
Matrix = list[Vector]

MAX_CHARS = 4_000

Integers = list[list[int]]


def exact(rows: Sequence[Sequence[int | Fraction]]) -> Matrix:
    """The rows as fractions."""
    return [[Fraction(entry) for entry in row] for row in rows]


def shown(rows: Sequence[Sequence[int | Fraction]]) -> str:
    """A matrix as text that `read_matrix` reads back, such as `[[1, 2], [3/4, 5]]`."""
    return f"[{', '.join(shown_vector(row) for row in rows)}]"


def shown_vector(entries: Sequence[int | Fraction]) -> str:
    """A vector as text that `read_vector` reads back, such as `[1, 3/4]`."""
    return f"[{', '.join(map(str, entries))}]"


def read_matrix(text: str) -> Matrix | None:
    """The matrix written as `[[1, 2], [3/4, 5]]`, its rows equally long; None if the text is none."""
    compact = text.strip()
    if len(compact) > MAX_CHARS or not (compact.startswith("[") and compact.endswith("]")):
        return None
    inner = compact[1:-1].strip()
    if not (inner.startswith("[") and inner.endswith("]")):
        return None
    rows: Matrix = []
    for number, part in enumerate(inner[:-1].split("]")):
        row = part.strip()
        if number:
            if not row.startswith(","):
                return None
            row = row[1:].lstrip()
        if not row.startswith("["):
            return None
        vector = _entries(row[1:])
        if vector is None or (rows and len(vector) != len(rows[0])):
            return None
        rows.append(vector)
    return rows


def read_vector(text: str) -> Vector | None:
    """The vector written as `[1, 3/4]` or `(1, 3/4)`; None if the text is none."""
    compact = text.strip()
    if len(compact) > MAX_CHARS or compact[:1] + compact[-1:] not in ("[]", "()") or len(compact) < 3:
        return None
    return _entries(compact[1:-1])


def _entries(text: str) -> Vector | None:
    entries = [rational(entry) for entry in text.split(",")]
    numbers = [entry for entry in entries if entry is not None]
    return numbers if len(numbers) == len(entries) else None


def draw_matrix(rows: int, columns: int, largest: int, rng: Random) -> Integers:
    """A matrix of whole numbers from `-largest` to `largest`."""
    return [[rng.randint(-largest, largest) for _ in range(columns)] for _ in range(rows)]


def sizes(*matrices: Sequence[Sequence[int]]) -> list[int]:
    """The absolute values of all entries in order of size: what stays when rows, columns and signs change."""
    return sorted(abs(entry) for matrix in matrices for row in matrix for entry in row)


def transposed(matrix: Matrix) -> Matrix:
    """The matrix with rows and columns exchanged."""
    return [list(column) for column in zip(*matrix, strict=True)]


def product(left: Matrix, right: Matrix) -> Matrix:
    """The matrix product."""
    columns = list(zip(*right, strict=True))
    return [[sum((a * b for a, b in zip(row, c, strict=True)), Fraction(0)) for c in columns] for row in left]


def applied(matrix: Matrix, vector: Vector) -> Vector:
    """The product of a matrix and a column."""
    return [sum((a * b for a, b in zip(row, vector, strict=True)), Fraction(0)) for row in matrix]


def identity(size: int) -> Matrix:
    """The identity matrix."""
    return [[Fraction(row == column) for column in range(size)] for row in range(size)]


def determinant(rows: Integers) -> int:
    """The determinant of a square matrix of whole numbers, by fraction-free elimination (Bareiss)."""
    matrix = [list(row) for row in rows]
    sign, last = 1, 1
    for step in range(len(matrix) - 1):
        if matrix[step][step] == 0:
            for below in range(step + 1, len(matrix)):
                if matrix[below][step]:
                    matrix[step], matrix[below] = matrix[below], matrix[step]
                    sign = -sign
                    break
            else:
                return 0
        pivot = matrix[step]
        for row in matrix[step + 1 :]:
            for column in range(step + 1, len(matrix)):
                row[column] = (row[column] * pivot[step] - row[step] * pivot[column]) // last
        last = pivot[step]
    return sign * matrix[-1][-1]


def reduced(matrix: Matrix) -> tuple[Matrix, list[int]]:
    """The reduced row echelon form, and its pivot columns."""
    rows = [list(row) for row in matrix]
    pivots: list[int] = []
    for column in range(len(rows[0]) if rows else 0):
        place = len(pivots)
        found = next((row for row in range(place, len(rows)) if rows[row][column]), None)
        if found is None:
            continue
        rows[place], rows[found] = rows[found], rows[place]
        head = rows[place][column]
        rows[place] = [entry / head for entry in rows[place]]
        for other, row in enumerate(rows):
            if other != place and row[column]:
                factor = row[column]
                rows[other] = [a - factor * b for a, b in zip(row, rows[place], strict=True)]
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    return rows, pivots


def rank(matrix: Matrix) -> int:
    """The rank."""
    return len(reduced(matrix)[1])


def null_space(matrix: Matrix) -> Matrix:
    """A basis of the vectors that the matrix sends to 0, one vector a row; empty if there is only 0."""
    rows, pivots = reduced(matrix)
    width = len(matrix[0])
    basis = []
    for free in range(width):
        if free in pivots:
            continue
        vector = [Fraction(column == free) for column in range(width)]
        for row, pivot in zip(rows, pivots, strict=False):
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def inverse(matrix: Matrix) -> Matrix | None:
    """The inverse of a square matrix; None if it has none."""
    size = len(matrix)
    rows, pivots = reduced([row + unit for row, unit in zip(matrix, identity(size), strict=True)])
    return [row[size:] for row in rows] if pivots == list(range(size)) else None


def solution(matrix: Matrix, right: Vector) -> Vector | None:
    """One solution of a system of linear equations, the free unknowns 0; None if there is none."""
    width = len(matrix[0])
    rows, pivots = reduced([[*row, entry] for row, entry in zip(matrix, right, strict=True)])
    if width in pivots:
        return None
    vector = [Fraction(0)] * width
    for row, pivot in zip(rows, pivots, strict=False):
        vector[pivot] = row[-1]
    return vector


def draw_unimodular(size: int, steps: int, rng: Random) -> tuple[Integers, Integers]:
    """A matrix of whole numbers with determinant 1 or -1, and its inverse, by random row operations on the identity."""
    forth = [[int(row == column) for column in range(size)] for row in range(size)]
    back = [list(row) for row in forth]
    for _ in range(steps):
        one, other = rng.sample(range(size), 2)
        factor = rng.choice([-2, -1, 1, 2])
        forth[one] = [a + factor * b for a, b in zip(forth[one], forth[other], strict=True)]
        for row in back:  # the same operation undone, on the columns
            row[other] -= factor * row[one]
    order = rng.sample(range(size), size)
    return [forth[place] for place in order], [[row[place] for place in order] for row in back]
