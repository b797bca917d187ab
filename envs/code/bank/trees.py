"""A package's tree, its extras and the test tools, as files by path; made from the cached archives."""

import functools
import posixpath
from collections.abc import Iterable, Mapping

from textgym.envs.code.bank.archives import unpack
from textgym.envs.code.bank.cache import Progress, archive_bytes, fetch_all
from textgym.envs.code.bank.catalogue import Catalogue, PackageSpec, Pin
from textgym.envs.code.bank.errors import BankError

_DROPPED_FOLDERS = frozenset(["build", "dist", ".eggs", "__pycache__", ".git", ".tox", "node_modules"])
_DROPPED_ENDINGS = (".pyc", ".pyo", ".so", ".pyd", ".whl", ".egg")
LARGEST_FILE = 4 << 20
"""Files of a package that are larger are left out of its tree, in bytes."""

Files = Mapping[str, bytes]


@functools.lru_cache(maxsize=64)
def package_files(spec: PackageSpec) -> Files:
    """The tree of a package as it was published, without what was built or compiled.

    Raises:
        FetchError: its archive is not at hand and cannot be had.
        ArchiveError: the archive cannot be used.
        BankError: it lacks the folders that the catalogue names.
    """
    files = {path: data for path, data in unpack(spec.file, archive_bytes(spec)).items() if _belongs(path, data)}
    for place in (*spec.sources, *spec.tests):
        if not any(path == place or path.startswith(f"{place}/") for path in files):
            raise BankError(f"{spec.label} has no {place!r}")
    return files


@functools.lru_cache(maxsize=64)
def library_files(pins: tuple[Pin, ...]) -> Files:
    """What pure-Python archives install, by path from a folder that is put on the search path.

    Of a source archive that is what stands in `src`, or else in its root.

    Raises:
        FetchError, ArchiveError: see `package_files`.
    """
    found: dict[str, bytes] = {}
    for pin in pins:
        files = unpack(pin.file, archive_bytes(pin))
        if not pin.file.endswith(".whl") and any(path.startswith("src/") for path in files):
            files = {path.removeprefix("src/"): data for path, data in files.items() if path.startswith("src/")}
        found |= {path: data for path, data in files.items() if _belongs(path, data) and ".data/" not in path}
    return found


def search_path(spec: PackageSpec) -> tuple[str, ...]:
    """Folders of the tree from which the package and its tests are imported, `""` for the root."""
    return tuple(dict.fromkeys([*(posixpath.dirname(source) for source in spec.sources), ""]))


def is_source(spec: PackageSpec, path: str) -> bool:
    """Whether a file of the tree is of the package itself, and not of its tests."""
    return _within(path, spec.sources) and not _within(path, spec.tests)


def pins(catalogue: Catalogue, packages: Iterable[PackageSpec]) -> list[Pin]:
    """Every archive that these packages need."""
    return [*catalogue.tools, *(pin for spec in packages for pin in (spec, *spec.extras))]


def fetch(catalogue: Catalogue, packages: Iterable[PackageSpec], progress: Progress | None = None) -> dict[Pin, bool]:
    """Make sure that everything these packages need is in the cache; see `fetch_all`.

    Raises:
        FetchError: something cannot be had.
    """
    return fetch_all(pins(catalogue, packages), progress)


def _belongs(path: str, data: bytes) -> bool:
    *folders, _ = path.split("/")
    if any(folder in _DROPPED_FOLDERS or folder.endswith(".egg-info") for folder in folders):
        return False
    return not path.endswith(_DROPPED_ENDINGS) and len(data) <= LARGEST_FILE


def _within(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
