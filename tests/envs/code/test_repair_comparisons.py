"""What is compared of a repaired function: structures of values, calls made again, tests that expect nothing."""

import ast
import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_packages import problem
from sample_repairs import SampleFix

from textgym.core import InfraError, Random
from textgym.core.blocking import run_blocking
from textgym.envs.code.repair import differential
from textgym.envs.code.repair.differential import compare, references
from textgym.envs.code.repair.expectations import without_expectations
from textgym.envs.code.repair.idling import idle
from textgym.envs.code.repair.starting import start_tree
from textgym.envs.code.repair.verdict import judge

IDLE = """
class Shelf:
    @property
    def take(self):
        "Words."
        @decorated
        def inner(): return 1
        return inner

    @take.setter
    def take(self, é): self.é = é; return é

if True:
    def take(): return {
        1: 2}
else:
    try: pass
    except ValueError:
        async def take(): return 3
"""


def test_functions_are_made_idle():
    found = idle(IDLE.encode(), "Shelf.take").decode()
    assert found.count("pass") == 3
    assert "inner" not in found
    assert "self.é" not in found
    assert ast.parse(found)
    found = idle(IDLE.encode(), "take").decode()
    assert "return {" not in found
    assert "return 3" not in found
    assert "return inner" in found
    assert idle(IDLE.encode(), "gone") is None
    assert idle(b"def take(:", "take") is None


SUITE = b"""
import pytest, unittest

@pytest.mark.parametrize("given, expected", [(1, "one"), (2, "two")])
def test_words(given, expected):
    assert words(given) == expected

def test_of_a_name():
    result = words(3)
    wanted = "three"
    assert result == wanted
    assert "thr" in result and len(words(4)) == 4

class Cases(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(words(5), "five", "a message")
        self.assertTrue(words(6).startswith("s"))
        with self.assertRaises(ValueError):
            words(-1)
        self.assertRaises(ValueError, words, -2)
"""


def test_expectations_are_cut_out_and_calls_stay():
    text = without_expectations(SUITE).decode()
    assert [text.count(f"words({number})") for number in (3, 4, 5, 6)] == [1, 1, 1, 1]
    assert "words(given)" in text
    assert "words(-1)" in text
    assert "words, -2" in text
    for gone in ('"three"', "'three'", "'five'", "wanted", "assertEqual", "assertTrue"):
        assert gone not in text
    assert "expected = None" in text
    assert "assert " not in text


def test_a_suite_without_expectations_still_does_what_it_did():
    said = []

    def words(number):
        said.append(number)
        if number < 0:
            raise ValueError
        return ["one", "two", "three", "four", "five", "six"][number - 1]

    scope = {"words": words}
    exec(compile(without_expectations(SUITE), "suite", "exec"), scope)
    scope["test_words"](1, "one")
    scope["test_of_a_name"]()
    case = scope["Cases"]("test_equal")
    case.debug()
    assert said == [1, 3, 4, 5, 6, -1, -2]


@given(st.binary(max_size=300) | st.text(alphabet="assert =()[]:\n f1,\"'", max_size=200).map(str.encode))
def test_whatever_a_file_holds_the_result_can_be_parsed(data):
    cut = without_expectations(data)
    if cut is not None:
        ast.parse(cut)


# -- with a sandbox -------------------------------------------------------------------------------------------------------


@pytest.mark.docker
@pytest.mark.parametrize("number", range(4))
def test_the_original_agrees_with_itself_and_every_damage_is_told(number):
    sample = problem("shelf", number)
    same = run_blocking(compare(sample, sample.package.shown))
    assert (same.wrong, same.compared > 0, same.unseen) == (0, True, ())
    assert same.share == 1
    damaged = run_blocking(compare(sample, {**sample.package.shown, **sample.damaged}))
    assert 0 < damaged.wrong <= damaged.compared
    assert damaged.share == 0


STORE = "src/shelf/store.py"

LIES = {
    "leaves nothing behind": "TARGET = lambda self, name, count=1: self._items[name] - count",
    "is right about the result alone": (
        "def _take(self, name, count=1):\n    left = _real(self, name, count)\n    self._items = {}\n    return left\n"
        "TARGET = _take"
    ),
    "ends its process": "import os\nTARGET = lambda *a, **k: os._exit(0)",
    "writes answers of its own": (
        "import os\nfor _fd in range(3, 32):\n    try:\n"
        "        os.write(_fd, b'[\"value\", \"0\"]\\n' * 9 + b'\\xff[[[[' * 9999 + b'\\n')\n    except OSError: pass\n"
        "TARGET = _real"
    ),
    "swallows whatever stops it": (
        "def _take(*a, **k):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n"
        "TARGET = _take"
    ),
    "tells the structure of another": (
        "import textgym_structure as _s\n_s.Structure.text = lambda self, value, consume=0: 'int 1'\nTARGET = _real"
    ),
    "patches the hash": (
        "import hashlib as _h\n_h.blake2b = lambda *a, **k: type('', (), {'hexdigest': lambda s: '0' * 32})()\n"
        "import textgym_structure as _s\n_s.digest = lambda text: '0' * 32\nTARGET = lambda *a, **k: 0"
    ),
}


