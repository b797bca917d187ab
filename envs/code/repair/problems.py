"""What a repair task is made of: a package's tree, the damage done to it, and the tests that tell."""

import posixpath
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from textgym.core.randomness import Split
from textgym.envs.code.bank.trees import LARGEST_FILE
from textgym.envs.code.mutation import REMOVALS

_DROPPED_FOLDERS = frozenset(["build", "dist", ".eggs", "__pycache__", ".git", ".github", ".tox", "node_modules"])
_DROPPED_ENDINGS = (".pyc", ".pyo", ".so", ".pyd", ".whl", ".egg", ".zip", ".gz", ".bz2", ".xz", ".png", ".jpg", ".gif")
_LARGEST_BESIDE = 1 << 16


@dataclass(frozen=True, eq=False)
class Package:
    """A package as it was published, which holds the answer of each of its tasks.

    Attributes:
        name, version: as on the index.
        files: its tree, by path from the root.
        sources: folders (or modules) of the tree that make up the package.
        tests: folders or files of the tree with its tests.
        test_ids: the tests that pass reliably, as pytest names them from the root.
        pytest_args: what the package's suite needs on pytest's command line.
        extras: modules that the tests need beside pytest, by path from a folder that is put on the module search path.
        not_copied: tests, or files of tests, that cannot be run twice in one process; no canary is a copy of one.
        cpu_s: CPU seconds that all its tests take.
    """

    name: str
    version: str
    files: Mapping[str, bytes] = field(repr=False)
    sources: tuple[str, ...]
    tests: tuple[str, ...]
    test_ids: tuple[str, ...] = field(repr=False)
    pytest_args: tuple[str, ...] = ()
    extras: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    not_copied: tuple[str, ...] = ()
    cpu_s: float = 5.0

    @cached_property
    def shown(self) -> dict[str, bytes]:
        """The files that may be in a box: no built copies, no archives, nothing large that is neither source nor test."""
        return {path: data for path, data in sorted(self.files.items()) if self._belongs(path, data)}

    @cached_property
    def search_path(self) -> tuple[str, ...]:
        """Folders of the tree from which the package and its tests are imported, `""` for the root."""
        parents = [posixpath.dirname(source.rstrip("/")) for source in self.sources]
        return tuple(dict.fromkeys([*parents, ""]))

    def is_source(self, path: str) -> bool:
        """Whether a file is of the package itself, and not of its tests."""
        return within(path, self.sources) and not self.is_test(path)

    def is_test(self, path: str) -> bool:
        """Whether a file is part of the package's test suite."""
        return within(path, self.tests)

    def _belongs(self, path: str, data: bytes) -> bool:
        folders = path.split("/")[:-1]
        if any(folder in _DROPPED_FOLDERS or folder.endswith(".egg-info") for folder in folders):
            return False
        if within(path, self.tests):
            return len(data) <= LARGEST_FILE and not path.endswith((".pyc", ".pyo"))
        if path.endswith(_DROPPED_ENDINGS):
            return False
        return len(data) <= (LARGEST_FILE if within(path, self.sources) else _LARGEST_BESIDE)


@dataclass(frozen=True)
class Bug:
    """One place at which a package was damaged.

    Attributes:
        path: the file.
        qualname: the function or method in it.
        operator: the kind of damage, by the name of the mutation operator.
    """

    path: str
    qualname: str
    operator: str

    @property
    def name(self) -> str:
        """The bare name of the function."""
        return self.outer.rpartition(".")[2]

    @property
    def outer(self) -> str:
        """The function or method as its module knows it: the one around it, where it is inside of another."""
        return self.qualname.partition(".<locals>")[0].partition("#")[0]

    @property
    def whole(self) -> bool:
        """Whether all of the function was taken out."""
        return self.operator in REMOVALS


@dataclass(frozen=True, eq=False)
class Problem:
    """A damaged package, and what decides whether it was repaired.

    Attributes:
        record: names the problem for good: package, version, and number.
        package: the package as it should be.
        bugs: where it was damaged.
        damaged: the files that differ from the package's, as they are in the agent's box.
        fail_to_pass: tests that fail on the damaged tree and pass on the package's own.
        pass_to_pass: all other reliable tests.
        covered: the tests that reach a damaged function, those of `fail_to_pass` among them.
        difficulty: how hard the bank thinks it is, from 0 to 1.
    """

    record: str
    package: Package
    bugs: tuple[Bug, ...]
    damaged: Mapping[str, bytes] = field(repr=False)
    fail_to_pass: tuple[str, ...] = field(repr=False)
    pass_to_pass: tuple[str, ...] = field(repr=False)
    covered: tuple[str, ...] = field(repr=False)
    difficulty: float


class ProblemSource(Hashable, Protocol):
    """Where problems come from, such as the bank."""

    def size(self, split: Split) -> int:
        """How many problems a split has."""

    def problem(self, split: Split, index: int) -> Problem:
        """The problem at this place; the same in every process.

        Raises:
            InfraError: its package is not at hand and cannot be fetched.
        """


def within(path: str, places: tuple[str, ...]) -> bool:
    """Whether a path is one of these files, or lies in one of these folders."""
    return any(path == place.rstrip("/") or path.startswith(place.rstrip("/") + "/") for place in places)
