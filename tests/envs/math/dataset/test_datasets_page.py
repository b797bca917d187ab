"""The page about datasets: its examples run, and its lists are those of the code."""

import ast
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from textgym.core import Config
from textgym.envs.math.dataset.config import DatasetConfig
from textgym.envs.math.wrapped.catalogue import LEFT_OUT, SEVERAL, STRICT_ONLY

PAGE = (Path(__file__).parents[4] / "docs" / "datasets.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


def test_the_examples_run_and_show_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "example"}
    compared = 0
    for block in BLOCKS:
        if "ReasoningGym" in block and importlib.util.find_spec("reasoning_gym") is None:
            continue
        for statement in ast.parse(block).body:
            if isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), "datasets.md", "eval"), names)
                shown = re.search(r"# (\S+)$", block.splitlines()[(statement.end_lineno or 1) - 1])
                if shown:
                    compared += 1
                    assert value == ast.literal_eval(shown[1])
            else:
                exec(compile(ast.Module([statement], []), "datasets.md", "exec"), names)
    assert compared == 3
    printed = "\n".join(f"# {line}".rstrip() for line in capsys.readouterr().out.splitlines())
    assert printed in PAGE


def test_every_setting_and_every_list_is_there() -> None:
    for name in DatasetConfig.model_fields.keys() - Config.model_fields.keys():
        assert f"`{name}`" in PAGE, name
    for name in LEFT_OUT.keys() | SEVERAL | STRICT_ONLY.keys():
        assert f"`{name}`" in PAGE, name
