"""Matrices and vectors, exact."""

from textgym.registry import Entry

_PACKAGE = "textgym.envs.math.linear_algebra"

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/Determinant-v0",
        entry_point=f"{_PACKAGE}.determinant:Determinant",
        summary="Find the determinant of a matrix.",
        domain="math",
        tags=("single-turn", "linear-algebra"),
    ),
    Entry(
        id="textgym/MatrixProduct-v0",
        entry_point=f"{_PACKAGE}.matrix_product:MatrixProduct",
        summary="Multiply matrices of whole numbers.",
        domain="math",
        tags=("single-turn", "linear-algebra"),
    ),
    Entry(
        id="textgym/MatrixInverse-v0",
        entry_point=f"{_PACKAGE}.matrix_inverse:MatrixInverse",
        summary="Invert a matrix exactly.",
        domain="math",
        tags=("single-turn", "linear-algebra"),
    ),
    Entry(
        id="textgym/LinearSolve-v0",
        entry_point=f"{_PACKAGE}.linear_solve:LinearSolve",
        summary="Solve a system of linear equations, or prove that it has no solution.",
        domain="math",
        tags=("single-turn", "linear-algebra", "certificate"),
    ),
    Entry(
        id="textgym/Eigenvalues-v0",
        entry_point=f"{_PACKAGE}.eigenvalues:Eigenvalues",
        summary="Find all eigenvalues of a matrix, with their multiplicities.",
        domain="math",
        tags=("single-turn", "linear-algebra"),
    ),
    Entry(
        id="textgym/RankNullity-v0",
        entry_point=f"{_PACKAGE}.rank_nullity:RankNullity",
        summary="Find the rank of a matrix and a basis of its null space.",
        domain="math",
        tags=("single-turn", "linear-algebra", "certificate"),
    ),
    Entry(
        id="textgym/LeastSquares-v0",
        entry_point=f"{_PACKAGE}.least_squares:LeastSquares",
        summary="Fit a polynomial to points by least squares, exactly.",
        domain="math",
        tags=("single-turn", "linear-algebra"),
    ),
)
