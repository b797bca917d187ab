"""Re-grading stored episodes."""

import json
import math
from pathlib import Path

import pytest
from sample_episodes import guess_number, oracle, play, wrong

from textgym import GraderError, Score, Task
from textgym.episodes import Episode, regrade


def last_word_is_right(episode: Episode, task: Task) -> float:
    return float(episode.turns[-1].action == str(task.secret["number"]))


@pytest.fixture
def records() -> list[Episode]:
    env = guess_number(high=20)
    return [play(env, seed, policy) for seed in range(2) for policy in (oracle, wrong)]


def test_a_grader_is_given_the_task_with_its_secret(records: list[Episode]) -> None:
    before = [record.as_json() for record in records]
    scores = [score for _, score in regrade(records, last_word_is_right)]
    assert scores == [Score(value=1.0), Score(value=0.0)] * 2
    assert [record.as_json() for record in records] == before


def test_a_score_tree_is_passed_on(records: list[Episode]) -> None:
    tree = Score(name="all", value=0.5, children=(Score(name="part", value=0.5),))
    assert [score for _, score in regrade(records, lambda episode, task: tree)] == [tree] * 4


def test_a_grader_that_fails_gives_no_value(records: list[Episode]) -> None:
    def gone(episode: Episode, task: Task) -> float:
        raise GraderError("the judge is gone")

    for grader, reason in ((gone, "the judge is gone"), (lambda episode, task: math.nan, "nan")):
        for _, score in regrade(records, grader):
            assert (score.value, score.status) == (None, "error")
            assert reason in score.reason


def test_a_bug_in_a_grader_is_not_hidden(records: list[Episode]) -> None:
    with pytest.raises(ZeroDivisionError):
        list(regrade(records, lambda episode, task: 1 / 0))


def test_scores_are_written_when_asked(records: list[Episode], tmp_path: Path) -> None:
    pairs = list(regrade(records, last_word_is_right, out=tmp_path / "scores.jsonl"))
    lines = [json.loads(line) for line in (tmp_path / "scores.jsonl").read_text().splitlines()]
    assert [line["episode_id"] for line in lines] == [record.episode_id for record in records]
    assert [Score.model_validate(line["score"]) for line in lines] == [score for _, score in pairs]
    assert [line["reward"] for line in lines] == [1.0, 0.0, 1.0, 0.0]
