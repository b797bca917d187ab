"""Confirmation: each candidate on disk, in processes that never saw the package; some of them three times."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textgym.core.randomness import Random, derive_key
from textgym.envs.code.bank.baseline import RUNS, Baseline
from textgym.envs.code.bank.catalogue import PackageSpec
from textgym.envs.code.bank.errors import BankError
from textgym.envs.code.bank.laboratory import Laboratory
from textgym.envs.code.bank.mining import Candidate, splices

REPEATED_SHARE = 0.1
"""The share of candidates that are run with the other seeds and orders as well."""

_SHARING = "default_arg"
"""Mutations of this operator may make calls share an object: which tests fail may then depend on their order, and so they
are all run again."""

_CPU_S = 30.0
_TIMES_BASELINE = 8


@dataclass(frozen=True)
class Verdict:
    """What a candidate does to the tests that enter its function.

    Attributes:
        failing: numbers of the failing tests; None where they could not all be run, or differ from run to run.
        repeated: whether it was run more than once.
        why: what went wrong; empty if nothing did.
        cpu_s: CPU seconds of a run.
    """

    failing: tuple[int, ...] | None
    repeated: bool
    why: str
    cpu_s: float


def confirm(
    laboratory: Laboratory,
    spec: PackageSpec,
    baseline: Baseline,
    batch: Sequence[Candidate],
    *,
    repeat_all: bool = False,
) -> list[Verdict]:
    """Run the tests on each candidate, as it would be served.

    Raises:
        BankError: a run did not come to its end, or the untouched package does not pass.
    """
    first = _run(laboratory, spec, baseline, batch, RUNS[0])
    again = [number for number, each in enumerate(batch) if repeat_all or _drawn(spec, each)]
    others = [_run(laboratory, spec, baseline, [batch[number] for number in again], run) for run in RUNS[1:]]
    repeated = {number: [other[place] for other in others] for place, number in enumerate(again)}
    verdicts = []
    for number, (how, failing, cpu_s) in enumerate(first):
        seen = [(how, failing), *((each[0], each[1]) for each in repeated.get(number, ()))]
        why = ""
        if any(how != "exit" for how, _ in seen):
            why = next(how for how, _ in seen if how != "exit")
        elif any(failing != seen[0][1] for _, failing in seen):
            why = "unstable"
        verdicts.append(Verdict(None if why else failing, number in repeated, why, cpu_s))
    return verdicts


def _drawn(spec: PackageSpec, candidate: Candidate) -> bool:
    if any(mutant.operator == _SHARING for mutant in candidate.mutants):
        return True
    names = [f"{mutant.operator}:{mutant.site}" for mutant in candidate.mutants]
    rng = Random(derive_key("repeat", spec.sha256, candidate.target.name, *names))
    return rng.random() < REPEATED_SHARE


def _run(
    laboratory: Laboratory,
    spec: PackageSpec,
    baseline: Baseline,
    batch: Sequence[Candidate],
    seeds: tuple[int, int],
) -> list[tuple[str, tuple[int, ...], float]]:
    if not batch:
        return []
    per_test = baseline.cpu_s / len(baseline.test_ids)
    jobs: list[dict[str, Any]] = []
    for candidate in (None, *batch):
        tests = list(range(len(baseline.test_ids)) if candidate is None else candidate.target.tests)
        used = sorted({baseline.test_ids[number].partition("::")[0] for number in tests})
        jobs.append(
            {
                "id": len(jobs) - 1,
                "changes": {} if candidate is None else {candidate.target.path: splices(candidate.mutants)},
                "files": used,
                "tests": tests,
                "cpu_s": _CPU_S if candidate is None else max(5.0, _TIMES_BASELINE * per_test * len(tests)),
                "warm": candidate is None,
            }
        )
    wanted = {"mode": "cold", "jobs": jobs, "ids": list(baseline.test_ids), "seed": seeds[1]}
    wall_s = min(3600.0, 60 + sum(10 * job["cpu_s"] + 20 for job in jobs))
    said = laboratory.run(spec, wanted, hash_seed=seeds[0], wall_s=wall_s)
    results = {value[1]: (value[2], tuple(value[3]), float(value[4])) for value in said if value[0] == "job"}
    untouched = results.pop(-1, ("lost", (), 0.0))
    if untouched[:2] != ("exit", ()):
        names = [baseline.test_ids[number] for number in untouched[1][:3]]
        raise BankError(f"{spec.label}: the untouched package does not pass ({untouched[0]}): {', '.join(names)}")
    return [results.get(number, ("lost", (), 0.0)) for number in range(len(batch))]
