"""The repaired function against the original one, called in processes of their own with the same arguments.

Where the function takes plain data, the arguments that the suite's tests call it with are recorded on the original package.
Original and candidate are then called with them, each in its own sandbox and without any test runner, and the host compares
what they return: by value and exact type, no object of the candidate's can say what it is equal to.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textgym.core import InfraError
from textgym.envs.code.repair.box import LIMITS, program, run_call
from textgym.envs.code.repair.examining import pytest_arguments
from textgym.envs.code.repair.problems import Bug, Package, Problem
from textgym.sandbox import Call
from textgym.sandbox.compare import EXACT, same
from textgym.sandbox.driver import DRIVER, NotPlainError, decode
from textgym.sandbox.records import Record, read_records

_MOST_INPUTS = 40
_LARGEST_INPUT = 4000
_MOST_TESTS = 12
_MOST_ITEMS = 1000
_ROOT = "package"
_LIMITS = LIMITS.model_copy(update={"wall_s": 40, "cpu_s": 20})
_REMEMBERED = 512

_PROBE = """
import os, sys, types
sys.path[:0] = [os.path.join(os.getcwd(), {root!r}, place) for place in {search_path!r}]
sys.path.append(os.path.join(os.getcwd(), "extras"))
from importlib import import_module
target = import_module({module!r})
from itertools import islice
def probe(args, kwargs):
    found = target.{name}(*args, **kwargs)
    if hasattr(type(found), "__next__"):
        found = ("iterator", list(islice(found, {most})))
    return found
"""


@dataclass(frozen=True)
class Reference:
    """What the original function does.

    Attributes:
        bug: which function it is.
        inputs: encoded calls.
        answers: its answers to them, each the same in two runs.
    """

    bug: Bug
    inputs: tuple[str, ...]
    answers: tuple[Record, ...]


_references: OrderedDict[str, tuple[Reference, ...]] = OrderedDict()


async def references(problem: Problem) -> tuple[Reference, ...]:
    """What the originals of a problem's damaged functions do, one for each that takes and returns plain data.

    Worked out at the first verdict on a problem, and remembered in this process.

    Raises:
        InfraError: no sandbox could run it.
    """
    found = _references.get(problem.record)
    if found is None:
        made = await asyncio.gather(*(_reference(problem, bug) for bug in problem.bugs if bug.plain))
        found = _references[problem.record] = tuple(one for one in made if one is not None)
        while len(_references) > _REMEMBERED:
            _references.popitem(last=False)
    return found


async def _reference(problem: Problem, bug: Bug) -> Reference | None:
    module = module_name(problem.package, bug.path)
    if module is None:
        return None
    inputs = await _record_inputs(problem, bug)
    if not inputs:
        return None
    tree = problem.package.shown
    runs = await asyncio.gather(*(_answers(problem.package, tree, bug, module, inputs) for _ in range(2)))
    kept = [
        (text, first)
        for text, first, second in zip(inputs, *runs, strict=False)
        if first.kind in ("value", "raised") and _agree(first, second)
    ]
    return Reference(bug, tuple(text for text, _ in kept), tuple(record for _, record in kept)) if kept else None


async def _record_inputs(problem: Problem, bug: Bug) -> list[str]:
    package = problem.package
    failing = set(problem.fail_to_pass)
    tests = sorted(problem.covered, key=lambda test: test not in failing)[:_MOST_TESTS]
    order: dict[str, Any] = {
        "root": _ROOT,
        "path": bug.path,
        "name": bug.name,
        "most": _MOST_INPUTS,
        "largest": _LARGEST_INPUT,
        "tests": tests,
        "search_path": list(package.search_path),
        "arguments": pytest_arguments(package, tests, package.shown),
    }
    call = Call(source=program("recording", order), files=_files(package, package.shown), limits=_LIMITS, result=True)
    run = await run_call(call)
    try:
        texts = json.loads(run.result or b"[]")
        for text in texts:
            decode(text)
    except (ValueError, TypeError, RecursionError, NotPlainError):
        return []
    return [str(text) for text in texts]


async def differs(problem: Problem, tree: Mapping[str, bytes]) -> tuple[int, int]:
    """How many calls the candidate answers otherwise than the original, and how many there were.

    Args:
        problem: the problem.
        tree: the candidate's sources.

    Raises:
        InfraError: no sandbox could run it.
    """
    wrong = total = 0
    for reference in await references(problem):
        module = module_name(problem.package, reference.bug.path)
        assert module is not None
        answers = await _answers(problem.package, tree, reference.bug, module, reference.inputs)
        total += len(reference.inputs)
        wrong += len(reference.inputs) - sum(map(_agree, reference.answers, answers))
    return wrong, total


async def _answers(
    package: Package, tree: Mapping[str, bytes], bug: Bug, module: str, inputs: tuple[str, ...] | list[str]
) -> tuple[Record, ...]:
    source = _PROBE.format(
        root=_ROOT, search_path=list(package.search_path), module=module, name=bug.name, most=_MOST_ITEMS
    )
    calls = [f'["probe",{text},{{"dict":[]}}]' for text in inputs]
    stdin = json.dumps(calls).encode() + b"\n" + source.encode()
    files = _files(package, {path: data for path, data in tree.items() if not package.is_test(path)})
    drive = f"import {DRIVER}\n{DRIVER}.main()\n"
    run = await run_call(Call(source=drive, stdin=stdin, files=files, limits=_LIMITS, result=True))
    if run.status == "setup_error":
        raise InfraError(f"the functions could not be compared: {run.detail}")
    records = read_records(run.result or b"", len(inputs))
    return () if records.problem and run.status == "exit" else records.read


def _agree(one: Record, other: Record) -> bool:
    if one.kind == "raised":
        return other.kind == "raised" and one.exception == other.exception
    return other.kind == "value" and same(one.value, other.value, EXACT)


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
