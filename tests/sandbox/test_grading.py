"""Sources graded in real sandboxes: right ones pass, and nothing but right values ever does."""

import asyncio
import textwrap
from collections.abc import Iterator

import pytest

from textgym.sandbox import Limits, open_sandbox
from textgym.sandbox.compare import Comparison
from textgym.sandbox.pool import Sandbox

LIMITS = Limits(wall_s=5, cpu_s=3)
CASES = [{"args": [1, 2], "expected": 3}, {"args": [3, 4], "expected": 7}, {"args": [20, 10], "expected": 30}]
ADD = "def add(a, b):\n    return a + b\n"


@pytest.fixture(
    scope="module",
    params=[pytest.param("docker", marks=pytest.mark.docker), pytest.param("bwrap", marks=pytest.mark.sandbox)],
)
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with open_sandbox(request.param, slots=2, limits=LIMITS) as opened:
        yield opened


def grade(box, source, cases=CASES, **options):
    return box.grade_cases(textwrap.dedent(source), "add", cases, **options)


def statuses(graded):
    return [verdict.status for verdict in graded.per_case]


def test_a_right_source_passes(box):
    graded = grade(box, ADD)
    assert (graded.passed, graded.status, graded.share) == (True, "ok", 1.0)
    assert [verdict.detail for verdict in graded.per_case] == ["returned 3", "returned 7", "returned 30"]


def test_verdicts_are_in_the_order_of_the_cases_whatever_the_order_of_the_calls(box):
    for seed in range(4):
        graded = grade(box, "def add(a, b):\n    return 7 if a == 3 else 0\n", seed=seed)
        assert statuses(graded) == ["wrong", "right", "wrong"]


def test_methods_keywords_and_files_beside_the_source(box):
    source = """
        from tables import OFFSET
        class Solution:
            def __init__(self):
                self.calls = 0
            def add(self, a, *, b=0):
                self.calls += 1
                return (a + b + OFFSET, self.calls)
    """
    cases = [{"args": [1], "kwargs": {"b": 2}, "expected": (103, 1)}, {"args": [1], "expected": (101, 1)}]
    files = {"tables.py": b"OFFSET = 100"}
    assert box.grade_cases(textwrap.dedent(source), "Solution.add", cases, files=files).passed


def test_no_file_beside_the_source_stands_in_for_a_module(box):
    files = {"json.py": b"raise SystemExit", "struct.py": b"raise SystemExit", "bisect.py": b"raise SystemExit"}
    assert grade(box, "import bisect\n" + ADD, files=files).passed


def test_values_beyond_json_go_in_and_come_out(box):
    values = [(1, 2), {1, 2}, frozenset({"a"}), b"\x00\xff", 1j, 10**5000, float("inf"), {(1, 2): [None]}, "\ud800"]
    cases = [{"args": [value], "expected": value} for value in values]
    graded = grade(box, "def add(a):\n    return a\n", cases)
    assert statuses(graded) == ["right"] * len(values)


def test_what_a_call_does_to_its_arguments_is_not_seen_by_the_next(box):
    shared = [1, 2]
    cases = [{"args": [shared], "expected": 2}] * 3
    assert grade(box, "def add(items):\n    n = len(items)\n    items.clear()\n    return n\n", cases).passed


def test_exceptions_are_verdicts_too(box):
    source = """
        def add(a, b):
            if a < 0:
                raise ValueError("negative")
            raise SystemExit(0) if a else KeyboardInterrupt
    """
    cases = [
        {"args": [-1, 0], "raises": "ValueError"},
        {"args": [0, 0], "expected": 0},
        {"args": [1, 0], "expected": 1},
    ]
    graded = grade(box, source, cases)
    assert statuses(graded) == ["right", "raised", "raised"]
    assert graded.per_case[0].detail == "raised ValueError: negative"
    assert graded.status == "ok"


@pytest.mark.parametrize(
    "source", ["def add(a, b:", "x = '\ud800'\n", "\0", b"\xff", b"# coding: nonsense\n", "\x1a" * 100, "(" * 10**4]
)
def test_what_is_no_python_is_a_verdict(box, source):
    graded = box.grade_cases(source, "add", CASES)
    assert graded.status == "ok"
    assert statuses(graded) == ["unloadable"] * 3


