"""The usual clothes of an answer: what is taken off, what never is, and that every family reads its answers in them."""

import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgym
from support.families import made, pay, tasks_of
from textgym.actions.answers import final_answer
from textgym.core import State, TextEnv
from textgym.envs.math import (
    algebra,
    calculus,
    certificates,
    combinatorics,
    geometry,
    graph_puzzles,
    linear_algebra,
    logic,
    number_theory,
    sequences,
    word_problems,
)
from textgym.envs.math.plain_answer import LONGEST, plain_answer

PAGES = (
    algebra, calculus, certificates, combinatorics, geometry, graph_puzzles, linear_algebra, logic, number_theory, sequences,
    word_problems,
)  # fmt: skip
FAMILIES = ["textgym/LongSum-v0", *(entry.id for page in PAGES for entry in page.ENVIRONMENTS)]
EVERY_FAMILY = pytest.mark.parametrize("env_id", FAMILIES)
CLOTHES = (
    "${}$", "$${}$$", r"\({}\)", r"\[{}\]", r"\boxed{{{}}}", "{}.", r"$\boxed{{{}}}$", "${}$.", "${}.$", r"\boxed{{${}$}}.",
    " $ {} $ . ",
)  # fmt: skip


@pytest.mark.parametrize("clothes", CLOTHES)
@pytest.mark.parametrize("answer", ["-19/205", "3", "2.5", "(1, 2), (3, 4)", "q = 3x^2 - x, r = 5", "[[1, 2], [3, 4]]"])
def test_clothes_are_taken_off(clothes: str, answer: str) -> None:
    assert plain_answer(clothes.format(answer)) == answer


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("−19/205", "-19/205"),
        ("√66", "sqrt(66)"),
        ("3*√(66)/2", "3*sqrt(66)/2"),
        ("√2.5", "sqrt(2.5)"),
        (r"\frac{1}{2}", "1/2"),
        (r"$-\frac{19}{205}$", "-19/205"),
        (r"\boxed{\dfrac{-19}{205}}", "-19/205"),
        ("3.", "3"),
    ],
)
def test_other_spellings_are_read(text: str, plain: str) -> None:
    assert plain_answer(text) == plain


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "3..", "0.5", ".5", "$", "$$", "$$$", "$ $", r"\boxed{}", r"\boxed{1} or \boxed{2}", "$1$ or $2$",
     r"\(1\) or \(2\)", "$1$, $2$", r"\boxed{1", r"\boxed{1}}", r"\boxed{\boxed{1}}", "1,234", "x = 3", "(3)", "[3]", "{3}",
     r"\frac{1}{2} + 1", r"1\frac{1}{2}", r"-\frac{-1}{2}", r"\frac{x}{2}", r"2\sqrt{3}", "√x", "√", "3 or 4", "$3$ cm",
     r"\$3", "3!", "3 .5", r"\text{3}"],
)  # fmt: skip
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert plain_answer(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1,234", "1234"),
        ("-1,234,567", "-1234567"),
        ("$1,234$.", "1234"),
        ("1,234.", "1234"),
        ("12,34", "12,34"),
        ("1234,567", "1234,567"),
        ("0,123", "0,123"),
        ("1,234.5", "1,234.5"),
        ("1,234/5", "1,234/5"),
        ("1, 234", "1, 234"),
        ("1,234, 5", "1,234, 5"),
        ("1,234,56", "1,234,56"),
    ],
)
def test_digits_are_grouped_in_one_way_and_only_in_whole_numbers(text: str, plain: str) -> None:
    assert plain_answer(text, thousands=True) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x = 3", "3"),
        ("x=-1/2", "-1/2"),
        ("$x = 3$.", "3"),
        (r"x = $\boxed{3}$", "3"),
        ("x = 3, 4", "3, 4"),
        ("x = 3 or x = 4", "x = 3 or x = 4"),
        ("x = x = 3", "x = x = 3"),
        ("X = 3", "X = 3"),
        ("y = 3", "y = 3"),
        ("2x = 6", "2x = 6"),
        ("x =", "x ="),
        ("x == 3", "x == 3"),
        ("3 = x", "3 = x"),
    ],
)
def test_the_unknown_may_be_named(text: str, plain: str) -> None:
    assert plain_answer(text, unknown="x") == plain


@given(
    st.text(r"0123456789,.-−√$\()[]{}=x /boxedfrac ", max_size=40)
    | st.lists(st.sampled_from(["$", "$$", r"\(", r"\)", r"\boxed{", "}", ".", "x = ", "1,234", "√66", "−", r"\frac{1}{2}"]))
    .map("".join)
    | st.text(max_size=30),
    st.booleans(),
    st.sampled_from(["", "x"]),
)  # fmt: skip
def test_what_is_plain_stays_plain(text: str, thousands: bool, unknown: str) -> None:
    plain = plain_answer(text, unknown=unknown, thousands=thousands)
    assert plain_answer(plain, unknown=unknown, thousands=thousands) == plain


