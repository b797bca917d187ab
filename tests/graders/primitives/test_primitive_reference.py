"""The page of leaves names every type and every setting, and its examples run."""

import importlib
import re
from pathlib import Path

import pytest
from primitive_cases import CASES

import textgym.graders
from textgym.graders import load
from textgym.graders.registration import TYPES

PAGE = (Path(__file__).parents[3] / "docs" / "grader_reference.md").read_text()
ROWS = {match[1]: match[0] for match in re.finditer(r"^\| `([a-z0-9_]+)` \|.*\| .*\| .*\|$", PAGE, re.MULTILINE)}
SHARED = {"type", "name", "input", "reference"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_every_type_has_a_row_that_names_its_settings(case):
    cls = type(load(case.grader))
    row = ROWS[case.kind]
    settings = set(cls.model_fields) - SHARED
    if "the same" not in row:
        assert {setting for setting in settings if f"`{setting}`" not in row} == set()
    assert getattr(textgym.graders, cls.__name__) is cls


def test_every_registered_leaf_is_on_the_page():
    for module in textgym.graders.catalogue.MODULES:
        importlib.import_module(f"textgym.graders.{module}")
    ours = {kind for kind, cls in TYPES.items() if cls.__module__.startswith("textgym.graders.primitives.")}
    assert ours - ROWS.keys() == set()
    assert {kind for kind in ROWS if kind in TYPES} == ours


def test_the_example_runs():
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
    names = {}
    exec(code, names)
    assert names["leaf"].grade({"answers": ["the Beatles"]}, "Beatles").value == 1.0
