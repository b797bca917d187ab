"""Tests on objects: what they can do with objects of another sandbox, whose fault an end is, and what passes between both."""

import asyncio
import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.sandboxes import BOTH, Watched
from textgym.core import GraderError
from textgym.sandbox import Limits, Sandbox, SandboxLostError, open_sandbox
from textgym.sandbox.judging.messages import MalformedMessageError, Result, from_candidate, from_judge
from textgym.sandbox.judging.verdict import test_names as names_of_tests

SOURCE = """
class Empty(Exception):
    pass

class Vector:
    kind = "vector"
    def __init__(self, x, y=0):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)
    def __lt__(self, other):
        return self.x < other.x
    def __len__(self):
        return 2
    def __iter__(self):
        yield self.x
        yield self.y
    def __getitem__(self, at):
        return (self.x, self.y)[at]
    def __setitem__(self, at, value):
        setattr(self, "xy"[at], value)
    def __contains__(self, item):
        return item in (self.x, self.y)
    def __str__(self):
        return f"({self.x}, {self.y})"
    def __neg__(self):
        return Vector(-self.x, -self.y)
    def __enter__(self):
        self.x += 100
        return self
    def __exit__(self, *error):
        self.x -= 100

def count(n):
    yield from range(n)

def each(function, values):
    return [function(value) for value in values]

def nested(function, depth):
    return function(depth)

def swallow(function):
    try:
        function(1)
    except Exception as error:
        return type(error).__name__

def fail(kind):
    raise {"own": Empty, "key": KeyError, "exit": SystemExit, "assertion": AssertionError}[kind]("said")

def echo(value):
    return value
"""

TESTS = """
from solution import Vector

def test_operations(solution):
    v = Vector(1, y=2)
    assert (v.x, v.y, v.kind, len(v), list(v), v[1], 2 in v, 3 in v, str(v)) == (1, 2, "vector", 2, [1, 2], 2, True, False, "(1, 2)")
    assert v + v == Vector(2, 4) and v != Vector(1, 1) and v < Vector(2) and -v == Vector(-1, -2)
    v[0] = 5
    v.y = 6
    assert (v.x, v.y) == (5, 6)
    with v as same:
        assert same.x == 105
    assert v.x == 5
    assert isinstance(v, Vector) and not isinstance(3, Vector)
    assert repr(v) == "<object of type Vector>"

def test_plain_data_is_what_it_is(solution):
    for value in (None, True, 0, -1.5, "ü\\ud800", b"\\0\\xff", [1, (2, {3: {4}})], 10**40, float("inf")):
        got = solution.echo(value)
        assert got == value and type(got) is type(value)

def test_an_object_is_no_plain_data(solution):
    v = Vector(1)
    assert not v == 1 and v != (1, 0) and not (v == None) and v not in [1, 2, "x"]
    try:
        bool(v)
    except TypeError:
        pass
    else:
        assert False

def test_generators(solution):
    counting = solution.count(3)
    assert [next(counting), *counting] == [0, 1, 2]

def test_exceptions(solution):
    with raises("Empty"):
        solution.fail("own")
    with raises("KeyError", "IndexError"):
        solution.fail("key")
    try:
        solution.fail("key")
    except KeyError as error:
        assert error.args == ("'said'",)
    for kind, name in (("exit", "SystemExit"), ("assertion", "AssertionError"), ("own", "Empty")):
        try:
            solution.fail(kind)
        except RemoteError as error:
            assert error.name == name

def test_functions(solution):
    assert solution.each(lambda x: x * 2, [1, 2]) == [2, 4]
    def down(n):
        return 0 if n == 0 else 1 + solution.nested(down, n - 1)
    assert solution.nested(down, 5) == 5
    def refuse(x):
        raise ValueError("no")
    assert solution.swallow(refuse) == "ValueError"
    made = solution.each(Vector, [1, 2])
    assert made[1] == Vector(2)
"""


@pytest.fixture(params=BOTH, scope="module")
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with open_sandbox(request.param, slots=2, spares=0, limits=Limits(wall_s=20)) as pool:
        yield pool


def test_objects_do_what_they_are_asked_to(box: Sandbox) -> None:
    judged = box.grade_objects(SOURCE, TESTS)
    assert [test for test in judged.per_test if not test.passed] == []
    assert (judged.passed, judged.status, judged.share) == (True, "ok", 1.0)
    assert judged.raise_for_infra() is judged


