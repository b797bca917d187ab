"""Every family of reference functions keeps the promises of its shape, whoever wrote it."""

import ast
import re

import pytest

from textgym.core import Random, derive_key
from textgym.envs.code.functions.family import Family, last_function, with_docstring
from textgym.envs.code.functions.metering import ENDLESS, Program
from textgym.envs.code.functions.naming import STYLES, new_names, renamed, renamed_text
from textgym.envs.code.functions.themes import families
from textgym.sandbox.driver import decode, encode

INPUTS = 200
TICKS = 20_000
EVERY = list(families().values())
DOUBLED = re.compile(r"[,.;:]{2}|\s\s|\s[,.;:]")
"""Marks beside each other or after a blank, and two blanks: what a phrase leaves that brings marks of its own."""


def drawn(family: Family, count: int = INPUTS) -> list[list[object]]:
    rng = Random(derive_key("inputs for the test of families", family.name))
    return [family.inputs(rng) for _ in range(count)]


def outcomes(source: str, entry: str, inputs: list[list[object]]) -> list[str]:
    program = Program(source, entry)
    return [program.run(args, TICKS)[0] for args in inputs]


@pytest.mark.parametrize("family", EVERY, ids=lambda family: family.name)
class TestFamily:
    def test_its_examples_are_right(self, family: Family) -> None:
        assert len(family.examples) >= 2
        entry = last_function(ast.parse(family.reference(0))).name
        program = Program(family.reference(0), entry)
        for args, result in family.examples:
            assert program.run(args, TICKS)[0] == encode(result, canonical=True), args

    def test_every_variant_has_plain_values_and_differs_from_the_others(self, family: Family) -> None:
        inputs = drawn(family)
        assert len({encode(args, canonical=True) for args in inputs}) >= 25, "the inputs repeat themselves"
        seen = []
        assert len(family.variants) >= 4
        for variant in range(len(family.variants)):
            source = family.reference(variant)
            found = outcomes(source, last_function(ast.parse(source)).name, inputs)
            bad = [
                (args, text)
                for args, text in zip(inputs, found, strict=True)
                if text.startswith(("raised", "no plain", ENDLESS))
            ]
            assert not bad, bad[:3]
            commonest = max(found.count(text) for text in set(found))
            assert commonest <= 0.8 * len(found), "nearly all results are the same"
            seen.append(found)
        for one in range(len(seen)):
            for two in range(one):
                assert seen[one] != seen[two], f"variants {two} and {one} behave alike"

    def test_its_inputs_come_from_the_generator_alone_and_are_plain_and_short(self, family: Family) -> None:
        one, two = drawn(family, 30), drawn(family, 30)
        assert one == two
        for args in one:
            text = encode(args)
            assert decode(text) == args
            assert len(text) <= 600

    def test_it_leaves_its_arguments_alone(self, family: Family) -> None:
        names: dict[str, object] = {}
        exec(family.reference(0), names)
        function = names[family.name]
        assert callable(function)
        for args in drawn(family, 40):
            before = encode(args)
            function(*args)
            assert encode(args) == before

    def test_its_source_keeps_to_the_shape(self, family: Family) -> None:
        for variant in range(len(family.variants)):
            source = family.reference(variant)
            assert source.isascii()
            assert "$" not in source
            tree = ast.parse(source)
            function = last_function(tree)
            assert tree.body[-1] is function
            assert ast.get_docstring(function) is None
            assert all(arg.annotation is not None for arg in function.args.args)
            assert function.returns is not None
            for node in ast.walk(tree):
                assert not isinstance(
                    node, ast.JoinedStr | ast.Global | ast.Try | ast.ClassDef | ast.AsyncFunctionDef
                ), type(node)
            assert all(isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom) for node in tree.body)
            assert all(len(line) <= 100 for line in source.splitlines())

    def test_its_wordings_are_several_and_name_its_parameters(self, family: Family) -> None:
        assert len(family.says) >= 2
        for variant in range(len(family.variants)):
            texts = [family.docstring(variant, wording) for wording in range(len(family.says))]
            assert len(set(texts)) == len(texts)
            parameters = [arg.arg for arg in last_function(ast.parse(family.reference(variant))).args.args]
            for text in texts:
                assert text[0].isupper()
                assert text.endswith(".")
                assert "$" not in text
                assert all(f"`{name}`" in text for name in parameters), (parameters, text)

    def test_no_wording_has_doubled_marks(self, family: Family) -> None:
        for variant in range(len(family.variants)):
            for wording in range(len(family.says)):
                text = family.docstring(variant, wording)
                assert not DOUBLED.search(re.sub(r"(?<=, )\.\.\.", "etc", text)), text

    def test_it_does_the_same_under_other_names(self, family: Family) -> None:
        source = family.reference(0)
        inputs = drawn(family, 60)
        expected = outcomes(source, family.name, inputs)
        for style in STYLES:
            names = new_names(source, style)
            again = with_docstring(renamed(source, names), renamed_text(family.docstring(0, 0), names))
            assert outcomes(again, names.get(family.name, family.name), inputs) == expected
            if style != "own":
                assert family.name not in again
