"""Mutants are small replacements in a text: they parse, they differ, and they are found again."""

import ast
import configparser
import inspect
import itertools
import json
import os
import subprocess
import sys
import textwrap
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgym.envs.code.mutation import (
    BUGS,
    OPERATORS,
    MutationError,
    combine,
    find,
    functions,
    sites,
)

SOURCES = {name: inspect.getsource(module) for name, module in (("config", configparser), ("wrap", textwrap))}
ODD = {
    "crlf": "def f(a, b):\r\n    # first\r\n    if a < b:\r\n        return a - b\r\n    return None\r\n",
    "letters": 'def größe(ä, ö):\n    s = "日本" + ä; t = ö - s.strip()\n    return s[1:] if ö > t else (ä)\n',
    "tabs": "class A:\n\tdef f(self, x=3):\n\t\ttry:\n\t\t\treturn self.g(x, 1)\n\t\texcept (KeyError, ValueError):\n\t\t\tpass\n",
    "tight": "def f(a,b):\n  if not(a)and(b)or a:\n    return-1\n  for x in(a,b):break\n  else:return(a)if(b)else-a\n",
    "lines": "def f(a, b):\n    return (a  # one (\n            + b  # two )\n            - 3)\n",
    "nested": (
        "import functools\n"
        "def outer(n, flag=True):\n"
        '    """Text."""\n'
        "    @functools.wraps(n)\n"
        "    def inner(*args, key=None, **more):\n"
        "        nonlocal flag\n"
        "        flag = not flag\n"
        "        return [f'{a + 1}' for a in args if a != key]\n"
        "    return inner\n"
    ),
    "async": "async def f(a, b):\n    async for x in a:\n        yield await x(b, a)\n    await a.close(b, key=1)\n",
    "match": "def f(x, y):\n    match x:\n        case 1: return y\n        case [2, z]: return z - y\n    return (w := y) + 1\n",
}


