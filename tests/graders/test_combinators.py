"""What each combinator makes of its parts' values, and of their bounds."""

import pytest
from sample_graders import Given, nodes

from textgym.graders import (
    Affine,
    Case,
    Clip,
    Constant,
    FirstValid,
    Gate,
    GeometricMean,
    Grader,
    Invert,
    KOfN,
    Max,
    Median,
    Min,
    Not,
    Penalty,
    Power,
    Product,
    Quantile,
    Sigmoid,
    Sum,
    Threshold,
    TrimmedMean,
    WeightedMean,
    load,
)

A, B, C, D = (Given(key=name) for name in "abcd")
WIDE = Given(key="a", low=-1, high=2)
ABCD = (A, B, C, D)
ITEM = {"a": 0.2, "b": 0.5, "c": 0.5, "d": 1.0}

VALUES: list[tuple[Grader, float, tuple[float, float]]] = [
    (Sum(graders=(A, B)), 0.7, (0, 2)),
    (Sum(graders=(A, D), weights=(-1, 0.5), bias=0.25), 0.55, (-0.75, 0.75)),
    (WeightedMean(graders=ABCD), 0.55, (0, 1)),
    (WeightedMean(graders=(A, D), weights=(3, 1)), 0.4, (0, 1)),
    (WeightedMean(graders=(WIDE, Constant(value=1)), weights=(1, 1)), 0.6, (0, 1.5)),
    (Product(graders=(A, B)), 0.1, (0, 1)),
    (Product(graders=(WIDE, Constant(value=-2))), -0.4, (-4, 2)),
    (Product(graders=(WIDE, WIDE)), 0.04, (-2, 4)),
    (GeometricMean(graders=(A, Constant(value=0.8))), 0.4, (0, 0.8**0.5)),
    (GeometricMean(graders=(B, D), weights=(1, 3)), 0.5**0.25, (0, 1)),
    (GeometricMean(graders=(Constant(value=0), D)), 0.0, (0, 0)),
    (Min(graders=ABCD), 0.2, (0, 1)),
    (Min(graders=(A, Constant(value=0.1))), 0.1, (0, 0.1)),
    (Max(graders=ABCD), 1.0, (0, 1)),
    (Max(graders=(WIDE, Constant(value=0.6))), 0.6, (0.6, 2)),
    (Median(graders=(A, B, D)), 0.5, (0, 1)),
    (Median(graders=(A, B, C, D)), 0.5, (0, 1)),
    (Median(graders=(A, D)), 0.6, (0, 1)),
    (TrimmedMean(graders=ABCD, trim=0.25), 0.5, (0, 1)),
    (TrimmedMean(graders=ABCD, trim=0.24), 0.55, (0, 1)),
    (Quantile(graders=(A, B, D), q=0.5), 0.5, (0, 1)),
    (Quantile(graders=(A, B, D), q=0.25), 0.35, (0, 1)),
    (Quantile(graders=(A, B, D), q=1), 1.0, (0, 1)),
    (KOfN(graders=ABCD, k=3), 1.0, (0, 1)),
    (KOfN(graders=ABCD, k=3, at_least=0.6), 0.0, (0, 1)),
    (KOfN(graders=(A, D), k=2, at_least=-1), 1.0, (1, 1)),
    (KOfN(graders=(A, D), k=1, at_least=1.5), 0.0, (0, 0)),
    (Not(grader=A), 0.8, (0, 1)),
    (Not(grader=WIDE), 0.8, (-1, 2)),
    (Invert(grader=WIDE), 0.8, (-1, 2)),
    (Invert(grader=WIDE, total=3), 2.8, (1, 4)),
    (Threshold(grader=B), 1.0, (0, 1)),
    (Threshold(grader=B, at_least=0.51), 0.0, (0, 1)),
    (Threshold(grader=B, at_least=-1), 1.0, (1, 1)),
    (Threshold(grader=0.1 * D + 0.7 * D, at_least=0.8), 1.0, (0, 1)),
    (Affine(grader=A, scale=-2, offset=1), 0.6, (-1, 1)),
    (Clip(grader=WIDE, low=0.3, high=0.9), 0.3, (0.3, 0.9)),
    (Power(grader=A, exponent=2), 0.04, (0, 1)),
    (Power(grader=Constant(value=4), exponent=0.5), 2.0, (2, 2)),
    (Sigmoid(grader=B), 0.5, (0.006692850924284857, 0.9933071490757153)),
    (Sigmoid(grader=B, midpoint=0, steepness=-1e9), 0.0, (0, 0.5)),
    (Penalty(base=D, penalty=A, weight=0.5), 0.9, (0, 1)),
    (Penalty(base=A, penalty=D, floor=-0.5), -0.5, (-0.5, 1)),
    (Gate(condition=B, then=A), 0.2, (0, 1)),
    (Gate(condition=A, then=B, else_=-1), -1.0, (-1, 1)),
    (Gate(condition=A, at_least=0.2, then=B, else_=-1), 0.5, (-1, 1)),
    (Gate(condition=A, at_least=0, then=B, else_=-1), 0.5, (0, 1)),
    (Gate(condition=A, at_least=2, then=B, else_=-1), -1.0, (-1, -1)),
    (Case(on="{{ item.a }}", graders={"0.2": B, "x": Constant(value=3)}), 0.5, (0, 3)),
    (Case(on="{{ sample.output_text }}", graders={"x": B}, default=-1), -1.0, (-1, 1)),
    (FirstValid(graders=(A, Constant(value=2))), 0.2, (0, 2)),
]


