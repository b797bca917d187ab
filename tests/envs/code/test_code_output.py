"""CodeOutput: what programs return is told and found exactly, and literals are read as data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgym
from textgym.core import State
from textgym.diagnostics import EnvironmentSuite
from textgym.envs.code.functions.metering import Program
from textgym.envs.code.functions.pool import LIMIT, draw_pool
from textgym.envs.code.functions.themes import families
from textgym.envs.code.literals import LONGEST, LiteralError, read_literal
from textgym.sandbox.driver import decode, encode

ID = "textgym/CodeOutput-v0"
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.mark.docker
class TestCodeOutput(EnvironmentSuite):
    env_id = ID
    tasks = 12


@pytest.mark.slow
@pytest.mark.docker
class TestMoreOfCodeOutput(EnvironmentSuite):
    env_id = ID


@pytest.mark.parametrize("program", ["reference", "mutant"])
def test_the_answer_is_what_python_says(program: str) -> None:
    env = textgym.make(ID, ask="output", program=program)
    for index in range(40):
        task = env.task("train", index)
        names: dict[str, object] = {}
        exec(task.data["program"], names)
        function = names[task.data["entry"]]
        assert callable(function)
        args, result = decode(task.secret["case"])
        assert function(*args) == result == read_literal(task.secret["answer"])
        assert task.data["program"] in task.prompt


@pytest.mark.docker
def test_any_arguments_with_the_right_result_are_paid() -> None:
    env = textgym.make(ID, ask="input", program="reference")
    tried = 0
    for index in range(60):
        task = env.task("train", index)
        args, result = decode(task.secret["case"])
        program = Program(task.data["program"], task.data["entry"])
        wanted = encode(result, canonical=True)
        others = [other for other in draw_pool(families()[task.data["family"]], task.data["variant"]) if other != args]
        same = [other for other in others if program.run(other, LIMIT)[0] == wanted]
        if same:
            assert env.start(task).step(f"<answer>{same[0]!r}</answer>")[1] == 1.0
            different = next(other for other in others if other not in same)
            assert env.start(task).step(f"<answer>{different!r}</answer>")[1] == 0.0
            tried += 1
        if tried == 4:
            return
    raise AssertionError("no task has two solutions among the known inputs")


@pytest.mark.parametrize("program", ["reference", "mutant"])
def test_the_value_asked_about_is_no_argument_that_gives_it(program: str) -> None:
    env = textgym.make(ID, ask="input", program=program)
    plain: dict[type, list[object]] = {int: [0, 1, 2], str: ["", "a"], list: [[]], bool: [False], dict: [{}]}
    for index in range(150):
        task = env.task("train", index)
        args, result = decode(task.secret["case"])
        function = Program(task.data["program"], task.data["entry"])
        wanted = encode(result, canonical=True)
        for choice in range(3):
            rest = [(plain.get(type(arg)) or [None])[choice % len(plain.get(type(arg)) or [None])] for arg in args]
            assert function.run(rest, LIMIT)[0] != wanted
            for place in range(len(args)):
                naive = [*rest[:place], result, *rest[place + 1 :]]
                assert function.run(naive, LIMIT)[0] != wanted, (task.data["program"], naive)
        assert function.run([result] * len(args), LIMIT)[0] != wanted


def test_the_value_asked_for_is_neither_an_argument_nor_its_length() -> None:
    env = textgym.make(ID, ask="output")
    for index in range(150):
        args, result = decode(env.task("train", index).secret["case"])
        seen = [encode(arg, canonical=True) for arg in args]
        seen += [encode(len(arg), canonical=True) for arg in args if isinstance(arg, str | list | dict)]
        assert encode(result, canonical=True) not in seen


@pytest.mark.docker
@pytest.mark.parametrize("ask", ["input", "output"])
def test_what_was_shown_is_not_paid_when_it_is_given_back(ask: str) -> None:
    env = textgym.make(ID, ask=ask)
    for index in range(20):
        task = env.task("train", index)
        echoes = [script for name, script in env.cheats(task).items() if "argument" in name and "no " not in name]
        assert len(echoes) >= 2
        for script in echoes:
            assert env.start(task).step(script[0])[1] == 0.0


def test_the_type_counts() -> None:
    env = textgym.make(ID, ask="output")
    for index in range(300):
        task = env.task("train", index)
        answer = task.secret["answer"]
        if answer.isdigit():
            live = env.start(task)
            assert live.step(f"<answer>{answer}.0</answer>")[1] == 0.0
            assert env.start(task).step(env.oracle(task, State()))[1] == 1.0
            return
    raise AssertionError("no task asks for a number")


@given(plain)
def test_a_literal_is_read_back(value: object) -> None:
    assert read_literal(repr(value)) == value


@given(st.text(max_size=60) | st.text(alphabet="[](){},'\"-+1a: ", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_literal(text)
    except LiteralError:
        return


@pytest.mark.parametrize(
    "text",
    ["", "x", "f(1)", "1 + 1", "--1", "-" * 3_000 + "1", "[" * 1_000, "(" * 45 + ")" * 45, "1" * (LONGEST + 1),
     "__import__('os')", "[1 for _ in 'a']", "{[]: 1}", "'a" , "\x00", "1;2"],
)  # fmt: skip
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(LiteralError):
        read_literal(text)
