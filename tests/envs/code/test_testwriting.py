"""TestWrite: tests are data, a right suite is paid by what it catches, and nothing else is paid."""

import asyncio
import contextlib
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgym.core import ConfigError, InfraError, Random
from textgym.envs.code.functions.bank import problem
from textgym.envs.code.functions.metering import Program
from textgym.envs.code.testwriting import TestWrite
from textgym.envs.code.testwriting.mutants import FEWEST, MOST, challenge, challenges
from textgym.envs.code.testwriting.running import ExhaustingError, run_suite
from textgym.envs.code.testwriting.suites import SuiteError, WrittenTest, read_suite, written_suite
from textgym.graders.code import box as boxes
from textgym.sandbox.driver import encode

ADD = "def add(a, b):\n    return a + b\n"


def values() -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | st.text(max_size=8)
    keys = st.integers(-9, 9) | st.text(max_size=3)
    return st.recursive(
        plain,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.lists(inner, max_size=3).map(tuple)
            | st.dictionaries(keys, inner, max_size=3)
        ),
        max_leaves=6,
    )


@given(st.lists(st.tuples(st.lists(values(), max_size=3).map(tuple), values()), min_size=1, max_size=4))
@settings(max_examples=120)
def test_a_suite_that_was_written_is_read_back(tests: list[tuple[tuple[Any, ...], Any]]) -> None:
    if len({encode(list(args), canonical=True) for args, _ in tests}) < len(tests):
        return
    text = written_suite("f", tests)
    if max(map(len, text.split("\n"))) > 1000:
        return
    read = read_suite(text, "f", 4)
    assert [encode([list(one.args), one.expected]) for one in read] == [
        encode([list(args), expected]) for args, expected in tests
    ]
    assert [one.line for one in read] == list(range(1, len(tests) + 1))


@given(st.text("assert f()[]{},:='\"1-+~.*\\ \n", max_size=200))
@settings(max_examples=300)
def test_any_text_is_a_suite_or_refused(text: str) -> None:
    for each in (text, f"assert f({text}) == 1", f"assert f() == {text}"):
        with contextlib.suppress(SuiteError):
            assert read_suite(each, "f", 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "assert f(1) == f(1)",
        "assert g(1) == 1",
        "assert f(1) == 1 == 1",
        "assert f(1) == 1, 'why'",
        "assert f(a=1) == 1",
        "assert f(*[1]) == 1",
        "assert f(**{}) == 1",
        "assert f(1) == {**{}}",
        "assert f(1) == 1.0",
        "assert f(1) == b''",
        "assert f(1) == {1}",
        "assert f(1) == 1 + 1",
        "assert f(1) == {[]: 1}",
        "assert f(f'{1}') == 1",
        "assert f(__import__('os')) == 1",
        "assert f(10**9) == 1",
        f"assert f({'9' * 19}) == 1",
        f"assert f({'9' * 900}) == 1",
        f"assert f({'[' * 40}{']' * 40}) == 1",
        f"assert f({'-' * 900}1) == 1",
        f"assert f({'not ' * 200}1) == 1",
        f"assert f('{'x' * 1000}') == 1",
        "assert f(1) == 1\nassert f(1) == 2",
        "assert f(1) == 1; assert f(2) == 1",
        "import os",
        "\n".join(f"assert f({i}) == 1" for i in range(6)),
    ],
)
def test_what_is_no_suite_is_refused(text: str) -> None:
    with pytest.raises(SuiteError) as caught:
        read_suite(text, "f", 5)
    assert len(str(caught.value)) < 400