def test_a_source_may_look_at_itself(box):
    source = "import inspect\ndef add(a, b):\n    return inspect.getsource(add)\n"
    cases = [{"args": [1, 2], "expected": "def add(a, b):\n    return inspect.getsource(add)\n"}]
    assert box.grade_cases(source, "add", cases).passed


def test_output_of_the_source_does_not_matter(box):
    assert grade(box, "print('loading')\ndef add(a, b):\n    print('{\"passed\": false}')\n    return a + b\n").passed


def test_threads_and_exit_handlers_of_a_right_source_do_not_matter(box):
    source = """
        import atexit, threading, time
        threading.Thread(target=time.sleep, args=(60,)).start()
        atexit.register(time.sleep, 60)
    """
    assert grade(box, textwrap.dedent(source) + ADD).passed


def test_isolated_calls_do_not_know_of_each_other(box):
    source = "seen = []\ndef add(a, b):\n    seen.append(a)\n    return len(seen)\n"
    cases = [{"args": [number, 0], "expected": 1} for number in range(4)]
    assert grade(box, source, cases, isolate=True).passed
    assert statuses(grade(box, source, cases)).count("right") == 1


def test_an_isolated_call_that_hangs_fails_alone(box):
    source = "def add(a, b):\n    while a == 3:\n        pass\n    return a + b\n"
    graded = grade(box, source, isolate=True, limits=Limits(wall_s=1))
    assert statuses(graded) == ["right", "timeout", "right"]
    assert (graded.passed, graded.status) == (False, "timeout")


def test_a_call_that_hangs_leaves_the_cases_after_it_without_answer(box):
    source = "def add(a, b):\n    while a == 3:\n        pass\n    return a + b\n"
    graded = grade(box, source, limits=Limits(wall_s=1))
    assert graded.status == "timeout"
    assert graded.per_case[1].status == "timeout"
    assert set(statuses(graded)) <= {"right", "timeout"}


def test_programs_are_graded_by_what_they_write(box):
    source = "a, b = map(int, input().split())\nprint(a // b)\n"
    cases = [
        {"stdin": "6 2\n", "expected_stdout": "3"},
        {"stdin": b"7 2\n", "expected_stdout": b"4"},
        {"stdin": "1 0\n", "expected_stdout": "0"},
    ]
    graded = box.grade_cases(source, cases=cases)
    assert statuses(graded) == ["right", "wrong", "exit"]
    assert graded.status == "ok"


def test_functions_and_programs_may_be_mixed(box):
    cases = [*CASES, {"stdin": "", "expected_stdout": "loaded\n"}]
    assert grade(box, "print('loaded')\n" + ADD, cases).passed


def test_declared_rules_apply(box):
    cases = [{"args": [0.1, 0.2], "expected": 0.3}]
    assert not grade(box, ADD, cases).passed
    assert grade(box, ADD, cases, compare=Comparison(rel_tol=1e-9)).passed


def test_gradings_can_be_awaited_together(box):
    async def both():
        return await asyncio.gather(*(box.agrade_cases(source, "add", CASES) for source in (ADD, "def add(a, b): ...")))

    assert [graded.passed for graded in asyncio.run(both())] == [True, False]


FORGED = {
    "a record before those of the driver": """
        import os, struct
        os.write(int(os.environ["RESULT_FD"]), struct.pack("!4sII", b"TGR1", 0, 11) + b'["value",3]')
        def add(a, b):
            return a + b
    """,
    "a record after those of the driver": """
        import os
        real = os.write
        def write(fd, data):
            count = real(fd, data)
            real(fd, data)
            return count
        os.write = write
        def add(a, b):
            return a + b
    """,
    "a frame without an end": """
        import os, struct
        os.write(int(os.environ["RESULT_FD"]), struct.pack("!4sII", b"TGR1", 0, 2**32 - 1))
        def add(a, b):
            return a + b
    """,
    "records in another order": """
        import sys
        driver = sys.modules["textgym_driver"]
        class Record:
            def pack(self, magic, number, length):
                return real.pack(magic, 2 - number, length)
        real, driver.RECORD = driver.RECORD, Record()
        def add(a, b):
            return a + b
    """,
    "verdicts instead of values": """
        import sys
        sys.modules["textgym_driver"]._answer = lambda *_: '["passed",true]'
        def add(a, b):
            return a + b
    """,
    "a closed channel": """
        import os
        os.close(int(os.environ["RESULT_FD"]))
        def add(a, b):
            return a + b
    """,
    "an early and silent end": """
        import os
        def add(a, b):
            os._exit(0)
    """,
    "an end with code 0 at import": """
        import os
        os._exit(0)
    """,
    "another program": """
        import os
        os.execv("/bin/true", ["true"])
    """,
}


