"""The families by theme. Each module here, or folder of modules, is named in `THEMES` and defines `FAMILIES`."""

import functools
import importlib

from textgym.envs.code.functions.family import Family

THEMES: tuple[str, ...] = (
    "strings",
    "lists",
    "numbers",
    "intervals",
    "grids",
    "machines",
    "dates",
    "games",
    "notations",
    "programming",
    "graphs",
    "routes",
    "trees",
    "tables",
    "ledgers",
    "encodings",
    "interpreters",
    "schedules",
    "ciphers",
    "calendars",
)


@functools.cache
def families() -> dict[str, Family]:
    """All families by name, in the order of the themes.

    Raises:
        ValueError: two families have one name.
    """
    found: dict[str, Family] = {}
    for theme in THEMES:
        for family in theme_families(theme):
            if found.setdefault(family.name, family) is not family:
                raise ValueError(f"two families are named {family.name}")
    return found


def theme_families(theme: str) -> tuple[Family, ...]:
    """The families of one theme."""
    listed: tuple[Family, ...] = importlib.import_module(f"{__name__}.{theme}").FAMILIES
    return listed
