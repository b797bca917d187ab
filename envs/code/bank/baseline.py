"""The baseline: which tests of a package pass reliably, and which functions each of them enters."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from textgym.envs.code.bank.catalogue import PackageSpec
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.bank.laboratory import Laboratory
from textgym.envs.code.bank.trees import is_source

RUNS = ((0, 0), (1, 1), (2, 2))
"""Hash seed and seed of the order of each run; order 0 is that of the files."""

MOST_CPU_S = 20.0
"""A suite that takes longer than this is of no use to an agent, in CPU seconds."""

LEAST_STABLE = 0.95
"""The share of a suite's passing tests that must pass in every run."""

_HANGS_AFTER_S = 120.0


@dataclass(frozen=True)
class Baseline:
    """What a package's suite does when nothing is wrong.

    Attributes:
        test_ids: the tests that passed in every run, in the order of the suite.
        cpu_s: CPU seconds of the whole suite.
        enters: for each function, as `path:label`, the numbers of the tests that enter it.
        imported: the functions that run outside any test, when modules are imported.
        dropped: how many tests passed once, but not always.
    """

    test_ids: tuple[str, ...]
    cpu_s: float
    enters: dict[str, tuple[int, ...]] = field(repr=False)
    imported: frozenset[str] = field(repr=False)
    dropped: int


def measure(laboratory: Laboratory, spec: PackageSpec) -> Baseline:
    """Run the suite three times with other hash seeds and orders, and once with a trace.

    Raises:
        BankError: it hangs, takes too long, cannot be collected, or is not stable.
    """
    runs = [_run(laboratory, spec, hash_seed, order) for hash_seed, order in RUNS]
    passed_once = {name for run in runs for name, word in run.words.items() if word == "passed"}
    stable = [name for name in runs[0].words if all(run.words.get(name) == "passed" for run in runs)]
    if not stable:
        raise BankError(f"{spec.label}: no test passes in every run. {runs[0].broken}".strip())
    if len(stable) < LEAST_STABLE * len(passed_once):
        unstable = sorted(passed_once.difference(stable))
        raise BankError(f"{spec.label}: {len(unstable)} of {len(passed_once)} tests are not stable, as {unstable[0]}")
    if runs[0].broken:
        raise BankError(f"{spec.label}: a test file cannot be collected: {runs[0].broken}")
    if runs[0].cpu_s > MOST_CPU_S:
        raise BankError(f"{spec.label}: the suite takes {runs[0].cpu_s:.0f} CPU seconds, more than {MOST_CPU_S:.0f}")
    traced = _run(laboratory, spec, 0, 0, trace=True)
    number = {name: position for position, name in enumerate(stable)}
    enters: dict[str, list[int]] = {}
    for name, functions in traced.traces.items():
        if name in number:
            for function in functions:
                enters.setdefault(function, []).append(number[name])
    return Baseline(
        tuple(stable),
        runs[0].cpu_s,
        {function: tuple(sorted(set(tests))) for function, tests in sorted(enters.items())},
        frozenset(traced.collected),
        len(passed_once) - len(stable),
    )


@dataclass
class _Run:
    words: dict[str, str]
    traces: dict[str, list[str]]
    collected: list[str]
    cpu_s: float
    broken: str


def _run(laboratory: Laboratory, spec: PackageSpec, hash_seed: int, order: int, *, trace: bool = False) -> _Run:
    limit = _HANGS_AFTER_S * (4 if trace else 1)
    wanted = {"mode": "run", "wanted": None, "seed": order, "trace": trace, "cpu_s": limit}
    patience = 10 * limit + 80  # longer than the driver's own
    said = laboratory.run(spec, wanted, hash_seed=hash_seed, wall_s=patience)
    words: Counter[str] = Counter(value[1] for value in said if value[0] == "end")
    twice = {name for name, count in words.items() if count > 1}
    run = _Run(
        {value[1]: value[2] for value in said if value[0] == "end" and value[1] not in twice},
        {value[1]: value[2] for value in said if value[0] == "trace"},
        next((value[1] for value in said if value[0] == "collected"), []),
        next((value[2] for value in said if value[0] == "over"), math.inf),
        next((f"{value[1]}: {value[2]}" for value in said if value[0] == "broken"), ""),
    )
    _, how, running = next(value for value in said if value[0] == "ended")
    if how == "cpu":
        raise BankError(f"{spec.label}: the suite hangs or takes more than {limit:.0f} CPU seconds, in {running}")
    if how == "crash" or math.isinf(run.cpu_s):
        raise BankError(f"{spec.label}: the test process ended early, in {running or 'collection'}")
    return run


def covered(spec: PackageSpec, baseline: Baseline) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """The package's functions that tests enter and that do not run at import: path, label, and the tests."""
    for function, tests in baseline.enters.items():
        path, _, label = function.rpartition(":")
        if function not in baseline.imported and is_source(spec, path):
            yield path, label, tests
