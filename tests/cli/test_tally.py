"""The sums of a run."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.cli.screen import console
from textgym.cli.tally import ClusteredMean, Tally, summary_table
from textgym.core import Outcome, Score, Status, StopReason
from textgym.episodes import Episode, TurnRecord

REWARDS = st.lists(st.floats(0, 1), min_size=2, max_size=30)


def episode(reward, group=0, sibling=0, error=None):
    masked = reward is None
    return Episode(
        episode_id=f"{group}-{sibling}",
        env_id="test/Env-v0",
        config={},
        task_id=f"test/Env-v0/train/{group}",
        seed=group,
        group=group,
        sibling=sibling,
        observation="?",
        turns=[TurnRecord("a", "b", reward or 0.0)],
        reward=reward,
        outcome=Outcome(
            status=Status.INFRA_ERROR if masked else Status.OK,
            stop_reason=StopReason.INFRA_ERROR if masked else StopReason.COMPLETED,
            success=reward == 1.0,
            score=Score(status="error") if masked else Score(value=reward),
            error=error,
        ),
    )


@given(REWARDS)
def test_with_groups_of_one_the_interval_is_the_usual_one(rewards):
    sums = ClusteredMean()
    for reward in rewards:
        sums.add(1, reward)
    low, high = sums.interval()
    half = 1.959963984540054 * statistics.stdev(rewards) / math.sqrt(len(rewards))
    assert (low + high) / 2 == pytest.approx(statistics.fmean(rewards), abs=1e-9)
    assert (high - low) / 2 == pytest.approx(half, abs=1e-6)


@given(st.lists(REWARDS, min_size=2, max_size=8))
def test_groups_are_clusters(groups):
    sums = ClusteredMean()
    for group in groups:
        sums.add(len(group), sum(group))
    n = sum(map(len, groups))
    mean = sum(map(sum, groups)) / n
    residuals = sum((sum(group) - mean * len(group)) ** 2 for group in groups)
    half = 1.959963984540054 * math.sqrt(len(groups) / (len(groups) - 1) * residuals) / n
    low, high = sums.interval()
    assert (high - low) / 2 == pytest.approx(half, abs=1e-6)


def test_siblings_that_always_agree_make_the_interval_no_narrower():
    alone, together = Tally(1), Tally(4)
    for group in range(20):
        alone.add(episode(group % 3 / 2, group))
        for sibling in range(4):
            together.add(episode(group % 3 / 2, group, sibling))
    assert together.as_json()["reward"]["interval"] == pytest.approx(alone.as_json()["reward"]["interval"])


def test_an_episode_without_a_reward_is_left_out_of_the_mean():
    tally = Tally(1)
    tally.add(episode(1.0, 0))
    tally.add(episode(None, 1, error="sandbox lost"))
    report = tally.as_json()
    assert report["reward"]["mean"] == 1.0
    assert report["without_reward"] == 1
    assert report["statuses"] == {"ok": 1, "infra_error": 1}
    assert report["errors"] == {"sandbox lost": 1}


@pytest.mark.parametrize(
    ("rewards", "line"),
    [
        ([1.0, 0.5, 1.0, 0.0], "2 of 4, 50.0%  (95 % interval 15.0% to 85.0%)"),
        ([1.0, None, 0.0], "1 of 2 with a reward, 50.0%  (95 % interval 9.5% to 90.5%)"),
        ([None], "none: no episode has a reward"),
        ([], "none: no episode has a reward"),
    ],
)
def test_the_table_counts_what_was_solved(rewards, line, capsys):
    tally = Tally(1)
    for group, reward in enumerate(rewards):
        tally.add(episode(reward, group))
    console().print(summary_table(tally.as_json()))
    (shown,) = (row for row in capsys.readouterr().out.splitlines() if row.startswith("solved"))
    assert shown.removeprefix("solved").strip() == line


def test_the_interval_of_a_perfect_run_still_has_a_width():
    tally = Tally(1)
    for group in range(10):
        tally.add(episode(1.0, group))
    low, high = tally.as_json()["success"]["interval"]
    assert low < 0.9
    assert high == 1.0


def test_groups_that_are_not_complete_count_all_the_same():
    tally = Tally(4)
    tally.add(episode(1.0, 0, 0))
    tally.add(episode(0.0, 1, 0))
    assert tally.as_json()["reward"]["mean"] == 0.5


def test_nothing_is_a_report_too():
    report = Tally(1).as_json()
    assert report["reward"] == {"mean": None, "interval": None}
    assert report["turns_per_episode"] is None
