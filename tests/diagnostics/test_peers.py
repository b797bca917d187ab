"""Other suites' environments under the same cheats, where their packages are installed; and a clear error where not."""

import importlib.util
from pathlib import Path

import pytest

from textgym.core import ConfigError, OptionalDependencyError, UnknownEnvironmentError
from textgym.diagnostics.redteam import red_team


def installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@pytest.mark.parametrize(
    ("name", "module", "package"),
    [
        ("gem:game:GuessTheNumber-v0", "gem", "gem-llm"),
        ("rg:chain_sum", "reasoning_gym", "reasoning-gym"),
        ("vf:anything", "verifiers", "verifiers"),
    ],
)
def test_a_missing_package_is_named(name: str, module: str, package: str) -> None:
    if installed(module):
        pytest.skip(f"{package} is installed")
    with pytest.raises(OptionalDependencyError, match=f"needs .*pip install .*{package}"):
        red_team(name)


@pytest.mark.skipif(not installed("reasoning_gym"), reason="reasoning-gym is not installed")
def test_a_dataset_of_reasoning_gym() -> None:
    report = red_team("rg:leg_counting", tasks=3, cheats=["empty", "last_number", "modal_gold"])
    assert report.id == "rg:leg_counting"
    assert report.oracle is not None
    assert report.oracle.mean == 1.0
    assert {row.name for row in report.cheats} >= {"empty", "last_number"}
    assert red_team("rg:leg_counting", tasks=3, cheats=["empty"]).cheats == report.cheats[:1]
    with pytest.raises(UnknownEnvironmentError, match="did you mean 'leg_counting'"):
        red_team("rg:legcounting")
    with pytest.raises(ConfigError, match="rg:leg_counting"):
        red_team("rg:leg_counting", {"no_such_setting": 1})


@pytest.mark.skipif(not installed("gem"), reason="GEM is not installed")
def test_an_environment_of_gem() -> None:
    report = red_team("gem:game:GuessTheNumber-v0-easy", tasks=4, cheats=["empty", "attribute_scan", "count_up"])
    rows = {row.name: row for row in report.cheats}
    assert report.oracle is None
    assert report.headroom is None
    assert rows["attribute_scan"].max == 1.0
    with pytest.raises(UnknownEnvironmentError, match="did you mean"):
        red_team("gem:game:GuessTheNumber-v0-eazy")


@pytest.mark.skipif(not installed("verifiers"), reason="verifiers is not installed")
def test_a_single_turn_environment_of_verifiers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "contained_sums.py").write_text(
        "import verifiers as vf\nfrom datasets import Dataset\n"
        "def load_environment():\n"
        "    rows = [{'question': f'{n} + 1 in <answer></answer>?', 'answer': str(n + 1)} for n in range(100, 160)]\n"
        "    def right(completion, answer, **kwargs):\n"
        "        return float(answer in str(completion[-1]['content']))\n"
        "    return vf.SingleTurnEnv(dataset=Dataset.from_list(rows), rubric=vf.Rubric(funcs=[right]))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    report = red_team("vf:contained_sums", tasks=3, cheats=["empty", "number_spam"])
    assert {row.name: row.paid for row in report.cheats} == {"empty": False, "number_spam": True}
    assert report.oracle is not None
    assert report.oracle.mean == 1.0
