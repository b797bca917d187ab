"""Derivatives, integrals, limits and series, checked symbolically and numerically."""

from textgym.registry import Entry

_PACKAGE = "textgym.envs.math.calculus"

ENVIRONMENTS: tuple[Entry, ...] = (
    Entry(
        id="textgym/Derivative-v0",
        entry_point=f"{_PACKAGE}.derivative:Derivative",
        summary="Differentiate a formula.",
        domain="math",
        tags=("single-turn", "calculus"),
    ),
    Entry(
        id="textgym/Antiderivative-v0",
        entry_point=f"{_PACKAGE}.antiderivative:Antiderivative",
        summary="Find an antiderivative of a function.",
        domain="math",
        tags=("single-turn", "calculus"),
    ),
    Entry(
        id="textgym/DefiniteIntegral-v0",
        entry_point=f"{_PACKAGE}.definite_integral:DefiniteIntegral",
        summary="Find the exact value of a definite integral.",
        domain="math",
        tags=("single-turn", "calculus"),
    ),
    Entry(
        id="textgym/Limit-v0",
        entry_point=f"{_PACKAGE}.limit:Limit",
        summary="Find the exact limit of a formula at a point or at infinity.",
        domain="math",
        tags=("single-turn", "calculus"),
    ),
    Entry(
        id="textgym/TaylorCoefficient-v0",
        entry_point=f"{_PACKAGE}.taylor_coefficient:TaylorCoefficient",
        summary="Find a coefficient of the Taylor series of a formula at 0.",
        domain="math",
        tags=("single-turn", "calculus", "series"),
    ),
    Entry(
        id="textgym/SeriesSum-v0",
        entry_point=f"{_PACKAGE}.series_sum:SeriesSum",
        summary="Find the exact sum of an infinite series, or see that it has none.",
        domain="math",
        tags=("single-turn", "calculus", "series"),
    ),
)
