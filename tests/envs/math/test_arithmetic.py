"""Arithmetic: the expressions keep to their settings, and only the exact value is paid."""

import ast
from collections import Counter
from fractions import Fraction

import pytest

import textgym
from support.families import reward_of
from textgym.core import SPLITS, ConfigError, TaskError
from textgym.envs.math.exact import read_expression

ID = "textgym/Arithmetic-v0"


def test_the_answer_is_the_value_of_the_expression_that_is_shown() -> None:
    env = textgym.make(ID, allow_fractions=True)
    for index in range(200):
        task = env.task("train", index)
        expression = task.data["expression"]
        assert expression in task.prompt
        assert read_expression(expression).value == Fraction(task.secret["answer"])


def test_without_fractions_every_value_on_the_way_is_whole() -> None:
    env = textgym.make(ID)
    assert all(read_expression(env.task("train", index).data["expression"]).whole for index in range(200))


def test_with_fractions_some_answers_are_fractions() -> None:
    env = textgym.make(ID, allow_fractions=True)
    assert 20 < sum("/" in env.task("train", index).secret["answer"] for index in range(100)) < 90


@pytest.mark.parametrize(
    ("fewest", "most", "operators"), [(2, 2, "+-"), (4, 4, "*-"), (3, 8, "+-*/"), (15, 20, "+-*/")]
)
def test_settings_bound_operators_and_operands(fewest: int, most: int, operators: str) -> None:
    env = textgym.make(ID, min_operations=fewest, max_operations=most, operators=operators, largest=30)
    for index in range(50):
        task = env.task("train", index)
        nodes = list(ast.walk(ast.parse(task.data["expression"], mode="eval")))
        signs = [
            {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}[type(node.op)]
            for node in nodes
            if isinstance(node, ast.BinOp)
        ]
        assert fewest <= len(signs) == task.difficulty <= most
        assert set(signs) <= set(operators)
        assert all(2 <= node.value <= 30 for node in nodes if isinstance(node, ast.Constant))


def test_no_skeleton_is_in_two_splits() -> None:
    env = textgym.make(ID)

    def skeleton(expression: str) -> str:
        tree = ast.parse(expression, mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant):
                node.value = 0
        return ast.unparse(tree)

    seen = {split: {skeleton(env.task(split, i).data["expression"]) for i in range(300)} for split in SPLITS}
    assert not seen["train"] & seen["test"]
    assert not seen["train"] & seen["validation"]
    assert not seen["validation"] & seen["test"]
    assert len(seen["test"]) > 50


def test_no_answer_is_common_enough_to_guess_and_none_stands_in_the_expression() -> None:
    env = textgym.make(ID)
    tasks = [env.task("train", index) for index in range(1000)]
    assert Counter(task.secret["answer"] for task in tasks).most_common(1)[0][1] <= 20
    for task in tasks:
        numbers = read_expression(task.data["expression"]).numbers
        assert abs(Fraction(task.secret["answer"])) not in numbers


def test_only_the_exact_value_earns_the_reward() -> None:
    env = textgym.make(ID, allow_fractions=True)
    for index in range(50):
        task = env.task("test", index)
        value = Fraction(task.secret["answer"])
        assert reward_of(env, task, f"I think <answer> {value} </answer>") == 1.0
        assert reward_of(env, task, f"<answer>{value.numerator * 6}/{value.denominator * 6}</answer>") == 1.0
        assert reward_of(env, task, f"<answer>{value + Fraction(1, 10**9)}</answer>") == 0.0
        assert reward_of(env, task, f"<answer>{-value}</answer>") == 0.0
        assert reward_of(env, task, f"<answer>{value}, {value + 1}</answer>") == 0.0
        assert reward_of(env, task, f"<answer>{value}</answer><answer>{value}</answer>") == 0.0
        assert reward_of(env, task, str(value)) == 0.0


def test_an_unreadable_answer_is_a_policy_error_and_a_wrong_one_is_graded() -> None:
    env = textgym.make(ID)
    task = env.task("train", 0)
    for action, status in (
        ("12", "policy_error"),
        ("<answer>a lot</answer>", "policy_error"),
        ("<answer>1</answer>", "ok"),
    ):
        live = env.start(task)
        _, reward, terminated, _, info = live.step(action)
        assert (reward, terminated, info["outcome"]["status"]) == (0.0, True, status)


def test_with_more_turns_an_unreadable_answer_may_be_repeated_but_a_wrong_one_may_not() -> None:
    env = textgym.make(ID, max_turns=3)
    task = env.task("train", 0)
    live = env.start(task)
    assert live.step("twelve")[2:4] == (False, False)
    assert live.step(env.oracle(task, live.state))[1] == 1.0
    live = env.start(task)
    assert live.step("<answer>1</answer>")[2]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"operators": "+^"}, "operators"),
        ({"operators": "++"}, "once"),
        ({"min_operations": 7}, "min_operations"),
        ({"larges": 5}, "largest"),
    ],
)
def test_wrong_settings_are_refused_by_name(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        textgym.make(ID, **settings)


def test_settings_that_no_expression_fits_are_a_clear_error() -> None:
    env = textgym.make(ID, operators="*", min_operations=20, max_operations=20, largest_value=100)
    with pytest.raises(TaskError, match="largest_value"):
        env.task("train", 0)
