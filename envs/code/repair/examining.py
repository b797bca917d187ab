"""The test run of a verdict: a pinned suite in a fresh sandbox, and the strict reading of what is reported from there."""

import json
import posixpath
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from textgym.core import GraderError, Random
from textgym.envs.code.repair.box import LIMITS, program, run_call
from textgym.envs.code.repair.canaries import NUMBER, place_canaries
from textgym.envs.code.repair.problems import Package
from textgym.envs.code.repair.suites import SuiteTest, uses_conftest
from textgym.envs.code.repair.test_names import FreshNames, renamable, rename
from textgym.sandbox import Call, RunResult

_MOST_CPU_S = 60.0
_PHASES = ("setup", "call", "teardown")
_MODULE = re.compile(r"(test_.*|.*_test)\.py")


@dataclass(frozen=True)
class Examination:
    """A suite that is ready to be run against a candidate.

    Attributes:
        root: name of the folder that all of it is in; drawn anew each time, as the names of tests and their files are,
            where nothing refers to them.
        files: the candidate's tree with the pinned tests, by path below the root.
        tests: what is run, by the ids of this run, in no order that tells anything.
        meant: the suite's own id for each of them; None for a canary.
    """

    root: str
    files: Mapping[str, bytes]
    tests: tuple[str, ...]
    meant: tuple[str | None, ...]


@dataclass(frozen=True)
class Findings:
    """What a run of an examination found.

    Attributes:
        passed: the suite's own ids of the tests that passed in all their phases, each reported exactly once.
        canaries_failed: whether every canary failed, as it must.
        problem: why there is no full report, in words; empty if there is one.
        cpu_s: CPU seconds.
    """

    passed: frozenset[str]
    canaries_failed: bool
    problem: str
    cpu_s: float


def prepare(
    package: Package,
    tree: Mapping[str, bytes],
    tests: Sequence[str],
    unbroken: Sequence[str],
    rng: Random,
    *,
    canaries: int = NUMBER,
) -> Examination:
    """Put the package's own tests, and canaries among them, beside a candidate's sources.

    Args:
        package: whose tests are taken, whatever a policy made of its copies.
        tree: the candidate's sources on the damaged tree; test files in it are replaced.
        tests: ids of the tests that decide.
        unbroken: those of them that pass on the damaged tree: what canaries are made of. The contrary of a test that fails
            would pass.
        rng: picks what canaries are made of.
        canaries: how many, at the most.
    """
    files = {path: data for path, data in tree.items() if not package.is_test(path)}
    pinned = {path: data for path, data in package.shown.items() if package.is_test(path)}
    names = FreshNames(package.test_ids)
    functions = {name: names.function() for name in _renamable(package)}
    copied = [test for test in unbroken if not {test, SuiteTest.parse(test).path} & set(package.not_copied)]
    near = {SuiteTest.parse(test).path for test in set(tests).difference(unbroken)}
    placed = place_canaries(pinned, copied, rng, names, number=canaries, near=near)
    pinned |= placed.files
    as_bytes = {old.encode(): new.encode() for old, new in functions.items()}
    modules = {path: _module_name(path, pinned, names) for path in pinned}
    files |= {modules[path]: rename(data, as_bytes) for path, data in pinned.items()}
    run: list[tuple[str, str | None]] = [(_renamed(test, modules, functions), test) for test in tests]
    run += [(_renamed(test, modules, {}), None) for test in placed.tests]
    secrets.SystemRandom().shuffle(run)
    return Examination(
        f"{names.word()}_{secrets.token_hex(3)}", files, tuple(test for test, _ in run), tuple(test for _, test in run)
    )


@lru_cache(64)
def _renamable(package: Package) -> list[str]:
    return renamable({path: data for path, data in package.shown.items() if package.is_test(path)}, package.test_ids)


