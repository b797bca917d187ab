"""Attacks on the verdict of tests on objects: what the code under test says to the tests, and what it looks for."""

from textgym.sandbox.conformance.forgeries import FORGERIES
from textgym.sandbox.conformance.ground import Ground
from textgym.sandbox.limits import Limits

_LIMITS = Limits(wall_s=5, cpu_s=1)

OBJECT_TESTS = """
MARK = "the-tests-are-here"

def test_small(solution):
    assert solution.add(1, 2) == 3

def test_larger():
    from solution import add
    assert add(10, 20) == 30, MARK
"""

_SPEAK = """
import json, os, struct
CHANNEL = int(os.environ["RESULT_FD"])

def say(*messages, cut=0):
    for message in messages:
        data = message if isinstance(message, bytes) else json.dumps(message).encode()
        frame = struct.pack("!I", len(data)) + data
        os.write(CHANNEL, frame[:len(frame) - cut])

def add(a, b):
    return "wrong"
"""

_PASSED = '["result", 0, "test_small", "passed", ""], ["result", 1, "test_larger", "passed", ""], ["done"]'

_FORGED_MESSAGES = {
    "results_at_import": f"say({_PASSED})",
    "results_after_loading": f'say(["loaded"], {_PASSED})',
    "results_in_a_call": f"def add(a, b):\n    say({_PASSED})\n    return 'wrong'",
    "results_and_gone": f"def add(a, b):\n    say({_PASSED})\n    os._exit(0)",
    "answers_in_advance": 'say(["loaded"], *(["answer", n, ["value", v]] for n in range(1, 9) for v in (3, 30)))',
    "an_answer_too_many": 'def add(a, b):\n    say(["answer", 2, ["value", 3]], ["answer", 2, ["value", 30]])\n    return 3',
    "answers_out_of_order": 'def add(a, b):\n    say(["answer", 4, ["value", 30]])\n    return 3',
    "an_answer_to_nobody": 'def add(a, b):\n    say(["answer", 99, ["value", 3]])\n    os._exit(0)',
    "a_callback_that_nobody_passed": 'def add(a, b):\n    say(["ask", 1, 10**9, []])\n    while True: pass',
    "half_a_message": "def add(a, b):\n    say(['answer', 2, ['value', 3]], cut=3)\n    os._exit(0)",
    "half_a_message_and_waits": "def add(a, b):\n    say(['answer', 2, ['value', 3]], cut=3)\n    while True: pass",
    "no_text": "def add(a, b):\n    say(b'\\xff\\xfe')\n    os._exit(0)",
    "a_long_message": "def add(a, b):\n    os.write(CHANNEL, struct.pack('!I', 1 << 31))\n    while True: os.write(CHANNEL, bytes(65536))",
    "an_object_as_a_message": 'def add(a, b):\n    say({"passed": True})\n    os._exit(0)',
    "deep_brackets": "def add(a, b):\n    say(b'[' * 200_000)\n    os._exit(0)",
    "closes_the_channel": "def add(a, b):\n    os.close(CHANNEL)\n    while True: pass",
    "objects_that_agree": (
        "class Yes:\n    def __getattribute__(self, name): return self\n    def __call__(self, *a, **k): return self\n"
        "    def __eq__(self, other): return True\n    def __bool__(self): return True\n"
        "    def __req__(self, other): return True\n    __ge__ = __le__ = __contains__ = __eq__\n    __hash__ = None\n"
        "def add(a, b): return Yes()"
    ),
    "lies_about_its_types": "class int(int):\n    def __eq__(self, other): return True\ndef add(a, b): return int(0)",
}

MESSAGE_FORGERIES = {name: _SPEAK + source for name, source in _FORGED_MESSAGES.items()}
"""Submissions that talk to the tests out of turn, in part, or in their name; none solves `OBJECT_TESTS`."""

_EDIT = """
import os, sys
found = []
for top in ("/box", "/tmp", "/dev/shm", "/proc", "/home", "/var", "/run", "/opt"):
    for here, folders, names in os.walk(top):
        if here.startswith("/proc"):
            folders[:] = [name for name in folders if name.isdigit() or name in ("fd", "cwd", "task")]
        for name in names:
            path = os.path.join(here, name)
            if here.startswith("/proc") and name not in ("environ", "cmdline") or name == "main.py":
                continue
            try:
                with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                    seen = file.read(100_000) or b""
                if b"test_small" in seen:
                    found.append(path)
                    with open(path, "w") as file:
                        file.write("def test_small(): pass\\ndef test_larger(): pass\\n")
            except OSError:
                continue
for name in ("judge.py", "test_small.py", "conftest.py", "solution.py", "sitecustomize.py", "textgym_judge.py"):
    with open(name, "w") as file:
        file.write("def test_small(): pass\\ndef test_larger(): pass\\n")
names = ("test_small", "test_larger")
modules = list(sys.modules.values())
found += [name for module in modules for name in names if hasattr(module, name)]
for module in modules:
    for name in names:
        try:
            setattr(module, name, lambda *_: None)
        except Exception:
            pass

def add(a, b):
    return repr(found)
"""


class ObjectTests(Ground):
    """Tests on objects hold against what holds against cases: the tests are in another sandbox, and decide there."""

    def test_39_to_43_forgeries_against_tests_on_objects(self) -> None:
        """No submission that does not solve the task passes, and the right one does; the sandboxes stay."""
        with self.attacking() as wrong, self.open(2) as box:
            good = box.grade_objects("def add(a, b):\n    return a + b\n", OBJECT_TESTS, limits=_LIMITS)
            if not good.passed or good.status != "ok":
                wrong.append(f"the right solution: {good}")
            for forgery in FORGERIES:
                judged = box.grade_objects(forgery.source, OBJECT_TESTS, limits=_LIMITS)
                # This one adds, and answers with its sum as text or float: equal where Python says so.
                solved = forgery.name == "float_for_whole"
                if judged.passed != solved or judged.status in ("lost", "judge_error"):
                    wrong.append(f"{forgery.name}: {judged}")

    def test_43_messages_that_are_forged(self) -> None:
        """What the code says out of turn, in part, or in the name of the tests ends it, and is no result."""
        with self.attacking() as wrong, self.open(2) as box:
            for name, source in MESSAGE_FORGERIES.items():
                judged = box.grade_objects(source, OBJECT_TESTS, limits=_LIMITS)
                if judged.passed or any(test.passed for test in judged.per_test):
                    wrong.append(f"{name} passed: {judged}")
                if judged.status in ("lost", "judge_error"):
                    wrong.append(f"{name}: {judged}")
            again = box.grade_objects("def add(a, b):\n    return a + b\n", OBJECT_TESTS, limits=_LIMITS)
            if not again.passed:
                wrong.append(f"afterwards the right solution: {again}")

    def test_44_edits_the_tests(self) -> None:
        """The code under test finds no trace of the tests, and what it writes in their name changes nothing."""
        with self.attacking() as wrong, self.open(2) as box:
            judged = box.grade_objects(_EDIT, OBJECT_TESTS, limits=Limits(wall_s=15, cpu_s=10))
            if judged.passed or judged.status != "ok" or [test.status for test in judged.per_test] != ["failed"] * 2:
                wrong.append(f"{judged}")
            told = box.grade_objects(
                _EDIT, "def test_nothing_was_found(solution):\n    assert solution.add(1, 2) == '[]', solution.add(1, 2)\n",
                limits=Limits(wall_s=15, cpu_s=10),
            )  # fmt: skip
            if not told.passed:
                wrong.append(f"it found {told}")
