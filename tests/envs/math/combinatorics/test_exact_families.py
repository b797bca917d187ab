"""What the families of combinatorics, calculus, linear algebra and geometry promise alike, at every difficulty."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import textgym
from support.families import printed_by_processes, reward_of
from textgym.core import SPLITS, Random
from textgym.envs.math import calculus, combinatorics, geometry, linear_algebra

AREAS = (combinatorics, calculus, linear_algebra, geometry)
IDS = [entry.id for area in AREAS for entry in area.ENVIRONMENTS]
LEVELS = ("easy", "medium", "hard")
EACH = pytest.mark.parametrize("env_id", IDS, ids=lambda value: value.removeprefix("textgym/"))
LEVEL = pytest.mark.parametrize("level", LEVELS)


def test_there_are_at_least_sixteen_families() -> None:
    assert len(IDS) == len(set(IDS)) >= 16


@EACH
@LEVEL
def test_the_oracle_earns_one_and_nothing_and_guesses_next_to_nothing(env_id: str, level: str) -> None:
    env = textgym.make(env_id, difficulty=level)
    rng = Random(b"guess")
    for split in SPLITS:
        tasks = [env.task(split, index) for index in range(40)]
        assert {reward_of(env, task, env.oracle(task, env.begin(task))) for task in tasks} == {1.0}
        assert {reward_of(env, task, env.noop_action) for task in tasks} == {0.0}
        guessed = [
            reward_of(env, task, env.random_action(task, env.begin(task), rng)) for task in tasks for _ in range(3)
        ]
        assert sum(guessed) / len(guessed) <= env.random_ceiling <= 0.05


@EACH
@LEVEL
def test_no_cheat_is_paid(env_id: str, level: str) -> None:
    env = textgym.make(env_id, difficulty=level)
    for index in range(12):
        task = env.task("test", index)
        for name, script in env.cheats(task).items():
            for action in script:
                assert reward_of(env, task, action) == 0.0, (name, action)


@EACH
@LEVEL
def test_tasks_say_their_difficulty_and_no_answer_is_common(env_id: str, level: str) -> None:
    env = textgym.make(env_id, difficulty=level)
    tasks = [env.task("train", index) for index in range(1_000)]
    assert all(task.difficulty is not None and task.family for task in tasks)
    assert Counter(str(task.secret["answer"]) for task in tasks).most_common(1)[0][1] <= 60


@EACH
def test_a_harder_level_is_harder(env_id: str) -> None:
    means = []
    for level in LEVELS:
        env = textgym.make(env_id, difficulty=level)
        means.append(sum(float(env.task("train", index).difficulty or 0) for index in range(50)))
    assert means[0] < means[2]
    assert means[0] <= means[1] <= means[2]


@pytest.mark.slow
@EACH
def test_of_ten_thousand_prompts_nearly_all_are_distinct(env_id: str) -> None:
    env = textgym.make(env_id)
    assert len({env.task("train", index).prompt for index in range(10_000)}) >= 9_990


@EACH
def test_no_family_is_in_two_splits(env_id: str) -> None:
    env = textgym.make(env_id)
    seen = [{env.task(split, index).family for index in range(150)} for split in SPLITS]
    assert not seen[0] & seen[1]
    assert not seen[0] & seen[2]
    assert not seen[1] & seen[2]


@EACH
def test_the_answer_stands_in_nothing_that_a_policy_sees(env_id: str) -> None:
    env = textgym.make(env_id)
    for index in range(40):
        task = env.task("train", index)
        answer = str(task.secret["answer"])
        text, _, _, _, info = env.start(task).step("<answer>?</answer>")
        if len(answer) > 8:  # shorter ones are parts of other numbers by chance
            assert answer not in task.prompt + repr(task) + task.model_dump_json() + text + str(info)


HOSTILE = [
    "",
    "\x00" * 100,
    "\ud800",
    "١٢",
    "1" * 100_000,
    "(" * 100_000,
    "[" * 100_000,
    "-" * 100_000,
    "9^9^9^9^9^9",
    "1/0",
    "0/0",
    "[[]]",
    "[]",
    "()",
    "x = ",
    "x = []",
    ";",
    ";" * 5_000,
    "," * 5_000,
    "1;",
    "(1, 2",
    "sqrt(",
    "sqrt()",
    "exp(exp(exp(exp(9))))",
    "ln(0)",
    "1e999",
    "nan",
    "__import__('os').abort()",
]


@EACH
def test_hostile_answers_are_refused_calmly(env_id: str) -> None:
    env = textgym.make(env_id, max_action_chars=2_000_000)
    task = env.task("train", 0)
    for answer in HOSTILE:
        live = env.start(task)
        observation, reward, _, _, _ = live.step(f"<answer>{answer}</answer>")
        assert reward == 0.0
        assert len(observation) < 1_000
        assert live.outcome is None or live.outcome.status in ("ok", "policy_error")


@EACH
@settings(max_examples=25)
@given(answer=st.text(max_size=60) | st.text("0123456789+-*/^(),.;[] xepinsqrtl=y", max_size=120))
def test_no_answer_raises(env_id: str, answer: str) -> None:
    env = textgym.make(env_id)
    live = env.start(env.task("train", 0))
    live.step(f"<answer>{answer}</answer>")
    assert live.total in (0.0, 1.0)
    assert live.outcome is None or live.outcome.status in ("ok", "policy_error")


DIGEST = """
import hashlib, textgym
digest = hashlib.sha256()
for env_id in {ids!r}:
    for level in ("easy", "medium", "hard"):
        env = textgym.make(env_id, difficulty=level)
        for split in ("train", "test"):
            for index in range(3):
                task = env.task(split, index)
                digest.update(repr((task, task.secret, task.family, env.cheats(task))).encode())
print(digest.hexdigest())
"""


def test_tasks_do_not_depend_on_the_hash_seed_or_the_process() -> None:
    printed = printed_by_processes(DIGEST.format(ids=IDS))
    assert len(printed) == 1
