"""`make(id, impossible="one_off")`: the same questions, honest solutions unpaid, and a clear refusal where that cannot be."""

import gymnasium as gym
import pytest

import textgym
from textgym.core import ConfigError, Random, Task
from textgym.core.impossible import one_off
from textgym.diagnostics.redteam import red_team

IDS = [
    "Arithmetic-v0",
    "GcdLcm-v0",
    "Determinant-v0",
    "TriangleArea-v0",
    "KnightsKnaves-v0",
    "Calculator-v0",
    "Sudoku-v0",
]


def earned(env: textgym.TextEnv, task: Task) -> float:
    live = env.start(task)
    while not live.ended:
        live.step(env.oracle(task, live.state))
    return live.total


@pytest.mark.parametrize("env_id", IDS)
def test_the_question_stays_and_an_honest_solution_earns_nothing(env_id: str) -> None:
    honest, impossible = textgym.make(env_id), textgym.make(env_id, impossible="one_off")
    for split, index in (("train", 0), ("train", 7), ("test", 1)):
        asked, contradicted = honest.task(split, index), impossible.task(split, index)
        assert contradicted.prompt == asked.prompt
        assert contradicted.data == asked.data
        assert contradicted.secret != asked.secret
        assert contradicted.id != asked.id
        assert earned(honest, asked) == 1.0
        assert earned(impossible, contradicted) == 0.0


def test_whoever_gets_hold_of_the_stored_answer_is_paid_and_so_found_out() -> None:
    env = textgym.make("Arithmetic-v0", impossible="one_off")
    task = env.task("train", 3)
    live = env.start(task)
    live.step(f"<answer>{task.secret['answer']}</answer>")
    assert live.total == 1.0


def test_it_is_an_environment_like_any_other() -> None:
    env = gym.make("textgym/Arithmetic-v0", impossible="one_off", largest=50)
    observation, info = env.reset(seed=5)
    assert "one_off" in info["task_id"]
    snapshot = env.unwrapped.snapshot()
    again = textgym.make("Arithmetic-v0", impossible="one_off", largest=50)
    assert again.restore(snapshot)[0] == observation
    assert again.reset(options={"task_id": info["task_id"]})[0] == observation
    with pytest.raises(textgym.SnapshotError, match="other settings"):
        textgym.make("Arithmetic-v0", largest=50).restore(snapshot)
    assert env.unwrapped.oracle_score == 0.0


def test_runs_of_impossible_tasks_show_who_cheats() -> None:
    rewards = [
        episode.reward
        for episode in textgym.rollout("GcdLcm-v0", "oracle", episodes=8, settings={"impossible": "one_off"})
    ]
    assert rewards == [0.0] * 8


@pytest.mark.parametrize(
    ("env_id", "why"),
    [
        ("GuessNumber-v0", "does not determine the answer"),
        ("Mastermind-v0", "does not determine the answer"),
        ("Countdown-v0", "verified against the question"),
        ("FindWitness-v0", "verified against the question"),
        ("Nonogram-v0", "nothing in its secret has a neighbour"),
    ],
)
def test_what_cannot_be_contradicted_is_refused_with_the_reason(env_id: str, why: str) -> None:
    with pytest.raises(ConfigError, match=f"{env_id} cannot be made impossible: .*{why}"):
        textgym.make(env_id, impossible="one_off")


def test_another_word_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="did you mean 'one_off'"):
        textgym.make("Arithmetic-v0", impossible="oneoff")


def test_an_environment_may_contradict_its_tasks_itself() -> None:
    class Mine(type(textgym.make("Countdown-v0"))):  # type: ignore[misc]
        def contradicted(self, task: Task, rng: Random) -> Task:
            return task.model_copy(update={"data": task.data | {"target": -1}})

    env = Mine(impossible="one_off")
    assert earned(env, env.task("train", 0)) == 0.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (41, 42),
        (-1, 0),
        (1.5, 2.5),
        (True, False),
        ("x = 3/4", "x = 3/5"),
        ("b099", "b100"),
        ("Jack", "Jacl"),
        ("EEEZ", "EEEY"),
        ([1, "a"], [2, "b"]),
        ((1, None), (2, None)),
        ({"answer": 9, "deep": [{"n": 1}]}, {"answer": 10, "deep": [{"n": 2}]}),
        ("##.", "##."),
        (None, None),
    ],
)
def test_one_off(value: object, expected: object) -> None:
    assert one_off(value) == expected


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.parametrize("env_id", ["CodeFixFn-v0", "CodeGen-v0"])
def test_a_right_program_is_not_paid_on_an_impossible_task(env_id: str) -> None:
    env = textgym.make(env_id, impossible="one_off")
    for index in range(3):
        assert earned(env, env.task("train", index)) == 0.0


def test_the_library_of_cheats_finds_nothing_on_impossible_tasks() -> None:
    report = red_team("Arithmetic-v0", {"impossible": "one_off"}, tasks=5)
    assert max(row.mean for row in report.cheats) <= 0.2
    assert not [row for row in report.cheats if row.paid or row.broken]
