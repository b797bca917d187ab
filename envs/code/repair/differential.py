"""The repaired function against the original one, called in processes of their own with the same arguments.

The arguments are those that the suite's tests call the function with, recorded on the original package: objects of the
package's too, methods' own instances among them. Original and candidate are then called with them, each in its own sandbox
and without any test or test runner, and the host compares hashes of all that came of each call: what was returned and what
became of the arguments, by structure and exact type. No object of the candidate's can say what it is equal to, and nothing in
its process knows what is expected.
"""

import asyncio
import json
import struct
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from textgym.core import InfraError
from textgym.envs.code.repair.box import LIMITS, program, run_call
from textgym.envs.code.repair.examining import pytest_arguments
from textgym.envs.code.repair.expectations import without_expectations
from textgym.envs.code.repair.problems import Bug, Package, Problem
from textgym.envs.code.repair.suites import SuiteTest
from textgym.sandbox import Call, Limits, RunResult

_MOST_CALLS = 120
_FAILING_SHARE = 40
_PASSING_SHARE = 4
_MOST_ATTEMPTS = 600
_LARGEST_CALL = 1 << 15
_ROOM = 1 << 17
_RECORDING_SECONDS = 5.0
_SECONDS_A_CALL = 1.0
_SECONDS = 6.0
_MOST_TESTS = 12
_MOST_ITEMS = 1000
_MOST_NODES = 5_000
_DEEPEST = 40
_LONGEST_LINE = 300
_ROOT = "package"
_COMPARISONS = frozenset(f"__{name}__" for name in ("eq", "ne", "lt", "le", "gt", "ge", "contains"))
_PATIENCE = 4.0
"""How many times the CPU time of what the original may take a candidate has, on whatever a machine it runs."""
_APART = 2000
_NEXT_SECOND = 1.1
_REMEMBERED = 512
_SIZE = struct.Struct("!I")

_A = TypeVar("_A")
Answers = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Reference:
    """What the original function does.

    Attributes:
        bug: which function it is.
        calls: the arguments of calls, pickled in a sandbox for a sandbox and never loaded here. All of them are always made, in
            this order, since one may leave something for the next.
        answers: what came of each; None where two runs differ, and nothing is compared.
        tests: tests in which the function is followed, where none of the calls tells the damage. Here, too, all are run.
        traces: what it gave in each; None where nothing is compared.
    """

    bug: Bug
    calls: tuple[bytes, ...] = ()
    answers: tuple[tuple[str, ...] | None, ...] = ()
    tests: tuple[str, ...] = ()
    traces: tuple[str | None, ...] = ()

    @property
    def compared(self) -> int:
        """How many calls and tests are compared."""
        return sum(one is not None for one in (*self.answers, *self.traces))


_references: OrderedDict[str, tuple[Reference, ...]] = OrderedDict()
_Work = asyncio.Task[tuple[Reference, ...]]
_under_way: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Work]] = WeakKeyDictionary()


async def references(problem: Problem) -> tuple[Reference, ...]:
    """What the originals of a problem's damaged functions do, one for each whose calls can be made again.

    Worked out at the first verdict on a problem, once for all episodes of a group that end together, and remembered in this
    process.

    Raises:
        InfraError: no sandbox could run it.
    """
    found = _references.get(problem.record)
    if found is not None:
        return found
    here = _under_way.setdefault(asyncio.get_running_loop(), {})
    work = here.get(problem.record)
    if work is None:
        work = here[problem.record] = asyncio.create_task(_worked_out(problem))
        work.add_done_callback(lambda _: here.pop(problem.record, None))
    return await asyncio.shield(work)  # an episode that is given up does not take it from its siblings


async def _worked_out(problem: Problem) -> tuple[Reference, ...]:
    bugs = {(bug.path, bug.outer): bug for bug in problem.bugs}
    made = await asyncio.gather(*(_reference(problem, bug) for bug in bugs.values()))
    found = tuple(one for one in made if one is not None)
    if len(found) == len(bugs):  # where something is missing, a busy machine may be why
        _references[problem.record] = found
    while len(_references) > _REMEMBERED:
        _references.popitem(last=False)
    return found


