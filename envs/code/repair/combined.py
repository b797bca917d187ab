"""Problems with several bugs: bugs of one package, each of them proven alone, in functions of their own."""

import functools
from dataclasses import replace

from textgym.core import Random
from textgym.core.randomness import Split, derive_key
from textgym.envs.code.bank.catalogue import PackageSpec, catalogue
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.bank.recipes import Recipe, load, served
from textgym.envs.code.mutation import MutationError, combine
from textgym.envs.code.repair.banked import problem_of
from textgym.envs.code.repair.problems import Problem

MOST_BUGS = 3


class Combined:
    """Problems of two bugs or more: who leaves but one of them has the very tree that a recipe was confirmed on.

    Equal ones are the same source: `combined` makes them.
    """

    def __init__(self, most: int) -> None:
        """Args: the largest number of bugs, 2 or 3."""
        self._most = most

    def size(self, split: Split) -> int:
        """How many problems a split has; no archive is needed to know it."""
        return len(_places(self._most, split))

    def problem(self, split: Split, index: int) -> Problem:
        """The problem at this place.

        Raises:
            FetchError: its package is not in the cache and cannot be fetched.
            BankError: a recipe does not fit the package.
        """
        spec, numbers = _places(self._most, split)[index]
        return joined(spec, [load(spec).recipes[number] for number in numbers])


@functools.cache
def combined(most: int) -> Combined:
    """The source of the problems of at most so many bugs."""
    return Combined(most)


def joined(spec: PackageSpec, recipes: list[Recipe]) -> Problem:
    """One problem of several recipes, whose functions are apart. Raises as `Combined.problem`."""
    parts = [problem_of(spec, recipe) for recipe in recipes]
    first = parts[0]
    package = first.package
    damaged = {}
    for file in sorted({recipe.file for recipe in recipes}):
        try:
            source = package.files[file].decode()
            mutants = [mutant for recipe in recipes if recipe.file == file for mutant in recipe.mutants(source)]
            damaged[file] = combine(source, mutants).encode()
        except (MutationError, SyntaxError, UnicodeDecodeError, KeyError) as error:
            raise BankError(f"recipes of {spec.label} do not fit together: {error}") from None
    failing = {test for part in parts for test in part.fail_to_pass}
    covered = {test for part in parts for test in part.covered}
    return replace(
        first,
        record=f"{spec.label}#{'+'.join(str(recipe.n) for recipe in recipes)}",
        bugs=tuple(bug for part in parts for bug in part.bugs),
        damaged=damaged,
        fail_to_pass=tuple(test for test in package.test_ids if test in failing),
        pass_to_pass=tuple(test for test in package.test_ids if test not in failing),
        covered=tuple(test for test in package.test_ids if test in covered),
        difficulty=round(min(1.0, max(part.difficulty for part in parts) + 0.15 * (len(parts) - 1)), 2),
    )


@functools.lru_cache(maxsize=16)
def _places(most: int, split: Split) -> list[tuple[PackageSpec, tuple[int, ...]]]:
    """Package and recipes of each problem, in an order that a hash draws."""
    found = []
    for spec in served(catalogue()):
        if spec.split == split:
            recipes = load(spec).recipes
            drawn = {_drawn(spec, recipes, number, most) for number, each in enumerate(recipes) if _fits(each)}
            found += [(derive_key(spec.label, *numbers), spec, numbers) for numbers in drawn if len(numbers) > 1]
    return [(spec, numbers) for _, spec, numbers in sorted(found, key=lambda place: place[0])]


def _fits(recipe: Recipe) -> bool:
    return recipe.kind in ("single", "combined")


def _drawn(spec: PackageSpec, recipes: tuple[Recipe, ...], first: int, most: int) -> tuple[int, ...]:
    """Recipes that go with one, in functions that are neither the same nor inside one another."""
    rng = Random(derive_key("several bugs", spec.label, recipes[first].n, most))
    wanted = rng.randint(2, most)
    chosen = [first]
    taken = {(recipes[first].file, _outer(recipes[first]))}
    for number in rng.sample(range(len(recipes)), len(recipes)):
        recipe = recipes[number]
        if len(chosen) < wanted and _fits(recipe) and (recipe.file, _outer(recipe)) not in taken:
            chosen.append(number)
            taken.add((recipe.file, _outer(recipe)))
    return tuple(sorted(chosen))


def _outer(recipe: Recipe) -> str:
    return recipe.function.partition(".<locals>")[0].partition("#")[0]
