"""Measures of agreement against published values, and against what must hold for any data."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.core.randomness import Random, derive_key
from textgym.graders.judges.agreement import (
    accuracy,
    bootstrap_intervals,
    calibration_error,
    cohen_kappa,
    isotonic,
    krippendorff_alpha,
)

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), the example with four observers and missing data.
_ = None
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]


def test_published_alphas():
    units = list(zip(*OBSERVERS, strict=True))
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(units, "interval") == pytest.approx(0.849, abs=5e-4)


def test_published_kappa():
    one = ["yes"] * 25 + ["no"] * 25
    other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(one, other) == pytest.approx(0.4)
    assert accuracy(one, other) == pytest.approx(0.7)


def test_what_is_not_defined_is_none():
    assert accuracy([], []) is None
    assert cohen_kappa([1, 1], [1, 1]) is None
    assert krippendorff_alpha([(1, 1), (1, 1)]) is None
    assert krippendorff_alpha([(1, None), (2,), ()]) is None
    assert calibration_error([], []) is None


def test_lengths_must_agree():
    for measure in (accuracy, cohen_kappa, calibration_error, isotonic):
        with pytest.raises(ValueError, match="cannot be compared"):
            measure([1.0], [])


verdicts = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=50)


@given(verdicts)
def test_agreement_does_not_depend_on_who_is_first_and_is_one_for_equals(pairs):
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    assert cohen_kappa(one, other) == cohen_kappa(other, one)
    assert krippendorff_alpha(pairs) == pytest.approx(krippendorff_alpha([(b, a) for a, b in pairs]))
    if len(set(one)) == 2:
        assert cohen_kappa(one, one) == pytest.approx(1.0)
        assert krippendorff_alpha([(a, a) for a in one], "interval") == pytest.approx(1.0)
    kappa = cohen_kappa(one, other)
    assert kappa is None or -1.0 - 1e-9 <= kappa <= 1.0 + 1e-9


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=20), st.floats(-1e6, 1e6))
def test_distances_do_not_depend_on_where_zero_is(pairs, offset):
    whole = krippendorff_alpha([(round(a, 2), round(b, 2)) for a, b in pairs], "interval")
    moved = krippendorff_alpha([(round(a, 2) + offset, round(b, 2) + offset) for a, b in pairs], "interval")
    assert (whole is None) == (moved is None)
    assert whole is None or moved == pytest.approx(whole, abs=1e-4)


def test_calibration_is_the_distance_from_what_happened():
    assert calibration_error([1.0, 1.0, 0.0], [1, 1, 0]) == 0.0
    assert calibration_error([0.8] * 10, [1, 0] * 5) == pytest.approx(0.3)
    assert calibration_error([0.9] * 50 + [0.1] * 50, [0] * 50 + [1] * 50) == pytest.approx(0.9)


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(0, 1)), min_size=1, max_size=60),
    st.randoms(),
)
def test_calibration_does_not_depend_on_the_order_of_the_data(pairs, shuffler):
    shuffled = list(pairs)
    shuffler.shuffle(shuffled)
    first = calibration_error(*zip(*pairs, strict=True))
    assert calibration_error(*zip(*shuffled, strict=True)) == pytest.approx(first)
    assert 0.0 <= first <= 1.0


def test_an_honest_judge_is_nearly_calibrated_and_a_sure_one_is_not():
    rng = Random(derive_key("calibration"))
    probabilities = [rng.random() for _ in range(3_000)]
    outcomes = [float(rng.random() < probability) for probability in probabilities]
    assert calibration_error(probabilities, outcomes) < 0.05
    sure = [float(probability > 0.5) for probability in probabilities]
    assert calibration_error(sure, outcomes) == pytest.approx(0.25, abs=0.03)


def test_bootstrap_intervals_are_about_as_wide_as_they_should_be_and_reproducible():
    rows = [1.0] * 80 + [0.0] * 20
    mean = {"mean": lambda drawn: math.fsum(drawn) / len(drawn)}
    first = bootstrap_intervals(rows, mean, resamples=600)
    assert first == bootstrap_intervals(rows, mean, resamples=600)
    assert first != bootstrap_intervals(rows, mean, resamples=600, seed=1)
    low, high = first["mean"]
    assert (low, high) == (pytest.approx(0.72, abs=0.02), pytest.approx(0.88, abs=0.02))


def test_a_statistic_that_is_seldom_defined_has_no_interval():
    rows = [1.0] + [0.0] * 50
    found = bootstrap_intervals(rows, {"x": lambda drawn: None if max(drawn) < 1 or len(set(drawn)) < 3 else 1.0})
    assert found == {"x": None}
    assert bootstrap_intervals([], {"x": len}) == {"x": None}
