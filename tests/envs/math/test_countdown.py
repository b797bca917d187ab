"""Countdown: solvable, with a shortest solution that brute force confirms, and graded by the rules."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import textgym
from textgym.core import SPLITS, ConfigError, TaskError
from textgym.envs.math.countdown.search import Search
from textgym.envs.math.exact import read_expression
from textgym.envs.math.expression import written

ID = "textgym/Countdown-v0"


def every_value(numbers: tuple[int, ...], whole: bool) -> set[Fraction]:
    """All values of expressions that use each number once: negative ones, zeros and fractions too; no cleverness."""
    if len(numbers) == 1:
        return {Fraction(numbers[0])}
    found = set()
    for size in range(1, len(numbers)):
        for chosen in combinations(range(len(numbers)), size):
            left = tuple(numbers[i] for i in chosen)
            right = tuple(number for i, number in enumerate(numbers) if i not in chosen)
            for a in every_value(left, whole):
                for b in every_value(right, whole):
                    found |= {a + b, a - b, a * b}
                    if b and not (whole and (a / b).denominator != 1):
                        found.add(a / b)
    return found


def fewest_by_brute_force(numbers: list[int], target: int, whole: bool) -> int | None:
    for size in range(1, len(numbers) + 1):
        if any(target in every_value(chosen, whole) for chosen in combinations(numbers, size)):
            return size
    return None


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(1, 60), st.booleans())
def test_the_shortest_solution_is_as_short_as_brute_force_finds(numbers: list[int], target: int, whole: bool) -> None:
    found = Search(numbers, whole=whole).fewest(target)
    fewest = fewest_by_brute_force(numbers, target, whole)
    if found is None:
        assert fewest is None
        return
    count, tree = found
    assert count == fewest
    read = read_expression(written(tree))
    assert read.value == target
    assert len(read.numbers) == count
    assert read.whole or not whole
    left = list(numbers)
    for number in read.numbers:
        left.remove(int(number))


def test_fractions_on_the_way_are_used_only_where_they_are_allowed() -> None:
    found = Search([2, 5, 5, 10], whole=False).fewest(24)
    assert found is not None
    assert found[0] == 4  # 5 * (5 - 2 / 10)
    assert Search([2, 5, 5, 10], whole=True).fewest(24) is None


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"count": 6, "min_used": 5},
        {"count": 4, "integers_only": False, "largest": 20},
        {"count": 4, "require_all": True, "target_min": 10, "target_max": 100},
        {"count": 3, "largest": 10, "target_min": 20, "target_max": 99},
    ],
)
def test_every_task_keeps_to_its_settings(knobs: dict[str, int]) -> None:
    env = textgym.make(ID, **knobs)
    config = env.config
    for index in range(60):
        task = env.task("train", index)
        numbers, target = task.data["numbers"], task.data["target"]
        assert len(numbers) == config.count
        assert all(config.smallest <= number <= config.largest for number in numbers)
        assert config.target_min <= target <= config.target_max
        assert str(target) in task.prompt
        solution = read_expression(task.secret["solution"])
        assert solution.value == target
        assert len(solution.numbers) == task.difficulty >= config.min_used
        assert not config.require_all or sorted(solution.numbers) == sorted(numbers)


def test_splits_share_no_list_of_numbers() -> None:
    env = textgym.make(ID, count=3, largest=12, target_min=10)
    seen = {split: {tuple(sorted(env.task(split, i).data["numbers"])) for i in range(150)} for split in SPLITS}
    assert not seen["train"] & seen["test"]
    assert not seen["train"] & seen["validation"]
    assert not seen["validation"] & seen["test"]


class Fixed:
    """One known task of a configuration, to grade answers on."""

    def __init__(self, numbers: list[int], target: int, **knobs: object) -> None:
        self.env = textgym.make(ID, count=len(numbers), **knobs)
        self.task = textgym.Task(prompt="", data={"numbers": numbers, "target": target}, secret={"solution": ""})

    def pay(self, answer: str) -> float:
        return self.env.start(self.task).step(f"<answer>{answer}</answer>")[1]


@pytest.mark.parametrize(
    "answer", ["4 * 25 + 3", "3+25*4", "(25 * 4) + 3", "((3 + 4*25))", "-(-3 - 100 / 1 * 1)", "25*(5-1)+3"]
)
def test_any_lawful_expression_that_hits_is_paid(answer: str) -> None:
    numbers = [4, 25, 3, 100, 1, 1, 5]
    assert Fixed(numbers, 103).pay(answer) == 1.0


@pytest.mark.parametrize(
    "answer",
    [
        "103",
        "4 * 25 + 3 = 103",
        "4 * 25 + 2",
        "4 * 25 + 3 + 0",
        "25 + 25 + 25 + 25 + 3",
        "25 * 4 + 3 * 1 * 1 * 1",
        "2 5 * 4 + 3",
        "4 ** 2",
        "103.0",
        "",
        "4 * 25 + 3; 1",
        "4 × ",
        "1 / (1 - 1)",
        "4*25+3, 3+4*25",
        "x",
        "٤ * 25 + 3",
        "(4 * 25 + 3",
    ],
)
def test_unlawful_or_missing_expressions_earn_nothing(answer: str) -> None:
    assert Fixed([4, 25, 3, 100, 1, 1], 103).pay(answer) == 0.0


def test_fractions_on_the_way_are_lawful_only_where_allowed() -> None:
    answer = "7 * (3 + 3 / 7)"
    assert Fixed([3, 3, 7, 7], 24, integers_only=False).pay(answer) == 1.0
    assert Fixed([3, 3, 7, 7], 24, integers_only=True).pay(answer) == 0.0


def test_all_numbers_must_be_used_only_where_required() -> None:
    assert Fixed([3, 4, 5], 12).pay("3 * 4") == 1.0
    assert Fixed([3, 4, 5], 12, require_all=True).pay("3 * 4") == 0.0
    assert Fixed([3, 4, 5], 12, require_all=True).pay("3 + 4 + 5") == 1.0


def test_a_miss_is_paid_by_closeness_only_with_the_knob() -> None:
    assert Fixed([3, 4, 5], 10).pay("3 + 4") == 0.0
    near = Fixed([3, 4, 5], 10, near_credit=0.5)
    assert near.pay("3 + 4") == pytest.approx(0.5 * 0.7)
    assert near.pay("3 * 4 * 5") == 0.0
    assert near.pay("9 + 1") == 0.0
    assert near.pay("3 * 5 - 5") == 0.0


def test_the_reward_knob_leaves_the_tasks_alone() -> None:
    assert textgym.make(ID).task("train", 5) == textgym.make(ID, near_credit=0.3).task("train", 5)


@pytest.mark.parametrize(
    "knobs",
    [{"smallest": 9, "largest": 3}, {"target_min": 9, "target_max": 3}, {"count": 3, "min_used": 4}, {"count": 8}],
)
def test_settings_that_contradict_each_other_are_refused(knobs: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        textgym.make(ID, **knobs)


def test_settings_that_no_task_fits_are_a_clear_error() -> None:
    env = textgym.make(ID, count=3, largest=3, target_min=10_000, target_max=10_001)
    with pytest.raises(TaskError, match="nearer to the defaults"):
        env.task("train", 0)