def _module_name(path: str, pinned: Mapping[str, bytes], names: FreshNames) -> str:
    """Another name for a test module, where no file of the suite mentions its own."""
    folder, name = posixpath.split(path)
    stem = name.removesuffix(".py").encode()
    if not _MODULE.fullmatch(name) or any(stem in data for data in pinned.values()):
        return path
    return posixpath.join(folder, names.module())


def _renamed(test: str, modules: Mapping[str, str], functions: Mapping[str, str]) -> str:
    """A test's id after its module and its function were renamed."""
    name = SuiteTest.parse(test)
    function = functions.get(name.function, name.function)
    return "::".join([modules.get(name.path, name.path), *name.scope, function]) + name.parameters


def pytest_arguments(package: Package, tests: Sequence[str], files: Mapping[str, bytes]) -> list[str]:
    """Pytest's command line: no configuration but what the bank says that the suite needs, no state, no output."""
    arguments = ["-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", "."]
    arguments += ["-W", "ignore", *package.pytest_args]
    if not uses_conftest(files):
        arguments.append("--noconftest")
    return [*arguments, *dict.fromkeys(SuiteTest.parse(test).path for test in tests)]


async def examine(package: Package, examination: Examination) -> Findings:
    """Run an examination once, in a sandbox that saw nothing of the policy before.

    Raises:
        InfraError: no sandbox could run it.
        GraderError: the run could not be begun.
    """
    nonce = secrets.token_hex(16)
    order: dict[str, Any] = {
        "root": examination.root,
        "nonce": nonce,
        "tests": list(examination.tests),
        "search_path": list(package.search_path),
        "arguments": pytest_arguments(package, examination.tests, examination.files),
    }
    files = {f"{examination.root}/{path}": data for path, data in examination.files.items()}
    files |= {f"extras/{path}": data for path, data in package.extras.items()}
    # Four times what the tests take, and some more: who waits for a test that hangs learns nothing.
    cpu_s = min(_MOST_CPU_S, 10 + 4 * package.cpu_s)
    limits = LIMITS.model_copy(update={"wall_s": 2 * cpu_s, "cpu_s": cpu_s})
    run = await run_call(Call(source=program("grading", order), files=files, limits=limits, result=True))
    if run.status == "setup_error":
        raise GraderError(f"the tests could not be set up: {run.detail}")
    return read_findings(run, nonce, examination)


def read_findings(run: RunResult, nonce: str, examination: Examination) -> Findings:
    """What a run's report says. Nothing in it is believed beyond its form, and any fault in that is a failed run."""
    nothing = frozenset[str]()
    if run.status != "exit":
        return Findings(nothing, False, f"the tests ended early ({run.status})", run.cpu_s)
    outcomes: list[list[tuple[str, str]]] = [[] for _ in examination.tests]
    lines = (run.result or b"").splitlines()
    for number, line in enumerate(lines):
        record = _record(line)
        if record is None or record[:2] != [nonce, number] or len(record) != 5:
            return Findings(nothing, False, "the report of the tests is not as it is written", run.cpu_s)
        test, phase, outcome = record[2:]
        if number == len(lines) - 1:
            if test != "end" or phase not in (0, 1) or outcome != number:
                return Findings(nothing, False, "the tests were not run to their end", run.cpu_s)
        elif type(test) is not int or not 0 <= test < len(outcomes):
            return Findings(nothing, False, "a test was reported that was not asked for", run.cpu_s)
        else:
            outcomes[test].append((str(phase), str(outcome)))
    if not lines:
        return Findings(nothing, False, "the tests ended without a report", run.cpu_s)
    good = [(phase, "passed") for phase in _PHASES]
    passed = frozenset(
        meant for meant, seen in zip(examination.meant, outcomes, strict=True) if meant is not None and seen == good
    )
    canaries = [seen for meant, seen in zip(examination.meant, outcomes, strict=True) if meant is None]
    failed = [("setup", "passed"), ("call", "failed"), ("teardown", "passed")]
    return Findings(passed, all(seen == failed for seen in canaries), "", run.cpu_s)


def _record(line: bytes) -> list[Any] | None:
    if len(line) > 1000:
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, list) else None
