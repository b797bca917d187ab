"""The examples of docs/openai_graders.md are true."""

import json
import re
from pathlib import Path

import pytest

from textgym.graders import from_openai, load
from textgym.graders.openai.reading import is_openai

PAGE = (Path(__file__).parents[3] / "docs" / "openai_graders.md").read_text()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", blocks("python"))
def test_the_python_examples_run(block):
    exec(compile(block, "docs/openai_graders.md", "exec"), {"__name__": "example"})


def test_the_json_examples_are_graders():
    whole, one, three = blocks("json")
    for text in (whole, one, *three.splitlines()):
        data = json.loads(text)
        assert (from_openai if is_openai(data) else load)(data).type
