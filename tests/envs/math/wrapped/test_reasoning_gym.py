"""ReasoningGym: every dataset that is taken, in the wrapped package itself."""

import importlib
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from textgym.core import ConfigError, Random, derive_key
from textgym.envs.math.wrapped.catalogue import EXACT, LEFT_OUT, MIX, SEVERAL, STRICT_ONLY
from textgym.envs.math.wrapped.source import Source
from textgym.registry import make

reasoning_gym = pytest.importorskip("reasoning_gym")

# Their code leaves files open and warns of its own numbers; neither is ours to judge.
pytestmark = pytest.mark.filterwarnings("ignore")

ID = "textgym/ReasoningGym-v0"
TAKEN = sorted(
    (EXACT | SEVERAL) & importlib.import_module("reasoning_gym.factory").DATASETS.keys()
)  # fewer in older ones
HOSTILE = (
    "", " ", "nan", "inf", "1e999999999", "9" * 20_000, "[" * 20_000, "True", "Yes or No", "A → " * 5_000, "RLUD" * 5_000,
    "__import__('os').abort()", "exit()", "Move disk 1 from Peg 1 to Peg 99", "[[[1]]]", "{}", "null", "٣²", "\0", "1/0",
)  # fmt: skip


def wrapped(**settings: Any) -> Any:
    return make(ID, **settings)


def answered(env: Any, task: Any, answer: str) -> float:
    env.reset(options={"task_id": task.id})
    return float(env.step(f"<answer>{answer}</answer>")[1])


def numbers(source: Source, count: int) -> list[int]:
    rng = Random(derive_key("items", source.name))
    return [rng.randrange(source.items) for _ in range(count)]


def test_every_dataset_of_the_package_was_looked_at() -> None:
    from reasoning_gym.factory import DATASETS

    assert set(DATASETS) - LEFT_OUT.keys() - set(TAKEN) == set(), "new ones are not taken unseen: look, and list them"


@pytest.mark.parametrize("name", TAKEN)
def test_a_dataset_is_solved_by_its_answers_and_by_nothing_that_stands_beside_them(name: str) -> None:
    env = wrapped(datasets=name)
    for index in range(3):
        task = env.task("train", index)
        answer = task.secret["answer"]
        assert env.task("train", index) == task
        assert answered(env, task, answer) == 1.0
        for wrong in (f"{answer} indeed", f"it is {answer}", f"{answer}\nor\n{answer}", f"{answer}, 12345", *HOSTILE):
            assert answered(env, task, wrong) == float(wrong.strip() == answer.strip())


@pytest.mark.parametrize("name", TAKEN)
def test_drawing_and_judging_leave_the_global_generators_alone_and_do_not_read_them(name: str) -> None:
    source = Source(name, {})
    drawn = []
    for seed in (1, 2):
        random.seed(seed)
        np.random.seed(seed)
        before = random.getstate(), repr(np.random.get_state())
        items = [source.item(number) for number in numbers(source, 6)]
        if name not in STRICT_ONLY:
            source.score(numbers(source, 1)[0], "1 2 3")
        assert (random.getstate(), repr(np.random.get_state())) == before
        drawn.append([(item.question, item.answer) for item in items if item is not None])
    assert drawn[0] == drawn[1] != []


_PRINT = """
import hashlib, warnings
warnings.simplefilter("ignore")
from textgym.core import Random, derive_key
from textgym.envs.math.wrapped.source import Source
for name in TAKEN:
    source = Source(name, {})
    rng = Random(derive_key("items", name))
    items = [source.item(rng.randrange(source.items)) for _ in range(6)]
    print(name, hashlib.sha256(ascii([(i.question, i.answer) for i in items if i]).encode()).hexdigest()[:16])
"""


@pytest.mark.slow
def test_items_do_not_depend_on_the_hash_seed_and_nothing_is_printed() -> None:
    printed = [
        subprocess.run(
            [sys.executable, "-c", f"TAKEN = {TAKEN}{_PRINT}"],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1]
    assert [line.split()[0] for line in printed[0].splitlines()] == TAKEN


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in TAKEN if name not in STRICT_ONLY])
def test_their_scorers_answer_hostile_text_with_a_number(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = Source(name, {})
    for text in HOSTILE:
        assert 0.0 <= source.score(numbers(source, 1)[0], text) <= 1.0


def test_several_right_answers_are_right() -> None:
    env = wrapped(
        datasets=["tower_of_hanoi"], settings={"tower_of_hanoi": {"min_disks": 2, "max_disks": 2, "max_pegs": 3}}
    )
    task = env.task("train", 0)
    lines = task.secret["answer"].splitlines()
    assert answered(env, task, "\n\n".join(f"  {line}" for line in lines)) == 1.0
    assert answered(env, task, "\n".join(lines[:-1])) == 0.0
    env = wrapped(datasets="jugs")
    task = next(
        task for task in (env.task("train", index) for index in range(30)) if task.secret["answer"][1:8] == '"fill A'
    )
    first = task.secret["answer"].removeprefix("[")
    assert answered(env, task, f'["fill A", "empty A", {first}') == 1.0, "another way is right as well"
    assert answered(env, task, f'["fill A", "drink A", {first}') == 0.0


def test_partial_pays_what_their_scorers_pay_and_only_then() -> None:
    strict, partial = wrapped(datasets="gcd"), wrapped(datasets="gcd", partial=True)
    task = strict.task("train", 0)
    assert partial.task("train", 0) == task, "the tasks are the same"
    listing = f"{task.secret['answer']} or 12345"
    assert answered(strict, task, listing) == 0.0
    assert 0.0 < answered(partial, task, listing) < 1.0
    assert answered(partial, task, task.secret["answer"]) == 1.0


def test_settings_reach_the_dataset_and_wrong_ones_are_refused() -> None:
    env = wrapped(datasets=["chain_sum"], settings={"chain_sum": {"min_terms": 6, "max_terms": 6}})
    assert env.task("train", 0).prompt.count(" + ") + env.task("train", 0).prompt.count(" - ") == 5
    assert env.task("train", 0).id != wrapped(datasets=["chain_sum"]).task("train", 0).id
    for wrong in ({"mni_terms": 6}, {"min_terms": -1}, {"seed": 3}, {"size": 5}):
        with pytest.raises(ConfigError, match="chain_sum"):
            wrapped(datasets=["chain_sum"], settings={"chain_sum": wrong})


def test_size_bounds_every_split_and_the_default_is_a_mixture() -> None:
    env = wrapped(size=3)
    assert [env.size(split) for split in ("train", "validation", "test")] == [3, 3, 3]
    assert {wrapped().task("train", index).data["dataset"] for index in range(100)} == set(MIX)


def test_the_version_of_the_package_is_part_of_a_tasks_id(monkeypatch: pytest.MonkeyPatch) -> None:
    from textgym.envs.math.wrapped import env as module

    one = wrapped().task("train", 0).id
    monkeypatch.setattr(module, "package_version", lambda: "0.0.1")
    assert wrapped().task("train", 0).id != one
