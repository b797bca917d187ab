"""Asking the original, the damaged and the repaired function, each in a sandbox of its own, without anything that knows an answer.

Calls are recorded while tests run (`record_calls`), made again without any test (`answers`), or followed in tests that expect
nothing (`traces`).
"""

import asyncio
import json
import re
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from textgym.core import InfraError
from textgym.envs.code.repair.box import LIMITS, program, run_call
from textgym.envs.code.repair.examining import pytest_arguments
from textgym.envs.code.repair.expectations import without_expectations
from textgym.envs.code.repair.naming import arity
from textgym.envs.code.repair.problems import Bug, Package, Problem
from textgym.envs.code.repair.suites import SuiteTest
from textgym.sandbox import Call, Limits, RunResult

PATIENCE = 4.0
"""How many times the CPU time of what the original may take a candidate has, on whatever a machine it runs."""
_MOST_CALLS = 120
_FAILING_SHARE = 40
_PASSING_SHARE = 4
_MOST_ATTEMPTS = 600
_MOST_VARIED_CALLS = 40
_VARIANTS = 2
_LARGEST_CALL = 1 << 15
_ROOM = 1 << 17
_RECORDING_SECONDS = 5.0
_SECONDS_A_CALL = 1.0
_SECONDS = 6.0
_MOST_ITEMS = 1000
_MOST_NODES = 5_000
_DEEPEST = 40
_LONGEST_LINE = 300
_ROOT = "package"
_COMPARISONS = frozenset(f"__{name}__" for name in ("eq", "ne", "lt", "le", "gt", "ge", "contains"))
_NEXT_SECOND = 1.1
_SIZE = struct.Struct("!I")
_UNDERSCORED = re.compile(rb"\b_[A-Za-z0-9_]+")

Answer = tuple[str, ...]
"""What came of a call, or was seen in a test: its kind, hashes without and with the fine print, and a note (`blind` for a result
that holds a function of which nothing is told, `callable` for one that holds something else that can be called). One word where nothing readable came."""
Answers = tuple[Answer, ...]
READABLE = 4
"""Words of an answer that says something."""


async def later(package: Package) -> None:
    """Wait until it is another second, where a package may read the clock past what `entering` shifts."""
    if any(b"datetime" in data for path, data in package.shown.items() if package.is_source(path)):
        await asyncio.sleep(_NEXT_SECOND)


async def record_calls(problem: Problem, bug: Bug, tests: Sequence[str]) -> list[bytes]:
    """The arguments with which tests call the original function, pickled; some for each test, so that all have their say.

    Raises:
        InfraError: no sandbox could run it.
    """
    package = problem.package
    failing = set(problem.fail_to_pass)
    order: dict[str, Any] = {
        "root": _ROOT,
        "path": bug.path,
        "name": bug.name,
        "qualname": bug.outer,
        "most": _MOST_CALLS,
        "attempts": _MOST_ATTEMPTS,
        "largest": _LARGEST_CALL,
        "room": _ROOM,
        "seconds": _RECORDING_SECONDS,
        "shares": {test: _FAILING_SHARE if test in failing else _PASSING_SHARE for test in tests},
        "test_files": [path for path in package.shown if package.is_test(path) and path.endswith(".py")],
        "search_path": list(package.search_path),
        "arguments": pytest_arguments(package, tests, package.shown),
    }
    call = Call(
        source=program("recording", order), files=_files(package, package.shown), limits=_limits(20), result=True
    )
    run = await run_call(call)
    _demand_set_up(run)
    return _pickles(run)


async def vary(package: Package, calls: Sequence[bytes]) -> list[bytes]:
    """The arguments of some calls, pickled, with a plain value in them changed a little: what no test asks for.

    Raises:
        InfraError: no sandbox could run it.
    """
    if not calls:
        return []
    order: dict[str, Any] = {
        "root": _ROOT,
        "search_path": list(package.search_path),
        "calls": min(len(calls), _MOST_VARIED_CALLS),
        "variants": _VARIANTS,
        "largest": _LARGEST_CALL,
        "room": _ROOM,
    }
    files = _files(package, {path: data for path, data in package.shown.items() if not package.is_test(path)})
    files |= {f"calls/{number}": call for number, call in enumerate(calls[:_MOST_VARIED_CALLS])}
    run = await run_call(Call(source=program("varying", order), files=files, limits=_limits(_SECONDS), result=True))
    _demand_set_up(run)
    return _pickles(run)


def _pickles(run: RunResult) -> list[bytes]:
    """The pickles that a program wrote down, each after its length."""
    data, found, at = run.result or b"", list[bytes](), 0
    while at + _SIZE.size <= len(data):
        (size,) = _SIZE.unpack_from(data, at)
        at += _SIZE.size + size
        if at > len(data):
            break
        found.append(data[at - size : at])
    return found


