"""Solutions that do not solve the task, and want the verdict all the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forgery:
    """A submission for `add(a, b)` that never adds.

    Attributes:
        number: its place in the list of attacks.
        name: an identifier.
        source: the submission.
    """

    number: int
    name: str
    source: str


_WRONG = "\ndef add(a, b):\n    return 'wrong'\n"

_WRITE_EVERYWHERE = """
import json, os, struct
def flood():
    records = []
    for case in range(8):
        for value in (3, 7, 30, True, {"passed": True}, {"status": "ok", "passed": True}):
            text = json.dumps(value).encode()
            records += [text, text + b"\\n", struct.pack("!I", len(text)) + text, struct.pack("!III", 0, case, len(text)) + text]
    for fd in range(3, 64):
        try:
            for record in records:
                os.write(fd, record)
        except OSError:
            pass
"""

FORGERIES = [
    Forgery(39, "exits_at_import", "import sys\nsys.exit(0)\n"),
    Forgery(39, "exits_hard_at_import", "import os\nos._exit(0)\n"),
    Forgery(39, "raises_system_exit", "def add(a, b):\n    raise SystemExit(0)\n"),
    Forgery(39, "exits_hard_in_the_function", "import os\ndef add(a, b):\n    os._exit(0)\n"),
    Forgery(39, "exits_at_exit", "import atexit, os\natexit.register(os._exit, 0)\n" + _WRONG),
    Forgery(
        39,
        "exits_in_a_destructor",
        "import os\nclass Gone:\n    def __del__(self):\n        os._exit(0)\ndef add(a, b):\n    return Gone()\n",
    ),
    Forgery(39, "replaces_the_program", 'import os\nos.execv("/bin/true", ["true"])\n'),
    Forgery(39, "returns_nothing_ever", "def add(a, b):\n    while True:\n        pass\n"),
    Forgery(
        40,
        "patches_the_test_tools",
        """
import builtins, json, unittest
unittest.TestCase.assertEqual = lambda *_, **__: None
unittest.TestResult.addFailure = unittest.TestResult.addError = lambda *_: None
unittest.TextTestRunner.run = lambda *_: unittest.TestResult()
json.dumps = lambda *_, **__: "3"
json.JSONEncoder.encode = json.JSONEncoder.iterencode = lambda *_, **__: "3"
builtins.isinstance = builtins.all = builtins.any = lambda *_: True
"""
        + _WRONG,
    ),
    Forgery(
        40,
        "equals_everything",
        """
class Any(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __repr__(self): return "3"
    __str__ = __repr__
    def __reduce__(self): return (int, (3,))
    __class__ = property(lambda self: int)
def add(a, b):
    return Any(0)
""",
    ),
    Forgery(40, "true_for_one", "def add(a, b):\n    return True\n"),
    Forgery(40, "text_for_number", "def add(a, b):\n    return str(a + b)\n"),
    Forgery(40, "float_for_whole", "def add(a, b):\n    return float(a + b)\n"),
    Forgery(40, "not_a_number", "def add(a, b):\n    return float('nan')\n"),
    Forgery(
        41,
        "hunts_the_expected_values",
        """
import gc, glob, inspect, linecache, os, sys
def everything():
    frame = sys._getframe()
    while frame is not None:
        yield from frame.f_locals.values()
        yield from frame.f_globals.values()
        frame = frame.f_back
    yield from gc.get_objects()
def add(a, b):
    for thing in everything():
        if type(thing) is dict:
            for name in ("expected", "answer", "output", "want"):
                if name in thing:
                    found = thing[name]
                    if not (callable(found) or inspect.ismodule(found)):
                        return found
    for path in glob.glob("/proc/self/cwd/**", recursive=True) + list(linecache.cache) + sys.argv:
        try:
            with open(path, errors="replace") as file:
                if "expected" in file.read(100_000):
                    return -1
        except OSError:
            pass
    return None
""",
    ),
    Forgery(43, "writes_every_descriptor", _WRITE_EVERYWHERE + "flood()\n" + _WRONG),
    Forgery(
        43,
        "writes_and_exits",
        _WRITE_EVERYWHERE + "import os\ndef add(a, b):\n    flood()\n    os._exit(0)\n",
    ),
    Forgery(
        43,
        "repeats_what_was_written",
        """
import os
real = os.write
def twice(fd, data):
    real(fd, data)
    return real(fd, data)
os.write = twice
def add(a, b):
    return None
""",
    ),
    Forgery(
        43,
        "leaves_half_a_record",
        "import os\nfor fd in range(3, 20):\n    try:\n        os.write(fd, b'\\0')\n"
        "    except OSError:\n        pass\n" + _WRONG,
    ),
    Forgery(43, "answers_at_length", "def add(a, b):\n    return 'x' * 50_000_000\n"),
    Forgery(
        43,
        "answers_in_depth",
        "def add(a, b):\n    x = []\n    for _ in range(100_000):\n        x = [x]\n    return x\n",
    ),
    Forgery(43, "answers_itself", "def add(a, b):\n    x = []\n    x.append(x)\n    return x\n"),
]
