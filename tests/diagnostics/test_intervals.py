"""Intervals of mean rewards, against published values and their defining properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.diagnostics.intervals import Z95, mean_reward, wilson


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(hits: int, trials: int, low: float, high: float) -> None:
    assert wilson(hits, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_wilson_solves_its_equation_and_contains_the_share(case: tuple[int, int]) -> None:
    hits, trials = case
    share = hits / trials
    for end in wilson(hits, trials):
        assert 0 <= end <= 1
        if 0 < end < 1:
            assert (share - end) ** 2 == pytest.approx(Z95**2 * end * (1 - end) / trials)
    assert wilson(hits, trials)[0] <= share <= wilson(hits, trials)[1]


def test_other_rewards_get_the_normal_interval() -> None:
    found = mean_reward([0.25, 0.75] * 50)
    assert found.mean == 0.5
    assert found.high - found.mean == pytest.approx(Z95 * (6.25 / 99) ** 0.5 / 10)
    with pytest.raises(ValueError, match="no rewards"):
        mean_reward([])
