"""Recipes: what was found in a package, as records that name a mutation and the tests that tell."""

import functools
import importlib.resources
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

from textgym.envs.code.bank.catalogue import RECIPES, Catalogue, PackageSpec
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.mutation import REMOVALS, Mutant, MutationError, combine, find

_LARGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """One accepted task.

    Attributes:
        n: its number in the package.
        file: the file that is changed.
        function: the function, see `textgym.envs.code.mutation.Function.name`.
        operator, site: the mutation.
        more: further mutations of the same function, as (operator, site).
        fail_to_pass: numbers of the tests that fail on the mutant.
        covered: numbers of the tests that enter the function; those of `fail_to_pass` are among them.
        strength: share of the function's mutants that its tests tell from the original, from 0 to 1.
        difficulty: from 0 to 1; see `mining.difficulty`.
        lines: how many lines the function has.
    """

    n: int
    file: str
    function: str
    operator: str
    site: int
    more: tuple[tuple[str, int], ...]
    fail_to_pass: tuple[int, ...] = field(repr=False)
    covered: tuple[int, ...] = field(repr=False)
    strength: float
    difficulty: float
    lines: int

    @property
    def kind(self) -> str:
        """`implement` where a whole function was taken away, `combined` for several mutations, else `single`."""
        return "implement" if self.operator in REMOVALS else "combined" if self.more else "single"

    def mutants(self, source: str) -> list[Mutant]:
        """Its mutations in the text of its file.

        Raises:
            MutationError, SyntaxError: the text is not the one that it was found in.
        """
        return [
            find(source, self.function, operator, site) for operator, site in ((self.operator, self.site), *self.more)
        ]

    def damaged(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The changed file of a package's tree, by its path.

        Raises:
            BankError: the tree is not the one that it was found in.
        """
        try:
            source = files[self.file].decode()
            return {self.file: combine(source, self.mutants(source)).encode()}
        except (KeyError, UnicodeDecodeError, SyntaxError, MutationError) as error:
            raise BankError(f"recipe {self.n} does not fit its package: {error}") from None


@dataclass(frozen=True)
class Recipes:
    """All that was found in one package.

    Attributes:
        test_ids: the package's reliable tests, in the order of its suite.
        recipes: the accepted tasks.
        cpu_s: CPU seconds of the whole suite, where it was measured.
        facts: how they were found: counts by outcome, seconds.
    """

    test_ids: tuple[str, ...]
    recipes: tuple[Recipe, ...]
    cpu_s: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict)

    def pass_to_pass(self, recipe: Recipe) -> tuple[int, ...]:
        """The numbers of the tests that pass with the fault and must still pass without."""
        failing = set(recipe.fail_to_pass)
        return tuple(number for number in range(len(self.test_ids)) if number not in failing)


def file_name(spec: PackageSpec) -> str:
    """The name of a package's recipe file."""
    return f"{spec.label}.jsonl.zst"


def load(spec: PackageSpec) -> Recipes:
    """The recipes of a package that are part of textgym.

    Raises:
        BankError: there are none, or they belong to another archive.
    """
    return _load(spec)


@functools.lru_cache(maxsize=64)
def _load(spec: PackageSpec) -> Recipes:
    file = importlib.resources.files(RECIPES).joinpath(file_name(spec))
    if not file.is_file():
        raise BankError(f"{spec.label} has no recipes: `textgym bank build {spec.name}` makes them")
    return decode(spec, file.read_bytes())


def served(catalogue: Catalogue) -> list[PackageSpec]:
    """The packages that tasks are made from: those with recipes. A package gets its file when all of it is found."""
    folder = importlib.resources.files(RECIPES)
    return [spec for spec in catalogue.packages if folder.joinpath(file_name(spec)).is_file()]


def encode(spec: PackageSpec, found: Recipes) -> bytes:
    """The bytes of a recipe file: a head, then a record a line; compressed, the same for the same recipes."""
    head = {
        "package": spec.label,
        "sha256": spec.sha256,
        "count": len(found.recipes),
        "cpu_s": round(found.cpu_s, 2),
        "facts": dict(found.facts),
        "test_ids": found.test_ids,
    }
    lines = [json.dumps(head), *(json.dumps(_record(recipe)) for recipe in found.recipes)]
    return zstandard.ZstdCompressor(level=19).compress("".join(f"{line}\n" for line in lines).encode())


def decode(spec: PackageSpec, data: bytes) -> Recipes:
    """What `encode` was given.

    Raises:
        BankError: it is cut short or malformed, or it belongs to another archive.
    """
    try:
        text = zstandard.ZstdDecompressor().decompress(data, max_output_size=_LARGEST)
        head, *records = map(json.loads, text.splitlines())
        found = Recipes(
            tuple(head["test_ids"]), tuple(map(_recipe, records)), float(head["cpu_s"]), dict(head["facts"])
        )
        complete = len(found.recipes) == head["count"]
        fits = head["sha256"] == spec.sha256
    except (zstandard.ZstdError, ValueError, KeyError, TypeError, IndexError) as error:
        raise BankError(f"the recipes of {spec.label} are damaged: {error}") from None
    if not complete or not fits:
        why = "are cut short" if fits else "belong to another archive than the pinned one"
        raise BankError(f"the recipes of {spec.label} {why}")
    return found


def write(folder: Path, spec: PackageSpec, found: Recipes) -> Path:
    """Write a package's recipe file, at once and whole."""
    path = folder / file_name(spec)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".part-")
    with os.fdopen(handle, "wb") as file:
        file.write(encode(spec, found))
        os.fchmod(file.fileno(), 0o644)
    os.replace(name, path)
    _load.cache_clear()
    return path


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers as text: `0-3,7`."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def numbers(text: str) -> tuple[int, ...]:
    """What `ranges` was given."""
    found: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return tuple(found)


def _record(recipe: Recipe) -> dict[str, Any]:
    return {
        "n": recipe.n,
        "file": recipe.file,
        "function": recipe.function,
        "operator": recipe.operator,
        "site": recipe.site,
        "more": [list(each) for each in recipe.more],
        "fail_to_pass": ranges(recipe.fail_to_pass),
        "covered": ranges(recipe.covered),
        "strength": recipe.strength,
        "difficulty": recipe.difficulty,
        "lines": recipe.lines,
    }


def _recipe(record: Mapping[str, Any]) -> Recipe:
    more: Iterable[Sequence[Any]] = record["more"]
    return Recipe(
        record["n"],
        record["file"],
        record["function"],
        record["operator"],
        record["site"],
        tuple((str(operator), int(site)) for operator, site in more),
        numbers(record["fail_to_pass"]),
        numbers(record["covered"]),
        float(record["strength"]),
        float(record["difficulty"]),
        record["lines"],
    )
