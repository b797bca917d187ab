"""Every package of the bank passes its own tests in the form in which repairs are judged: renamed, shuffled, with canaries; and
its functions agree with themselves and with nothing else.
"""

import asyncio

import pytest

from textgym.core import Random
from textgym.envs.code.bank.catalogue import PackageSpec, catalogue
from textgym.envs.code.bank.recipes import load, served
from textgym.envs.code.repair.banked import package_of, problem_of
from textgym.envs.code.repair.differential import compare
from textgym.envs.code.repair.examining import examine, prepare

_SEEN = {"boltons": 7, "funcy": 5, "voluptuous": 6}
"""Of twelve problems of a package, those that calls alone tell: most functions of these packages give functions away."""


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.parametrize("spec", served(catalogue()), ids=lambda spec: spec.label)
def test_an_undamaged_package_passes_its_examination(spec: PackageSpec) -> None:
    package = package_of(spec)
    # All the canaries at once that there can be: none of them may pass, and none may spoil another test.
    tests = package.test_ids
    examination = prepare(package, package.shown, tests, tests, Random(spec.label.encode()), canaries=10_000)
    found = asyncio.run(examine(package, examination))
    assert not found.problem
    assert found.canaries_failed
    assert [test for test in package.test_ids if test not in found.passed] == []


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.parametrize("spec", served(catalogue()), ids=lambda spec: spec.label)
def test_its_functions_agree_with_themselves_and_nearly_every_bug_is_told(spec: PackageSpec) -> None:
    recipes = Random(spec.label.encode()).sample(load(spec).recipes, 12)
    told = seen = 0
    for problem in (problem_of(spec, recipe) for recipe in recipes):
        found = asyncio.run(compare(problem, problem.package.shown))
        assert found.wrong == found.unlike == found.doubtful == 0, problem.record
        told += found.telling > 0
        if not found.unseen:
            seen += 1
            damaged = asyncio.run(compare(problem, {**problem.package.shown, **problem.damaged}))
            assert damaged.share == 0, problem.record
    assert told >= 11
    assert seen >= _SEEN.get(spec.name, 10)