async def answers(
    package: Package,
    tree: Mapping[str, bytes],
    bug: Bug,
    calls: Sequence[bytes],
    known: Sequence[str],
    *,
    patience: float = 1.0,
    apart: int = 0,
) -> Answers:
    """What came of calls, in order; fewer than there are where the process ended early.

    Args:
        package: it, and where it is imported from.
        tree: its files, with a function as it is asked.
        bug: which function that is.
        calls: the arguments.
        known: see `known_names`.
        patience: how many times the usual CPU time may be used.
        apart: see `entering`.

    Raises:
        InfraError: no sandbox could run it.
    """
    module = module_name(package, bug.path)
    if module is None or not calls:
        return ()
    order: dict[str, Any] = {
        "root": _ROOT,
        "apart": apart,
        "search_path": list(package.search_path),
        "module": module,
        "qualname": bug.outer,
        "calls": len(calls),
        "most": _MOST_ITEMS,
        "seconds": patience * _SECONDS_A_CALL,
        **_seen(bug, known),
    }
    files = _files(package, {path: data for path, data in tree.items() if not package.is_test(path)})
    files |= {f"calls/{number}": call for number, call in enumerate(calls)}
    run = await run_call(
        Call(source=program("replaying", order), files=files, limits=_limits(patience * _SECONDS), result=True)
    )
    _demand_set_up(run)
    lines = (run.result or b"").splitlines()
    if run.status == "exit" and len(lines) != len(calls):
        return ()
    return tuple(map(_answer, lines[: len(calls)]))


async def traces(
    package: Package,
    tree: Mapping[str, bytes],
    bug: Bug,
    tests: Sequence[str],
    known: Sequence[str],
    *,
    patience: float = 1.0,
    apart: int = 0,
) -> Answers:
    """What the function gave in each test, and those that it gave away; no words where nothing was seen.

    For the arguments see `answers`.

    Raises:
        InfraError: no sandbox could run it.
    """
    if not tests:
        return ()
    order: dict[str, Any] = {
        "root": _ROOT,
        "path": bug.path,
        "name": bug.name,
        "qualname": bug.outer,
        "arity": arity(package.shown[bug.path], bug.outer),
        "tests": list(tests),
        "apart": apart,
        "most": _MOST_ITEMS,
        "seconds": patience * _SECONDS,
        "search_path": list(package.search_path),
        "arguments": pytest_arguments(package, tests, package.shown),
        "test_files": [path for path in package.shown if package.is_test(path) and path.endswith(".py")],
        **_seen(bug, known),
    }
    files = {path: data for path, data in tree.items() if not package.is_test(path)}
    files |= {path: data for path, data in package.shown.items() if package.is_test(path)}
    for path in {SuiteTest.parse(test).path for test in tests}:
        files[path] = without_expectations(files[path], bug.name in _COMPARISONS) or files[path]
    limits = _limits(patience * 2 * _SECONDS)
    call = Call(source=program("tracing", order), files=_files(package, files), limits=limits, result=True)
    run = await run_call(call)
    _demand_set_up(run)
    found: list[Answer] = [()] * len(tests)
    for line in (run.result or b"").splitlines():
        match _json(line):
            case [int(number), str(plain), str(fine)] if 0 <= number < len(tests):
                _, before, fine_before, _ = found[number] or ("trace", "", "", "")
                found[number] = ("trace", before + plain, fine_before + fine, "")
    return tuple(found)


def known_names(package: Package, tree: Mapping[str, bytes]) -> tuple[str, ...]:
    """The names with an underscore in front that the sources of a tree speak of, and so anyone who works on it."""
    found: set[bytes] = set()
    for path, data in tree.items():
        if package.is_source(path):
            found.update(_UNDERSCORED.findall(data))
    return tuple(sorted(name.decode() for name in found))


def _seen(bug: Bug, known: Sequence[str]) -> dict[str, Any]:
    """How much of a value its structure tells."""
    return {"nodes": _MOST_NODES, "deep": _DEEPEST, "known": list(known), "anew": bug.whole}


def _limits(cpu_s: float) -> Limits:
    return LIMITS.model_copy(update={"wall_s": 3 * cpu_s, "cpu_s": cpu_s})


def _demand_set_up(run: RunResult) -> None:
    if run.status == "setup_error":
        raise InfraError(f"the functions could not be compared: {run.detail}")


def _answer(line: bytes) -> tuple[str, ...]:
    """A line of `replaying`; one word, which answers nothing, for any other."""
    words = _json(line)
    if not isinstance(words, list) or len(words) != READABLE or not all(isinstance(word, str) for word in words):
        return ("unreadable",)
    return tuple(words)


def _json(line: bytes) -> Any:
    """What a line of a report says; None for one that is too long or no JSON."""
    if len(line) > _LONGEST_LINE:
        return None
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _files(package: Package, tree: Mapping[str, bytes]) -> dict[str, bytes]:
    files = {f"{_ROOT}/{path}": data for path, data in tree.items()}
    return files | {f"extras/{path}": data for path, data in package.extras.items()}


def module_name(package: Package, path: str) -> str | None:
    """The name under which a source file is imported; None if it cannot be."""
    for place in sorted(package.search_path, key=len, reverse=True):
        if place and not path.startswith(f"{place}/"):
            continue
        inner = path[len(place) + 1 :] if place else path
        parts = inner.removesuffix(".py").split("/")
        if parts[-1] == "__init__":
            parts.pop()
        if parts and all(part.isidentifier() for part in parts):
            return ".".join(parts)
    return None