async def _reference(problem: Problem, bug: Bug) -> Reference | None:
    failing = set(problem.fail_to_pass)
    tests = sorted(problem.covered, key=lambda test: test not in failing)[:_MOST_TESTS]
    found, told = await _calls_again(problem, bug, tests)
    if not told:
        found = replace(found, tests=tuple(tests), traces=await _followed(problem, bug, tests))
    return found if found.compared else None


async def _calls_again(problem: Problem, bug: Bug, tests: Sequence[str]) -> tuple[Reference, bool]:
    """A reference of calls that can be made again, and whether one of them tells the damage."""
    package = problem.package
    recorded = await _record_calls(problem, bug, tests)
    made = await _answers(package, package.shown, bug, recorded)
    calls = [call for call, answer in zip(recorded, made, strict=False) if len(answer) == 2]
    first, damaged = await asyncio.gather(
        *(_answers(package, tree, bug, calls) for tree in (package.shown, {**package.shown, **problem.damaged}))
    )
    await _later(package)
    second = await _answers(package, package.shown, bug, calls, apart=_APART)
    answers = tuple(one if one == other and len(one) == 2 else None for one, other in zip(first, second, strict=False))
    answers += (None,) * (len(calls) - len(answers))
    return Reference(bug, tuple(calls), answers), _wrong(answers, damaged) > 0


async def _followed(problem: Problem, bug: Bug, tests: Sequence[str]) -> tuple[str | None, ...]:
    """The `traces` of a reference."""
    tree = problem.package.shown
    first = await _traces(problem.package, tree, bug, tests)
    await _later(problem.package)
    second = await _traces(problem.package, tree, bug, tests, apart=_APART)
    return tuple(one if one and one == other else None for one, other in zip(first, second, strict=True))


async def _later(package: Package) -> None:
    """Wait until it is another second, where a package may read the clock past what `entering` shifts."""
    if any(b"datetime" in data for path, data in package.shown.items() if package.is_source(path)):
        await asyncio.sleep(_NEXT_SECOND)


def _wrong(expected: Sequence[object], found: Sequence[object]) -> int:
    """How many of those that are compared are not found as they are expected."""
    return sum(one is not None and one != other for one, other in zip_longest(expected, found[: len(expected)]))


async def _record_calls(problem: Problem, bug: Bug, tests: Sequence[str]) -> list[bytes]:
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
    data, found, at = run.result or b"", list[bytes](), 0
    while at + _SIZE.size <= len(data):
        (size,) = _SIZE.unpack_from(data, at)
        at += _SIZE.size + size
        if at > len(data):
            break
        found.append(data[at - size : at])
    return found


async def differs(problem: Problem, tree: Mapping[str, bytes]) -> tuple[int, int]:
    """How many calls the candidate answers otherwise than the original, and how many there were.

    Where some do, all are made once more, by the original too, and the second time counts, where the original does what it
    did before: what hangs on the load of a machine, or on how long ago a call was recorded, must not cost a right repair its
    reward.

    Args:
        problem: the problem.
        tree: the candidate's sources.

    Raises:
        InfraError: no sandbox could run it.
    """
    known = await references(problem)
    wrong = await asyncio.gather(*(_differs(problem.package, tree, reference) for reference in known))
    return sum(wrong), sum(reference.compared for reference in known)


async def _differs(package: Package, tree: Mapping[str, bytes], reference: Reference) -> int:
    if await _wrong_in(package, tree, reference):
        still = await _as_before(package, reference)
        return await _wrong_in(package, tree, still)
    return 0


async def _wrong_in(package: Package, tree: Mapping[str, bytes], reference: Reference) -> int:
    answers = await _answers(package, tree, reference.bug, reference.calls, patience=_PATIENCE)
    traces = await _traces(package, tree, reference.bug, reference.tests, patience=_PATIENCE)
    return _wrong(reference.answers, answers) + _wrong(reference.traces, traces)


