"""The bank from archive to recipes, in a real sandbox, on a small package of ours."""

import dataclasses
import subprocess
import sys

import pytest

from envs.code.sample_sdist import FILES, SHAPES, TESTS, Index, catalogue_of
from textgym.envs.code.bank import baseline, building, verifying
from textgym.envs.code.bank.baseline import measure
from textgym.envs.code.bank.building import build
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.bank.laboratory import Laboratory
from textgym.envs.code.bank.trees import package_files


@pytest.fixture
def index(tmp_path, monkeypatch):
    """An empty index, the only one that is asked, and an empty cache."""
    made = Index(tmp_path / "index")
    monkeypatch.setenv("PIP_INDEX_URL", made.address)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", made.address)
    monkeypatch.setenv("TEXTGYM_CACHE", str(tmp_path / "cache"))
    return made


class Counted(Laboratory):
    """A laboratory that knows what it was asked for."""

    asked: list[str]

    def run(self, spec, order, **options):
        self.asked = [*getattr(self, "asked", []), order["mode"]]
        return super().run(spec, order, **options)


@pytest.mark.parametrize(
    "provider",
    [
        pytest.param("docker", marks=pytest.mark.docker),
        pytest.param("bwrap", marks=[pytest.mark.sandbox, pytest.mark.slow]),
    ],
)
def test_from_an_archive_to_recipes_that_hold(index, provider, monkeypatch, tmp_path):
    catalogue = catalogue_of(index)
    (spec,) = catalogue.packages
    steps = []
    with Counted(catalogue.tools, provider=provider) as where:
        found = build(where, spec, steps.append)
        assert [step.stage for step in steps] == ["baseline", "mining", "confirming", "done"]
        assert steps[-1].accepted == len(found.recipes)
        assert {recipe.function for recipe in found.recipes} == {"clamp", "total", "Path.length"}
        assert {recipe.kind for recipe in found.recipes} == {"single", "combined", "implement"}
        assert len(found.test_ids) == 16

        # A build that was done before asks for nothing, and finds the same.
        before = list(where.asked)
        again = build(where, spec)
        assert where.asked == before
        assert again == found

        # What is accepted holds, outside of our own machinery too; what is not so is told apart.
        monkeypatch.setattr(verifying, "load", lambda spec: found)
        recipe = next(each for each in found.recipes if each.kind == "single")
        wrong = dataclasses.replace(recipe, fail_to_pass=found.pass_to_pass(recipe)[:1])
        findings = verifying.verify(where, spec, [*found.recipes[-3:], recipe, wrong])
        assert [finding.held for finding in findings] == [True, True, True, True, False]
        assert "must fail" in findings[-1].evidence
    assert failing_by_hand(spec, found, recipe, tmp_path) == {found.test_ids[each] for each in recipe.fail_to_pass}


def failing_by_hand(spec, found, recipe, tmp_path):
    """The failing tests of a plain pytest on the damaged tree, on disk."""
    for path, data in {**package_files(spec), **recipe.damaged(package_files(spec))}.items():
        place = tmp_path / "tree" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", ".", "-rf", "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*command, "tests"], cwd=tmp_path / "tree", env={"PYTHONPATH": "."}, capture_output=True, text=True, check=False
    )
    return {line.split(" ")[1] for line in ended.stdout.splitlines() if line.startswith("FAILED ")}


@pytest.mark.docker
@pytest.mark.slow
def test_a_killed_build_goes_on_where_it_was(index, monkeypatch):
    monkeypatch.setattr(building, "MUTANTS_A_BATCH", 10)
    monkeypatch.setattr(building, "CANDIDATES_A_BATCH", 4)
    catalogue = catalogue_of(index)
    (spec,) = catalogue.packages

    class KilledError(BaseException):
        pass

    def kill(step):
        if step.stage == "confirming":
            raise KilledError

    with Counted(catalogue.tools, provider="docker") as where:
        with pytest.raises(KilledError):
            build(where, spec, kill)
        before = len(where.asked)
        found = build(where, spec)
        assert set(where.asked[before:]) == {"cold"}
        (name,) = (path for path in (index.folder.parent / "cache" / "bank").iterdir())
        name.unlink()
        assert build(where, spec).recipes == found.recipes


BAD = {
    "hangs": ("def test_hangs():\n    while True:\n        pass\n", "hangs|CPU seconds"),
    "waits": ("import threading\n\ndef test_waits():\n    threading.Event().wait()\n", "hangs .*test_waits"),
    "exits": ("import os\ndef test_exits():\n    os._exit(0)\n", "ended early"),
    "broken": ("import nothing_of_this_name\ndef test_x():\n    pass\n", "nothing_of_this_name"),
    "unstable": (
        "def test_order():\n    assert hash('a') % 2\n\ndef test_hash():\n    assert hash('b') % 2\n",
        "not stable|no test passes",
    ),
}


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD)
def test_a_suite_that_is_of_no_use_is_refused_and_says_why(index, kind, monkeypatch):
    monkeypatch.setattr(baseline, "_HANGS_AFTER_S", 2.0)
    text, why = BAD[kind]
    files = {**FILES, "tests/test_bad.py": text}
    if kind == "unstable":
        files.pop("tests/test_shapes.py")
        files["tests/test_bad.py"] = "".join(
            f"def test_{seed}():\n    assert hash('{seed}') % 2\n\n" for seed in range(12)
        )
    catalogue = catalogue_of(index, files)
    (spec,) = catalogue.packages
    with Laboratory(catalogue.tools, provider="docker") as where, pytest.raises(BankError, match=why):
        measure(where, spec)


@pytest.mark.docker
@pytest.mark.slow
def test_tests_that_pass_only_sometimes_are_left_out_and_inner_functions_are_traced(index, monkeypatch):
    monkeypatch.setattr(baseline, "LEAST_STABLE", 0.9)
    shapes = SHAPES + (
        "\n\ndef adder(n):\n    def add(m):\n        return n - m\n    return add\n\n\nTWO = adder(2)\n\n\n"
        "def lazy(items):\n    for item in items:\n        yield item * 2\n"
    )
    more = (
        "\n\nimport os\nfrom shapes import adder, TWO, lazy\n\n"
        "def test_add():\n    assert TWO(1) == 1\n\n"
        "def test_lazy():\n    assert list(lazy([1, 2])) == [2, 4]\n\n"
        "@pytest.mark.xfail\ndef test_expected():\n    assert False\n\n"
        "@pytest.mark.skip\ndef test_skipped():\n    pass\n\n"
        "def test_seed():\n    assert os.environ['PYTHONHASHSEED'] == '0'\n"
    )
    files = {**FILES, "shapes/__init__.py": shapes, "tests/test_shapes.py": TESTS + more}
    catalogue = catalogue_of(index, files)
    (spec,) = catalogue.packages
    with Laboratory(catalogue.tools, provider="docker") as where:
        found = measure(where, spec)
        assert found.dropped == 1
        names = {name.partition("::")[2] for name in found.test_ids}
        assert {"test_add", "test_lazy"} <= names
        assert names.isdisjoint({"test_expected", "test_skipped", "test_seed"})
        by_name = {name.partition(":")[2]: tests for name, tests in found.enters.items()}
        assert [found.test_ids[number].partition("::")[2] for number in by_name["adder.<locals>.add"]] == ["test_add"]
        assert found.imported >= {"shapes/__init__.py:adder"}
        built = build(where, spec)
        assert "adder" not in {recipe.function for recipe in built.recipes}
        assert "adder.<locals>.add" in {recipe.function for recipe in built.recipes}