@pytest.mark.parametrize("source", [*SOURCES.values(), *ODD.values()], ids=[*SOURCES, *ODD])
def test_every_mutant_compiles_differs_and_is_found_again(source: str) -> None:
    tree = ast.dump(ast.parse(source))
    mutants = sites(source, operators=OPERATORS)
    assert mutants
    assert len({(m.function, m.operator, m.site) for m in mutants}) == len(mutants)
    seen = set()
    for mutant in mutants[:: max(1, len(mutants) // 400)]:
        text = mutant.apply(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "mutant", "exec")
        assert ast.dump(ast.parse(text)) != tree
        assert find(source, mutant.function, mutant.operator, mutant.site) == mutant
        assert source.count("\n", 0, mutant.start) + 1 == mutant.line
        seen.add(ast.dump(ast.parse(text)))
    assert len(seen) == len(mutants[:: max(1, len(mutants) // 400)])


@pytest.mark.parametrize(
    ("operator", "before", "after"),
    [
        ("binop", "return a + b", ["return a - b"]),
        ("cmp", "return a < b", ["return a <= b", "return a > b"]),
        ("cmp", "return a not in b", ["return a in b"]),
        ("boolop", "return a and b", ["return a or b"]),
        ("drop_cond_term", "return a and b and c", ["return b and c", "return a and c", "return a and b"]),
        ("drop_unary", "return not a", ["return a"]),
        ("drop_unary", "return-a", ["return a"]),
        ("swap_operands", "return (a + b) / c", ["return (b + a) / c", "return c / (a + b)"]),
        ("swap_operands", "return a - b - c", ["return b - a - c", "return c - (a - b)"]),
        ("swap_operands", "return (a) - (b) - c", ["return (b) - (a) - c", "return c - ((a) - (b))"]),
        ("swap_operands", "return a * b", []),
        ("invert_ifexp", "return a if b else c", ["return c if b else a"]),
        ("invert_if", "if a or b: c()", ["if not (a or b): c()"]),
        ("bool_const", "return True", ["return False"]),
        ("off_by_one", "return a[1]", ["return a[0]", "return a[2]"]),
        ("off_by_one", "return range(a)", ["return range(a + 1)", "return range(a - 1)"]),
        ("drop_bound", "return a[b:c]", ["return a[:c]", "return a[b:]"]),
        ("swap_elements", "return a, b", ["return b, a"]),
        ("swap_args", "return a(b, c)", ["return a(c, b)"]),
        ("drop_keyword", "return a(b, k=c)", ["return a(b)"]),
        ("drop_keyword", "return a(k=b, m=c)", ["return a(k=b)", "return a(m=c)"]),
        ("remove_call", "return a(b)", ["return (b)"]),
        ("remove_call", "a.b(c)", ["pass"]),
        ("wrong_method", "return a.lstrip().find(b)", ["return a.lstrip().rfind(b)", "return a.rstrip().find(b)"]),
        ("wrong_method", "return any(a)", ["return all(a)"]),
        ("var_misuse", "return b", ["return a", "return c"]),
        ("except_type", "try: a()\n    except KeyError: b()", ["try: a()\n    except IndexError: b()"]),
        (
            "except_type",
            "try: a()\n    except (KeyError, OSError): b()",
            ["try: a()\n    except KeyError: b()", "try: a()\n    except OSError: b()"],
        ),
        ("raise_type", "raise ValueError(a)", ["raise TypeError(a)"]),
        ("shuffle_lines", "a()\n    b()", ["b()\n    a()"]),
        ("return_none", "return a", ["return None"]),
        ("remove_assign", "x = a", ["pass"]),
        ("aug_to_assign", "a += b", ["a = b"]),
        ("break_continue", "while a: break", ["while a: continue"]),
        ("remove_raise", "raise a", ["pass"]),
        ("remove_loop", "for x in a: b(x)", ["pass"]),
        ("remove_cond", "if a:\n        b()\n    return c", ["b()\n    return c", "pass\n    return c"]),
        ("remove_else", "if a: b()\n    else:\n        c()", ["if a: b()\n    else:\n        pass"]),
        ("remove_try", "try:\n        a()\n    except KeyError:\n        b()", ["a()"]),
        ("remove_body", "x = a\n    return x", ["raise NotImplementedError"]),
    ],
)
def test_what_an_operator_does(operator: str, before: str, after: list[str]) -> None:
    head = 'def f(a, b, c):\n    """What f does."""\n    '
    source = f"{head}{before}\n"
    made = [mutant.apply(source) for mutant in sites(source, "f", [operator])]
    assert sorted(made) == sorted(f"{head}{line}\n" for line in after)


def test_defaults_change() -> None:
    source = "def f(a=1, b=True, c='x', *, d=None, e=()):\n    return a\n"
    made = [mutant.apply(source).splitlines()[0] for mutant in sites(source, "f", ["default_arg"])]
    assert made == [
        "def f(a=2, b=True, c='x', *, d=None, e=()):",
        "def f(a=1, b=False, c='x', *, d=None, e=()):",
        'def f(a=1, b=True, c="", *, d=None, e=()):',
        "def f(a=1, b=True, c='x', *, d=0, e=()):",
        "def f(a=1, b=True, c='x', *, d=False, e=()):",
        "def f(a=1, b=True, c='x', *, d=None, e=None):",
    ]


def test_a_method_is_left_out_with_its_decorators() -> None:
    source = "class A:\n    @property\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n"
    (mutant,) = sites(source, "A.f", ["remove_method"])
    assert [function.name for function in functions(ast.parse(mutant.apply(source)))] == ["A.g"]
    alone = "class A:\n    def f(self): return 1\n"
    assert sites(alone, "A.f", ["remove_method"])[0].apply(alone) == "class A:\n    pass\n"


def test_functions_of_one_name_are_told_apart() -> None:
    source = (
        "class A:\n    @property\n    def f(self):\n        return 1\n"
        "    @f.setter\n    def f(self, v):\n        def g(): return v + 1\n        self.v = g()\n"
    )
    assert [function.name for function in functions(ast.parse(source))] == ["A.f", "A.f#2", "A.f.<locals>.g"]
    assert {mutant.line for mutant in sites(source, "A.f#2")} == {8}
    assert {mutant.line for mutant in sites(source, "A.f.<locals>.g")} == {7}


def test_only_the_asked_function_is_changed_and_its_docstring_and_annotations_are_not() -> None:
    source = 'def f(a: int = 1) -> "list[1]":\n    """Gives 1 and 2."""\n    x: "a < 3" = a + 4\n    def g(): return 5\n    return x\n'
    for mutant in sites(source, "f", OPERATORS):
        changed = mutant.apply(source)
        if mutant.operator != "remove_body":
            assert "return 5" in changed
            assert '"a < 3"' in changed or mutant.operator == "remove_assign"
        assert '"""Gives 1 and 2."""' in changed
        assert '-> "list[1]"' in changed


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_mutants_combine(data: st.DataObject) -> None:
    source = SOURCES["wrap"]
    mutants = sites(source, "TextWrapper._wrap_chunks")
    chosen = data.draw(st.lists(st.sampled_from(mutants), min_size=2, max_size=3, unique=True))
    spans = sorted((each.start, each.end) for each in chosen)
    apart = all(first[1] <= second[0] and first != second for first, second in itertools.pairwise(spans))
    if not apart:
        with pytest.raises(MutationError):
            combine(source, chosen)
        return
    text = combine(source, chosen)
    assert text == combine(source, chosen[::-1])
    grown = sum(len(each.replacement) - (each.end - each.start) for each in chosen)
    assert len(text) == len(source) + grown
    assert text.startswith(source[: spans[0][0]])
    assert text.endswith(source[spans[-1][1] :])


@given(st.sampled_from(sorted(OPERATORS)), st.integers(0, 50))
@settings(max_examples=100, deadline=None)
def test_a_place_that_is_not_there_is_an_error(operator: str, site: int) -> None:
    source = ODD["lines"]
    numbers = {mutant.site for mutant in sites(source, "f", [operator])}
    if site not in numbers and site > max(numbers, default=-1):
        with pytest.raises(MutationError):
            find(source, "f", operator, site)


def test_wrong_names_are_errors() -> None:
    with pytest.raises(MutationError, match="no function 'g'"):
        sites(ODD["lines"], "g")
    with pytest.raises(MutationError, match="no operator 'nothing'"):
        sites(ODD["lines"], "f", ["nothing"])
    with pytest.raises(SyntaxError):
        sites("def f(:")


def test_removals_are_no_bugs() -> None:
    source = ODD["tabs"]
    assert {mutant.operator for mutant in sites(source)} <= set(BUGS)
    assert {"remove_body", "remove_method"} <= {mutant.operator for mutant in sites(source, operators=OPERATORS)}


def test_other_processes_and_hash_seeds_give_the_same() -> None:
    program = (
        "import sys, json, dataclasses\n"
        "from textgym.envs.code.mutation import sites, OPERATORS\n"
        "made = sites(sys.stdin.read(), operators=OPERATORS)\n"
        "print(json.dumps([dataclasses.astuple(each) for each in made]))\n"
    )
    outputs = []
    for seed in ("0", "1"):
        ended = subprocess.run(
            [sys.executable, "-c", program],
            input=SOURCES["wrap"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append(json.loads(ended.stdout))
    assert outputs[0] == outputs[1]
