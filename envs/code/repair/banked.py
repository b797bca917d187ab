"""The bank's recipes as problems: which there are, in which order, and the package that each is made from."""

import functools
from hashlib import blake2b
from typing import Literal

from textgym.core.errors import did_you_mean
from textgym.core.randomness import Split
from textgym.envs.code.bank.catalogue import PackageSpec, catalogue
from textgym.envs.code.bank.recipes import Recipe, load, served
from textgym.envs.code.bank.trees import library_files, package_files
from textgym.envs.code.repair.problems import Bug, Package, Problem

Kind = Literal["bugs", "bodies"]
Difficulty = Literal["any", "easy", "medium", "hard"]

_KINDS: dict[Kind, tuple[str, ...]] = {"bugs": ("single", "combined"), "bodies": ("implement",)}
_BOUNDS: dict[Difficulty, tuple[float, float]] = {
    "any": (0.0, 2.0),
    "easy": (0.0, 0.35),
    "medium": (0.35, 0.5),
    "hard": (0.5, 2.0),
}


class Banked:
    """The problems of one kind and difficulty, in the order of a hash.

    Equal ones are the same source: `banked` makes them.

    Args:
        kind: what was done to the packages.
        difficulty: which of the problems.
        packages: names of the packages; all where empty.
    """

    def __init__(self, kind: Kind, difficulty: Difficulty, packages: tuple[str, ...] = ()) -> None:
        self._which = kind, difficulty, packages

    def size(self, split: Split) -> int:
        """How many problems a split has; no archive is needed to know it."""
        return len(_places(*self._which, split))

    def problem(self, split: Split, index: int) -> Problem:
        """The problem at this place.

        Raises:
            FetchError: its package is not in the cache and cannot be fetched.
            BankError: the recipe does not fit the package.
        """
        spec, number = _places(*self._which, split)[index]
        return problem_of(spec, load(spec).recipes[number])


@functools.cache
def banked(kind: Kind, difficulty: Difficulty, packages: tuple[str, ...] = ()) -> Banked:
    """The source of the problems of a kind and a difficulty, of these packages or of all."""
    return Banked(kind, difficulty, packages)


def known_package(name: str) -> str:
    """The name of a package, if the bank has recipes for it.

    Raises:
        ValueError: it has none; the message names the closest that has.
    """
    names = [spec.name for spec in served(catalogue())]
    if name not in names:
        raise ValueError(f"the bank has no recipes for {name!r}: {did_you_mean(name, names)}")
    return name


def problem_of(spec: PackageSpec, recipe: Recipe) -> Problem:
    """The problem that a recipe describes. Raises as `Banked.problem`."""
    package = package_of(spec)
    found = load(spec)
    ids = found.test_ids
    return Problem(
        record=f"{spec.label}#{recipe.n}",
        package=package,
        bugs=(Bug(recipe.file, recipe.function, recipe.operator),),
        damaged=recipe.damaged(package.files),
        fail_to_pass=tuple(ids[number] for number in recipe.fail_to_pass),
        pass_to_pass=tuple(ids[number] for number in found.pass_to_pass(recipe)),
        covered=tuple(ids[number] for number in recipe.covered),
        difficulty=recipe.difficulty,
    )


@functools.lru_cache(maxsize=64)
def package_of(spec: PackageSpec) -> Package:
    """A package of the catalogue. Raises as `Banked.problem`."""
    return Package(
        name=spec.name,
        version=spec.version,
        files=package_files(spec),
        sources=spec.sources,
        tests=spec.tests,
        test_ids=load(spec).test_ids,
        pytest_args=spec.pytest_args,
        extras=library_files(spec.extras),
        not_copied=spec.not_copied,
        cpu_s=load(spec).cpu_s or Package.cpu_s,
    )


@functools.lru_cache(maxsize=64)
def _places(
    kind: Kind, difficulty: Difficulty, packages: tuple[str, ...], split: Split
) -> list[tuple[PackageSpec, int]]:
    """Package and number of each problem, in an order that a hash draws."""
    low, high = _BOUNDS[difficulty]
    found = [
        (blake2b(f"{spec.label}#{recipe.n}".encode(), digest_size=8).digest(), spec, number)
        for spec in served(catalogue())
        if spec.split == split and (not packages or spec.name in packages)
        for number, recipe in enumerate(load(spec).recipes)
        if recipe.kind in _KINDS[kind] and low <= recipe.difficulty < high
    ]
    return [(spec, number) for _, spec, number in sorted(found, key=lambda place: (place[0], place[1].label, place[2]))]