def test_identity_with_a_literal_and_fences_are_read() -> None:
    read = read_suite("```python\nassert f(1) is True  # yes\n  assert f() == -3\n```", "f", 5)
    assert [(one.line, one.args, one.expected) for one in read] == [(2, (1,), True), (3, (), -3)]


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_every_task_has_mutants_that_few_tests_are_known_to_catch(split: Any) -> None:
    shelf = challenges(split, "mixed")
    assert len(shelf) > 50
    for index in range(0, len(shelf), max(1, len(shelf) // 8)):
        place = shelf[index]
        found = problem(place.family, place.variant)
        asked = challenge(place.family, place.variant, 8)
        assert FEWEST <= len(asked.bugs) <= MOST
        assert len(asked.cases) <= 8
        for bug in asked.bugs:
            program = Program(bug.apply(found.source), found.entry)
            assert any(
                program.run(list(found.hidden[number].args), 50_000)[0]
                != encode(found.hidden[number].expected, canonical=True)
                for number in asked.cases
            )


@pytest.fixture(scope="module")
def box() -> Any:
    """The pool, or a skipped test where there can be none."""
    try:
        yield boxes.open_box()
    except InfraError as error:
        pytest.skip(str(error))
    boxes.close_box()


def run(mutants: list[str], tests: list[tuple[tuple[Any, ...], Any]], reference: str = ADD) -> Any:
    suite = [WrittenTest(number, args, expected) for number, (args, expected) in enumerate(tests)]
    return asyncio.run(run_suite("add", reference, mutants, suite))


@pytest.mark.usefixtures("box")
class TestRuns:
    def test_mutants_are_caught_by_values_types_errors_and_endlessness(self) -> None:
        mutants = [
            "def add(a, b):\n    return a - b\n",
            "def add(a, b):\n    return b + a\n",
            "def add(a, b):\n    return float(a + b)\n",
            "def add(a, b):\n    raise KeyError\n",
            "def add(a, b):\n    while True:\n        a += 0\n",
            "def add(a, b):\n    return object()\n",
            "def add(a, b):\n    raise SystemExit\n",
        ]
        caught = run(mutants, [((1, 2), 3), ((0, 0), 0)])
        assert caught.passes == (True, True)
        assert caught.mutants == (True, False, True, True, True, True, True)

    def test_where_the_reference_fails_nothing_is_caught(self) -> None:
        caught = run(["def add(a, b):\n    return 1\n"], [((1, 2), 3), ((1, 2), True), (("a",), 0), ((1, 1), 2)])
        assert caught.passes == (True, False, False, True)
        assert caught.mutants == ()

    def test_a_test_on_which_the_reference_takes_too_long_fails(self) -> None:
        slow = "def add(a, b):\n    for _ in range(a):\n        b += 1\n    return b\n"
        assert run([], [((10, 1), 11), ((10**9, 1), 10**9 + 1)], slow).passes == (True, False)

    def test_what_cannot_be_interrupted_ends_with_its_process(self) -> None:
        with pytest.raises(ExhaustingError):
            run([], [((7, 10**17), 0)], "def add(a, b):\n    return len(str(a**b))\n")

    def test_the_oracle_earns_one_and_half_of_it_less(self) -> None:
        env, short = TestWrite(), TestWrite(min_tests=1)
        shares = []
        for index in range(4):
            env.reset(options={"split": "test", "index": index})
            task = env.task("test", index)
            _, reward, terminated, _, info = env.step(env.oracle(task, None))  # type: ignore[arg-type]
            assert (reward, terminated, info["outcome"]["success"]) == (1.0, True, True)
            short.reset(options={"split": "test", "index": index})
            first = task.secret["tests"].split("\n")[0]
            shares.append(short.step(f"<answer>{first}</answer>")[1])
        assert all(share > 0 for share in shares)
        assert min(shares) < 1

    def test_all_or_nothing_on_demand(self) -> None:
        for index in range(6):
            share, strict = TestWrite(min_tests=1), TestWrite(min_tests=1, reward="all")
            first = share.task("test", index).secret["tests"].split("\n")[0]
            earned = []
            for env in (share, strict):
                env.reset(options={"split": "test", "index": index})
                earned.append(env.step(f"<answer>{first}</answer>")[1])
            assert earned[1] == float(earned[0] == 1)

    def test_wrong_tests_are_counted_but_not_named_and_can_be_mended(self) -> None:
        env = TestWrite(max_turns=2)
        env.reset(seed=3)
        task = env.task("train", 3)
        right = task.secret["tests"]
        first, *rest = right.split("\n")
        wrong = "\n".join([first.rsplit(" == ", 1)[0] + " == 'no such value'", *rest])
        text, reward, terminated, _, info = env.step(f"<answer>\n{wrong}</answer>")
        assert (reward, terminated, info["tests_failed"], info["mutants_caught"]) == (0.0, False, 1, 0)
        assert f"fails 1 of {len(rest) + 1} tests" in text
        assert "line" not in text
        assert env.step(f"<answer>{right}</answer>")[1:3] == (1.0, True)
        env.reset(seed=3)
        env.step("<answer>nothing</answer>")
        _, reward, terminated, _, info = env.step(f"<answer>{wrong}</answer>")
        assert (reward, terminated, info["outcome"]["success"]) == (0.0, True, False)

    def test_which_test_is_wrong_cannot_be_told_from_the_text(self) -> None:
        env = TestWrite()
        tests = env.task("train", 3).secret["tests"].split("\n")
        texts = set()
        for place in range(len(tests)):
            env.reset(options={"split": "train", "index": 3})
            broken = [*tests]
            broken[place] = broken[place].rsplit(" == ", 1)[0] + " == 'no such value'"
            texts.add(env.step("<answer>" + "\n".join(broken) + "</answer>")[0])
        assert len(texts) == 1

    def test_guessing_and_cheating_earn_nothing(self) -> None:
        env = TestWrite()
        env.reset(seed=5)
        task = env.task("train", 5)
        cheats = env.cheats(task)
        scripts = [script for name, script in cheats.items() if not name.startswith("simple calls")]
        scripts.append([env.random_action(task, None, Random(b"guess"))])  # type: ignore[arg-type]
        assert len(scripts) >= 12
        for script in scripts:
            env.reset(seed=5)
            for action in script:
                _, reward, *_ = env.step(action)
                assert reward == 0.0

    def test_guessing_results_of_simple_calls_hardly_pays(self) -> None:
        env = TestWrite()
        earned: dict[str, list[float]] = {}
        for index in range(60):
            task = env.task("train", index)
            for name, script in env.cheats(task).items():
                if name.startswith("simple calls"):
                    live, rewards = env.start(task), [0.0]
                    for action in script:
                        if not live.ended:
                            rewards.append(live.step(action)[1])
                    earned.setdefault(name, []).append(sum(rewards))
        assert len(earned) >= 2
        for rewards in earned.values():
            assert sum(rewards) / 60 <= env.random_ceiling


def test_a_suite_that_is_too_short_is_malformed_and_says_what_to_write() -> None:
    env = TestWrite()
    task = env.task("train", 3)
    assert "Give 8 to 12 tests" in task.prompt
    live = env.start(task)
    few = "\n".join(task.secret["tests"].split("\n")[:7])
    text, reward, terminated, *_ = live.step(f"<answer>{few}</answer>")
    assert (reward, terminated) == (0.0, False)
    assert "only 7; write 8 to 12 tests" in text
    assert "exactly 8 tests" in TestWrite(max_tests=8).task("train", 3).prompt


def test_more_than_half_of_the_tests_may_not_expect_the_same() -> None:
    env = TestWrite()
    live = env.start(env.task("train", 3))
    entry = re.findall(r"def (\w+)", live.task.prompt)[-1]
    alike = "\n".join(f"assert {entry}({number}) == {0 if number < 6 else number}" for number in range(8))
    text = live.step(f"<answer>{alike}</answer>")[0]
    assert "6 of 8 expect the same value" in text


@pytest.mark.parametrize(("fewest", "most"), [(8, 8), (12, 12), (1, 24), (12, 24)])
def test_the_oracle_writes_tests_enough_and_not_alike(fewest: int, most: int) -> None:
    env = TestWrite(min_tests=fewest, max_tests=most)
    for index in range(40):
        task = env.task("train", index)
        tests = read_suite(task.secret["tests"], re.findall(r"def (\w+)", task.prompt)[-1], most)
        assert fewest <= len(tests) <= most
        expected = [encode(test.expected, canonical=True) for test in tests]
        assert max(map(expected.count, expected)) <= (len(tests) + 1) // 2


def test_more_tests_at_least_than_at_most_is_an_error_that_names_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"min_tests \(10\) must not be above max_tests \(8\)"):
        TestWrite(min_tests=10, max_tests=8)


def test_the_function_is_shown_on_demand() -> None:
    hidden, shown = TestWrite().task("train", 7), TestWrite(code=True).task("train", 7)
    assert len(shown.prompt) > len(hidden.prompt)
    assert "return" in shown.prompt