def test_each_test_has_its_verdict(box: Sandbox) -> None:
    tests = """
def test_right(solution): assert solution.echo(1) == 1
def test_wrong(solution): assert solution.echo(1) == 2, "told"
def test_raises(solution): solution.fail("own")
def test_broken(solution): solution.echo(object())
def test_function(solution):
    def check(x): assert x == 2
    solution.swallow(check)
"""
    judged = box.grade_objects(SOURCE, tests)
    assert [(test.name, test.status) for test in judged.per_test] == [
        ("test_right", "passed"), ("test_wrong", "failed"), ("test_raises", "raised"), ("test_broken", "raised"),
        ("test_function", "failed"),
    ]  # fmt: skip
    assert (judged.passed, judged.status, judged.share) == (False, "ok", 0.2)
    assert judged.per_test[1].detail == "told"
    assert "Empty: said" in judged.per_test[2].detail


ONE = "def test_first(solution): assert solution.echo(1) == 1\ndef test_second(solution): solution.f()\n"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("import os; os._exit(0)", "exit"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal"),
        ("while True: pass", "cpu"),
        ("import time; time.sleep(60)", "timeout"),
        ("import sys; sys.stdout.write('x' * 2**24); sys.stdout.flush()", "output_limit"),
        ("return 'x' * 2**24", "output_limit"),
    ],
)
def test_how_the_code_ends_is_its_own_fault(box: Sandbox, body: str, status: str) -> None:
    source = f"def echo(x): return x\ndef f():\n    {body}\n"
    judged = box.grade_objects(source, ONE, limits=Limits(wall_s=3 if status == "timeout" else 30, cpu_s=1))
    assert (judged.passed, judged.status) == (False, status), judged
    assert [(test.passed, test.status) for test in judged.per_test] == [(True, "passed"), (False, status)]
    assert judged.raise_for_infra() is judged


def test_a_loop_over_what_never_ends_is_a_timeout(box: Sandbox) -> None:
    source = "def echo(x): return x\ndef f():\n    while True:\n        yield 1\n"
    tests = "def test_first(solution): list(solution.f())"
    assert box.grade_objects(source, tests, limits=Limits(wall_s=1)).status == "timeout"


def test_code_that_cannot_be_loaded_fails_every_test(box: Sandbox) -> None:
    for source in ("1 / 0", "def", "import no_such_module", "\ud800"):
        judged = box.grade_objects(source, ONE)
        assert [test.status for test in judged.per_test] == ["unloadable"] * 2
        assert (judged.passed, judged.status) == (False, "ok")


@pytest.mark.parametrize(
    "tests",
    [
        "import no_such_module\ndef test_a(): pass",
        "def test_a():\n    import os\n    os._exit(0)",
        "def test_a(): pass\ndel test_a",
    ],
)
def test_tests_that_fail_themselves_are_no_verdict(box: Sandbox, tests: str) -> None:
    judged = box.grade_objects(SOURCE, tests)
    assert (judged.passed, judged.status) == (False, "judge_error")
    with pytest.raises(GraderError):
        judged.raise_for_infra()


@pytest.mark.parametrize("tests", ["", "def", "def check(): pass", "def test_a(): pass\ndef test_a(): pass"])
def test_what_is_no_test_is_refused(box: Sandbox, tests: str) -> None:
    with pytest.raises(ValueError, match="tests"):
        box.grade_objects(SOURCE, tests)


def test_many_verdicts_at_once_never_wait_for_each_other(box: Sandbox) -> None:
    right = "def echo(x): return x\ndef f(): pass"
    with ThreadPoolExecutor(6) as threads:
        passed = list(
            threads.map(lambda number: box.grade_objects(right if number % 2 else "f = echo = 1", ONE).passed, range(8))
        )
    assert passed == [bool(number % 2) for number in range(8)]

    async def awaited() -> list[bool]:
        return [each.passed for each in await asyncio.gather(*(box.agrade_objects(right, ONE) for _ in range(4)))]

    assert asyncio.run(awaited()) == [True] * 4
    assert box.run_python("print(1)").ok