@pytest.mark.docker
@pytest.mark.parametrize("lie", LIES)
def test_a_method_that_lies_differs(lie):
    sample = problem("shelf", 2)
    added = f"\n_real = Shelf.take\n{LIES[lie]}\n".replace("TARGET", "Shelf.take")
    damaged = sample.damaged[STORE] + added.encode()
    found = run_blocking(compare(sample, {**sample.package.shown, STORE: damaged}))
    assert 0 < found.wrong <= found.compared
    assert found.share == 0


@pytest.mark.docker
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        if left == 1:\n            del self._items[name]\n        else:\n            self._items[name] = left\n",
         "        self._items[name] = left\n        if not left:\n            self._items.pop(name)\n"),
        ("        left = self._items[name] - count\n        if left < 0:\n            raise LookupError(name)\n        if left == 1:",
         "        left = self._items[name]\n        left -= count\n        if left < 0:\n            raise LookupError(name)\n"
         "        if left in (0,):"),
    ],
)  # fmt: skip
def test_another_way_to_do_the_same_agrees(old, new):
    env = SampleFix()
    live = env.start(env.task("train", 2))
    live.step(env.call("edit", path=STORE, old=old, new=new))
    *_, info = live.step(env.call("submit"))
    assert info["behaves_alike"] is True
    assert live.total == 1.0


@pytest.mark.docker
def test_a_bug_that_the_callers_make_up_for_is_not_repaired():
    sample = problem("shelf", 1)
    direct = "tests/test_text.py::test_columns"
    # As if only the callers' tests were to decide.
    sample = replace(
        sample,
        record="shelf, by its callers",
        fail_to_pass=tuple(test for test in sample.fail_to_pass if test != direct),
    )
    tree = {**sample.package.shown, **sample.damaged}
    tree[STORE] = tree[STORE].replace(b"return columns([", b"return columns(gap=2, rows=[")
    verdict = run_blocking(judge(sample, start_tree(sample), tree, Random(b"1")))
    assert verdict.info["fail_to_pass_passed"] == len(sample.fail_to_pass)
    assert verdict.info["pass_to_pass_passed"] == len(sample.pass_to_pass)
    assert verdict.info["behaves_alike"] is False
    assert verdict.value == 0.0


@pytest.mark.docker
def test_what_the_original_does_otherwise_by_now_is_no_evidence(monkeypatch):
    sample = replace(problem("shelf", 2), record="shelf, as it was long ago")
    known = run_blocking(references(sample))
    old = tuple(replace(one, answers=(("value", "of long ago", "of long ago", ""), *one.answers[1:])) for one in known)
    monkeypatch.setitem(differential._references, sample.record, old)
    assert run_blocking(compare(sample, sample.package.shown)).wrong == 0
    assert run_blocking(compare(sample, {**sample.package.shown, **sample.damaged})).wrong > 0


CLOCKS = """
import time

LIMIT = 3


class Watch:
    def __init__(self):
        self.begun = time.monotonic()

    def late(self):
        return time.monotonic() - self.begun > LIMIT
"""


@pytest.mark.docker
def test_a_function_that_asks_how_late_it_is_is_not_compared_by_that():
    sample = problem("shelf", 0)
    shown = {
        **sample.package.shown,
        "src/shelf/watch.py": CLOCKS.encode(),
        "tests/test_watch.py": b"from shelf.watch import Watch\n\n\ndef test_late():\n    assert not Watch().late()\n",
    }
    bug = replace(sample.bugs[0], path="src/shelf/watch.py", qualname="Watch.late")
    test = "tests/test_watch.py::test_late"
    sample = replace(
        sample,
        record="shelf, with a watch",
        package=replace(sample.package, files={**sample.package.files, **shown}),
        bugs=(bug,),
        damaged={bug.path: shown[bug.path].replace(b"> LIMIT", b"> 0")},
        fail_to_pass=(test,),
        covered=(test,),
    )
    known = run_blocking(references(sample))
    assert [answer for one in known for answer in one.answers if answer is not None] == []


@pytest.mark.docker
def test_siblings_that_end_together_share_what_the_original_does():
    sample = replace(problem("shelf", 2), record="shelf, for a group")

    async def group():
        given_up, *siblings = [asyncio.create_task(references(sample)) for _ in range(4)]
        await asyncio.sleep(0)
        given_up.cancel()
        return await asyncio.gather(*siblings)

    first, *others = run_blocking(group())
    assert first[0].compared > 0
    assert all(other is first for other in others)


@pytest.mark.docker
def test_an_original_that_cannot_be_asked_again_is_no_verdict(monkeypatch):
    sample = replace(problem("shelf", 2), record="shelf, half of it lost")
    (known,) = run_blocking(references(sample))
    monkeypatch.setitem(differential._references, sample.record, (replace(known, calls=known.calls[:1]),))
    assert known.compared > 1
    with pytest.raises(InfraError, match="asked again"):
        run_blocking(compare(sample, {**sample.package.shown, **sample.damaged}))
