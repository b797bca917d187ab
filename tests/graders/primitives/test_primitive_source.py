"""`compiles` and `ast_equal`: what parses, what is the same, and sources made to exhaust a parser."""

import ast
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import AstEqual, Compiles


def compiles(output: str) -> float | None:
    return Compiles().grade({}, output).value


def same(reference: str, output: str, docstrings: bool = True) -> float | None:
    return AstEqual(reference="{{ item.code }}", docstrings=docstrings).grade({"code": reference}, output).value


@pytest.mark.parametrize(
    "output",
    [
        "x = 1",
        "def f(a, *, b=2):\n    return a + b\n",
        "Here it is:\n```python\nprint('hi')\n```\nThat is all.",
        "```\nlambda: 0\n```",
        "return 5",
        'pattern = "\\d"',
    ],
)
def test_what_parses(output):
    assert compiles(output) == 1.0


@pytest.mark.parametrize(
    "output",
    [
        "",
        "  \n\t",
        "# only a comment",
        "x =",
        "It is a function that returns five.",
        "def f():\nreturn 1",
        "```python\nx = 1\n```\n```python\ny = 2\n```",
        "```python\nx = 1",
        "```rust\nx = 1\n```",
        "x = '\0'",
        "0" * 5000 + "1",
    ],
)
def test_what_does_not(output):
    assert compiles(output) == 0.0


@pytest.mark.parametrize(
    ("reference", "output"),
    [
        ("x=1", "x  =  1  # one"),
        ("s = 'a'", 's = "a"'),
        ("s = 'a' 'b'", "s = u'ab'"),
        ("n = 16", "n = 0x1_0"),
        ("y = (a * b) + c", "y = a * b + c"),
        ("def f():\n  return 1", "```python\ndef f():\n        return (1)\n```"),
        ("if a:\n    pass\nelse:\n    if b:\n        pass", "if a: pass\nelif b: pass"),
    ],
)
def test_what_is_the_same_tree(reference, output):
    assert same(reference, output) == 1.0
    assert same(output.removeprefix("```python\n").removesuffix("```"), reference) == 1.0


@pytest.mark.parametrize(
    ("reference", "output"),
    [
        ("x = 1", "y = 1"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 'a'", "x = b'a'"),
        ("a + b", "b + a"),
        ("x = 1", "x = 1\nx"),
        ("def f(a): pass", "def f(a, /): pass"),
        ("def f(): pass", "async def f(): pass"),
        ("x = 1", "x ="),
        ("x = 1", ""),
        ("a < b", "a <= b"),
    ],
)
def test_what_is_another_tree(reference, output):
    assert same(reference, output) == 0.0


DOCUMENTED = (
    '"""A module."""\nclass C:\n    """A class."""\n    def f(self):\n        """A method."""\n        return 1\n'
)
BARE = "class C:\n    def f(self):\n        return 1\n"


def test_docstrings_count_unless_they_are_not_to():
    assert same(DOCUMENTED, BARE) == 0.0
    assert same(DOCUMENTED, BARE, docstrings=False) == 1.0
    assert same(BARE, DOCUMENTED, docstrings=False) == 1.0
    assert same('def f():\n    """Nothing."""', "def f(): pass", docstrings=False) == 1.0
    assert same("x = 'text'", "x = 'other'", docstrings=False) == 0.0


def test_any_of_several_references_will_do():
    grader = AstEqual(reference=["x = 1", "x = 2"])
    assert [grader.grade({}, f"x = {value}").value for value in (1, 2, 3)] == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("reference", ["x =", "", "(" * 300, "-" * 1000 + "1"])
def test_a_reference_that_is_no_source_is_the_users_mistake(reference):
    score = AstEqual(reference=reference).grade({}, "x = 1")
    assert (score.status, score.value) == ("error", None)


HOSTILE = {
    "signs": "-" * 49_000 + "1",
    "a sum": "1" + "+1" * 24_000,
    "calls": "a" + "()" * 24_000,
    "a dotted name": "import " + "a." * 24_000 + "b",
    "brackets": "(" * 25_000 + ")" * 25_000,
    "open brackets": "[{(" * 16_000,
    "bad comprehension": "[" * 199 + "x for x in 1 1" + "]" * 199,
    "lambdas": "lambda:" * 7_000 + "1",
    "conditions": "1 if 1 else " * 4_000 + "1",
    "branches": "if a: pass\n" + "elif a: pass\n" * 3_000,
    "f-strings": 'f"{' * 10_000,
    "indentation": "".join(" " * depth + "if a:\n" for depth in range(300)),
    "decorators": "@a\n" * 16_000 + "def f(): pass",
    "a long number": "9" * 50_000,
    "quotes": '"' * 49_999,
    "backslashes": "\\\n" * 24_000,
    "coding": "# coding: utf-7\n+AAA-",
    "names": "x = 'a'\n" * 6_000,
    "too long": "x\n" * 30_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_source_made_to_exhaust_the_parser_is_graded_and_the_same_beside_others(source):
    expected = [grader.grade({"code": "x = 1"}, source) for grader in (Compiles(), AstEqual(reference="x = 1"))]
    assert all(score.status == "ok" for score in expected)
    with ThreadPoolExecutor(4) as threads:
        again = list(threads.map(lambda _: Compiles().grade({}, source), range(4)))
    assert again == [expected[0]] * 4


def deeper(levels: int, call):
    return call() if levels == 0 else deeper(levels - 1, call)


def test_the_verdict_does_not_hang_on_where_it_is_asked():
    for signs in (100, 198, 199, 250, 900, 2_000):
        source = "-" * signs + "1"
        assert compiles(source) == deeper(500, lambda source=source: compiles(source))
    assert [compiles("-" * signs + "1") for signs in (150, 250)] == [1.0, 0.0]


def test_warnings_that_are_errors_decide_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiles(r"x = '\d'") == 1.0


@given(st.text(max_size=200) | st.text(alphabet="abx01 =+-*()[]{}:.,'\"\n\\#@%`", max_size=200))
def test_it_parses_if_python_says_so(text):
    try:
        parses = bool(ast.parse(text).body) if "```" not in text else None
    except (SyntaxError, ValueError):
        parses = False
    value = compiles(text)
    if parses is not None:
        assert value == float(parses and bool(text.strip()))
    assert same("x = 1", text) in (0.0, 1.0)


@given(st.text(alphabet="abx01 =+-*()[]:.,'\n", max_size=60))
def test_what_is_written_anew_from_the_tree_is_the_same(text):
    try:
        anew = ast.unparse(ast.parse(text))
    except (SyntaxError, ValueError):
        return
    if anew:
        assert same(anew, text) == 1.0
