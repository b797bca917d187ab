"""Re-grading stored episodes."""

import json
import math
from pathlib import Path

import pytest
from sample_episodes import guess_number, oracle, play, wrong

from textgym import GraderError, Score, Task
from textgym.episodes import Episode, regrade
from textgym.graders import Case, RankInGroup, Root
from textgym.graders import grader as as_grader


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


def test_a_grader_of_samples_sees_task_and_last_action(records: list[Episode], tmp_path: Path) -> None:
    right = Case(on="{{ sample.output_text }}", graders={"0": 0.0}, default=1.0)
    scores = [score.value for _, score in regrade(records, right, out=tmp_path / "scores.jsonl")]
    assert scores == [1.0, 0.0, 1.0, 0.0]
    lines = [json.loads(line) for line in (tmp_path / "scores.jsonl").read_text().splitlines()]
    assert {line["grader"] for line in lines} == {right.digest}
    list(regrade(records, last_word_is_right, out=tmp_path / "scores.jsonl"))
    assert json.loads((tmp_path / "scores.jsonl").read_text().splitlines()[0])["grader"] is None


@as_grader(bounds=(0, 20))
def seen(item, sample):
    """Checks what it is given, and gives the secret."""
    assert item["task_id"].startswith("textgym/GuessNumber-v0")
    assert sample.messages[0]["content"].startswith(item["prompt"])
    roles = [message["role"] for message in sample.messages]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
    return item["number"]


def test_the_item_holds_prompt_data_and_secret_and_the_sample_the_conversation(records: list[Episode]) -> None:
    expected = [score.value for _, score in regrade(records, lambda episode, task: task.secret["number"])]
    assert [score.value for _, score in regrade(records, seen)] == expected


def test_a_grader_that_fails_gives_its_status_and_not_a_zero(records: list[Episode]) -> None:
    failing = Case(on="{{ item.nothing }}", graders={"x": 1.0})
    assert {score.status for _, score in regrade(records, failing)} == {"error"}
    assert {score.value for _, score in regrade(records, Root(grader=failing, on_invalid="zero"))} == {0.0}


def test_graders_of_groups_compare_siblings(records: list[Episode]) -> None:
    ranks = RankInGroup(grader=Case(on="{{ sample.output_text }}", graders={"0": 0.0}, default=1.0))
    assert [score.value for _, score in regrade(records, ranks)] == [0.75, 0.25, 0.75, 0.25]
