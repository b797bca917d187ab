"""The laboratory: sandboxes in which a package's tests are run, and what came of them as data.

Tests of packages are other people's code. They run where a policy's code runs, with no network, and what they report is
read as data. Nothing is decided in the sandbox.
"""

import functools
import importlib.resources
import json
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from textgym.envs.code.bank import inside
from textgym.envs.code.bank.catalogue import PackageSpec, Pin
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.bank.trees import library_files, package_files, search_path
from textgym.sandbox import Limits, Sandbox, open_sandbox

_LIMITS = Limits(
    wall_s=900,
    cpu_s=900,
    memory_mb=1024,
    processes=64,
    file_mb=64,
    open_files=256,
    output_kb=256,
    result_kb=32768,
)
_ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TERM": "dumb", "COLUMNS": "80", "TZ": "UTC"}


class Laboratory:
    """Runs the driver in a sandbox, for one package after the other.

    Args:
        tools: the archives of the test tools.
        slots: how many orders may run at a time.
        provider: as for `open_sandbox`.
    """

    def __init__(self, tools: Sequence[Pin], slots: int = 1, provider: str = "auto") -> None:
        self._tools = tuple(tools)
        self._box: Sandbox = open_sandbox(provider, slots=slots, limits=_LIMITS, spares=0)

    def run(self, spec: PackageSpec, order: Mapping[str, Any], *, hash_seed: int = 0, wall_s: float = 900) -> list[Any]:
        """Carry out an order, see `inside`; the values that it reported.

        Args:
            spec: the package.
            order: its `mode` and what that needs; the rest is filled in here.
            hash_seed: Python's seed of string hashes in the sandbox.
            wall_s: when it is ended, in seconds.

        Raises:
            BankError: the driver did not come to its end; the message holds what it wrote to stderr.
        """
        whole = {
            "search_path": list(search_path(spec)),
            "sources": list(spec.sources),
            "tests": list(spec.tests),
            "pytest_args": list(spec.pytest_args),
            **order,
        }
        files = {**_program(), "order.json": json.dumps(whole).encode()}
        files |= {f"tools/{path}": data for path, data in library_files(self._tools).items()}
        files |= {f"extras/{path}": data for path, data in library_files(spec.extras).items()}
        files |= {f"repo/{path}": data for path, data in package_files(spec).items()}
        ended = self._box.run(
            ["python3", "start.py"],
            files=files,
            env={**_ENVIRONMENT, "PYTHONHASHSEED": str(hash_seed)},
            limits=_LIMITS.model_copy(update={"wall_s": wall_s, "cpu_s": wall_s}),
            result=True,
        )
        if not ended.ok:
            said = ended.stderr.decode(errors="replace").strip()[-1500:]
            raise BankError(f"{spec.label}: the tests' run ended with {ended.status} {ended.detail}: {said}")
        return list(_values(spec, ended.result or b""))

    def close(self) -> None:
        """End the sandboxes."""
        self._box.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@functools.cache
def _program() -> dict[str, bytes]:
    """The files of the program that runs in the sandbox."""
    modules = (each for each in importlib.resources.files(inside).iterdir() if each.name.endswith(".py"))
    files = {f"inside/{each.name}": each.read_bytes() for each in modules}
    return {**files, "start.py": b"from inside.main import main\n\nmain()\n"}


def _values(spec: PackageSpec, data: bytes) -> Iterator[Any]:
    for line in data.splitlines():
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            raise BankError(f"{spec.label}: the tests' run reported what is no JSON: {line[:200]!r}") from None