@pytest.mark.parametrize("forgery", FORGED)
def test_what_is_not_exactly_the_result_asked_for_is_malformed(box, forgery):
    graded = grade(box, FORGED[forgery])
    assert (graded.passed, graded.status) == (False, "malformed_result"), graded
    assert not any(verdict.passed for verdict in graded.per_case)


def test_who_writes_the_records_does_not_matter_but_what_is_in_them(box):
    source = """
        import json, os, struct
        out = int(os.environ["RESULT_FD"])
        for number in range(3):
            payload = json.dumps(["value", 3]).encode()
            os.write(out, struct.pack("!4sII", b"TGR1", number, len(payload)) + payload)
        os._exit(0)
    """
    graded = grade(box, source)
    assert statuses(graded) == ["right", "wrong", "wrong"]
    assert not graded.passed


POSING = {
    "subclass": """
        class Any(int):
            __eq__ = lambda self, other: True
            __hash__ = int.__hash__
            __class__ = property(lambda self: int)
        def add(a, b):
            return Any(a + b)
    """,
    "proxy": """
        class Any:
            __eq__ = lambda self, other: True
            __class__ = property(lambda self: int)
            __reduce__ = lambda self: (int, (3,))
        def add(a, b):
            return Any()
    """,
    "patched tools": """
        import builtins, json, math, sys
        json.dumps = lambda *_, **__: "true"
        json.loads = lambda *_, **__: True
        builtins.type = lambda *_: int
        builtins.len = lambda *_: 0
        math.isfinite = lambda *_: True
        def add(a, b):
            return None
    """,
    "patched driver": """
        import sys
        driver = sys.modules["textgym_driver"]
        driver.encode = lambda *_, **__: "true"
        def add(a, b):
            return None
    """,
    "true": "def add(a, b):\n    return True\n",
    "not a number": "def add(a, b):\n    return float('nan')\n",
    "depth": "def add(a, b):\n    x = []\n    for _ in range(10**5):\n        x = [x]\n    return x\n",
    "itself": "def add(a, b):\n    x = []\n    x.append(x)\n    return x\n",
    "exit in a destructor": "class Gone:\n    def __del__(self):\n        raise SystemExit\ndef add(a, b):\n    return Gone()\n",
}


@pytest.mark.parametrize("posing", POSING)
def test_no_value_poses_as_another(box, posing):
    graded = grade(box, POSING[posing])
    assert not any(verdict.passed for verdict in graded.per_case), graded


def test_nothing_expected_can_be_found_inside(box):
    """Everything reachable is searched: frames, objects, open files, arguments, environment, the file system around."""
    source = """
        import gc, glob, os, sys
        def add(mark):
            needle = mark + mark[::-1]
            places = [sys.argv, dict(os.environ)]
            frame = sys._getframe()
            while frame:
                places += [dict(frame.f_locals), dict(frame.f_globals)]
                frame = frame.f_back
            places.pop(2)
            found = [repr(place)[:100] for place in places if needle in repr(place).replace(repr(needle), "")]
            found += [type(thing) for thing in gc.get_objects() if type(thing) in (list, tuple, set) and needle in thing]
            for path in glob.glob("/proc/self/fd/*") + glob.glob("**", recursive=True) + glob.glob("/tmp/**", recursive=True):
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        if needle.encode() in file.read():
                            found.append(path)
            return found
    """
    graded = grade(box, source, [{"args": ["a1b2c3"], "expected": "a1b2c33c2b1a"}])
    assert graded.per_case[0].detail == "returned []"


def test_a_flood_of_results_is_cut_off(box):
    source = "import os\nwhile True:\n    os.write(int(os.environ['RESULT_FD']), b'x' * 65536)\n"
    graded = grade(box, source)
    assert (graded.passed, graded.status) == (False, "output_limit")
