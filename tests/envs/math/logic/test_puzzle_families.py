"""What the environments of the areas logic, graph_puzzles and certificates promise alike."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import textgym
from support.families import printed_by_processes
from textgym.core import SPLITS, ConfigError, Random
from textgym.envs.math import certificates, graph_puzzles, logic

IDS = [entry.id for area in (logic, graph_puzzles, certificates) for entry in area.ENVIRONMENTS]
LEVELS = ("easy", "medium", "hard")
EACH = pytest.mark.parametrize("env_id", IDS)
HOSTILE = {
    "nothing": "",
    "null characters": "\x00" * 1000,
    "lone surrogates": "\ud800\udfff" * 10,
    "unicode digits": "<answer>" + "٣１２" * 30 + "</answer>",
    "superscripts": "<answer>²①¹</answer>",
    "deep parentheses": "<answer>" + "(" * 100_000 + "</answer>",
    "a long number": "<answer>" + "9" * 1_000_000 + "</answer>",
    "a long list": "<answer>" + "1, " * 300_000 + "1</answer>",
    "long edges": "<answer>" + "A-B " * 200_000 + "</answer>",
    "steps": "<answer>" + "1 2;" * 200_000 + "</answer>",
    "moves": "<answer>" + "LR" * 400_000 + "</answer>",
    "signs": "<answer>" + "#." * 400_000 + "</answer>",
    "white space": "<answer>" + " " * 1_000_000 + "</answer>",
    "separators": "<answer>" + ",;\n" * 300_000 + "</answer>",
    "colons": "<answer>" + ":" * 1_000_000 + "</answer>",
    "tags": "<answer>" * 120_000,
    "code": "<answer>__import__('os').abort()</answer>",
}


def play(env: textgym.TextEnv, task: textgym.Task, action: str) -> float:
    live = env.start(task)
    live.step(action)
    return live.total


@EACH
@pytest.mark.parametrize("difficulty", LEVELS)
def test_the_oracle_earns_one_in_every_split_and_idling_nothing(env_id: str, difficulty: str) -> None:
    env = textgym.make(env_id, difficulty=difficulty)
    for split in SPLITS:
        for index in range(6):
            task = env.task(split, index)
            assert play(env, task, env.oracle(task, env.begin(task))) == 1.0
            assert play(env, task, env.noop_action) == 0.0
            assert task.difficulty is not None


@EACH
@pytest.mark.parametrize("difficulty", LEVELS)
def test_guessing_earns_next_to_nothing(env_id: str, difficulty: str) -> None:
    env = textgym.make(env_id, difficulty=difficulty)
    earned = []
    for index in range(15):
        task, rng = env.task("train", index), Random(f"{env_id}{index}".encode())
        earned += [play(env, task, env.random_action(task, env.begin(task), rng)) for _ in range(30)]
    assert sum(earned) / len(earned) <= 0.05


@EACH
def test_cheats_and_candidates_all_at_once_earn_nothing(env_id: str) -> None:
    for difficulty in LEVELS:
        env = textgym.make(env_id, difficulty=difficulty)
        for index in range(5):
            task = env.task("validation", index)
            scripts = env.cheats(task) | {
                "all candidates": ["\n".join(env.candidates(task))],
                "the prompt": [task.prompt],
                "the question in the tags": [f"<answer>{task.prompt.partition('Reply with')[0]}</answer>"],
                "all small numbers": ["<answer>" + ", ".join(map(str, range(150))) + "</answer>"],
            }
            for name, script in scripts.items():
                for action in script:
                    assert play(env, task, action) == 0.0, name


@EACH
def test_splits_share_no_family_and_tasks_differ(env_id: str) -> None:
    env = textgym.make(env_id)
    families = {split: {env.task(split, index).family for index in range(15)} for split in SPLITS}
    assert None not in families["train"]
    assert not families["train"] & families["validation"]
    assert not families["train"] & families["test"]
    assert not families["validation"] & families["test"]
    assert len({env.task("train", index).prompt for index in range(40)}) == 40


@pytest.mark.slow
@EACH
def test_prompts_hardly_ever_repeat(env_id: str) -> None:
    env = textgym.make(env_id)
    assert len({env.task("train", index).prompt for index in range(2_000)}) >= 1_998


@EACH
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_calmly(env_id: str, name: str) -> None:
    env = textgym.make(env_id, max_action_chars=2_000_000)
    live = env.start(env.task("train", 0))
    observation, reward, _, _, _ = live.step(HOSTILE[name])
    assert reward == 0.0
    assert len(observation) < 1_000
    assert live.outcome is None or live.outcome.status in ("ok", "policy_error")


@EACH
@settings(max_examples=30)
@given(answer=st.text(max_size=60) | st.text("0123456789ABCDEFLRUD,;:-=#.> \n", max_size=200))
def test_no_answer_raises(env_id: str, answer: str) -> None:
    env = textgym.make(env_id)
    assert play(env, env.task("train", 0), f"<answer>{answer}</answer>") in (0.0, 1.0)


@EACH
def test_the_answer_stands_in_nothing_that_a_policy_sees(env_id: str) -> None:
    env = textgym.make(env_id)
    for index in range(10):
        task = env.task("train", index)
        live = env.start(task)
        observation = live.step("I do not know.")[0]
        if len(task.secret["answer"]) > 6:  # shorter ones are parts of other numbers by chance
            for text in (task.prompt, repr(task), task.model_dump_json(), json.dumps(live.snapshot()), observation):
                assert task.secret["answer"] not in text


@EACH
def test_a_knob_that_is_given_wins_over_the_difficulty(env_id: str) -> None:
    config = type(textgym.make(env_id)).Config
    for difficulty in LEVELS:
        level = config.levels[difficulty]
        assert {name: getattr(config(difficulty=difficulty), name) for name in level} == level
        name = next(iter(level))
        given_value = config.levels["easy"][name]
        assert getattr(config(difficulty=difficulty, **{name: given_value}), name) == given_value
    assert config() == config(difficulty="medium")
    assert config().task_settings() == {}
    with pytest.raises(ConfigError, match="difficulty"):
        textgym.make(env_id, difficulty="evil")


DIGEST = """
import hashlib, textgym
digest = hashlib.sha256()
for env_id in {ids!r}:
    for difficulty in ("easy", "medium", "hard"):
        env = textgym.make(env_id, difficulty=difficulty)
        for split in ("train", "validation"):
            task = env.task(split, 3)
            digest.update(repr((task, task.secret, task.family, env.cheats(task), env.candidates(task))).encode())
print(digest.hexdigest())
"""


def test_tasks_do_not_depend_on_the_hash_seed_or_the_process() -> None:
    printed = printed_by_processes(DIGEST.format(ids=IDS))
    assert len(printed) == 1
