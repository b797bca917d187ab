"""Every benchmark runs, in its smallest form, and writes what docs/benchmarks.md promises. No time is asserted."""

import ast
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RUN_ALL = Path(__file__).parents[2] / "benchmarks" / "run_all.py"
NAMES: tuple[str, ...] = next(
    ast.literal_eval(node.value)
    for node in ast.parse(RUN_ALL.read_text()).body
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NAMES"
)


def run_all(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, RUN_ALL, *arguments], capture_output=True, text=True, env=environment, timeout=300
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("results")
    done = run_all("--quick", "--smoke", "--out", str(out))
    assert done.returncode == 0, done.stderr
    for name in NAMES:
        assert f"{name}: " in done.stdout
    return {path.stem: json.loads(path.read_text()) for path in out.glob("*.json")}


def test_each_benchmark_writes_its_file(results):
    assert sorted(results) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_result_says_what_was_measured_on_what(results, name):
    result = results[name]
    assert result["name"] == name
    assert result["size"] == "smoke"
    assert result["title"]
    machine = result["machine"]
    assert machine["cores"] >= 1
    assert machine["python"]
    assert machine["versions"]["textgym"]
    assert {"load_before", "load_after", "seconds"} <= machine.keys()


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_a_spread_over_rounds(results, name):
    rows = results[name]["rows"]
    assert rows or results[name]["left_out"]
    for row in rows:
        assert row["unit"]
        spreads = [row[clock] for clock in ("wall", "cpu") if row[clock] is not None]
        assert spreads
        for spread in spreads:
            assert spread["rounds"] >= 1
            assert math.isfinite(spread["median"])
            assert spread["min"] <= spread["median"] <= spread["max"]


@pytest.mark.parametrize("name", NAMES)
def test_every_target_has_its_bound_and_verdict(results, name):
    result = results[name]
    assert result["targets"] or result["left_out"]
    for target in result["targets"]:
        median = target["figure"]["median"]
        kept = median >= target["bound"] if target["relation"] == ">=" else median <= target["bound"]
        assert target["met"] is kept
        assert target["clock"] in ("cpu", "wall", "count", "memory")
    assert result["met"] is all(target["met"] for target in result["targets"])


def test_kills_lose_and_repeat_nothing(results):
    assert [target["figure"]["median"] for target in results["crash"]["targets"]] == [0, 0]


def test_peers_that_are_missing_are_named_with_their_installation(results):
    if results["vector"]["machine"]["versions"]["gem-llm"] is None:
        assert any("pip install -r benchmarks/peers.txt" in line for line in results["vector"]["left_out"])
    else:
        assert results["vector"]["left_out"] == []


def test_an_unknown_benchmark_is_refused_with_the_names_that_exist(tmp_path):
    refused = run_all("vektor", "--out", str(tmp_path))
    assert refused.returncode == 2
    assert "no benchmark vektor" in refused.stderr
    assert "vector" in refused.stderr
    assert not list(tmp_path.iterdir())