@pytest.mark.parametrize("provider", BOTH)
def test_one_slot_is_not_enough_and_losses_are_told(provider: str) -> None:
    watched = Watched(provider)
    with open_sandbox(watched, slots=1, spares=0) as pool, pytest.raises(ValueError, match="at least 2 slots"):
        pool.grade_objects(SOURCE, ONE)
    with open_sandbox(watched, slots=2, spares=0) as pool:
        pool.warm_up()
        watched.started[0].kill()
        right = "def echo(x): return x\ndef f(): pass"
        assert pool.grade_objects(right, ONE).passed
        for transport in watched.started:
            transport.kill()
        watched.failing = True
        judged = pool.grade_objects(right, ONE)
        assert (judged.passed, judged.status) == (False, "lost")
        with pytest.raises(SandboxLostError):
            judged.raise_for_infra()
        watched.failing = False
        assert pool.grade_objects(right, ONE).passed


ASKED = [("judge", 3)]
CALLED = [("judge", 3), ("candidate", 1)]


@pytest.mark.parametrize(
    "message",
    [
        ["answer", 3, ["value", {"x": 1}]],
        ["answer", 3, ["object", 0, "Stack"]],
        ["answer", 3, ["raised", "KeyError", "'a'"]],
        ["ask", 1, 0, [["value", 1], ["object", 2, "Node"]]],
    ],
)
def test_what_the_code_may_say(message: list[object]) -> None:
    assert from_candidate(message, ASKED) == message


@pytest.mark.parametrize(
    "message",
    [
        ["answer", 2, ["value", 1]], ["answer", True, ["value", 1]], ["answer", 3], ["answer", 3, ["value"]],
        ["answer", 3, ["value", 1], 0], ["answer", 3, ["object", -1, "x"]], ["answer", 3, ["object", True, "x"]],
        ["answer", 3, ["object", 0, "x" * 101]], ["answer", 3, ["raised", "E"]], ["answer", 3, ["raised", "E", "x" * 301]],
        ["result", 0, "test_a", "passed", ""], ["done"], ["loaded"], [], None, "answer", {"answer": 3}, ("answer", 3, ["value", 1]),
        ["ask", 1, 0, [["raised", "E", ""]]], ["ask", 1, True, []], ["ask", 1, 0, [7]],
    ],
)  # fmt: skip
def test_what_the_code_may_not_say(message: object) -> None:
    with pytest.raises(MalformedMessageError):
        from_candidate(message, ASKED)
    with pytest.raises(MalformedMessageError):
        from_candidate(["answer", 3, ["value", 1]], CALLED)
    with pytest.raises(MalformedMessageError):
        from_candidate(["answer", 3, ["value", 1]], [])


def test_results_are_taken_in_order_once_and_whole() -> None:
    names = ["test_a", "test_b"]
    result = ["result", 0, "test_a", "passed", ""]
    assert from_judge(result, [], names, 0) == Result("test_a", "passed", "")
    assert from_judge(["done"], [], names, 2) is None
    for message, pending, done in (
        (result, [], 1), (result, ASKED, 0), (["result", 1, "test_b", "passed", ""], [], 0),
        (["result", 0, "test_b", "passed", ""], [], 0), (["result", 0, "test_a", "fine", ""], [], 0),
        (["done"], [], 1), (["done"], ASKED, 2), (["result", 2, "test_c", "passed", ""], [], 2),
    ):  # fmt: skip
        with pytest.raises(MalformedMessageError):
            from_judge(message, pending, names, done)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.text(max_size=8)
    | st.sampled_from(["ask", "answer", "value", "done"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=10,
)


@given(
    plain | st.lists(plain).map(lambda rest: ["answer", 3, *rest]) | st.lists(plain).map(lambda rest: ["ask", 1, *rest])
)
def test_anything_else_is_refused_or_passed_on_as_it_is(message: object) -> None:
    for pending in ([], ASKED, CALLED):
        with contextlib.suppress(MalformedMessageError):
            assert from_candidate(message, pending) is message
            assert pending == ASKED
        with contextlib.suppress(MalformedMessageError):
            said = from_judge(message, pending, ["test_a"], 0)
            assert said is message or (isinstance(said, Result) and pending == [])


@given(st.text(max_size=200))
def test_names_of_tests_are_found_or_refused(source: str) -> None:
    with contextlib.suppress(ValueError):
        assert names_of_tests(source)


def test_names_of_tests_are_those_at_the_top_in_order() -> None:
    source = "def test_b(): pass\nclass T:\n    def test_x(self): pass\ndef helper(): pass\ndef test_a(s): pass"
    assert names_of_tests(source) == ["test_b", "test_a"]
