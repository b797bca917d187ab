"""`SingleAnswer` and its settings: what every family of one question and one answer inherits."""

from typing import Any, ClassVar

import pytest

from textgym.core import ConfigError, Random, State, Task
from textgym.envs.math.levels import LevelledConfig
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class DoubleConfig(LevelledConfig):
    """Knobs of Double."""

    largest: int = 100
    smallest: int = 10
    levels: ClassVar[dict[str, dict[str, Any]]] = {"easy": {"largest": 20}, "hard": {"largest": 999, "smallest": 500}}


class Double(SingleAnswer[DoubleConfig]):
    """Double a number.

    Action: the number. Reward: 1 if right. Ends: after the answer.
    """

    answer_form = "one whole number"

    def generate(self, rng: Random) -> Task:
        number = rng.randint(self.config.smallest, self.config.largest)
        return Task(prompt=self.ask(f"Double {number}."), secret={"answer": 2 * number})

    def judge(self, task: Task, answer: str) -> bool:
        if not answer.isascii() or not answer.isdigit():
            raise Unreadable("That is no number.")
        return answer == str(task.secret["answer"])


def answered(action: str) -> tuple[str, float, dict[str, Any]]:
    env = Double()
    live = env.start(env.task("train", 3))
    text, reward, _, _, info = live.step(action)
    return text, reward, info["outcome"]


def right() -> str:
    return str(Double().task("train", 3).secret["answer"])


def test_the_prompt_says_how_to_answer() -> None:
    prompt = Double().task("train", 0).prompt
    assert "one whole number" in prompt
    assert "<answer></answer>" in prompt


def test_the_right_answer_is_paid_wherever_the_reasoning_stands() -> None:
    for action in (f"<answer>{right()}</answer>", f"<think>0?</think>so <answer> {right()}\n</answer>."):
        text, reward, outcome = answered(action)
        assert (text, reward, outcome["status"]) == ("Right.", 1.0, "ok")


def test_a_wrong_answer_is_graded_and_an_unreadable_one_is_a_policy_error() -> None:
    assert answered("<answer>1</answer>")[1:] != answered("<answer>one</answer>")[1:]
    assert answered("<answer>1</answer>")[2]["status"] == "ok"
    text, reward, outcome = answered("<answer>one</answer>")
    assert (reward, outcome["status"]) == (0.0, "policy_error")
    assert text == "That is no number. The answer must be one whole number."


def test_an_answer_outside_the_tags_or_twice_is_not_read() -> None:
    for action in (right(), f"<answer>{right()}</answer>" * 2, "", f"<think><answer>{right()}</answer>"):
        assert answered(action)[1] == 0.0
        assert answered(action)[2]["status"] == "policy_error"


def test_no_cheat_is_paid_and_the_oracle_is() -> None:
    env = Double()
    task = env.task("train", 3)
    assert env.start(task).step(env.oracle(task, State()))[1] == 1.0
    for script in env.cheats(task).values():
        for action in script:
            assert env.start(task).step(action)[1] == 0.0


def test_a_level_chooses_settings_and_given_ones_keep_their_value() -> None:
    assert Double().config.largest == 100
    assert Double(difficulty="easy").config.largest == 20
    assert Double(difficulty="hard").config.smallest == 500
    assert Double(difficulty="hard", smallest=700).config.smallest == 700
    assert Double(difficulty="easy").task_digest != Double(difficulty="hard").task_digest
    assert Double(difficulty="medium").task_digest == Double().task_digest


def test_a_level_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="difficulty"):
        Double(difficulty="brutal")