@pytest.mark.parametrize(
    "piece", ["$", r"\boxed{", "}", "{", ".", ",123", "√", "√1", "x=", r"\(", " ", "1", r"\frac{", "−"]
)
def test_time_is_linear_in_a_bounded_length(piece: str) -> None:
    text = piece * (LONGEST // len(piece))
    begun = time.process_time()
    for dressed in (text, f"${text}$", rf"\boxed{{{text}}}", f"1{text}"):
        plain_answer(dressed, unknown="x", thousands=True)
        long = dressed * 1000
        assert plain_answer(long) is long
    assert time.process_time() - begun < 0.5


# -- families ----------------------------------------------------------------------------------------------------------

MADE: dict[str, TextEnv[Any, Any]] = {}


@EVERY_FAMILY
def test_every_family_reads_its_answer_in_clothes(env_id: str) -> None:
    env = MADE.setdefault(env_id, textgym.make(env_id))
    for index in range(3):
        task = env.task("train", index)
        answer = final_answer(env.oracle(task, State()))
        assert answer is not None
        for clothes in CLOTHES:
            if "." not in clothes or ".." not in answer:  # in a picture of dots a full stop is a cell
                assert pay(env, task, clothes.format(answer)) == 1.0, clothes.format(answer)


@EVERY_FAMILY
def test_no_cheat_is_paid_in_clothes(env_id: str) -> None:
    env: Any = MADE.setdefault(env_id, textgym.make(env_id))
    for index in range(4):
        task = env.task("test", index)
        letter = env.unknown(task)
        for name, script in env.cheats(task).items():
            for action in script:
                answer = final_answer(action)
                if answer is not None and len(answer) < LONGEST:
                    for clothes in (*CLOTHES, *([f"{letter} = {{}}"] if letter else [])):
                        assert pay(env, task, clothes.format(answer)) == 0.0, (name, clothes.format(answer)[:100])


@EVERY_FAMILY
def test_hedges_in_clothes_are_not_paid(env_id: str) -> None:
    env = MADE.setdefault(env_id, textgym.make(env_id))
    for index in range(3):
        task = env.task("train", index)
        answer = final_answer(env.oracle(task, State()))
        for hedge in ("${}$ or $0$", r"\boxed{{{}}} \boxed{{0}}", "${}$ $0$", "{}. 0.", "${}$?", "x = {} or x = 0"):
            assert pay(env, task, hedge.format(answer)) == 0.0, hedge.format(answer)


@pytest.mark.parametrize(
    "name", ["LongSum", "Divisors", "CountingArrangements", "WordProblem", "Determinant", "Arithmetic"]
)
def test_whole_numbers_may_have_grouped_digits(name: str) -> None:
    env, tried = made(name), 0
    for task in tasks_of(name, 60):
        answer = str(task.secret["answer"])
        if "/" not in answer and abs(int(answer)) > 999:
            tried += 1
            assert pay(env, task, f"{int(answer):,}") == 1.0
            assert pay(env, task, f"{int(answer):,}".replace(",", ", ", 1)) == 0.0
            assert pay(env, task, f"{int(answer):,}".replace(",", ".", 1)) == 0.0
    assert tried


@pytest.mark.parametrize("picture", ["..#\n#..\n.#.", "#..\n.##\n##.", "#.\n#."])
def test_a_dot_at_the_end_of_a_picture_stays(picture: str) -> None:
    assert plain_answer(f"${picture}$") == picture
    assert plain_answer(picture) == picture


def test_lists_stay_lists() -> None:
    env = made("LinearCongruence", smallest=2_000, largest=9_000)
    tried = 0
    for task in tasks_of("LinearCongruence", 100, smallest=2_000, largest=9_000):
        for number in task.secret["solutions"]:
            if len(task.secret["solutions"]) == 1 and number > 999:
                tried += 1
                assert pay(env, task, f"{number:,}") == 0.0
                assert pay(env, task, f"x = {number}") == 1.0
    assert tried


@pytest.mark.parametrize(
    "name", ["LinearEquation", "LinearCongruence", "CompositenessWitness", "FindWitness", "CounterExample"]
)
def test_the_unknown_of_a_family_may_be_named(name: str) -> None:
    env: Any = made(name)
    named = 0
    for task in tasks_of(name, 20):
        letter, answer = env.unknown(task), task.secret["answer"]
        if letter:
            named += 1
            assert f"{letter} " in task.prompt or f"{letter}:" in task.prompt
            assert pay(env, task, f"{letter} = {answer}") == 1.0
            assert pay(env, task, f"${letter}={answer}$.") == 1.0
            assert pay(env, task, f"{letter} = {answer} or {letter} = 0") == 0.0
            assert pay(env, task, f"{letter.upper()} = {answer}") == 0.0
            assert pay(env, task, f"{letter} = {letter} = {answer}") == 0.0
    assert named


@pytest.mark.parametrize("name", ["SurdDistance", "TriangleArea", "QuadraticRoots", "Eigenvalues"])
def test_roots_may_be_written_as_signs(name: str) -> None:
    env = made(name)
    tried = 0
    for task in tasks_of(name, 30):
        answer = final_answer(env.oracle(task, State())) or ""
        signs = re.sub(r"sqrt\((\d+)\)", r"√\1", answer)
        tried += signs != answer
        assert pay(env, task, signs) == 1.0
    assert tried


def test_what_is_in_the_form_means_what_it_meant() -> None:
    env = made("Nonogram")  # a row may end with a full stop
    for task in tasks_of("Nonogram", 20):
        assert pay(env, task, final_answer(env.oracle(task, State())) or "") == 1.0
    env = made("BaseConversion")
    for task in tasks_of("BaseConversion", 30):
        answer = str(task.secret["answer"])
        assert pay(env, task, f"{answer}.") == 1.0
        for written in (
            f"{answer[0]},{answer[1:]}",
            f"{answer} (base {task.data['base']})",
            f"-{answer}",
            f"0x{answer}",
        ):
            assert pay(env, task, written) == 0.0


def test_arithmetic_reads_clothes_and_no_formula() -> None:
    env = made("Arithmetic")
    for task in tasks_of("Arithmetic", 20):
        answer = task.secret["answer"]
        for clothes in CLOTHES:
            assert pay(env, task, clothes.format(answer)) == 1.0
        for wrong in (f"{answer} + 0", f"({answer})", f"{answer}, {answer}", f"{answer}.0."):
            assert pay(env, task, wrong) == 0.0
