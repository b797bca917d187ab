"""Equations, polynomials, inequalities."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/LinearEquation-v0",
        entry_point="textgym.envs.math.algebra.linear_equation:LinearEquation",
        summary="Solve a linear equation in one unknown, with brackets and quotients.",
        domain="math",
        tags=("single-turn", "algebra"),
    ),
    Entry(
        id="textgym/LinearSystem-v0",
        entry_point="textgym.envs.math.algebra.linear_system:LinearSystem",
        summary="Solve a system of linear equations with rational solutions.",
        domain="math",
        tags=("single-turn", "algebra"),
    ),
    Entry(
        id="textgym/QuadraticRoots-v0",
        entry_point="textgym.envs.math.algebra.quadratic_roots:QuadraticRoots",
        summary="Find both solutions of a quadratic equation exactly.",
        domain="math",
        tags=("single-turn", "algebra", "polynomials"),
    ),
    Entry(
        id="textgym/PolynomialDivision-v0",
        entry_point="textgym.envs.math.algebra.polynomial_division:PolynomialDivision",
        summary="Divide one polynomial by another, with remainder.",
        domain="math",
        tags=("single-turn", "algebra", "polynomials"),
    ),
    Entry(
        id="textgym/PolynomialFactor-v0",
        entry_point="textgym.envs.math.algebra.polynomial_factor:PolynomialFactor",
        summary="Write a polynomial as a product of irreducible ones.",
        domain="math",
        tags=("single-turn", "algebra", "polynomials"),
    ),
    Entry(
        id="textgym/RationalSimplify-v0",
        entry_point="textgym.envs.math.algebra.rational_simplify:RationalSimplify",
        summary="Write quotients of polynomials as one quotient in lowest terms.",
        domain="math",
        tags=("single-turn", "algebra", "polynomials"),
    ),
    Entry(
        id="textgym/Inequality-v0",
        entry_point="textgym.envs.math.algebra.inequality:Inequality",
        summary="Find all numbers that solve an inequality, as a union of intervals.",
        domain="math",
        tags=("single-turn", "algebra"),
    ),
    Entry(
        id="textgym/ExponentLaws-v0",
        entry_point="textgym.envs.math.algebra.exponent_laws:ExponentLaws",
        summary="Simplify a product and quotient of powers to one monomial.",
        domain="math",
        tags=("single-turn", "algebra"),
    ),
    Entry(
        id="textgym/PolynomialSystem-v0",
        entry_point="textgym.envs.math.algebra.polynomial_system:PolynomialSystem",
        summary="Find where a line meets a conic.",
        domain="math",
        tags=("single-turn", "algebra", "polynomials"),
    ),
    Entry(
        id="textgym/SymmetricRoots-v0",
        entry_point="textgym.envs.math.algebra.symmetric_roots:SymmetricRoots",
        summary="Evaluate an expression in all roots of a polynomial without finding them.",
        domain="math",
        tags=("single-turn", "algebra", "polynomials"),
    ),
)