async def _as_before(package: Package, reference: Reference) -> Reference:
    """The reference without what the original does otherwise today.

    Raises:
        InfraError: it did not answer all that it answered before. Then nothing is known, and nothing is paid.
    """
    answers = await _answers(package, package.shown, reference.bug, reference.calls, patience=_PATIENCE)
    traces = await _traces(package, package.shown, reference.bug, reference.tests, patience=_PATIENCE)
    if _missing(reference.answers, answers) or _missing(reference.traces, traces):
        raise InfraError("the original function could not be asked again beside the repaired one")
    return replace(reference, answers=_kept(reference.answers, answers), traces=_kept(reference.traces, traces))


def _missing(expected: Sequence[object], found: Sequence[object]) -> bool:
    """Whether there is nothing at all where something is expected."""
    return any(one is not None and not other for one, other in zip_longest(expected, found[: len(expected)]))


def _kept(expected: Sequence[_A | None], found: Sequence[_A]) -> tuple[_A | None, ...]:
    """What is expected, None where something else is found."""
    return tuple(one if one == other else None for one, other in zip_longest(expected, found[: len(expected)]))


async def _answers(
    package: Package,
    tree: Mapping[str, bytes],
    bug: Bug,
    calls: Sequence[bytes],
    *,
    patience: float = 1.0,
    apart: int = 0,
) -> Answers:
    """What came of calls, in order; fewer than there are where the process ended early."""
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
        **_seen(bug),
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


async def _traces(
    package: Package,
    tree: Mapping[str, bytes],
    bug: Bug,
    tests: Sequence[str],
    *,
    patience: float = 1.0,
    apart: int = 0,
) -> tuple[str, ...]:
    """What the function gave in each test; an empty text where nothing was seen of it."""
    if not tests:
        return ()
    order: dict[str, Any] = {
        "root": _ROOT,
        "path": bug.path,
        "name": bug.name,
        "qualname": bug.outer,
        "tests": list(tests),
        "apart": apart,
        "most": _MOST_ITEMS,
        "seconds": patience * _SECONDS,
        "search_path": list(package.search_path),
        "arguments": pytest_arguments(package, tests, package.shown),
        **_seen(bug),
    }
    files = {path: data for path, data in tree.items() if not package.is_test(path)}
    files |= {path: data for path, data in package.shown.items() if package.is_test(path)}
    for path in {SuiteTest.parse(test).path for test in tests}:
        files[path] = without_expectations(files[path], bug.name in _COMPARISONS) or files[path]
    limits = _limits(patience * 2 * _SECONDS)
    call = Call(source=program("tracing", order), files=_files(package, files), limits=limits, result=True)
    run = await run_call(call)
    _demand_set_up(run)
    found = [""] * len(tests)
    for line in (run.result or b"").splitlines():
        words = _json(line)
        if isinstance(words, list) and len(words) == 2 and type(words[0]) is int and isinstance(words[1], str):
            number, trace = words
            if 0 <= number < len(tests):
                found[number] += trace
    return tuple(found)


def _seen(bug: Bug) -> dict[str, Any]:
    """How much of a value its structure tells."""
    # Who writes a function anew gives what it keeps to itself names of its own, and its complaints other words.
    return {"nodes": _MOST_NODES, "deep": _DEEPEST, "hidden": not bug.whole, "messages": not bug.whole}


def _limits(cpu_s: float) -> Limits:
    return LIMITS.model_copy(update={"wall_s": 3 * cpu_s, "cpu_s": cpu_s})


def _demand_set_up(run: RunResult) -> None:
    if run.status == "setup_error":
        raise InfraError(f"the functions could not be compared: {run.detail}")


def _answer(line: bytes) -> tuple[str, ...]:
    """A line of `replaying`; one word, which answers nothing, for any other."""
    words = _json(line)
    if not isinstance(words, list) or len(words) != 2 or not all(isinstance(word, str) for word in words):
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
