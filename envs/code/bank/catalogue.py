"""The catalogue: which packages the bank is made of, pinned to the byte."""

import functools
import importlib.resources
import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from textgym.core.errors import did_you_mean
from textgym.core.randomness import Split
from textgym.envs.code.bank.errors import BankError

LICENCES = ("MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "PSF-2.0")
"""Licences, by their SPDX names, under which a package may be in the catalogue."""

RECIPES = "textgym.envs.code.recipes"
"""The package whose data are the catalogue and the recipes."""

_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class Pin(BaseModel):
    """One archive on the index.

    Attributes:
        name, version: as on the index.
        file: the archive's file name.
        sha256: the hash of its bytes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Name
    version: _Name
    file: _Name
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def label(self) -> str:
        """`name-version`."""
        return f"{self.name}-{self.version}"


class PackageSpec(Pin):
    """One package of the bank: its source archive, and how its tests are run.

    Attributes:
        licence: one of `LICENCES`.
        sources: folders or modules of the archive's tree that make up the package.
        tests: test files or folders, as handed to pytest.
        extras: pure-Python archives that the tests need, wheels or source archives.
        pytest_args: further arguments for pytest.
        not_copied: tests, or files of tests, that cannot be run twice in one process, such as those that register something.
        split: the split that all of its tasks belong to.
    """

    licence: str
    sources: tuple[str, ...] = Field(min_length=1)
    tests: tuple[str, ...] = Field(min_length=1)
    extras: tuple[Pin, ...] = ()
    pytest_args: tuple[str, ...] = ()
    not_copied: tuple[str, ...] = ()
    split: Split

    @field_validator("licence")
    @classmethod
    def _allowed(cls, licence: str) -> str:
        if licence not in LICENCES:
            raise ValueError(f"licence {licence!r} is none of {', '.join(LICENCES)}")
        return licence


class Catalogue(BaseModel):
    """All packages, and the archives of the test tools that their tests are run with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tools: tuple[Pin, ...]
    packages: tuple[PackageSpec, ...]

    def package(self, name: str) -> PackageSpec:
        """The package of this name.

        Raises:
            BankError: there is none; the message names the closest.
        """
        wanted = normal(name)
        for each in self.packages:
            if normal(each.name) == wanted:
                return each
        raise BankError(
            f"the bank has no package {name!r}: {did_you_mean(name, [each.name for each in self.packages])}"
        )


@functools.cache
def catalogue() -> Catalogue:
    """The catalogue that is part of textgym."""
    text = importlib.resources.files(RECIPES).joinpath("packages.json").read_text(encoding="utf-8")
    return Catalogue.model_validate_json(text)


def normal(name: str) -> str:
    """A package's name as an index has it in its addresses."""
    return re.sub(r"[-_.]+", "-", name).lower()
