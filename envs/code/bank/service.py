"""What the command line does with the bank: list, fetch, build, verify."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import textgym.envs.code.recipes
from textgym.envs.code.bank.building import Report, build
from textgym.envs.code.bank.cache import Progress, archive_path
from textgym.envs.code.bank.catalogue import PackageSpec, catalogue
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.bank.laboratory import Laboratory
from textgym.envs.code.bank.recipes import Recipes, file_name, load, served, write
from textgym.envs.code.bank.trees import fetch, pins
from textgym.envs.code.bank.verifying import Finding, sample, verify

KINDS = ("single", "combined", "implement")


def packages(names: Sequence[str] = (), *, with_recipes: bool = False) -> list[PackageSpec]:
    """The packages of these names; all of them where none is given.

    Raises:
        BankError: there is no such package.
    """
    if names:
        return [catalogue().package(name) for name in names]
    return served(catalogue()) if with_recipes else list(catalogue().packages)


def listed(names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every package with its numbers, as plain data; `tasks` is None for one without recipes."""
    ready = {spec.label for spec in served(catalogue())}
    return [_described(spec, load(spec) if spec.label in ready else None) for spec in packages(names)]


def fetch_packages(chosen: Sequence[PackageSpec], progress: Progress | None = None) -> dict[str, Any]:
    """Make sure that packages are in the cache.

    Returns:
        How many archives are needed and how many were fetched, and the paths of those that had been damaged.

    Raises:
        FetchError: one cannot be had.
    """
    wanted = dict.fromkeys(pins(catalogue(), chosen))
    fetched = fetch(catalogue(), chosen, progress)
    damaged = [str(archive_path(pin)) for pin, was_damaged in fetched.items() if was_damaged]
    return {"archives": len(wanted), "fetched": len(fetched), "damaged": damaged}


@contextmanager
def laboratory(provider: str) -> Iterator[Laboratory]:
    """The sandboxes for building and verifying.

    Raises:
        SandboxUnavailableError: there are none here.
    """
    with Laboratory(catalogue().tools, provider=provider) as opened:
        yield opened


def build_package(where: Laboratory, spec: PackageSpec, folder: Path, report: Report | None = None) -> dict[str, Any]:
    """Make a package's recipes and write them into a folder; the package's numbers.

    Raises:
        FetchError, BankError: see `building.build`.
    """
    found = build(where, spec, report)
    write(folder, spec, found)
    return _described(spec, found)


def has_recipes(spec: PackageSpec, folder: Path) -> bool:
    """Whether a folder holds a package's recipes."""
    return (folder / file_name(spec)).is_file()


def recipes_folder() -> Path:
    """The folder of the recipes that are part of textgym."""
    return Path(next(iter(textgym.envs.code.recipes.__path__)))


def verify_sample(
    where: Laboratory,
    chosen: Sequence[PackageSpec],
    count: int | None,
    seed: int,
    told: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> list[Finding]:
    """Prove a sample of accepted tasks again; `told` is called with a package's name, and how many are done of how many.

    Raises:
        BankError: a package has no recipes, or its recipes do not fit it.
    """
    drawn = sample(chosen, count, seed)
    total = sum(map(len, drawn.values()))
    if not total:
        raise BankError("there are no recipes to verify: `textgym bank build` makes them")
    found: list[Finding] = []
    for name, recipes in drawn.items():
        spec, before = catalogue().package(name), len(found)
        told(name, before, total)
        found += verify(where, spec, recipes, lambda done: told(name, before + done, total))  # noqa: B023  called at once
    return found


def _described(spec: PackageSpec, found: Recipes | None) -> dict[str, Any]:
    kinds = Counter(recipe.kind for recipe in found.recipes) if found else Counter()
    return {
        "package": spec.label,
        "licence": spec.licence,
        "split": spec.split,
        "cached": all(archive_path(pin).exists() for pin in (spec, *spec.extras)),
        "tests": len(found.test_ids) if found else None,
        "tasks": len(found.recipes) if found else None,
        **{kind: kinds[kind] for kind in KINDS},
        "facts": dict(found.facts) if found else {},
    }
