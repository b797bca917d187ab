"""`SingleAnswer` and its settings: what every family of one question and one answer inherits, and keeps to."""

from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgym
from support.families import reward_of
from textgym.actions.answers import committed
from textgym.core import SPLITS, ConfigError, Random, State, Task, TextEnv
from textgym.diagnostics import check
from textgym.envs.math import algebra, number_theory, sequences, word_problems
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


FAMILIES = [entry.id for page in (number_theory, algebra, sequences, word_problems) for entry in page.ENVIRONMENTS]
EVERY_FAMILY = pytest.mark.parametrize("env_id", FAMILIES)
EVERY_LEVEL = pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
MADE: dict[str, TextEnv[Any, Any]] = {}
HOSTILE = {
    "nothing": "",
    "brackets": "(" * 50_000 + "1" + ")" * 50_000,
    "signs": "-" * 90_000 + "1",
    "a long number": "9" * 90_000,
    "a tower": "9^9^9^9^9^9",
    "a tower of letters": "x^9^9^9",
    "powers of sums": "((x + 1)^24)^24",
    "many products": "*".join(["(x+1)"] * 300),
    "many sums": "+".join(["2^n"] * 400),
    "a product of large sums": "*".join(["(" + "+".join(f"{b}^n" for b in range(2, 12)) + ")"] * 20),
    "roots in roots": "sqrt(" * 300 + "2" + ")" * 300,
    "nothing over nothing": "0/0",
    "commas": "," * 90_000,
    "equals signs": "x=" * 40_000,
    "unions": "U" * 90_000,
    "half intervals": "(1," * 30_000,
    "pairs": "(1,1)" * 15_000,
    "letters": "q" * 90_000,
    "digits of other scripts": "٣１２²½①",
    "control characters": "".join(map(chr, range(32))) + "\ud800",
    "code": "__import__('os').abort()",
}


@EVERY_FAMILY
@EVERY_LEVEL
def test_the_oracle_is_paid_in_every_split_and_level(env_id: str, difficulty: str) -> None:
    env = textgym.make(env_id, difficulty=difficulty)
    for split in SPLITS:
        for index in range(25):
            task = env.task(split, index)
            assert reward_of(env, task, env.oracle(task, State())) == 1.0


@EVERY_FAMILY
def test_splits_share_no_family(env_id: str) -> None:
    env = textgym.make(env_id)
    families = {split: {env.task(split, index).family for index in range(300)} for split in SPLITS}
    assert None not in families["train"]
    assert not families["train"] & (families["validation"] | families["test"])
    assert not families["validation"] & families["test"]
    assert min(map(len, families.values())) >= 10


@EVERY_FAMILY
def test_prompts_hardly_repeat(env_id: str) -> None:
    env = textgym.make(env_id)
    assert len({env.task("train", index).prompt for index in range(1_000)}) >= 999


@pytest.mark.slow
@EVERY_FAMILY
def test_of_ten_thousand_prompts_at_most_one_in_a_thousand_repeats(env_id: str) -> None:
    env = textgym.make(env_id)
    assert len({env.task("train", index).prompt for index in range(10_000)}) >= 9_990


@EVERY_FAMILY
def test_guessing_and_cheating_are_not_paid(env_id: str) -> None:
    env = textgym.make(env_id)
    guesses = 0.0
    for index in range(100):
        task = env.task("test", index)
        guesses += reward_of(env, task, env.random_action(task, State(), Random(str(index).encode())))
        assert reward_of(env, task, "") == 0.0
        if index < 15:
            for name, script in env.cheats(task).items():
                for action in script:
                    assert reward_of(env, task, action) == 0.0, name
    assert guesses <= 5


@EVERY_FAMILY
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_are_endured(env_id: str, name: str) -> None:
    env = textgym.make(env_id)
    live = env.start(env.task("train", 0))
    _, reward, terminated, _, info = live.step(committed(HOSTILE[name]))
    assert (reward, terminated) == (0.0, True)
    assert info["outcome"]["status"] in ("ok", "policy_error")


@EVERY_FAMILY
@given(st.text("0123456789xyqrna+-*/^()[]{},;=. Usqrtinf\n", max_size=40) | st.text(max_size=30))
def test_any_answer_is_graded_or_called_malformed(env_id: str, answer: str) -> None:
    env = MADE.setdefault(env_id, textgym.make(env_id))
    task = env.task("train", 0)
    _, reward, _, _, info = env.start(task).step(committed(answer))
    assert info["outcome"]["status"] in ("ok", "policy_error")
    assert reward in (0.0, 1.0)


@EVERY_FAMILY
def test_prompts_say_how_to_answer_and_secrets_are_kept(env_id: str) -> None:
    env = textgym.make(env_id)
    for index in range(20):
        task = env.task("train", index)
        assert task.prompt.endswith("Anything outside the tags is not read.")
        assert str(task.secret["answer"]) not in task.model_dump_json() or len(str(task.secret["answer"])) < 6
        assert task.difficulty is not None


@pytest.mark.slow
@EVERY_FAMILY
def test_the_whole_battery_of_checks_passes(env_id: str) -> None:
    report = check(env_id, tasks=20)
    assert report.passed, report.failed
