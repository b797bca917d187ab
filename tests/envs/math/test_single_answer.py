"""What Arithmetic, Countdown and Sudoku promise alike, over several settings each."""

import hashlib
import json
import warnings
from typing import Any

import gymnasium as gym
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st

import textgym
from support.families import printed_by_processes
from textgym.core import SPLITS, Random

ARITHMETIC, COUNTDOWN, SUDOKU = "textgym/Arithmetic-v0", "textgym/Countdown-v0", "textgym/Sudoku-v0"
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    (ARITHMETIC, {}),
    (ARITHMETIC, {"allow_fractions": True, "max_operations": 8}),
    (ARITHMETIC, {"min_operations": 2, "max_operations": 2, "negations": 0.0}),
    (ARITHMETIC, {"operators": "*/", "largest_value": 10**12}),
    (COUNTDOWN, {}),
    (COUNTDOWN, {"count": 4, "require_all": True, "target_min": 10, "target_max": 99}),
    (COUNTDOWN, {"count": 4, "integers_only": False}),
    (SUDOKU, {"size": 4}),
    (SUDOKU, {"size": 4, "mode": "moves"}),
    (SUDOKU, {"size": 6, "difficulty": "hard"}),
    (SUDOKU, {"difficulty": "easy"}),
]
EACH = pytest.mark.parametrize(("env_id", "knobs"), SETTINGS, ids=lambda value: str(value).removeprefix("textgym/"))
ONE_EACH = pytest.mark.parametrize(
    ("env_id", "knobs"),
    [(ARITHMETIC, {}), (COUNTDOWN, {}), (SUDOKU, {"size": 4}), (SUDOKU, {"size": 4, "mode": "moves"})],
)
HOSTILE = {
    "nothing": "",
    "null characters": "\x00" * 1000,
    "control characters": "".join(map(chr, range(32))),
    "lone surrogates": "\ud800\udfff" * 10,
    "unicode digits": "<answer>" + "٣１２" * 30 + "</answer>",
    "deep parentheses": "<answer>" + "(" * 100_000 + "1" + ")" * 100_000 + "</answer>",
    "open parentheses": "<answer>" + "(" * 1_000_000 + "</answer>",
    "signs": "<answer>" + "-" * 1_000_000 + "1</answer>",
    "a long number": "<answer>" + "9" * 1_000_000 + "</answer>",
    "a huge product": "<answer>" + "*".join(["9" * 50] * 15) + "</answer>",
    "a long fraction": "<answer>" + "9/" * 500_000 + "9</answer>",
    "tags": "<answer>" * 120_000,
    "closed tags": "<answer></answer>" * 60_000,
    "thoughts": "<think></think>" * 60_000,
    "white space": "<answer>" + " " * 1_000_000 + "</answer>",
    "code": "<answer>__import__('os').abort()</answer>",
    "a megabyte": "x" * 1_000_000,
}


def play(env: textgym.TextEnv, task: textgym.Task, policy: str) -> float:
    live = env.start(task)
    rng = Random(task.id.encode())
    while not live.ended:
        if policy == "oracle":
            action = env.oracle(task, live.state)
        elif policy == "random":
            action = env.random_action(task, live.state, rng)
        else:
            action = env.noop_action
        live.step(action)
    return live.total


@EACH
def test_gymnasiums_checker_finds_nothing(env_id: str, knobs: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gym.make(env_id, **knobs).unwrapped)


@EACH
def test_the_oracle_earns_one_in_every_split_and_guessing_next_to_nothing(env_id: str, knobs: dict[str, Any]) -> None:
    env = textgym.make(env_id, **knobs)
    for split in SPLITS:
        tasks = [env.task(split, index) for index in range(20 if knobs.get("difficulty") else 100)]
        assert {play(env, task, "oracle") for task in tasks} == {1.0}
        assert {play(env, task, "noop") for task in tasks} == {0.0}
        assert sum(play(env, task, "random") for task in tasks) / len(tasks) <= env.random_ceiling


@pytest.mark.slow
@EACH
def test_over_many_tasks_guessing_stays_below_its_ceiling(env_id: str, knobs: dict[str, Any]) -> None:
    env = textgym.make(env_id, **knobs)
    tasks = [env.task("train", index) for index in range(1000)]
    assert {play(env, task, "oracle") for task in tasks} == {1.0}
    assert sum(play(env, task, "random") for task in tasks) / len(tasks) <= env.random_ceiling


@EACH
def test_cheats_candidates_and_echoes_earn_nothing(env_id: str, knobs: dict[str, Any]) -> None:
    env = textgym.make(env_id, **knobs)
    for index in range(10):
        task = env.task("validation", index)
        scripts = env.cheats(task) | {
            "all candidates": ["\n".join(env.candidates(task))],
            "the prompt": [task.prompt],
            "all candidates in one answer": ["<answer>" + ", ".join(map(str, range(500))) + "</answer>"],
        }
        for name, script in scripts.items():
            live = env.start(task)
            for action in script:
                if not live.ended:
                    live.step(action)
            assert live.total == 0.0, name


@ONE_EACH
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_calmly(env_id: str, knobs: dict[str, Any], name: str) -> None:
    env = textgym.make(env_id, max_action_chars=2_000_000, **knobs)
    live = env.start(env.task("train", 0))
    observation, reward, _, _, _ = live.step(HOSTILE[name])
    assert reward == 0.0
    assert len(observation) < 1000
    assert live.outcome is None or live.outcome.status in ("ok", "policy_error")


@ONE_EACH
@given(answer=st.text() | st.text("0123456789+-*/(). |\n", max_size=200))
def test_no_answer_raises(env_id: str, knobs: dict[str, Any], answer: str) -> None:
    env = textgym.make(env_id, **knobs)
    live = env.start(env.task("train", 0))
    live.step(f"<answer>{answer}</answer>")
    assert live.total in (0.0, 1.0)


@ONE_EACH
def test_the_secret_stands_in_nothing_that_a_policy_sees(env_id: str, knobs: dict[str, Any]) -> None:
    env = textgym.make(env_id, **knobs)
    for index in range(50):
        task = env.task("train", index)
        live = env.start(task)
        observation = live.step("I do not know.")[0]
        seen = (task.prompt, repr(task), task.model_dump_json(), json.dumps(live.snapshot()), observation)
        secret = next(iter(task.secret.values()))
        if len(secret) > 4:  # shorter ones are parts of other numbers by chance
            assert not any(secret in text for text in seen)


DIGEST = """
import hashlib, sys, textgym
digest = hashlib.sha256()
for env_id, knobs in {settings!r}:
    env = textgym.make(env_id, **knobs)
    for split in ("train", "validation", "test"):
        for index in range(4):
            task = env.task(split, index)
            digest.update(repr((task, task.secret, env.cheats(task), env.candidates(task))).encode())
print(digest.hexdigest())
"""


def test_tasks_do_not_depend_on_the_hash_seed_or_the_process() -> None:
    program = DIGEST.format(settings=SETTINGS)
    printed = printed_by_processes(program)
    assert len(printed) == 1
    assert len(printed.pop().strip()) == hashlib.sha256().digest_size * 2
