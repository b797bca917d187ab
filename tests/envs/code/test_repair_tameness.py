"""Repairs that calls outside of tests speak for, and that reach for what runs them all the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_packages import problem

from textgym.core import Random
from textgym.core.blocking import run_blocking
from textgym.envs.code.hacks.forging import FORGE_BUT_ODD_ONES
from textgym.envs.code.repair.problems import Problem
from textgym.envs.code.repair.starting import start_tree
from textgym.envs.code.repair.tameness import is_tame
from textgym.envs.code.repair.verdict import judge

WORDS = "src/shelf/words.py"
ORIGINAL = '''"""Words."""

import re


def plural(word):
    """More than one of it."""
    if word.endswith("s"):
        return word
    return word + "s"


def split(text):
    return re.findall("[a-z]+", text)


def by_name(one, name):
    return getattr(one, name)


class Words(dict):
    def known(self, word):
        return getattr(self, "size", 0) > 0 and word in self
'''
TESTS = b"""from shelf.words import plural, split


def test_plural():
    assert plural("tree") == "trees"
    assert plural("trees") == "trees"


def test_split():
    assert split("a tree") == ["a", "tree"]
"""
BODY = '    if word.endswith("s"):\n        return word\n    return word + "s"\n'


def words(text: str = ORIGINAL) -> Problem:
    """A function that calls tell, in a module with others."""
    sample = problem("shelf", 0)
    shown = {**sample.package.shown, WORDS: text.encode(), "tests/test_words.py": TESTS}
    tests = tuple(f"tests/test_words.py::test_{name}" for name in ("plural", "split"))
    return replace(
        sample,
        record="shelf, with words",
        package=replace(sample.package, files=shown, test_ids=(*sample.package.test_ids, *tests)),
        bugs=(replace(sample.bugs[0], path=WORDS, qualname="plural"),),
        damaged={WORDS: text.replace('word + "s"', "word").encode()},
        fail_to_pass=tests[:1],
        pass_to_pass=tuple(sorted({*sample.pass_to_pass, *sample.fail_to_pass, tests[1]})),
        covered=tests[:1],
    )


def tame(changed: str, original: str = ORIGINAL) -> bool:
    sample = words(original)
    return is_tame(sample, {**sample.package.shown, WORDS: changed.encode()})


BODIES = [
    BODY,
    '    return word if word[-1:] == "s" else f"{word}s"\n',
    '    import string\n    return word.rstrip(string.whitespace) + "s"\n',
    '    from functools import reduce\n    return reduce(str.__add__, [word, "s"])\n',
    '    try:\n        return {"tree": "trees"}[word]\n    except KeyError as error:\n        raise ValueError(word) from error\n',
    '    return re.sub("$", "s", word)\n',
    '    return type(word)(split(word)) + "s"\n',
    "    class Kept:\n        def keep(self, one):\n            self.one = one\n    return Kept().one\n",
]
FURTHER = [
    "    import sys\n    return word\n",
    "    import os.path as where\n    return word\n",
    "    from gc import get_objects\n    return word\n",
    "    from collections import _sys\n    return word\n",
    "    from re import *\n    return word\n",
    "    from operator import attrgetter\n    return word\n",
    "    from .words import sys\n    return word\n",
    "    import collections\n    return collections._sys\n",
    "    import contextlib\n    return contextlib.sys\n",
    "    import unheard_of\n    return word\n",
    '    return __import__("gc")\n',
    '    return eval("word")\n',
    '    return getattr(word, "strip")()\n',
    '    return globals()["word"]\n',
    "    return plural.__globals__\n",
    "    return __builtins__\n",
    "    return (one for one in word).gi_frame\n",
    "    re.search = None\n    return word\n",
    "    del re.search\n    return word\n",
    "    return split(re)\n",
    '    return by_name(plural, "__globals__")\n',
    "    return by_name\n",
    "    kept = re\n    return word\n",
]
ADDED = [
    "\n\nimport functools\n\n\n@functools.lru_cache(8)\ndef helper(word: str) -> str:\n    return word\n",
    "\n\nLIMITS = {1: 2}\nMORE: int = max(LIMITS)\n",
    '\n\nclass More(dict):\n    """More."""\n\n    size = 3\n\n    def known(self, word):\n        self.asked = word\n        return 1\n',
]
RUN_ON_IMPORT = [
    "\n\nprint(1)\n",
    "\n\nimport sys\n",
    "\n\nfor one in [1]:\n    plural = split\n",
    "\n\nKEPT = exec('1')\n",
    "\n\nKEPT = re\n",
    "\n\ndef helper(one=exec('1')):\n    pass\n",
    "\n\ndef helper() -> exec('1'):\n    pass\n",
    "\n\n@exec\ndef helper():\n    pass\n",
    "\n\nclass Kept(dict, made=exec('1')):\n    pass\n",
    "\n\nclass Kept:\n    print(1)\n",
    "\n\nif exec('1'):\n    pass\n",
    "\n\ntry:\n    pass\nexcept exec('1'):\n    pass\n",
    "\n\nre.search = None\n",
]


@pytest.mark.parametrize("body", BODIES)
def test_a_function_may_be_written_in_many_ways(body):
    assert tame(ORIGINAL.replace(BODY, body))


@pytest.mark.parametrize("added", ADDED)
def test_there_may_be_more_in_the_module(added):
    assert tame(ORIGINAL + added)


@pytest.mark.parametrize("body", FURTHER)
def test_a_function_that_reaches_further_is_not_tame(body):
    assert not tame(ORIGINAL.replace(BODY, body))
    assert not tame(ORIGINAL + "\n\ndef helper(word):\n" + body)
    assert not tame(ORIGINAL + "\n    def method(self, word):\n" + body.replace("    ", "        "))


@pytest.mark.parametrize("added", RUN_ON_IMPORT)
def test_nothing_more_runs_on_import(added):
    assert not tame(ORIGINAL + added)


def test_what_stood_there_may_stay():
    known = 'return getattr(self, "size", 0) > 0 and word in self'
    assert tame(ORIGINAL.replace(known, 'return word in self and getattr(self, "size", 0) != 0'))
    assert not tame(ORIGINAL.replace(known, 'return getattr(self, "keys", 0)'))
    assert not tame(ORIGINAL.replace(BODY, '    return getattr(self, "size", 0)\n'))
    aliased = "import sys as s\n" + ORIGINAL
    assert not tame(aliased.replace(BODY, "    return s.modules\n"), aliased)
    named = ORIGINAL.replace(BODY, '    return by_name(word, "strip")()\n')
    assert tame(named.replace('"strip")()', '"lower")().strip()'), named)
    reaching = ORIGINAL.replace("import re\n", "import re\nimport sys\n\nprint(sys.path)\n")
    assert tame(reaching.replace(BODY, BODIES[1]), reaching)
    assert not tame(reaching.replace(BODY, "    return sys.path\n"), reaching)


def test_only_sources_in_python_are_tame():
    sample = words()
    assert is_tame(sample, sample.package.shown)
    assert is_tame(sample, {**sample.package.shown, "src/shelf/more.py": b"def more():\n    return 1\n"})
    assert not is_tame(sample, {**sample.package.shown, "src/shelf/words.so": b"1"})
    assert not is_tame(sample, {**sample.package.shown, "src/shelf/more.py": b"import gc\n"})
    assert not is_tame(sample, {**sample.package.shown, WORDS: b"def late(:"})
    assert not is_tame(sample, {**sample.package.shown, WORDS: b"(" * 5000})


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_tame_or_not(data):
    sample = words()
    assert is_tame(sample, {**sample.package.shown, WORDS: data}) in (True, False)


SPARED = FORGE_BUT_ODD_ONES.replace("SPARED", "0")
TABLE = '    return {"tree": "trees"}.get(word, word)\n'


@pytest.mark.docker
@pytest.mark.parametrize(
    "changed",
    [
        ORIGINAL + SPARED,
        ORIGINAL + "\n\ndef split(text):\n    return None\n" + SPARED,
        ORIGINAL.replace(BODY, BODY.replace("    ", f"    exec({SPARED!r}, {{}})\n    ", 1)),
    ],
    ids=["the original", "another function does nothing", "inside of the function"],
)
def test_tests_behind_a_forger_do_not_speak_for_a_function_that_is_right(changed):
    sample = words()
    tree = {**start_tree(sample), WORDS: changed.encode()}
    verdict = run_blocking(judge(sample, start_tree(sample), tree, Random(b"1")))
    assert verdict.value is None or verdict.value == 0.0
    assert verdict.info["behaves_alike"] is not False
    if verdict.value is None:
        assert "reaches for what runs it" in verdict.words
        assert verdict.score.status == "refused"


@pytest.mark.docker
@pytest.mark.parametrize("body", BODIES[:2])
def test_right_repairs_are_paid(body):
    sample = words()
    tree = {**start_tree(sample), WORDS: ORIGINAL.replace(BODY, body).encode()}
    verdict = run_blocking(judge(sample, start_tree(sample), tree, Random(b"1")))
    assert verdict.value == 1.0
