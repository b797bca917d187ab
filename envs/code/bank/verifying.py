"""Verification: accepted tasks proven once more, as they would be served."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textgym.core.randomness import Random, derive_key
from textgym.envs.code.bank.baseline import Baseline
from textgym.envs.code.bank.catalogue import PackageSpec
from textgym.envs.code.bank.confirming import confirm
from textgym.envs.code.bank.laboratory import Laboratory
from textgym.envs.code.bank.mining import Candidate, Target
from textgym.envs.code.bank.recipes import Recipe, Recipes, load
from textgym.envs.code.bank.trees import Files, package_files

_BATCH = 40


@dataclass(frozen=True)
class Finding:
    """What a verification says of one task.

    Attributes:
        package: `name-version`.
        n: the task's number.
        held: whether every run gave exactly the tests of the recipe.
        evidence: what happened instead.
    """

    package: str
    n: int
    held: bool
    evidence: str


def sample(packages: Sequence[PackageSpec], count: int | None, seed: int) -> dict[str, list[Recipe]]:
    """Tasks drawn from the recipes of packages, by the package's name; all of them where no count is given.

    Raises:
        BankError: a package has no recipes.
    """
    everything = [(spec.name, recipe) for spec in packages for recipe in load(spec).recipes]
    if count is not None and count < len(everything):
        everything = Random(derive_key("verify", seed)).sample(everything, count)
    chosen: dict[str, list[Recipe]] = {}
    for name, recipe in everything:
        chosen.setdefault(name, []).append(recipe)
    return chosen


def verify(
    laboratory: Laboratory,
    spec: PackageSpec,
    recipes: Sequence[Recipe],
    told: Callable[[int], None] = lambda done: None,
) -> list[Finding]:
    """Prove tasks of a package three times each, with other hash seeds and orders: the package passes, the fault fails.

    Args:
        laboratory: where it is done.
        spec: the package.
        recipes: some of its tasks.
        told: called with how many are done.

    Raises:
        FetchError: an archive is not at hand and cannot be had.
        BankError: a recipe does not fit the package, or the untouched package does not pass.
    """
    whole, files = load(spec), package_files(spec)
    baseline = Baseline(whole.test_ids, whole.cpu_s, {}, frozenset(), 0)
    found: list[Finding] = []
    for begin in range(0, len(recipes), _BATCH):
        batch = recipes[begin : begin + _BATCH]
        candidates = [_candidate(files, recipe) for recipe in batch]
        verdicts = confirm(laboratory, spec, baseline, candidates, repeat_all=True)
        for recipe, verdict in zip(batch, verdicts, strict=True):
            evidence = verdict.why
            if verdict.failing is not None and verdict.failing != recipe.fail_to_pass:
                evidence = _difference(whole, recipe, verdict.failing)
            found.append(Finding(spec.label, recipe.n, not evidence, evidence))
        told(len(found))
    return found


def _candidate(files: Files, recipe: Recipe) -> Candidate:
    recipe.damaged(files)  # says so where the recipe does not fit
    target = Target(recipe.file, recipe.function, recipe.covered, recipe.lines, (), (), 0.0)
    return Candidate(target, tuple(recipe.mutants(files[recipe.file].decode())), recipe.strength)


def _difference(whole: Recipes, recipe: Recipe, failing: Sequence[int]) -> str:
    missing = sorted(set(recipe.fail_to_pass).difference(failing))
    further = sorted(set(failing).difference(recipe.fail_to_pass))
    parts = []
    if missing:
        parts.append(f"{len(missing)} tests pass that must fail, as {whole.test_ids[missing[0]]}")
    if further:
        parts.append(f"{len(further)} tests fail that must pass, as {whole.test_ids[further[0]]}")
    return "; ".join(parts)