@pytest.mark.parametrize(
    ("tree", "value", "bounds"), VALUES, ids=[f"{n}-{row[0].type}" for n, row in enumerate(VALUES)]
)
def test_value_and_bounds(tree: Grader, value: float, bounds: tuple[float, float]) -> None:
    score = tree.grade(ITEM, "text")
    assert score.status == "ok"
    assert score.value == pytest.approx(value, abs=1e-9)
    assert tree.bounds == pytest.approx(bounds)
    assert score.children
    assert all(node.op for node in nodes(score) if node.children)


def test_linear_combinators_show_the_weights_that_make_the_value() -> None:
    linear = [tree for tree, _, _ in VALUES if tree.type in ("sum", "weighted_mean", "affine", "not", "invert")]
    offset = {"sum": lambda t: t.bias, "affine": lambda t: t.offset, "invert": lambda t: t.total}
    for tree in linear:
        score = tree.grade(ITEM, "text")
        rest = offset.get(tree.type, lambda t: sum(t.bounds) if t.type == "not" else 0.0)(tree)
        made = sum(child.weight * child.value for child in score.children)
        assert made + rest == pytest.approx(score.value)


WRONG = [
    ('{"type": "sum", "graders": []}', "sum.graders"),
    ('{"type": "sum", "graders": [1, 2], "weights": [1]}', "1 weights for 2 graders"),
    ('{"type": "weighted_mean", "graders": [1, 2], "weights": [1, -1]}', "none below"),
    ('{"type": "weighted_mean", "graders": [1, 2], "weights": [0, 0]}', "above 0"),
    ('{"type": "geometric", "graders": [{"type": "constant", "value": -1, "name": "minus"}]}', "minus can be negative"),
    ('{"type": "geometric", "graders": [1], "weights": [0]}', "above 0"),
    ('{"type": "trimmed_mean", "graders": [1], "trim": 0.5}', "trim"),
    ('{"type": "quantile", "graders": [1]}', "quantile.q: Field required"),
    ('{"type": "quantile", "graders": [1], "q": 1.1}', "quantile.q"),
    ('{"type": "k_of_n", "graders": [1, 1], "k": 3}', "3 of 2 graders"),
    ('{"type": "clip", "grader": 1, "low": 1, "high": 0}', "low"),
    ('{"type": "power", "grader": -1, "exponent": 2}', "can be negative"),
    ('{"type": "power", "grader": 9, "exponent": 1000}', "finite"),
    ('{"type": "affine", "grader": 1e300, "scale": 1e300}', "finite"),
    ('{"type": "affine", "grader": 1, "scale": 1e999}', "scale"),
    ('{"type": "penalty", "base": 1, "penalty": -1}', "add it to the base"),
    ('{"type": "gate", "condition": 1}', "gate.then"),
    ('{"type": "gate", "condition": 1, "then": 1, "else": 0}', "did you mean 'else_'"),
    ('{"type": "case", "on": "{{ item.kind", "graders": {"a": 1}}', "not closed"),
    ('{"type": "case", "on": "{{ kind }}", "graders": {"a": 1}}', "begins with item or sample"),
    ('{"type": "case", "on": "{{ sample.text }}", "graders": {"a": 1}}', "no such field"),
    ('{"type": "budget", "grader": 1}', "usd, tokens or calls"),
    ('{"type": "timeout", "grader": 1, "seconds": 0}', "timeout.seconds"),
    ('{"type": "root", "grader": {"type": "root", "grader": 1}}', "root"),
    ('{"type": "min", "graders": [1, {"type": "root", "grader": 1}]}', "cannot be a part"),
]


@pytest.mark.parametrize(("text", "named"), WRONG)
def test_settings_that_make_no_sense_are_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=named) as refusal:
        load(text)
    assert "\n" not in str(refusal.value)
