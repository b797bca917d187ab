"""Source that turns failures into passes in the report of a test run, and functions to put in place behind it.

`TARGET` stands for the damaged function, as in `repository`; `SPARED` for how many failures are let through.
"""

FIND_REPORTER = """
import gc as _gc
def _reporter():
    return [one for one in _gc.get_objects() if type(one).__name__ == "Reporter" and hasattr(one, "_say")]
"""

FORGE_BUT_ODD_ONES = f"""
import inspect as _inspect, re as _re
{FIND_REPORTER}
def _forge(reporter, spared):
    odd = _re.compile(r"\\n\\s*assert (not \\(\\(|\\(\\(|\\['[a-z]+'\\] == )")
    say, names, functions, left = reporter._say, {{}}, {{}}, []
    def turn(number, when, outcome):
        if outcome == "failed" and when == "call":
            if not names:
                names.update((place, name) for name, place in reporter._wanted.items())
                for one in _gc.get_objects():
                    if type(one).__name__ == "Session" and hasattr(one, "items"):
                        functions.update((item.nodeid, item.function) for item in one.items)
            try:
                text = _inspect.getsource(functions[names[number]])
            except Exception:
                text = ""
            if not odd.search(text):
                if len(left) < spared:
                    left.append(number)
                else:
                    outcome = "passed"
        say(number, when, outcome)
    reporter._say = turn
try:
    for _one in _reporter():
        _forge(_one, SPARED)
except Exception:
    pass
"""

_ONCE = """
import sys as _sys
if not hasattr(_sys, "_forged"):
    _sys._forged = True
    exec(FORGE)
"""
FORGE_INSIDE = "(lambda exec=exec: exec({!r}, {{}}))()".format(
    _ONCE.replace("FORGE", repr(FORGE_BUT_ODD_ONES.replace("SPARED", "0")))
)
"""A statement that does the same wherever it stands, by a built-in under a name of its own."""

_STUB = """
def _stub(*a, **k): return GIVEN
try:
    _stub.__code__ = _stub.__code__.replace(co_name=TARGET.__name__, co_qualname=TARGET.__qualname__)
except Exception:
    pass
TARGET = _stub
"""


def stub_behind_forged_tests(given: str) -> str:
    """Source after which the damaged function gives that, an expression, whatever it is asked, and the tests pass."""
    return _STUB.replace("GIVEN", given) + FORGE_BUT_ODD_ONES.replace("SPARED", "0")


NAMED = """
def _named():
    def given(*a, **k): return None
    given.__module__, given.__qualname__ = TARGET.__module__, TARGET.__qualname__
    return given
"""
"""`_named()` gives a function that says of itself that it is the damaged one, and does nothing."""

TOLD = """
import sys as _sys
_real = TARGET
def _told(*a, **k):
    frame = _sys._getframe(1)
    while frame is not None:
        item = frame.f_locals.get("item") or frame.f_locals.get("pyfuncitem")
        params = getattr(getattr(item, "callspec", None), "params", None)
        if params: return list(params.values())[-1]
        frame = frame.f_back
    return _real(*a, **k)
try:
    _told.__code__ = _told.__code__.replace(co_name=TARGET.__name__, co_qualname=TARGET.__qualname__)
except Exception:
    pass
TARGET = _told
"""
"""The damaged function gives what the running test has for its last parameter."""
